package app_test

import (
	"slices"
	"strings"
	"testing"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m, plant.RemoveBuilt) }

// day is an outpatient day's people, with more that only these tests do.
type day struct{ *apptest.Day }

func newDay(t *testing.T, nodes int) *day {
	t.Helper()
	return &day{apptest.NewDay(t, nodes)}
}

type object = map[string]any

func TestAnOutpatientDay(t *testing.T) {
	t.Parallel()
	d := newDay(t, 1)

	patient := d.Receptionist.Post(t, "/api/patients", object{
		"full_name": "Lakshmi Iyer", "gender": "female", "date_of_birth": "1990-05-17", "phone": "+91 98450 12345",
	}).Want(t, 201)
	if patient.Text("mrn") == "" || patient.Header.Get("ETag") == "" || patient.JSON["birth_date_estimated"] != false {
		t.Errorf("patient: %s", patient.Body)
	}
	if found := d.Doctor.Get(t, "/api/patients?q=Laxmi").Want(t, 200).List("results"); len(found) != 1 {
		t.Errorf("Laxmi does not find Lakshmi: %v", found)
	}

	encounter := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient.ID(), "reason": "Fever"}).Want(t, 201)
	id := encounter.ID()
	if encounter.Text("status") != "CREATED" || encounter.Text("encounter_type") != "OPD" || encounter.Text("pack") != "base" || encounter.Path("patient.full_name") != "Lakshmi Iyer" {
		t.Errorf("encounter: %s", encounter.Body)
	}
	d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient.ID()}).WantProblem(t, 409, "encounters.active_exists")
	if r := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient.ID()}); r.Text("encounter_id") != id {
		t.Errorf("the active encounter is not named: %s", r.Body)
	}
	tasks := codes(d.Nurse.Get(t, "/api/tasks?encounter_id="+id).Want(t, 200).List("results"), "code")
	slices.Sort(tasks)
	if !slices.Equal(tasks, []string{"doctor-consult", "record-vitals"}) {
		t.Errorf("tasks: %v", tasks)
	}

	d.Doctor.Post(t, "/api/encounters/"+id+"/start-consult", nil).WantProblem(t, 409, "encounters.illegal_transition")
	d.Receptionist.Post(t, "/api/encounters/"+id+"/check-in", nil).Want(t, 200)
	d.Nurse.Post(t, "/api/encounters/"+id+"/vitals", object{"bp_systolic": 120}).Want(t, 422)
	d.Nurse.Post(t, "/api/encounters/"+id+"/vitals", object{"temperature_c": 38.4, "pulse_bpm": 96, "bp_systolic": 124, "bp_diastolic": 82, "spo2": 98}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+id+"/start-consult", nil).Want(t, 200)

	gate := d.Doctor.Get(t, "/api/encounters/"+id+"/close-gate").Want(t, 200)
	if gate.JSON["can_close"] != false || !slices.Contains(texts(gate.List("missing_tasks")), "doctor-consult") {
		t.Errorf("gate: %s", gate.Body)
	}
	blocked := d.Doctor.Post(t, "/api/encounters/"+id+"/close", nil).WantProblem(t, 409, "encounters.close_blocked")
	if blocked.Path("gate.can_close") != false {
		t.Errorf("blocked: %s", blocked.Body)
	}
	assessment := d.Doctor.Post(t, "/api/encounters/"+id+"/assessment", object{"chief_complaint": "Fever for three days", "diagnosis": "Viral fever"}).Want(t, 201)
	if assessment.Path("document.kind") != "ASSESSMENT" || assessment.Text("encounter_id") != id {
		t.Errorf("assessment: %s", assessment.Body)
	}
	d.Doctor.Post(t, "/api/encounters/"+id+"/plan", object{"advice": "Rest and fluids", "follow_up": "After three days", "medications": []any{}, "investigations": []any{}}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+id+"/notes", object{"subjective": "Better"}).Want(t, 201)
	d.document(t, id)

	closed := d.Doctor.Post(t, "/api/encounters/"+id+"/close", nil).Want(t, 200)
	if closed.Text("status") != "CLOSED" || closed.Text("closed_at") == "" || len(closed.List("actions")) != 0 {
		t.Errorf("closed: %s", closed.Body)
	}
	d.Nurse.Post(t, "/api/encounters/"+id+"/vitals", object{"pulse_bpm": 70}).Want(t, 409)
	d.Doctor.Post(t, "/api/encounters/"+id+"/cancel", object{"reason": "Mistake"}).WantProblem(t, 409, "encounters.illegal_transition")

	timeline := codes(d.Doctor.Get(t, "/api/encounters/"+id+"/timeline").Want(t, 200).List("items"), "code")
	for _, code := range []string{
		"ENCOUNTER_CREATED", "TASK_CREATED", "ENCOUNTER_CHECKED_IN", "VITALS_RECORDED", "TASK_DONE", "CONSULT_STARTED", "ASSESSMENT_RECORDED",
		"PLAN_RECORDED", "NOTE_RECORDED", "DOCUMENT_DRAFTED", "DOCUMENT_FINALIZED", "DOCUMENT_AMENDED", "ENCOUNTER_CLOSED",
	} {
		if !slices.Contains(timeline, code) {
			t.Errorf("%s is not on the timeline %v", code, timeline)
		}
	}

	entries := codes(d.Auditor.Get(t, "/api/audit/events?patient_id="+patient.ID()+"&limit=200").Want(t, 200).List("results"), "code")
	for _, code := range []string{"patients.registered", "encounters.closed", "encounters.vitals_recorded"} {
		if !slices.ContainsFunc(entries, func(c string) bool { return strings.HasPrefix(c, code) }) {
			t.Errorf("%s is not in the audit trail %v", code, entries)
		}
	}
	if verified := d.Auditor.Get(t, "/api/audit/verify").Want(t, 200); verified.JSON["ok"] != true {
		t.Errorf("audit: %s", verified.Body)
	}
}

// document drafts, finalises and amends a progress note.
func (d *day) document(t *testing.T, encounterID string) {
	t.Helper()
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounterID, "template_code": "progress_note", "payload": object{}, "idempotency_key": "note-1"}).Want(t, 201)
	if again := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounterID, "template_code": "progress_note", "payload": object{}, "idempotency_key": "note-1"}).Want(t, 200); again.ID() != draft.ID() {
		t.Errorf("the draft was made twice")
	}
	faults := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft.ID()}).Want(t, 422)
	payload := object{}
	for _, fault := range faults.List("errors") {
		field := strings.TrimPrefix(fault.(object)["location"].(string), "body.payload.")
		payload[field] = "Resting comfortably"
	}
	d.Doctor.Put(t, "/api/clinical-docs/"+draft.ID(), object{"payload": payload}).Want(t, 200)
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft.ID()}).Want(t, 201)
	if final.Text("status") != "FINAL" || final.ID() == draft.ID() {
		t.Errorf("final: %s", final.Body)
	}
	d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": final.ID()}).WantProblem(t, 409, "clinicaldocs.not_a_draft")
	amended := d.Doctor.Post(t, "/api/clinical-docs/amend", object{"document_id": final.ID(), "payload_patch": payload, "reason": "Spelling"}).Want(t, 201)
	if amended.Text("status") != "AMENDED" || amended.Text("supersedes_id") != final.ID() {
		t.Errorf("amended: %s", amended.Body)
	}
	d.Doctor.Post(t, "/api/clinical-docs/amend", object{"document_id": final.ID(), "payload_patch": payload, "reason": "Again"}).WantProblem(t, 409, "clinicaldocs.not_current")
	latest := d.Doctor.Get(t, "/api/clinical-docs/latest?encounter_id="+encounterID+"&template_code=progress_note").Want(t, 200).List("results")
	if len(latest) != 1 || latest[0].(object)["id"] != amended.ID() {
		t.Errorf("latest: %v", latest)
	}
	if history := d.Doctor.Get(t, "/api/clinical-docs/"+final.ID()+"/history").Want(t, 200).List("results"); len(history) < 2 {
		t.Errorf("history: %v", history)
	}
}

// codes gives one member of each item.
func codes(items []any, member string) []string {
	var all []string
	for _, item := range items {
		all = append(all, item.(object)[member].(string))
	}
	return all
}

func texts(items []any) []string {
	var all []string
	for _, item := range items {
		all = append(all, item.(string))
	}
	return all
}
