package injection_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/prove/figures"
)

// without are the operations that no string is sent to, each with its reason.
var without = map[string]string{
	"POST /api/auth/logout": "a body that it accepts ends the session that sends all the others",
	"GET /api/stream":       "answers without end; its one header of its own is parsed before, which extra has",
}

// needsMore are operations whose valid request cannot be made here, so that their strings stand beside values that
// are refused; each with its reason.
var needsMore = map[string]string{
	"POST /api/auth/token/refresh":                  "each refresh token is good for one use",
	"POST /api/me/password":                         "whoever tries it no longer has the password that the next trial sends",
	"POST /api/me/totp":                             "from then on signing in would ask for a code",
	"POST /api/me/totp/confirm":                     "takes the code of an authenticator",
	"POST /api/me/totp/disable":                     "the same",
	"POST /api/packs":                               "takes a zip; what a zip may hold is tried by FuzzArchive",
	"GET /api/repertory/rubrics/{id}":               "no hospital has a repertory until one is imported",
	"POST /api/repertory/analyses":                  "the same",
	"GET /api/lab/report-check/{token}":             "its token is on the printed report only",
	"POST /api/lab/autoverification/suspend":        "each needs that it is on, and the next that it is not",
	"POST /api/lab/autoverification/resume":         "the same",
	"POST /api/notifications/deliveries/{id}/retry": "nothing was given up",
	"DELETE /api/notifications/push-subscriptions":  "no browser shows messages",
	"GET /api/lab/reports/{id}/pdf":                 "an installation may have no typesetter",
	"POST /api/lab/reports/print":                   "the same",
	"GET /api/lab/samples/{id}/label":               "the same, for PDF",
	"POST /api/lab/labels":                          "the same",
	"PUT /api/rules/{code}":                         "no rule has a parameter that every hospital may set freely",
}

// campaign is one run of all strings.
type campaign struct {
	*hospital
	t        *testing.T
	texts    []string
	requests atomic.Int64
	places   atomic.Int64
	stored   atomic.Int64
	refused  atomic.Int64
	slowest  atomic.Int64
	mu       sync.Mutex
	told     map[string]int
}

// TestNoStringIsMoreThanData sends hostile strings through every place of every operation.
func TestNoStringIsMoreThanData(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	c := &campaign{hospital: h, t: t, texts: inTurn(), told: map[string]int{}}
	bystander := h.Tenant(t, "birch", "MAIN").Day(t)
	encounter := bystander.Encounter(t, bystander.Patient(t, "Bystander"))
	bystander.Nurse.Post(t, "/api/encounters/"+encounter+"/check-in", nil).Want(t, 200)
	trips := c.arm(t)
	shape, rows := c.shape(t), h.TenantRows(t, bystander.ID, bystander.Facilities[0])

	var group errgroup.Group
	group.SetLimit(3)
	for number := range h.Contract.Operations {
		o := &h.Contract.Operations[number]
		if without[o.Method+" "+o.Path] != "" {
			continue
		}
		group.Go(func() error { c.operation(o, number); return nil })
	}
	_ = group.Wait()

	if now := c.trips(t); now != trips {
		t.Errorf("%d strings were executed", now-trips)
	}
	if now := c.shape(t); now != shape {
		t.Errorf("the schema is another one")
	}
	for _, table := range rows.Differences(h.TenantRows(t, bystander.ID, bystander.Facilities[0])) {
		t.Errorf("rows of a bystander changed in %s", table)
	}
	if c.requests.Load() < 2000 || c.stored.Load() < 200 || c.refused.Load() < 200 {
		t.Errorf("only %d requests, %d stored, %d refused: the document or the strings are too thin", c.requests.Load(), c.stored.Load(), c.refused.Load())
	}
	figures.Record(t, "injection", map[string]any{
		"requests": c.requests.Load(), "operations": len(h.Contract.Operations) - len(without), "places": c.places.Load(), "strings": len(c.texts) + 2*len(twins),
		"stored_unchanged": c.stored.Load(), "refused": c.refused.Load(), "executed": c.trips(t) - trips, "slowest_ms": c.slowest.Load(), "tables_unchanged": len(rows),
	})
}

// fault tells the first few of a kind.
func (c *campaign) fault(o *apptest.Operation, s apptest.Slot, what, detail string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := o.ID + s.String() + what
	if c.told[key]++; c.told[key] <= 2 {
		c.t.Errorf("%s %s, %s: %s: %s", o.Method, o.Path, s, what, detail)
	}
}

// extra are headers that every operation reads, in the document or not.
var extra = []string{"Authorization", "Cookie", "X-Request-ID", "Accept", "Accept-Language", "Content-Type", "Origin", "User-Agent", "X-Forwarded-For", "Forwarded", "If-None-Match", "Last-Event-ID", "Referer"}

func (c *campaign) operation(o *apptest.Operation, number int) {
	name := o.Method + " " + o.Path
	if control := c.send(o, c.valid(o)); control.Response == nil || control.StatusCode >= 400 && needsMore[name] == "" {
		c.t.Errorf("%s: what should be valid is not: %s", name, control.Body)
	}
	slots := slices.DeleteFunc(c.Contract.Slots(o), func(s apptest.Slot) bool { return !s.TakesText() })
	for _, header := range extra {
		slots = append(slots, apptest.Slot{In: "header", Name: header})
	}
	for _, s := range slots {
		// The document leaves open what a template asks for.
		if payload, open := strings.CutSuffix(s.Name, ".anything"); open && strings.HasPrefix(payload, "payload") {
			slots = append(slots, apptest.Slot{In: "body", Name: payload + ".plan", Schema: s.Schema})
		}
	}
	for at, s := range slots {
		c.places.Add(1)
		c.signIn(c.t)
		for _, text := range c.some(o, s, number*7+at*17) {
			c.try(o, s, text)
		}
		for i, twin := range twins {
			if figures.Long() && (s.In != "header" || i == 0) || s.In != "header" && i == (number+at)%len(twins) {
				c.twins(o, s, twin)
			}
		}
	}
}

// some are the strings for one place: in the long form all, otherwise few, beginning elsewhere each time. The headers
// that are read before any operation is known, and requests that cost a password's hash, get fewer.
func (c *campaign) some(o *apptest.Operation, s apptest.Slot, begin int) []string {
	n := 8
	switch {
	case figures.Long():
		return c.texts
	case slices.Contains(extra, s.Name) && begin%8 != 0:
		return nil
	case s.In == "header":
		n = 1
	case o.Body != nil && strings.Contains(fmt.Sprint(o.Body["properties"]), "password"):
		n = 4
	}
	var some []string
	for i := range n {
		some = append(some, c.texts[(begin+i)%len(c.texts)])
	}
	return some
}

// valid makes a request that is accepted, with what the document calls optional and its summary does not.
func (c *campaign) valid(o *apptest.Operation) *apptest.Request {
	r := c.Contract.Fill(o, c.values(c.t))
	switch o.Path {
	case "/api/audit/export":
		r.Query.Set("since", "2020-01-01T00:00:00Z")
	case "/api/clinical-docs", "/api/clinical-docs/latest":
		r.Query.Set("encounter_id", c.encounter)
	case "/api/clinical-docs/amend":
		r.Body.(map[string]any)["payload_patch"] = object{"plan": "Plain words"}
	}
	return r
}

func (c *campaign) send(o *apptest.Operation, r *apptest.Request) apptest.Reply {
	for range 2 {
		began := time.Now()
		reply, err := c.by(o).Send(context.Background(), r)
		took := time.Since(began).Milliseconds()
		if err != nil {
			if !strings.Contains(err.Error(), "invalid header field value") {
				c.t.Errorf("%s %s: %v", o.Method, clip(r.URL()), err)
			}
			return apptest.Reply{}
		}
		c.requests.Add(1)
		for before := c.slowest.Load(); took > before && !c.slowest.CompareAndSwap(before, took); before = c.slowest.Load() {
		}
		if reply.StatusCode != http.StatusTooManyRequests {
			return reply
		}
		// Failures to sign in are counted, rightly; here they must not end the trial.
		c.DB.AsSuperuser(c.t, `DELETE FROM iam.sign_in_throttle`)
	}
	return apptest.Reply{}
}

// try sends one string in one place and looks at the answer from all sides.
func (c *campaign) try(o *apptest.Operation, s apptest.Slot, text string) apptest.Reply {
	reply := c.send(o, c.Contract.With(c.valid(o), s, text))
	if reply.Response == nil {
		return reply
	}
	sent := fmt.Sprintf("%q: %d %s", clip(text), reply.StatusCode, clip(string(reply.Body)))
	switch media := reply.Header.Get("Content-Type"); {
	case reply.StatusCode == http.StatusUnauthorized && !o.Public && s.Name != "Authorization" && s.Name != "Cookie" && needsMore[o.Method+" "+o.Path] == "":
		c.fault(o, s, "signed out, so that nothing is proved", sent)
	case reply.StatusCode >= 500:
		c.fault(o, s, "a fault of the server", sent)
	case strings.Contains(media, "html") || reply.Header.Get("X-Content-Type-Options") != "nosniff":
		c.fault(o, s, "an answer that a browser might run", media+" "+sent)
	}
	if found := split(reply); found != "" {
		c.fault(o, s, "a header of the sender's", found)
	}
	if reply.StatusCode >= 400 {
		c.refused.Add(1)
		if found := shows(reply, text); found != "" {
			c.fault(o, s, "shows the inside", fmt.Sprintf("%q in %q %s", found, clip(text), reply.Body))
		}
		return reply
	}
	if s.In == "body" && o.Method != http.MethodGet {
		c.givesBack(o, s, reply, text)
	}
	if strings.HasSuffix(o.Path, "/amend") && reply.ID() != "" {
		c.document = reply.ID()
	}
	return reply
}

// givesBack compares what was stored with what was sent, in the answer and read once more.
func (c *campaign) givesBack(o *apptest.Operation, s apptest.Slot, reply apptest.Reply, text string) {
	shown, fault := kept(reply, s, text)
	if fault != "" {
		c.fault(o, s, "not as it was sent", fault)
		return
	}
	if !shown {
		return
	}
	c.stored.Add(1)
	path := apptest.CollectionOf(o.Path) + "/" + reply.ID()
	if read := c.Contract.Find(http.MethodGet, path); reply.ID() == "" || read == nil || read.Path != apptest.CollectionOf(o.Path)+"/{id}" {
		return
	}
	again, err := c.by(o).Try(context.Background(), http.MethodGet, path, nil)
	if err != nil || again.StatusCode != http.StatusOK {
		return
	}
	if shown, fault := kept(again, s, text); !shown || fault != "" {
		c.fault(o, s, "not as it was stored", fmt.Sprintf("%q: %s", clip(text), clip(string(again.Body))))
	}
}

// twins sends two strings that an executed condition would tell apart.
func (c *campaign) twins(o *apptest.Operation, s apptest.Slot, twin [2]string) {
	yes, no := c.try(o, s, twin[0]), c.try(o, s, twin[1])
	if yes.Response == nil || no.Response == nil || strings.HasPrefix(o.Path, "/api/audit") {
		return
	}
	for _, reply := range []apptest.Reply{yes, no} {
		// An earlier place may have sent the string where it may stand once: then it was stored, and not executed.
		if reply.StatusCode == http.StatusConflict && strings.HasSuffix(reply.Text("code"), "_taken") {
			return
		}
	}
	if kind(yes) != kind(no) {
		c.fault(o, s, "a condition that matters", fmt.Sprintf("%q %s, %q %s", twin[0], kind(yes), twin[1], kind(no)))
	}
}

// arm lays the trip-wires: a function of its own, and pg_sleep, which nothing in HM calls. A sequence counts, for it
// keeps its count when a transaction is rolled back. It checks as the application that they work.
func (c *campaign) arm(t *testing.T) (count int64) {
	t.Helper()
	c.DB.AsSuperuser(t, `CREATE SEQUENCE public.hm_tripped`)
	c.DB.AsSuperuser(t, `CREATE FUNCTION public.hm_trip() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER AS $$ SELECT nextval('public.hm_tripped')::text $$`)
	c.DB.AsSuperuser(t, `GRANT USAGE ON SCHEMA public TO PUBLIC`)
	// PostgreSQL calls what it was built with by number, so the name is given to another function.
	c.DB.AsSuperuser(t, `ALTER FUNCTION pg_catalog.pg_sleep(double precision) RENAME TO pg_sleep_unseen`)
	c.DB.AsSuperuser(t, `CREATE FUNCTION pg_catalog.pg_sleep(double precision) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
		AS $$ BEGIN PERFORM nextval('public.hm_tripped'); PERFORM pg_catalog.pg_sleep_unseen($1); END $$`)
	for _, statement := range []string{`SELECT public.hm_trip()`, `SELECT pg_sleep(0.001)`} {
		if _, err := c.Apps[0].Pool().Raw().Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if count = c.trips(t); count != 2 {
		t.Fatalf("the trip-wires counted %d of 2", count)
	}
	return count
}

func (c *campaign) trips(t *testing.T) (count int64) {
	t.Helper()
	c.query(t, `SELECT last_value FROM public.hm_tripped`, &count)
	return count
}

// shape is a hash of all tables, columns, functions, roles and grants.
func (c *campaign) shape(t *testing.T) (hash string) {
	t.Helper()
	c.query(t, `SELECT md5(
		(SELECT string_agg(c.oid::text || c.relname || coalesce(c.relacl::text, ''), ',' ORDER BY c.oid) FROM pg_class c WHERE c.relkind IN ('r', 'v', 'S') AND c.relpersistence = 'p')
		|| (SELECT string_agg(a.attrelid::text || a.attname || a.atttypid::text, ',' ORDER BY a.attrelid, a.attnum) FROM pg_attribute a WHERE a.attrelid >= 16384)
		|| (SELECT string_agg(p.oid::text || p.proname, ',' ORDER BY p.oid) FROM pg_proc p)
		|| (SELECT string_agg(r.rolname || r.rolsuper, ',' ORDER BY r.oid) FROM pg_roles r))`, &hash)
	return hash
}

func (c *campaign) query(t *testing.T, statement string, into any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.DB.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), statement).Scan(into); err != nil {
		t.Fatal(err)
	}
}
