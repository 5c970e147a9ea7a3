package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Figure is one number of a report, under a name that is the same in every run.
type Figure struct {
	Name  string
	Value float64
	// Noise is how far it lay from its own median within the run, as a part of it.
	Noise float64
	// AtMost tells that less is better.
	AtMost bool
}

// Figures of the report that two runs are compared by.
func (r *Report) Figures() (figures []Figure) {
	add := func(name string, value, noise float64, atMost bool) {
		if value != 0 {
			figures = append(figures, Figure{name, value, noise, atMost})
		}
	}
	milliseconds := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	for _, a := range slices.Concat(r.Acts, r.Others, r.Lists) {
		add(a.Name+": rate", a.Rate.Median, a.Rate.noise(), false)
		add(a.Name+": ratio to the limit", a.Ratio.Median, a.Ratio.noise(), false)
		add(a.Name+": ratio to the limit by CPU", a.Work(), a.Rate.noise()/2, false)
		add(a.Name+": CPU of HM, us", a.ServerCPU, a.Rate.noise(), true)
		add(a.Name+": CPU of PostgreSQL, us", a.DatabaseCPU, a.Rate.noise(), true)
		add(a.Name+": p99, ms", milliseconds(a.P99), max(a.Rate.noise(), 0.15), true) // a tail varies more than a rate
	}
	for _, s := range r.Ladder {
		add(fmt.Sprintf("%s at %d clients: rate", s.Name, s.Clients), s.Rate, 0.1, false)
	}
	if r.Search != nil {
		add("search against trigrams, p95", r.Search.Ratio.Median, r.Search.Ratio.noise(), true)
	}
	if r.Rows != nil {
		add("row-level security on against off", r.Rows.Ratio.Median, r.Rows.Ratio.noise(), false)
	}
	if r.Sealing != nil {
		add("audit sealing", r.Sealing.Ratio.Median, r.Sealing.Ratio.noise(), false)
	}
	if r.Start != nil {
		add("ready after start, s", r.Start.Warm.Median, r.Start.Warm.noise(), true)
	}
	if r.Day != nil {
		for _, o := range r.Day.Acts {
			add("the day, "+o.Act+": p99, ms", milliseconds(o.P99), 0.2, true)
		}
	}
	if r.Memory != nil {
		add("memory over the day, MiB", float64(r.Memory.DayPeak)/(1<<20), 0.1, true)
	}
	add("binary, MB", float64(r.Binary)/1e6, 0, true)
	return figures
}

// Change of a figure since the run before.
type Change struct {
	Name          string
	Before, After float64
	// Sure tells that it changed by more than what the runs themselves vary by. Better and not Sure says little.
	Sure, Better bool
}

// leastChange is what no two runs are better than each other by.
const leastChange = 0.03

// Compare gives what changed from one run to the next, for figures that both have.
func Compare(before, after *Report) (changes []Change) {
	last := map[string]Figure{}
	for _, f := range before.Figures() {
		last[f.Name] = f
	}
	for _, f := range after.Figures() {
		was, ok := last[f.Name]
		if !ok {
			continue
		}
		by := f.Value/was.Value - 1
		changes = append(changes, Change{Name: f.Name, Before: was.Value, After: f.Value, Sure: math.Abs(by) > max(f.Noise+was.Noise, leastChange), Better: by < 0 == f.AtMost})
	}
	return changes
}

// Keep writes the report into the folder, named by its time, and gives the file's name.
func (r *Report) Keep(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, r.At.UTC().Format("20060102T150405Z")+".json")
	return path, os.WriteFile(path, append(text, '\n'), 0o600)
}

// Last reads the newest report of the same form and load in the folder; nil when there is none.
func Last(folder, form string, load Load) (*Report, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range slices.Backward(entries) { // in the order of their names, which are times
		if !strings.HasSuffix(entry.Name(), ".json") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		var r Report
		if json.Unmarshal(text, &r) == nil && r.Form == form && r.Load.Patients == load.Patients && r.Load.Events == load.Events {
			return &r, nil
		}
	}
	return nil, nil
}
