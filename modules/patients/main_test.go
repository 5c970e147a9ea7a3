package patients_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients"
)

var errRolledBack = errors.New("rolled back")

func TestMain(m *testing.M) { testkit.Main(m) }

func module() *patients.Module {
	return patients.New(patients.Deps{Bus: events.NewBus(), Facilities: facilities.Reader{}, Packs: library()})
}

// inFacility runs fn in a rolled-back transaction of a facility of its own.
func inFacility(t *testing.T, fn func(ctx context.Context, tx db.Tx, m *patients.Module)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		fn(ctx, tx, module())
	})
}

func sent[T any](value T) httpx.Optional[T] { return httpx.Optional[T]{Present: true, Value: value} }

func null[T any]() httpx.Optional[T] { return httpx.Optional[T]{Present: true, Null: true} }

func date(t testing.TB, text string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// person is what a registration of the name asks; change may ask more.
func person(name string, change ...func(*patients.RegisterInput)) patients.RegisterInput {
	var in patients.RegisterInput
	in.Body.FullName, in.Body.Gender = name, "unknown"
	for _, c := range change {
		c(&in)
	}
	return in
}

func register(ctx context.Context, t testing.TB, tx db.Tx, m *patients.Module, in patients.RegisterInput) patients.Patient {
	t.Helper()
	p, err := m.Register(ctx, tx, in)
	if err != nil {
		t.Fatalf("registering %s: %v", in.Body.FullName, err)
	}
	return p
}

// find gives the names that a question finds, best first.
func find(ctx context.Context, t testing.TB, q db.DBTX, m *patients.Module, question string) []string {
	t.Helper()
	in := patients.ListInput{Q: question}
	in.Limit = 50
	page, err := m.List(ctx, q, in)
	if err != nil {
		t.Fatalf("asking %q: %v", question, err)
	}
	found := []string{}
	for _, p := range page.Results {
		found = append(found, p.FullName)
	}
	return found
}

func wantFaults(t testing.TB, err error, locations ...string) {
	t.Helper()
	var got []string
	if e := errs.Of(err); e != nil && e.Kind == errs.KindInvalid {
		for _, f := range e.Fields {
			got = append(got, f.Location)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, locations) {
		t.Errorf("got %v at %v, want faults at %v", err, got, locations)
	}
}
