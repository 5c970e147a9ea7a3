// Package endurance lets the hospital's day pass on a real node for an hour and watches what must not grow: memory,
// goroutines, connections, dead rows. What an hour's slope would fill in a month shows in the last third of it.
package endurance_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/day"
	"hmsoftware.com/hm/kit/embedpg"
	"hmsoftware.com/hm/prove/figures"
)

// LengthVariable names the environment variable that holds another length than an hour, "20m".
const LengthVariable = "HM_PROVE_ENDURANCE"

func TestMain(m *testing.M) {
	code := m.Run()
	plant.RemoveBuilt()
	os.Exit(code)
}

// sample is the state of the node and its database at one moment.
type sample struct {
	resident, heap, goroutines, connections float64
	// dead of each table with many: its share of rows that nobody will see again.
	dead map[string]float64
}

func TestNothingGrowsButTheRecord(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	length, users, think, hospitals, patients := 15*time.Second, 20, 100*time.Millisecond, 2, 50
	if figures.Long() {
		length, users, think, hospitals, patients = time.Hour, 70, 5*time.Second, 10, 500
		if text := os.Getenv(LengthVariable); text != "" {
			var err error
			if length, err = time.ParseDuration(text); err != nil || length < time.Minute {
				t.Fatalf("%s is %q, not a length such as 20m, at least 1m", LengthVariable, text)
			}
		}
	}
	ctx := t.Context()
	node := apptest.Node(t)
	if _, err := node.Start(ctx); err != nil {
		t.Fatal(err)
	}
	owner := connect(t, node)
	sites, err := acts.Found(ctx, node, hospitals, patients)
	if err != nil {
		t.Fatal(err)
	}
	options := day.Options{Address: node.Address, Sites: sites, Users: users, Duration: length, Think: think, Seed: uint64(time.Now().UnixNano())}
	if err := day.Prepare(ctx, options); err != nil {
		t.Fatal(err)
	}
	// A warm-up fills caches and pools; what it took does not count as growth.
	warm := options
	warm.Duration = length / 10
	day.Run(ctx, warm)

	var samples []sample
	every := max(length/60, time.Second)
	watching, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for watching.Err() == nil {
			s, err := look(watching, node, owner)
			if err == nil {
				samples = append(samples, s)
			} else if watching.Err() == nil {
				t.Errorf("looking at the node: %v", err)
			}
			select {
			case <-watching.Done():
			case <-time.After(every):
			}
		}
	}()
	result := day.Run(ctx, options)
	stop()
	<-watched
	report(t, result, samples)

	for _, site := range sites {
		if out, faults, exit, err := node.Run(ctx, "", "audit", "verify", "--tenant", site.Name); err != nil || exit != 0 {
			t.Errorf("audit verify of %s: %d %s %s %v", site.Name, exit, out, faults, err)
		}
	}
}

func report(t *testing.T, result day.Result, samples []sample) {
	t.Helper()
	total := result.Total()
	values := map[string]any{
		"users": result.Users, "minutes": result.Elapsed.Minutes(), "acts": total.Done, "failed": total.Failed, "refused": total.Shed, "missed": total.Missed, "samples": len(samples),
	}
	if total.Failed > 0 {
		t.Errorf("%d acts failed: %v", total.Failed, result.Failures)
	}
	if total.Done == 0 || len(samples) < 6 {
		t.Fatalf("%d acts, %d samples: too few to tell anything", total.Done, len(samples))
	}
	third := len(samples) / 3
	first, last := samples[:third], samples[len(samples)-third:]
	for _, m := range []struct {
		name string
		of   func(sample) float64
		// may is by how much the median of the last third may exceed that of the first, beside a tenth of it.
		may float64
	}{
		{"resident_mib", func(s sample) float64 { return s.resident / (1 << 20) }, 24},
		{"heap_mib", func(s sample) float64 { return s.heap / (1 << 20) }, 24},
		{"goroutines", func(s sample) float64 { return s.goroutines }, 20},
		// The pool opens its 16 as they are needed, so it may still fill up; never beyond.
		{"connections", func(s sample) float64 { return s.connections }, 8},
	} {
		before, after := median(first, m.of), median(last, m.of)
		values[m.name] = fmt.Sprintf("%.0f -> %.0f", before, after)
		if after > before*1.1+m.may {
			t.Errorf("%s grew from %.1f to %.1f", m.name, before, after)
		}
	}
	worst, share := "", 0.0
	for table, dead := range samples[len(samples)-1].dead {
		if dead > share {
			worst, share = table, dead
		}
	}
	values["worst_dead_rows"] = fmt.Sprintf("%s %.0f %%", worst, share*100)
	if share > 0.5 {
		t.Errorf("%.0f %% of %s are dead rows: nobody clears them away", share*100, worst)
	}
	for _, act := range result.Acts {
		values["p99_ms "+act.Act] = act.P99.Milliseconds()
	}
	figures.Record(t, "endurance", values)
}

func median(samples []sample, of func(sample) float64) float64 {
	var all []float64
	for _, s := range samples {
		all = append(all, of(s))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func connect(t *testing.T, node *plant.Node) *pgx.Conn {
	t.Helper()
	// The node has started it; this only joins, and leaves it running.
	server, err := embedpg.AttachOrStart(t.Context(), embedpg.Options{DataDir: node.DataDir})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		_ = conn.Close(ctx)
		_ = server.Stop(ctx)
	})
	return conn
}

func look(ctx context.Context, node *plant.Node, owner *pgx.Conn) (sample, error) {
	usage, err := plant.ProcessUsage(node.PID())
	if err != nil {
		return sample{}, err
	}
	s := sample{resident: float64(usage.Resident), dead: map[string]float64{}}
	metrics, err := node.Gauges(ctx)
	if err != nil {
		return sample{}, err
	}
	for name, into := range map[string]*float64{"go_goroutines": &s.goroutines, "go_memstats_heap_inuse_bytes": &s.heap} {
		value, found := metrics[name]
		if !found {
			return sample{}, fmt.Errorf("the metrics have no %s", name)
		}
		*into = value
	}
	if err := owner.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&s.connections); err != nil {
		return sample{}, err
	}
	// Below ten thousand PostgreSQL rightly does not bother.
	rows, err := owner.Query(ctx, `SELECT schemaname || '.' || relname, n_dead_tup::float8 / (n_live_tup + n_dead_tup) FROM pg_stat_user_tables WHERE n_live_tup + n_dead_tup > 10000`)
	if err != nil {
		return sample{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		var dead float64
		if err := rows.Scan(&table, &dead); err != nil {
			return sample{}, err
		}
		s.dead[table] = dead
	}
	return s, rows.Err()
}
