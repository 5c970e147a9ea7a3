package faults_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/prove/figures"
)

// wall is a machine's clock that somebody sets.
type wall struct{ offset atomic.Int64 }

func (w *wall) now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

func (w *wall) step(d time.Duration) { w.offset.Add(int64(d)) }

// TestTheClockIsStepped sets a node's clock an hour forward and an hour back, under load, as operators and time servers
// do. The other node's clock stays, so that for a time the two differ by an hour.
func TestTheClockIsStepped(t *testing.T) {
	skipWhenHurried(t)
	t.Parallel()
	machine := &wall{}
	house := apptest.NewAt(t, clock.NewSteady(machine.now), clock.System)
	d := house.Tenant(t, "asha", "MAIN", "EAST").Day(t)
	d.Admin.Post(t, "/api/users", object{"username": "all", "full_name": "All", "password": apptest.Password, "memberships": []any{
		object{"facility_id": d.Facilities[0], "roles": []string{"receptionist", "nurse", "doctor"}}}}).Want(t, 201)
	kept := d.Receptionist.Post(t, "/api/patients", object{"full_name": "Kept", "gender": "other", "age_years": 40}, "Idempotency-Key", "kept").Want(t, 201)
	steps := scale([]time.Duration{time.Hour, -time.Hour}, []time.Duration{time.Hour, -time.Hour, -time.Hour, 2 * time.Hour, -time.Hour, 25 * time.Hour})
	acknowledged := map[string]string{} // name to id
	for _, step := range steps {
		users := [2]*apptest.Client{}
		for node := range users {
			users[node] = signInOn(t, house, node, "all").In(d.ID, d.Facilities[0])
		}
		visit := beginVisit(t, users[0])
		for range 7 {
			(&apptest.Client{House: house}).Post(t, "/api/auth/token", object{"username": "guessed", "password": "wrong"})
		}
		w := workers(t, users)
		time.Sleep(300 * time.Millisecond)
		machine.step(step)
		time.Sleep(scale(500*time.Millisecond, 3*time.Second))
		maps.Copy(acknowledged, w.finish(t, step))

		// A token does not outlive its time; a session goes on by its refresh token.
		r, err := users[0].Try(t.Context(), "GET", "/api/me", nil)
		if err != nil || r.StatusCode != 200 && (r.StatusCode != 401 || step < 0) {
			t.Errorf("after %v the token gets %d %s %v", step, r.StatusCode, r.Body, err)
		}
		renewed := (&apptest.Client{House: house}).Post(t, "/api/auth/token/refresh", object{"refresh": users[0].Refresh}).Want(t, 200)
		users[0].Access = renewed.Text("access")
		// Nobody is kept out for longer than the longest wait there is.
		if r := (&apptest.Client{House: house, Node: 1}).Post(t, "/api/auth/token", object{"username": "guessed", "password": "wrong"}); r.StatusCode == 429 {
			var seconds int
			if _, err := fmt.Sscan(r.Header.Get("Retry-After"), &seconds); err != nil || seconds > 120 {
				t.Errorf("after %v a guesser waits %s s", step, r.Header.Get("Retry-After"))
			}
		}
		// What happened later is told later, on the node whose clock was stepped too.
		visit.goOn(t, users[0])
	}
	// A key is kept for 24 hours by the clock; the long form went beyond that.
	reception := signInOn(t, house, 0, "reception").In(d.ID, d.Facilities[0])
	r := reception.Post(t, "/api/patients", object{"full_name": "Kept", "gender": "other", "age_years": 40}, "Idempotency-Key", "kept").Want(t, 201)
	if same := r.ID() == kept.ID(); same == figures.Long() {
		t.Errorf("the key's answer is replayed: %v", same)
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, house.DB.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	lost := 0
	for name, id := range acknowledged {
		var ids []string
		if err := conn.QueryRow(ctx, `SELECT array_agg(id::text) FROM patients.patient WHERE full_name = $1`, name).Scan(&ids); err != nil || len(ids) != 1 || ids[0] != id {
			t.Errorf("%s %s is there as %v %v", name, id, ids, err)
			lost++
		}
	}
	for _, sql := range []string{
		`SELECT count(*) FROM (SELECT mrn FROM patients.patient GROUP BY tenant_id, facility_id, mrn HAVING count(*) > 1) x`,
		`SELECT count(*) FROM events.event WHERE origin IS NULL`,
	} {
		var n int
		if err := conn.QueryRow(ctx, sql).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d %v: %s", n, err, sql)
		}
	}
	awaitTrue(t, 20*time.Second, func() error {
		var n int
		if err := conn.QueryRow(ctx, unsealed).Scan(&n); err != nil || n != 0 {
			return fmt.Errorf("%d records are not sealed: %w", n, err)
		}
		return nil
	})
	verified := signInOn(t, house, 0, "auditor").In(d.ID, d.Facilities[0]).Get(t, "/api/audit/verify").Want(t, 200)
	if verified.JSON["ok"] != true {
		t.Errorf("audit: %s", verified.Body)
	}
	figures.Record(t, "faults", object{"fault": "clock stepped by an hour, forward and back", "steps": len(steps), "acknowledged": len(acknowledged), "lost": lost, "sealed": verified.JSON["tree_size"]})
}

func signInOn(t *testing.T, house *apptest.House, node int, username string) *apptest.Client {
	t.Helper()
	r := (&apptest.Client{House: house, Node: node}).Post(t, "/api/auth/token", object{"username": username, "password": apptest.Password}).Want(t, 200)
	return &apptest.Client{House: house, Node: node, Access: r.Text("access"), Refresh: r.Text("refresh")}
}

// visit is an encounter that a step of the clock falls into.
type visit struct{ encounter, before string }

func beginVisit(t *testing.T, c *apptest.Client) visit {
	t.Helper()
	patient := c.Post(t, "/api/patients", object{"full_name": "Stepped " + uuid.NewString(), "gender": "other", "age_years": 40}).Want(t, 201).ID()
	v := visit{encounter: c.Post(t, "/api/encounters", object{"patient_id": patient}).Want(t, 201).ID()}
	c.Post(t, "/api/encounters/"+v.encounter+"/check-in", nil).Want(t, 200)
	v.before = c.Post(t, "/api/encounters/"+v.encounter+"/vitals", object{"pulse_bpm": 60}).Want(t, 201).ID()
	return v
}

// goOn holds the encounter against its order: each thing after what came before it, and the latest vitals the latest.
func (v visit) goOn(t *testing.T, c *apptest.Client) {
	t.Helper()
	c.Post(t, "/api/encounters/"+v.encounter+"/start-consult", nil).Want(t, 200)
	c.Post(t, "/api/encounters/"+v.encounter+"/vitals", object{"pulse_bpm": 90}).Want(t, 201)
	c.Post(t, "/api/encounters/"+v.encounter+"/assessment", object{"diagnosis": "Well"}).Want(t, 201)
	var told []string
	var at []time.Time
	for _, item := range c.Get(t, "/api/encounters/"+v.encounter+"/timeline").Want(t, 200).List("items") {
		i := item.(object)
		code := i["code"].(string)
		if slices.Contains([]string{"ENCOUNTER_CREATED", "ENCOUNTER_CHECKED_IN", "VITALS_RECORDED", "CONSULT_STARTED", "ASSESSMENT_RECORDED"}, code) {
			told = append(told, code)
			moment, err := time.Parse(time.RFC3339Nano, i["at"].(string))
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, moment)
		}
	}
	want := []string{"ENCOUNTER_CREATED", "ENCOUNTER_CHECKED_IN", "VITALS_RECORDED", "CONSULT_STARTED", "VITALS_RECORDED", "ASSESSMENT_RECORDED"}
	if !slices.Equal(told, want) || !slices.IsSortedFunc(at, time.Time.Compare) {
		t.Errorf("the timeline tells %v at %v", told, at)
	}
}

// crew is some users at work on two nodes, in process.
type crew struct {
	stop context.CancelFunc
	wait sync.WaitGroup
	mu   sync.Mutex
	ids  map[string]string // name to id
	odd  map[string]int
}

func workers(t *testing.T, users [2]*apptest.Client) *crew {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	c := &crew{stop: stop, ids: map[string]string{}, odd: map[string]int{}}
	for n := range 4 {
		c.wait.Go(func() {
			user := users[n%2]
			for ctx.Err() == nil {
				name, key := "Someone "+uuid.NewString(), uuid.NewString()
				// Told twice under one key: the second is to be answered as the first was.
				var first string
				for range 2 {
					r, err := user.Try(context.Background(), "POST", "/api/patients", object{"full_name": name, "gender": "other", "age_years": 40}, "Idempotency-Key", key)
					c.mu.Lock()
					switch {
					case err != nil:
						c.odd[err.Error()]++
					case r.StatusCode == 401: // its token is over: its client would renew it
					case r.StatusCode != 201 || first != "" && r.ID() != first:
						c.odd[fmt.Sprintf("%d %s after %s", r.StatusCode, r.Body, first)]++
					default:
						first = r.ID()
						c.ids[name] = first
					}
					c.mu.Unlock()
				}
			}
		})
	}
	return c
}

// finish ends the work and gives what was acknowledged, by name.
func (c *crew) finish(t *testing.T, step time.Duration) (acknowledged map[string]string) {
	t.Helper()
	c.stop()
	c.wait.Wait()
	for what, n := range c.odd {
		t.Errorf("stepping by %v, %d times: %s", step, n, what)
	}
	return c.ids
}
