package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/report"
)

func TestMain(m *testing.M) {
	code := m.Run()
	plant.RemoveBuilt()
	os.Exit(code)
}

// tiny is a whole run on next to nothing: what it measures says nothing, that it measures everything says a lot.
func tiny(t *testing.T) options {
	began := time.Now()
	return options{
		quick: true, tenants: 3, patients: 300, events: 1500, slice: 150 * time.Millisecond, pairs: 1, clients: 4, ladder: []int{4, 8},
		users: 6, day: 2 * time.Second, think: 200 * time.Millisecond, registrations: 3, vitals: 60, open: 3,
		progress: func(format string, values ...any) {
			t.Logf("%4.1f s  %s", time.Since(began).Seconds(), fmt.Sprintf(format, values...))
		}, noLimit: true,
	}
}

// TestTheWholeBench holds that every act succeeds, that the limit leaves the same rows as HM, that row-level security
// binds both and is on afterwards, and that the report has a row for everything. No time is asserted.
func TestTheWholeBench(t *testing.T) {
	t.Parallel()
	r, err := measure(t.Context(), tiny(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, failure := range r.Failures {
		t.Error(failure)
	}
	for _, list := range [][]report.Act{r.Acts, r.Others, r.Lists} {
		for _, a := range list {
			if a.Wrong > 0 || a.Done+a.Missed == 0 {
				t.Errorf("%s: %d right, %d wrong: %v", a.Name, a.Done, a.Wrong, a.Errors)
			}
		}
	}
	if wrong := r.Wrong(); wrong > 0 {
		t.Errorf("%d answers were wrong; the day's: %v", wrong, r.Day.Failures)
	}
	withoutLimit := map[string]bool{}
	for _, s := range r.Skipped {
		t.Logf("not measured: %s: %s", s.Part, s.Why)
		withoutLimit[s.Part] = true
	}
	for _, act := range acts.Compared() {
		a := r.ActNamed(act.Name)
		switch {
		case a == nil || a.Rate.Median == 0 || a.P99 == 0:
			t.Errorf("%s is not in the report", act.Name)
		case withoutLimit[report.PartLimit]:
		case a.Ratio.Median == 0:
			t.Errorf("%s has no limit", act.Name)
		case act.Name != acts.PatientByID.Name && act.Name != acts.NewestPatients.Name && len(a.Footprint) < 3:
			t.Errorf("%s leaves only %v", act.Name, a.Footprint)
		}
	}
	for _, g := range r.Goals() {
		if g.Why == "left out" {
			t.Errorf("the goal %q has no figure", g.Name)
		}
	}
	if len(r.Lists) < 8 || len(r.Ladder) != 8 || r.Binary == 0 || r.Machine.Syncs == 0 || r.Start == nil || r.Rows == nil {
		t.Errorf("the report lacks something: %+v", r)
	}
	printsWhole(t, r)
}

func printsWhole(t *testing.T, r *report.Report) {
	t.Helper()
	folder := t.TempDir()
	if _, err := r.Keep(folder); err != nil {
		t.Fatal(err)
	}
	last, err := report.Last(folder, r.Form, r.Load)
	if err != nil || last == nil {
		t.Fatalf("what was kept is not found again: %v", err)
	}
	for _, markdown := range []bool{false, true} {
		var out bytes.Buffer
		r.Print(&out, markdown, last)
		for _, want := range []string{"Goals", "patient by id", "Every list of openapi.json", "GET /api/patients", "row-level security", "consultation", "nothing"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the table lacks %q:\n%s", want, out.String())
			}
		}
	}
}

func TestWrongFlagsAreRefused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--nothing"}, {"stray"}, {"--pairs=-1"}, {"--seconds=x"}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
