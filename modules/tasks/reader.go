package tasks

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// Reader is tasksapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ tasksapi.Reader = Reader{}

// OfEncounter lists an encounter's tasks by code.
func (Reader) OfEncounter(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) ([]tasksapi.Task, error) {
	rows, err := tasksdb.New(q).TasksOfEncounter(ctx, tasksdb.TasksOfEncounterParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: encounterID})
	if err != nil {
		return nil, err
	}
	tasks := make([]tasksapi.Task, len(rows))
	for i, row := range rows {
		tasks[i] = tasksapi.Task{ID: row.ID, Code: row.Code, Title: row.Title, Status: tasksapi.Status(row.Status)}
	}
	return tasks, nil
}
