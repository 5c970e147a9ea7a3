package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractEncounters(t *testing.T) {
	t.Parallel()
	section{
		"an encounter has these fields":                 anEncounterHasTheseFields,
		"an encounter has a type, a pack and a patient": anEncounterHasATypeAPackAndAPatient,
		"every move from every status":                  everyMoveFromEveryStatus,
		"one encounter is under way":                    oneEncounterIsUnderWay,
		"encounters are found":                          encountersAreFound,
		"a patch changes what it names":                 anEncounterIsPatched,
		"a consultation has a doctor":                   aConsultationHasADoctor,
		"a cancellation has a reason":                   aCancellationHasAReason,
		"the gate says what is missing":                 theGateSaysWhatIsMissing,
		"vitals have bounds":                            vitalsHaveBounds,
		"documents say something":                       documentsSaySomething,
		"each post is a row":                            eachPostIsARow,
		"the timeline":                                  theTimeline,
		"what may be done depends on role and status":   whatMayBeDone,
	}.hold(t, 1)
}

func anEncounterHasTheseFields(t *testing.T, d *day) {
	patient, doctor := d.Patient(t, "Fielded Person"), userID(t, d.Doctor)
	made := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "encounter_type": "TELECONSULT", "pack": "base", "reason": "Cough",
		"attending_doctor_id": doctor, "scheduled_at": "2030-01-02T03:04:05Z", "system_data": object{"a": 1}}).Want(t, 201)
	for _, name := range strings.Fields("id patient_id patient encounter_type pack status reason attending_doctor_id scheduled_at checked_in_at consult_started_at closed_at cancelled_at system_data created_at updated_at actions") {
		if _, present := made.JSON[name]; !present {
			t.Errorf("%s is missing", name)
		}
	}
	for name, want := range (object{"patient_id": patient, "patient.id": patient, "patient.full_name": "Fielded Person", "encounter_type": "TELECONSULT", "pack": "base", "status": "CREATED",
		"reason": "Cough", "attending_doctor_id": doctor, "scheduled_at": "2030-01-02T03:04:05Z", "checked_in_at": nil, "consult_started_at": nil, "closed_at": nil, "cancelled_at": nil, "system_data.a": 1.0}) {
		if got := made.Path(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if mrn := d.Nurse.Get(t, "/api/patients/"+patient).Want(t, 200).Text("mrn"); made.Path("patient.mrn") != mrn {
		t.Errorf("mrn: %v", made.Path("patient.mrn"))
	}
	if read := d.Receptionist.Get(t, "/api/encounters/"+made.ID()).Want(t, 200); string(read.Body) != string(made.Body) {
		t.Errorf("read: %s, made: %s", read.Body, made.Body)
	}
	d.Receptionist.Get(t, "/api/encounters/"+uuid.NewString()).WantProblem(t, 404, "encounters.not_found")
}

func anEncounterHasATypeAPackAndAPatient(t *testing.T, d *day) {
	for _, kind := range strings.Fields("OPD IPD EMERGENCY CONSULTATION DAYCARE TELECONSULT") {
		made := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": d.Patient(t, "Typed"), "encounter_type": kind}).Want(t, 201)
		if made.Text("encounter_type") != kind {
			t.Errorf("%s: %s", kind, made.Body)
		}
	}
	patient := d.Patient(t, "Typed")
	for name, c := range map[string]struct {
		body   object
		status int
		at     string
	}{
		"no such type":          {object{"patient_id": patient, "encounter_type": "VISIT"}, 422, "body.encounter_type"},
		"a type in small":       {object{"patient_id": patient, "encounter_type": "opd"}, 422, "body.encounter_type"},
		"no such pack":          {object{"patient_id": patient, "pack": "siddha"}, 422, "body.pack"},
		"no patient":            {object{}, 422, "body.patient_id"},
		"no such patient":       {object{"patient_id": uuid.New()}, 404, ""},
		"no such doctor":        {object{"patient_id": patient, "attending_doctor_id": uuid.New()}, 422, "body.attending_doctor_id"},
		"system data of a list": {object{"patient_id": patient, "system_data": []any{}}, 422, "body.system_data"},
	} {
		r := d.Receptionist.Post(t, "/api/encounters", c.body)
		if location, _ := r.Path("errors.0.location").(string); r.StatusCode != c.status || location != c.at {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	d.Auditor.Post(t, "/api/encounters", object{"patient_id": patient}).WantProblem(t, 403, "auth.permission_denied")
}

// in makes an encounter of each status.
func in(t *testing.T, d *day, status string) (encounterID string) {
	t.Helper()
	switch status {
	case "CREATED":
		return d.Encounter(t, d.Patient(t, "Someone"))
	case "CHECKED_IN":
		return d.visit(t)
	case "IN_CONSULT":
		return d.closable(t)
	case "CLOSED":
		id := d.closable(t)
		d.Doctor.Post(t, "/api/encounters/"+id+"/close", nil).Want(t, 200)
		return id
	default:
		id := d.visit(t)
		d.Receptionist.Post(t, "/api/encounters/"+id+"/cancel", object{"reason": "Left"}).Want(t, 200)
		return id
	}
}

var statuses = []string{"CREATED", "CHECKED_IN", "IN_CONSULT", "CLOSED", "CANCELLED"}

// moves leads from each status to the next; any other move is illegal.
var moves = map[string]map[string]string{
	"check-in": {"CREATED": "CHECKED_IN"}, "start-consult": {"CHECKED_IN": "IN_CONSULT"}, "close": {"IN_CONSULT": "CLOSED"},
	"cancel": {"CREATED": "CANCELLED", "CHECKED_IN": "CANCELLED", "IN_CONSULT": "CANCELLED"},
}

var stampOf = map[string]string{"CHECKED_IN": "checked_in_at", "IN_CONSULT": "consult_started_at", "CLOSED": "closed_at", "CANCELLED": "cancelled_at"}

func everyMoveFromEveryStatus(t *testing.T, d *day) {
	for _, status := range statuses {
		for move, leads := range moves {
			id := in(t, d, status)
			var body any
			if move == "cancel" {
				body = object{"reason": "Left"}
			}
			to, legal := leads[status]
			r := d.Doctor.Post(t, "/api/encounters/"+id+"/"+move, body)
			if !legal {
				r.WantProblem(t, 409, "encounters.illegal_transition")
				if now := d.Doctor.Get(t, "/api/encounters/"+id).Want(t, 200); now.Text("status") != status {
					t.Errorf("%s from %s: now %s", move, status, now.Text("status"))
				}
				continue
			}
			if r.Want(t, 200); r.Text("status") != to || r.Text(stampOf[to]) == "" || r.ID() != id {
				t.Errorf("%s from %s: %s", move, status, r.Body)
			}
		}
	}
	for move := range moves {
		var body any
		if move == "cancel" {
			body = object{"reason": "Left"}
		}
		d.Doctor.Post(t, "/api/encounters/"+uuid.NewString()+"/"+move, body).WantProblem(t, 404, "encounters.not_found")
	}
}

func oneEncounterIsUnderWay(t *testing.T, d *day) {
	for _, over := range []string{"CLOSED", "CANCELLED"} {
		first := in(t, d, over)
		patient := d.Doctor.Get(t, "/api/encounters/"+first).Want(t, 200).Text("patient_id")
		second := d.Encounter(t, patient)
		for range 2 { // CREATED, then CHECKED_IN
			r := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient}).WantProblem(t, 409, "encounters.active_exists")
			if r.Text("encounter_id") != second {
				t.Errorf("names %s, want %s", r.Text("encounter_id"), second)
			}
			d.Receptionist.Post(t, "/api/encounters/"+second+"/check-in", nil)
		}
	}
}

func encountersAreFound(t *testing.T, d *day) {
	doctor := userID(t, d.Doctor)
	patient := d.Patient(t, "Found Person")
	a := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "encounter_type": "EMERGENCY", "attending_doctor_id": doctor}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+a+"/cancel", object{"reason": "Left"}).Want(t, 200)
	b := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "scheduled_at": "2031-05-05T20:00:00Z"}).Want(t, 201).ID()
	today := time.Now().UTC()
	for query, want := range map[string][]string{
		"": {b, a}, "&status=CREATED": {b}, "&status=CANCELLED": {a}, "&status=CLOSED": nil, "&status=CREATED,CANCELLED": {b, a}, "&status=CREATED&status=CANCELLED": {b, a},
		"&encounter_type=EMERGENCY": {a}, "&encounter_type=OPD": {b}, "&encounter_type=IPD": nil, "&attending_doctor_id=" + doctor: {a}, "&attending_doctor_id=" + uuid.NewString(): nil,
		// A day is the facility's, in India: 20:00 UTC is the next one.
		"&date=2031-05-06": {b}, "&date=2031-05-05": nil, "&date=" + today.AddDate(0, 0, 3).Format(time.DateOnly): nil, "&encounter_type=OPD&status=CANCELLED": nil,
	} {
		if got := keysOf(d.Nurse.Get(t, "/api/encounters?patient_id="+patient+query).Want(t, 200).List("results")); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	created, err := time.Parse(time.RFC3339, d.Nurse.Get(t, "/api/encounters/"+b).Want(t, 200).Text("created_at"))
	if err != nil {
		t.Fatal(err)
	}
	if got := keysOf(d.Nurse.Get(t, "/api/encounters?patient_id="+patient+"&date="+created.In(zone).Format(time.DateOnly)).Want(t, 200).List("results")); !slices.Contains(got, b) {
		t.Errorf("the day it was made on finds %v", got)
	}
	for _, wrong := range []string{"status=OPEN", "date=05-05-2031", "patient_id=7", "attending_doctor_id=me"} {
		d.Nurse.Get(t, "/api/encounters?"+wrong).WantProblem(t, 422, "request.invalid")
	}
}

func anEncounterIsPatched(t *testing.T, d *day) {
	doctor := userID(t, d.Doctor)
	id := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": d.Patient(t, "Patched"), "reason": "Cough", "system_data": object{"a": 1}}).Want(t, 201).ID()
	path := "/api/encounters/" + id
	if r := d.Receptionist.Patch(t, path, object{"attending_doctor_id": doctor}).Want(t, 200); r.Text("attending_doctor_id") != doctor || r.Text("reason") != "Cough" || r.Path("system_data.a") != 1.0 {
		t.Errorf("one field: %s", r.Body)
	}
	if r := d.Receptionist.Patch(t, path, object{"reason": nil, "attending_doctor_id": nil, "system_data": object{"b": 2}}).Want(t, 200); r.JSON["reason"] != nil || r.JSON["attending_doctor_id"] != nil || fmt.Sprint(r.JSON["system_data"]) != "map[b:2]" {
		t.Errorf("cleared: %s", r.Body)
	}
	d.Receptionist.Patch(t, path, object{"attending_doctor_id": uuid.New()}).Want(t, 422)
	d.Receptionist.Patch(t, path, object{"status": "CLOSED"}).WantProblem(t, 422, "request.invalid")
	d.Receptionist.Patch(t, "/api/encounters/"+uuid.NewString(), object{"reason": "x"}).WantProblem(t, 404, "encounters.not_found")
	for _, over := range []string{"CLOSED", "CANCELLED"} {
		d.Doctor.Patch(t, "/api/encounters/"+in(t, d, over), object{"reason": "x"}).Want(t, 409)
	}
}

func aConsultationHasADoctor(t *testing.T, d *day) {
	doctor, nurse := userID(t, d.Doctor), userID(t, d.Nurse)
	if r := d.Doctor.Post(t, "/api/encounters/"+d.visit(t)+"/start-consult", nil).Want(t, 200); r.Text("attending_doctor_id") != doctor {
		t.Errorf("the caller: %s", r.Body)
	}
	if r := d.Doctor.Post(t, "/api/encounters/"+d.visit(t)+"/start-consult", object{"attending_doctor_id": nurse}).Want(t, 200); r.Text("attending_doctor_id") != nurse {
		t.Errorf("the one named: %s", r.Body)
	}
	named := d.visit(t)
	d.Receptionist.Patch(t, "/api/encounters/"+named, object{"attending_doctor_id": nurse}).Want(t, 200)
	if r := d.Doctor.Post(t, "/api/encounters/"+named+"/start-consult", nil).Want(t, 200); r.Text("attending_doctor_id") != nurse {
		t.Errorf("the one named before: %s", r.Body)
	}
	d.Doctor.Post(t, "/api/encounters/"+d.visit(t)+"/start-consult", object{"attending_doctor_id": uuid.New()}).Want(t, 422)
}

func aCancellationHasAReason(t *testing.T, d *day) {
	path := "/api/encounters/" + d.visit(t) + "/cancel"
	for _, body := range []any{object{}, object{"reason": ""}, object{"reason": "  "}} {
		if r := d.Receptionist.Post(t, path, body).Want(t, 422); r.Path("errors.0.location") != "body.reason" {
			t.Errorf("%v: %s", body, r.Body)
		}
	}
	d.Receptionist.Post(t, path, nil).Want(t, 400)
	d.Receptionist.Post(t, path, object{"reason": "Went home"}).Want(t, 200)
}

func theGateSaysWhatIsMissing(t *testing.T, d *day) {
	id := d.consult(t)
	gate := d.Doctor.Get(t, "/api/encounters/"+id+"/close-gate").Want(t, 200)
	if gate.JSON["can_close"] != false || !slices.Equal(slices.Sorted(slices.Values(texts(gate.List("missing_tasks")))), []string{"doctor-consult", "record-vitals"}) || len(gate.List("missing_documents")) != 0 || gate.JSON["missing_documents"] == nil {
		t.Errorf("gate: %s", gate.Body)
	}
	blocking, _ := gate.Path("blocking.0").(object)
	if blocking["rule"] != "base.required_tasks" || blocking["code"] == "" || blocking["message"] == "" {
		t.Errorf("blocking: %v", blocking)
	}
	blocked := d.Doctor.Post(t, "/api/encounters/"+id+"/close", nil).WantProblem(t, 409, "encounters.close_blocked")
	if fmt.Sprint(blocked.JSON["gate"]) != fmt.Sprint(gate.JSON) || blocked.JSON["rules"] == nil {
		t.Errorf("blocked: %v, gate: %v", blocked.JSON["gate"], gate.JSON)
	}
	d.Nurse.Post(t, "/api/encounters/"+id+"/vitals", object{"pulse_bpm": 70}).Want(t, 201)
	if half := d.Doctor.Get(t, "/api/encounters/"+id+"/close-gate").Want(t, 200); !slices.Equal(texts(half.List("missing_tasks")), []string{"doctor-consult"}) {
		t.Errorf("after the vitals: %s", half.Body)
	}
	d.Doctor.Post(t, "/api/encounters/"+id+"/assessment", object{"diagnosis": "Well"}).Want(t, 201)
	if open := d.Doctor.Get(t, "/api/encounters/"+id+"/close-gate").Want(t, 200); open.JSON["can_close"] != true || len(open.List("blocking")) != 0 || len(open.List("missing_tasks")) != 0 {
		t.Errorf("open: %s", open.Body)
	}
	d.Doctor.Post(t, "/api/encounters/"+id+"/close", nil).Want(t, 200)
	d.Doctor.Get(t, "/api/encounters/"+uuid.NewString()+"/close-gate").WantProblem(t, 404, "encounters.not_found")
}

// TestContractGateWantsDocuments has a house of its own, because a tenant's rule concerns everybody in it.
func TestContractGateWantsDocuments(t *testing.T) {
	t.Parallel()
	d := newDay(t, 1)
	d.Admin.Put(t, "/api/rules/base.required_documents", object{"parameters": object{"documents": []string{"progress_note"}}}).Want(t, 200)
	id := d.closable(t)
	missing := func() []string {
		return texts(d.Doctor.Get(t, "/api/encounters/"+id+"/close-gate").Want(t, 200).List("missing_documents"))
	}
	if got := missing(); !slices.Equal(got, []string{"progress_note"}) {
		t.Errorf("missing: %v", got)
	}
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": id, "template_code": "progress_note", "payload": finished}).Want(t, 201).ID()
	if got := missing(); len(got) != 1 {
		t.Error("a draft is enough")
	}
	d.Doctor.Post(t, "/api/encounters/"+id+"/close", nil).WantProblem(t, 409, "encounters.close_blocked")
	d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201)
	if got := missing(); len(got) != 0 {
		t.Errorf("missing: %v", got)
	}
	d.Doctor.Post(t, "/api/encounters/"+id+"/close", nil).Want(t, 200)
}

func vitalsHaveBounds(t *testing.T, d *day) {
	path := "/api/encounters/" + d.visit(t) + "/vitals"
	for name, c := range map[string]struct{ least, most, step float64 }{
		"temperature_c": {25, 45, 0.1}, "pulse_bpm": {20, 250, 1}, "resp_rate": {5, 80, 1}, "spo2": {0, 100, 0.1}, "weight_kg": {0, 500, 0.1}, "height_cm": {0, 300, 0.1}, "pain": {0, 10, 1},
	} {
		for _, fine := range []float64{c.least, c.most} {
			if r := d.Nurse.Post(t, path, object{name: fine}).Want(t, 201); r.Path("document.content."+name) != fine {
				t.Errorf("%s %v: %s", name, fine, r.Body)
			}
		}
		for _, wrong := range []any{c.least - c.step, c.most + c.step, "70", nil, true} {
			r := d.Nurse.Post(t, path, object{name: wrong}).Want(t, 422)
			if r.Path("errors.0.location") != "body."+name && wrong != nil {
				t.Errorf("%s %v: %s", name, wrong, r.Body)
			}
		}
	}
	for name, c := range map[string]struct {
		body any
		at   string
	}{
		"systolic alone": {object{"bp_systolic": 120}, "body.bp_diastolic"}, "diastolic alone": {object{"bp_diastolic": 80}, "body.bp_systolic"},
		"systolic below": {object{"bp_systolic": 49, "bp_diastolic": 30}, "body.bp_systolic"}, "systolic above": {object{"bp_systolic": 301, "bp_diastolic": 80}, "body.bp_systolic"},
		"diastolic below": {object{"bp_systolic": 120, "bp_diastolic": 29}, "body.bp_diastolic"}, "diastolic above": {object{"bp_systolic": 250, "bp_diastolic": 201}, "body.bp_diastolic"},
		"equal": {object{"bp_systolic": 80, "bp_diastolic": 80}, "body.bp_diastolic"}, "turned": {object{"bp_systolic": 80, "bp_diastolic": 120}, "body.bp_diastolic"},
		"nothing": {object{}, "body"}, "blanks": {object{"note": "  "}, "body"}, "an unknown one": {object{"pulse": 80}, "body.pulse"},
	} {
		if r := d.Nurse.Post(t, path, c.body).Want(t, 422); r.Path("errors.0.location") != c.at {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	for _, fine := range []object{{"bp_systolic": 50, "bp_diastolic": 30}, {"bp_systolic": 300, "bp_diastolic": 200}, {"bp_systolic": 81, "bp_diastolic": 80}, {"note": "Refused to be measured"}} {
		d.Nurse.Post(t, path, fine).Want(t, 201)
	}
}

func documentsSaySomething(t *testing.T, d *day) {
	id := d.visit(t)
	for route, c := range map[string]struct {
		kind  string
		whole object
	}{
		"vitals":     {"VITALS", object{"temperature_c": 37.5, "pulse_bpm": 70, "resp_rate": 14, "bp_systolic": 120, "bp_diastolic": 80, "spo2": 98.5, "weight_kg": 60.5, "height_cm": 170, "pain": 2, "note": "Calm"}},
		"assessment": {"ASSESSMENT", object{"chief_complaint": "a", "history": "b", "diagnosis": "c", "note": "d"}},
		"plan":       {"PLAN", object{"medications": []any{"Paracetamol 500 mg", object{"name": "Amoxicillin", "dose": "500 mg"}}, "investigations": []any{"CBC"}, "advice": "Rest", "follow_up": "In a week"}},
		"notes":      {"NOTE", object{"subjective": "a", "objective": "b", "assessment": "c", "plan": "d"}},
	} {
		path := "/api/encounters/" + id + "/" + route
		r := d.Doctor.Post(t, path, c.whole).Want(t, 201)
		document, _ := r.JSON["document"].(object)
		if r.Text("encounter_id") != id || document["kind"] != c.kind || fmt.Sprint(document["content"]) != fmt.Sprint(c.whole) || document["author_id"] != userID(t, d.Doctor) || document["authored_at"] == nil || document["id"] == nil {
			t.Errorf("%s: %s", route, r.Body)
		}
		for name, value := range c.whole {
			if one := (object{name: value}); !strings.HasPrefix(name, "bp_") {
				d.Doctor.Post(t, path, one).Want(t, 201)
			}
			d.Doctor.Post(t, path, object{name: object{"x": []any{}}}).Want(t, 422)
		}
		d.Doctor.Post(t, path, object{}).Want(t, 422)
		d.Doctor.Post(t, "/api/encounters/"+uuid.NewString()+"/"+route, c.whole).WantProblem(t, 404, "encounters.not_found")
		for _, over := range []string{"CLOSED", "CANCELLED"} {
			d.Doctor.Post(t, "/api/encounters/"+in(t, d, over)+"/"+route, c.whole).Want(t, 409)
		}
		d.Receptionist.Post(t, path, c.whole).WantProblem(t, 403, "auth.permission_denied")
	}
}

func eachPostIsARow(t *testing.T, d *day) {
	id := d.visit(t)
	var made []string
	for _, pulse := range []int{70, 71, 72} {
		made = append(made, d.Nurse.Post(t, "/api/encounters/"+id+"/vitals", object{"pulse_bpm": pulse}).Want(t, 201).Path("document.id").(string))
	}
	note := d.Nurse.Post(t, "/api/encounters/"+id+"/notes", object{"plan": "x"}).Want(t, 201).Path("document.id").(string)
	slices.Reverse(made)
	list := "/api/encounters/" + id + "/documents"
	if got := keysOf(d.Nurse.Get(t, list).Want(t, 200).List("results")); !slices.Equal(got, append([]string{note}, made...)) {
		t.Errorf("the newest first: %v", got)
	}
	if got := keysOf(d.Nurse.Get(t, list+"?kind=VITALS").Want(t, 200).List("results")); !slices.Equal(got, made) {
		t.Errorf("vitals: %v", got)
	}
	d.Nurse.Get(t, list+"?kind=LETTER").WantProblem(t, 422, "request.invalid")
	d.Nurse.Get(t, "/api/encounters/"+uuid.NewString()+"/documents").WantProblem(t, 404, "encounters.not_found")
}

// happened gives the codes of a timeline.
func happened(t *testing.T, c *apptest.Client, encounterID string) []string {
	t.Helper()
	return codes(c.Get(t, "/api/encounters/"+encounterID+"/timeline").Want(t, 200).List("items"), "code")
}

func theTimeline(t *testing.T, d *day) {
	id := d.visit(t)
	for range 2 {
		d.Nurse.Post(t, "/api/encounters/"+id+"/vitals", object{"pulse_bpm": 70}).Want(t, 201)
	}
	d.Receptionist.Post(t, "/api/encounters/"+id+"/cancel", object{"reason": "Left"}).Want(t, 200)
	timeline := d.Nurse.Get(t, "/api/encounters/"+id+"/timeline").Want(t, 200)
	if timeline.Text("encounter_id") != id {
		t.Errorf("of %s", timeline.Text("encounter_id"))
	}
	seen, before := map[string]bool{}, time.Time{}
	for _, raw := range timeline.List("items") {
		item := raw.(object)
		at, err := time.Parse(time.RFC3339, item["at"].(string))
		if err != nil || at.Before(before) {
			t.Errorf("not ascending: %v", item)
		}
		before = at
		if got := slices.Sorted(maps.Keys(item)); !slices.Equal(got, []string{"actor", "at", "code", "id", "meta", "title", "type"}) || seen[item["id"].(string)] || item["title"] == "" || item["meta"] == nil {
			t.Errorf("item: %v", item)
		}
		seen[item["id"].(string)] = true
		if kind, task := item["type"], strings.HasPrefix(item["code"].(string), "TASK_"); task != (kind == "TASK") || !task && kind != "ENCOUNTER" {
			t.Errorf("type: %v", item)
		}
		if item["code"] == "VITALS_RECORDED" && fmt.Sprint(item["actor"]) != fmt.Sprint(object{"id": userID(t, d.Nurse), "name": "User nurse"}) {
			t.Errorf("actor: %v", item["actor"])
		}
	}
	want := strings.Fields("ENCOUNTER_CREATED TASK_CREATED TASK_CREATED ENCOUNTER_CHECKED_IN VITALS_RECORDED TASK_STARTED TASK_DONE VITALS_RECORDED ENCOUNTER_CANCELLED TASK_CANCELLED")
	if got := happened(t, d.Nurse, id); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) || got[0] != "ENCOUNTER_CREATED" {
		t.Errorf("happened: %v", got)
	}
	if again := d.Nurse.Get(t, "/api/encounters/"+id+"/timeline").Want(t, 200); string(again.Body) != string(timeline.Body) {
		t.Error("it is another when read again")
	}
	d.Nurse.Get(t, "/api/encounters/"+uuid.NewString()+"/timeline").WantProblem(t, 404, "encounters.not_found")
}

func whatMayBeDone(t *testing.T, d *day) {
	records := map[*apptest.Client]string{
		d.Receptionist: "update", d.Nurse: "update vitals notes", d.Doctor: "update vitals assessment plan notes", d.Auditor: "",
	}
	may := map[string]map[*apptest.Client]string{
		"CREATED":    {d.Receptionist: "check-in cancel", d.Nurse: "check-in cancel", d.Doctor: "check-in cancel"},
		"CHECKED_IN": {d.Receptionist: "cancel", d.Nurse: "cancel", d.Doctor: "start-consult cancel"},
		"IN_CONSULT": {d.Receptionist: "cancel", d.Nurse: "cancel", d.Doctor: "close cancel"},
	}
	for _, status := range statuses {
		id := in(t, d, status)
		for client, recording := range records {
			want := strings.Fields(may[status][client])
			if may[status] != nil {
				want = append(want, strings.Fields(recording)...)
			}
			got := texts(client.Get(t, "/api/encounters/"+id).Want(t, 200).List("actions"))
			if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				t.Errorf("%s: %v, want %v", status, got, want)
			}
		}
	}
}
