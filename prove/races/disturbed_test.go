package races_test

import (
	"fmt"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/prove/faults/proxy"
	"hmsoftware.com/hm/prove/figures"
)

// ward is two nodes as processes on one database, whose line can be cut.
type ward struct {
	database *proxy.Database
	nodes    [2]*plant.Node
	day      *apptest.Day
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{}
	var err error
	if w.database, err = proxy.StartDatabase(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.database.Stop(); err != nil {
			t.Errorf("stopping PostgreSQL: %v", err)
		}
	})
	for i := range w.nodes {
		w.nodes[i] = apptest.Node(t)
		w.nodes[i].Flags = []string{"--database-url", w.database.URL}
		w.start(t, i)
	}
	out, faults, code, err := w.nodes[0].Run(t.Context(), apptest.Password+"\n", "tenants", "create", "asha", "Asha Hospital", "--facility", "MAIN=Main",
		"--admin", "admin.asha", "--password-stdin", "--database-url", w.database.Direct)
	if err != nil || code != 0 {
		t.Fatalf("tenants create: %d %v %s", code, err, faults)
	}
	w.day = apptest.Outside(w.nodes[0].Address, w.nodes[1].Address).Founded(t, out, "admin.asha").Day(t)
	return w
}

func (w *ward) start(t *testing.T, node int) {
	t.Helper()
	if _, err := w.nodes[node].Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestDisturbedRaces runs the races while a node is killed or the line to the database is cut, so that some requests have
// no answer. As with Jepsen, those may have happened, or happen later, or never; those that were told that nothing was
// saved must not have.
func TestDisturbedRaces(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	t.Parallel()
	random, seed := seeded(t)
	w := newWard(t)
	all := &tally{}
	began := time.Now()
	rounds, kills, cuts := 1, 0, 0
	if figures.Long() {
		rounds = 24
	}
	for round := range rounds {
		racers := 8
		if figures.Long() {
			racers = 8 << random.IntN(4) // 8 to 64
		}
		t.Run(fmt.Sprintf("round %d, %d racers", round+1, racers), func(t *testing.T) {
			renew(t, w.day)
			for i, r := range races {
				pause := time.Duration(random.IntN(60)) * time.Millisecond
				every, node := 3+random.IntN(6), random.IntN(2)
				kill := i == (round*4+node)%len(races) || figures.Long() && random.IntN(4) == 0
				f := &field{Day: w.day, racers: racers, tally: all}
				f.disturb = func() {
					time.Sleep(pause)
					if kill {
						w.nodes[node].Kill()
						return
					}
					switch every % 3 {
					case 0:
						w.database.CutAll()
					case 1:
						w.database.Cut(func(m proxy.Moment, n int) bool { return m == proxy.CommitDone && n%every == 1 })
					default:
						w.database.Cut(func(m proxy.Moment, n int) bool { return m == proxy.Message && n%(17*every) == 0 })
					}
				}
				ok := t.Run(r.name, func(t *testing.T) {
					f.heal = func() {
						cuts += w.database.Cut(nil)
						if kill {
							w.nodes[node].Kill()
							w.start(t, node)
							kills++
						}
						// A connection that was idle for a second is tried before it is used: what was cut is found out then.
						time.Sleep(1100 * time.Millisecond)
					}
					r.run(t, f)
				})
				if !ok {
					t.Logf("racers=%d pause=%v every=%d node=%d kill=%v", racers, pause, every, node, kill)
				}
			}
		})
	}
	values := all.figures()
	values["disturbed"], values["rounds"], values["seed"], values["seconds"], values["kills"], values["cuts"] = true, rounds, seed, int(time.Since(began).Seconds()), kills, cuts
	figures.Record(t, "races", values)
}
