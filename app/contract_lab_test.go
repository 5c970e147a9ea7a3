package app_test

import (
	"net/url"
	"slices"
	"testing"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractSamples(t *testing.T) {
	t.Parallel()
	section{
		"a sample has these fields":                      aSampleHasTheseFields,
		"what cannot be taken is refused":                whatCannotBeTaken,
		"a barcode is one of its facility":               aBarcodeIsOne,
		"every move of a sample from every status":       everySampleMoveFromEveryStatus,
		"samples are found":                              samplesAreFound,
		"a rejected sample asks for another":             aRejectedSampleAsksForAnother,
		"a reason is coded or in words":                  reasonsOfRejection,
		"what is to be collected is listed by the tube":  whatIsToBeCollected,
		"an item's tasks and status follow the sample":   tasksFollowTheSample,
		"the laboratory goes on when the patient is out": theLaboratoryGoesOn,
		"who may do what to a sample":                    whoMayDoWhatToASample,
		"a sample stays in its facility":                 aSampleStaysInItsFacility,
	}.hold(t, 1)
}

func aSampleHasTheseFields(t *testing.T, d *day) {
	tests := d.ask(t, "", "RFT", "CRP")
	body := taking(tests...)
	body["pregnant"], body["collected_at"] = true, "2026-01-02T03:04:05Z"
	if r := d.Nurse.Post(t, "/api/lab/samples", body); r.StatusCode != 422 { // before it was ordered
		t.Errorf("taken before it was asked for: %d %s", r.StatusCode, r.Body)
	}
	delete(body, "collected_at")
	made := d.Nurse.Post(t, "/api/lab/samples", body).Want(t, 201)
	for name, want := range (object{"status": "COLLECTED", "encounter_id": tests[0].encounter, "patient_id": tests[0].patient, "specimen_type": "serum", "priority": "ROUTINE",
		"pregnant": true, "collected_by_id": userID(t, d.Nurse), "received_at": nil, "rejected_at": nil, "rejection_code": nil, "reason": nil, "stored_at": nil,
		"storage_location": nil, "discarded_at": nil}) {
		if got, present := made.JSON[name]; !present || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if made.Text("barcode") == "" || made.Text("container") == "" || made.Text("collected_at") == "" || made.Path("patient.gender") != "female" || made.Path("patient.mrn") == "" {
		t.Errorf("made: %s", made.Body)
	}
	items := texts(made.List("order_item_ids"))
	slices.Sort(items)
	want := []string{tests[0].item, tests[1].item}
	slices.Sort(want)
	if !slices.Equal(items, want) || len(made.List("items")) != 2 || made.Path("items.0.service_code") == "" || made.Path("custody.0.act") != "collected" || made.Path("custody.0.by.id") != userID(t, d.Nurse) {
		t.Errorf("made: %s", made.Body)
	}
	if read := d.Nurse.Get(t, "/api/lab/samples/"+made.ID()).Want(t, 200); string(read.Body) != string(made.Body) || read.Header.Get("ETag") == "" || read.Header.Get("ETag") != made.Header.Get("ETag") {
		t.Errorf("read: %s, made: %s", read.Body, made.Body)
	}
	// The most urgent of its items says how urgent the sample is.
	urgent := asking(d.visit(t))
	urgent["items"] = []object{{"service_code": "RFT"}, {"service_code": "CRP", "priority": "STAT"}}
	order := d.Doctor.Post(t, "/api/orders", urgent).Want(t, 201)
	stat := d.take(t, tested{item: order.Path("items.0.id").(string)}, tested{item: order.Path("items.1.id").(string)})[0]
	if got := d.Nurse.Get(t, "/api/lab/samples/"+stat.sample).Want(t, 200).Text("priority"); got != "STAT" {
		t.Errorf("with a STAT test its priority is %s", got)
	}
	d.Nurse.Get(t, "/api/lab/samples/"+nobodys()).WantProblem(t, 404, "lab.sample_not_found")
}

func whatCannotBeTaken(t *testing.T, d *day) {
	refused := func(status int, code string, tests ...tested) {
		t.Helper()
		d.Nurse.Post(t, "/api/lab/samples", taking(tests...)).WantProblem(t, status, code)
	}
	encounter := d.visit(t)
	tests := d.ask(t, encounter, "CBC", "CRP", "RFT", "ESR")
	refused(422, "lab.specimen_mismatch", tests[0], tests[1])
	refused(422, "lab.different_encounters", tests[1], d.ask(t, "", "CRP")[0])
	refused(404, "lab.item_not_found", tests[1], tested{item: nobodys()})
	image := asking(encounter, "CXR_PA")
	image["order_type"] = "RADIOLOGY"
	refused(404, "lab.item_not_found", tested{item: d.Doctor.Post(t, "/api/orders", image).Want(t, 201).Path("items.0.id").(string)})
	if r := d.Nurse.Post(t, "/api/lab/samples", object{"order_item_ids": []string{}}); r.StatusCode != 422 {
		t.Errorf("of nothing: %d %s", r.StatusCode, r.Body)
	}
	d.Doctor.Post(t, "/api/orders/"+tests[3].order+"/items/"+tests[3].item+"/cancel", aSlip).Want(t, 200)
	refused(409, "lab.item_not_open", tests[3])
	d.take(t, tests[1])
	refused(409, "lab.already_collected", tests[1])
	refused(409, "lab.already_collected", tests[1], tests[2]) // nothing was taken of the other either
	if row(t, d.Nurse, "/api/lab/collection-list?limit=200", tests[2].item) == nil {
		t.Error("a test whose sample was refused is not to be collected any more")
	}
	done := d.ask(t, "", "CRP")[0]
	d.Doctor.Post(t, "/api/orders/"+done.order+"/items/"+done.item+"/complete", nil).Want(t, 200)
	refused(409, "lab.item_not_open", done)
}

func aBarcodeIsOne(t *testing.T, d *day) {
	own := unique("TUBE-")
	body := taking(d.ask(t, "", "CRP")...)
	body["barcode"] = own
	if r := d.Nurse.Post(t, "/api/lab/samples", body).Want(t, 201); r.Text("barcode") != own {
		t.Errorf("its barcode is %s", r.Text("barcode"))
	}
	test := d.ask(t, "", "CRP")[0]
	again := taking(test)
	again["barcode"] = own
	d.Nurse.Post(t, "/api/lab/samples", again).WantProblem(t, 409, "lab.barcode_taken")
	one, other := d.take(t, test)[0], d.collected(t, "CRP")
	if one.barcode == other.barcode || one.barcode == "" {
		t.Errorf("two barcodes were made: %q %q", one.barcode, other.barcode)
	}
	// In the other facility it is free.
	there := d.sibling(t)
	patient := there.Post(t, "/api/patients", object{"full_name": "Eastern", "gender": "male", "age_years": 40}).Want(t, 201).ID()
	encounter := there.Post(t, "/api/encounters", object{"patient_id": patient}).Want(t, 201).ID()
	item := there.Post(t, "/api/orders", asking(encounter, "CRP")).Want(t, 201).Path("items.0.id")
	there.Post(t, "/api/lab/samples", object{"order_item_ids": []any{item}, "barcode": own}).Want(t, 201)
}

// sampleMoves gives, by move and status, the status after it. What is not here is refused, a move made twice too.
var sampleMoves = map[string]map[string]string{
	"receive": {"COLLECTED": "RECEIVED"},
	"reject":  {"COLLECTED": "REJECTED", "RECEIVED": "REJECTED", "STORED": "REJECTED"},
	"store":   {"RECEIVED": "STORED"},
	"discard": {"RECEIVED": "DISCARDED", "STORED": "DISCARDED"},
}

var bodyOfMove = map[string]any{"reject": object{"reason": "HAEMOLYSED"}, "store": object{"location": "Rack 4"}}

// sampleIn leads a sample to a status; where the laboratory has received it, its test has a result, so that nothing waits
// for it.
func (d *day) sampleIn(t *testing.T, status string) tested {
	t.Helper()
	test := d.collected(t, "CRP")
	for _, move := range map[string][]string{"RECEIVED": {"receive"}, "REJECTED": {"reject"}, "STORED": {"receive", "store"}, "DISCARDED": {"receive", "discard"}}[status] {
		d.Technician.Post(t, "/api/lab/samples/"+test.sample+"/"+move, bodyOfMove[move]).Want(t, 200)
		if move == "receive" {
			d.enter(t, test, wellCRP)
		}
	}
	return test
}

func everySampleMoveFromEveryStatus(t *testing.T, d *day) {
	for _, status := range []string{"COLLECTED", "RECEIVED", "STORED", "DISCARDED", "REJECTED"} {
		for move, leads := range sampleMoves {
			test := d.sampleIn(t, status)
			path := "/api/lab/samples/" + test.sample
			before := d.Technician.Get(t, path).Want(t, 200)
			to, legal := leads[status]
			if before.Text("status") != status || slices.Contains(texts(before.List("actions")), move) != legal {
				t.Errorf("%s from %s is offered: %v", move, status, before.List("actions"))
			}
			r := d.Technician.Post(t, path+"/"+move, bodyOfMove[move])
			if !legal {
				r.WantProblem(t, 409, "lab.illegal_transition")
				if after := d.Technician.Get(t, path).Want(t, 200); after.Header.Get("ETag") != before.Header.Get("ETag") {
					t.Errorf("%s from %s was refused and changed it", move, status)
				}
				continue
			}
			r.Want(t, 200)
			custody := r.List("custody")
			last := custody[len(custody)-1].(object)
			if r.Text("status") != to || r.Header.Get("ETag") == before.Header.Get("ETag") || last["by"].(object)["id"] != userID(t, d.Technician) {
				t.Errorf("%s from %s: %s", move, status, r.Body)
			}
		}
	}
	for _, move := range []string{"receive", "reject", "store", "discard"} {
		d.Technician.Post(t, "/api/lab/samples/"+nobodys()+"/"+move, bodyOfMove[move]).WantProblem(t, 404, "lab.sample_not_found")
	}
	test := d.received(t, "CRP")
	for move, body := range map[string]object{"reject": {}, "store": {}} {
		if r := d.Technician.Post(t, "/api/lab/samples/"+test.sample+"/"+move, body); r.StatusCode != 422 {
			t.Errorf("%s without saying more: %d %s", move, r.StatusCode, r.Body)
		}
	}
}

func samplesAreFound(t *testing.T, d *day) {
	taken, gone := d.collected(t, "CRP"), d.sampleIn(t, "REJECTED")
	for query, want := range map[string][]string{
		"barcode=" + url.QueryEscape(taken.barcode):            {taken.sample},
		"encounter_id=" + taken.encounter:                      {taken.sample},
		"encounter_id=" + gone.encounter + "&status=REJECTED":  {gone.sample},
		"encounter_id=" + gone.encounter + "&status=COLLECTED": {},
		"barcode=nobodys":           {},
		"encounter_id=" + nobodys(): {},
		"barcode=" + url.QueryEscape(gone.barcode) + "&count=true": {gone.sample},
	} {
		if got := codes(d.Technician.Get(t, "/api/lab/samples?"+query).Want(t, 200).List("results"), "id"); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	d.Technician.Get(t, "/api/lab/samples?status=LOST").Want(t, 422)
}

func aRejectedSampleAsksForAnother(t *testing.T, d *day) {
	test := d.received(t, "CRP")
	gone := d.Technician.Post(t, "/api/lab/samples/"+test.sample+"/reject", object{"reason": "HAEMOLYSED", "note": "Second time this week"}).Want(t, 200)
	if gone.Text("rejection_code") != "HAEMOLYSED" || gone.Text("reason") == "" || gone.Text("rejected_at") == "" {
		t.Errorf("rejected: %s", gone.Body)
	}
	d.wantStates(t, test, "OPEN DONE CANCELLED -")
	waits := row(t, d.Nurse, "/api/lab/collection-list?limit=200", test.item)
	if waits == nil || waits["is_recollection"] != true {
		t.Errorf("it waits as %v", waits)
	}
	d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": wellCRP}).WantProblem(t, 409, "lab.sample_not_received")
	again := d.receive(t, d.take(t, test)[0])
	if again.sample == gone.ID() || again.barcode == gone.Text("barcode") {
		t.Error("the second sample is the first")
	}
	d.Technician.Post(t, "/api/lab/samples/"+again.sample+"/discard", nil).WantProblem(t, 409, "lab.tests_waiting")
	void := d.enter(t, again, wellCRP)
	d.Technician.Post(t, "/api/lab/samples/"+again.sample+"/reject", bodyOfMove["reject"]).Want(t, 200)
	d.Pathologist.Post(t, "/api/lab/results/"+void.result+"/verify", nil).WantProblem(t, 409, "lab.illegal_transition")
	third := d.receive(t, d.take(t, test)[0])
	d.verify(t, d.enter(t, third, wellCRP))
	d.Technician.Post(t, "/api/lab/samples/"+third.sample+"/reject", bodyOfMove["reject"]).WantProblem(t, 409, "lab.results_entered")
}

func reasonsOfRejection(t *testing.T, d *day) {
	reasons := d.Technician.Get(t, "/api/lab/rejection-reasons").Want(t, 200).List("results")
	if len(reasons) < 5 || !slices.Contains(codes(reasons, "code"), "HAEMOLYSED") {
		t.Fatalf("reasons: %v", reasons)
	}
	for _, reason := range reasons {
		if reason.(object)["title"] == "" {
			t.Errorf("%v has no title", reason)
		}
	}
	r := d.Technician.Post(t, "/api/lab/samples/"+d.collected(t, "CRP").sample+"/reject", object{"reason": "It fell on the floor"}).Want(t, 200)
	if r.Text("rejection_code") != "OTHER" || r.Text("reason") != "It fell on the floor" {
		t.Errorf("in words: %s", r.Body)
	}
}

func whatIsToBeCollected(t *testing.T, d *day) {
	encounter := d.visit(t)
	body := asking(encounter)
	body["items"] = []object{{"service_code": "CRP"}, {"service_code": "CBC", "priority": "STAT"}, {"service_code": "RFT"}}
	order := d.Doctor.Post(t, "/api/orders", body).Want(t, 201)
	of := func(i int) string { return order.List("items")[i].(object)["id"].(string) }
	list := "/api/lab/collection-list?limit=200"
	serum, blood := row(t, d.Nurse, list, of(0)), row(t, d.Nurse, list, of(1))
	if serum == nil || blood == nil {
		t.Fatal("it is not to be collected")
	}
	if len(serum["items"].([]any)) != 2 || serum["specimen_type"] != "serum" || serum["encounter_id"] != encounter || serum["encounter_type"] != "OPD" || serum["priority"] != "ROUTINE" ||
		serum["is_recollection"] != false || serum["patient"].(object)["full_name"] == "" || serum["ordered_at"] == nil {
		t.Errorf("one tube: %v", serum)
	}
	if len(blood["items"].([]any)) != 1 || blood["priority"] != "STAT" || blood["due_at"] == nil {
		t.Errorf("another: %v", blood)
	}
	if row(t, d.Nurse, list+"&priority=STAT", of(0)) != nil || row(t, d.Nurse, list+"&priority=STAT", of(1)) == nil {
		t.Error("by priority")
	}
	if row(t, d.Nurse, list+"&encounter_type=IPD", of(0)) != nil || row(t, d.Nurse, list+"&encounter_type=OPD", of(0)) == nil {
		t.Error("by the kind of encounter")
	}
	if row(t, d.Nurse, list+"&due_before=2020-01-01T00:00:00Z", of(1)) != nil || row(t, d.Nurse, list+"&due_before=2035-01-01T00:00:00Z", of(1)) == nil {
		t.Error("by time")
	}
	name := serum["patient"].(object)["full_name"].(string)
	if row(t, d.Nurse, list+"&q="+url.QueryEscape(name), of(0)) == nil || row(t, d.Nurse, list+"&q=Nobodyofthisname", of(0)) != nil {
		t.Error("by name")
	}
	whole := d.Nurse.Get(t, list).Want(t, 200).List("results")
	urgency, last := map[any]int{"STAT": 0, "URGENT": 1, "ROUTINE": 2}, 0
	for _, r := range whole {
		if now := urgency[r.(object)["priority"]]; now < last {
			t.Error("what is less urgent comes first")
		} else {
			last = now
		}
	}
	d.take(t, tested{item: of(0)}, tested{item: of(2)})
	if row(t, d.Nurse, list, of(0)) != nil || row(t, d.Nurse, list, of(1)) == nil {
		t.Error("what was taken waits, or what was not does not")
	}
}

func tasksFollowTheSample(t *testing.T, d *day) {
	test := d.ask(t, "", "CRP")[0]
	d.wantStates(t, test, "OPEN - - -")
	order := func() string { return stands(d.Doctor.Get(t, "/api/orders/"+test.order).Want(t, 200)) }
	test = d.take(t, test)[0]
	d.wantStates(t, test, "DONE OPEN - -")
	if got := order(); got != "IN_PROGRESS: CRP IN_PROGRESS" {
		t.Errorf("collected: %s", got)
	}
	d.receive(t, test)
	d.wantStates(t, test, "DONE DONE OPEN -")
	test = d.enter(t, test, wellCRP)
	d.wantStates(t, test, "DONE DONE DONE OPEN")
	d.verify(t, test)
	d.wantStates(t, test, "DONE DONE DONE DONE")
	if got := order(); got != "IN_PROGRESS: CRP IN_PROGRESS" {
		t.Errorf("verified: %s", got)
	}
	d.release(t, test)
	if got := order(); got != "COMPLETED: CRP COMPLETED" {
		t.Errorf("released: %s", got)
	}
	d.correct(t, test, highCRP)
	d.wantStates(t, test, "DONE DONE DONE OPEN")
	told := happened(t, d.Nurse, test.encounter)
	for code, times := range map[string]int{"SAMPLE_COLLECTED": 1, "SAMPLE_RECEIVED": 1, "RESULT_ENTERED": 2, "RESULT_VERIFIED": 1, "RESULT_RELEASED": 1, "ORDER_COMPLETED": 1, "SAMPLE_REJECTED": 0} {
		if count(told, code) != times {
			t.Errorf("%s is told %d times of %v", code, count(told, code), told)
		}
	}
	rejected := d.sampleIn(t, "REJECTED")
	if told := happened(t, d.Nurse, rejected.encounter); count(told, "SAMPLE_REJECTED") != 1 {
		t.Errorf("rejected: %v", told)
	}
}

func theLaboratoryGoesOn(t *testing.T, d *day) {
	encounter := d.closable(t)
	test := d.ask(t, encounter, "CRP")[0]
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).Want(t, 200)
	d.wantStates(t, test, "OPEN - - -")
	test = d.enter(t, d.receive(t, d.take(t, test)[0]), wellCRP)
	d.wantStates(t, test, "DONE DONE DONE OPEN")
	d.release(t, d.verify(t, test))
	if got := stands(d.Doctor.Get(t, "/api/orders/"+test.order).Want(t, 200)); got != "COMPLETED: CRP COMPLETED" {
		t.Errorf("released after closing: %s", got)
	}
	gone := d.ask(t, "", "CRP")[0]
	d.Receptionist.Post(t, "/api/encounters/"+gone.encounter+"/cancel", object{"reason": "Left"}).Want(t, 200)
	d.wantStates(t, gone, "CANCELLED - - -")
	d.Nurse.Post(t, "/api/lab/samples", taking(gone)).WantProblem(t, 409, "lab.item_not_open")
	kept := d.entered(t, "CRP", wellCRP)
	d.Receptionist.Post(t, "/api/encounters/"+kept.encounter+"/cancel", object{"reason": "Left"}).WantProblem(t, 409, "lab.result_unreleased")
	d.Doctor.Post(t, "/api/orders/"+kept.order+"/items/"+kept.item+"/cancel", aSlip).WantProblem(t, 409, "lab.result_unreleased")
	d.Nurse.Post(t, "/api/orders/"+kept.order+"/items/"+kept.item+"/complete", nil).WantProblem(t, 409, "lab.result_unreleased")
	d.release(t, d.verify(t, kept))
}

func whoMayDoWhatToASample(t *testing.T, d *day) {
	test := d.ask(t, "", "CRP")[0]
	for _, c := range []*apptest.Client{d.Receptionist, d.Auditor} {
		c.Post(t, "/api/lab/samples", taking(test)).WantProblem(t, 403, "auth.permission_denied")
	}
	test = d.take(t, test)[0]
	path := "/api/lab/samples/" + test.sample
	for _, c := range []*apptest.Client{d.Nurse, d.Doctor, d.Receptionist, d.Auditor} {
		for move := range sampleMoves {
			c.Post(t, path+"/"+move, bodyOfMove[move]).WantProblem(t, 403, "auth.permission_denied")
		}
	}
	d.Receptionist.Get(t, path).WantProblem(t, 403, "auth.permission_denied")
	d.Auditor.Get(t, path).Want(t, 200)
	if offered := d.Nurse.Get(t, path).Want(t, 200).List("actions"); len(offered) != 0 {
		t.Errorf("a nurse is offered %v", offered)
	}
}

func aSampleStaysInItsFacility(t *testing.T, d *day) {
	test, there := d.entered(t, "CRP", wellCRP), d.sibling(t)
	there.Get(t, "/api/lab/samples/"+test.sample).WantProblem(t, 404, "lab.sample_not_found")
	there.Get(t, "/api/lab/results/"+test.result).WantProblem(t, 404, "lab.result_not_found")
	for move := range sampleMoves {
		there.Post(t, "/api/lab/samples/"+test.sample+"/"+move, bodyOfMove[move]).WantProblem(t, 404, "lab.sample_not_found")
	}
	there.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": wellCRP}).WantProblem(t, 404, "lab.item_not_found")
	there.Post(t, "/api/lab/results/"+test.result+"/verify", readBack).WantProblem(t, 404, "lab.result_not_found")
	there.Post(t, "/api/lab/results/"+test.result+"/release", nil).WantProblem(t, 404, "lab.result_not_found")
	there.Post(t, "/api/lab/samples", taking(d.ask(t, "", "CRP")...)).WantProblem(t, 404, "lab.item_not_found")
	for _, list := range []string{"samples?encounter_id=" + test.encounter, "results?order_item_id=" + test.item, "samples?barcode=" + url.QueryEscape(test.barcode)} {
		if got := there.Get(t, "/api/lab/"+list).Want(t, 200).List("results"); len(got) != 0 {
			t.Errorf("%s shows %v", list, got)
		}
	}
}
