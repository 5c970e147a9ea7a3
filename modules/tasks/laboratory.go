package tasks

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// labWork is what an item asks of people, in the order in which it is done, and how it is called.
var labWork = []struct{ code, title string }{
	{labapi.TaskCollectSample, "Collect the sample"},
	{labapi.TaskReceiveSample, "Receive the sample"},
	{labapi.TaskEnterResult, "Enter the result"},
	{labapi.TaskVerifyResult, "Verify the result"},
}

// criticalTitle is what stands in the list of who ordered a test with a critical result.
const criticalTitle = "Acknowledge the critical result"

// followLaboratory listens to the laboratory and to alerts. What they ask of people outlives a closed encounter: the
// patient goes home, the sample goes on.
func (m *Module) followLaboratory(bus *events.Bus) {
	const turns, acknowledges = "tasks.follow_laboratory", "tasks.follow_critical_alerts"
	events.Within(bus, turns, func(ctx context.Context, tx db.Tx, e labapi.SampleCollected) error {
		return m.turn(ctx, tx, e.EncounterID, e.Items, labapi.TaskReceiveSample)
	})
	events.Within(bus, turns, func(ctx context.Context, tx db.Tx, e labapi.SampleReceived) error {
		return m.turn(ctx, tx, e.EncounterID, e.Items, labapi.TaskEnterResult)
	})
	events.Within(bus, turns, func(ctx context.Context, tx db.Tx, e labapi.ResultEntered) error {
		return m.turn(ctx, tx, e.EncounterID, []labapi.ItemRef{e.ItemRef}, labapi.TaskVerifyResult)
	})
	events.Within(bus, turns, func(ctx context.Context, tx db.Tx, e labapi.ResultVerified) error {
		return m.turn(ctx, tx, e.EncounterID, []labapi.ItemRef{e.ItemRef}, "")
	})
	events.Within(bus, turns, func(ctx context.Context, tx db.Tx, e labapi.SampleRejected) error {
		return m.turn(ctx, tx, e.EncounterID, e.Items, labapi.TaskCollectSample)
	})
	events.Within(bus, acknowledges, m.askToAcknowledge)
	events.Within(bus, acknowledges, func(ctx context.Context, tx db.Tx, e alertsapi.Acknowledged) error {
		return m.acknowledged(ctx, tx, e.About)
	})
	events.Within(bus, acknowledges, func(ctx context.Context, tx db.Tx, e alertsapi.Resolved) error {
		return m.acknowledged(ctx, tx, e.About)
	})
}

// turn brings the work on items to where the laboratory is: what comes before the next task is done, the next one waits
// for someone, even if it was done before, and what would come after it need not be done now. Without a next one all of
// it is done.
func (m *Module) turn(ctx context.Context, tx db.Tx, encounterID uuid.UUID, items []labapi.ItemRef, next string) error {
	encounter, err := m.deps.Encounters.Lock(ctx, tx, encounterID)
	if err != nil || encounter.Status == encountersapi.StatusCancelled {
		return err
	}
	var codes []string
	for _, item := range items {
		for _, work := range labWork {
			codes = append(codes, ordersapi.TaskCode(work.code, item.ItemID))
		}
	}
	known, err := m.lockByCodes(ctx, tx, encounterID, codes)
	if err != nil {
		return err
	}
	names, err := m.names(ctx, tx, encounter, items)
	if err != nil {
		return err
	}
	var opening []openingStep
	for _, item := range items {
		what := complete
		if next == labapi.TaskCollectSample {
			what = cancel
		}
		for at, work := range labWork {
			code := ordersapi.TaskCode(work.code, item.ItemID)
			row, there := known[code]
			switch {
			case work.code == next && there:
				row, err = m.wait(ctx, tx, encounter, row)
				what = cancel
			case work.code == next:
				opening = append(opening, openingStep{ID: id.New(), Code: code, Title: work.title + ": " + names[item.ItemID],
					DueAt: due(known[ordersapi.TaskCode(labapi.TaskCollectSample, item.ItemID)], at), OutlivesEncounter: true})
				what = cancel
			case there && toDo(tasksapi.Status(row.Status)):
				through, _ := path(tasksapi.Status(row.Status), what)
				row.OutlivesEncounter = true
				row, err = m.lead(ctx, tx, encounter, row, through, follows)
			}
			if err != nil {
				return err
			}
		}
	}
	return m.insert(ctx, tx, encounter, opening)
}

// wait makes a locked task of the laboratory one that somebody has to do, after whatever became of it.
func (m *Module) wait(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, row tasksdb.TasksTask) (tasksdb.TasksTask, error) {
	known := row.OutlivesEncounter
	row.OutlivesEncounter = true
	switch {
	case !toDo(tasksapi.Status(row.Status)):
		return m.openAgain(ctx, tx, encounter, row)
	case !known: // somebody had opened one of this code by hand
		return save(ctx, tx, row)
	}
	return row, nil
}

func (m *Module) lockByCodes(ctx context.Context, tx db.Tx, encounterID uuid.UUID, codes []string) (map[string]tasksdb.TasksTask, error) {
	rows, err := tasksdb.New(tx).LockTasksByCodes(ctx, tasksdb.LockTasksByCodesParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, EncounterID: encounterID, Codes: codes})
	known := map[string]tasksdb.TasksTask{}
	for _, row := range rows {
		known[row.Code] = row
	}
	return known, err
}

// names says what the tests of items are called; their codes where the pack has them no more.
func (m *Module) names(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, items []labapi.ItemRef) (map[uuid.UUID]string, error) {
	library, err := m.deps.Packs.Of(ctx, tx, tx.Scope())
	if err != nil {
		return nil, err
	}
	names := map[uuid.UUID]string{}
	catalog, err := library.Catalog(encounter.Pack)
	for _, item := range items {
		names[item.ItemID] = item.ServiceCode
		if err != nil {
			continue
		}
		if service, known := catalog.Service(item.ServiceCode); known {
			names[item.ItemID] = service.Name.In(packsapi.DefaultLocale)
		}
	}
	return names, nil
}

// due shares the time that an item is given among its steps: a quarter each. The task of the first says how long that
// is; at counts from it.
func due(first tasksdb.TasksTask, at int) *time.Time {
	if first.DueAt == nil {
		return nil
	}
	quarter := first.DueAt.Sub(first.CreatedAt)
	by := first.DueAt.Add(time.Duration(at) * quarter)
	return &by
}

// collection is the task that a new item of the laboratory begins with.
func collection(item ordersapi.CreatedItem, now time.Time) openingStep {
	step := openingStep{ID: id.New(), Code: ordersapi.TaskCode(labapi.TaskCollectSample, item.ItemID),
		Title: labWork[0].title + ": " + item.Name, OutlivesEncounter: true}
	if item.DueAt != nil {
		by := now.Add(item.DueAt.Sub(now) / time.Duration(len(labWork)))
		step.DueAt = &by
	}
	return step
}

// askToAcknowledge opens the task that keeps a critical result from being forgotten: one for the encounter, of the one
// person who is told, where it is one.
func (m *Module) askToAcknowledge(ctx context.Context, tx db.Tx, e alertsapi.Raised) error {
	if e.Kind != alertsapi.KindCriticalResult || e.EncounterID == nil {
		return nil
	}
	encounter, err := m.deps.Encounters.Lock(ctx, tx, *e.EncounterID)
	if err != nil || encounter.Status == encountersapi.StatusCancelled {
		return err
	}
	alertsapi.HoldCritical(tx, encounter.ID)
	codes := []string{labapi.TaskCriticalResult}
	known, err := m.lockByCodes(ctx, tx, encounter.ID, codes)
	if err != nil {
		return err
	}
	row, there := known[labapi.TaskCriticalResult]
	if there {
		if row, err = m.wait(ctx, tx, encounter, row); err != nil {
			return err
		}
	} else {
		step := openingStep{ID: id.New(), Code: labapi.TaskCriticalResult, Title: criticalTitle, OutlivesEncounter: true}
		if err := m.insert(ctx, tx, encounter, []openingStep{step}); err != nil {
			return err
		}
		if known, err = m.lockByCodes(ctx, tx, encounter.ID, codes); err != nil {
			return err
		}
		row = known[labapi.TaskCriticalResult]
	}
	if len(e.RecipientIDs) != 1 || row.AssignedToID != nil {
		return nil
	}
	works, err := m.deps.Users.IsMember(ctx, tx, e.RecipientIDs[0], row.TenantID, row.FacilityID)
	if err != nil || !works {
		return err
	}
	_, err = m.assignTo(ctx, tx, row, &e.RecipientIDs[0])
	return err
}

// acknowledged completes that task with the last critical result that waited for it.
func (m *Module) acknowledged(ctx context.Context, tx db.Tx, about alertsapi.About) error {
	if about.Kind != alertsapi.KindCriticalResult || about.EncounterID == nil {
		return nil
	}
	encounter, err := m.deps.Encounters.Lock(ctx, tx, *about.EncounterID)
	if err != nil || encounter.Status == encountersapi.StatusCancelled {
		return err
	}
	// Asked while nobody else can acknowledge or raise one: of two who acknowledge the last two, the second completes it.
	alertsapi.HoldCritical(tx, encounter.ID)
	left, err := m.deps.Alerts.UnacknowledgedCritical(ctx, tx, tx.Scope(), encounter.ID)
	if err != nil || len(left) > 0 {
		return err
	}
	return m.leadAll(ctx, tx, encounter, complete, tasksdb.LockTasksToDoParams{OnlyCodes: true, Codes: []string{labapi.TaskCriticalResult}})
}
