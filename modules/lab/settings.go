package lab

import (
	"context"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// What autoverification may be.
const (
	autoverificationOff       = "OFF"
	autoverificationOn        = "ON"
	autoverificationSuspended = "SUSPENDED"
)

var errStale = errs.Stale("request.stale", "Somebody changed this since you read it.")

// Settings say how a facility's laboratory works.
type Settings struct {
	httpx.Version    `json:"-"`
	FourEyes         bool       `json:"four_eyes" doc:"Somebody else verifies than the one who entered"`
	Autoverification string     `json:"autoverification" enum:"OFF,ON,SUSPENDED" doc:"Whether rules may verify results that they let pass"`
	SuspendedReason  *string    `json:"suspended_reason"`
	UpdatedAt        *time.Time `json:"updated_at" doc:"Null while nobody has changed them"`
}

// SaveSettingsInput replaces the settings.
type SaveSettingsInput struct {
	httpx.IfMatch
	Body struct {
		FourEyes         bool   `json:"four_eyes"`
		Autoverification string `json:"autoverification" enum:"OFF,ON,SUSPENDED"`
		SuspendedReason  string `json:"suspended_reason,omitempty" maxLength:"1000" doc:"Needed with SUSPENDED"`
	}
}

// SuspendInput stops autoverification.
type SuspendInput struct {
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" pattern:"\\S" patternDescription:"a reason in words"`
	}
}

// Settings gives the facility's.
func (m *Module) Settings(ctx context.Context, q db.DBTX, _ struct{}) (Settings, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := getSettings(ctx, q, scope)
	return settingsOf(row), err
}

// getSettings gives those of a facility that never said otherwise under version 0.
func getSettings(ctx context.Context, q db.DBTX, scope db.Scope) (labdb.LabSetting, error) {
	row, err := labdb.New(q).GetSettings(ctx, labdb.GetSettingsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID})
	if db.IsNoRows(err) {
		return labdb.LabSetting{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Autoverification: autoverificationOff}, nil
	}
	return row, err
}

func settingsOf(row labdb.LabSetting) Settings {
	s := Settings{Version: httpx.Version(row.Version), FourEyes: row.FourEyes, Autoverification: row.Autoverification, SuspendedReason: row.SuspendedReason}
	if row.Version > 0 {
		s.UpdatedAt = &row.UpdatedAt
	}
	return s
}

// SaveSettings replaces the facility's.
func (m *Module) SaveSettings(ctx context.Context, tx db.Tx, in SaveSettingsInput) (Settings, error) {
	reason := words(in.Body.SuspendedReason)
	if suspended := in.Body.Autoverification == autoverificationSuspended; suspended && reason == nil {
		return Settings{}, errInvalid.At("body.suspended_reason", "Say why autoverification is suspended.")
	} else if !suspended {
		reason = nil
	}
	before, err := getSettings(ctx, tx, tx.Scope())
	if err != nil {
		return Settings{}, err
	}
	if err := in.Check(httpx.Version(before.Version)); err != nil {
		return Settings{}, err
	}
	after := before
	after.FourEyes, after.Autoverification, after.SuspendedReason = in.Body.FourEyes, in.Body.Autoverification, reason
	return m.changeSettings(ctx, tx, before, after)
}

// SuspendAutoverification stops it at once, for whoever finds a fault in what it let pass.
func (m *Module) SuspendAutoverification(ctx context.Context, tx db.Tx, in SuspendInput) (Settings, error) {
	reason := strings.TrimSpace(in.Body.Reason)
	if reason == "" {
		return Settings{}, errNoWords("body.reason")
	}
	return m.switchAutoverification(ctx, tx, autoverificationOn, autoverificationSuspended, &reason)
}

// ResumeAutoverification lets it go on.
func (m *Module) ResumeAutoverification(ctx context.Context, tx db.Tx, _ struct{}) (Settings, error) {
	return m.switchAutoverification(ctx, tx, autoverificationSuspended, autoverificationOn, nil)
}

func (m *Module) switchAutoverification(ctx context.Context, tx db.Tx, from, to string, reason *string) (Settings, error) {
	before, err := getSettings(ctx, tx, tx.Scope())
	if err != nil {
		return Settings{}, err
	}
	if before.Autoverification != from {
		return Settings{}, errIllegalTransition.With("autoverification", before.Autoverification)
	}
	after := before
	after.Autoverification, after.SuspendedReason = to, reason
	return m.changeSettings(ctx, tx, before, after)
}

func (m *Module) changeSettings(ctx context.Context, tx db.Tx, before, after labdb.LabSetting) (Settings, error) {
	var changed []string
	if before.FourEyes != after.FourEyes {
		changed = append(changed, "four_eyes")
	}
	if before.Autoverification != after.Autoverification {
		changed = append(changed, "autoverification")
	}
	if valueOf(before.SuspendedReason) != valueOf(after.SuspendedReason) {
		changed = append(changed, "suspended_reason")
	}
	if len(changed) == 0 {
		return settingsOf(before), nil
	}
	row, err := labdb.New(tx).SaveSettings(ctx, labdb.SaveSettingsParams{
		TenantID: before.TenantID, FacilityID: before.FacilityID, FourEyes: after.FourEyes, Autoverification: after.Autoverification,
		SuspendedReason: after.SuspendedReason, Now: tx.Now(), UpdatedByID: id.Ptr(tx.Scope().UserID), Version: before.Version,
	})
	if db.IsNoRows(err) {
		err = errStale
	}
	if err != nil {
		return Settings{}, err
	}
	return settingsOf(row), m.deps.Bus.Publish(ctx, tx, labapi.SettingsChanged{FacilityID: tx.Scope().FacilityID, Fields: changed})
}
