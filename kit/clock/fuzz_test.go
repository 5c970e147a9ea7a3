package clock_test

import (
	"encoding/json"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/clock"
)

// A date has one spelling, and what is no day of the calendar is none.
func FuzzDate(f *testing.F) {
	for _, seed := range []string{
		"2026-02-28", "2024-02-29", "2026-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-001-01-01", "2026-1-1", "2026-01-01T00:00:00Z", "", " 2026-01-01",
		"2026-00-00", "२०२६-०१-०१", "2026-01-32", "2026/01/01", "\"2026-01-01\"", "null",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		date, err := clock.ParseDate(text)
		if err != nil {
			var other clock.Date
			encoded, _ := json.Marshal(text)
			if json.Unmarshal(encoded, &other) == nil {
				t.Fatalf("%q is no date, but as JSON it is %s", text, other)
			}
			return
		}
		encoded, err := json.Marshal(date)
		var read clock.Date
		if err != nil || date.String() != text || json.Unmarshal(encoded, &read) != nil || read != date {
			t.Fatalf("%q became %s, %s, %s: %v", text, date, encoded, read, err)
		}
		next := date.AddDays(1)
		if !date.Before(next) || date.DaysUntil(next) != 1 || date.YearsUntil(date) != 0 || clock.DateOf(date.In(time.UTC)) != date {
			t.Fatalf("the day after %s is %s", date, next)
		}
	})
}

// Nothing but a JSON string of a date becomes one.
func FuzzDateJSON(f *testing.F) {
	for _, seed := range []string{`"2026-02-28"`, `null`, `7`, `{}`, `"2026-02-28`, `"\u0032026-02-28"`, ` "2026-02-28" `, `""`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var date clock.Date
		if date.UnmarshalJSON(data) == nil {
			if again, err := clock.ParseDate(date.String()); err != nil || again != date {
				t.Fatalf("%s became %s", data, date)
			}
		}
	})
}
