package httpx

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestWhoFindsNoPlaceInLineIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	c := newCapacity(1, 1, time.Hour)
	if err := c.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	let := make(chan error, 1)
	go func() { let <- c.enter(t.Context()) }()
	for c.waiting.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := c.enter(t.Context()); !errors.Is(err, errBusy) {
		t.Errorf("the third of two: %v", err)
	}
	c.leave()
	if err := <-let; err != nil {
		t.Errorf("who waited is refused although a place became free: %v", err)
	}
	if errBusy.RetryAfter <= 0 {
		t.Error("the refusal does not say when to try again")
	}
}

func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	c := newCapacity(1, 10, time.Millisecond)
	if err := c.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.enter(t.Context()); !errors.Is(err, errBusy) {
		t.Errorf("after all patience: %v", err)
	}
	c = newCapacity(1, 10, time.Hour)
	_ = c.enter(t.Context())
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := c.enter(gone); !errors.Is(err, errBusy) {
		t.Errorf("a caller that has gone: %v", err)
	}
	if c.waiting.Load() != 0 {
		t.Errorf("%d wait that do not", c.waiting.Load())
	}
}

func TestNeverMoreAtOnceThanPlaces(t *testing.T) {
	t.Parallel()
	c := newCapacity(4, 1000, time.Hour)
	var inside, most atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			if err := c.enter(t.Context()); err != nil {
				t.Error(err)
				return
			}
			defer c.leave()
			now := inside.Add(1)
			for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
			}
			inside.Add(-1)
		})
	}
	all.Wait()
	if most.Load() > 4 || len(c.places) != 0 {
		t.Errorf("%d at once, %d places never given back", most.Load(), len(c.places))
	}
}
