package outbound_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/outbound"
)

func TestBackoffGrowsToItsMostAndNeverBelowHalf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := outbound.Backoff{First: time.Duration(rapid.IntRange(1, 100).Draw(t, "first")) * time.Second}
		b.Most = b.First * time.Duration(rapid.IntRange(1, 10_000).Draw(t, "most"))
		tries, chance := rapid.IntRange(-1, 5000).Draw(t, "tries"), rapid.Float64Range(0, 0.999999).Draw(t, "chance")
		wait := b.After(tries, chance)
		if wait < b.First/2 || wait > b.Most {
			t.Fatalf("after %d tries it waits %s, between %s and %s", tries, wait, b.First, b.Most)
		}
		if later := b.After(tries+1, chance); later < wait {
			t.Fatalf("it waits %s, then %s", wait, later)
		}
		if more := b.After(tries, chance+(1-chance)/2); more < wait {
			t.Fatalf("more of chance, and it waits %s, less than %s", more, wait)
		}
		if late := b.After(5000, 0); late != b.Most/2 {
			t.Fatalf("after very many tries it waits %s of %s", late, b.Most)
		}
	})
}

// A circuit against a model: nothing goes while it waits, one goes after, all go once one got through.
func TestACircuitIsItsModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := clock.NewManual(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
		c := &outbound.Circuit{Backoff: outbound.Backoff{First: 2 * time.Second, Most: time.Minute}, Now: now.Now}
		failing := false
		var since time.Time
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"fail", "succeed", "wait"}).Draw(t, "step") {
			case "fail":
				if c.Room(8) == 0 {
					continue // nothing was tried
				}
				c.Fail("away")
				failing, since = true, now.Now()
			case "succeed":
				if c.Room(8) == 0 {
					continue
				}
				if again := c.Succeed(); again != failing {
					t.Fatalf("it says again %t while it was failing %t", again, failing)
				}
				failing = false
			case "wait":
				now.Advance(time.Duration(rapid.IntRange(1, 90_000).Draw(t, "milliseconds")) * time.Millisecond)
			}
			room, waited := c.Room(8), now.Now().Sub(since)
			trouble, _ := c.Trouble()
			switch {
			case !failing && (room != 8 || trouble != ""):
				t.Fatalf("well, and room is %d, trouble %q", room, trouble)
			case failing && trouble == "":
				t.Fatal("unwell, and it says nothing")
			case failing && waited < time.Second && room != 0:
				t.Fatalf("room is %d right after a failure", room)
			case failing && waited >= time.Minute && room != 1:
				t.Fatalf("room is %d a minute after a failure", room)
			}
		}
	})
}

func TestWhatIsNoFailureCameBeforeTheHandOver(t *testing.T) {
	t.Parallel()
	if f := outbound.FailureOf(errors.New("boom")); f.Kind != outbound.Away || f.What == "boom" {
		t.Errorf("got %+v", f)
	}
	inDoubt := outbound.Failed(outbound.InDoubt, errors.New("to doctor@example.org"), "The server left.")
	if f := outbound.FailureOf(fmt.Errorf("wrapped: %w", inDoubt)); f.Kind != outbound.InDoubt || f.Error() != "The server left." {
		t.Errorf("got %+v", f)
	}
}
