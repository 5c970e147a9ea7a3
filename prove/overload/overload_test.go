// Package overload asks a node for ten times what it can bear, and holds it to what it promises then: nobody is let
// fall, everybody is answered or refused with 503 and when to come back; who is answered waits a bounded time; and when
// the flood is over, everything is at once as before.
package overload_test

import (
	"os"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/day"
	"hmsoftware.com/hm/prove/figures"
)

func TestMain(m *testing.M) {
	code := m.Run()
	plant.RemoveBuilt()
	os.Exit(code)
}

// bearable is how many people without a pause one node serves at about its best rate; the flood is ten times as many.
const bearable, flood = 64, 640

func TestAFloodIsTurnedAwayAndForgotten(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	length := 4 * time.Second
	if figures.Long() {
		length = time.Minute
	}
	ctx := t.Context()
	node := apptest.Node(t)
	if _, err := node.Start(ctx); err != nil {
		t.Fatal(err)
	}
	sites, err := acts.Found(ctx, node, 4, 50)
	if err != nil {
		t.Fatal(err)
	}
	options := day.Options{Address: node.Address, Sites: sites, Duration: length, Seed: 1}
	if err := day.Prepare(ctx, options); err != nil {
		t.Fatal(err)
	}
	run := func(users int, length time.Duration) day.Result {
		o := options
		o.Users, o.Duration = users, length
		return day.Run(ctx, o)
	}
	before := run(bearable, length)
	during := run(flood, length)
	peak, err := plant.ProcessUsage(node.PID())
	if err != nil {
		t.Fatal(err)
	}
	after := run(bearable, length)

	rate := func(r day.Result) float64 { return float64(r.Total().Done) / r.Elapsed.Seconds() }
	figures.Record(t, "overload", map[string]any{
		"users": bearable, "flood_users": flood, "seconds": length.Seconds(),
		"acts_per_second_before": rate(before), "acts_per_second_during": rate(during), "acts_per_second_after": rate(after),
		"refused_during": during.Total().Shed, "failed_before_during_after": []int{before.Total().Failed, during.Total().Failed, after.Total().Failed},
		"worst_p99_ms_before": before.Total().P99.Milliseconds(), "worst_p99_ms_during": during.Total().P99.Milliseconds(), "worst_p99_ms_after": after.Total().P99.Milliseconds(),
		"slowest_refusal_ms": during.Refusal.Milliseconds(), "peak_resident_mib": peak.Peak >> 20,
	})
	for name, r := range map[string]day.Result{"before": before, "during": during, "after": after} {
		if r.Total().Failed > 0 {
			t.Errorf("%s the flood: %v", name, r.Failures)
		}
	}
	if before.Total().Shed > 0 || after.Total().Shed > 0 {
		t.Errorf("refused %d before the flood and %d after it, when there was room for all", before.Total().Shed, after.Total().Shed)
	}
	if during.Total().Shed == 0 {
		t.Error("nobody was turned away: this was no flood")
	}
	if during.Total().Done == 0 || after.Total().Done == 0 {
		t.Errorf("nobody was served: %d during, %d after", during.Total().Done, after.Total().Done)
	}
	out, faults, exit, err := node.Run(ctx, "", "audit", "verify", "--tenant", "house1")
	if err != nil || exit != 0 {
		t.Errorf("audit verify after the flood: %d %s %s %v", exit, out, faults, err)
	}
}
