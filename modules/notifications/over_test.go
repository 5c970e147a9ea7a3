package notifications_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/notifications"
)

// at sets how far an alert has come.
func (h house) at(alertID uuid.UUID, status alertsapi.Status) {
	brief := h.alerts[alertID]
	brief.Status = status
	h.alerts[alertID] = brief
}

// A message that waited does not come after the one that says otherwise.
func TestAMessageOfAnAlertThatIsOverDoesNotGoOut(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	var raised alertsapi.Raised
	p.in(t, func(ctx context.Context, tx db.Tx) {
		raised = p.raised(p.doctor)
		over := alertsapi.Resolved{About: raised.About, Resolution: alertsapi.ResolutionSuperseded, RecipientIDs: []uuid.UUID{p.doctor}}
		for _, err := range []error{p.AlertRaised(ctx, tx, raised), p.AlertResolved(ctx, tx, over)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		p.at(raised.AlertID, alertsapi.StatusResolved)
	})
	p.send(t, notifications.ChannelEmail)
	if n := len(p.server.Received()); n != 1 {
		t.Errorf("the server has %d messages, want that it was entered again alone: %v", n, p.deliveries(t, notifications.ChannelEmail))
	}
	var reason string
	p.in(t, func(ctx context.Context, tx db.Tx) {
		err := tx.QueryRow(ctx, `SELECT d.reason FROM notifications.delivery d JOIN notifications.notification n ON n.tenant_id = d.tenant_id AND n.id = d.notification_id
			WHERE d.channel = 'email' AND d.status = 'SUPPRESSED' AND n.kind = 'critical_result'`).Scan(&reason)
		if err != nil || reason != "over" {
			t.Errorf("reason %q (%v)", reason, err)
		}
	})
}

func TestAnAlertThatIsOverIsToldToNobody(t *testing.T) {
	t.Parallel()
	for _, status := range []alertsapi.Status{alertsapi.StatusAcknowledged, alertsapi.StatusResolved} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
				h := newHouse(ctx, t, tx)
				raised := h.raised(h.doctor)
				h.at(raised.AlertID, status)
				if err := h.AlertRaised(ctx, tx, raised); err != nil {
					t.Fatal(err)
				}
				if n := len(h.list(ctx, t, tx, h.doctor)); n != 0 {
					t.Errorf("the doctor has %d", n)
				}
			})
		})
	}
}

// critical is a laboratory whose results all are.
type critical struct{ labapi.Reader }

func (critical) Results(_ context.Context, _ db.DBTX, _ db.Scope, ids []uuid.UUID) (map[uuid.UUID]labapi.Result, error) {
	all := map[uuid.UUID]labapi.Result{}
	for _, resultID := range ids {
		all[resultID] = labapi.Result{ID: resultID, Name: "Potassium", IsCritical: true}
	}
	return all, nil
}

func TestTheReleaseOfACriticalResultIsCritical(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		d := deps(h.alerts)
		d.Laboratory = critical{}
		h.Module = notifications.New(d)
		for _, correction := range []bool{false, true} {
			if err := h.ResultReleased(ctx, tx, h.released(&h.doctor, correction)); err != nil {
				t.Fatal(err)
			}
			if got := h.list(ctx, t, tx, h.doctor)[0]; got.Severity != "CRITICAL" {
				t.Errorf("told %+v", got)
			}
		}
	})
}
