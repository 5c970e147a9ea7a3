package tenants

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/tenants/internal/tenantsdb"
	"hmsoftware.com/hm/modules/tenants/tenantsapi"
)

// Reader is tenantsapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ tenantsapi.Reader = Reader{}

// All gives every tenant's id, by code.
func (Reader) All(ctx context.Context, q db.DBTX) ([]uuid.UUID, error) {
	return tenantsdb.New(q).AllTenants(ctx)
}

// ByCode finds a tenant.
func (Reader) ByCode(ctx context.Context, q db.DBTX, code string) (uuid.UUID, error) {
	tenantID, err := tenantsdb.New(q).TenantByCode(ctx, code)
	if db.IsNoRows(err) {
		return uuid.Nil, errNotFound
	}
	return tenantID, err
}
