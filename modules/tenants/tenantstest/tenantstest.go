// Package tenantstest makes tenants for tests.
package tenantstest

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
)

// Tenant makes the tenant of tx's scope, unless another factory made it already.
func Tenant(ctx context.Context, t testing.TB, tx db.Tx) {
	t.Helper()
	tenantID := tx.Scope().TenantID
	_, err := tx.Exec(ctx, `INSERT INTO tenants.tenant (id, code, name, created_at, updated_at) VALUES ($1, $2, 'A hospital', $3, $3) ON CONFLICT (id) DO NOTHING`,
		tenantID, "t"+tenantID.String(), tx.Now())
	if err != nil {
		t.Fatal(err)
	}
}
