package patients_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
)

const packYAML = `{id: base, version: 1.0.0, name: Trial, kind: base, requires_hm: "^1", locales: [en], encounter_types: [], order_types: [], sign_off: {clinician: "", date: ""}}`

// library knows packs that say nothing of what they keep of patients.
var library = sync.OnceValue(func() *packs.Library {
	return must(fstest.MapFS{"ayurveda/pack.yaml": {Data: []byte(`{id: ayurveda, version: 1.0.0, name: Ayurveda, kind: system, extends: [base], requires_hm: "^1",
		locales: [en], encounter_types: [], order_types: [], sign_off: {clinician: "", date: ""}}`)}})
})

// keeping knows one that does.
var keeping = sync.OnceValue(func() *packs.Library {
	return must(fstest.MapFS{"base/patient.yaml": {Data: []byte(`
type: object
additionalProperties: false
required: [prakriti]
properties:
  prakriti: {type: string, enum: [Vata, Pitta, Kapha], title: Prakriti, x-search: true}
  village: {type: string, maxLength: 300, title: Village, x-search: true}
  children: {type: integer, minimum: 0, title: Children, x-search: true}
  height: {type: number, title: Height, x-search: true}
  smokes: {type: boolean, title: Smokes, x-search: true}
  secret: {type: string, title: Secret}
  allergies: {type: array, title: Allergies, items: {type: object, additionalProperties: false, properties: {to: {type: string, title: To}}}}
`)}})
})

func must(files fstest.MapFS) *packs.Library {
	files["base/pack.yaml"] = &fstest.MapFile{Data: []byte(packYAML)}
	library, err := packs.NewLibrary(files)
	if err != nil {
		panic(err)
	}
	return library
}

func inKeepingFacility(t *testing.T, fn func(ctx context.Context, tx db.Tx, m *patients.Module)) {
	t.Helper()
	inFacility(t, func(ctx context.Context, tx db.Tx, _ *patients.Module) {
		fn(ctx, tx, patients.New(patients.Deps{Bus: events.NewBus(), Facilities: facilities.Reader{}, Packs: keeping()}))
	})
}

type object = map[string]any

func withData(data object) func(*patients.RegisterInput) {
	return func(in *patients.RegisterInput) { in.Body.SystemSpecificData = sent(object{"base": data}) }
}

func having(data ...string) patients.ListInput {
	return patients.ListInput{Data: data, PageParams: httpx.PageParams{Limit: 1, Count: true}}
}

// foundBy gives the names of all patients found, page by page.
func foundBy(ctx context.Context, t *testing.T, tx db.Tx, m *patients.Module, in patients.ListInput) []string {
	t.Helper()
	names := []string{}
	for {
		page, err := m.List(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Results {
			names = append(names, p.FullName)
		}
		if page.Next == nil {
			if int(*page.Count) != len(names) {
				t.Errorf("count says %d of %d", *page.Count, len(names))
			}
			slices.Sort(names)
			return names
		}
		in.Cursor = *page.Next
	}
}

func TestAPacksDataAreCheckedByItsForm(t *testing.T) {
	t.Parallel()
	inKeepingFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		_, err := m.Register(ctx, tx, person("Asha", withData(object{"prakriti": "Fire", "children": -1.0, "colour": "red", "allergies": []any{object{"to": 7.0}}})))
		wantFaults(t, err, "body.system_specific_data.base.allergies[0].to", "body.system_specific_data.base.children",
			"body.system_specific_data.base.colour", "body.system_specific_data.base.prakriti")
		// What the pack requires may come later.
		p, err := m.Register(ctx, tx, person("Asha", withData(object{"village": "Kollur"})))
		if err != nil {
			t.Fatal(err)
		}
		in := patients.UpdateInput{ByID: patients.ByID{ID: p.ID}}
		in.Body.SystemSpecificData = sent(object{"base": object{"smokes": "yes"}})
		_, err = m.Update(ctx, tx, in)
		wantFaults(t, err, "body.system_specific_data.base.smokes")
	})
}

func TestPatientsAreFoundByTheirPacksData(t *testing.T) {
	t.Parallel()
	inKeepingFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for name, data := range map[string]object{
			"Asha":  {"prakriti": "Vata", "village": " Kollur ", "children": 2.0, "height": 1.5, "smokes": false, "secret": "x"},
			"Bala":  {"prakriti": "Vata", "children": 3.0, "smokes": true},
			"Chand": {"prakriti": "Pitta", "village": "kollur"},
			"Devi":  nil,
		} {
			if _, err := m.Register(ctx, tx, person(name, withData(data))); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			asked, want []string
		}{
			{[]string{"base.prakriti:Vata"}, []string{"Asha", "Bala"}},
			{[]string{"base.prakriti:Kapha"}, []string{}},
			{[]string{"base.village:KOLLUR"}, []string{"Asha", "Chand"}},
			{[]string{"base.prakriti:Vata", "base.village:kollur"}, []string{"Asha"}},
			{[]string{"base.children:3"}, []string{"Bala"}}, {[]string{"base.children:3.0"}, []string{"Bala"}},
			{[]string{"base.height:1.5"}, []string{"Asha"}},
			{[]string{"base.smokes:false"}, []string{"Asha"}},
			{[]string{"base.village:a:b"}, []string{}},
		} {
			if got := foundBy(ctx, t, tx, m, having(c.asked...)); !slices.Equal(got, c.want) {
				t.Errorf("%v: got %v, want %v", c.asked, got, c.want)
			}
		}
		for _, asked := range []string{"", "prakriti:Vata", "base.prakriti", "siddha.prakriti:Vata", "base.secret:x", "base.lost:x", "base.prakriti:Fire",
			"base.children:two", "base.smokes:perhaps", "base.village: ", "base.prakriti:"} {
			_, err := m.List(ctx, tx, having(asked))
			wantFaults(t, err, "query.data")
		}
		in := having("base.prakriti:Vata")
		in.Q = "Asha"
		_, err := m.List(ctx, tx, in)
		wantFaults(t, err, "query.data")
	})
}

func TestChangedDataAreFoundAsTheyAreNow(t *testing.T) {
	t.Parallel()
	inKeepingFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		p, err := m.Register(ctx, tx, person("Asha", withData(object{"prakriti": "Vata", "village": "Kollur"})))
		if err != nil {
			t.Fatal(err)
		}
		update := func(data any) {
			t.Helper()
			in := patients.UpdateInput{ByID: patients.ByID{ID: p.ID}}
			in.Body.SystemSpecificData = sent(object{"base": data})
			if _, err := m.Update(ctx, tx, in); err != nil {
				t.Fatal(err)
			}
		}
		update(object{"prakriti": "Pitta"})
		for asked, want := range map[string]int{"base.prakriti:Vata": 0, "base.prakriti:Pitta": 1, "base.village:Kollur": 0} {
			if got := foundBy(ctx, t, tx, m, having(asked)); len(got) != want {
				t.Errorf("%s: got %v", asked, got)
			}
		}
		update(nil)
		if got := foundBy(ctx, t, tx, m, having("base.prakriti:Pitta")); len(got) != 0 {
			t.Errorf("got %v", got)
		}
	})
}

func TestLoadedPatientsAreFoundByTheirPacksData(t *testing.T) {
	t.Parallel()
	inKeepingFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		settings := facilitiesapi.Settings{Packs: []string{"base"}, MRNPattern: "L-{number:6}", Zone: time.UTC}
		one := patients.Loaded{ID: uuid.New(), RegisterInput: person("Asha", withData(object{"prakriti": "Vata"})), RegisteredAt: tx.Now(), RegisteredBy: tx.Scope().UserID}
		if err := m.Load(settings, id.NewSource(1, 1)).Write(ctx, tx, []patients.Loaded{one}); err != nil {
			t.Fatal(err)
		}
		if got := foundBy(ctx, t, tx, m, having("base.prakriti:Vata")); !slices.Equal(got, []string{"Asha"}) {
			t.Errorf("got %v", got)
		}
	})
}

func TestRulesKnowOnlyOwnPatients(t *testing.T) {
	t.Parallel()
	inKeepingFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		p, err := m.Register(ctx, tx, person("Asha", withData(object{"prakriti": "Vata"})))
		if err != nil {
			t.Fatal(err)
		}
		facts, err := patients.Reader{}.Facts(ctx, tx, tx.Scope(), p.ID)
		if err != nil || facts.Gender != "unknown" || string(facts.SystemSpecificData) != `{"base": {"prakriti": "Vata"}}` {
			t.Errorf("got %+v, %v", facts, err)
		}
		if facts, err := (patients.Reader{}).Facts(ctx, tx, tx.Scope(), id.New()); err != nil || facts.SystemSpecificData != nil {
			t.Errorf("got %+v, %v", facts, err)
		}
	})
}
