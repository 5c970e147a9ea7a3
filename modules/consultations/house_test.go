package consultations_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/consultations"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var library = sync.OnceValues(func() (*packs.Library, error) {
	return packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml":            {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [OPD], order_types: [LAB]}`)},
		"base/workflows/opd.yaml":   {Data: []byte("{encounter_type: OPD, steps: [], close: {tasks: [], documents: []}}")},
		"base/templates/score.yaml": {Data: []byte(`{code: score, version: 1.0.0, title: Score, schema: {type: object, additionalProperties: false, required: [vata], properties: {vata: {type: integer, title: Vata}}}, ui: {pages: [{title: Score, rows: [[vata]]}]}, summary: "Vata {vata}"}`)},
		"base/catalog/lab.yaml":     {Data: []byte("[{code: CBC, name: Blood count, order_type: LAB}, {code: LEAD, name: Lead, order_type: LAB}, {code: MERCURY, name: Mercury, order_type: LAB}]")},
		"base/rules/all.yaml": {Data: []byte(`
- {code: base.no_mercury, on: order.create, when: "order.items.exists(i, i.service_code == 'MERCURY')", then: {effect: block}, severity: safety, message: Mercury is not given here.}
- {code: base.lead_needs_reason, on: order.create, when: "order.items.exists(i, i.service_code == 'LEAD')", then: {effect: require_reason}, severity: warning, message: Say why lead is given.}
- {code: base.stat_is_dear, on: order.create, when: "order.priority == 'STAT'", then: {effect: warn}, severity: info, message: STAT costs more.}
- {code: base.high_needs_reason, on: document.finalize, when: "document.payload.vata > 20", then: {effect: require_reason}, severity: warning, message: Say why it is so high.}
- {code: base.low_is_odd, on: document.finalize, when: "document.payload.vata < 5", then: {effect: warn}, severity: info, message: Is it so low.}
`)},
	})
})

// ward is a facility with an encounter under way, and all modules that a consultation joins.
type ward struct {
	*consultations.Module
	documents *clinicaldocs.Module
	encounter encountersapi.Encounter
}

func inWard(t *testing.T, fn func(ctx context.Context, tx db.Tx, w ward)) {
	t.Helper()
	known, err := library()
	if err != nil {
		t.Fatal(err)
	}
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		bus := events.NewBus()
		gate := rules.New(rules.Deps{Bus: bus, Packs: known, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{}, Results: clinicaldocs.Reader{}, Orders: orders.Reader{}})
		notes := encounters.New(encounters.Deps{Bus: bus, Clock: clock.NewManual(testkit.Epoch), Facilities: facilities.Reader{}, Users: iam.Reader{},
			Patients: patients.Reader{}, Packs: known, Tasks: tasks.Reader{}, Documents: clinicaldocs.Reader{}, Alerts: alerts.Reader{}, Gate: gate})
		w := ward{documents: clinicaldocs.New(clinicaldocs.Deps{Bus: bus, Encounters: encounters.Reader{}, Patients: patients.Reader{},
			Facilities: facilities.Reader{}, Packs: known, Gate: gate})}
		placing := orders.New(orders.Deps{Bus: bus, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{},
			Facilities: facilities.Reader{}, Packs: known, Tasks: tasks.Reader{}, Gate: gate})
		w.Module = consultations.New(consultations.Deps{Encounters: encounters.Reader{}, Entries: notes, Documents: w.documents, Orders: placing,
			Needs: consultations.Needs{Assessment: "a", Plan: "p", Note: "n", Documents: "d", Orders: "o"}})
		w.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{Status: encountersapi.StatusInConsult})
		fn(ctx, tx, w)
	})
}

func (w ward) draft(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID, payload map[string]any) uuid.UUID {
	t.Helper()
	var in clinicaldocs.DraftInput
	in.Body.EncounterID, in.Body.TemplateCode, in.Body.Payload = encounterID, "score", payload
	d, err := w.documents.Draft(ctx, tx, in)
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

// whole is a consultation of every part.
func (w ward) whole(ctx context.Context, t testing.TB, tx db.Tx) consultations.SignInput {
	t.Helper()
	in := consultations.SignInput{ID: w.encounter.ID}
	in.Body.Assessment = &encountersapi.Assessment{Diagnosis: "Amavata"}
	in.Body.Plan = &encountersapi.Plan{Medications: []encountersapi.PlanItem{{Words: "Rasnadi kashaya"}}}
	in.Body.Note = &encountersapi.Note{Subjective: "Stiff in the morning"}
	in.Body.DocumentIDs = []uuid.UUID{w.draft(ctx, t, tx, w.encounter.ID, map[string]any{"vata": 12.0})}
	in.Body.Orders = []ordersapi.Request{asking("CBC")}
	return in
}

func asking(codes ...string) ordersapi.Request {
	request := ordersapi.Request{OrderType: "LAB"}
	for _, code := range codes {
		request.Items = append(request.Items, ordersapi.RequestItem{ServiceCode: code})
	}
	return request
}

func passing(rule string) rulesapi.Override {
	return rulesapi.Override{Rule: rule, Reason: "It must be"}
}

// sign signs as a request does: what is refused is undone. It gives the names of the events that are left.
func (w ward) sign(ctx context.Context, t testing.TB, tx db.Tx, in consultations.SignInput) (consultations.Signed, []string, error) {
	t.Helper()
	var signed consultations.Signed
	err := tx.Nested(ctx, tx.Scope(), func(tx db.Tx) (err error) {
		signed, err = w.Sign(ctx, tx, in)
		return err
	})
	if flushed := tx.Flush(ctx); flushed != nil {
		t.Fatal(flushed)
	}
	recorded, failed := events.OfEncounter(ctx, tx, w.encounter.ID)
	if failed != nil {
		t.Fatal(failed)
	}
	told := []string{}
	for _, r := range recorded {
		if r.Name != "clinicaldocs.document_drafted.v1" {
			told = append(told, r.Name)
		}
	}
	return signed, told, err
}

func wantCode(t testing.TB, err error, code string) *errs.Error {
	t.Helper()
	e := errs.Of(err)
	if e == nil || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	return e
}

func wantFaults(t testing.TB, err error, code string, locations ...string) {
	t.Helper()
	var got []string
	for _, f := range wantCode(t, err, code).Fields {
		got = append(got, f.Location)
	}
	if !slices.Equal(got, locations) {
		t.Errorf("faults at %v, want %v", got, locations)
	}
}

// as gives the caller of ctx these permissions and no other.
func as(ctx context.Context, permissions ...string) context.Context {
	scope, _ := db.ScopeOf(ctx)
	held := map[string]bool{}
	for _, p := range permissions {
		held[p] = true
	}
	return auth.WithIdentity(ctx, &auth.Identity{
		Account: &auth.Account{UserID: scope.UserID},
		Acting:  &auth.Membership{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Permissions: held},
	})
}
