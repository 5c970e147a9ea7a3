package alerts

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

var errAcknowledgeFirst = errs.Conflict("alerts.acknowledge_first", "A critical result waits to be acknowledged by someone who may.")

// Subscribe listens to other modules. Call it once all of them exist.
func (m *Module) Subscribe() {
	bus := m.deps.Bus
	const raises, ends = "alerts.raise", "alerts.end_what_is_over"

	events.Within(bus, raises, m.onResultEntered)
	events.Within(bus, raises, m.onSampleRejected)
	events.Within(bus, raises, m.onTestOverdue)
	events.Within(bus, raises, m.onRunViolated)
	events.Within(bus, raises, m.onRuleFired)

	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e labapi.SampleCollected) error {
		items := make([]uuid.UUID, len(e.Items))
		for i, item := range e.Items {
			items[i] = item.ItemID
		}
		return m.end(ctx, tx, alertsapi.KindSampleRejected, items, resolutionCollected, uuid.Nil)
	})
	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e labapi.ResultReleased) error {
		return m.end(ctx, tx, alertsapi.KindTestOverdue, []uuid.UUID{e.ItemID}, resolutionReleased, uuid.Nil)
	})
	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e qualitycontrolapi.HoldResolved) error {
		return m.end(ctx, tx, alertsapi.KindQualityControl, []uuid.UUID{e.HoldID}, resolutionResolved, uuid.Nil)
	})

	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e ordersapi.ItemCancelled) error {
		for _, kind := range []string{alertsapi.KindTestOverdue, alertsapi.KindSampleRejected} {
			if err := m.end(ctx, tx, kind, []uuid.UUID{e.ItemID}, resolutionCancelled, uuid.Nil); err != nil {
				return err
			}
		}
		return nil
	})

	events.Within(bus, "alerts.acknowledge_with_task", m.onTaskDone)
	m.schedule()
}

// onTaskDone acknowledges what the task was about. It finds nothing where acknowledging is what completed the task.
func (m *Module) onTaskDone(ctx context.Context, tx db.Tx, e tasksapi.Done) error {
	if e.Code != labapi.TaskCriticalResult {
		return nil
	}
	rows, err := alertsdb.New(tx).LockOpenOfEncounter(ctx, alertsdb.LockOpenOfEncounterParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, EncounterID: e.EncounterID, Kind: alertsapi.KindCriticalResult})
	if err != nil {
		return err
	}
	if len(rows) > 0 && !auth.Can(ctx, CanAcknowledge) {
		return errAcknowledgeFirst
	}
	for _, row := range rows {
		if _, err := m.acknowledge(ctx, tx, row, ""); err != nil {
			return err
		}
	}
	return nil
}
