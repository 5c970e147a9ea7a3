package clock_test

import (
	"testing"
	"time"

	"hmsoftware.com/hm/kit/clock"
)

func TestASteadyClockNeverGoesBack(t *testing.T) {
	t.Parallel()
	offset := time.Duration(0)
	steady := clock.NewSteady(func() time.Time { return time.Now().Add(offset) })
	began := time.Now()
	first := steady.Now()
	if d := first.Sub(began.UTC()); d < -time.Millisecond || d > time.Second {
		t.Errorf("%v away from the machine's time", d)
	}
	offset = time.Hour
	forward := steady.Now()
	if d := forward.Sub(first); d < time.Hour || d > time.Hour+time.Minute {
		t.Errorf("an hour forward is %v", d)
	}
	offset = 0
	last := forward
	for range 1000 {
		now := steady.Now()
		if !now.After(last) {
			t.Fatalf("%v comes after %v", now, last)
		}
		last = now
	}
	time.Sleep(200 * time.Millisecond)
	if d := steady.Now().Sub(last); d < 90*time.Millisecond || d > 10*time.Second {
		t.Errorf("200 ms passed as %v while the machine's clock is behind", d)
	}
	if last.Sub(forward) > time.Minute {
		t.Errorf("it ran away by %v", last.Sub(forward))
	}
	offset = 2 * time.Hour
	if d := time.Until(steady.Now()); d < 2*time.Hour-time.Second || d > 2*time.Hour+time.Second {
		t.Errorf("it does not follow again: %v away", d)
	}
}
