package httpx

import (
	"context"
	"sync/atomic"
	"time"

	"hmsoftware.com/hm/kit/errs"
)

// errBusy comes before anything was read or done, so that refusing costs little and trying again is always safe.
var errBusy = errs.Unavailable("server.busy", "More is asked of this server than it can answer just now. Nothing was done; try again in a moment.", time.Second)

// capacity bounds what a node works on at once. Beyond its places a few requests wait, in line and not for long; the
// rest are refused at once. Without it, a flood makes everybody wait longer and longer until nobody is answered in
// time; with it, who is let in is answered about as fast as ever.
type capacity struct {
	places  chan struct{}
	waiting atomic.Int64
	// line is how many may wait, patience for how long.
	line     int64
	patience time.Duration
}

func newCapacity(places int, line int64, patience time.Duration) *capacity {
	return &capacity{places: make(chan struct{}, places), line: line, patience: patience}
}

// Capacity of a node. Places are several times the database's connections, since a request also reads, encodes and
// waits; the line is what a node works off in a fraction of a second.
const (
	workPlaces, workLine, workPatience = 64, 256, 2 * time.Second
	// Who is not signed in waits at a door of their own: a check of a password takes a core for 55 ms on purpose, and
	// three hundred nurses who sign in at eight must not hold up a ward.
	doorPlaces, doorLine, doorPatience = 8, 256, 10 * time.Second
)

// enter takes a place; leave gives it back.
func (c *capacity) enter(ctx context.Context) error {
	select {
	case c.places <- struct{}{}:
		return nil
	default:
	}
	if c.waiting.Add(1) > c.line {
		c.waiting.Add(-1)
		return errBusy
	}
	defer c.waiting.Add(-1)
	patience := time.NewTimer(c.patience)
	defer patience.Stop()
	select {
	case c.places <- struct{}{}:
		return nil
	case <-patience.C:
		return errBusy
	case <-ctx.Done():
		return errBusy
	}
}

func (c *capacity) leave() { <-c.places }
