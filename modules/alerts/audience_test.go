package alerts_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/iam"
)

func TestWhoIsToActOnACriticalResultSeesIt(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		entered := h.result(e)
		h.happen(ctx, t, tx, entered)
		about := alertsapi.CriticalResult{ResultID: entered.ResultID, OrderItemID: entered.ItemID, EncounterID: e.ID}
		sees := func(userID uuid.UUID, role string, about alertsapi.CriticalResult, without ...string) bool {
			t.Helper()
			scope := tx.Scope()
			scope.UserID = userID
			sees, err := alerts.Audience{Users: iam.Reader{}}.SeesCriticalResult(as(ctx, userID, []string{role}, without...), tx, scope, testkit.Epoch, about)
			if err != nil {
				t.Fatal(err)
			}
			return sees
		}
		for role, c := range map[string]struct {
			userID uuid.UUID
			want   bool
		}{"doctor": {h.doctor, true}, "nurse": {h.nurse, false}, "lab_technician": {h.technician, false}} {
			if got := sees(c.userID, role, about, alerts.CanAcknowledgeCritical); got != c.want {
				t.Errorf("the %s sees it: %t", role, got)
			}
		}
		if !sees(h.nurse, "nurse", about) || sees(h.doctor, "doctor", about, alerts.CanRead) {
			t.Error("who may acknowledge any sees it, and who may see no alert does not")
		}
		for name, other := range map[string]alertsapi.CriticalResult{
			"another test's": {ResultID: id.New(), OrderItemID: id.New(), EncounterID: e.ID}, "another encounter's": {ResultID: about.ResultID, OrderItemID: about.OrderItemID, EncounterID: id.New()},
		} {
			if sees(h.doctor, "doctor", other) {
				t.Errorf("%s is seen", name)
			}
		}
		again := about
		again.ResultID = id.New()
		if !sees(h.doctor, "doctor", again) {
			t.Error("a version that its alert goes on about is not seen")
		}
	})
}
