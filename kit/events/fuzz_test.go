package events_test

import (
	"strconv"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/events"
)

// Last-Event-ID is a position that PostgreSQL can read, or none.
func FuzzPosition(f *testing.F) {
	for _, seed := range []string{
		"7.01890000-0000-7000-8000-000000000001", "7.", ".01890000-0000-7000-8000-000000000001", "-7.01890000-0000-7000-8000-000000000001", "", "7",
		"9999999999999999999.{01890000-0000-7000-8000-000000000001}", "99999999999999999999.01890000000070008000000000000001", "७.01890000-0000-7000-8000-000000000001",
		"1.2.01890000-0000-7000-8000-000000000001", "0x7.01890000-0000-7000-8000-000000000001", " 7.01890000-0000-7000-8000-000000000001",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		position, err := events.ParsePosition(text)
		if err != nil {
			return
		}
		if _, err := strconv.ParseUint(position.XID, 10, 64); err != nil || strings.Trim(position.XID, "0123456789") != "" {
			t.Fatalf("%q has the transaction %q", text, position.XID)
		}
		if again, err := events.ParsePosition(position.String()); err != nil || again != position {
			t.Fatalf("%q became %s, then %s: %v", text, position, again, err)
		}
	})
}
