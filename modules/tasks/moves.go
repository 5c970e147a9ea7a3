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
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// Start says that someone began.
func (m *Module) Start(ctx context.Context, tx db.Tx, in ByID) (Task, error) {
	return m.move(ctx, tx, in.ID, intent{what: start})
}

// CompleteInput may say why rules that hold the task back are passed; it needs no body.
type CompleteInput struct {
	ByID
	Body *rulesapi.Reasons
}

// Complete says that it is done; from OPEN the task starts first, and the timeline shows both. Rules are asked of a
// person only: a task that a document completes follows that document, which met its own.
func (m *Module) Complete(ctx context.Context, tx db.Tx, in CompleteInput) (Task, error) {
	return m.move(ctx, tx, in.ID, intent{what: complete, overrides: in.Body.Given()})
}

// Reopen says that what was done is not.
func (m *Module) Reopen(ctx context.Context, tx db.Tx, in ByID) (Task, error) {
	return m.move(ctx, tx, in.ID, intent{what: reopen})
}

// Cancel says that it will not be done.
func (m *Module) Cancel(ctx context.Context, tx db.Tx, in ByID) (Task, error) {
	return m.move(ctx, tx, in.ID, intent{what: cancel})
}

// Unassign makes it nobody's task.
func (m *Module) Unassign(ctx context.Context, tx db.Tx, in ByID) (Task, error) {
	return m.move(ctx, tx, in.ID, intent{what: unassign})
}

// AssignInput says whose task it is.
type AssignInput struct {
	ByID
	Body struct {
		AssignedToID uuid.UUID `json:"assigned_to_id" format:"uuid" doc:"An active user of this facility"`
	}
}

// Assign makes it someone's task.
func (m *Module) Assign(ctx context.Context, tx db.Tx, in AssignInput) (Task, error) {
	return m.move(ctx, tx, in.ID, intent{what: assign, assignee: &in.Body.AssignedToID})
}

// intent is what somebody wants of a task.
type intent struct {
	what      move
	assignee  *uuid.UUID
	overrides []rulesapi.Override
}

// move does one thing to a task. What already holds changes nothing and is no event, even after the encounter's end;
// anything else needs an encounter under way, which cannot close meanwhile. A task of the laboratory moves after closing
// too, and not after cancelling.
func (m *Module) move(ctx context.Context, tx db.Tx, taskID uuid.UUID, wanted intent) (Task, error) {
	scope := tx.Scope()
	found, err := get(ctx, tx, scope, taskID)
	if err != nil {
		return Task{}, err
	}
	// The encounter before the task, as a close locks them.
	encounter, err := m.deps.Encounters.Lock(ctx, tx, found.EncounterID)
	if err != nil {
		return Task{}, err
	}
	if found.Code == labapi.TaskCriticalResult {
		alertsapi.HoldCritical(tx, found.EncounterID)
	}
	row, err := tasksdb.New(tx).LockTask(ctx, tasksdb.LockTaskParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: taskID})
	if err != nil {
		return Task{}, err
	}
	through, legal := path(tasksapi.Status(row.Status), wanted.what)
	if holds(row, wanted, through, legal) {
		return m.presentOne(ctx, tx, scope, tx.Now(), row)
	}
	if !encountersapi.Open(encounter.Status) && (row.EncounterOver || !row.OutlivesEncounter) {
		return Task{}, encountersapi.ErrNotOpen
	}
	if !legal {
		return Task{}, errIllegalTransition.With("task_status", row.Status)
	}
	var warnings []rulesapi.Warning
	if wanted.what == complete {
		if warnings, err = m.pass(ctx, tx, encounter, row, wanted.overrides); err != nil {
			return Task{}, err
		}
	}
	switch wanted.what {
	case assign:
		if err := m.checkAssignee(ctx, tx, wanted.assignee); err != nil {
			return Task{}, err
		}
		row, err = m.assignTo(ctx, tx, row, wanted.assignee)
	case unassign:
		row, err = m.assignTo(ctx, tx, row, nil)
	default:
		row, err = m.lead(ctx, tx, encounter, row, through, byPerson)
	}
	if err != nil {
		return Task{}, err
	}
	task, err := m.presentOne(ctx, tx, scope, tx.Now(), row)
	task.Warnings = warnings
	return task, err
}

// pass asks the rules whether the task may be completed.
func (m *Module) pass(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, row tasksdb.TasksTask, overrides []rulesapi.Override) ([]rulesapi.Warning, error) {
	return m.deps.Gate.Pass(ctx, tx, rulesapi.Question{
		Pack: encounter.Pack, Moment: packsapi.MomentTaskComplete, EncounterID: encounter.ID, PatientID: encounter.PatientID,
		Facts: map[string]any{"task": map[string]any{"code": row.Code, "title": row.Title}}, Overrides: overrides,
	})
}

// holds tells whether what a move wants is so already.
func holds(row tasksdb.TasksTask, wanted intent, through []tasksapi.Status, legal bool) bool {
	switch wanted.what {
	case assign:
		return row.AssignedToID != nil && *row.AssignedToID == *wanted.assignee
	case unassign:
		return row.AssignedToID == nil
	default:
		return legal && len(through) == 0
	}
}

// Who moves a task: a person says so of the task itself, or it follows what was done elsewhere.
const (
	byPerson = false
	follows  = true
)

// lead takes a locked task through statuses, telling of each, and opens what its completion opens.
func (m *Module) lead(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, row tasksdb.TasksTask, through []tasksapi.Status, followed bool) (tasksdb.TasksTask, error) {
	var happened []events.Event
	for _, to := range through {
		happened = append(happened, enter(&row, to, tx.Now(), id.Ptr(tx.Scope().UserID), followed))
	}
	row, err := save(ctx, tx, row)
	if err != nil {
		return row, err
	}
	for _, e := range happened {
		if err := m.deps.Bus.Publish(ctx, tx, e); err != nil {
			return row, err
		}
		// Nothing of a workflow opens after the encounter's end; work of the laboratory may be done then.
		if done, ok := e.(tasksapi.Done); ok && encountersapi.Open(encounter.Status) {
			if err := m.open(ctx, tx, encounter, "task.completed", done); err != nil {
				return row, err
			}
		}
	}
	return row, nil
}

// enter writes into row what reaching a status means, and gives the event that tells of it.
func enter(row *tasksdb.TasksTask, to tasksapi.Status, now time.Time, actor *uuid.UUID, followed bool) events.Event {
	from := tasksapi.Status(row.Status)
	row.Status = string(to)
	switch {
	case to == tasksapi.StatusOpen:
		row.StartedAt, row.CompletedAt, row.CancelledAt = nil, nil, nil
		row.StartedByID, row.CompletedByID, row.CancelledByID = nil, nil, nil
		return tasksapi.Reopened{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code}
	case to == tasksapi.StatusDone:
		row.CompletedAt, row.CompletedByID = &now, actor
		return tasksapi.Done{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code, Followed: followed}
	case to == tasksapi.StatusCancelled:
		row.CancelledAt, row.CancelledByID = &now, actor
		return tasksapi.Cancelled{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code, Followed: followed}
	case from == tasksapi.StatusDone:
		row.CompletedAt, row.CompletedByID = nil, nil
		return tasksapi.Reopened{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code}
	default:
		row.StartedAt, row.StartedByID = &now, actor
		return tasksapi.Started{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code}
	}
}

// assignTo makes a locked task someone's, or nobody's.
func (m *Module) assignTo(ctx context.Context, tx db.Tx, row tasksdb.TasksTask, userID *uuid.UUID) (tasksdb.TasksTask, error) {
	row.AssignedToID, row.AssignedAt, row.AssignedByID = userID, nil, nil
	if userID != nil {
		now := tx.Now()
		row.AssignedAt, row.AssignedByID = &now, id.Ptr(tx.Scope().UserID)
	}
	row, err := save(ctx, tx, row)
	if err != nil {
		return row, err
	}
	if userID == nil {
		return row, m.deps.Bus.Publish(ctx, tx, tasksapi.Unassigned{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code})
	}
	return row, m.deps.Bus.Publish(ctx, tx, assignedEvent(row))
}

func createdEvent(row tasksdb.TasksTask) tasksapi.Created {
	return tasksapi.Created{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code}
}

func assignedEvent(row tasksdb.TasksTask) tasksapi.Assigned {
	return tasksapi.Assigned{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code, AssignedToID: *row.AssignedToID}
}

func save(ctx context.Context, tx db.Tx, row tasksdb.TasksTask) (tasksdb.TasksTask, error) {
	return tasksdb.New(tx).SaveTask(ctx, tasksdb.SaveTaskParams{
		Status: row.Status, AssignedToID: row.AssignedToID, AssignedAt: row.AssignedAt, AssignedByID: row.AssignedByID,
		StartedAt: row.StartedAt, StartedByID: row.StartedByID, CompletedAt: row.CompletedAt, CompletedByID: row.CompletedByID,
		CancelledAt: row.CancelledAt, CancelledByID: row.CancelledByID,
		OutlivesEncounter: row.OutlivesEncounter, Now: tx.Now(),
		TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID,
	})
}
