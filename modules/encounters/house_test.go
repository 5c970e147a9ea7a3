package encounters_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/tasks"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// house is encounters among the modules it works with.
type house struct {
	bus        *events.Bus
	encounters *encounters.Module
	tasks      *tasks.Module
	clock      *clock.Manual
	doctor     uuid.UUID
}

var builtIn = sync.OnceValues(packs.BuiltIn)

func newHouse(t testing.TB) house {
	t.Helper()
	library, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	h := house{bus: events.NewBus(), clock: clock.NewManual(testkit.Epoch), doctor: id.New()}
	gate := rules.New(rules.Deps{Bus: h.bus, Packs: library, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{}, Results: clinicaldocs.Reader{}, Orders: orders.Reader{}, Tasks: tasks.Reader{}})
	h.tasks = tasks.New(tasks.Deps{Bus: h.bus, Clock: h.clock, Facilities: facilities.Reader{}, Encounters: encounters.Reader{},
		Patients: patients.Reader{}, Users: iam.Reader{}, Packs: library, Gate: gate})
	h.encounters = encounters.New(encounters.Deps{Bus: h.bus, Clock: h.clock, Facilities: facilities.Reader{}, Users: iam.Reader{},
		Patients: patients.Reader{}, Packs: library, Tasks: tasks.Reader{}, Documents: clinicaldocs.Reader{}, Alerts: alerts.Reader{},
		Gate: gate})
	h.tasks.Subscribe()
	return h
}

// inFacility runs fn in a facility that has one doctor and one patient.
func inFacility(t *testing.T, with facilitiestest.With, fn func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, with)
		h := newHouse(t)
		h.hire(ctx, t, tx)
		fn(ctx, tx, h, patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Meera Nair", MRN: "M-1"}))
	})
}

// hire makes the house's doctor a member of the facility.
func (h house) hire(ctx context.Context, t testing.TB, tx db.Tx) {
	t.Helper()
	iamtest.User(ctx, t, tx, iamtest.With{ID: h.doctor, FullName: "Dr A. Rao"})
}

func createInput(patientID uuid.UUID) encounters.CreateInput {
	var in encounters.CreateInput
	in.Body.PatientID = patientID
	return in
}

func (h house) create(ctx context.Context, t testing.TB, tx db.Tx, patientID uuid.UUID) encounters.Encounter {
	t.Helper()
	e, err := h.encounters.Create(ctx, tx, createInput(patientID))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func byID(encounterID uuid.UUID) encounters.ByID { return encounters.ByID{ID: encounterID} }

func cancelInput(encounterID uuid.UUID, reason string) encounters.CancelInput {
	in := encounters.CancelInput{ByID: byID(encounterID)}
	in.Body.Reason = reason
	return in
}

func vitals(encounterID uuid.UUID) encounters.VitalsInput {
	pulse := 72.0
	return encounters.VitalsInput{ByID: byID(encounterID), Body: encounters.Vitals{PulseBPM: &pulse}}
}

func assessment(encounterID uuid.UUID) encounters.AssessmentInput {
	return encounters.AssessmentInput{ByID: byID(encounterID), Body: encounters.Assessment{Diagnosis: "Tension headache"}}
}

// inConsult leads a new encounter to its consultation.
func (h house) inConsult(ctx context.Context, t testing.TB, tx db.Tx, patientID uuid.UUID) encounters.Encounter {
	t.Helper()
	e := h.create(ctx, t, tx, patientID)
	if _, err := h.encounters.CheckIn(ctx, tx, byID(e.ID)); err != nil {
		t.Fatal(err)
	}
	e, err := h.encounters.StartConsult(ctx, tx, encounters.StartConsultInput{ByID: byID(e.ID)})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// closed leads a new encounter to its end.
func (h house) closed(ctx context.Context, t testing.TB, tx db.Tx, patientID uuid.UUID) encounters.Encounter {
	t.Helper()
	e := h.inConsult(ctx, t, tx, patientID)
	if _, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.encounters.RecordAssessment(ctx, tx, assessment(e.ID)); err != nil {
		t.Fatal(err)
	}
	e, err := h.encounters.Close(ctx, tx, closing(e.ID))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// timeline gives the codes of an encounter's timeline.
func (h house) timeline(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID) []string {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	timeline, err := h.encounters.Timeline(ctx, tx, byID(encounterID))
	if err != nil {
		t.Fatal(err)
	}
	codes := []string{}
	for _, item := range timeline.Items {
		codes = append(codes, item.Code)
	}
	return codes
}

func wantCode(t testing.TB, err error, code string) *errs.Error {
	t.Helper()
	e := errs.Of(err)
	if e == nil || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	return e
}

func wantFaults(t testing.TB, err error, locations ...string) {
	t.Helper()
	var got []string
	if e := errs.Of(err); e != nil && e.Kind == errs.KindInvalid {
		for _, f := range e.Fields {
			got = append(got, f.Location)
		}
	}
	if !slices.Equal(got, locations) {
		t.Errorf("faults at %v, want %v (%v)", got, locations, err)
	}
}

func ptr[T any](v T) *T { return &v }

var unknown = id.New()

func closing(encounterID uuid.UUID) encounters.CloseInput {
	return encounters.CloseInput{ByID: byID(encounterID)}
}
