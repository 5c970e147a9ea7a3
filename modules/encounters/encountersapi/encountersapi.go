// Package encountersapi is the contract of the encounters module.
package encountersapi

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
)

// Status is how far an encounter has come.
type Status string

// The statuses, in the order of a visit. CANCELLED can follow any but CLOSED.
const (
	StatusCreated   Status = "CREATED"
	StatusCheckedIn Status = "CHECKED_IN"
	StatusInConsult Status = "IN_CONSULT"
	StatusClosed    Status = "CLOSED"
	StatusCancelled Status = "CANCELLED"
)

// Open tells whether an encounter of this status still takes documents, tasks and orders.
func Open(s Status) bool {
	return s == StatusCreated || s == StatusCheckedIn || s == StatusInConsult
}

// What others answer about an encounter, in the same words as this module.
var (
	ErrNotFound = errs.NotFound("encounters.not_found", "There is no such encounter.")
	ErrNotOpen  = errs.Conflict("encounters.not_open", "This encounter is closed or cancelled: nothing can be added to it.")
)

// Encounter is what other modules ask of one.
type Encounter struct {
	ID, PatientID uuid.UUID
	// Type such as OPD; a pack may add types.
	Type string
	// Pack is the medical system the encounter is led by.
	Pack              string
	Status            Status
	AttendingDoctorID *uuid.UUID
	// SystemData is the pack's own data, a JSON object.
	SystemData json.RawMessage
}

// Reader gives encounters to other modules.
type Reader interface {
	// Get reads one of the scope's facility; ErrNotFound for any other.
	Get(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) (Encounter, error)
	// Measurements gives the vital signs of a VITALS document of the scope's facility.
	Measurements(ctx context.Context, q db.DBTX, scope db.Scope, documentID uuid.UUID) (Measured, error)
	// Lock reads one and keeps its status as it is until the end of tx: what is written beside it in tx cannot slip
	// in after a close. Many may hold it at once; moves wait for them. Take it before locks of your own rows.
	Lock(ctx context.Context, tx db.Tx, encounterID uuid.UUID) (Encounter, error)
}
