package isolation_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/prove/figures"
)

// practice is a tenant that works with a pack of its own making, whose every word is marked. The other tenant has a pack
// of the same id, version and codes.
type practice struct {
	*apptest.Day
	mark                         string
	patient, encounter, document string
}

// samePack is the id that both tenants gave their pack.
const samePack = "house_medicine"

func newPractice(t *testing.T, house *apptest.House, code, mark string) *practice {
	t.Helper()
	tenant := house.Tenant(t, code, "MAIN")
	p := &practice{Day: &apptest.Day{Tenant: tenant}, mark: mark}
	f := tenant.Facilities[0]
	p.Receptionist, p.Nurse = tenant.User(t, code+".reception", f, "receptionist"), tenant.User(t, code+".nurse", f, "nurse")
	p.Doctor, p.Auditor = tenant.User(t, code+".doctor", f, "doctor"), tenant.User(t, code+".auditor", f, "auditor")
	p.install(t, "1.0.0")
	tenant.Admin.Install(t, apptest.Clinic(code+"_only", "1.0.0", mark)).Want(t, 201)
	tenant.Admin.Put(t, "/api/facilities/"+f.String()+"/packs", object{"packs": []string{samePack}}).Want(t, 200)
	p.patient = p.Patient(t, "Somebody")
	p.encounter = p.Encounter(t, p.patient)
	p.Receptionist.Post(t, "/api/encounters/"+p.encounter+"/check-in", nil).Want(t, 200)
	p.Doctor.Post(t, "/api/encounters/"+p.encounter+"/start-consult", nil).Want(t, 200)
	draft := p.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": p.encounter, "template_code": "first_look", "payload": object{"warmth": 4}}).Want(t, 201)
	p.document = p.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft.ID()}).Want(t, 201).ID()
	return p
}

func (p *practice) install(t *testing.T, version string) {
	t.Helper()
	if r := p.Admin.Install(t, apptest.Clinic(samePack, version, p.mark)); r.StatusCode >= 300 {
		t.Fatalf("%s: %s", p.mark, r.Body)
	}
}

// values are the practice's own things for every slot that takes one.
func (p *practice) values(o *apptest.Operation, s apptest.Slot) (any, bool) {
	switch s.Member() {
	case "pack":
		return samePack, true
	case "encounter_id":
		return p.encounter, true
	case "patient_id":
		return p.patient, true
	case "template_code":
		return "first_look", true
	case "document_id":
		return p.document, true
	}
	if s.In != "path" {
		return nil, false
	}
	switch apptest.CollectionOf(o.Path) {
	case "/api/packs":
		return samePack, true
	case "/api/templates":
		return "first_look", true
	case "/api/rules":
		return samePack + ".too_cold", true
	case "/api/encounters":
		return p.encounter, true
	case "/api/patients":
		return p.patient, true
	case "/api/clinical-docs":
		return p.document, true
	case "/api/facilities":
		return p.Facilities[0].String(), true
	}
	return nil, false
}

// shownBy are the operations whose answer must carry the practice's own mark: a proof that shows nothing proves nothing.
var shownBy = []string{"/api/workspace", "/api/packs", "/api/packs/{id}", "/api/templates", "/api/templates/{code}", "/api/rules", "/api/rules/{code}", "/api/tasks",
	"/api/clinical-docs", "/api/clinical-docs/{id}", "/api/clinical-docs/latest"}

// TestPacksOfTwoTenantsNeverMix lets two tenants install a pack of the same id, version and codes with other content, and
// reads every operation as both in turn and at once, on two nodes, before and after an upgrade: nobody ever sees a word
// of the other's.
func TestPacksOfTwoTenantsNeverMix(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 2)
	practices := []*practice{newPractice(t, house, "asha", marks[0]), newPractice(t, house, "birch", marks[1])}
	var mu sync.Mutex
	asked, shown := 0, map[string]bool{}
	readAll := func(p, other *practice, node int) {
		clients := []*apptest.Client{p.Admin.On(node).Unchecking(), p.Doctor.On(node).Unchecking(), p.Auditor.On(node).Unchecking()}
		for i := range house.Contract.Operations {
			o := &house.Contract.Operations[i]
			if o.Method != http.MethodGet || o.Path == "/api/stream" || o.Path == "/api/audit/export" {
				continue
			}
			request := house.Contract.Fill(o, p.values)
			for _, s := range house.Contract.Slots(o) {
				if value, known := p.values(o, s); known && s.In == "query" && s.Name != "patient_id" { // an encounter is enough
					request.Query.Set(s.Name, fmt.Sprint(value))
				}
			}
			for _, c := range clients {
				r, err := c.Try(t.Context(), http.MethodGet, request.URL(), nil)
				if err != nil || r.StatusCode >= 500 {
					t.Errorf("GET %s: %v %s", request.URL(), err, r.Body)
					continue
				}
				mu.Lock()
				asked++
				shown[p.mark+o.Path] = shown[p.mark+o.Path] || bytes.Contains(r.Body, []byte(p.mark))
				mu.Unlock()
				if bytes.Contains(r.Body, []byte(other.mark)) || strings.Contains(fmt.Sprint(r.Header), other.mark) {
					t.Errorf("GET %s shows %s what %s installed", request.URL(), p.mark, other.mark)
				}
			}
		}
	}
	everybody := func() {
		var all sync.WaitGroup
		for i, p := range practices {
			for node := range 2 {
				all.Go(func() { readAll(p, practices[1-i], node) })
			}
		}
		all.Wait()
	}
	everybody() // each cache is cold for one of them
	everybody() // and warm for both
	practices[0].install(t, "1.1.0")
	everybody()
	for _, p := range practices {
		for _, path := range shownBy {
			if !shown[p.mark+path] {
				t.Errorf("GET %s never shows %s its own pack", path, p.mark)
			}
		}
	}
	if version := practices[1].Admin.Get(t, "/api/packs/"+samePack).Want(t, 200).Text("version"); version != "1.0.0" {
		t.Errorf("the other tenant's pack became %s", version)
	}
	figures.Record(t, "packs of two tenants", map[string]any{"requests": asked, "mixed": 0})
	if asked < 300 {
		t.Errorf("only %d requests", asked)
	}
}

// TestAPackOfAnotherTenantIsUnknown tries the id of a pack that only the other tenant has, wherever a pack can be named.
func TestAPackOfAnotherTenantIsUnknown(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	newPractice(t, house, "asha", marks[2])
	birch := newPractice(t, house, "birch", marks[3])
	same := func(what string, foreign, unknown apptest.Reply) {
		t.Helper()
		if foreign.StatusCode != unknown.StatusCode || foreign.StatusCode < 400 || foreign.Text("code") != unknown.Text("code") || foreign.Text("detail") != unknown.Text("detail") {
			t.Errorf("%s: the other tenant's pack gives %d %s, an unknown one %d %s", what, foreign.StatusCode, foreign.Body, unknown.StatusCode, unknown.Body)
		}
	}
	twice := func(what string, ask func(pack string) apptest.Reply) {
		t.Helper()
		same(what, ask("asha_only"), ask("nobody_only"))
	}
	admin, facility := birch.Admin, birch.Facilities[0].String()
	twice("the pack", func(pack string) apptest.Reply { return admin.Get(t, "/api/packs/"+pack) })
	twice("its forms", func(pack string) apptest.Reply { return admin.Get(t, "/api/templates?pack="+pack) })
	twice("its form", func(pack string) apptest.Reply { return admin.Get(t, "/api/templates/first_look?pack="+pack) })
	twice("its rule", func(pack string) apptest.Reply { return admin.Get(t, "/api/rules/"+pack+".too_cold") })
	twice("choosing it", func(pack string) apptest.Reply {
		return admin.Put(t, "/api/facilities/"+facility+"/packs", object{"packs": []string{pack}})
	})
	patient := birch.Patient(t, "Somebody else")
	twice("an encounter in it", func(pack string) apptest.Reply {
		return birch.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "pack": pack})
	})
	twice("a pack over it", func(pack string) apptest.Reply {
		over := apptest.Clinic("over", "1.0.0", "Over")
		return admin.Install(t, over.With(apptest.Pack{"pack.yaml": strings.Replace(over["pack.yaml"], "[base]", "["+pack+"]", 1)}))
	})
}

// TestWhatTwoTenantsLayOverABuiltInPackNeverMixes lets two tenants lay site packs over the same built-in pack, whose
// compiled content they share: each sees its own options, words, services and rules there, at once and in turn.
func TestWhatTwoTenantsLayOverABuiltInPackNeverMixes(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	site := func(mark string) apptest.Pack {
		return apptest.Pack{
			"pack.yaml":               "id: house_rules\nversion: 1.0.0\nname: " + mark + "\nkind: site\nextends: [homeopathy]\nrequires_hm: \"^1\"\nlocales: [en, hi]\nsign_off: {clinician: \"\", date: \"\"}\n",
			"labels/en.yaml":          "diagnosis: " + mark + "\n",
			"labels/hi.yaml":          "diagnosis: " + mark + "\n",
			"valuesets/modality.yaml": "code: modality\noptions:\n  - {code: morning, title: " + mark + " morning}\n  - {code: extra, title: " + mark + "}\n",
		}
	}
	type side struct {
		*apptest.Client
		mark string
	}
	var sides []side
	for i, code := range []string{"asha", "birch"} {
		tenant := house.Tenant(t, code, "MAIN")
		tenant.Admin.Put(t, "/api/facilities/"+tenant.Facilities[0].String()+"/packs", object{"packs": []string{"homeopathy"}}).Want(t, 200)
		sides = append(sides, side{tenant.Admin, marks[i]})
	}
	untouched := house.Tenant(t, "cedar", "MAIN").Admin
	for _, s := range sides {
		s.Install(t, site(s.mark)).Want(t, 201)
	}
	paths := []string{"/api/templates/case_taking?pack=homeopathy", "/api/templates?pack=homeopathy&limit=200", "/api/workspace", "/api/packs?limit=200", "/api/catalog?pack=homeopathy&limit=200"}
	var all sync.WaitGroup
	for range 2 {
		for i, s := range sides {
			all.Go(func() {
				for _, path := range paths {
					r := s.Get(t, path)
					if r.StatusCode != 200 || bytes.Contains(r.Body, []byte(sides[1-i].mark)) {
						t.Errorf("%s: %d; it shows %s what %s laid there", path, r.StatusCode, s.mark, sides[1-i].mark)
					}
					if !strings.HasPrefix(path, "/api/catalog") && !bytes.Contains(r.Body, []byte(s.mark)) {
						t.Errorf("%s does not show %s its own", path, s.mark)
					}
				}
			})
		}
		all.Go(func() {
			for _, path := range paths {
				r := untouched.Get(t, path)
				for _, s := range sides {
					if bytes.Contains(r.Body, []byte(s.mark)) {
						t.Errorf("%s shows a tenant without packs of its own what %s laid there", path, s.mark)
					}
				}
			}
		})
	}
	all.Wait()
}
