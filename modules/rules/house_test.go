package rules_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var builtIn = sync.OnceValues(packs.BuiltIn)

// inTenant runs fn with the rules of the built-in packs.
func inTenant(t *testing.T, fn func(ctx context.Context, tx db.Tx, m *rules.Module)) {
	t.Helper()
	library, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	withPacks(t, library, fn)
}

func withPacks(t *testing.T, known packsapi.Reader, fn func(ctx context.Context, tx db.Tx, m *rules.Module)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		fn(ctx, tx, newModule(known))
	})
}

func newModule(known packsapi.Reader) *rules.Module {
	return rules.New(rules.Deps{
		Bus: events.NewBus(), Packs: known, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{}, Results: clinicaldocs.Reader{}, Orders: orders.Reader{}, Tasks: tasks.Reader{},
	})
}

// girl is a patient of sixteen years.
func girl(ctx context.Context, t testing.TB, tx db.Tx) uuid.UUID {
	t.Helper()
	now := tx.Now()
	return patientstest.Patient(ctx, t, tx, patientstest.With{Gender: "female", DateOfBirth: &clock.Date{Year: now.Year() - 16, Month: time.January, Day: 1}})
}

// ruled is a pack whose rules use every effect on closing.
func ruled(t *testing.T, closing string) packsapi.Reader {
	t.Helper()
	library, err := packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml":          {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [OPD], order_types: []}`)},
		"base/workflows/opd.yaml": {Data: []byte("{encounter_type: OPD, steps: [], close: {tasks: [], documents: []}}")},
		"base/rules/close.yaml":   {Data: []byte(closing)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// opd is an outpatient's encounter of which everything is done.
func opd() rulesapi.CloseFacts {
	return rulesapi.CloseFacts{
		EncounterType: "OPD", Pack: "base", Status: "IN_CONSULT", Now: time.Date(2026, 3, 10, 15, 0, 0, 0, time.UTC),
		Tasks: []rulesapi.TaskFact{{Code: "record-vitals", Title: "Record vitals", Status: "DONE"}, {Code: "doctor-consult", Title: "Consult", Status: "DONE"}},
	}
}

func closeGate(ctx context.Context, t testing.TB, tx db.Tx, m *rules.Module, facts rulesapi.CloseFacts) rulesapi.CloseGate {
	t.Helper()
	gate, err := m.CloseGate(ctx, tx, tx.Scope(), facts)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}

func tuneInput(code string) rules.TuneInput { return rules.TuneInput{ByCode: rules.ByCode{Code: code}} }

func tune(ctx context.Context, t testing.TB, tx db.Tx, m *rules.Module, code string, change func(*rules.TuneInput)) rules.Rule {
	t.Helper()
	in := tuneInput(code)
	change(&in)
	rule, err := m.Tune(ctx, tx, in)
	if err != nil {
		t.Fatal(err)
	}
	return rule
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

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if e := errs.Of(err); e == nil || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func ptr[T any](v T) *T { return &v }
