package app_test

import (
	"strings"
	"testing"

	"hmsoftware.com/hm/app/apptest"
)

// work begins an encounter in a medical system and records its vitals.
func (d *day) work(t *testing.T, pack, name string) (encounterID, patientID string) {
	t.Helper()
	facility := "/api/facilities/" + d.Facilities[0].String()
	d.Admin.Put(t, facility+"/packs", object{"packs": []string{pack, "base"}}).Want(t, 200)
	patientID = d.Patient(t, name)
	encounterID = d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patientID, "encounter_type": "OPD", "pack": pack}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+encounterID+"/check-in", nil).Want(t, 200)
	d.Nurse.Post(t, "/api/encounters/"+encounterID+"/vitals", object{"temperature_c": 36.8, "pulse_bpm": 72, "bp_systolic": 118, "bp_diastolic": 76}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+encounterID+"/start-consult", nil).Want(t, 200)
	return encounterID, patientID
}

// write drafts and finalises a document, and gives it.
func (d *day) write(t *testing.T, encounterID, template string, payload object) apptest.Reply {
	t.Helper()
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounterID, "template_code": template, "payload": payload}).Want(t, 201)
	return d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft.ID()}).Want(t, 201)
}

// TestEachSystemLeadsAVisitToItsEnd goes through the outpatient workflow of every built-in system: what the pack asks for
// closes the visit, and nothing less does.
func TestEachSystemLeadsAVisitToItsEnd(t *testing.T) {
	t.Parallel()
	d := newDay(t, 1)
	type document struct {
		template, summary string
		payload           object
	}
	for pack, documents := range map[string][]document{
		"allopathy": {{"opd_note", "Cough: Bronchitis", object{"chief_complaints": []any{object{"complaint": "Cough"}},
			"diagnoses": []any{object{"description": "Bronchitis", "certainty": "provisional"}}, "plan": "Fluids"}}},
		"ayurveda":   {{"prakriti_assessment", "Vata (V 80 % P 20 % K 0 %)", object{"body_frame": "V", "appetite": "V", "bowel_habit": "V", "sleep": "V", "pulse": "P"}}},
		"homeopathy": {{"case_taking", "Headache; Chilly; peculiar: –", object{"complaints": []any{object{"complaint": "Headache"}}, "thermal": "chilly"}}},
		"eye": {
			{"visual_acuity", "OD 6/18 OS 6/6 (logMAR 0.48 / 0); impairment: none", object{"acuity": object{"od": object{"unaided": "6/18"}, "os": object{"unaided": "6/6"}}}},
			{"refraction", "OD -1.5 / 0 (SE -1.5 D), OS 0 / 0 (SE 0 D)", object{"subjective": object{"od": object{"sphere": -1.5}, "os": object{"sphere": 0}}}},
		},
		"cardiac": {{"ecg_report", "Sinus rhythm, 75/min, QTc 447 ms; no contiguous ST elevation recorded",
			object{"rate": 75, "rhythm": "sinus", "qt_ms": 400, "interpretation": "Normal"}}},
	} {
		encounter, patient := d.work(t, pack, "Patient of "+pack)
		d.Doctor.Post(t, "/api/encounters/"+encounter+"/assessment", object{"chief_complaint": "As told", "diagnosis": "To be seen"}).Want(t, 201)
		missing := d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).WantProblem(t, 409, "encounters.close_blocked")
		for _, doc := range documents {
			if !strings.Contains(string(missing.Body), doc.template) {
				t.Errorf("%s: closing does not ask for %s: %s", pack, doc.template, missing.Body)
			}
			if got := d.write(t, encounter, doc.template, doc.payload); got.Text("summary") != doc.summary {
				t.Errorf("%s: the summary of %s is %q", pack, doc.template, got.Text("summary"))
			}
		}
		if closed := d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).Want(t, 200); closed.Text("status") != "CLOSED" {
			t.Errorf("%s: %s", pack, closed.Body)
		}
		if pack == "cardiac" {
			trend := d.Doctor.Get(t, "/api/patients/"+patient+"/observations?code=8636-3").Want(t, 200).List("results")
			if len(trend) != 1 || trend[0].(object)["value"] != 447.0 {
				t.Errorf("the QTc has no trend: %v", trend)
			}
		}
	}
}
