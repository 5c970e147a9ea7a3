package iam

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
	"hmsoftware.com/hm/modules/tenants/tenantsapi"
)

// Subscribe makes the module act on what others say, and begin its periodic work.
func (m *Module) Subscribe() {
	m.schedule()
	events.Within(m.bus, "iam.administer_new_facility", m.onFacilityCreated)
	events.Within(m.bus, "iam.reread_tenant", m.onTenantUpdated)
}

// onFacilityCreated makes who opens a facility its administrator. When the installation founds a tenant, nobody of
// the tenant opens it: Found names the administrator then.
func (m *Module) onFacilityCreated(ctx context.Context, tx db.Tx, e facilitiesapi.Created) error {
	scope := tx.Scope()
	if scope.UserID == uuid.Nil {
		return nil
	}
	lockPeople(tx)
	_, err := iamdb.New(tx).LockTenantUser(ctx, iamdb.LockTenantUserParams{TenantID: scope.TenantID, UserID: scope.UserID})
	if db.IsNoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.administer(ctx, tx, scope.UserID, e.FacilityID)
}

// onTenantUpdated lets a closed tenant lock its people out, and one that opens again let them in.
func (m *Module) onTenantUpdated(_ context.Context, tx db.Tx, e tenantsapi.Updated) error {
	m.invalidate(tx, change{everyoneChange, e.TenantID})
	return nil
}
