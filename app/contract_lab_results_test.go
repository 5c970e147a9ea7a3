package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractResults(t *testing.T) {
	t.Parallel()
	section{
		"a result has these fields":                        aResultHasTheseFields,
		"values are flagged":                               valuesAreFlagged,
		"what was not measured so is refused":              whatWasNotMeasuredSo,
		"a result needs a received sample":                 aResultNeedsAReceivedSample,
		"another post is the next version":                 anotherPostIsTheNextVersion,
		"every order of steps":                             everyOrderOfSteps,
		"a critical value needs its call":                  aCriticalValueNeedsItsCall,
		"results are found":                                resultsAreFound,
		"without a lab permission only what is released":   onlyWhatIsReleased,
		"who acts on a critical value may read it":         whoActsOnACriticalValueMayReadIt,
		"a correction leaves the former one reachable":     aCorrection,
		"calculated values are the server's":               calculatedValues,
		"who may do what to a result":                      whoMayDoWhatToAResult,
		"the worklist has all that a bench needs":          theWorklist,
		"values have a trend":                              valuesHaveATrend,
		"analytes are told":                                analytesAreTold,
		"turnaround is counted":                            turnaroundIsCounted,
		"the enterer may not verify where four eyes watch": fourEyes,
		"what quality control holds is not vouched for":    whatQualityControlHolds,
		"a rule verifies what is normal, until suspended":  aRuleVerifies,
		"settings are versioned":                           labSettings,
	}.hold(t, 1)
}

func aResultHasTheseFields(t *testing.T, d *day) {
	test := d.received(t, "CRP")
	made := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": wellCRP, "comment": "Slightly icteric"}).Want(t, 201)
	for name, want := range (object{"order_item_id": test.item, "order_id": test.order, "encounter_id": test.encounter, "patient_id": test.patient, "sample_id": test.sample,
		"barcode": test.barcode, "version": 1.0, "status": "ENTERED", "is_latest": true, "is_correction": false, "supersedes_id": nil, "correction_reason": nil,
		"is_critical": false, "critical_notice": nil, "comment": "Slightly icteric", "entered_by_id": userID(t, d.Technician), "verified_at": nil, "verified_by_id": nil,
		"verified_by_rule": nil, "released_at": nil, "released_by_id": nil, "service_code": "CRP", "priority": "ROUTINE"}) {
		if got, present := made.JSON[name]; !present || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	crp := value(t, made, "CRP")
	for name, want := range (object{"value": 3.0, "display": "3.0", "unit": "mg/L", "flag": "N", "reference_low": 0.0, "reference_high": 5.0, "delta_flag": nil, "calculated": false, "loinc": "1988-5"}) {
		if got, present := crp[name]; !present || got != want {
			t.Errorf("value's %s: %v, want %v", name, got, want)
		}
	}
	if crp["name"] == "" || crp["section"] == "" || len(made.List("critical_reasons")) != 0 || made.JSON["critical_reasons"] == nil || made.JSON["held"] == nil {
		t.Errorf("made: %s", made.Body)
	}
	path := "/api/lab/results/" + made.ID()
	if read := d.Technician.Get(t, path).Want(t, 200); string(read.Body) != string(made.Body) || read.Header.Get("ETag") == "" {
		t.Errorf("read: %s, made: %s", read.Body, made.Body)
	}
	verified := d.Pathologist.Post(t, path+"/verify", nil).Want(t, 200)
	if verified.Text("status") != "VERIFIED" || verified.Text("verified_at") == "" || verified.Text("verified_by_id") != userID(t, d.Pathologist) {
		t.Errorf("verified: %s", verified.Body)
	}
	released := d.Pathologist.Post(t, path+"/release", nil).Want(t, 200)
	if released.Text("status") != "RELEASED" || released.Text("released_at") == "" || released.Text("released_by_id") != userID(t, d.Pathologist) {
		t.Errorf("released: %s", released.Body)
	}
	d.Technician.Get(t, "/api/lab/results/"+nobodys()).WantProblem(t, 404, "lab.result_not_found")
}

func valuesAreFlagged(t *testing.T, d *day) {
	for _, c := range []struct {
		potassium any
		flag      string
		critical  bool
	}{{4.1, "N", false}, {3.4, "L", false}, {5.2, "H", false}, {2.5, "LL", true}, {6.5, "HH", true}, {"<2.0", "LL", true}, {">8", "HH", true}} {
		made := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": d.received(t, "RFT").item, "values": renal(c.potassium)}).Want(t, 201)
		if k := value(t, made, "K"); k["flag"] != c.flag || made.JSON["is_critical"] != c.critical {
			t.Errorf("K %v is flagged %v, critical %v", c.potassium, k["flag"], made.JSON["is_critical"])
		}
		if reasons := made.List("critical_reasons"); c.critical != (len(reasons) == 1) || c.critical && (reasons[0].(object)["code"] != "K" || reasons[0].(object)["threshold"] == nil) {
			t.Errorf("K %v: %v", c.potassium, reasons)
		}
	}
	urine := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": d.received(t, "URINE_R").item, "values": found("UPRO", "neg", "UGLU", "neg")})
	if urine.StatusCode != 201 || value(t, urine, "UPRO")["flag"] != "N" {
		t.Errorf("coded: %d %s", urine.StatusCode, urine.Body)
	}
}

func whatWasNotMeasuredSo(t *testing.T, d *day) {
	test := d.received(t, "RFT")
	for name, values := range map[string]any{
		"a code the test lacks": found("HGB", 13), "a unit of something else": []object{{"code": "K", "value": 4.1, "unit": "mm[Hg]"}}, "a unit that is none": []object{{"code": "K", "value": 4.1, "unit": "spoons"}},
		"words for a number": found("K", "plenty"), "a code twice": found("K", 4.1, "K", 4.2), "nothing": []object{}, "no code": []object{{"value": 4}}, "no number": found("K", true),
	} {
		if r := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": values}); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	d.Technician.Post(t, "/api/lab/results", object{"order_item_id": nobodys(), "values": wellCRP}).WantProblem(t, 404, "lab.item_not_found")
	// What can be converted is, and what was typed is kept.
	made := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": slices.Concat(renal(4.1)[:1], []object{{"code": "CREA", "value": 88.4, "unit": "umol/L"}}, renal(4.1)[2:])}).Want(t, 201)
	if crea := value(t, made, "CREA"); crea["value"] != 1.0 || crea["display"] != "1.00" || crea["unit"] != "mg/dL" || crea["entered_value"] != "88.4" || crea["entered_unit"] != "umol/L" {
		t.Errorf("converted: %v", crea)
	}
}

func aResultNeedsAReceivedSample(t *testing.T, d *day) {
	test := d.ask(t, "", "CRP")[0]
	post := func() apptest.Reply {
		return d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": wellCRP})
	}
	post().WantProblem(t, 409, "lab.sample_not_received")
	test = d.take(t, test)[0]
	post().WantProblem(t, 409, "lab.sample_not_received")
	d.receive(t, test)
	post().Want(t, 201)
	gone := d.received(t, "CRP")
	d.Doctor.Post(t, "/api/orders/"+gone.order+"/items/"+gone.item+"/cancel", aSlip).Want(t, 200)
	d.Technician.Post(t, "/api/lab/results", object{"order_item_id": gone.item, "values": wellCRP}).WantProblem(t, 409, "lab.item_not_open")
}

func anotherPostIsTheNextVersion(t *testing.T, d *day) {
	first := d.entered(t, "CRP", wellCRP)
	second := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": first.item, "values": highCRP}).Want(t, 201)
	if second.JSON["version"] != 2.0 || second.Text("supersedes_id") != first.result || second.JSON["is_correction"] != false || second.JSON["is_latest"] != true {
		t.Errorf("the second: %s", second.Body)
	}
	old := d.Technician.Get(t, "/api/lab/results/"+first.result).Want(t, 200)
	if old.JSON["is_latest"] != false || value(t, old, "CRP")["value"] != 3.0 || len(old.List("actions")) != 0 {
		t.Errorf("the first: %s", old.Body)
	}
	d.Pathologist.Post(t, "/api/lab/results/"+first.result+"/verify", nil).WantProblem(t, 409, "lab.result_not_latest")
	d.Pathologist.Post(t, "/api/lab/results/"+first.result+"/release", nil).WantProblem(t, 409, "lab.result_not_latest")
	history := d.Technician.Get(t, "/api/lab/results/"+first.result+"/history").Want(t, 200).List("results")
	if len(history) != 2 {
		t.Errorf("history: %v", history)
	}
	latest := d.Technician.Get(t, "/api/lab/results?latest=true&order_item_id="+first.item).Want(t, 200).List("results")
	if len(latest) != 1 || latest[0].(object)["id"] != second.ID() {
		t.Errorf("latest: %v", latest)
	}
}

// everyOrderOfSteps tries each step on a result of each status.
func everyOrderOfSteps(t *testing.T, d *day) {
	refusals := map[string]map[string]string{
		"ENTERED":  {"verify": "", "release": "lab.verification_required"},
		"VERIFIED": {"verify": "lab.illegal_transition", "release": ""},
		"RELEASED": {"verify": "lab.illegal_transition", "release": "lab.illegal_transition"},
	}
	for status, steps := range refusals {
		for step, code := range steps {
			test := d.entered(t, "CRP", wellCRP)
			if status != "ENTERED" {
				d.verify(t, test)
			}
			if status == "RELEASED" {
				d.release(t, test)
			}
			path := "/api/lab/results/" + test.result
			before := d.Pathologist.Get(t, path).Want(t, 200)
			if before.Text("status") != status || slices.Contains(texts(before.List("actions")), step) != (code == "") {
				t.Errorf("%s of one that is %s is offered: %v", step, status, before.List("actions"))
			}
			r := d.Pathologist.Post(t, path+"/"+step, nil)
			if code == "" {
				r.Want(t, 200)
				continue
			}
			r.WantProblem(t, 409, code)
			if after := d.Pathologist.Get(t, path).Want(t, 200); string(after.Body) != string(before.Body) {
				t.Errorf("%s of one that is %s was refused and changed it", step, status)
			}
		}
	}
	for _, step := range []string{"verify", "release"} {
		d.Pathologist.Post(t, "/api/lab/results/"+nobodys()+"/"+step, nil).WantProblem(t, 404, "lab.result_not_found")
	}
}

func aCriticalValueNeedsItsCall(t *testing.T, d *day) {
	test := d.critical(t)
	path := "/api/lab/results/" + test.result
	d.Pathologist.Post(t, path+"/verify", nil).WantProblem(t, 422, "lab.critical_notice_required")
	for name, notice := range map[string]object{"not read back": {"notified_to": "The doctor", "read_back": false}, "to nobody": {"notified_to": " ", "read_back": true}} {
		if r := d.Pathologist.Post(t, path+"/verify", object{"critical_notice": notice}); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	r := d.Pathologist.Post(t, path+"/verify", readBack).Want(t, 200)
	if r.Path("critical_notice.read_back") != true || r.Path("critical_notice.notified_to") != "The doctor on duty" || r.Path("critical_notice.notified_by_id") != userID(t, d.Pathologist) || r.Path("critical_notice.notified_at") == nil {
		t.Errorf("verified: %s", r.Body)
	}
}

// Before anybody vouches for it: whom its alert is for, and who may acknowledge any; in no list, and nobody else.
func whoActsOnACriticalValueMayReadIt(t *testing.T, d *day) {
	test, usual := d.critical(t), d.entered(t, "CRP", highCRP)
	d.alert(t, d.Doctor, test.encounter, "critical_result")
	for _, status := range []string{"ENTERED", "VERIFIED"} {
		r := d.Doctor.Get(t, "/api/lab/results/"+test.result).Want(t, 200)
		if r.Text("status") != status || value(t, r, "K")["value"] != 7.1 || len(r.List("actions")) != 0 {
			t.Errorf("the doctor reads %s", r.Body)
		}
		if found := d.Doctor.Get(t, "/api/lab/results?order_item_id="+test.item).Want(t, 200).List("results"); len(found) != 0 {
			t.Errorf("the doctor's list has %v", found)
		}
		d.Nurse.Get(t, "/api/lab/results/"+test.result).WantProblem(t, 404, "lab.result_not_found")
		d.Doctor.Get(t, "/api/lab/results/"+usual.result).WantProblem(t, 404, "lab.result_not_found")
		if status == "ENTERED" {
			d.Pathologist.Post(t, "/api/lab/results/"+test.result+"/verify", readBack).Want(t, 200)
		}
	}
}

func resultsAreFound(t *testing.T, d *day) {
	test := d.entered(t, "CRP", wellCRP)
	d.correct(t, test, highCRP)
	for query, want := range map[string]int{
		"order_item_id=" + test.item: 2, "encounter_id=" + test.encounter: 2, "patient_id=" + test.patient: 2, "patient_id=" + test.patient + "&status=VERIFIED": 0,
		"patient_id=" + test.patient + "&latest=true": 1, "encounter_id=" + nobodys(): 0, "order_item_id=" + test.item + "&status=ENTERED": 2,
	} {
		if got := d.Technician.Get(t, "/api/lab/results?"+query).Want(t, 200).List("results"); len(got) != want {
			t.Errorf("%s: %d results, want %d", query, len(got), want)
		}
	}
	d.Technician.Get(t, "/api/lab/results?status=DONE").Want(t, 422)
}

func onlyWhatIsReleased(t *testing.T, d *day) {
	test := d.entered(t, "CRP", wellCRP)
	seen := func(c *apptest.Client) (statuses []string) {
		t.Helper()
		for _, r := range c.Get(t, "/api/lab/results?patient_id="+test.patient).Want(t, 200).List("results") {
			statuses = append(statuses, r.(object)["status"].(string))
		}
		return statuses
	}
	outside := []*apptest.Client{d.Doctor, d.Nurse}
	inside := []*apptest.Client{d.Technician, d.Pathologist, d.Admin, d.Auditor}
	for _, step := range []func(*testing.T, tested) tested{func(_ *testing.T, test tested) tested { return test }, d.verify} {
		test = step(t, test)
		for _, c := range outside {
			if got := seen(c); len(got) != 0 {
				t.Errorf("unreleased is shown: %v", got)
			}
			c.Get(t, "/api/lab/results/"+test.result).WantProblem(t, 404, "lab.result_not_found")
			c.Get(t, "/api/lab/results/"+test.result+"/history").WantProblem(t, 404, "lab.result_not_found")
		}
		for _, c := range inside {
			if got := seen(c); len(got) != 1 {
				t.Errorf("inside the laboratory they see %v", got)
			}
		}
	}
	d.release(t, test)
	next := d.correct(t, test, highCRP)
	for _, c := range outside {
		if got := seen(c); !slices.Equal(got, []string{"RELEASED"}) {
			t.Errorf("after release they see %v", got)
		}
		c.Get(t, "/api/lab/results/"+test.result).Want(t, 200)
		c.Get(t, "/api/lab/results/"+next.result).WantProblem(t, 404, "lab.result_not_found")
		if history := c.Get(t, "/api/lab/results/"+test.result+"/history").Want(t, 200).List("results"); len(history) != 1 {
			t.Errorf("the history shows them %d versions", len(history))
		}
		c.Get(t, "/api/lab/worklist").WantProblem(t, 403, "auth.permission_denied")
	}
	d.Receptionist.Get(t, "/api/lab/results?patient_id="+test.patient).WantProblem(t, 403, "auth.permission_denied")
}

func aCorrection(t *testing.T, d *day) {
	test := d.released(t, "CRP", wellCRP)
	corrected := d.release(t, d.verify(t, d.correct(t, test, highCRP)))
	now := d.Doctor.Get(t, "/api/lab/results/"+corrected.result).Want(t, 200)
	if now.JSON["is_correction"] != true || now.JSON["version"] != 2.0 || now.Text("supersedes_id") != test.result || now.Text("correction_reason") != "Two tubes were mixed up" || value(t, now, "CRP")["flag"] != "H" {
		t.Errorf("the correction: %s", now.Body)
	}
	former := d.Doctor.Get(t, "/api/lab/results/"+test.result).Want(t, 200)
	if former.Text("status") != "RELEASED" || former.JSON["is_latest"] != false || value(t, former, "CRP")["value"] != 3.0 {
		t.Errorf("the former: %s", former.Body)
	}
	if got := codes(d.Doctor.Get(t, "/api/lab/results?latest=true&order_item_id="+test.item).Want(t, 200).List("results"), "id"); !slices.Equal(got, []string{corrected.result}) {
		t.Errorf("latest: %v", got)
	}
}

func calculatedValues(t *testing.T, d *day) {
	test := d.received(t, "LIPID")
	lipids := found("CHOL", 200, "HDL", 50, "TRIG", 150)
	if r := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": append(slices.Clone(lipids), found("LDL", 99)...)}); r.StatusCode != 422 {
		t.Errorf("against the formula: %d %s", r.StatusCode, r.Body)
	}
	made := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": lipids}).Want(t, 201)
	if ldl := value(t, made, "LDL"); ldl["value"] != 120.0 || ldl["calculated"] != true || ldl["flag"] != "H" {
		t.Errorf("LDL: %v", ldl)
	}
	measured := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": d.received(t, "LIPID").item, "values": found("CHOL", 200, "HDL", 50, "TRIG", 401, "LDL", 99)}).Want(t, 201)
	if ldl := value(t, measured, "LDL"); ldl["value"] != 99.0 || ldl["calculated"] != false {
		t.Errorf("measured where the formula does not hold: %v", ldl)
	}
	fat := d.Technician.Post(t, "/api/lab/results", object{"order_item_id": d.received(t, "LIPID").item, "values": found("CHOL", 200, "HDL", 50, "TRIG", 401)}).Want(t, 201)
	if slices.ContainsFunc(fat.List("values"), func(v any) bool { return v.(object)["code"] == "LDL" }) {
		t.Errorf("where the formula does not hold: %s", fat.Body)
	}
}

func whoMayDoWhatToAResult(t *testing.T, d *day) {
	test := d.received(t, "CRP")
	for _, c := range []*apptest.Client{d.Doctor, d.Nurse, d.Receptionist, d.Auditor} {
		c.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": wellCRP}).WantProblem(t, 403, "auth.permission_denied")
	}
	test = d.enter(t, test, wellCRP)
	for _, c := range []*apptest.Client{d.Technician, d.Doctor, d.Nurse, d.Receptionist, d.Auditor} {
		for _, step := range []string{"verify", "release"} {
			c.Post(t, "/api/lab/results/"+test.result+"/"+step, nil).WantProblem(t, 403, "auth.permission_denied")
		}
	}
	if offered := texts(d.Technician.Get(t, "/api/lab/results/"+test.result).Want(t, 200).List("actions")); !slices.Equal(offered, []string{"correct"}) {
		t.Errorf("a technician is offered %v", offered)
	}
}

func theWorklist(t *testing.T, d *day) {
	test := d.received(t, "CRP")
	list := "/api/lab/worklist?limit=200&q=" + test.barcode
	waits := row(t, d.Technician, list, test.item)
	if waits == nil || waits["status"] != "RECEIVED" || waits["result"] != nil || waits["service_code"] != "CRP" || waits["is_overdue"] != false || waits["sample"].(object)["barcode"] != test.barcode || waits["patient"].(object)["mrn"] == "" {
		t.Fatalf("it waits as %v", waits)
	}
	analyte := waits["analytes"].([]any)[0].(object)
	for name, want := range (object{"code": "CRP", "kind": "number", "unit": "mg/L", "decimals": 1.0, "calculated": false, "reference_low": 0.0, "reference_high": 5.0, "former": nil}) {
		if got, present := analyte[name]; !present || got != want {
			t.Errorf("analyte's %s: %v, want %v", name, got, want)
		}
	}
	test = d.enter(t, test, wellCRP)
	if row(t, d.Technician, list+"&status=RECEIVED", test.item) != nil {
		t.Error("what is entered still waits for its values")
	}
	if entered := row(t, d.Pathologist, list+"&status=ENTERED", test.item); entered == nil || entered["result"].(object)["id"] != test.result {
		t.Errorf("to be verified: %v", entered)
	}
	if row(t, d.Technician, list+"&section=haematology", test.item) != nil || row(t, d.Technician, list+"&priority=STAT", test.item) != nil {
		t.Error("it is in another's list")
	}
}

func valuesHaveATrend(t *testing.T, d *day) {
	encounter := d.visit(t)
	var patient string
	for _, crp := range []int{48, 21, 3} {
		test := d.ask(t, encounter, "CRP")[0]
		patient = test.patient
		d.release(t, d.verify(t, d.enter(t, d.receive(t, d.take(t, test)[0]), found("CRP", crp))))
	}
	unseen := d.ask(t, encounter, "CRP")[0]
	d.enter(t, d.receive(t, d.take(t, unseen)[0]), found("CRP", 100))
	series := d.Doctor.Get(t, "/api/lab/trends?patient_id="+patient+"&code=CRP").Want(t, 200).List("results")
	if len(series) != 1 || len(series[0].(object)["points"].([]any)) != 3 {
		t.Fatalf("the trend: %v", series)
	}
	found := map[any]bool{}
	for _, point := range series[0].(object)["points"].([]any) {
		found[point.(object)["value"]] = true
	}
	if !found[48.0] || !found[21.0] || !found[3.0] {
		t.Errorf("the trend: %v", series)
	}
	last := d.Technician.Get(t, "/api/lab/results?latest=true&status=ENTERED&patient_id="+patient).Want(t, 200)
	if former := last.Path("results.0.values.0.former.value"); former != 3.0 {
		t.Errorf("the former value beside the new is %v", former)
	}
	if last.Path("results.0.values.0.delta_flag") != nil && !strings.Contains("UP DOWN", last.Path("results.0.values.0.delta_flag").(string)) {
		t.Errorf("delta: %s", last.Body)
	}
}

func analytesAreTold(t *testing.T, d *day) {
	found := d.Technician.Get(t, "/api/lab/analytes?service_code=RFT").Want(t, 200).List("results")
	if got := codes(found, "code"); !slices.Contains(got, "K") || slices.Contains(got, "HGB") {
		t.Errorf("of a renal profile: %v", got)
	}
	if got := codes(d.Technician.Get(t, "/api/lab/analytes?q=potass").Want(t, 200).List("results"), "code"); !slices.Contains(got, "K") {
		t.Errorf("by name: %v", got)
	}
	for _, a := range d.Technician.Get(t, "/api/lab/analytes?section=haematology").Want(t, 200).List("results") {
		if a.(object)["section"] != "haematology" {
			t.Errorf("in haematology: %v", a)
		}
	}
}

func turnaroundIsCounted(t *testing.T, d *day) {
	d.released(t, "ESR", found("ESR", 8))
	since, until := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for by, key := range map[string]string{"service": "ESR", "priority": "ROUTINE", "section": "haematology"} {
		lines := d.Pathologist.Get(t, "/api/lab/turnaround?by="+by+"&since="+since+"&until="+until).Want(t, 200).List("results")
		i := slices.IndexFunc(lines, func(line any) bool { return line.(object)["key"] == key })
		if i < 0 || lines[i].(object)["count"].(float64) < 1 || lines[i].(object)["median_minutes"] == nil {
			t.Errorf("by %s: %v", by, lines)
		}
	}
	d.Pathologist.Get(t, "/api/lab/turnaround?by=moon").Want(t, 422)
}
