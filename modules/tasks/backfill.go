package tasks

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

const backfillBatch = 500

// BackfillSteps rebuild the events that tasks prove to have happened. A row holds the last occurrence of each:
// earlier ones, what was undone since, and whether a person ended it by hand are known from events only.
func (m *Module) BackfillSteps() []events.BackfillStep {
	return []events.BackfillStep{m.backfillTasks}
}

func (m *Module) backfillTasks(ctx context.Context, tx db.Tx, after uuid.UUID) (last uuid.UUID, added int64, err error) {
	rows, err := tasksdb.New(tx).TasksAfter(ctx, tasksdb.TasksAfterParams{TenantID: tx.Scope().TenantID, After: after, MaxRows: backfillBatch})
	if err != nil {
		return last, 0, err
	}
	var past []events.Past
	for _, row := range rows {
		past = append(past, pastOf(row, byPerson)...)
		last = row.ID
	}
	added, err = m.deps.Bus.InsertMissing(ctx, tx, past)
	return last, added, err
}

// pastOf gives the events that a task's row proves.
func pastOf(row tasksdb.TasksTask, followed bool) []events.Past {
	var past []events.Past
	happened := func(at *time.Time, by *uuid.UUID, e events.Event) {
		if at == nil {
			return
		}
		p := events.Past{Event: e, FacilityID: row.FacilityID, At: *at}
		if by != nil {
			p.ActorID = *by
		}
		past = append(past, p)
	}
	happened(&row.CreatedAt, row.CreatedByID, createdEvent(row))
	if row.AssignedToID != nil {
		happened(row.AssignedAt, row.AssignedByID, assignedEvent(row))
	}
	happened(row.StartedAt, row.StartedByID, tasksapi.Started{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code})
	happened(row.CompletedAt, row.CompletedByID, tasksapi.Done{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code, Followed: followed})
	happened(row.CancelledAt, row.CancelledByID, tasksapi.Cancelled{TaskID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Code: row.Code, Followed: followed})
	return past
}
