package notifications

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestQuietHoursEndWhenTheClockSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to, zone, at, want string
	}{
		"in the evening":                {"22:00", "06:30", "Asia/Kolkata", "2026-11-22T17:00:00Z", "2026-11-23T01:00:00Z"},
		"after midnight":                {"22:00", "06:30", "Asia/Kolkata", "2026-11-22T20:00:00Z", "2026-11-23T01:00:00Z"},
		"the first minute":              {"22:00", "06:30", "Asia/Kolkata", "2026-11-22T16:30:00Z", "2026-11-23T01:00:00Z"},
		"the minute before":             {"22:00", "06:30", "Asia/Kolkata", "2026-11-22T16:29:59Z", "2026-11-22T16:29:59Z"},
		"the last minute":               {"22:00", "06:30", "Asia/Kolkata", "2026-11-23T00:59:59Z", "2026-11-23T01:00:00Z"},
		"over":                          {"22:00", "06:30", "Asia/Kolkata", "2026-11-23T01:00:00Z", "2026-11-23T01:00:00Z"},
		"at noon":                       {"12:00", "14:00", "UTC", "2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z"},
		"the same twice is never":       {"12:00", "12:00", "UTC", "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z"},
		"clocks go forward in them":     {"22:00", "06:00", "Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T04:00:00Z"},
		"clocks go back in them":        {"22:00", "06:00", "Europe/Berlin", "2026-10-24T21:00:00Z", "2026-10-25T05:00:00Z"},
		"in the hour that is twice":     {"01:30", "02:30", "Europe/Berlin", "2026-10-25T01:15:00Z", "2026-10-25T01:30:00Z"},
		"they end in an hour that isnt": {"22:00", "02:30", "Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T01:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			hours, err := parseQuiet(c.from, c.to)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := hours.end(at, zone).UTC().Format(time.RFC3339); got != c.want {
				t.Errorf("they end at %s, want %s", got, c.want)
			}
		})
	}
}

// Whatever the hours, the zone and the time: they end within a day and an hour, and are over then.
func TestQuietHoursAlwaysEnd(t *testing.T) {
	t.Parallel()
	var zones []*time.Location
	for _, name := range []string{"UTC", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.IntRange(0, 24*60-1)
		clock := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
		hours, err := parseQuiet(clock(minute.Draw(t, "from")), clock(minute.Draw(t, "to")))
		if err != nil {
			t.Fatal(err)
		}
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(1_577_836_800, 1_893_456_000).Draw(t, "at"), 0).UTC()
		end := hours.end(at, zone)
		if end.Before(at) || end.Sub(at) > 25*time.Hour+30*time.Minute {
			t.Fatalf("at %s they end at %s", at, end)
		}
		if !end.Equal(at) && hours.from != hours.to {
			local := end.In(zone)
			// on the day clocks change, the time that they end at may not be on the clock
			if now := local.Hour()*60 + local.Minute(); now != hours.to && hours.end(end, zone).Sub(end) > 2*time.Hour {
				t.Fatalf("at %s they end at %s, which is %d and in them", at, end, now)
			}
		}
	})
}
