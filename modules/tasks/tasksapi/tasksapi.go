// Package tasksapi is the contract of the tasks module.
package tasksapi

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
)

// Status is how far a task has come.
type Status string

// The statuses. CANCELLED can follow OPEN and IN_PROGRESS; DONE can be reopened to IN_PROGRESS. A rule that
// asks again for a task that is DONE or CANCELLED makes it OPEN.
const (
	StatusOpen       Status = "OPEN"
	StatusInProgress Status = "IN_PROGRESS"
	StatusDone       Status = "DONE"
	StatusCancelled  Status = "CANCELLED"
)

// Task is what other modules ask of one.
type Task struct {
	ID     uuid.UUID
	Code   string
	Title  string
	Status Status
}

// Reader gives tasks to other modules.
type Reader interface {
	// OfEncounter lists an encounter's tasks by code; none for an encounter of another facility.
	OfEncounter(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) ([]Task, error)
}
