package faults_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// sample is what an orchestrator saw when it asked.
type sample struct {
	asked, answered time.Time
	status          int // 0: no answer
}

// watch asks for liveness and readiness ten times a second, as an orchestrator does, over connections of its own.
type watch struct {
	address     string
	client      *http.Client
	stop        context.CancelFunc
	wait        sync.WaitGroup
	mu          sync.Mutex
	alive, able []sample
}

func (s *site) watch(t *testing.T) *watch {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	w := &watch{address: s.node.Address, client: &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}, stop: stop}
	t.Cleanup(stop)
	for path, into := range map[string]*[]sample{"/healthz": &w.alive, "/readyz": &w.able} {
		w.wait.Go(func() {
			for ; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
				one := sample{asked: time.Now()}
				if response, err := w.client.Get("http://" + w.address + path); err == nil {
					one.status = response.StatusCode
					_ = response.Body.Close()
				}
				one.answered = time.Now()
				w.mu.Lock()
				*into = append(*into, one)
				w.mu.Unlock()
			}
		})
	}
	return w
}

// awaitReady waits until readiness, asked for after a moment, was told.
func (w *watch) awaitReady(t *testing.T, after time.Time) {
	t.Helper()
	awaitTrue(t, 20*time.Second, func() error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if last := len(w.able) - 1; last < 0 || w.able[last].asked.Before(after) || w.able[last].status != 200 {
			return errors.New("/readyz does not say ready")
		}
		return nil
	})
}

func (w *watch) finish() {
	w.stop()
	w.wait.Wait()
	w.client.CloseIdleConnections()
}

// readinessTime is how long HM's own question to its database may take, and a little for the machine.
const readinessTime = 2*time.Second + 500*time.Millisecond

// holds checks a finished watch: the process was alive all the time, and ready exactly when its database answered, as
// far as one who asks now and then can tell. The fault was between from and to; away says that the database did not
// answer at all then.
func (w *watch) holds(t *testing.T, from, to time.Time, away bool) (readyAgain time.Duration) {
	t.Helper()
	for _, one := range w.alive {
		if one.status != 200 || one.answered.Sub(one.asked) > time.Second {
			t.Errorf("/healthz answered %d after %v, %v after the fault began", one.status, one.answered.Sub(one.asked), one.asked.Sub(from))
		}
	}
	readyAgain = -1
	seenAway := !away
	for _, one := range w.able {
		if one.answered.Sub(one.asked) > readinessTime {
			t.Errorf("/readyz took %v", one.answered.Sub(one.asked))
		}
		inside := away && one.asked.After(from) && one.answered.Before(to)
		switch {
		case inside && one.status == 200:
			t.Errorf("/readyz said ready %v after the fault began", one.asked.Sub(from))
		case inside:
			seenAway = true
		case one.asked.Before(from) && one.answered.Before(from) && one.status != 200:
			t.Errorf("/readyz said %d before the fault", one.status)
		case one.asked.After(to) && one.status == 200 && readyAgain < 0:
			readyAgain = one.answered.Sub(to)
		}
	}
	if !seenAway {
		t.Error("/readyz was not asked while the database was away")
	}
	if readyAgain < 0 {
		t.Error("/readyz did not say ready again")
	}
	return readyAgain
}

func (s *site) gauges(t *testing.T) map[string]float64 {
	t.Helper()
	values, err := s.node.Gauges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// quietTime is how long it may take until nothing is under way any more: in the background HM waits for an answer on a
// line that fell silent longer than any request does.
const quietTime = 40 * time.Second

// quietGauges waits until nothing is under way and gives the metrics then.
func (s *site) quietGauges(t *testing.T) map[string]float64 {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	var values map[string]float64
	awaitTrue(t, quietTime, func() error {
		values = s.gauges(t)
		if busy := values["hm_db_pool_connections_busy"]; busy > 1 || values["hm_http_requests_in_flight"] > 1 {
			return fmt.Errorf("%v connections are lent out, %v requests are under way", busy, values["hm_http_requests_in_flight"])
		}
		return nil
	})
	return values
}

// leaksNothing compares the metrics with those from before: what a fault took has been given back.
func (s *site) leaksNothing(t *testing.T, before map[string]float64) (goroutines float64) {
	t.Helper()
	awaitTrue(t, 30*time.Second, func() error {
		after := s.quietGauges(t)
		goroutines = after["go_goroutines"]
		switch {
		case goroutines > before["go_goroutines"]+12: // connections of the pool that were not open then have one or none each
			return fmt.Errorf("%v goroutines, before it %v", goroutines, before["go_goroutines"])
		case after["process_open_fds"] > before["process_open_fds"]+after["hm_db_pool_connections_max"]:
			return fmt.Errorf("%v open files, before it %v", after["process_open_fds"], before["process_open_fds"])
		case after["hm_db_pool_connections"] > after["hm_db_pool_connections_max"]:
			return fmt.Errorf("%v connections", after["hm_db_pool_connections"])
		}
		return nil
	})
	s.noTransactionLeft(t, 40*time.Second)
	return goroutines
}
