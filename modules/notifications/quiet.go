package notifications

import (
	"fmt"
	"time"
)

// quietHours are a time of day to another, by the clocks of a facility. From later than to goes over midnight; the same
// twice is no time at all, and refused where it is saved.
type quietHours struct{ from, to int } // minutes after midnight

// parseQuiet reads two times HH:MM.
func parseQuiet(from, to string) (quietHours, error) {
	var minutes [2]int
	for i, s := range []string{from, to} {
		at, err := time.Parse("15:04", s)
		if err != nil {
			return quietHours{}, fmt.Errorf("%q is no time such as 22:00", s)
		}
		minutes[i] = at.Hour()*60 + at.Minute()
	}
	return quietHours{minutes[0], minutes[1]}, nil
}

// end gives when the quiet hours that at falls in are over; at itself when it falls in none.
func (h quietHours) end(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	year, month, day := local.Date()
	// A minute of the day, not time since midnight: on the day clocks change, both hours of one name are the same time.
	minute := local.Hour()*60 + local.Minute()
	if h.from == h.to || h.from < h.to && (minute < h.from || minute >= h.to) || h.from > h.to && minute < h.from && minute >= h.to {
		return at
	}
	if minute >= h.to {
		day++
	}
	end := time.Date(year, month, day, h.to/60, h.to%60, 0, 0, zone)
	if !end.After(at) {
		// The hour that clocks go back to happens twice, and at is in the second.
		end = end.Add(time.Hour)
	}
	return end.UTC()
}
