package labprint

import (
	"bytes"
	"context"
	"image/png"
	"reflect"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
	"hmsoftware.com/hm/modules/labprint/labprintapi"
)

// defaultAccent is the blue of HM.
const defaultAccent = "#1a4f8b"

// maxLogoSide in pixels: more than any printer shows of a logo, and a bound on what decoding it may cost.
const maxLogoSide = 2000

var errLayout = errs.Invalid("labprint.invalid_layout", "The layout has faults; see errors.")

// Layout is how the reports of a facility look.
type Layout struct {
	httpx.Version `json:"-"`
	Name          string     `json:"name" doc:"At the head of each page; the facility's own until somebody writes another"`
	Address       []string   `json:"address" nullable:"false"`
	Phone         *string    `json:"phone"`
	Accreditation *string    `json:"accreditation" example:"NABL MC-1234"`
	Header        *string    `json:"header" doc:"A line under the address"`
	Footer        *string    `json:"footer" doc:"At the foot of each page"`
	Accent        string     `json:"accent" example:"#1a4f8b"`
	Logo          []byte     `json:"logo" nullable:"true" doc:"A PNG, in base64"`
	UpdatedAt     *time.Time `json:"updated_at" doc:"Null until somebody wrote one"`
}

func presentLayout(row labprintdb.LabprintLayout) Layout {
	return Layout{
		Version: httpx.Version(row.Version), Name: row.Name, Address: row.Address, Phone: row.Phone, Accreditation: row.Accreditation, Header: row.Header, Footer: row.Footer,
		Accent: row.Accent, Logo: row.Logo, UpdatedAt: &row.UpdatedAt,
	}
}

// layoutOf a facility: its own, or its name alone.
func (m *Module) layoutOf(ctx context.Context, q db.DBTX, scope db.Scope) (Layout, error) {
	row, err := labprintdb.New(q).GetLayout(ctx, labprintdb.GetLayoutParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID})
	if !db.IsNoRows(err) {
		return presentLayout(row), err
	}
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	return Layout{Name: settings.Name, Address: []string{}, Accent: defaultAccent}, err
}

// GetLayout gives the layout of the facility's reports.
func (m *Module) GetLayout(ctx context.Context, q db.DBTX, _ struct{}) (Layout, error) {
	scope, _ := db.ScopeOf(ctx)
	return m.layoutOf(ctx, q, scope)
}

// PutLayoutInput replaces the layout.
type PutLayoutInput struct {
	httpx.IfMatch
	Body struct {
		Name          string   `json:"name" minLength:"1" maxLength:"200"`
		Address       []string `json:"address,omitempty" maxItems:"4" doc:"Lines of at most 120 characters"`
		Phone         string   `json:"phone,omitempty" maxLength:"100"`
		Accreditation string   `json:"accreditation,omitempty" maxLength:"200"`
		Header        string   `json:"header,omitempty" maxLength:"300"`
		Footer        string   `json:"footer,omitempty" maxLength:"600"`
		Accent        string   `json:"accent,omitempty" pattern:"^#[0-9a-fA-F]{6}$" patternDescription:"a colour such as #1a4f8b"`
		Logo          []byte   `json:"logo,omitempty" doc:"A PNG of at most 200 KB, in base64"`
	}
}

// PutLayout changes how the facility's reports look, those printed again included: a report is its results, not its paper.
func (m *Module) PutLayout(ctx context.Context, tx db.Tx, in PutLayoutInput) (Layout, error) {
	body, scope, queries := in.Body, tx.Scope(), labprintdb.New(tx)
	before, err := queries.LockLayout(ctx, labprintdb.LockLayoutParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID})
	if err != nil && !db.IsNoRows(err) {
		return Layout{}, err
	}
	if err := in.Check(httpx.Version(before.Version)); err != nil {
		return Layout{}, err
	}
	put := labprintdb.PutLayoutParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, Name: body.Name, Address: []string{}, Phone: text(body.Phone),
		Accreditation: text(body.Accreditation), Header: text(body.Header), Footer: text(body.Footer), Accent: strings.ToLower(body.Accent), Logo: body.Logo, Now: tx.Now(),
	}
	if put.Accent == "" {
		put.Accent = defaultAccent
	}
	faults := errLayout
	if strings.TrimSpace(put.Name) == "" {
		faults = faults.At("body.name", "Must not be empty.")
	}
	for _, line := range body.Address {
		if len([]rune(line)) > 120 {
			faults = faults.At("body.address", "A line has at most 120 characters.")
		} else if strings.TrimSpace(line) != "" {
			put.Address = append(put.Address, line)
		}
	}
	if fault := faultOfLogo(body.Logo); fault != "" {
		faults = faults.At("body.logo", fault)
	}
	if len(faults.Fields) > 0 {
		return Layout{}, faults
	}
	if len(put.Logo) == 0 {
		put.Logo = nil
	}
	row, err := queries.PutLayout(ctx, put)
	if err != nil {
		return Layout{}, err
	}
	return presentLayout(row), m.deps.Bus.Publish(ctx, tx, labprintapi.LayoutChanged{FacilityID: scope.FacilityID, Fields: changedFields(before, row)})
}

// text is kept as it was sent; nothing but spaces is none.
func text(s string) *string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return &s
}

func faultOfLogo(logo []byte) string {
	switch {
	case len(logo) == 0:
		return ""
	case len(logo) > 200<<10:
		return "Must be at most 200 KB."
	}
	config, err := png.DecodeConfig(bytes.NewReader(logo))
	if err != nil {
		return "Must be a PNG."
	}
	if config.Width > maxLogoSide || config.Height > maxLogoSide || config.Width < 1 || config.Height < 1 {
		return "Must be at most 2000 pixels wide and high."
	}
	if _, err := png.Decode(bytes.NewReader(logo)); err != nil {
		return "The PNG is damaged."
	}
	return ""
}

func changedFields(before, after labprintdb.LabprintLayout) []string {
	changed := []string{}
	for _, field := range []struct {
		name     string
		old, new any
	}{
		{"name", before.Name, after.Name}, {"address", before.Address, after.Address}, {"phone", before.Phone, after.Phone},
		{"accreditation", before.Accreditation, after.Accreditation}, {"header", before.Header, after.Header}, {"footer", before.Footer, after.Footer},
		{"accent", before.Accent, after.Accent}, {"logo", before.Logo, after.Logo},
	} {
		if !reflect.DeepEqual(field.old, field.new) {
			changed = append(changed, field.name)
		}
	}
	return changed
}
