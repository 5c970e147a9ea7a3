// Package report keeps what a run of the bench measured: as a JSON file, as a table for people, and against the run
// before it.
package report

import (
	"cmp"
	"slices"
	"time"

	"hmsoftware.com/hm/bench/day"
)

// Report of one run. What was not measured is zero, and Skipped says why.
type Report struct {
	At      time.Time `json:"at"`
	Commit  string    `json:"commit"`
	Form    string    `json:"form"` // full or quick
	Machine Machine   `json:"machine"`
	Load    Load      `json:"load"`

	Acts     []Act       `json:"acts"`
	Ladder   []Step      `json:"ladder"`
	Others   []Act       `json:"others"`
	Lists    []Act       `json:"lists"`
	Search   *Search     `json:"search,omitempty"`
	Rows     *Pair       `json:"row_level_security,omitempty"`
	Sealing  *Sealing    `json:"sealing,omitempty"`
	Start    *Start      `json:"start,omitempty"`
	Day      *day.Result `json:"day,omitempty"`
	Memory   *Memory     `json:"memory,omitempty"`
	Binary   int64       `json:"binary_bytes"`
	Skipped  []Skipped   `json:"skipped,omitempty"`
	Failures []string    `json:"failures,omitempty"`
	Elapsed  Nanoseconds `json:"elapsed_ns"`
}

// Nanoseconds is a duration in JSON.
type Nanoseconds = time.Duration

// Skipped is a part that was not measured.
type Skipped struct {
	Part string `json:"part"`
	Why  string `json:"why"`
}

// Machine is what it ran on.
type Machine struct {
	Processor  string  `json:"processor"`
	Cores      int     `json:"cores"`
	Memory     int64   `json:"memory_bytes"`
	Kernel     string  `json:"kernel"`
	PostgreSQL string  `json:"postgresql"`
	Go         string  `json:"go"`
	LoadBefore float64 `json:"load_before"` // average of the last minute, as the run began
	LoadAfter  float64 `json:"load_after"`
	// Syncs is how many writes of 8 KiB a second the disk makes durable one after the other.
	Syncs float64 `json:"syncs_per_second"`
}

// Load is what the database held.
type Load struct {
	Tenants    int `json:"tenants"`
	Facilities int `json:"facilities"`
	Patients   int `json:"patients"`
	Events     int `json:"events"`
	// Sites are the facilities that were acted in.
	Sites int `json:"sites"`
	// Took is how long loading took; zero when the load was there.
	Took Nanoseconds `json:"took_ns"`
}

// Value is a figure that was measured several times.
type Value struct {
	Median float64 `json:"median"`
	// Low and High are the smallest and the largest.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// ValueOf gives the middle of some measurements, and how far they lie apart.
func ValueOf(values []float64) Value {
	if len(values) == 0 {
		return Value{}
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + sorted[middle]) / 2
	}
	return Value{Median: median, Low: sorted[0], High: sorted[len(sorted)-1]}
}

// noise is how far a measurement may lie from the median, as a part of it.
func (v Value) noise() float64 {
	if v.Median == 0 {
		return 0
	}
	return (v.High - v.Low) / v.Median / 2
}

// Act is an act at one number of clients.
type Act struct {
	Name    string `json:"name"`
	Clients int    `json:"clients"`
	// Rate of right answers a second; Limit is PostgreSQL's own, in slices between HM's, Ratio that of each pair.
	Rate  Value `json:"rate"`
	Limit Value `json:"limit"`
	Ratio Value `json:"ratio"`
	// Microseconds of processor time a request: HM's, PostgreSQL's under HM, PostgreSQL's in the limit.
	ServerCPU   float64 `json:"server_cpu_us"`
	DatabaseCPU float64 `json:"database_cpu_us"`
	LimitCPU    float64 `json:"limit_cpu_us"`
	Times
	Done int `json:"done"`
	// Missed are searches that did not show who was meant. Wrong is every other answer that was not the right one.
	Missed int            `json:"missed"`
	Wrong  int            `json:"wrong"`
	Errors map[string]int `json:"errors,omitempty"`
	// Footprint is what one act leaves in each table, on average.
	Footprint []string `json:"footprint,omitempty"`
}

// Work is the limit's processor time as a part of what HM and PostgreSQL spend on the same, clients left out: the
// ratio of rates that a machine with nothing else to do would tend to. 0 without a limit.
func (a *Act) Work() float64 {
	if a.LimitCPU == 0 || a.ServerCPU+a.DatabaseCPU == 0 {
		return 0
	}
	return a.LimitCPU / (a.ServerCPU + a.DatabaseCPU)
}

// Times from request to answer.
type Times struct {
	P50 Nanoseconds `json:"p50_ns"`
	P95 Nanoseconds `json:"p95_ns"`
	P99 Nanoseconds `json:"p99_ns"`
}

// TimesOf gives the percentiles of some times, which it sorts.
func TimesOf(times []time.Duration) Times {
	slices.Sort(times)
	return Times{P50: day.Percentile(times, 50), P95: day.Percentile(times, 95), P99: day.Percentile(times, 99)}
}

// Step is an act at a number of clients, on the way up.
type Step struct {
	Name    string  `json:"name"`
	Clients int     `json:"clients"`
	Rate    float64 `json:"rate"`
	Times
	Wrong int `json:"wrong"`
}

// Search is the search for misspelt names, against a trigram index without row-level security on the same names.
type Search struct {
	Patients   int         `json:"patients"`
	Clients    int         `json:"clients"`
	P95        Value       `json:"p95_ms"`
	TrigramP95 Value       `json:"trigram_p95_ms"`
	Ratio      Value       `json:"ratio"`
	Found      float64     `json:"found"`         // share of questions for which the patient was shown
	TrigramHit float64     `json:"trigram_found"` // likewise
	Times      Times       `json:"times"`
	Index      Nanoseconds `json:"index_took_ns"`
}

// Pair is one thing with and without another.
type Pair struct {
	Name    string `json:"name"`
	With    Value  `json:"with"`
	Without Value  `json:"without"`
	Ratio   Value  `json:"ratio"`
	// Microseconds of processor time each, HM's and PostgreSQL's together: what a busy machine disturbs least.
	WithCPU    float64 `json:"with_cpu_us"`
	WithoutCPU float64 `json:"without_cpu_us"`
	Each       []Pair  `json:"each,omitempty"`
}

// Sealing is the audit trail's cost: registrations by pgbench with the sealer at work, against the same without.
type Sealing struct {
	Pair
	// Backlog is how many entries waited for their seal as the last slice ended, and Drained how long they took.
	Backlog int         `json:"backlog"`
	Drained Nanoseconds `json:"drained_ns"`
}

// Start is the time from starting the process to its being ready.
type Start struct {
	Cold Nanoseconds `json:"cold_ns"` // with PostgreSQL down
	Warm Value       `json:"warm_s"`  // with PostgreSQL up
}

// Memory of the server's process.
type Memory struct {
	AfterStart int64 `json:"after_start_bytes"`
	Peak       int64 `json:"peak_bytes"`     // over the acts at up to 64 clients
	DayUsers   int   `json:"day_users"`      // of the day
	DayPeak    int64 `json:"day_peak_bytes"` // over the day, from a fresh start
}

// ActNamed gives an act of the comparison; nil when it was not measured.
func (r *Report) ActNamed(name string) *Act {
	for i := range r.Acts {
		if r.Acts[i].Name == name {
			return &r.Acts[i]
		}
	}
	return nil
}

// Wrong counts answers that were not the right ones.
func (r *Report) Wrong() (wrong int) {
	for _, list := range [][]Act{r.Acts, r.Others, r.Lists} {
		for _, a := range list {
			wrong += a.Wrong
		}
	}
	for _, s := range r.Ladder {
		wrong += s.Wrong
	}
	if r.Day != nil {
		wrong += r.Day.Total().Failed
	}
	return wrong
}

// whySkipped gives why a part was not measured, "" when it was.
func (r *Report) whySkipped(part string) string {
	for _, s := range r.Skipped {
		if s.Part == part {
			return s.Why
		}
	}
	return ""
}

// Skip notes that a part was not measured.
func (r *Report) Skip(part, why string) {
	r.Skipped = append(r.Skipped, Skipped{part, why})
	slices.SortStableFunc(r.Skipped, func(a, b Skipped) int { return cmp.Compare(a.Part, b.Part) })
}
