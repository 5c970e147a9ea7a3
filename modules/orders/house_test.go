package orders_test

import (
	"context"
	"encoding/json"
	"maps"
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
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
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
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/tasks"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Rules of every effect that an order meets, on services of their own.
const orderRules = `
- {code: base.no_mercury, on: order.create, when: "order.items.exists(i, i.service_code == 'MERCURY')", then: {effect: block}, severity: safety, message: Mercury is not given here.}
- {code: base.lead_needs_reason, on: order.create, when: "order.items.exists(i, i.service_code == 'LEAD')", then: {effect: require_reason}, severity: warning, message: Say why lead is given.}
- {code: base.not_by_another_name, on: order.create, when: "order.note == 'allergic' && order.items.exists(i, 'Hémogramme' in i.synonyms)", then: {effect: block}, severity: safety, message: Not by any name.}
- {code: base.urgent_is_dear, on: order.create, when: "order.priority == 'STAT'", then: {effect: warn}, severity: info, message: STAT costs more.}
- {code: base.not_twice, on: order.create, when: "order.items.exists(i, i.service_code == 'IRON') && facts.active_orders.exists(o, o.service_code == 'COPPER' && o.days_ago < 30)", then: {effect: block}, severity: safety, message: Iron does not go with copper.}
`

var house = sync.OnceValues(func() (*packs.Library, error) {
	return packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml":          {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [OPD], order_types: [LAB, HERBAL]}`)},
		"base/workflows/opd.yaml": {Data: []byte("{encounter_type: OPD, steps: [], close: {tasks: [], documents: []}}")},
		"base/rules/order.yaml":   {Data: []byte(orderRules)},
	})
})

// dose is the form of a decoction's data: a dose between 30 and 120 ml.
type dose struct{}

func (dose) Validate(data map[string]any, final bool) []packsapi.Fault {
	given, present := data["dose_ml"]
	ml, isNumber := given.(float64)
	switch {
	case !present && final:
		return []packsapi.Fault{{Path: "data.dose_ml", Message: "Is required."}}
	case !isNumber || ml < 30 || ml > 120:
		return []packsapi.Fault{{Path: "data.dose_ml", Message: "Must be between 30 and 120."}}
	}
	return nil
}

func (dose) Document(string) json.RawMessage { return json.RawMessage(`{"type":"object"}`) }

func called(name string) packsapi.Text { return packsapi.Text{"en": name} }

func simple(code, name string) *packsapi.Service {
	return &packsapi.Service{Pack: "base", Code: code, Name: called(name), OrderType: "LAB"}
}

// services are in the order in which the pack shows them.
var services = []*packsapi.Service{
	{Pack: "base", Code: "CBC", Name: packsapi.Text{"en": "Complete blood count", "hi": "संपूर्ण रक्त गणना"}, OrderType: "LAB", Synonyms: []string{"Hémogramme"},
		Analytes: []string{"HGB", "WBC"}, Specimen: &packsapi.Specimen{Type: "blood"}, TurnAround: packsapi.TurnAround{Routine: 4 * time.Hour, Stat: 45 * time.Minute}},
	{Pack: "base", Code: "CREAT", Name: called("Creatinine"), OrderType: "LAB", DuplicateWithin: 72 * time.Hour},
	simple("UREA", "Urea"), simple("COPPER", "Copper"), simple("IRON", "Iron"), simple("GOLD", "Gold"), simple("MERCURY", "Mercury"), simple("LEAD", "Lead"),
	{Pack: "base", Code: "RENAL", Name: called("Renal profile"), OrderType: "LAB", Panel: []string{"CREAT", "UREA"}},
	{Pack: "base", Code: "CHECKUP", Name: called("Check-up"), OrderType: "LAB", Panel: []string{"RENAL", "CBC", "UREA"}},
	{Pack: "base", Code: "MIXED", Name: called("Mixed"), OrderType: "LAB", Panel: []string{"CBC", "NILAVEMBU"}},
	{Pack: "base", Code: "BREWS", Name: called("Brews"), OrderType: "HERBAL", Panel: []string{"NILAVEMBU"}},
	{Pack: "base", Code: "NILAVEMBU", Name: called("Nilavembu kudineer"), OrderType: "HERBAL", Instructions: called("Twice a day before food"),
		Data: packsapi.NewDataForm(nil, dose{}),
		Tasks: []packsapi.ServiceTask{
			{Code: "prepare-kashaya", Title: called("Prepare the decoction"), Role: "pharmacist", DueIn: time.Hour},
			{Code: "hand-out", Title: called("Hand it out"), Role: "pharmacist"},
		}},
}

// shelf is the base pack's library with a catalogue.
type shelf struct{ packsapi.Library }

func (s shelf) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) { return s, nil }

func (s shelf) Catalog(pack string) (packsapi.Catalog, error) {
	if pack != packsapi.Base {
		return nil, packsapi.ErrUnknownPack
	}
	return s, nil
}

func (shelf) Service(code string) (*packsapi.Service, bool) {
	i := slices.IndexFunc(services, func(s *packsapi.Service) bool { return s.Code == code })
	if i < 0 {
		return nil, false
	}
	return services[i], true
}

func (shelf) Services() []*packsapi.Service { return services }

func (shelf) OrderSets() []packsapi.OrderSet {
	return []packsapi.OrderSet{
		{Pack: "base", Code: "fever", Name: called("Fever"), Items: []packsapi.OrderSetItem{
			{ServiceCode: "CBC", Priority: "stat", Quantity: 1},
			{ServiceCode: "NILAVEMBU", Quantity: 2, Data: map[string]any{"dose_ml": 60.0}},
			{ServiceCode: "GONE"},
		}},
		{Pack: "base", Code: "kidneys", Name: called("Kidneys"), Items: []packsapi.OrderSetItem{{ServiceCode: "RENAL", Quantity: 1}}},
	}
}

// ward is a facility with an open encounter, and the modules that orders meet.
type ward struct {
	*orders.Module
	bus       *events.Bus
	tasks     *tasks.Module
	encounter encountersapi.Encounter
}

func newModules(t testing.TB) ward {
	t.Helper()
	library, err := house()
	if err != nil {
		t.Fatal(err)
	}
	known, bus := shelf{library}, events.NewBus()
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
	events.Declare[labapi.SampleCollected](bus, "lab")
	events.Declare[labapi.ResultReleased](bus, "lab")
	events.Declare[iamapi.UserDisabled](bus, "iam")
	events.Declare[iamapi.MembershipChanged](bus, "iam")
	w := ward{bus: bus}
	gate := rules.New(rules.Deps{Bus: bus, Packs: known, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{}, Results: clinicaldocs.Reader{}, Orders: orders.Reader{}})
	w.tasks = tasks.New(tasks.Deps{Bus: bus, Clock: clock.NewManual(testkit.Epoch), Facilities: facilities.Reader{}, Encounters: encounters.Reader{},
		Patients: patients.Reader{}, Users: iam.Reader{}, Packs: known, Gate: gate})
	w.Module = orders.New(orders.Deps{Bus: bus, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{},
		Facilities: facilities.Reader{}, Packs: known, Tasks: tasks.Reader{}, Gate: gate})
	w.tasks.Subscribe()
	w.Subscribe()
	return w
}

// inWard runs fn in a facility with one open encounter.
func inWard(t *testing.T, fn func(ctx context.Context, tx db.Tx, w ward)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		iamtest.User(ctx, t, tx, iamtest.With{ID: tx.Scope().UserID, FullName: "Doctor Rao"})
		w := newModules(t)
		w.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		fn(ctx, tx, w)
	})
}

// asking is a request for services of one type.
func asking(orderType string, codes ...string) ordersapi.Request {
	request := ordersapi.Request{OrderType: orderType}
	for _, code := range codes {
		request.Items = append(request.Items, ordersapi.RequestItem{ServiceCode: code})
	}
	return request
}

// brew asks for the decoction, with its tasks.
func brew() ordersapi.Request {
	request := asking("HERBAL", "NILAVEMBU")
	request.Items[0].Data = map[string]any{"dose_ml": 60.0}
	return request
}

func (w ward) order(ctx context.Context, t testing.TB, tx db.Tx, request ordersapi.Request) ordersapi.Order {
	t.Helper()
	return must(t)(w.Place(ctx, tx, w.encounter.ID, request, nil))
}

func must(t testing.TB) func(ordersapi.Order, error) ordersapi.Order {
	return func(o ordersapi.Order, err error) ordersapi.Order {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
}

func byID(orderID uuid.UUID) orders.ByID { return orders.ByID{ID: orderID} }

func cancelling(orderID uuid.UUID, reason string) orders.CancelInput {
	return orders.CancelInput{ByID: byID(orderID), Body: orders.Reason{Reason: reason}}
}

func item(o ordersapi.Order, i int) orders.ItemByID {
	return orders.ItemByID{ByID: byID(o.ID), ItemID: o.Items[i].ID}
}

func cancellingItem(o ordersapi.Order, i int) orders.CancelItemInput {
	return orders.CancelItemInput{ItemByID: item(o, i), Body: orders.Reason{Reason: "Not needed"}}
}

// states gives "CREATED: CBC REQUESTED, UREA REQUESTED".
func states(o ordersapi.Order) string {
	var items []string
	for _, item := range o.Items {
		items = append(items, item.ServiceCode+" "+string(item.Status))
	}
	return string(o.Status) + ": " + strings.Join(items, ", ")
}

func wantStates(t testing.TB, o ordersapi.Order, want string) {
	t.Helper()
	if got := states(o); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// told gives the events of orders in the encounter, "item_completed CBC", in order.
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
		if name, ours := strings.CutPrefix(strings.TrimSuffix(r.Name, ".v1"), "orders."); ours {
			var about struct {
				ServiceCode string `json:"service_code"`
			}
			if err := json.Unmarshal(r.Payload, &about); err != nil {
				t.Fatal(err)
			}
			all = append(all, strings.TrimSpace(name+" "+about.ServiceCode))
		}
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

func wantFaults(t testing.TB, err error, code string, locations ...string) {
	t.Helper()
	wantCode(t, err, code)
	got := map[string]bool{}
	if e := errs.Of(err); e != nil {
		for _, f := range e.Fields {
			got[f.Location] = true
		}
	}
	want(t, slices.Sorted(maps.Keys(got)), slices.Sorted(slices.Values(locations))...)
}

// as runs fn as a user of the same facility who holds the given permissions and no other.
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

var unknown = id.New()
