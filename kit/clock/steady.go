package clock

import (
	"sync"
	"time"
)

// NewSteady makes a clock out of one that may be stepped, as operators and time servers do. It follows steps forward at
// once. When the other is stepped back it does not go back: it goes on at half the speed until the other has caught up,
// so that what happens later is told later, and what was to last a minute lasts two at most, not an hour. No two answers
// are equal.
func NewSteady(wall func() time.Time) Clock { return &steady{wall: wall} }

type steady struct {
	wall func() time.Time

	mu    sync.Mutex
	told  time.Time // the last answer
	asked time.Time // when that was, with the monotonic reading, which nobody can step
}

func (s *steady) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := time.Now()
	now := s.wall().UTC().Truncate(time.Microsecond)
	if !now.After(s.told) {
		passed := asked.Sub(s.asked) / 2
		now = s.told.Add(max(passed.Truncate(time.Microsecond), time.Microsecond))
	}
	s.told, s.asked = now, asked
	return now
}
