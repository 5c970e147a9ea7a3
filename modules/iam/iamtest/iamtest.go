// Package iamtest makes users for tests.
package iamtest

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/tenants/tenantstest"
)

// With overrides what a test cares about.
type With struct {
	// ID is the user's; a new one when zero. Take tx.Scope().UserID for the user who acts.
	ID       uuid.UUID
	FullName string
	// Roles are made when the tenant has them not yet, without any permission.
	Roles []string
	// MembershipEnded makes somebody who once worked in the facility, Disabled one whom the tenant lets in no more.
	MembershipEnded, Disabled bool
}

// User makes a user with a membership in the facility of tx's scope, and the tenant. Nobody can sign in as the user.
func User(ctx context.Context, t testing.TB, tx db.Tx, with With) uuid.UUID {
	t.Helper()
	tenantstest.Tenant(ctx, t, tx)
	if with.ID == uuid.Nil {
		with.ID = id.New()
	}
	if with.FullName == "" {
		with.FullName = "A user"
	}
	scope, now := tx.Scope(), tx.Now()
	execute := func(sql string, args ...any) {
		t.Helper()
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	execute(`INSERT INTO iam.user_account (id, username, full_name, password_hash, created_at, updated_at) VALUES ($1, $2, $3, '', $4, $4)`,
		with.ID, "u"+with.ID.String(), with.FullName, now)
	execute(`INSERT INTO iam.tenant_user (tenant_id, user_id, is_active, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)`,
		scope.TenantID, with.ID, !with.Disabled, now)
	membershipID := id.New()
	execute(`INSERT INTO iam.membership (tenant_id, id, user_id, facility_id, is_active, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		scope.TenantID, membershipID, with.ID, scope.FacilityID, !with.MembershipEnded, now)
	for _, code := range with.Roles {
		execute(`INSERT INTO iam.role (tenant_id, id, code, name, built_in, created_at, updated_at) VALUES ($1, $2, $3, $3, false, $4, $4)
			ON CONFLICT (tenant_id, code) DO NOTHING`, scope.TenantID, id.New(), code, now)
		execute(`INSERT INTO iam.membership_role (tenant_id, membership_id, role_id) SELECT $1, $2, id FROM iam.role WHERE tenant_id = $1 AND code = $3`,
			scope.TenantID, membershipID, code)
	}
	return with.ID
}
