// Package clock is the only source of the present time, so that tests can hold and move it.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time in UTC, to the microsecond: what PostgreSQL stores, so that a value written
// and read back is equal.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock, made steady.
var System = NewSteady(time.Now)

// Manual is a clock that tests set. Safe for concurrent use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual stands still at now.
func NewManual(now time.Time) *Manual {
	return &Manual{now: now.UTC().Truncate(time.Microsecond)}
}

// Now gives the time it was set to.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set puts the clock at now.
func (m *Manual) Set(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = now.UTC().Truncate(time.Microsecond)
}

// Advance moves the clock by d; a negative d steps it back.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}
