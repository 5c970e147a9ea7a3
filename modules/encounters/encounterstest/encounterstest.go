// Package encounterstest makes encounters for tests.
package encounterstest

import (
	"cmp"
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

// With overrides what a test cares about.
type With struct {
	// PatientID of a patient that is there already; one is made otherwise.
	PatientID         uuid.UUID
	Type              string
	Pack              string
	Status            encountersapi.Status
	AttendingDoctorID *uuid.UUID
	// SeveralActive makes one that stands beside others of its patient.
	SeveralActive bool
}

// Encounter makes an encounter in tx's scope, with the moments its status needs. No event tells of it.
func Encounter(ctx context.Context, t testing.TB, tx db.Tx, with With) encountersapi.Encounter {
	t.Helper()
	if with.PatientID == uuid.Nil {
		with.PatientID = patientstest.Patient(ctx, t, tx, patientstest.With{})
	}
	e := encountersapi.Encounter{
		ID: id.New(), PatientID: with.PatientID, Type: cmp.Or(with.Type, "OPD"), Pack: cmp.Or(with.Pack, "base"),
		Status: cmp.Or(with.Status, encountersapi.StatusCreated), AttendingDoctorID: with.AttendingDoctorID, SystemData: []byte("{}"),
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO encounters.encounter (tenant_id, id, facility_id, patient_id, encounter_type, pack, status, exclusive, attending_doctor_id,
			checked_in_at, consult_started_at, closed_at, cancelled_at, cancel_reason, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
			CASE WHEN $7 IN ('CHECKED_IN', 'IN_CONSULT', 'CLOSED') THEN $10::timestamptz END,
			CASE WHEN $7 IN ('IN_CONSULT', 'CLOSED') THEN $10::timestamptz END,
			CASE WHEN $7 = 'CLOSED' THEN $10::timestamptz END,
			CASE WHEN $7 = 'CANCELLED' THEN $10::timestamptz END,
			CASE WHEN $7 = 'CANCELLED' THEN 'For a test' END, $10, $10)`,
		tx.Scope().TenantID, e.ID, tx.Scope().FacilityID, e.PatientID, e.Type, e.Pack, string(e.Status), !with.SeveralActive, e.AttendingDoctorID, tx.Now())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Vitals makes a document of vital signs, its content a JSON object of the fields of POST /api/encounters/{id}/vitals.
func Vitals(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID, content string) (documentID uuid.UUID) {
	t.Helper()
	documentID = id.New()
	_, err := tx.Exec(ctx, `INSERT INTO encounters.document (tenant_id, id, facility_id, encounter_id, kind, content, author_id, authored_at)
		VALUES ($1, $2, $3, $4, 'VITALS', $5, $6, $7)`,
		tx.Scope().TenantID, documentID, tx.Scope().FacilityID, encounterID, content, tx.Scope().UserID, tx.Now())
	if err != nil {
		t.Fatal(err)
	}
	return documentID
}
