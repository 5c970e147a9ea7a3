package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestAResultFindsItsWay takes a test from the doctor's order to the closed encounter, over the API alone: the sample that
// was spoilt, the critical value and its call, the alert that keeps the encounter open, the report, and a correction
// after the patient has gone home.
func TestAResultFindsItsWay(t *testing.T) {
	t.Parallel()
	d := newDay(t, 1)
	patient := d.Receptionist.Post(t, "/api/patients", object{"full_name": "Meenakshi Pillai", "gender": "female", "date_of_birth": "1961-08-09"}).Want(t, 201).ID()
	encounter := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "reason": "Weakness"}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+encounter+"/check-in", nil).Want(t, 200)
	d.Nurse.Post(t, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 52, "bp_systolic": 102, "bp_diastolic": 64}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/start-consult", nil).Want(t, 200)

	// The doctor signs an order with the assessment.
	signed := d.Doctor.Post(t, "/api/encounters/"+encounter+"/sign", object{
		"assessment": object{"chief_complaint": "Weakness", "diagnosis": "Chronic kidney disease"},
		"orders":     []object{{"order_type": "LAB", "priority": "URGENT", "items": []object{{"service_code": "RFT"}, {"service_code": "CBC"}}}},
	})
	if signed.StatusCode >= 300 {
		t.Fatalf("signed: %d %s", signed.StatusCode, signed.Body)
	}
	order := d.Doctor.Get(t, "/api/orders?encounter_id="+encounter).Want(t, 200).Path("results.0").(object)
	tests := map[string]tested{}
	for _, item := range order["items"].([]any) {
		one := item.(object)
		tests[one["service_code"].(string)] = tested{encounter: encounter, patient: patient, order: order["id"].(string), item: one["id"].(string)}
	}
	renal1, count := tests["RFT"], tests["CBC"]

	// The nurse finds two tubes to take, and labels for them.
	if waits := row(t, d.Nurse, "/api/lab/collection-list?q=Meenakshi", renal1.item); waits == nil || waits["priority"] != "URGENT" {
		t.Fatalf("to be collected: %v", waits)
	}
	renal1, count = d.take(t, renal1)[0], d.take(t, count)[0]
	for format, kind := range map[string]string{"zpl": "", "pdf": "application/pdf"} {
		label := d.Nurse.Get(t, "/api/lab/samples/"+renal1.sample+"/label?format="+format)
		if missing := label.StatusCode == http.StatusServiceUnavailable && label.Text("code") == "labprint.typesetter_missing"; missing && format == "pdf" {
			continue // an installation without the typesetter does everything else
		}
		if label.StatusCode != 200 || !strings.HasPrefix(label.Header.Get("Content-Type"), kind) || len(label.Body) == 0 {
			t.Errorf("label as %s: %d %s", format, label.StatusCode, label.Header.Get("Content-Type"))
		}
	}

	// One is spoilt on its way and taken again; both are received by scan.
	d.Technician.Post(t, "/api/lab/samples/"+renal1.sample+"/reject", object{"reason": "HAEMOLYSED"}).Want(t, 200)
	renal1 = d.take(t, renal1)[0]
	for _, test := range []tested{renal1, count} {
		scanned := d.Technician.Get(t, "/api/lab/samples?barcode="+test.barcode).Want(t, 200).List("results")
		if len(scanned) != 1 {
			t.Fatalf("scanning %s finds %v", test.barcode, scanned)
		}
		d.Technician.Post(t, "/api/lab/samples/"+scanned[0].(object)["id"].(string)+"/receive", nil).Want(t, 200)
	}

	// The potassium is critical: the doctor is alerted at entry, and the pathologist calls before verifying.
	renal1 = d.enter(t, renal1, renal(7.1))
	count = d.enter(t, count, found("HGB", 10.8, "WBC", 6.2, "PLT", 240))
	alert := d.alert(t, d.Doctor, encounter, "critical_result")
	inbox(t, d.Doctor, "critical_result", patient)
	d.Pathologist.Post(t, "/api/lab/results/"+renal1.result+"/verify", nil).WantProblem(t, 422, "lab.critical_notice_required")
	for _, test := range []tested{renal1, count} {
		d.release(t, d.verify(t, test))
	}
	seen := d.Doctor.Get(t, "/api/lab/results?latest=true&encounter_id="+encounter).Want(t, 200).List("results")
	if len(seen) != 2 {
		t.Errorf("the doctor sees %d results", len(seen))
	}

	// The encounter stays open until somebody says that they have seen it.
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).WantProblem(t, 409, "encounters.close_blocked")
	d.Doctor.Post(t, "/api/alerts/"+alert.ID()+"/acknowledge", object{"note": "Calcium given, to the ward"}).Want(t, 200)
	reports := d.Doctor.Get(t, "/api/lab/reports?order_id="+renal1.order).Want(t, 200).List("results")
	if len(reports) == 0 {
		t.Fatal("there is no report")
	}
	newest := current(t, reports)
	if len(newest["result_ids"].([]any)) != 2 || newest["is_corrected"] != false {
		t.Errorf("the report: %v", newest)
	}
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).Want(t, 200)

	// A mix-up is found when the patient has gone home: the corrected report says so, and the former one can be read.
	corrected := d.release(t, d.verify(t, d.correct(t, renal1, renal(4.4))))
	now := d.Doctor.Get(t, "/api/lab/results/"+corrected.result).Want(t, 200)
	if now.JSON["is_correction"] != true || now.Text("supersedes_id") != renal1.result {
		t.Errorf("the correction: %s", now.Body)
	}
	d.Doctor.Get(t, "/api/lab/results/"+renal1.result).Want(t, 200)
	reports = d.Doctor.Get(t, "/api/lab/reports?order_id="+renal1.order).Want(t, 200).List("results")
	if latest := current(t, reports); latest["is_corrected"] != true || latest["id"] == newest["id"] || !slices.Contains(texts(latest["result_ids"].([]any)), corrected.result) {
		t.Errorf("the reports: %v", reports)
	}
	d.Doctor.Get(t, "/api/lab/reports/"+newest["id"].(string)).Want(t, 200)
	inbox(t, d.Doctor, "result_corrected", patient)

	told := happened(t, d.Doctor, encounter)
	for code, times := range map[string]int{"SAMPLE_COLLECTED": 3, "SAMPLE_REJECTED": 1, "SAMPLE_RECEIVED": 2, "RESULT_ENTERED": 3, "RESULT_VERIFIED": 3, "RESULT_RELEASED": 3, "ALERT_ACKNOWLEDGED": 1, "ORDER_COMPLETED": 1} {
		if got := slices.DeleteFunc(slices.Clone(told), func(c string) bool { return c != code }); len(got) != times {
			t.Errorf("%s is told %d times of %v", code, len(got), told)
		}
	}
	for _, code := range []string{"lab.sample_collected", "lab.result_verified", "alerts.acknowledged"} {
		if entries := d.Auditor.Get(t, "/api/audit/events?patient_id="+patient+"&code="+code).Want(t, 200).List("results"); len(entries) == 0 {
			t.Errorf("%s is not in the audit trail", code)
		}
	}
	if verified := d.Auditor.Get(t, "/api/audit/verify").Want(t, 200); verified.JSON["ok"] != true {
		t.Errorf("audit: %s", verified.Body)
	}
}

// current is the report that holds now, of which there is one.
func current(t *testing.T, reports []any) object {
	t.Helper()
	var now []object
	for _, r := range reports {
		if r.(object)["is_current"] == true {
			now = append(now, r.(object))
		}
	}
	if len(now) != 1 {
		t.Fatalf("%d reports are current: %v", len(now), reports)
	}
	return now[0]
}
