package tasks

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
)

// Subscribe listens to other modules. Call it once all of them exist.
func (m *Module) Subscribe() {
	bus := m.deps.Bus
	const opens, completes, ends, unassigns = "tasks.open_workflow_tasks", "tasks.complete_by_document", "tasks.end_with_encounter", "tasks.unassign_who_left"

	events.Within(bus, opens, func(ctx context.Context, tx db.Tx, e encountersapi.Created) error {
		return m.openFor(ctx, tx, e.EncounterID, "encounter.created", e)
	})
	events.Within(bus, opens, func(ctx context.Context, tx db.Tx, e encountersapi.CheckedIn) error {
		return m.openFor(ctx, tx, e.EncounterID, "encounter.checked_in", e)
	})
	events.Within(bus, opens, func(ctx context.Context, tx db.Tx, e encountersapi.ConsultStarted) error {
		return m.openFor(ctx, tx, e.EncounterID, "encounter.consult_started", e)
	})
	events.Within(bus, opens, func(ctx context.Context, tx db.Tx, e clinicaldocsapi.DocumentAmended) error {
		return m.openFor(ctx, tx, e.EncounterID, "document.amended", e)
	})

	events.Within(bus, completes, func(ctx context.Context, tx db.Tx, e encountersapi.VitalsRecorded) error {
		return m.completeFor(ctx, tx, e.EncounterID, packsapi.Completion{Kind: "VITALS"})
	})
	events.Within(bus, completes, func(ctx context.Context, tx db.Tx, e encountersapi.AssessmentRecorded) error {
		return m.completeFor(ctx, tx, e.EncounterID, packsapi.Completion{Kind: "ASSESSMENT"})
	})
	events.Within(bus, completes, func(ctx context.Context, tx db.Tx, e encountersapi.PlanRecorded) error {
		return m.completeFor(ctx, tx, e.EncounterID, packsapi.Completion{Kind: "PLAN"})
	})
	events.Within(bus, completes, func(ctx context.Context, tx db.Tx, e encountersapi.NoteRecorded) error {
		return m.completeFor(ctx, tx, e.EncounterID, packsapi.Completion{Kind: "NOTE"})
	})
	events.Within(bus, completes, func(ctx context.Context, tx db.Tx, e clinicaldocsapi.DocumentFinalized) error {
		if err := m.completeFor(ctx, tx, e.EncounterID, packsapi.Completion{Template: e.TemplateCode}); err != nil {
			return err
		}
		return m.openFor(ctx, tx, e.EncounterID, "document.finalized", e)
	})

	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e encountersapi.Closed) error {
		return m.end(ctx, tx, encountersapi.Encounter{ID: e.EncounterID, Status: encountersapi.StatusClosed})
	})
	events.Within(bus, ends, func(ctx context.Context, tx db.Tx, e encountersapi.Cancelled) error {
		return m.end(ctx, tx, encountersapi.Encounter{ID: e.EncounterID, Status: encountersapi.StatusCancelled})
	})

	events.Within(bus, "tasks.open_by_rule", m.openByRule)

	m.followLaboratory(bus)

	const followsOrders = "tasks.follow_orders"
	events.Within(bus, followsOrders, m.openForOrder)
	// Nothing of a finished item's work need be done any more, however it came to its end.
	events.Within(bus, followsOrders, func(ctx context.Context, tx db.Tx, e ordersapi.ItemCompleted) error {
		return m.cancelOfItem(ctx, tx, e.AboutItem)
	})
	events.Within(bus, followsOrders, func(ctx context.Context, tx db.Tx, e ordersapi.ItemCancelled) error {
		return m.cancelOfItem(ctx, tx, e.AboutItem)
	})

	events.After(bus, unassigns, func(ctx context.Context, tx db.Tx, e iamapi.UserDisabled) error {
		return m.unassignAll(ctx, tx, e.UserID, nil)
	})
	events.After(bus, unassigns, func(ctx context.Context, tx db.Tx, e iamapi.MembershipChanged) error {
		if e.IsActive {
			return nil
		}
		return m.unassignAll(ctx, tx, e.UserID, &e.FacilityID)
	})
}

// underWay reads and holds the encounter of an event; false when it is over, as when its documents are amended later.
func (m *Module) underWay(ctx context.Context, tx db.Tx, encounterID uuid.UUID) (encountersapi.Encounter, bool, error) {
	encounter, err := m.deps.Encounters.Lock(ctx, tx, encounterID)
	return encounter, err == nil && encountersapi.Open(encounter.Status), err
}

func (m *Module) openFor(ctx context.Context, tx db.Tx, encounterID uuid.UUID, moment string, happened events.Event) error {
	encounter, underWay, err := m.underWay(ctx, tx, encounterID)
	if err != nil || !underWay {
		return err
	}
	return m.open(ctx, tx, encounter, moment, happened)
}

func (m *Module) completeFor(ctx context.Context, tx db.Tx, encounterID uuid.UUID, act packsapi.Completion) error {
	encounter, underWay, err := m.underWay(ctx, tx, encounterID)
	if err != nil || !underWay {
		return err
	}
	return m.completeBy(ctx, tx, encounter, act)
}

// openForOrder opens the tasks that the items of a new order ask for. What the laboratory is asked begins with a sample,
// whatever its pack says, and after the encounter closed too, as when a result calls for another test.
func (m *Module) openForOrder(ctx context.Context, tx db.Tx, e ordersapi.Created) error {
	encounter, err := m.deps.Encounters.Lock(ctx, tx, e.EncounterID)
	if err != nil || encounter.Status == encountersapi.StatusCancelled {
		return err
	}
	underWay, laboratory := encountersapi.Open(encounter.Status), e.OrderType == packsapi.OrderTypeLab
	var opening []openingStep
	for _, item := range e.Items {
		sample := ordersapi.TaskCode(labapi.TaskCollectSample, item.ItemID)
		if laboratory {
			opening = append(opening, collection(item, tx.Now()))
		}
		for _, task := range item.Tasks {
			if underWay && !(laboratory && task.Code == sample) {
				opening = append(opening, openingStep{ID: id.New(), Code: task.Code, Title: task.Title, DueAt: task.DueAt})
			}
		}
	}
	if err := m.insert(ctx, tx, encounter, opening); err != nil || !underWay {
		return err
	}
	return m.open(ctx, tx, encounter, "order.created", e)
}

// cancelOfItem cancels what is left to do of an item's tasks: of an encounter that is over, what outlives it.
func (m *Module) cancelOfItem(ctx context.Context, tx db.Tx, e ordersapi.AboutItem) error {
	encounter, err := m.deps.Encounters.Lock(ctx, tx, e.EncounterID)
	if err != nil {
		return err
	}
	return m.leadAll(ctx, tx, encounter, cancel, tasksdb.LockTasksToDoParams{Codes: []string{}, Ending: ordersapi.TaskCode("", e.ItemID)})
}

// end cancels what an encounter that is over leaves undone, and lets nothing change after it. Closing spares the
// laboratory's work.
func (m *Module) end(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter) error {
	closing := encounter.Status == encountersapi.StatusClosed
	if err := m.leadAll(ctx, tx, encounter, cancel, tasksdb.LockTasksToDoParams{Codes: []string{}, Closing: closing}); err != nil {
		return err
	}
	return tasksdb.New(tx).EndTasksOfEncounter(ctx, tasksdb.EndTasksOfEncounterParams{
		Now: tx.Now(), TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, EncounterID: encounter.ID, Closing: closing})
}

// unassignAll makes the tasks that someone who left still had to do nobody's: in one facility, or in all, whichever
// facility tells of it. A second time there are none.
func (m *Module) unassignAll(ctx context.Context, tx db.Tx, userID uuid.UUID, facilityID *uuid.UUID) error {
	wide := db.Scope{TenantID: tx.Scope().TenantID, UserID: tx.Scope().UserID, TenantWide: true}
	return tx.Nested(ctx, wide, func(tx db.Tx) error {
		rows, err := tasksdb.New(tx).LockTasksOfAssignee(ctx, tasksdb.LockTasksOfAssigneeParams{
			TenantID: wide.TenantID, AssignedToID: &userID, FacilityID: facilityID})
		if err != nil {
			return err
		}
		for _, row := range rows {
			// Each event belongs to its task's facility, not to the tenant as a whole.
			scope := db.Scope{TenantID: row.TenantID, FacilityID: row.FacilityID, UserID: wide.UserID}
			err := tx.Nested(ctx, scope, func(tx db.Tx) error {
				_, err := m.assignTo(ctx, tx, row, nil)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
