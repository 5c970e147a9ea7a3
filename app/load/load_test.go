package load_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/load"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m, plant.RemoveBuilt) }

func short(now time.Time) load.Options {
	return load.Options{Tenants: 3, Patients: 300, Events: 2000, Seed: 1, Now: now, Password: "hm-load-2026"}
}

// planned are the events that the plan counts: the laboratory's, and those of its tasks, come on top.
const planned = `name ~ '^(patients|encounters|tasks|clinicaldocs)[.]'
	AND coalesce(payload->>'code', '') !~ '^(collect-sample|receive-sample|enter-result|verify-result|critical-result)-'`

// all reads one value a row past every wall.
func all[T any](t *testing.T, d *testkit.Database, sql string, args ...any) []T {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return values
}

func one[T any](t *testing.T, d *testkit.Database, sql string, args ...any) T {
	t.Helper()
	values := all[T](t, d, sql, args...)
	if len(values) != 1 {
		t.Fatalf("%s gives %d rows", sql, len(values))
	}
	return values[0]
}

// loaded is a running house with a short load in it.
type loaded struct {
	*apptest.House
	made *load.Manifest
}

func (l loaded) user(t *testing.T, tenant *load.MadeTenant, facility *load.MadeFacility, role string) *apptest.Client {
	t.Helper()
	return l.SignIn(t, "load."+role+"."+tenant.Code+"."+strings.ToLower(facility.Code), l.made.Password).In(tenant.ID, facility.ID)
}

// long is the facility with a long encounter.
func (l loaded) long(t *testing.T) (*load.MadeTenant, *load.MadeFacility) {
	t.Helper()
	for _, tenant := range l.made.Tenants {
		for _, f := range tenant.Facilities {
			if f.LongEncounterID != nil {
				return tenant, f
			}
		}
	}
	t.Fatal("there is no long encounter")
	return nil, nil
}

func TestALoadedHouse(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, 1)
	made, err := h.Apps[0].LoadHistory(t.Context(), short(clock.System.Now()))
	if err != nil {
		t.Fatal(err)
	}
	l := loaded{h, made}
	for _, part := range []struct {
		name string
		test func(*testing.T, loaded)
	}{
		{"has what was asked for", testHasWhatWasAskedFor}, {"is in every state", testIsInEveryState}, {"is history", testIsHistory},
		{"is found however it is spelt", testIsFound}, {"reads as a timeline", testReadsAsATimeline}, {"has a laboratory", testHasALaboratory}, {"goes on", testGoesOn},
		{"is sealed and verified", testIsSealed}, {"is loaded once", testIsLoadedOnce}, {"lets everybody in", testLetsEverybodyIn},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, l) })
	}
}

func testHasWhatWasAskedFor(t *testing.T, l loaded) {
	counts := map[string]int64{
		`SELECT count(*) FROM tenants.tenant WHERE code LIKE 'load%'`:                                                                  3,
		`SELECT count(*) FROM patients.patient`:                                                                                        300,
		`SELECT count(*) FROM patients.search_entry`:                                                                                   300,
		`SELECT count(*) FROM events.event WHERE ` + planned:                                                                           2000,
		`SELECT count(*) FROM events.event WHERE request_id <> 'hm seed load'`:                                                         0,
		`SELECT count(*) FROM events.event WHERE occurred_at > now()`:                                                                  0,
		`SELECT count(*) FROM encounters.encounter e JOIN patients.patient p ON p.id = e.patient_id WHERE e.created_at < p.created_at`: 0,
		`SELECT count(*) FROM encounters.encounter e JOIN (SELECT * FROM events.event WHERE ` + planned + `) v ON v.encounter_id = e.id WHERE v.occurred_at > e.closed_at OR v.occurred_at < e.created_at`: 0,
	}
	for sql, want := range counts {
		if got := one[int64](t, l.DB, sql); got != want {
			t.Errorf("%s: got %d, want %d", sql, got, want)
		}
	}
	// The manifest says what is there.
	for _, tenant := range l.made.Tenants {
		for _, f := range tenant.Facilities {
			for what, want := range map[string]int{
				`patients.patient`: f.Patients, `lab.request`: f.Tests, `orders.item`: f.Tests, `encounters.encounter`: f.Encounters,
				`encounters.encounter WHERE status IN ('CREATED', 'CHECKED_IN', 'IN_CONSULT') AND true`: f.ActiveEncounters,
				`events.event WHERE ` + planned: f.Events,
			} {
				and := " WHERE "
				if strings.Contains(what, "WHERE") {
					and = " AND "
				}
				if got := one[int64](t, l.DB, `SELECT count(*) FROM `+what+and+`facility_id = $1`, f.ID); got != int64(want) {
					t.Errorf("%s %s: %d of %s, the manifest says %d", tenant.Code, f.Code, got, what, want)
				}
			}
		}
	}
	sizes := all[int64](t, l.DB, `SELECT count(*) FROM patients.patient GROUP BY tenant_id ORDER BY 1`)
	if sizes[2] < 2*sizes[0] || len(l.made.Tenants[0].Facilities) < 2 {
		t.Errorf("tenants of %v patients, the largest with %d facilities", sizes, len(l.made.Tenants[0].Facilities))
	}
	// An encounter of two patients at once would be none that the house can make.
	if n := one[int64](t, l.DB, `SELECT count(*) FROM encounters.encounter a JOIN encounters.encounter b ON a.patient_id = b.patient_id AND a.id < b.id
		WHERE (a.created_at, coalesce(a.closed_at, a.cancelled_at, 'infinity')) OVERLAPS (b.created_at, coalesce(b.closed_at, b.cancelled_at, 'infinity'))`); n > 0 {
		t.Errorf("%d encounters overlap with another of their patient", n)
	}
}

func testIsInEveryState(t *testing.T, l loaded) {
	for _, sql := range []string{`SELECT DISTINCT status FROM encounters.encounter`, `SELECT DISTINCT status FROM tasks.task`} {
		if got, want := len(all[string](t, l.DB, sql)), map[bool]int{true: 5, false: 4}[strings.Contains(sql, "encounters")]; got != want {
			t.Errorf("%s gives %d, want %d", sql, got, want)
		}
	}
	for _, sql := range []string{
		`SELECT count(*) FROM tasks.task WHERE due_at IS NOT NULL`, `SELECT count(*) FROM tasks.task WHERE assigned_to_id IS NOT NULL`,
		`SELECT count(*) FROM clinicaldocs.document`, `SELECT count(*) FROM clinicaldocs.draft WHERE finalized_at IS NULL`,
		`SELECT count(*) FROM encounters.encounter WHERE status = 'CLOSED' AND created_at < now() - interval '30 days'`,
		`SELECT count(*) FROM encounters.encounter WHERE status IN ('CHECKED_IN', 'IN_CONSULT') AND created_at > now() - interval '6 hours'`,
	} {
		if one[int64](t, l.DB, sql) == 0 {
			t.Errorf("%s gives none", sql)
		}
	}
}

// testIsHistory: nobody was told of the load, and there is nothing left to be told or rebuilt.
func testIsHistory(t *testing.T, l loaded) {
	if n := one[int64](t, l.DB, `SELECT count(*) FROM river.river_job WHERE kind = 'deliver_event'`); n > 0 {
		t.Errorf("%d deliveries of loaded events", n)
	}
	added, err := l.Apps[0].Backfill(t.Context())
	if err != nil || added > 0 {
		t.Errorf("the backfill finds %d events missing, %v", added, err)
	}
}

func testIsFound(t *testing.T, l loaded) {
	tenant, f := l.made.Tenants[0], l.made.Tenants[0].Facilities[0]
	doctor := l.user(t, tenant, f, "doctor")
	name := one[string](t, l.DB, `SELECT full_name FROM patients.patient WHERE facility_id = $1 AND full_name ~ '^[A-Z][a-z]{6,} [A-Z][a-z]{4,}$' ORDER BY id LIMIT 1`, f.ID)
	given, family, _ := strings.Cut(name, " ")
	misspelt := given[:3] + given[4:] + " " + family
	found := doctor.Get(t, "/api/patients?q="+url.QueryEscape(misspelt)).Want(t, 200).List("results")
	if !slices.ContainsFunc(found, func(p any) bool { return p.(map[string]any)["full_name"] == name }) {
		t.Errorf("%q does not find %q", misspelt, name)
	}
}

func testReadsAsATimeline(t *testing.T, l loaded) {
	tenant, f := l.long(t)
	doctor := l.user(t, tenant, f, "doctor")
	items := doctor.Get(t, "/api/encounters/"+f.LongEncounterID.String()+"/timeline").Want(t, 200).List("items")
	if len(items) != f.LongEncounterEvents || len(items) < 50 {
		t.Errorf("the long encounter's timeline has %d items, the manifest says %d", len(items), f.LongEncounterEvents)
	}
	want := []string{"ENCOUNTER_CREATED", "TASK_CREATED", "TASK_CREATED", "ENCOUNTER_CHECKED_IN", "VITALS_RECORDED", "TASK_STARTED", "TASK_DONE", "CONSULT_STARTED"}
	for i, code := range want {
		if got := items[i].(map[string]any)["code"]; got != code {
			t.Errorf("item %d is %v, want %s", i, got, code)
		}
	}
	for _, path := range []string{"", "/documents", "/close-gate"} {
		doctor.Get(t, "/api/encounters/"+f.LongEncounterID.String()+path).Want(t, 200)
	}
	doctor.Get(t, "/api/tasks?encounter_id="+f.LongEncounterID.String()).Want(t, 200)
}

// testHasALaboratory: its lists show what was loaded, and its people go on with it.
func testHasALaboratory(t *testing.T, l loaded) {
	for _, sql := range []string{
		`SELECT count(*) FROM lab.request WHERE status = 'RELEASED'`, `SELECT count(*) FROM lab.value`, `SELECT count(*) FROM lab.sample WHERE status = 'RECEIVED'`,
		`SELECT count(*) FROM alerts.alert WHERE kind = 'critical_result'`, `SELECT count(*) FROM notifications.notification WHERE kind = 'result_released'`,
		`SELECT count(*) FROM notifications.notification WHERE read_at IS NULL`, `SELECT count(*) FROM lab.request WHERE status <> 'RELEASED'`,
	} {
		if one[int64](t, l.DB, sql) == 0 {
			t.Errorf("%s gives none", sql)
		}
	}
	for sql, want := range map[string]int64{
		// Nothing waits of what was ordered long ago, and each step's task is where the test is.
		`SELECT count(*) FROM lab.request WHERE status <> 'RELEASED' AND ordered_at < now() - interval '2 days'`:                                                          0,
		`SELECT count(*) FROM lab.request q WHERE status = 'RELEASED' AND NOT EXISTS (SELECT FROM orders.item i WHERE i.id = q.order_item_id AND i.status = 'COMPLETED')`: 0,
		`SELECT count(*) FROM lab.request q WHERE EXISTS (SELECT FROM tasks.task t WHERE t.encounter_id = q.encounter_id AND t.status = 'OPEN'
			AND right(t.code, 8) = left(q.order_item_id::text, 8)) <> (q.status NOT IN ('VERIFIED', 'RELEASED'))`: 0,
		`SELECT count(*) FROM lab.result r WHERE is_critical AND NOT EXISTS (SELECT FROM alerts.alert a WHERE a.subject_id = r.id)`:                       0,
		`SELECT count(*) FROM lab.result r WHERE status = 'RELEASED' AND NOT EXISTS (SELECT FROM notifications.notification n WHERE n.subject_id = r.id)`: 0,
		`SELECT count(*) FROM lab.value WHERE shown->>'flag' IS NULL AND shown->>'reference_low' IS NOT NULL`:                                             0,
	} {
		if got := one[int64](t, l.DB, sql); got != want {
			t.Errorf("%s: got %d, want %d", sql, got, want)
		}
	}
	tenant, f := l.made.Tenants[0], l.made.Tenants[0].Facilities[0]
	technician, doctor := l.user(t, tenant, f, "lab_technician"), l.user(t, tenant, f, "doctor")
	for _, path := range []string{"/api/lab/collection-list", "/api/lab/worklist", "/api/lab/samples", "/api/lab/results"} {
		technician.Get(t, path).Want(t, 200)
	}
	if len(technician.Get(t, "/api/lab/results?status=RELEASED").Want(t, 200).List("results")) == 0 {
		t.Error("the laboratory's results are not listed")
	}
	released := one[string](t, l.DB, `SELECT id::text FROM lab.result WHERE facility_id = $1 AND status = 'RELEASED' ORDER BY id LIMIT 1`, f.ID)
	if len(doctor.Get(t, "/api/lab/results/"+released).Want(t, 200).List("values")) == 0 {
		t.Error("a loaded result shows no values")
	}
	if len(doctor.Get(t, "/api/notifications").Want(t, 200).List("results")) == 0 {
		t.Error("the doctor was told of nothing")
	}
	technician.Post(t, "/api/lab/results", map[string]any{"order_item_id": doctor.Get(t, "/api/lab/results/"+released).Text("order_item_id"), "correction_reason": "Again", "comment": "Looked at again", "values": []any{}}).Want(t, 422)
}

// testGoesOn: what was loaded is worked with as if it had been made here.
func testGoesOn(t *testing.T, l loaded) {
	tenant, f := l.made.Tenants[0], l.made.Tenants[0].Facilities[0]
	reception := l.user(t, tenant, f, "receptionist")
	series := f.Code + time.Now().UTC().In(time.FixedZone("Asia/Kolkata", 19_800)).Format("-06-")
	count := one[int64](t, l.DB, `SELECT coalesce(max(mrn_number), 0) FROM patients.patient WHERE facility_id = $1 AND mrn_series = $2`, f.ID, series+"#")
	next := fmt.Sprintf("%s%06d", series, count+1)
	if got := reception.Post(t, "/api/patients", map[string]any{"full_name": "Meera Nair", "gender": "female"}).Want(t, 201).Text("mrn"); got != next || count == 0 {
		t.Errorf("the next patient has MRN %s, want %s", got, next)
	}
	tenant, f = l.long(t)
	doctor := l.user(t, tenant, f, "doctor")
	id := f.LongEncounterID.String()
	doctor.Post(t, "/api/encounters/"+id+"/notes", map[string]any{"plan": "Home today"}).Want(t, 201)
	if closed := doctor.Post(t, "/api/encounters/"+id+"/close", nil).Want(t, 200); closed.Text("status") != "CLOSED" {
		t.Errorf("closed: %s", closed.Body)
	}
}

func testIsSealed(t *testing.T, l loaded) {
	if err := l.Apps[0].SealAudit(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	for _, tenant := range l.made.Tenants {
		report, err := l.Apps[0].VerifyAudit(t.Context(), tenant.Code)
		if err != nil || !report.OK {
			t.Errorf("%s: %+v, %v", tenant.Code, report, err)
		}
	}
}

func testIsLoadedOnce(t *testing.T, l loaded) {
	_, err := l.Apps[0].LoadHistory(t.Context(), short(clock.System.Now()))
	if err == nil || !strings.Contains(err.Error(), "holds a load already (there is a tenant load001)") {
		t.Errorf("a second load: %v", err)
	}
}

func testLetsEverybodyIn(t *testing.T, l loaded) {
	for _, user := range l.made.Tenants[2].Users {
		me := l.SignIn(t, user.Username, l.made.Password).Get(t, "/api/me").Want(t, 200)
		if me.ID() != "" && me.ID() != user.ID.String() || len(me.List("memberships")) == 0 {
			t.Errorf("%s: %s", user.Username, me.Body)
		}
	}
}

// unequal are the columns in which two loads differ: the transaction, and the salt of the password.
const unequal = `ARRAY['xid', 'password_hash']`

// digests gives a table's rows as one hash, for every table that a load fills.
func digests(t *testing.T, d *testkit.Database) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, table := range all[string](t, d, `SELECT schemaname || '.' || tablename FROM pg_tables
		WHERE schemaname IN ('tenants', 'facilities', 'iam', 'patients', 'encounters', 'tasks', 'clinicaldocs', 'orders', 'lab', 'alerts', 'notifications', 'events')
		AND schemaname || '.' || tablename NOT IN ('iam.invalidation', 'events.relay')`) {
		found[table] = one[string](t, d, `SELECT count(*) || ' rows ' || coalesce(md5(string_agg(row, chr(10) ORDER BY row)), '')
			FROM (SELECT (to_jsonb(r) - `+unequal+`)::text AS row FROM `+table+` r) rows`)
	}
	return found
}

func TestTheSameFlagsAreTheSameRows(t *testing.T) {
	t.Parallel()
	var loads []map[string]string
	for _, seed := range []uint64{1, 1, 2} {
		d := testkit.NewDatabase(t)
		a, err := app.New(app.Config{Pool: d.Pool, Secret: testkit.Secret, Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		o := short(testkit.Epoch)
		o.Seed = seed
		if _, err := a.LoadHistory(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		loads = append(loads, digests(t, d))
	}
	for table, rows := range loads[0] {
		if loads[1][table] != rows {
			t.Errorf("%s: once %s, once %s", table, rows, loads[1][table])
		}
	}
	if loads[0]["events.event"] == loads[2]["events.event"] {
		t.Error("another seed gives the same events")
	}
}

func TestSizesOfEveryProportion(t *testing.T) {
	t.Parallel()
	for _, o := range []load.Options{
		{Tenants: 1, Patients: 1, Events: 1}, {Tenants: 1, Patients: 1, Events: 4}, {Tenants: 1, Patients: 10, Events: 40}, {Tenants: 4, Patients: 4, Events: 10},
		{Tenants: 2, Patients: 3, Events: 900}, {Tenants: 1, Patients: 400, Events: 403},
	} {
		t.Run(fmt.Sprintf("%d tenants %d patients %d events", o.Tenants, o.Patients, o.Events), func(t *testing.T) {
			t.Parallel()
			d := testkit.NewDatabase(t)
			a, err := app.New(app.Config{Pool: d.Pool, Secret: testkit.Secret, Version: "test"})
			if err != nil {
				t.Fatal(err)
			}
			o.Now, o.Password = testkit.Epoch, "hm-load-2026"
			if _, err := a.LoadHistory(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			events := one[int64](t, d, `SELECT count(*) FROM events.event WHERE `+planned+` AND occurred_at <= $1`, o.Now)
			if patients := one[int64](t, d, `SELECT count(*) FROM patients.patient`); patients != int64(o.Patients) || events != int64(o.Events) {
				t.Errorf("%d patients, %d events until now", patients, events)
			}
		})
	}
}
