package tenants

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/tenants/internal/tenantsdb"
	"hmsoftware.com/hm/modules/tenants/tenantsapi"
)

var (
	errNotFound  = errs.NotFound("tenants.not_found", "There is no such tenant.")
	errCodeTaken = errs.Conflict("tenants.code_taken", "Another tenant has this code.")
	errInvalid   = errs.Invalid("tenants.invalid", "The tenant has faults; see errors.")
)

// Tenant as the API shows it.
type Tenant struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID `json:"id" format:"uuid"`
	Code          string    `json:"code"`
	Name          string    `json:"name"`
	IsActive      bool      `json:"is_active" doc:"False: closed, lets nobody in"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}

func present(row tenantsdb.TenantsTenant) Tenant {
	return Tenant{
		Version: httpx.Version(row.Version), ID: row.ID, Code: row.Code, Name: row.Name, IsActive: row.IsActive,
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
}

// ListInput pages through tenants.
type ListInput struct{ httpx.PageParams }

// List gives the installation's tenants, by code.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Tenant], error) {
	var after struct{ Code string }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Tenant]{}, err
	}
	queries := tenantsdb.New(q)
	rows, err := queries.ListTenants(ctx, tenantsdb.ListTenantsParams{AfterCode: after.Code, MaxRows: int32(in.Limit + 1)})
	if err != nil {
		return httpx.Page[Tenant]{}, err
	}
	tenants := make([]Tenant, len(rows))
	for i, row := range rows {
		tenants[i] = present(row)
	}
	page := httpx.NewPage(tenants, in.Limit, func(t Tenant) any { return struct{ Code string }{t.Code} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountTenants(ctx))
	}
	return page, err
}

// ByID names one tenant.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one tenant.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Tenant, error) {
	row, err := tenantsdb.New(q).GetTenant(ctx, in.ID)
	if db.IsNoRows(err) {
		return Tenant{}, errNotFound
	}
	return present(row), err
}

// UpdateInput changes a tenant; absent fields stay.
type UpdateInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"255"`
		IsActive *bool   `json:"is_active,omitempty"`
	}
}

// Update renames a tenant, closes it or opens it again.
func (m *Module) Update(ctx context.Context, tx db.Tx, in UpdateInput) (Tenant, error) {
	queries := tenantsdb.New(tx)
	row, err := queries.LockTenant(ctx, in.ID)
	if db.IsNoRows(err) {
		return Tenant{}, errNotFound
	}
	if err != nil {
		return Tenant{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Tenant{}, err
	}
	if in.Body.Name != nil {
		row.Name = *in.Body.Name
	}
	if in.Body.IsActive != nil {
		row.IsActive = *in.Body.IsActive
	}
	row, err = queries.UpdateTenant(ctx, tenantsdb.UpdateTenantParams{ID: row.ID, Name: row.Name, IsActive: row.IsActive, Now: tx.Now()})
	if err != nil {
		return Tenant{}, err
	}
	return present(row), m.inside(ctx, tx, row.ID, func(ctx context.Context, tx db.Tx) error {
		return m.bus.Publish(ctx, tx, tenantsapi.Updated{TenantID: row.ID, IsActive: row.IsActive})
	})
}

// inside runs fn in the scope of a tenant, to which the caller does not belong: what is done to a tenant stands in
// that tenant's trail.
func (m *Module) inside(ctx context.Context, tx db.Tx, tenantID uuid.UUID, fn func(ctx context.Context, tx db.Tx) error) error {
	scope := db.Tenant(tenantID)
	scope.UserID = tx.Scope().UserID
	return tx.Nested(ctx, scope, func(tx db.Tx) error { return fn(db.WithScope(ctx, scope), tx) })
}
