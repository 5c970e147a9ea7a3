// Package patientstest makes patients for tests.
package patientstest

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
)

// With overrides what a test cares about.
type With struct {
	FullName    string
	MRN         string
	Gender      string
	DateOfBirth *clock.Date
}

// Patient makes a patient in tx's scope. It is not found by searching until the search entries are rebuilt.
func Patient(ctx context.Context, t testing.TB, tx db.Tx, with With) uuid.UUID {
	t.Helper()
	patientID := id.New()
	if with.FullName == "" {
		with.FullName = "A patient"
	}
	if with.MRN == "" {
		with.MRN = "TEST-" + patientID.String()
	}
	if with.Gender == "" {
		with.Gender = "unknown"
	}
	_, err := tx.Exec(ctx, `
		WITH made AS (
			INSERT INTO patients.patient (tenant_id, id, facility_id, mrn, full_name, date_of_birth, gender, created_at, updated_at)
			VALUES ($1, $2, $3, upper($4), $5, $6, $7, $8, $8))
		INSERT INTO patients.search_entry (tenant_id, patient_id, facility_id, key_version, sort_name, keys) VALUES ($1, $2, $3, 0, '', '{}')`,
		tx.Scope().TenantID, patientID, tx.Scope().FacilityID, with.MRN, with.FullName, with.DateOfBirth, with.Gender, tx.Now())
	if err != nil {
		t.Fatal(err)
	}
	return patientID
}
