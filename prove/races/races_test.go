package races_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

// races by name; each can be run any number of times in one hospital.
var races = []struct {
	name string
	run  func(t *testing.T, f *field)
}{
	{"one MRN is given once", oneMRN},
	{"numbered MRNs differ", numberedMRNs},
	{"one encounter is active", oneActiveEncounter},
	{"one task a code", oneTask},
	{"one effect an idempotency key", oneEffect},
	{"one use a refresh token", oneRefresh},
	{"one document follows another", oneChain},
	{"one change a version", oneChange},
	{"nothing slips into a closed encounter", nothingSlipsIn},
}

func oneMRN(t *testing.T, f *field) {
	mrn := "RACE-" + uuid.NewString()[:8]
	history := f.race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := f.Receptionist.On(racer%2).Try(ctx, "POST", "/api/patients", object{"full_name": fmt.Sprint("Racer ", racer), "gender": "male", "age_years": 30, "mrn": mrn})
		return "register", r, err
	})
	f.check(t, history, "", func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201, o.id
		}
		return o.status == 409 && o.code == "patients.mrn_taken", state
	}, making)
}

func numberedMRNs(t *testing.T, f *field) {
	seen := map[string]bool{}
	var mu sync.Mutex
	f.race(t, 3, func(ctx context.Context, racer, request int) (any, apptest.Reply, error) {
		r, err := f.Receptionist.On(racer%2).Try(ctx, "POST", "/api/patients", object{"full_name": fmt.Sprint("Racer ", racer, request), "gender": "male", "age_years": 30})
		mu.Lock()
		defer mu.Unlock()
		if err != nil || r.StatusCode == 503 {
			return nil, r, err
		}
		if mrn := r.Text("mrn"); mrn == "" || seen[mrn] {
			t.Errorf("MRN %q was given twice or not at all: %s", mrn, r.Body)
		} else {
			seen[mrn] = true
		}
		return nil, r, err
	})
	if f.disturb == nil && len(seen) != 3*f.racers {
		t.Errorf("%d MRNs, want %d", len(seen), 3*f.racers)
	}
}

// oneActiveEncounter lets racers open an encounter, and cancel the one they find in their way, so that the place becomes
// free and is raced for again.
func oneActiveEncounter(t *testing.T, f *field) {
	patient := f.patient(t)
	found := make([]string, f.racers)
	history := f.race(t, 4, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		client := f.Receptionist.On(racer % 2)
		if in := found[racer]; in != "" && racer%3 == 0 {
			found[racer] = ""
			r, err := client.Try(ctx, "POST", "/api/encounters/"+in+"/cancel", object{"reason": "Race"})
			return in, r, err
		}
		r, err := client.Try(ctx, "POST", "/api/encounters", object{"patient_id": patient})
		found[racer] = r.Text("encounter_id") + r.ID()
		return "create", r, err
	})
	f.check(t, history, "", func(state string, input any, o outcome) (bool, string) {
		switch {
		case input == "create" && state == "":
			return o.status == 201, o.id
		case input == "create":
			return o.status == 409 && o.code == "encounters.active_exists" && is(state, o.id), o.id
		case o.status == 200:
			return is(state, input.(string)), ""
		}
		return o.status == 409 && state != input, state
	}, func(state string, input any) string {
		if input == "create" {
			return making(state, nil)
		}
		if is(state, input.(string)) {
			return ""
		}
		return state
	})
}

func oneTask(t *testing.T, f *field) {
	encounter := f.encounter(t)
	history := f.race(t, 2, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := f.Nurse.On(racer%2).Try(ctx, "POST", "/api/tasks", object{"encounter_id": encounter, "code": "weigh", "title": "Weigh the patient"})
		return "upsert", r, err
	})
	f.check(t, history, "", func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201, o.id
		}
		return o.status == 200 && is(state, o.id), o.id
	}, making)
	created := 0
	for _, item := range f.Nurse.Get(t, "/api/encounters/"+encounter+"/timeline").Want(t, 200).List("items") {
		if item.(object)["code"] == "TASK_CREATED" {
			created++
		}
	}
	if created != 3 { // the workflow's two and this one
		t.Errorf("%d tasks were created", created)
	}
}

func oneEffect(t *testing.T, f *field) {
	key := "race-" + uuid.NewString()
	history := f.race(t, 2, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := f.Receptionist.On(racer%2).Try(ctx, "POST", "/api/patients", object{"full_name": "Racer", "gender": "male", "age_years": 30}, "Idempotency-Key", key)
		return "register", r, err
	})
	f.check(t, history, "", func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			// Who heard nothing of its own commit looks for the answer, and finds the one that it stored itself.
			return o.status == 201 && (!o.replayed || f.disturb != nil), o.id
		}
		return o.status == 201 && o.replayed && is(state, o.id), o.id
	}, making)
}

func oneRefresh(t *testing.T, f *field) {
	user := f.House.SignIn(t, "doctor", apptest.Password)
	anonymous := &apptest.Client{House: f.House}
	history := f.race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := anonymous.On(racer%2).Try(ctx, "POST", "/api/auth/token/refresh", object{"refresh": user.Refresh})
		return "refresh", r, err
	})
	f.check(t, history, "", func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 200, "used"
		}
		return o.status == 401 && o.code == "auth.token_reused", state
	}, func(string, any) string { return "used" })
}

func oneChain(t *testing.T, f *field) {
	encounter := f.visit(t)
	payload := object{"assessment": "Well", "plan": "None"}
	draft := f.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter, "template_code": "progress_note", "payload": payload}).Want(t, 201)
	finals := f.race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := f.Doctor.On(racer%2).Try(ctx, "POST", "/api/clinical-docs/finalize", object{"document_id": draft.ID()})
		return "finalize", r, err
	})
	f.check(t, finals, "", func(state string, _ any, o outcome) (bool, string) {
		return (o.status == 201 || o.status == 200) && (state == "" || is(state, o.id)), o.id
	}, making)
	latest := f.Doctor.Get(t, "/api/clinical-docs/latest?encounter_id="+encounter+"&template_code=progress_note").Want(t, 200).List("results")
	if len(latest) != 1 {
		if f.disturb == nil {
			t.Errorf("%d latest documents", len(latest))
		}
		return // disturbed so much that nobody's request came to anything
	}
	final := latest[0].(object)["id"].(string)
	amends := f.race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := f.Doctor.On(racer%2).Try(ctx, "POST", "/api/clinical-docs/amend", object{"document_id": final, "payload": payload, "reason": "Race"})
		return "amend", r, err
	})
	f.check(t, amends, "", func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201, o.id
		}
		return o.status == 409 && o.code == "clinicaldocs.not_current", state
	}, making)
}

// oneChange lets racers read a patient and change it if it is still as they read it.
func oneChange(t *testing.T, f *field) {
	patient := f.patient(t)
	tags := make([]string, f.racers)
	begin := f.Receptionist.Get(t, "/api/patients/"+patient).Want(t, 200).Header.Get("ETag")
	for i := range tags {
		tags[i] = begin
	}
	history := f.race(t, 4, func(ctx context.Context, racer, request int) (any, apptest.Reply, error) {
		client := f.Receptionist.On(racer % 2)
		if request%2 == 1 {
			r, err := client.Try(ctx, "GET", "/api/patients/"+patient, nil)
			if err == nil && r.StatusCode == 200 {
				tags[racer] = r.Header.Get("ETag")
			}
			return "read", r, err
		}
		based := tags[racer]
		r, err := client.Try(ctx, "PATCH", "/api/patients/"+patient, object{"address": fmt.Sprintf("%d Racer Street %s", racer, based)}, "If-Match", based)
		return based, r, err
	})
	f.check(t, history, begin, func(state string, input any, o outcome) (bool, string) {
		switch {
		case input == "read":
			return o.status == 200 && is(state, o.tag), o.tag
		case o.status == 200:
			return is(state, input.(string)) && o.tag != input, o.tag
		}
		return o.status == 412 && state != input, state
	}, func(state string, input any) string {
		if input != "read" && is(state, input.(string)) {
			return some
		}
		return state
	})
}

// nothingSlipsIn closes an encounter while others write into it.
func nothingSlipsIn(t *testing.T, f *field) {
	encounter := f.visit(t)
	f.Doctor.Post(t, "/api/encounters/"+encounter+"/start-consult", nil).Want(t, 200)
	f.Nurse.Post(t, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 70}).Want(t, 201)
	f.Doctor.Post(t, "/api/encounters/"+encounter+"/assessment", object{"diagnosis": "Well"}).Want(t, 201)
	history := f.race(t, 3, func(ctx context.Context, racer, request int) (any, apptest.Reply, error) {
		doctor, nurse := f.Doctor.On(racer%2), f.Nurse.On(racer%2)
		input, path, client := "write", "", nurse
		var body any
		switch {
		case racer%4 == 0 && request == 1:
			input, path, client = "close", "/api/encounters/"+encounter+"/close", doctor
		case racer%3 == 0:
			path, body = "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 60 + racer}
		case racer%3 == 1:
			path, body = "/api/tasks", object{"encounter_id": encounter, "code": fmt.Sprintf("weigh-%d-%d", racer, request), "title": "Weigh the patient"}
		default:
			path, client = "/api/clinical-docs/draft", doctor
			body = object{"encounter_id": encounter, "template_code": "progress_note", "payload": object{}, "idempotency_key": uuid.NewString()}
		}
		r, err := client.Try(ctx, "POST", path, body)
		return input, r, err
	})
	f.check(t, history, "open", func(state string, input any, o outcome) (bool, string) {
		switch {
		case input == "close" && state == "open":
			return o.status == 200, "closed"
		case input == "close":
			return o.status == 409 && o.code == "encounters.illegal_transition", state
		case state == "open":
			return o.status == 201 || o.status == 200, state
		}
		return o.status == 409, state
	}, func(state string, input any) string {
		if input == "close" {
			return "closed"
		}
		return state
	})
	if f.Doctor.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("status") != "CLOSED" {
		if f.disturb == nil {
			t.Error("nobody closed it")
		}
		return
	}
	for _, item := range f.Nurse.Get(t, "/api/tasks?limit=200&encounter_id="+encounter).Want(t, 200).List("results") {
		if status := item.(object)["status"]; !slices.Contains([]any{"DONE", "CANCELLED"}, status) {
			t.Errorf("a task of a closed encounter is %v", status)
		}
	}
}

func (f *field) patient(t *testing.T) string {
	t.Helper()
	return f.Patient(t, "Racer "+uuid.NewString())
}

func (f *field) encounter(t *testing.T) string {
	t.Helper()
	return f.Encounter(t, f.patient(t))
}

// visit is an encounter that is checked in.
func (f *field) visit(t *testing.T) (encounterID string) {
	t.Helper()
	encounterID = f.encounter(t)
	f.Receptionist.Post(t, "/api/encounters/"+encounterID+"/check-in", nil).Want(t, 200)
	return encounterID
}
