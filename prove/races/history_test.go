package races_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"hmsoftware.com/hm/app/apptest"
)

// field is where a race is run: two nodes on one database, and how many clients want the same thing.
type field struct {
	*apptest.Day
	racers int
	// disturb breaks something while a race is on; nil for nothing. Then answers may be missing, or say that nobody
	// knows the outcome.
	disturb func()
	// heal mends it when the race is over, before anybody looks at what came of it.
	heal func()

	tally *tally
}

// tally is what all races of a proof came to.
type tally struct {
	mu                                                               sync.Mutex
	races, operations, unknown, refused, unreached, undecided, wrong int
}

func (t *tally) add(count *int, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*count += n
}

// outcome of one racing request: its status, problem code, and the id and version it tells.
type outcome struct {
	status        int
	code, id, tag string
	replayed      bool
	// unknown: there was no answer, or one that says that nobody knows. It may have happened, or happen later, or never.
	unknown bool
	// refused: there was an answer that promises that nothing happened.
	refused bool
}

// never is when an operation without an answer ends.
const never = int64(math.MaxInt64)

// race lets every racer make its requests at once and records the history.
func (f *field) race(t *testing.T, requests int, do func(ctx context.Context, racer, request int) (input any, reply apptest.Reply, err error)) []porcupine.Operation {
	t.Helper()
	var mu sync.Mutex
	var history []porcupine.Operation
	var wait sync.WaitGroup
	start := make(chan struct{})
	began := time.Now()
	client := 0
	for racer := range f.racers {
		wait.Go(func() {
			<-start
			for request := range requests {
				ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
				call := time.Since(began).Nanoseconds()
				input, reply, err := do(ctx, racer, request)
				cancel()
				operation := porcupine.Operation{Input: input, Call: call, Return: time.Since(began).Nanoseconds()}
				o := outcome{}
				switch {
				case errors.Is(err, syscall.ECONNREFUSED) && f.disturb != nil:
					f.tally.add(&f.tally.unreached, 1) // it never left
					continue
				case err != nil:
					o.unknown = true
				default:
					o = outcome{status: reply.StatusCode, code: reply.Text("code"), id: reply.ID(), tag: reply.Header.Get("ETag"), replayed: reply.Header.Get("Idempotency-Replayed") == "true"}
					if o.status == 409 {
						o.id = reply.Text("encounter_id")
					}
					o.unknown = o.code == "server.outcome_unknown"
					o.refused = o.status == 503 && !o.unknown
				}
				if (err != nil || o.status >= 500) && f.disturb == nil || o.status == 500 {
					t.Errorf("racer %d: %v %d %s", racer, err, statusOf(reply), reply.Body)
				}
				mu.Lock()
				// A client whose request has no end begins a new life, as one process has one request at a time.
				operation.ClientId = racer
				if o.unknown {
					operation.Return = never
					client++
					operation.ClientId = f.racers + client
					f.tally.add(&f.tally.unknown, 1)
				}
				if o.refused {
					f.tally.add(&f.tally.refused, 1)
				}
				operation.Output = o
				history = append(history, operation)
				mu.Unlock()
			}
		})
	}
	close(start)
	if f.disturb != nil {
		f.disturb()
	}
	wait.Wait()
	if f.heal != nil {
		f.heal()
	}
	f.tally.add(&f.tally.races, 1)
	f.tally.add(&f.tally.operations, len(history))
	return history
}

// figures of all races.
func (t *tally) figures() object {
	return object{
		"races": t.races, "operations": t.operations, "not_linearizable": t.wrong, "undecided": t.undecided,
		"outcome_unknown": t.unknown, "refused": t.refused, "unreached": t.unreached,
	}
}

// statusOf is 0 where there was no answer.
func statusOf(r apptest.Reply) int {
	if r.Response == nil {
		return 0
	}
	return r.StatusCode
}

// some is the state of which it is only known that there is something, since the one who made it was not told.
const some = "?"

// is tells whether a state is the id of an answer, or may be.
func is(state, id string) bool { return state == id || state == some }

// check holds a history against a model whose state is a text, such as the id of what there is, "" for nothing. step gets
// answered operations only; effect says what an operation does that nobody was told of.
func (f *field) check(t *testing.T, history []porcupine.Operation, begin string, step func(state string, input any, o outcome) (legal bool, next string), effect func(state string, input any) (next string)) {
	t.Helper()
	model := porcupine.Model{
		Init: func() any { return begin },
		Step: func(state, input, output any) (bool, any) {
			o := output.(outcome)
			switch {
			case o.refused:
				return true, state
			case o.unknown:
				return true, effect(state.(string), input)
			}
			legal, next := step(state.(string), input, o)
			return legal, next
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%v -> %+v", input, output) },
	}
	result := porcupine.CheckOperationsTimeout(model, history, 20*time.Second)
	if result == porcupine.Unknown && f.disturb != nil {
		f.tally.add(&f.tally.undecided, 1)
		return
	}
	if result != porcupine.Ok {
		f.tally.add(&f.tally.wrong, 1)
		t.Errorf("the history is not linearizable (%s)", result)
		for _, o := range history {
			t.Logf("%d %d..%d %v -> %+v", o.ClientId, o.Call, o.Return, o.Input, o.Output)
		}
	}
}

// making is the effect of an operation that makes the one thing there can be.
func making(state string, _ any) string {
	if state == "" {
		return some
	}
	return state
}
