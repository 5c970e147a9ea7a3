package tasks

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// Moment is when something was done in the past, and by whom.
type Moment struct {
	At time.Time
	By uuid.UUID
}

// Loaded is a task of the past: what was done to it, and when. Nil was not done.
type Loaded struct {
	ID uuid.UUID
	// Encounter it belongs to; its ID, PatientID, Type and Pack are asked for.
	Encounter encountersapi.Encounter
	Code      string
	// Title is the workflow's when absent.
	Title string
	DueAt *time.Time
	// AssignedToID has it from its making.
	AssignedToID             *uuid.UUID
	Created                  Moment
	Started, Done, Cancelled *Moment
	// Followed says that it was done or cancelled by what happened elsewhere, as tasksapi.Done says.
	Followed bool
	// OutlivesEncounter is true of the laboratory's work, which goes on when the encounter is closed.
	OutlivesEncounter bool
	// EncounterOver is when the encounter was closed or cancelled, nil while it is under way.
	EncounterOver *time.Time
}

// Load writes tasks as the acts would have left them, and their events. tx is in the facility's scope, in which the
// encounters are.
func (m *Module) Load(ctx context.Context, tx db.Tx, ids *id.Source, all []Loaded) error {
	var rows []tasksdb.TasksTask
	var past []events.Past
	for _, l := range all {
		row, err := l.row(tx.Scope(), m.title(ctx, tx, l.Encounter, l.Code, l.Title))
		if err != nil {
			return fmt.Errorf("task %s of the load: %w", l.ID, err)
		}
		rows, past = append(rows, row), append(past, pastOf(row, l.Followed)...)
	}
	if err := db.InsertRows(ctx, tx, "tasks.task", rows); err != nil {
		return err
	}
	return m.deps.Bus.Load(ctx, tx, ids, past)
}

// row is how the moves leave the task.
func (l Loaded) row(scope db.Scope, title string) (tasksdb.TasksTask, error) {
	row := tasksdb.TasksTask{
		TenantID: scope.TenantID, ID: l.ID, FacilityID: scope.FacilityID, EncounterID: l.Encounter.ID, PatientID: l.Encounter.PatientID,
		Code: l.Code, Title: title, Status: string(tasksapi.StatusOpen), DueAt: l.DueAt, CreatedByID: id.Ptr(l.Created.By), Version: 1,
		CreatedAt: l.Created.At, UpdatedAt: l.Created.At, OutlivesEncounter: l.OutlivesEncounter,
	}
	if l.AssignedToID != nil {
		row.AssignedToID, row.AssignedAt, row.AssignedByID = l.AssignedToID, &l.Created.At, id.Ptr(l.Created.By)
	}
	for _, step := range []struct {
		move   move
		moment *Moment
	}{{start, l.Started}, {complete, l.Done}, {cancel, l.Cancelled}} {
		if step.moment == nil {
			continue
		}
		through, legal := path(tasksapi.Status(row.Status), step.move)
		if !legal || step.moment.At.Before(row.UpdatedAt) {
			return row, errIllegalTransition.With("task_status", row.Status)
		}
		for _, status := range through {
			enter(&row, status, step.moment.At, id.Ptr(step.moment.By), l.Followed)
		}
		row.Version, row.UpdatedAt = row.Version+1, step.moment.At
	}
	if l.EncounterOver != nil {
		if toDo(tasksapi.Status(row.Status)) {
			return row, fmt.Errorf("the encounter is over and the task is %s", row.Status)
		}
		row.EncounterOver, row.Version, row.UpdatedAt = true, row.Version+1, *l.EncounterOver
	}
	return row, nil
}
