package acts_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// site is a facility with a receptionist, a nurse and a doctor, and some patients to ask for.
func site(t *testing.T) (*apptest.House, string, *acts.Site) {
	t.Helper()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	facility := tenant.Facilities[0]
	people := acts.People{Usernames: map[string]string{}, Password: apptest.Password}
	for _, role := range []string{"receptionist", "nurse", "doctor", "lab_technician", "pathologist"} {
		tenant.User(t, role+".asha", facility, role)
		people.Usernames[role] = role + ".asha"
	}
	desk := house.SignIn(t, "receptionist.asha", apptest.Password).In(tenant.ID, facility)
	for _, name := range []string{"Lakshmi Narayanan", "Mohammed Farooq", "Katherine Johnson", "Wei Zhang", "Subramaniam Pillai"} {
		desk.Post(t, "/api/patients", map[string]any{"full_name": name, "gender": "other", "age_years": 40}).Want(t, 201)
	}
	address := strings.TrimPrefix(house.Servers[0].URL, "http://")
	s, err := acts.Visit(t.Context(), address, "asha", tenant.ID.String(), facility.String(), people, 100)
	if err != nil {
		t.Fatal(err)
	}
	return house, address, s
}

func TestEveryActSucceeds(t *testing.T) {
	t.Parallel()
	house, address, s := site(t)
	operations := map[string]bool{}
	for _, o := range house.Contract.Operations {
		operations[o.Method+" "+o.Path] = true
	}
	a := &acts.Actor{Conn: acts.Dial(address), Site: s, Random: rand.New(rand.NewPCG(1, 2))}
	defer a.Close()
	if err := acts.RecordVitals.Prepare(t.Context(), a, 1); err != nil {
		t.Fatal(err)
	}
	s.LongEncounterID = s.AnyOpen(a.Random)
	for _, act := range acts.All() {
		for _, operation := range act.Operations {
			if !operations[operation] {
				t.Errorf("%s takes %s, which openapi.json does not know", act.Name, operation)
			}
		}
		if act.Prepare != nil {
			if err := act.Prepare(t.Context(), a, 2); err != nil {
				t.Errorf("preparing %s: %v", act.Name, err)
			}
		}
		for range 2 {
			if err := act.Do(t.Context(), a); err != nil {
				t.Errorf("%s: %v", act.Name, err)
			}
		}
	}
}

func TestEveryListIsAnAct(t *testing.T) {
	t.Parallel()
	house, address, s := site(t)
	document, err := house.Apps[0].API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := acts.Lists(document)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	a := &acts.Actor{Conn: acts.Dial(address), Site: s, Random: rand.New(rand.NewPCG(1, 2))}
	defer a.Close()
	for _, act := range lists {
		names[act.Name] = true
		if err := act.Do(t.Context(), a); err != nil && !acts.IsRefused(err) {
			t.Errorf("%s: %v", act.Name, err)
		}
	}
	for _, want := range []string{"GET /api/patients", "GET /api/encounters", "GET /api/tasks"} {
		if !names[want] {
			t.Errorf("%s is not among the lists %v", want, names)
		}
	}
}

func TestAWrongAnswerIsNoSuccess(t *testing.T) {
	t.Parallel()
	_, address, s := site(t)
	a := &acts.Actor{Conn: acts.Dial(address), Site: s, Random: rand.New(rand.NewPCG(1, 2))}
	defer a.Close()
	s.Patients = []acts.Patient{{ID: s.Patients[0].ID, FullName: "Nobody Whatsoever", MRN: "none"}}
	for _, act := range []acts.Act{acts.PatientByID, acts.SearchByName, acts.SearchMisspelt, acts.Close} {
		if err := act.Do(t.Context(), a); err == nil {
			t.Errorf("%s takes a wrong answer for right", act.Name)
		}
	}
}
