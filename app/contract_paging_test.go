package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

func pageSizes(t *testing.T, d *day) {
	patient := d.Patient(t, "Someone")
	for range 205 {
		d.Auditor.Get(t, "/api/patients/"+patient).Want(t, 200)
	}
	list := "/api/audit/events?code=patients.read&patient_id=" + patient
	for query, want := range map[string]int{"": 50, "&limit=1": 1, "&limit=200": 200} {
		page := d.Auditor.Get(t, list+query).Want(t, 200)
		if len(page.List("results")) != want || page.Text("next") == "" {
			t.Errorf("%q: %d results, next %v", query, len(page.List("results")), page.JSON["next"])
		}
		if _, counted := page.JSON["count"]; counted {
			t.Errorf("%q: counted without being asked", query)
		}
	}
	for _, query := range []string{"&limit=0", "&limit=201", "&limit=-1", "&limit=many", "&cursor=!", "&count=perhaps"} {
		d.Auditor.Get(t, list+query).WantProblem(t, 422, "request.invalid")
	}
	if r := d.Auditor.Get(t, list+"&count=true&limit=1").Want(t, 200); r.JSON["count"] != 205.0 {
		t.Errorf("count: %v", r.JSON["count"])
	}
	if r := d.Auditor.Get(t, "/api/encounters?patient_id="+patient).Want(t, 200); len(r.List("results")) != 0 || r.JSON["next"] != nil || r.JSON["results"] == nil {
		t.Errorf("an empty list: %s", r.Body)
	}
}

// TestContractPaging walks every list of the contract in small pages: all rows, each once, in the list's order.
func TestContractPaging(t *testing.T) {
	t.Parallel()
	d := newDay(t, 1)
	root := superuser(t, d.House, "root")
	encounter := d.closable(t)
	patient := d.Doctor.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")
	d.enable(t, "base", "ayurveda")
	ayurvedic := d.encounter(t, object{"pack": "ayurveda"})
	for i := range 3 {
		d.finalize(t, ayurvedic, "prakriti_assessment", fewAnswers) // a rule finds them few
		d.Nurse.Post(t, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 70}).Want(t, 201)
		d.Doctor.Post(t, "/api/orders", object{"encounter_id": encounter, "order_type": "LAB", "items": []any{object{"service_code": "CBC"}}}).Want(t, 201)
		d.Patient(t, fmt.Sprint("Paged Person ", i))
		d.Encounter(t, d.Patient(t, "Another"))
		d.Doctor.Post(t, "/api/encounters/"+encounter+"/notes", object{"subjective": "Note"}).Want(t, 201)
		draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter, "template_code": "progress_note", "payload": finished}).Want(t, 201).ID()
		d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201)
		d.Admin.Post(t, "/api/facilities", object{"code": fmt.Sprint("F", i), "name": "Further"}).Want(t, 201)
		root.Post(t, "/api/tenants", object{"code": fmt.Sprint("t", i), "name": "Further", "admin": object{"username": "admin.asha"}}).Want(t, 201)
		// Seals are made about once a second, where there is something to seal.
		within(t, 5*time.Second, "a seal", func() bool {
			d.Patient(t, "Sealed")
			return len(d.Auditor.Get(t, "/api/audit/seals").List("results")) > i
		})
	}
	d.withRepertory(t)
	lot := d.labDay(t, 3)
	hold := d.holdBack(t, "CRP") // of which labDay released some
	lists := 0
	for _, o := range d.House.Contract.Operations {
		if !slices.ContainsFunc(o.Parameters, func(p apptest.Parameter) bool { return p.Name == "cursor" }) {
			continue
		}
		lists++
		client, path := d.Admin, strings.Replace(o.Path, "{id}", encounter, 1)
		switch o.Path {
		case "/api/tenants":
			client = root
		case "/api/clinical-docs":
			path += "?encounter_id=" + encounter
		case "/api/lab/control-lots/{id}/runs":
			path = "/api/lab/control-lots/" + lot + "/runs"
		case "/api/lab/control-holds/{id}/results":
			path = "/api/lab/control-holds/" + hold + "/results"
		case "/api/notifications", "/api/notifications/push-subscriptions":
			client = d.Doctor // one's own
		case "/api/catalog":
			path += "?pack=base"
		case "/api/patients/{id}/observations":
			path = "/api/patients/" + patient + "/observations"
		case "/api/audit/events":
			path += "?patient_id=" + patient // the whole trail grows while it is read
		}
		joint := "?"
		if strings.Contains(path, "?") {
			joint = "&"
		}
		whole := client.Get(t, path+joint+"limit=200&count=true").Want(t, 200)
		want := keysOf(whole.List("results"))
		small, turned := pages(t, client, path, 2)
		got := keysOf(small)
		if o.Path == "/api/audit/seals" || o.Path == "/api/audit/events" { // newest first; meanwhile there may be newer ones
			got = got[max(0, len(got)-len(want)):]
		}
		if !slices.Equal(got, want) || len(want) < 3 || turned < 2 || slices.Compact(slices.Sorted(slices.Values(got)))[0] == "" {
			t.Errorf("%s: pages give %v, the whole %v", o.Path, got, want)
		}
		if whole.JSON["count"] != float64(len(want)) {
			t.Errorf("%s: count %v of %d", o.Path, whole.JSON["count"], len(want))
		}
	}
	if lists < 14 {
		t.Errorf("only %d lists", lists)
	}
	for _, q := range []string{"/api/patients?q=Another", "/api/tasks?ordering=due_at", "/api/tasks?ordering=-due_at", "/api/tasks?ordering=created_at"} {
		whole := keysOf(d.Nurse.Get(t, q+"&limit=200").Want(t, 200).List("results"))
		small, _ := pages(t, d.Nurse, q, 1)
		if got := keysOf(small); !slices.Equal(got, whole) || len(whole) < 3 {
			t.Errorf("%s: pages give %v, the whole %v", q, got, whole)
		}
	}
}
