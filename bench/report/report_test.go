package report

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func sample(rate float64) *Report {
	return &Report{
		At: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), Form: "full", Load: Load{Patients: 10},
		Acts: []Act{{Name: "patient by id", Clients: 8, Rate: Value{rate, rate * 0.95, rate * 1.05}, Ratio: Value{Median: 0.4, Low: 0.4, High: 0.4}}},
	}
}

func TestValueOf(t *testing.T) {
	t.Parallel()
	if got := ValueOf([]float64{3, 1, 2}); got != (Value{2, 1, 3}) {
		t.Errorf("%+v", got)
	}
	if got := ValueOf([]float64{4, 1, 2, 3}); got.Median != 2.5 {
		t.Errorf("%+v", got)
	}
	if got := ValueOf(nil); got != (Value{}) {
		t.Errorf("%+v", got)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		goal Goal
		want string
	}{
		{Goal{Must: 0.3, Aim: 0.5, Measured: 0.5}, "aim"},
		{Goal{Must: 0.3, Aim: 0.5, Measured: 0.3}, "must"},
		{Goal{Must: 0.3, Aim: 0.5, Measured: 0.29}, "missed"},
		{Goal{Must: 1.5, Aim: 1.15, Measured: 1.1, AtMost: true}, "aim"},
		{Goal{Must: 1.5, Aim: 1.15, Measured: 1.2, AtMost: true}, "must"},
		{Goal{Must: 1.5, Aim: 1.15, Measured: 1.6, AtMost: true}, "missed"},
		{Goal{Must: 1.5, Aim: 1.15, AtMost: true, Why: "no time"}, "not measured"},
	} {
		if got := c.goal.Verdict(); got != c.want {
			t.Errorf("%+v is %s", c.goal, got)
		}
	}
}

func TestWhatWasNotMeasuredMeetsNoGoal(t *testing.T) {
	t.Parallel()
	r := &Report{}
	r.Skip(PartDay, "no time")
	for _, g := range r.Goals() {
		if g.Verdict() != "not measured" {
			t.Errorf("%s: %s", g.Name, g.Verdict())
		}
	}
}

func TestOnlyChangesBeyondNoiseAreSure(t *testing.T) {
	t.Parallel()
	for rate, want := range map[float64]Change{1050: {Sure: false, Better: true}, 1300: {Sure: true, Better: true}, 700: {Sure: true, Better: false}} {
		changes := Compare(sample(1000), sample(rate))
		if len(changes) != 2 || changes[0].Sure != want.Sure || changes[0].Better != want.Better {
			t.Errorf("from 1000 to %.0f: %+v", rate, changes)
		}
		if changes[1].Sure {
			t.Errorf("what did not change is sure to have: %+v", changes[1])
		}
	}
}

func TestLastIsOfTheSameFormAndLoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	older, newer, other := sample(1), sample(2), sample(3)
	newer.At, other.At = newer.At.Add(time.Hour), other.At.Add(2*time.Hour)
	other.Load.Patients = 11
	for _, r := range []*Report{older, newer, other} {
		if _, err := r.Keep(folder); err != nil {
			t.Fatal(err)
		}
	}
	last, err := Last(folder, "full", Load{Patients: 10})
	if err != nil || last == nil || last.ActNamed("patient by id").Rate.Median != 2 {
		t.Errorf("got %+v, %v", last, err)
	}
	for _, none := range []struct{ folder, form string }{{folder, "quick"}, {folder + "/nowhere", "full"}} {
		if last, err := Last(none.folder, none.form, Load{Patients: 10}); last != nil || err != nil {
			t.Errorf("%+v: got %+v, %v", none, last, err)
		}
	}
}

func TestColumnsAreAligned(t *testing.T) {
	t.Parallel()
	tab := table{title: "T", head: []string{"act", "rate"}}
	tab.add("patient by id", "12345")
	tab.add("x", "1")
	var out bytes.Buffer
	tab.print(&out, false)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if utf8.RuneCountInString(lines[2]) != utf8.RuneCountInString(lines[3]) || !strings.HasSuffix(lines[3], "    1") {
		t.Errorf("got\n%s", out.String())
	}
	out.Reset()
	tab.print(&out, true)
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n")[2:] {
		if strings.Count(line, "|") != 3 {
			t.Errorf("not a row of a table: %s", line)
		}
	}
}
