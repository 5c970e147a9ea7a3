package apptest

import "testing"

// Day is one tenant with one user per role of an outpatient day and its laboratory, and two facilities of which the first
// is theirs.
type Day struct {
	*Tenant
	Receptionist, Nurse, Doctor, Technician, Pathologist, Auditor *Client
}

// NewDay starts a house of so many nodes and fills it.
func NewDay(t testing.TB, nodes int) *Day {
	t.Helper()
	return New(t, nodes).Tenant(t, "asha", "MAIN", "EAST").Day(t)
}

// Day makes the users of an outpatient day.
func (tenant *Tenant) Day(t testing.TB) *Day {
	t.Helper()
	f := tenant.Facilities[0]
	return &Day{
		Tenant: tenant, Receptionist: tenant.User(t, "reception", f, "receptionist"), Nurse: tenant.User(t, "nurse", f, "nurse"),
		Doctor: tenant.User(t, "doctor", f, "doctor"), Auditor: tenant.User(t, "auditor", f, "auditor"),
		Technician: tenant.User(t, "technician", f, "lab_technician"), Pathologist: tenant.User(t, "pathologist", f, "pathologist"),
	}
}

// Patient registers one.
func (d *Day) Patient(t testing.TB, name string) (patientID string) {
	t.Helper()
	return d.Receptionist.Post(t, "/api/patients", map[string]any{"full_name": name, "gender": "female", "age_years": 34}).Want(t, 201).ID()
}

// Encounter opens one for a patient.
func (d *Day) Encounter(t testing.TB, patientID string) (encounterID string) {
	t.Helper()
	return d.Receptionist.Post(t, "/api/encounters", map[string]any{"patient_id": patientID}).Want(t, 201).ID()
}
