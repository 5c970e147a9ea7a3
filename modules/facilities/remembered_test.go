package facilities_test

import (
	"context"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

// A change is in force at once on the node that made it, and within a second on every other.
func TestRememberedSettingsAreThoseInForce(t *testing.T) {
	t.Parallel()
	database, scope := testkit.NewDatabase(t), testkit.NewScope()
	here, elsewhere := facilities.Remember(), facilities.Remember()
	m := facilities.New(facilities.Deps{Bus: events.NewBus(), Settings: here})
	account := &auth.Account{UserID: scope.UserID, Memberships: []auth.Membership{{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, Permissions: map[string]bool{facilities.CanUpdate: true},
	}}}
	ctx := auth.WithIdentity(db.WithScope(context.Background(), scope), &auth.Identity{Account: account})
	do := func(act func(tx db.Tx) error) {
		t.Helper()
		if err := database.Pool.InTx(ctx, act); err != nil {
			t.Fatal(err)
		}
	}
	pattern := func(r *facilities.Remembered) string {
		t.Helper()
		settings, err := r.Settings(ctx, database.Pool.Read(ctx), scope.TenantID, scope.FacilityID)
		if err != nil {
			t.Fatal(err)
		}
		return settings.MRNPattern
	}
	do(func(tx db.Tx) error { facilitiestest.Facility(ctx, t, tx, facilitiestest.With{}); return nil })
	first := pattern(here)
	if pattern(elsewhere) != first {
		t.Fatal("two nodes differ from the beginning")
	}
	changed := "{facility}/{number}"
	in := facilities.UpdateInput{ByID: facilities.ByID{ID: scope.FacilityID}}
	in.Body.MRNPattern = &changed
	do(func(tx db.Tx) error { _, err := m.Update(ctx, tx, in); return err })
	if now := pattern(here); now != changed {
		t.Errorf("where it was changed: %s", now)
	}
	for deadline := time.Now().Add(10 * time.Second); pattern(elsewhere) != changed; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("elsewhere it is never heard of")
		}
	}
}
