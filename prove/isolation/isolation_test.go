package isolation_test

import (
	"slices"
	"strings"
	"testing"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/prove/figures"
)

// TestNobodyLearnsOfOthers builds two tenants of two facilities each and lets the people of each try everything
// against the others; afterwards not one row of the others has changed.
func TestNobodyLearnsOfOthers(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	a := &attempts{estate: e, unknown: map[string]apptest.Reply{}, tried: map[string]bool{}}
	// Here the target itself does something, beside the others.
	t.Run("their idempotency keys are not ours", a.theirIdempotencyKeys)
	t.Run("a stream tells of its own side", a.theirStream)
	t.Run("names are taken within a tenant", a.sameNames)

	target := e.sides[0]
	e.owners = e.Owners(t)
	rows := e.TenantRows(t, target.ID, target.Facility)
	for _, stage := range []struct {
		name string
		try  func(*testing.T)
	}{
		{"no list shows what is theirs", a.ownReads},
		{"their ids are as ids that never were", a.foreignIDs},
		{"their scope cannot be entered", a.scopeHeaders},
		{"their ids in other headers mean nothing", a.otherHeaders},
		{"no search finds what is theirs", a.searches},
		{"a username is taken, and nothing else is told", a.takenUsernames},
		{"signing in tells no name from another", a.signIns},
	} {
		if figures.Long() {
			e.stayIn(t)
		}
		t.Run(stage.name, stage.try)
	}
	timing := a.timing(t)

	for _, table := range rows.Differences(e.TenantRows(t, target.ID, target.Facility)) {
		// What the sibling facility's people read and were refused is recorded as the tenant's, and not as the facility's;
		// so are their own sessions, the answers kept for their keys, the reports that they opened and what they marked as read.
		ofTenant := slices.ContainsFunc([]string{"audit.", "iam.session", "httpx.idempotency", "labprint.reading", "notifications.notification"}, func(name string) bool { return strings.HasPrefix(table, name) })
		if strings.Contains(table, apptest.OfFacility) || !ofTenant {
			t.Errorf("rows of %s changed in %s", target.Name, table)
		}
	}
	values := map[string]any{
		"requests": a.requests.Load(), "foreign_ids_tried": a.ids.Load(), "slots": len(a.tried), "operations": len(operations(e.Contract)),
		"strangers": len(e.strangers()), "ids_harvested": len(target.Pool.IDs), "tables_unchanged": len(rows),
	}
	for name, value := range timing {
		values[name] = value
	}
	figures.Record(t, "isolation", values)
}
