package alerts_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// house is alerts with the events it hears; the test says what happens in the laboratory.
type house struct {
	bus    *events.Bus
	alerts *alerts.Module
	clock  *clock.Manual
	// Who works in the facility; the user of the scope is a doctor.
	doctor, colleague, nurse, technician, pathologist, admin uuid.UUID
}

const warns = `
- {code: base.high_dose, on: order.create, when: "order.order_type == 'LAB'", then: {effect: raise_alert, to: pharmacist}, severity: safety, message: "The dose for {order.order_type} is high."}
- {code: base.plain,     on: order.create, when: "order.order_type == 'LAB'", then: {effect: raise_alert},                 severity: info,   message: Look at this.}
`

var library = sync.OnceValues(func() (*packs.Library, error) {
	return packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml":               {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [OPD], order_types: [LAB]}`)},
		"base/rules/all.yaml":          {Data: []byte(warns)},
		"base/laboratory/all.yaml":     {Data: []byte(`[{code: K, name: Potassium, section: electrolytes, unit: mmol/L, decimals: 1}]`)},
		"base/catalog/laboratory.yaml": {Data: []byte(`[{code: LYTES, name: Serum electrolytes, order_type: LAB, specimen: {type: blood}, analytes: [K]}]`)},
		"base/workflows/opd.yaml":      {Data: []byte(`{encounter_type: OPD, steps: [], close: {tasks: [], documents: []}}`)},
	})
})

func newHouse(t testing.TB) house { return houseAt(t, clock.NewManual(testkit.Epoch)) }

func houseAt(t testing.TB, now *clock.Manual) house {
	t.Helper()
	known, err := library()
	if err != nil {
		t.Fatal(err)
	}
	h := house{bus: events.NewBus(), clock: now, colleague: id.New(), nurse: id.New(), technician: id.New(), pathologist: id.New(), admin: id.New()}
	events.Declare[labapi.ResultEntered](h.bus, "lab")
	events.Declare[labapi.SampleCollected](h.bus, "lab")
	events.Declare[labapi.SampleRejected](h.bus, "lab")
	events.Declare[labapi.ResultReleased](h.bus, "lab")
	events.Declare[labapi.TestOverdue](h.bus, "lab")
	events.Declare[qualitycontrolapi.RunViolated](h.bus, "qualitycontrol")
	events.Declare[qualitycontrolapi.HoldResolved](h.bus, "qualitycontrol")
	events.Declare[rulesapi.RuleFired](h.bus, "rules")
	events.Declare[tasksapi.Done](h.bus, "tasks")
	events.Declare[tasksapi.Cancelled](h.bus, "tasks")
	events.Declare[encountersapi.Cancelled](h.bus, "encounters")
	events.Declare[ordersapi.ItemCancelled](h.bus, "orders")
	events.Declare[ordersapi.ItemCompleted](h.bus, "orders")
	h.alerts = alerts.New(alerts.Deps{Bus: h.bus, Clock: h.clock, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{}, Packs: known})
	h.alerts.Subscribe()
	return h
}

// hire makes the house's people members of the facility.
func (h *house) hire(ctx context.Context, t testing.TB, tx db.Tx) {
	t.Helper()
	h.doctor = tx.Scope().UserID
	facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
	for userID, role := range map[uuid.UUID]auth.Role{h.doctor: auth.Doctor, h.colleague: auth.Doctor, h.nurse: auth.Nurse, h.technician: auth.LabTechnician, h.pathologist: auth.Pathologist, h.admin: auth.Admin} {
		iamtest.User(ctx, t, tx, iamtest.With{ID: userID, FullName: "The " + string(role), Roles: []string{string(role)}})
	}
}

// inFacility runs fn in a facility with one encounter under way.
func inFacility(t *testing.T, fn func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(t)
		h.hire(ctx, t, tx)
		fn(ctx, tx, h, encounterstest.Encounter(ctx, t, tx, encounterstest.With{Status: encountersapi.StatusInConsult}))
	})
}

// as is ctx with a caller of some roles, who holds all permissions but the named ones.
func as(ctx context.Context, userID uuid.UUID, roles []string, without ...string) context.Context {
	scope, _ := db.ScopeOf(ctx)
	scope.UserID = userID
	granted := map[string]bool{}
	for _, p := range alerts.Permissions {
		granted[p.Code] = !slices.Contains(without, p.Code)
	}
	membership := auth.Membership{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Roles: roles, Permissions: granted}
	ctx = auth.WithIdentity(ctx, &auth.Identity{Account: &auth.Account{UserID: userID, Memberships: []auth.Membership{membership}}, Acting: &membership})
	return db.WithScope(ctx, scope)
}

func (h house) happen(ctx context.Context, t testing.TB, tx db.Tx, e events.Event) {
	t.Helper()
	if err := h.bus.Publish(ctx, tx, e); err != nil {
		t.Fatal(err)
	}
}

// result is the first version of one, critical in its potassium.
func (h house) result(e encountersapi.Encounter) labapi.ResultEntered {
	return labapi.ResultEntered{Critical: []string{"K"}, AboutResult: labapi.AboutResult{
		ResultID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, SampleID: id.New(), Version: 1, OrderedByID: &h.doctor,
		ItemRef: labapi.ItemRef{ItemID: id.New(), OrderID: id.New(), ServiceCode: "LYTES"}}}
}

// next is the version after a result.
func next(former labapi.ResultEntered, released bool, critical ...string) labapi.ResultEntered {
	e := former
	e.ResultID, e.Version, e.SupersedesID, e.FormerReleased, e.Critical = id.New(), former.Version+1, &former.ResultID, released, critical
	return e
}

// list gives the facility's alerts, the newest first.
func (h house) list(ctx context.Context, t testing.TB, tx db.Tx, change ...func(*alerts.ListInput)) []alerts.Alert {
	t.Helper()
	in := alerts.ListInput{PageParams: httpx.PageParams{Limit: 50}}
	for _, c := range change {
		c(&in)
	}
	page, err := h.alerts.List(ctx, tx, in)
	if err != nil {
		t.Fatal(err)
	}
	return page.Results
}

// only gives the one alert that there is.
func (h house) only(ctx context.Context, t testing.TB, tx db.Tx) alerts.Alert {
	t.Helper()
	all := h.list(ctx, t, tx)
	if len(all) != 1 {
		t.Fatalf("%d alerts, want one", len(all))
	}
	return h.get(ctx, t, tx, all[0].ID)
}

func (h house) get(ctx context.Context, t testing.TB, tx db.Tx, alertID uuid.UUID) alerts.Alert {
	t.Helper()
	alert, err := h.alerts.Get(ctx, tx, alerts.ByID{ID: alertID})
	if err != nil {
		t.Fatal(err)
	}
	return alert
}

func recipients(a alerts.Alert) []uuid.UUID {
	var all []uuid.UUID
	for _, r := range a.Recipients {
		all = append(all, r.ID)
	}
	return all
}

func acts(a alerts.Alert) []string {
	var all []string
	for _, line := range a.History {
		all = append(all, line.Act)
	}
	return all
}

func same(got, want []uuid.UUID) bool {
	by := func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) }
	got, want = slices.Clone(got), slices.Clone(want)
	slices.SortFunc(got, by)
	slices.SortFunc(want, by)
	return slices.Equal(got, want)
}

func acknowledgeInput(alertID uuid.UUID) alerts.AcknowledgeInput {
	return alerts.AcknowledgeInput{ByID: alerts.ByID{ID: alertID}}
}

func resolveInput(alertID uuid.UUID, words string) alerts.ResolveInput {
	in := alerts.ResolveInput{ByID: alerts.ByID{ID: alertID}}
	in.Body.Resolution = words
	return in
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// told counts the events of a name.
func told(ctx context.Context, t testing.TB, q db.DBTX, name string) (n int) {
	t.Helper()
	scope, _ := db.ScopeOf(ctx)
	if err := q.QueryRow(ctx, `SELECT count(*) FROM events.event WHERE tenant_id = $1 AND name = $2`, scope.TenantID, name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// ward is a facility whose acts are committed, for what a job finds in a transaction of its own.
type ward struct {
	house
	*testkit.Database
	ctx       context.Context
	encounter encountersapi.Encounter
}

func newWard(t *testing.T) *ward {
	t.Helper()
	d := testkit.NewDatabase(t)
	w := &ward{house: houseAt(t, d.Clock), Database: d, ctx: db.WithScope(context.Background(), testkit.NewScope())}
	w.act(t, func(tx db.Tx) {
		w.hire(w.ctx, t, tx)
		w.encounter = encounterstest.Encounter(w.ctx, t, tx, encounterstest.With{Status: encountersapi.StatusInConsult})
	})
	return w
}

// act commits what fn does.
func (w *ward) act(t testing.TB, fn func(tx db.Tx)) {
	t.Helper()
	if err := w.Pool.InTx(w.ctx, func(tx db.Tx) error { fn(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// raise makes an alert of a critical result.
func (w *ward) raise(t testing.TB) (alert alerts.Alert) {
	t.Helper()
	w.act(t, func(tx db.Tx) { w.happen(w.ctx, t, tx, w.result(w.encounter)) })
	w.act(t, func(tx db.Tx) { alert = w.list(w.ctx, t, tx)[0] })
	return alert
}

// later moves the clock and lets the job run.
func (w *ward) later(t testing.TB, d time.Duration) {
	t.Helper()
	w.Clock.Advance(d)
	if err := w.alerts.Escalate(context.Background(), w.Pool); err != nil {
		t.Fatal(err)
	}
}

func (w *ward) now(t testing.TB, alertID uuid.UUID) (alert alerts.Alert) {
	t.Helper()
	w.act(t, func(tx db.Tx) { alert = w.get(w.ctx, t, tx, alertID) })
	return alert
}
