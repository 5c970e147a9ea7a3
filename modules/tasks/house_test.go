package tasks_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
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
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/tasks"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var unknown = id.New()

// house is tasks with the events it hears; the test says what happens in encounters.
type house struct {
	bus   *events.Bus
	tasks *tasks.Module
	clock *clock.Manual
	nurse uuid.UUID
	// alerts is what nobody has acknowledged, as the test says.
	alerts *ledger
}

// ledger stands in for the alerts of an encounter.
type ledger struct{ unacknowledged []string }

func (l *ledger) UnacknowledgedCritical(context.Context, db.DBTX, db.Scope, uuid.UUID) ([]string, error) {
	return l.unacknowledged, nil
}

func (l *ledger) Briefs(context.Context, db.DBTX, db.Scope, []uuid.UUID) (map[uuid.UUID]alertsapi.Brief, error) {
	return nil, nil
}

// A pack whose workflow uses everything a step may say.
const dayCare = `
encounter_type: DAYCARE
steps:
  - {code: weigh,     title: Weigh,             role: nurse,  opens_on: encounter.created}
  - {code: consent,   title: Sign the consent,  role: nurse,  opens_on: encounter.checked_in, due_in: 30m, completed_by: {template: consent_form}}
  - {code: guardian,  title: Ask the guardian,  role: nurse,  opens_on: encounter.checked_in, when: "patient.age_years < 18"}
  - {code: procedure, title: Do the procedure,  role: doctor, opens_on: document.finalized, when: "event.template_code == 'consent_form'", completed_by: {kind: NOTE}}
  - {code: recheck,   title: Check the change,  role: nurse,  opens_on: document.amended}
  - {code: bill,      title: Make the bill,     role: biller, opens_on: task.completed, when: "event.code == 'procedure'", optional: true}
close: {tasks: [procedure], documents: []}
`

// Rules about completing tasks that no workflow here has.
const completing = `
- {code: base.two_nurses, on: task.complete, when: task.code == 'transfuse', then: {effect: block}, severity: safety, message: Two nurses check., overridable_by: rules.can_override}
- {code: base.watch,      on: task.complete, when: task.code == 'transfuse', then: {effect: open_task, task: {code: watch-patient, title: {en: Watch the patient, hi: मरीज़ पर नज़र रखें}, role: nurse}}, severity: info, message: Watch.}
- {code: base.slowly,     on: task.complete, when: task.code == 'transfuse', then: {effect: warn}, severity: info, message: "{task.title} slowly."}
`

var library = sync.OnceValues(func() (*packs.Library, error) {
	return packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml": {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [OPD, DAYCARE], order_types: [LAB]}`)},
		"base/templates/consent_form.yaml": {Data: []byte(`{code: consent_form, version: 1.0.0, title: Consent, schema: {type: object, properties: {signed: {type: boolean, title: Signed}}},
			ui: {pages: [{title: Consent, rows: [[signed]]}], fields: {}}, summary: Consent}`)},
		"base/workflows/daycare.yaml":  {Data: []byte(dayCare)},
		"base/rules/tasks.yaml":        {Data: []byte(completing)},
		"base/catalog/laboratory.yaml": {Data: []byte(`[{code: CBC, name: Complete blood count, order_type: LAB, specimen: {type: blood}}]`)},
		"base/workflows/opd.yaml": {Data: []byte(`
encounter_type: OPD
steps:
  - {code: record-vitals,  title: Record vitals, role: nurse,  opens_on: encounter.created, completed_by: {kind: VITALS}}
  - {code: doctor-consult, title: Consult,       role: doctor, opens_on: encounter.created, completed_by: {kind: ASSESSMENT}}
close: {tasks: [record-vitals, doctor-consult], documents: []}
`)},
	})
})

func newHouse(t testing.TB) house {
	t.Helper()
	known, err := library()
	if err != nil {
		t.Fatal(err)
	}
	h := house{bus: events.NewBus(), clock: clock.NewManual(testkit.Epoch), nurse: id.New(), alerts: &ledger{}}
	declare(h.bus)
	h.tasks = tasks.New(tasks.Deps{Bus: h.bus, Clock: h.clock, Facilities: facilities.Reader{}, Encounters: encounters.Reader{},
		Patients: patients.Reader{}, Users: iam.Reader{}, Packs: known, Alerts: h.alerts, Gate: rules.New(rules.Deps{Bus: h.bus, Packs: known, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{}, Results: clinicaldocs.Reader{}, Orders: orders.Reader{}, Tasks: tasks.Reader{}})})
	h.tasks.Subscribe()
	return h
}

// declare stands in for the modules whose events tasks hears.
func declare(b *events.Bus) {
	events.Declare[encountersapi.Created](b, "encounters")
	events.Declare[encountersapi.CheckedIn](b, "encounters")
	events.Declare[encountersapi.ConsultStarted](b, "encounters")
	events.Declare[encountersapi.Closed](b, "encounters")
	events.Declare[encountersapi.Cancelled](b, "encounters")
	events.Declare[encountersapi.VitalsRecorded](b, "encounters")
	events.Declare[encountersapi.AssessmentRecorded](b, "encounters")
	events.Declare[encountersapi.PlanRecorded](b, "encounters")
	events.Declare[encountersapi.NoteRecorded](b, "encounters")
	events.Declare[clinicaldocsapi.DocumentFinalized](b, "clinicaldocs")
	events.Declare[clinicaldocsapi.DocumentAmended](b, "clinicaldocs")
	events.Declare[ordersapi.Created](b, "orders")
	events.Declare[ordersapi.ItemCompleted](b, "orders")
	events.Declare[ordersapi.ItemCancelled](b, "orders")
	events.Declare[labapi.SampleCollected](b, "lab")
	events.Declare[labapi.SampleReceived](b, "lab")
	events.Declare[labapi.SampleRejected](b, "lab")
	events.Declare[labapi.ResultEntered](b, "lab")
	events.Declare[labapi.ResultVerified](b, "lab")
	events.Declare[alertsapi.Raised](b, "alerts")
	events.Declare[alertsapi.Acknowledged](b, "alerts")
	events.Declare[alertsapi.Resolved](b, "alerts")
	events.Declare[iamapi.UserDisabled](b, "iam")
	events.Declare[iamapi.MembershipChanged](b, "iam")
}

// inFacility runs fn in a facility with one open encounter.
func inFacility(t *testing.T, with encounterstest.With, fn func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		h := newHouse(t)
		h.hire(ctx, t, tx)
		fn(ctx, tx, h, encounterstest.Encounter(ctx, t, tx, with))
	})
}

// hire makes the house's nurse a member of the facility.
func (h house) hire(ctx context.Context, t testing.TB, tx db.Tx) {
	t.Helper()
	iamtest.User(ctx, t, tx, iamtest.With{ID: h.nurse, FullName: "Sister Mary"})
}

func (h house) happen(ctx context.Context, t testing.TB, tx db.Tx, e events.Event) {
	t.Helper()
	if err := h.bus.Publish(ctx, tx, e); err != nil {
		t.Fatal(err)
	}
}

func createInput(encounterID uuid.UUID, code string) tasks.CreateInput {
	var in tasks.CreateInput
	in.Body.EncounterID, in.Body.Code = encounterID, code
	return in
}

func (h house) create(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID, code string) tasks.Task {
	t.Helper()
	task, err := h.tasks.Create(ctx, tx, createInput(encounterID, code))
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func byID(taskID uuid.UUID) tasks.ByID { return tasks.ByID{ID: taskID} }

func assignInput(taskID, userID uuid.UUID) tasks.AssignInput {
	in := tasks.AssignInput{ByID: byID(taskID)}
	in.Body.AssignedToID = userID
	return in
}

// act makes a move by its name.
func (h house) act(ctx context.Context, tx db.Tx, taskID uuid.UUID, name string) (tasks.Task, error) {
	switch name {
	case "start":
		return h.tasks.Start(ctx, tx, byID(taskID))
	case "complete":
		return h.tasks.Complete(ctx, tx, tasks.CompleteInput{ByID: byID(taskID)})
	case "reopen":
		return h.tasks.Reopen(ctx, tx, byID(taskID))
	case "cancel":
		return h.tasks.Cancel(ctx, tx, byID(taskID))
	case "assign":
		return h.tasks.Assign(ctx, tx, assignInput(taskID, h.nurse))
	default:
		return h.tasks.Unassign(ctx, tx, byID(taskID))
	}
}

// told gives the events of the encounter's tasks, "done record-vitals", in order.
func told(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID) []string {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	recorded, err := events.OfEncounter(ctx, tx, encounterID)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, r := range recorded {
		if r.Keys.Entity == "task" {
			name := strings.TrimSuffix(strings.TrimPrefix(r.Name, "tasks."), ".v1")
			_, code, _ := strings.Cut(string(r.Payload), `"code": "`)
			code, _, _ = strings.Cut(code, `"`)
			all = append(all, name+" "+code)
		}
	}
	return all
}

// states gives "record-vitals OPEN" for each task of the encounter, by code.
func states(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID) []string {
	t.Helper()
	found, err := (tasks.Reader{}).OfEncounter(ctx, tx, tx.Scope(), encounterID)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, task := range found {
		all = append(all, task.Code+" "+string(task.Status))
	}
	return all
}

func want(t testing.TB, got []string, expected ...string) {
	t.Helper()
	if !slices.Equal(got, expected) {
		t.Errorf("got  %v\nwant %v", got, expected)
	}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if e := errs.Of(err); e == nil || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func ptr[T any](v T) *T { return &v }

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
