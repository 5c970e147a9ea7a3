package alerts

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

var (
	errUnacknowledgedCritical = errs.Conflict("alerts.unacknowledged_critical", "A critical result of this encounter waits to be acknowledged.")
	errAcknowledgeFirst       = errs.Conflict("alerts.acknowledge_first", "A critical result waits to be acknowledged by someone who may.")
)

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
		return m.endWaiting(ctx, tx, e.EncounterID, items, resolutionCollected)
	})
	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e labapi.ResultReleased) error {
		return m.end(ctx, tx, alertsapi.KindTestOverdue, []uuid.UUID{e.ItemID}, resolutionReleased, uuid.Nil)
	})
	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e qualitycontrolapi.HoldResolved) error {
		return m.end(ctx, tx, alertsapi.KindQualityControl, []uuid.UUID{e.HoldID}, resolutionResolved, uuid.Nil)
	})

	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e ordersapi.ItemCancelled) error {
		if err := m.endWaiting(ctx, tx, e.EncounterID, []uuid.UUID{e.ItemID}, resolutionCancelled); err != nil {
			return err
		}
		return m.end(ctx, tx, alertsapi.KindTestOverdue, []uuid.UUID{e.ItemID}, resolutionCancelled, uuid.Nil)
	})
	// by hand, too: nothing can be collected for it any more
	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e ordersapi.ItemCompleted) error {
		return m.endWaiting(ctx, tx, e.EncounterID, []uuid.UUID{e.ItemID}, resolutionCompleted)
	})

	events.Within(bus, "alerts.acknowledge_with_task", m.onTaskDone)
	events.Within(bus, "alerts.keep_the_task", m.onTaskCancelled)
	events.Within(bus, "alerts.keep_the_encounter", m.onEncounterCancelled)
	m.schedule()
}

// onTaskDone acknowledges what the task was about, where a person said that it is done: what the house completes follows
// an acknowledgement, and says nothing of results that came meanwhile. Whoever moves that task holds the encounter's
// critical results.
func (m *Module) onTaskDone(ctx context.Context, tx db.Tx, e tasksapi.Done) error {
	if e.Code != labapi.TaskCriticalResult || e.Followed {
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
		if err := m.refuseStrangers(ctx, tx, row, acknowledge); errors.Is(err, errNotForYou) {
			return errAcknowledgeFirst
		} else if err != nil {
			return err
		}
		if _, err := m.acknowledge(ctx, tx, row, ""); err != nil {
			return err
		}
	}
	return nil
}

// onTaskCancelled keeps the task in its list while what it is about waits.
func (m *Module) onTaskCancelled(ctx context.Context, tx db.Tx, e tasksapi.Cancelled) error {
	if e.Code != labapi.TaskCriticalResult || e.Followed {
		return nil
	}
	waits, err := Reader{}.UnacknowledgedCritical(ctx, tx, tx.Scope(), e.EncounterID)
	if err == nil && len(waits) > 0 {
		err = errAcknowledgeFirst
	}
	return err
}

// onEncounterCancelled refuses to bury a critical result with its encounter: the patient and the value are real. Who
// cancels holds the encounter, so none is raised meanwhile.
func (m *Module) onEncounterCancelled(ctx context.Context, tx db.Tx, e encountersapi.Cancelled) error {
	waits, err := Reader{}.UnacknowledgedCritical(ctx, tx, tx.Scope(), e.EncounterID)
	if err == nil && len(waits) > 0 {
		err = errUnacknowledgedCritical.With("critical", waits)
	}
	return err
}
