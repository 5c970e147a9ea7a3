// Package day is a hospital's day as load: people at desks and in consulting rooms who do something, think, and do the
// next thing. The mix follows the published profile of BahmniLite's load tests: half of the people at the front desk
// (register and start a visit 40, look for a patient by number 30, by name 20, write a document 10), half doctors with
// one consultation after the other. Files cannot be uploaded yet, so a document from a template stands for an upload.
package day

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sort"
	"sync"
	"time"

	"hmsoftware.com/hm/bench/acts"
)

// Options of Run.
type Options struct {
	Address string
	Sites   []*acts.Site
	// Users are spread over the sites in turn; half of them are doctors.
	Users    int
	Duration time.Duration
	// Think is the mean pause after an act, drawn from an exponential distribution and cut at four times the mean.
	// Zero means none, which is no day but a flood.
	Think time.Duration
	// Timeout of one request; 30 s when zero.
	Timeout time.Duration
	Seed    uint64
	// Watch is called about every second with what was done so far; nil for nobody.
	Watch func(done int, elapsed time.Duration)
}

// Outcome of all acts of one name.
type Outcome struct {
	Act string `json:"act"`
	// Done were answered rightly; Missed are searches that did not show who was meant; Shed were refused for now (429
	// or 503 with Retry-After); Failed is everything else.
	Done   int `json:"done"`
	Missed int `json:"missed"`
	Shed   int `json:"shed"`
	Failed int `json:"failed"`
	// Of those done, from the first request of the act to the last answer.
	P50 time.Duration `json:"p50_ns"`
	P95 time.Duration `json:"p95_ns"`
	P99 time.Duration `json:"p99_ns"`
	Max time.Duration `json:"max_ns"`
}

// Result of a day.
type Result struct {
	Users   int           `json:"users"`
	Sites   int           `json:"sites"`
	Elapsed time.Duration `json:"elapsed_ns"`
	// Acts in the order of Mix, all of them, also those that did not happen.
	Acts []Outcome `json:"acts"`
	// Failures counts what failed by what was answered.
	Failures map[string]int `json:"failures,omitempty"`
	// Refusal is how long the slowest refusal took.
	Refusal time.Duration `json:"slowest_refusal_ns,omitempty"`
}

// Of gives the outcome of the act of that name.
func (r Result) Of(act string) Outcome {
	for _, o := range r.Acts {
		if o.Act == act {
			return o
		}
	}
	return Outcome{Act: act}
}

// Total adds up the outcomes; its percentiles are the worst act's.
func (r Result) Total() Outcome {
	total := Outcome{Act: "all"}
	for _, o := range r.Acts {
		total.Done += o.Done
		total.Missed += o.Missed
		total.Shed += o.Shed
		total.Failed += o.Failed
		total.P50, total.P95, total.P99, total.Max = max(total.P50, o.P50), max(total.P95, o.P95), max(total.P99, o.P99), max(total.Max, o.Max)
	}
	return total
}

// afterRefusal is the pause of somebody who was refused for now: what Retry-After asks for.
const afterRefusal = time.Second

// share of an act in the front desk's work.
type share struct {
	act    acts.Act
	weight int
}

var desk = []share{{acts.StartVisit, 40}, {acts.SearchByMRN, 30}, {acts.SearchByName, 20}, {acts.WriteDocument, 10}}

// Mix are the acts of the day: the desk's and the doctors'.
func Mix() []acts.Act {
	var mix []acts.Act
	for _, s := range desk {
		mix = append(mix, s.act)
	}
	return append(mix, acts.Consult)
}

func draw(random *rand.Rand) acts.Act {
	n := random.IntN(100)
	for _, s := range desk {
		if n -= s.weight; n < 0 {
			return s.act
		}
	}
	panic("day: the desk's shares are not a hundred")
}

// Prepare opens what the day needs at every site before it begins: a few encounters to write documents in.
func Prepare(ctx context.Context, o Options) error {
	for i, site := range o.Sites {
		a := &acts.Actor{Conn: acts.Dial(o.Address), Site: site, Random: rand.New(rand.NewPCG(o.Seed, uint64(i)))} //nolint:gosec // load, no secret
		err := acts.WriteDocument.Prepare(ctx, a, 5)
		a.Close()
		if err != nil {
			return fmt.Errorf("preparing the day at %s: %w", site.Name, err)
		}
	}
	return nil
}

// Run lets the day pass. It ends early, without an error, when ctx does; acts under way then are not counted.
func Run(ctx context.Context, o Options) Result {
	ctx, cancel := context.WithTimeout(ctx, o.Duration)
	defer cancel()
	began := time.Now()
	books := make([]*book, o.Users)
	var people sync.WaitGroup
	for i := range o.Users {
		books[i] = &book{took: map[string][]time.Duration{}, missed: map[string]int{}, shed: map[string]int{}, failed: map[string]int{}, failures: map[string]int{}}
		people.Go(func() { work(ctx, o, i, books[i]) })
	}
	if o.Watch != nil {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		over := make(chan struct{})
		go func() { people.Wait(); close(over) }()
		for watching := true; watching; {
			select {
			case <-over:
				watching = false
			case <-ticker.C:
				done := 0
				for _, b := range books {
					done += b.doneSoFar()
				}
				o.Watch(done, time.Since(began))
			}
		}
	}
	people.Wait()
	return closeBooks(o, books, time.Since(began))
}

// work is one person's day.
func work(ctx context.Context, o Options, number int, b *book) {
	random := rand.New(rand.NewPCG(o.Seed, uint64(number)+1_000_000)) //nolint:gosec // load, no secret
	a := &acts.Actor{Conn: acts.Dial(o.Address), Site: o.Sites[number/2%len(o.Sites)], Random: random}
	a.Timeout = o.Timeout
	defer a.Close()
	// Nobody begins on the stroke of the hour.
	pause(ctx, time.Duration(random.Float64()*float64(o.Think)))
	for ctx.Err() == nil {
		act := acts.Consult
		if number%2 == 0 {
			act = draw(random)
		}
		began := time.Now()
		err := act.Do(ctx, a)
		took := time.Since(began)
		if ctx.Err() != nil {
			return
		}
		b.enter(act.Name, took, err)
		if acts.IsShed(err) {
			pause(ctx, afterRefusal)
		}
		pause(ctx, min(time.Duration(random.ExpFloat64()*float64(o.Think)), 4*o.Think))
	}
}

func pause(ctx context.Context, length time.Duration) {
	if length <= 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(length):
	}
}

// book is what one person notes.
type book struct {
	mu                   sync.Mutex
	took                 map[string][]time.Duration
	missed, shed, failed map[string]int
	failures             map[string]int
	refusal              time.Duration
	done                 int
}

func (b *book) doneSoFar() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.done
}

func (b *book) enter(act string, took time.Duration, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil:
		b.took[act] = append(b.took[act], took)
		b.done++
	case errors.Is(err, acts.ErrMissed):
		b.missed[act]++
	case acts.IsShed(err):
		b.shed[act]++
		b.refusal = max(b.refusal, took)
	default:
		b.failed[act]++
		b.failures[act+": "+acts.Kind(err)]++
	}
}

func closeBooks(o Options, books []*book, elapsed time.Duration) Result {
	r := Result{Users: o.Users, Sites: len(o.Sites), Elapsed: elapsed, Failures: map[string]int{}}
	for _, act := range Mix() {
		outcome := Outcome{Act: act.Name}
		var all []time.Duration
		for _, b := range books {
			all = append(all, b.took[act.Name]...)
			outcome.Missed += b.missed[act.Name]
			outcome.Shed += b.shed[act.Name]
			outcome.Failed += b.failed[act.Name]
		}
		sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
		outcome.Done = len(all)
		outcome.P50, outcome.P95, outcome.P99, outcome.Max = Percentile(all, 50), Percentile(all, 95), Percentile(all, 99), Percentile(all, 100)
		r.Acts = append(r.Acts, outcome)
	}
	for _, b := range books {
		r.Refusal = max(r.Refusal, b.refusal)
		for what, n := range b.failures {
			r.Failures[what] += n
		}
	}
	return r
}

// Percentile of durations in order: the smallest that at least p in a hundred do not exceed; 0 of none.
func Percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max((len(sorted)*p+99)/100-1, 0)]
}
