package labprint

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
)

// A seal proves that this installation printed a report, and that the paper tells of that report: tenant, facility and
// report by their ids, 8 bytes of an HMAC over them, and 16 of one over them and the digest of the report's content. By
// the first a token that somebody made up is known before anything is read for it.
const (
	sealIDs   = 3 * 16
	sealMade  = sealIDs + 8
	sealWhole = sealMade + 16
)

var sealText = base64.RawURLEncoding.Strict()

func (m *Module) sealOf(r labprintdb.LabprintReport) string {
	ids := slicesOf(r.TenantID, r.FacilityID, r.ID)
	return sealText.EncodeToString(slices.Concat(ids, m.sign("made", ids, nil)[:sealMade-sealIDs], m.sign("content", ids, r.ContentDigest)[:sealWhole-sealMade]))
}

func slicesOf(ids ...uuid.UUID) []byte {
	var all []byte
	for _, u := range ids {
		all = append(all, u[:]...)
	}
	return all
}

// sign for one of two purposes, so that neither's bytes can stand for the other's.
func (m *Module) sign(purpose string, ids, digest []byte) []byte {
	mac := hmac.New(sha256.New, m.sealKey)
	mac.Write(slices.Concat([]byte(purpose), []byte{0}, ids, digest))
	return mac.Sum(nil)
}

// CheckInput is what a QR code says.
type CheckInput struct {
	Token string `path:"token" minLength:"1" maxLength:"200" doc:"What follows /check/ in the address of the QR code"`
}

// Checked tells whether a paper is genuine. Of one that is not, it tells nothing.
type Checked struct {
	Genuine     bool       `json:"genuine" doc:"This installation issued it, and it stands there as it was issued"`
	Number      *string    `json:"number"`
	Version     *int       `json:"version"`
	Facility    *string    `json:"facility" doc:"The name at the head of its reports"`
	IssuedAt    *time.Time `json:"issued_at"`
	TimeZone    *string    `json:"time_zone" doc:"Of the facility, in which the paper tells its times" example:"Asia/Kolkata"`
	IsCurrent   *bool      `json:"is_current" doc:"No newer version has replaced it"`
	IsCorrected *bool      `json:"is_corrected"`
}

// Check asks whether a printed report is genuine. Whoever made a token up is told what a damaged one is told, and costs no
// more than an HMAC: guesses need no throttle, nor does who holds a paper.
func (m *Module) Check(ctx context.Context, _ db.DBTX, in CheckInput) (Checked, error) {
	token, err := sealText.DecodeString(in.Token)
	if err != nil || len(token) != sealWhole || !hmac.Equal(token[sealIDs:sealMade], m.sign("made", token[:sealIDs], nil)[:sealMade-sealIDs]) {
		return Checked{}, nil
	}
	scope := db.Scope{TenantID: uuid.UUID(token[:16]), FacilityID: uuid.UUID(token[16:32])}
	// The reader has no scope of their own: the token's, which is ours, holds for this one row, whose content its seal then must fit.
	ctx = db.WithScope(ctx, scope)
	q := m.deps.Pool.Read(ctx)
	rows, err := labprintdb.New(q).Reports(ctx, labprintdb.ReportsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: []uuid.UUID{uuid.UUID(token[32:48])}})
	if err != nil || len(rows) == 0 {
		return Checked{}, err
	}
	report := rows[0].LabprintReport
	if !hmac.Equal(token[sealMade:], m.sign("content", token[:sealIDs], report.ContentDigest)[:sealWhole-sealMade]) {
		return Checked{}, nil
	}
	layout, err := m.layoutOf(ctx, q, scope)
	if err != nil {
		return Checked{}, err
	}
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return Checked{}, err
	}
	version, current, zone := int(report.Version), report.Version == rows[0].Newest, settings.Zone.String()
	return Checked{
		Genuine: true, Number: &report.Number, Version: &version, Facility: &layout.Name, IssuedAt: &report.IssuedAt, TimeZone: &zone, IsCurrent: &current, IsCorrected: &report.IsCorrected,
	}, nil
}
