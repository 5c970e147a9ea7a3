// Package facilitiestest makes facilities for tests.
package facilitiestest

import (
	"cmp"
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/tenants/tenantstest"
)

// With overrides what a test cares about.
type With struct {
	// Code is MAIN unless set: a tenant with several facilities needs as many.
	Code                    string
	MRNPattern              string
	TimeZone                string
	SeveralActiveEncounters bool
}

// Facility makes the facility of tx's scope, and its tenant.
func Facility(ctx context.Context, t testing.TB, tx db.Tx, with With) {
	t.Helper()
	tenantstest.Tenant(ctx, t, tx)
	if with.MRNPattern == "" {
		with.MRNPattern = "{facility}-{yy}-{number:6}"
	}
	if with.TimeZone == "" {
		with.TimeZone = "Asia/Kolkata"
	}
	_, err := tx.Exec(ctx, `INSERT INTO facilities.facility (tenant_id, id, code, name, time_zone, mrn_pattern, several_active_encounters, created_at, updated_at)
		VALUES ($1, $2, $7, 'Main building', $3, $4, $5, $6, $6)`,
		tx.Scope().TenantID, tx.Scope().FacilityID, with.TimeZone, with.MRNPattern, with.SeveralActiveEncounters, tx.Now(), cmp.Or(with.Code, "MAIN"))
	if err != nil {
		t.Fatal(err)
	}
}
