// Package patientsapi is the contract of the patients module.
package patientsapi

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
)

// Summary is what other modules show of a patient.
type Summary struct {
	ID       uuid.UUID
	FullName string
	MRN      string
	// DateOfBirth is nil when nobody knows it.
	DateOfBirth *clock.Date
	// Gender is male, female, other or unknown.
	Gender string
}

// Facts are what expressions of packs weigh of a patient: never a name or number.
type Facts struct {
	DateOfBirth *clock.Date
	Gender      string
	// SystemSpecificData is a JSON object: what each pack keeps of the patient, by pack.
	SystemSpecificData json.RawMessage
}

// Reader shows patients to other modules.
type Reader interface {
	// Facts of one patient of the scope's facility; nothing is known of any other.
	Facts(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID) (Facts, error)
	// Summaries by id. Unknown ids, and those of another tenant or facility, are absent.
	Summaries(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]Summary, error)
}

// Registered says that a facility has a new patient.
type Registered struct {
	PatientID uuid.UUID `json:"patient_id"`
}

// EventName is patients.registered.v1.
func (Registered) EventName() string { return "patients.registered.v1" }

// EventKeys puts it on the patient's record.
func (e Registered) EventKeys() events.Keys { return keys(e.PatientID) }

// Updated says that a patient's record changed, and in which fields.
type Updated struct {
	PatientID uuid.UUID `json:"patient_id"`
	Version   int32     `json:"version"`
	// Changed names the fields whose values differ now, never the values: full_name, phone ...
	Changed []string `json:"changed"`
}

// EventName is patients.updated.v1.
func (Updated) EventName() string { return "patients.updated.v1" }

// EventKeys puts it on the patient's record.
func (e Updated) EventKeys() events.Keys { return keys(e.PatientID) }

func keys(patientID uuid.UUID) events.Keys {
	return events.Keys{Entity: "patient", EntityID: patientID, PatientID: patientID}
}
