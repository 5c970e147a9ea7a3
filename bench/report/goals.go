package report

import (
	"fmt"
	"time"
)

// Goal is a figure that HM must reach, and one that it wants to.
type Goal struct {
	Name, Base string
	Must, Aim  float64
	// Measured is 0 when Why says why there is no figure.
	Measured float64
	Why      string
	// AtMost tells that less is better; otherwise more is.
	AtMost bool
	Unit   string
}

// Verdict is "aim", "must", "missed" or "not measured".
func (g Goal) Verdict() string {
	reached := func(mark float64) bool {
		if g.AtMost {
			return g.Measured <= mark
		}
		return g.Measured >= mark
	}
	switch {
	case g.Why != "":
		return "not measured"
	case reached(g.Aim):
		return "aim"
	case reached(g.Must):
		return "must"
	}
	return "missed"
}

// The parts of a run that can be left out, as Skipped names them.
const (
	PartLimit   = "the limit"
	PartSearch  = "search against trigrams"
	PartRows    = "row-level security"
	PartSealing = "audit sealing"
	PartDay     = "the day"
	PartStart   = "start-up"
)

// Goals of the report, in the order of the table.
func (r *Report) Goals() []Goal {
	var goals []Goal
	ratio := func(name, act string, must, aim float64) {
		g := Goal{Name: name, Base: "pgbench, 8 clients", Must: must, Aim: aim, Unit: "x", Why: r.whySkipped(PartLimit)}
		if a := r.ActNamed(act); a != nil {
			g.Measured = a.Ratio.Median
		} else if g.Why == "" {
			g.Why = "left out"
		}
		goals = append(goals, g)
	}
	ratio("patient by id", "patient by id", 0.30, 0.50)
	ratio("newest 50", "newest 50", 0.30, 0.45)
	ratio("register", "register", 0.70, 0.90)
	add := func(part string, g Goal, measured func() (float64, bool)) {
		g.Why = r.whySkipped(part)
		value, ok := measured()
		if ok {
			g.Measured, g.Why = value, ""
		} else if g.Why == "" {
			g.Why = "left out"
		}
		goals = append(goals, g)
	}
	add(PartRows, Goal{Name: "row-level security on against off", Base: "HM itself", Must: 0.90, Aim: 1, Unit: "x"}, func() (float64, bool) {
		if r.Rows == nil {
			return 0, false
		}
		return r.Rows.Ratio.Median, true
	})
	add(PartSearch, Goal{Name: "search misspelt, p95", Base: "trigram GIN without row-level security", Must: 1.5, Aim: 1.15, AtMost: true, Unit: "x"}, func() (float64, bool) {
		if r.Search == nil {
			return 0, false
		}
		return r.Search.Ratio.Median, true
	})
	for _, d := range []struct {
		act  string
		must time.Duration
	}{{"register and start visit", 309 * time.Millisecond}, {"search by id", 464 * time.Millisecond}, {"search by name", 464 * time.Millisecond}, {"consultation", time.Second}} {
		must := float64(d.must) / float64(time.Millisecond)
		add(PartDay, Goal{Name: "the day, p99 of " + d.act, Base: "BahmniLite, 70 users", Must: must, Aim: must / 10, AtMost: true, Unit: "ms"}, func() (float64, bool) {
			if r.Day == nil || r.Day.Of(d.act).Done == 0 {
				return 0, false
			}
			return float64(r.Day.Of(d.act).P99) / float64(time.Millisecond), true
		})
	}
	add(PartDay, Goal{Name: "the day, errors", Base: "0", AtMost: true}, func() (float64, bool) {
		if r.Day == nil {
			return 0, false
		}
		total := r.Day.Total()
		return float64(total.Failed + total.Shed), true
	})
	add(PartSealing, Goal{Name: "audit sealing", Base: "the same inserts, not sealed", Must: 0.85, Aim: 0.95, Unit: "x"}, func() (float64, bool) {
		if r.Sealing == nil {
			return 0, false
		}
		return r.Sealing.Ratio.Median, true
	})
	add(PartDay, Goal{Name: "resident memory at 70 users", Must: 200, Aim: 100, AtMost: true, Unit: "MiB"}, func() (float64, bool) {
		if r.Memory == nil || r.Memory.DayPeak == 0 {
			return 0, false
		}
		return float64(r.Memory.DayPeak) / (1 << 20), true
	})
	add(PartStart, Goal{Name: "ready after start, database up", Must: 1, Aim: 0.3, AtMost: true, Unit: "s"}, func() (float64, bool) {
		if r.Start == nil {
			return 0, false
		}
		return r.Start.Warm.Median, true
	})
	add("", Goal{Name: "binary", Must: 80, Aim: 50, AtMost: true, Unit: "MB"}, func() (float64, bool) { return float64(r.Binary) / 1e6, r.Binary > 0 })
	return goals
}

// number writes a figure with as many digits as tell something.
func number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
