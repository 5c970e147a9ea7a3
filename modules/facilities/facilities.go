package facilities

import (
	"context"
	"regexp"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/facilities/internal/facilitiesdb"
)

var (
	errNotFound  = errs.NotFound("facilities.not_found", "There is no such facility.")
	errCodeTaken = errs.Conflict("facilities.code_taken", "Another facility of this tenant has this code.")
	errInvalid   = errs.Invalid("facilities.invalid", "The facility has faults; see errors.")
)

// DefaultMRNPattern numbers patients by year: MAIN-26-000042.
const DefaultMRNPattern = "{facility}-{yy}-{number:6}"

// DefaultTimeZone is where most of HM's first hospitals stand.
const DefaultTimeZone = "Asia/Kolkata"

// Facility as the API shows it.
type Facility struct {
	httpx.Version           `json:"-"`
	ID                      uuid.UUID `json:"id" format:"uuid"`
	TenantID                uuid.UUID `json:"tenant_id" format:"uuid"`
	Code                    string    `json:"code"`
	Name                    string    `json:"name"`
	TimeZone                string    `json:"time_zone" doc:"IANA name" example:"Asia/Kolkata"`
	MRNPattern              string    `json:"mrn_pattern" example:"{facility}-{yy}-{number:6}"`
	SeveralActiveEncounters bool      `json:"several_active_encounters" doc:"A patient may have more than one encounter under way"`
	Packs                   []string  `json:"packs" nullable:"false" doc:"Enabled packs; the first is the default"`
	IsActive                bool      `json:"is_active"`
	CreatedAt               time.Time `json:"created_at"`
	UpdatedAt               time.Time `json:"updated_at"`
}

func present(row facilitiesdb.FacilitiesFacility) Facility {
	return Facility{
		Version: httpx.Version(row.Version), ID: row.ID, TenantID: row.TenantID, Code: row.Code, Name: row.Name, TimeZone: row.TimeZone,
		MRNPattern: row.MrnPattern, SeveralActiveEncounters: row.SeveralActiveEncounters, Packs: row.Packs, IsActive: row.IsActive,
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
}

// New facility's input.
type CreateInput struct {
	Body struct {
		Code                    string `json:"code" pattern:"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$" patternDescription:"letters, digits, - and _, at most 40" doc:"Short name, unique in the tenant; part of MRNs"`
		Name                    string `json:"name" minLength:"1" maxLength:"255"`
		TimeZone                string `json:"time_zone,omitempty" maxLength:"64" doc:"IANA name; Asia/Kolkata when absent"`
		MRNPattern              string `json:"mrn_pattern,omitempty" maxLength:"64"`
		SeveralActiveEncounters bool   `json:"several_active_encounters,omitempty"`
	}
}

// Create opens a facility. Who opens it becomes its administrator (iam listens).
func (m *Module) Create(ctx context.Context, tx db.Tx, in CreateInput) (Facility, error) {
	body := in.Body
	if body.TimeZone == "" {
		body.TimeZone = DefaultTimeZone
	}
	if body.MRNPattern == "" {
		body.MRNPattern = DefaultMRNPattern
	}
	if err := check(body.TimeZone, body.MRNPattern); err != nil {
		return Facility{}, err
	}
	row, err := facilitiesdb.New(tx).InsertFacility(ctx, facilitiesdb.InsertFacilityParams{
		TenantID: tx.Scope().TenantID, ID: id.For(ctx, tx.Now()), Code: body.Code, Name: body.Name, TimeZone: body.TimeZone, MrnPattern: body.MRNPattern,
		SeveralActiveEncounters: body.SeveralActiveEncounters, Packs: []string{"base"}, Now: tx.Now(),
	})
	if db.Violates(err, "facility_code_key") {
		return Facility{}, errCodeTaken
	}
	if err != nil {
		return Facility{}, err
	}
	return present(row), m.bus.Publish(ctx, tx, facilitiesapi.Created{FacilityID: row.ID})
}

var _ facilitiesapi.Opener = (*Module)(nil)

// Open makes a facility with the usual settings, for a tenant that is being founded.
func (m *Module) Open(ctx context.Context, tx db.Tx, code, name string) (uuid.UUID, error) {
	var in CreateInput
	in.Body.Code, in.Body.Name = code, name
	facility, err := m.Create(ctx, tx, in)
	return facility.ID, err
}

// mrnNumber is the part of a pattern that makes MRNs differ; without it the second patient could not be registered.
var mrnNumber = regexp.MustCompile(`\{number(:[1-9])?\}`)

// mrnRest is what may stand around it: the placeholders that patients knows, and characters that an MRN may have.
var mrnRest = regexp.MustCompile(`^(\{(facility|yy|yyyy|mm)\}|[A-Za-z0-9./_-])*$`)

func check(timeZone, mrnPattern string) error {
	if _, err := time.LoadLocation(timeZone); err != nil || timeZone == "Local" {
		return errInvalid.At("body.time_zone", "Not an IANA time zone such as Asia/Kolkata.")
	}
	if len(mrnNumber.FindAllString(mrnPattern, -1)) != 1 {
		return errInvalid.At("body.mrn_pattern", "Must contain {number} once, such as {facility}-{yy}-{number:6}.")
	}
	if !mrnRest.MatchString(mrnNumber.ReplaceAllString(mrnPattern, "")) {
		return errInvalid.At("body.mrn_pattern", "Beside {number} it may have {facility}, {yy}, {yyyy}, {mm}, letters, digits and . / _ -.")
	}
	return nil
}

// ListInput pages through facilities.
type ListInput struct{ httpx.PageParams }

// List gives the facilities of the tenant of which the caller is a member.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Facility], error) {
	var after struct{ Code string }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Facility]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	visible := auth.From(ctx).FacilitiesWith(scope.TenantID, CanRead)
	queries := facilitiesdb.New(q)
	rows, err := queries.ListFacilities(ctx, facilitiesdb.ListFacilitiesParams{
		TenantID: scope.TenantID, Visible: visible, AfterCode: after.Code, MaxRows: int32(in.Limit + 1),
	})
	if err != nil {
		return httpx.Page[Facility]{}, err
	}
	facilities := make([]Facility, len(rows))
	for i, row := range rows {
		facilities[i] = present(row)
	}
	page := httpx.NewPage(facilities, in.Limit, func(f Facility) any { return struct{ Code string }{f.Code} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountFacilities(ctx, facilitiesdb.CountFacilitiesParams{TenantID: scope.TenantID, Visible: visible}))
	}
	return page, err
}

// ByID names one facility.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one facility of which the caller is a member.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Facility, error) {
	scope, _ := db.ScopeOf(ctx)
	if !member(ctx, scope.TenantID, in.ID, CanRead) {
		return Facility{}, errNotFound
	}
	row, err := facilitiesdb.New(q).GetFacility(ctx, facilitiesdb.GetFacilityParams{TenantID: scope.TenantID, ID: in.ID})
	if db.IsNoRows(err) {
		return Facility{}, errNotFound
	}
	return present(row), err
}

// member tells whether the caller holds the permission in that facility, which need not be the one they act in.
func member(ctx context.Context, tenantID, facilityID uuid.UUID, permission string) bool {
	identity := auth.From(ctx)
	if identity == nil {
		return true
	}
	m := identity.Membership(tenantID, facilityID)
	return m != nil && m.Permissions[permission]
}

// UpdateInput changes settings; absent fields stay.
type UpdateInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		Name                    *string `json:"name,omitempty" minLength:"1" maxLength:"255"`
		TimeZone                *string `json:"time_zone,omitempty" maxLength:"64"`
		MRNPattern              *string `json:"mrn_pattern,omitempty" maxLength:"64"`
		SeveralActiveEncounters *bool   `json:"several_active_encounters,omitempty"`
		IsActive                *bool   `json:"is_active,omitempty"`
	}
}

// Update changes a facility's settings.
func (m *Module) Update(ctx context.Context, tx db.Tx, in UpdateInput) (Facility, error) {
	tenantID := tx.Scope().TenantID
	if !member(ctx, tenantID, in.ID, CanUpdate) {
		return Facility{}, errNotFound
	}
	queries := facilitiesdb.New(tx)
	row, err := queries.LockFacility(ctx, facilitiesdb.LockFacilityParams{TenantID: tenantID, ID: in.ID})
	if db.IsNoRows(err) {
		return Facility{}, errNotFound
	}
	if err != nil {
		return Facility{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Facility{}, err
	}
	set(&row.Name, in.Body.Name)
	set(&row.TimeZone, in.Body.TimeZone)
	set(&row.MrnPattern, in.Body.MRNPattern)
	set(&row.SeveralActiveEncounters, in.Body.SeveralActiveEncounters)
	set(&row.IsActive, in.Body.IsActive)
	if err := check(row.TimeZone, row.MrnPattern); err != nil {
		return Facility{}, err
	}
	row, err = queries.UpdateFacility(ctx, facilitiesdb.UpdateFacilityParams{
		Name: row.Name, TimeZone: row.TimeZone, MrnPattern: row.MrnPattern, SeveralActiveEncounters: row.SeveralActiveEncounters,
		IsActive: row.IsActive, Now: tx.Now(), TenantID: tenantID, ID: in.ID,
	})
	if err != nil {
		return Facility{}, err
	}
	tx.AfterCommit(func() { m.settings.forget(tenantID, row.ID) })
	return present(row), m.bus.Publish(ctx, tx, facilitiesapi.Updated{FacilityID: row.ID, Version: row.Version})
}

func set[T any](stored *T, sent *T) {
	if sent != nil {
		*stored = *sent
	}
}
