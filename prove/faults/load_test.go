package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

// answerTime is how long HM may take to answer, whatever its database does: the 15 seconds that it promises, and two for
// a machine that runs all of this at once.
const answerTime = 17 * time.Second

// act is one thing that a writer wants done, told to HM under one Idempotency-Key until it is acknowledged.
type act struct {
	kind, key, id string
	parent        string // the patient of an encounter, the encounter of vitals
	name          string // of a patient
	attempts      int
}

// load is some writers at work, and what they were told.
type load struct {
	client *apptest.Client
	stop   context.CancelFunc
	wait   sync.WaitGroup
	// mayVanish allows connections to break: the server itself is killed.
	mayVanish bool

	mu         sync.Mutex
	acts       []*act
	successes  []time.Time
	refusals   map[string]int // 503 by code
	vanished   int
	replays    int
	slowest    time.Duration
	unexpected map[string]int
	lost       int // given up: never acknowledged
}

// work sets so many writers to work until finish.
func (s *site) work(t *testing.T, writers int) *load {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	l := &load{client: s.staff, stop: stop, refusals: map[string]int{}, unexpected: map[string]int{}}
	t.Cleanup(l.stop)
	for range writers {
		l.wait.Go(func() {
			for ctx.Err() == nil {
				l.visit(ctx)
			}
		})
	}
	return l
}

// finish lets the writers end what they are at and gives the load with its books closed.
func (l *load) finish() *load {
	l.stop()
	l.wait.Wait()
	return l
}

// visit is one patient's way: registered, an encounter, checked in, measured, looked up. What was begun is told until it
// is acknowledged, also after the end of ctx; nothing new is begun then.
func (l *load) visit(ctx context.Context) {
	name := "Someone " + uuid.NewString()
	patient := l.do(&act{kind: "patient", name: name}, "/api/patients", object{"full_name": name, "gender": "other", "age_years": 40})
	if patient == "" || ctx.Err() != nil {
		return
	}
	encounter := l.do(&act{kind: "encounter", parent: patient}, "/api/encounters", object{"patient_id": patient})
	if encounter == "" || ctx.Err() != nil {
		return
	}
	if l.do(&act{kind: "check-in", parent: encounter}, "/api/encounters/"+encounter+"/check-in", nil) == "" || ctx.Err() != nil {
		return
	}
	l.do(&act{kind: "vitals", parent: encounter}, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 70})
	l.attempt("GET", "/api/patients/"+patient, nil, "")
}

// patience is how long a writer tells the same thing again.
const patience = 90 * time.Second

func (l *load) do(a *act, path string, body any) (id string) {
	a.key = uuid.NewString()
	for began := time.Now(); time.Since(began) < patience; {
		a.attempts++
		r, wait := l.attempt("POST", path, body, a.key)
		if r.Response == nil || r.StatusCode == http.StatusServiceUnavailable {
			time.Sleep(wait)
			continue
		}
		if r.StatusCode >= 300 {
			return "" // written down as unexpected
		}
		a.id = r.ID()
		l.mu.Lock()
		l.acts = append(l.acts, a)
		l.mu.Unlock()
		return a.id
	}
	l.mu.Lock()
	l.lost++
	l.mu.Unlock()
	return ""
}

// attempt makes one request and writes down how it went. Writers are less patient than Retry-After asks them to be.
func (l *load) attempt(method, path string, body any, key string) (r apptest.Reply, wait time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*answerTime)
	defer cancel()
	began := time.Now()
	r, err := l.client.Try(ctx, method, path, body, "Idempotency-Key", key)
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowest = max(l.slowest, now.Sub(began))
	switch {
	case err != nil && l.mayVanish:
		l.vanished++
		return apptest.Reply{}, 20 * time.Millisecond
	case err != nil:
		l.unexpected[err.Error()]++
		return apptest.Reply{}, 20 * time.Millisecond
	case r.StatusCode == http.StatusServiceUnavailable:
		seconds, _ := strconv.Atoi(r.Header.Get("Retry-After"))
		if r.Header.Get("Content-Type") != "application/problem+json" || r.Text("code") == "" || seconds < 1 {
			l.unexpected[fmt.Sprintf("503 %v %s", r.Header, r.Body)]++
		}
		l.refusals[r.Text("code")]++
		return r, 50 * time.Millisecond
	case r.StatusCode >= 300:
		l.unexpected[fmt.Sprintf("%s %s %d %s", method, path, r.StatusCode, r.Body)]++
	default:
		l.successes = append(l.successes, now)
		if r.Header.Get("Idempotency-Replayed") == "true" {
			l.replays++
		}
	}
	return r, 0
}

// firstAfter gives how long after a moment the first success came; negative when none did.
func (l *load) firstAfter(moment time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := time.Duration(-1)
	for _, at := range l.successes {
		if d := at.Sub(moment); d >= 0 && (first < 0 || d < first) {
			first = d
		}
	}
	return first
}

// between counts the successes of a time.
func (l *load) between(from, to time.Time) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, at := range l.successes {
		if at.After(from) && at.Before(to) {
			n++
		}
	}
	return n
}

// awaitSuccess waits until something succeeds that began after now.
func (l *load) awaitSuccess(t *testing.T, within time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	for time.Since(began) < within {
		if first := l.firstAfter(began); first >= 0 {
			return first
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("nothing succeeded within %v: %v", within, l.refusals)
	return 0
}

func (l *load) refused() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, count := range l.refusals {
		n += count
	}
	return n
}
