package lab_test

import (
	"context"
	"encoding/json"
	"slices"
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
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/tasks"
	"hmsoftware.com/hm/modules/tenants"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A laboratory of its own: a panel with a calculated analyte, a test with a coded and one with a titre, one in words, one
// of another tube, one that a rule orders further.
const (
	catalogue = `
- {code: RENAL, name: Renal function, order_type: LAB, specimen: {type: serum, container: plain}, analytes: [NA, K, CL, HCO3, GAP], tat: {routine: 6h, urgent: 2h, stat: 1h}, instructions: {en: Rest for ten minutes}}
- {code: POTASSIUM, name: Potassium alone, order_type: LAB, specimen: {type: serum, container: plain}, analytes: [K], tat: {routine: 6h, stat: 1h}}
- {code: BLOOD, name: Blood count, order_type: LAB, specimen: {type: blood, container: EDTA}, analytes: [HGB], tat: {routine: 4h, stat: 45m}}
- {code: HIVTEST, name: HIV antibodies, order_type: LAB, specimen: {type: serum, container: plain}, analytes: [HIV, ASO]}
- {code: NARRATIVE, name: Film, order_type: LAB, specimen: {type: blood, container: EDTA}}
- {code: THYROID, name: TSH, order_type: LAB, specimen: {type: serum, container: plain}, analytes: [TSH], tat: {routine: 1d}}
- {code: FREE, name: Free T4, order_type: LAB, specimen: {type: serum, container: plain}, analytes: [FT4]}
- {code: SALIVA, name: Cortisol in saliva, order_type: LAB, specimen: {type: saliva, container: swab}, analytes: [FT4]}
`
	laboratory = `
- {code: NA, name: Sodium, section: electrolytes, unit: mmol/L, ranges: [{low: 135, high: 145, critical_low: 120, critical_high: 160}]}
- {code: K, name: Potassium, section: electrolytes, loinc: "2823-3", unit: mmol/L, decimals: 1, method: Electrode, ranges: [{low: 3.5, high: 5.1, critical_low: 2.5, critical_high: 6.5}], delta: {percent: 25, within: 7d}}
- {code: CL, name: Chloride, section: electrolytes, unit: mmol/L, ranges: [{low: 98, high: 107}]}
- {code: HCO3, name: Bicarbonate, section: electrolytes, unit: mmol/L, ranges: [{low: 22, high: 29}]}
- {code: GAP, name: Anion gap, section: electrolytes, unit: mmol/L, formula: value.NA - value.CL - value.HCO3, ranges: [{low: 8, high: 16}]}
- {code: HGB, name: Haemoglobin, section: haematology, unit: g/dL, units: [g/L], decimals: 1, ranges: [{sex: female, pregnant: false, low: 12, high: 15.5, critical_low: 7}, {sex: female, pregnant: true, low: 11, high: 14, critical_low: 7}, {sex: male, low: 13, high: 17, critical_low: 7}]}
- {code: HIV, name: HIV, section: serology, kind: coded, choices: [{code: NEG, title: Nonreactive}, {code: POS, title: Reactive, abnormal: true, critical: true}]}
- {code: ASO, name: Antistreptolysin, section: serology, kind: titre, ranges: [{high: 200}]}
- {code: TSH, name: Thyrotropin, section: endocrinology, unit: "m[IU]/L", decimals: 2, ranges: [{low: 0.4, high: 4.5}]}
- {code: FT4, name: Free thyroxine, section: endocrinology, unit: ng/dL, decimals: 2, ranges: [{low: 0.8, high: 1.8}]}
`
	ruleBook = `
- {code: base.no_double_sodium, on: result.entered, when: "result.values.exists(v, v.code == 'NA' && has(v.value) && v.value > 180.0)", then: {effect: block}, severity: safety, message: Sodium cannot be that high.}
- {code: base.reason_for_low_sodium, on: result.entered, when: "result.values.exists(v, v.code == 'NA' && has(v.value) && v.value < 100.0)", then: {effect: require_reason}, severity: warning, message: Say why sodium is that low.}
- {code: base.tell_of_gap, on: result.entered, when: "result.values.exists(v, v.code == 'GAP' && v.flag == 'H')", then: {effect: warn}, severity: warning, message: The anion gap is wide.}
- {code: base.reflex, on: result.entered, when: "result.values.exists(v, v.code == 'TSH' && v.flag in ['L', 'H'])", then: {effect: order_tests, order: [FREE]}, severity: info, message: Free T4 is ordered.}
- {code: base.reflex_elsewhere, on: result.entered, when: "result.values.exists(v, v.code == 'FT4' && v.flag in ['L', 'H'])", then: {effect: order_tests, order: [SALIVA]}, severity: info, message: Saliva is ordered.}
- {code: base.reflex_blocked, on: result.entered, when: "result.values.exists(v, v.code == 'HIV' && v.flag == 'A')", then: {effect: order_tests, order: [SALIVA, RENAL]}, severity: info, message: More is ordered.}
- {code: base.no_saliva_with_renal, on: order.create, when: "order.items.exists(i, i.service_code == 'SALIVA') && order.items.exists(i, i.service_code == 'RENAL')", then: {effect: block}, severity: safety, message: Not together.}
- {code: base.autoverify, on: result.autoverify, when: "result.values.all(v, v.flag == 'N' && v.delta_flag == '') && !result.is_critical && size(result.held) == 0", then: {effect: auto_verify}, severity: info, message: All normal.}
- {code: base.no_release_of_film, on: result.release, when: "result.values.exists(v, v.text == 'unclear')", then: {effect: require_reason}, severity: warning, message: Say why this is released.}
`
)

var house = sync.OnceValues(func() (*packs.Library, error) { return libraryOf(laboratory) })

func libraryOf(laboratory string) (*packs.Library, error) {
	return packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml":           {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [OPD], order_types: [LAB, IMAGE]}`)},
		"base/workflows/opd.yaml":  {Data: []byte("{encounter_type: OPD, steps: [], close: {tasks: [], documents: []}}")},
		"base/catalog/lab.yaml":    {Data: []byte(catalogue + "- {code: XRAY, name: X-ray, order_type: IMAGE}\n")},
		"base/laboratory/all.yaml": {Data: []byte(laboratory)},
		"base/rules/lab.yaml":      {Data: []byte(ruleBook)},
	})
}

// quality is a control of the laboratory that holds back what the test says.
type quality struct {
	held    []string
	suspect qualitycontrolapi.Suspect
}

func (q *quality) Suspect(context.Context, db.DBTX, db.Scope, uuid.UUID) (qualitycontrolapi.Suspect, error) {
	return q.suspect, nil
}

func (q *quality) Held(context.Context, db.DBTX, db.Scope) ([]qualitycontrolapi.Hold, error) {
	var holds []qualitycontrolapi.Hold
	for _, code := range q.held {
		holds = append(holds, qualitycontrolapi.Hold{ID: uuid.New(), Analyte: code, Rule: "1-3s"})
	}
	return holds, nil
}

// quiet is a house in which nobody is alarmed.
type quiet struct{ alertsapi.Reader }

func (quiet) SeesCriticalResult(context.Context, db.DBTX, db.Scope, time.Time, alertsapi.CriticalResult) (bool, error) {
	return false, nil
}

// bench is a facility with a laboratory, an open encounter of a woman of 40 years, and the modules that it meets.
type bench struct {
	*lab.Module
	bus       *events.Bus
	orders    *orders.Module
	quality   *quality
	encounter encountersapi.Encounter
}

func newModules(t testing.TB) *bench {
	t.Helper()
	library, err := house()
	if err != nil {
		t.Fatal(err)
	}
	return modulesOver(library)
}

func modulesOver(known *packs.Library) *bench {
	bus := events.NewBus()
	declareOthers(bus)
	b := &bench{bus: bus, quality: &quality{}}
	gate := rules.New(rules.Deps{Bus: bus, Packs: known, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{},
		Results: clinicaldocs.Reader{}, Laboratory: lab.Reader{}, Orders: orders.Reader{}, Tasks: tasks.Reader{}})
	work := tasks.New(tasks.Deps{Bus: bus, Clock: clock.NewManual(testkit.Epoch), Facilities: facilities.Reader{}, Encounters: encounters.Reader{},
		Patients: patients.Reader{}, Users: iam.Reader{}, Packs: known, Gate: gate, Alerts: quiet{}})
	b.orders = orders.New(orders.Deps{Bus: bus, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{},
		Facilities: facilities.Reader{}, Packs: known, Tasks: tasks.Reader{}, Gate: gate})
	b.Module = lab.New(lab.Deps{Bus: bus, Clock: clock.NewManual(testkit.Epoch), Encounters: encounters.Reader{}, Patients: patients.Reader{},
		Users: iam.Reader{}, Facilities: facilities.Reader{}, Tenants: tenants.Reader{}, Packs: known, Gate: gate, Orders: b.orders, Quality: b.quality,
		Alarmed: quiet{}})
	work.Subscribe()
	b.orders.Subscribe()
	b.Subscribe()
	return b
}

// declareOthers names the events of modules that are not here, which those that are listen to.
func declareOthers(bus *events.Bus) {
	events.Declare[encountersapi.Created](bus, "encounters")
	events.Declare[encountersapi.CheckedIn](bus, "encounters")
	events.Declare[encountersapi.ConsultStarted](bus, "encounters")
	events.Declare[encountersapi.Closed](bus, "encounters")
	events.Declare[encountersapi.Cancelled](bus, "encounters")
	events.Declare[encountersapi.VitalsRecorded](bus, "encounters")
	events.Declare[encountersapi.AssessmentRecorded](bus, "encounters")
	events.Declare[encountersapi.PlanRecorded](bus, "encounters")
	events.Declare[encountersapi.NoteRecorded](bus, "encounters")
	events.Declare[clinicaldocsapi.DocumentFinalized](bus, "clinicaldocs")
	events.Declare[clinicaldocsapi.DocumentAmended](bus, "clinicaldocs")
	events.Declare[iamapi.UserDisabled](bus, "iam")
	events.Declare[iamapi.MembershipChanged](bus, "iam")
	events.Declare[alertsapi.Raised](bus, "alerts")
	events.Declare[alertsapi.Acknowledged](bus, "alerts")
	events.Declare[alertsapi.Resolved](bus, "alerts")
}

// open makes the facility, its people and the encounter in tx's scope.
func (b *bench) open(ctx context.Context, t testing.TB, tx db.Tx) {
	t.Helper()
	facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
	iamtest.User(ctx, t, tx, iamtest.With{ID: tx.Scope().UserID, FullName: "Technician Rao"})
	born := clock.DateOf(testkit.Epoch.AddDate(-40, 0, 0))
	patient := patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Meera Nair", MRN: "M-1", Gender: "female", DateOfBirth: &born})
	b.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patient})
}

// atBench runs fn in a facility with one open encounter.
func atBench(t *testing.T, fn func(ctx context.Context, tx db.Tx, b *bench)) {
	t.Helper()
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		b := newModules(t)
		b.open(ctx, t, tx)
		fn(ctx, tx, b)
	})
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// order places an order of tests and gives the ids of its items.
func (b *bench) order(ctx context.Context, t testing.TB, tx db.Tx, priority string, services ...string) (ordersapi.Order, []uuid.UUID) {
	t.Helper()
	request := ordersapi.Request{OrderType: "LAB", Priority: priority}
	for _, code := range services {
		request.Items = append(request.Items, ordersapi.RequestItem{ServiceCode: code})
	}
	made := must[ordersapi.Order](t)(b.orders.Place(ctx, tx, b.encounter.ID, request, nil))
	ids := make([]uuid.UUID, len(made.Items))
	for i, item := range made.Items {
		ids[i] = item.ID
	}
	return made, ids
}

func (b *bench) ask(ctx context.Context, t testing.TB, tx db.Tx, services ...string) []uuid.UUID {
	t.Helper()
	_, ids := b.order(ctx, t, tx, "ROUTINE", services...)
	return ids
}

func taking(items ...uuid.UUID) lab.CollectInput {
	in := lab.CollectInput{}
	in.Body.OrderItemIDs = items
	return in
}

func (b *bench) collect(ctx context.Context, t testing.TB, tx db.Tx, items ...uuid.UUID) labapi.Sample {
	t.Helper()
	return must[labapi.Sample](t)(b.Collect(ctx, tx, taking(items...)))
}

func (b *bench) receive(ctx context.Context, t testing.TB, tx db.Tx, items ...uuid.UUID) labapi.Sample {
	t.Helper()
	return must[labapi.Sample](t)(b.Receive(ctx, tx, byID(b.collect(ctx, t, tx, items...).ID)))
}

// received is one test whose sample the laboratory has.
func (b *bench) received(ctx context.Context, t testing.TB, tx db.Tx, service string) uuid.UUID {
	t.Helper()
	items := b.ask(ctx, t, tx, service)
	b.receive(ctx, t, tx, items...)
	return items[0]
}

// entering gives an entry: entering(item, "K", 4.1, "NA", "<120").
func entering(item uuid.UUID, pairs ...any) lab.EnterInput {
	in := lab.EnterInput{}
	in.Body.OrderItemID = item
	for i := 0; i < len(pairs); i += 2 {
		value, err := json.Marshal(pairs[i+1])
		if err != nil {
			panic(err)
		}
		in.Body.Values = append(in.Body.Values, lab.PostedValue{Code: pairs[i].(string), Value: value})
	}
	return in
}

func (b *bench) enter(ctx context.Context, t testing.TB, tx db.Tx, item uuid.UUID, pairs ...any) labapi.Result {
	t.Helper()
	return must[labapi.Result](t)(b.Enter(ctx, tx, entering(item, pairs...)))
}

func (b *bench) verify(ctx context.Context, t testing.TB, tx db.Tx, resultID uuid.UUID) labapi.Result {
	t.Helper()
	return must[labapi.Result](t)(b.Verify(ctx, tx, verifying(resultID, "Doctor Iyer")))
}

// verifying gives a verification with the call to somebody; without one where to is empty.
func verifying(resultID uuid.UUID, to string) lab.VerifyInput {
	in := lab.VerifyInput{ByID: byID(resultID)}
	if to != "" {
		in.Body = &lab.Verification{CriticalNotice: &lab.Notice{NotifiedTo: to, ReadBack: true}}
	}
	return in
}

func releasing(resultID uuid.UUID) lab.ReleaseInput { return lab.ReleaseInput{ByID: byID(resultID)} }

func (b *bench) release(ctx context.Context, t testing.TB, tx db.Tx, resultID uuid.UUID) labapi.Result {
	t.Helper()
	return must[labapi.Result](t)(b.Release(ctx, tx, releasing(resultID)))
}

// released is a test that is done.
func (b *bench) released(ctx context.Context, t testing.TB, tx db.Tx, service string, pairs ...any) labapi.Result {
	t.Helper()
	entered := b.enter(ctx, t, tx, b.received(ctx, t, tx, service), pairs...)
	return b.release(ctx, t, tx, b.verify(ctx, t, tx, entered.ID).ID)
}

func byID(id uuid.UUID) lab.ByID { return lab.ByID{ID: id} }

func rejecting(sampleID uuid.UUID, reason string) lab.RejectInput {
	in := lab.RejectInput{ByID: byID(sampleID)}
	in.Body.Reason = reason
	return in
}

func storing(sampleID uuid.UUID, location string) lab.StoreInput {
	in := lab.StoreInput{ByID: byID(sampleID)}
	in.Body.Location = location
	return in
}

// value finds one of a result.
func value(t testing.TB, r labapi.Result, code string) labapi.Value {
	t.Helper()
	i := slices.IndexFunc(r.Values, func(v labapi.Value) bool { return v.Code == code })
	if i < 0 {
		t.Fatalf("the result has no %s: %+v", code, r.Values)
	}
	return r.Values[i]
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if e := errs.Of(err); e == nil || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func wantFaults(t testing.TB, err error, code string, locations ...string) {
	t.Helper()
	wantCode(t, err, code)
	got := []string{}
	if e := errs.Of(err); e != nil {
		for _, f := range e.Fields {
			got = append(got, f.Location)
		}
	}
	want(t, got, locations...)
}

func want(t testing.TB, got []string, expected ...string) {
	t.Helper()
	if !slices.Equal(got, expected) {
		t.Errorf("got  %v\nwant %v", got, expected)
	}
}

// as runs as a user of the same facility who holds the given permissions and no other.
func as(ctx context.Context, userID uuid.UUID, permissions ...string) context.Context {
	scope, _ := db.ScopeOf(ctx)
	scope.UserID = userID
	held := map[string]bool{}
	for _, p := range permissions {
		held[p] = true
	}
	return auth.WithIdentity(db.WithScope(ctx, scope), &auth.Identity{
		Account: &auth.Account{UserID: userID},
		Acting:  &auth.Membership{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Permissions: held},
	})
}

// undone runs fn, whose error undoes what it did, as a refused request does.
func undone(ctx context.Context, t testing.TB, tx db.Tx, fn func(tx db.Tx) error) error {
	t.Helper()
	err := tx.Nested(ctx, tx.Scope(), fn)
	if err == nil {
		t.Error("was not refused")
	}
	if errs.Of(err) == nil && err != nil {
		t.Errorf("was refused by %v", err)
	}
	return err
}

var unknown = uuid.MustParse("0195d0a0-0000-7000-8000-000000000001")

func labHistory(resultID uuid.UUID) lab.HistoryInput { return lab.HistoryInput{ByID: byID(resultID)} }

func first(limit int) httpx.PageParams { return httpx.PageParams{Limit: limit, Count: true} }
