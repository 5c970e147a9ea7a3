package app_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractConsultations(t *testing.T) {
	t.Parallel()
	section{
		"a consultation is signed as a whole":    aConsultationIsSigned,
		"a part that fails undoes all":           aPartThatFails,
		"signing needs what its parts need":      signingNeedsWhatItsPartsNeed,
		"a signature can be repeated":            aSignatureCanBeRepeated,
		"only an encounter under way is signed":  onlyAnEncounterUnderWay,
		"the repertory answers while one types":  theRepertoryAnswers,
		"a case is weighed over its rubrics":     aCaseIsWeighed,
		"without a repertory there is no rubric": withoutARepertory,
	}.hold(t, 1)
}

// consultation is the body of a signature of every part.
func (d *day) consultation(t *testing.T, encounter string) object {
	t.Helper()
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter, "template_code": "progress_note", "payload": finished}).Want(t, 201).ID()
	lab := asking(encounter, "CBC")
	delete(lab, "encounter_id")
	return object{
		"assessment": object{"diagnosis": "Anaemia"}, "plan": object{"advice": "Rest", "medications": []any{"Iron", object{"name": "Folate", "dose": "5 mg"}}},
		"note": object{"subjective": "Tired"}, "document_ids": []string{draft}, "orders": []object{lab},
	}
}

func aConsultationIsSigned(t *testing.T, d *day) {
	encounter := d.consult(t)
	signed := d.Doctor.Post(t, "/api/encounters/"+encounter+"/sign", d.consultation(t, encounter)).Want(t, 201)
	if signed.Text("encounter_id") != encounter || len(signed.List("entries")) != 3 || len(signed.List("documents")) != 1 || len(signed.List("orders")) != 1 || len(signed.List("warnings")) != 0 {
		t.Fatalf("signed: %s", signed.Body)
	}
	if signed.Path("entries.1.kind") != "PLAN" || signed.Path("documents.0.status") != "FINAL" || signed.Path("orders.0.items.0.status") != "REQUESTED" {
		t.Errorf("signed: %s", signed.Body)
	}
	d.Doctor.Get(t, "/api/clinical-docs/"+signed.Path("documents.0.id").(string)).Want(t, 200)
	d.Doctor.Get(t, "/api/orders/"+signed.Path("orders.0.id").(string)).Want(t, 200)
	got := happened(t, d.Nurse, encounter)
	for _, code := range []string{"ASSESSMENT_RECORDED", "PLAN_RECORDED", "NOTE_RECORDED", "DOCUMENT_FINALIZED", "ORDER_CREATED"} {
		if count(got, code) != 1 {
			t.Errorf("%s is not told once: %v", code, got)
		}
	}
}

func aPartThatFails(t *testing.T, d *day) {
	for name, c := range map[string]struct {
		spoil    func(body object)
		status   int
		code     string
		location string
	}{
		"an empty note": {func(b object) { b["note"] = object{"plan": " "} }, 422, "encounters.document_invalid", "body.note"},
		"an unknown service": {func(b object) {
			b["orders"].([]object)[0]["items"] = []object{{"service_code": "CBC"}, {"service_code": "NOPE"}}
		}, 422, "orders.unknown_service", "body.orders[0].items[1].service_code"},
		"an unknown document": {func(b object) { b["document_ids"] = []string{uuid.NewString()} }, 404, "clinicaldocs.not_found", ""},
		"a wrong priority":    {func(b object) { b["orders"].([]object)[0]["priority"] = "SOON" }, 422, "request.invalid", "body.orders[0].priority"},
	} {
		encounter := d.consult(t)
		body := d.consultation(t, encounter)
		c.spoil(body)
		r := d.Doctor.Post(t, "/api/encounters/"+encounter+"/sign", body).WantProblem(t, c.status, c.code)
		if c.location != "" && r.Path("errors.0.location") != c.location {
			t.Errorf("%s: %s", name, r.Body)
		}
		if c.status == 404 && r.Text("part") != "body.document_ids[0]" {
			t.Errorf("%s: %s", name, r.Body)
		}
		for _, code := range happened(t, d.Nurse, encounter) {
			if strings.HasSuffix(code, "_RECORDED") || code == "DOCUMENT_FINALIZED" || code == "ORDER_CREATED" {
				t.Errorf("%s left %s", name, code)
			}
		}
	}
	encounter := d.consult(t)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/sign", object{}).WantProblem(t, 422, "consultations.invalid")
}

func signingNeedsWhatItsPartsNeed(t *testing.T, d *day) {
	encounter := d.consult(t)
	d.Nurse.Post(t, "/api/encounters/"+encounter+"/sign", object{"note": object{"plan": "Rest"}}).WantProblem(t, 403, "auth.permission_denied")
	role := unique("signer")
	d.Admin.Post(t, "/api/roles", object{"code": role, "name": "Signer", "permissions": []string{"consultations.can_sign", "encounters.can_record_note"}}).Want(t, 201)
	signer := d.User(t, unique("signer."), d.Facilities[0], role)
	signer.Post(t, "/api/encounters/"+encounter+"/sign", object{"note": object{"plan": "Rest"}}).Want(t, 201)
	lab := asking(encounter, "CBC")
	delete(lab, "encounter_id")
	signer.Post(t, "/api/encounters/"+encounter+"/sign", object{"orders": []object{lab}}).WantProblem(t, 403, "auth.permission_denied")
}

func aSignatureCanBeRepeated(t *testing.T, d *day) {
	encounter, key := d.consult(t), uuid.NewString()
	body := d.consultation(t, encounter)
	first := d.Doctor.Post(t, "/api/encounters/"+encounter+"/sign", body, "Idempotency-Key", key).Want(t, 201)
	again := d.Doctor.Post(t, "/api/encounters/"+encounter+"/sign", body, "Idempotency-Key", key).Want(t, 201)
	if string(again.Body) != string(first.Body) || count(happened(t, d.Nurse, encounter), "ORDER_CREATED") != 1 {
		t.Errorf("again: %s", again.Body)
	}
}

func onlyAnEncounterUnderWay(t *testing.T, d *day) {
	note := object{"note": object{"plan": "Rest"}}
	encounter := d.closable(t)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).Want(t, 200)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/sign", note).WantProblem(t, 409, "encounters.not_open")
	d.Doctor.Post(t, "/api/encounters/"+uuid.NewString()+"/sign", note).WantProblem(t, 404, "encounters.not_found")
}

// withRepertory gives the tenant the sample, as the command line does; a second time it is the same.
func (d *day) withRepertory(t *testing.T) {
	t.Helper()
	if _, err := d.House.Apps[0].ImportRepertory(t.Context(), "asha", nil, "", nil); err != nil {
		t.Fatal(err)
	}
}

func theRepertoryAnswers(t *testing.T, d *day) {
	d.withRepertory(t)
	book := d.Doctor.Get(t, "/api/repertory").Want(t, 200)
	if book.Path("edition.source") != "sample.tsv" || book.Path("chapters.0.chapter") != "MIND" {
		t.Errorf("the book: %s", book.Body)
	}
	for query, want := range map[string]string{"q=fear+dea": "FEAR, death, of", "q=thirst+small": "THIRST, small quantities, often, for", "chapter=chill": "AFTERNOON, four to eight"} {
		found := d.Doctor.Get(t, "/api/repertory/rubrics?"+query).Want(t, 200)
		if found.Path("results.0.path") != want {
			t.Errorf("%s: %s", query, found.Body)
		}
	}
	one := d.Doctor.Get(t, "/api/repertory/rubrics?q=fear+dea").Want(t, 200).Path("results.0.id").(string)
	whole := d.Doctor.Get(t, "/api/repertory/rubrics/"+one).Want(t, 200)
	if whole.Path("remedies.0.abbreviation") != "acon" || whole.Path("remedies.0.remedy") != "Aconitum napellus" || whole.Path("remedies.0.grade") != 3.0 {
		t.Errorf("the rubric: %s", whole.Body)
	}
	d.Receptionist.Get(t, "/api/repertory/rubrics").WantProblem(t, 403, "auth.permission_denied")
}

func aCaseIsWeighed(t *testing.T, d *day) {
	d.withRepertory(t)
	rubric := func(q string) string {
		return d.Doctor.Get(t, "/api/repertory/rubrics?q="+q).Want(t, 200).Path("results.0.id").(string)
	}
	weigh := func(c *apptest.Client, method string) apptest.Reply {
		return c.Post(t, "/api/repertory/analyses", object{"method": method, "rubrics": []object{
			{"rubric_id": rubric("fear+death"), "weight": 2}, {"rubric_id": rubric("thirst+small"), "eliminate": true}, {"rubric_id": rubric("mind+restlessness")},
		}})
	}
	// Arsenicum: 2x3 + 3 + 3. Aconite, strong in the others, has no thirst for small quantities.
	got := weigh(d.Doctor, "total").Want(t, 200)
	if got.Path("remedies.0.abbreviation") != "ars" || got.Path("remedies.0.total") != 12.0 || got.Path("remedies.0.coverage") != 3.0 || got.Path("rubrics.0.weight") != 2.0 {
		t.Errorf("weighed: %s", got.Body)
	}
	if out := codes(got.List("excluded"), "abbreviation"); !slices.Contains(out, "acon") {
		t.Errorf("excluded: %v", out)
	}
	weigh(d.Doctor, "coverage").Want(t, 200)
	weigh(d.Doctor, "small_rubrics").Want(t, 200)
	weigh(d.Doctor, "guess").WantProblem(t, 422, "request.invalid")
	weigh(d.Nurse, "total").WantProblem(t, 403, "auth.permission_denied")
	d.Doctor.Post(t, "/api/repertory/analyses", object{"rubrics": []object{{"rubric_id": uuid.NewString()}}}).WantProblem(t, 404, "repertory.rubric_not_found")
	d.Doctor.Post(t, "/api/repertory/analyses", object{"rubrics": []object{}}).WantProblem(t, 422, "request.invalid")
}

func withoutARepertory(t *testing.T, d *day) {
	bare := d.House.Tenant(t, unique("bare"), "MAIN").Admin
	if book := bare.Get(t, "/api/repertory").Want(t, 200); book.JSON["edition"] != nil || len(book.List("chapters")) != 0 {
		t.Errorf("the book: %s", book.Body)
	}
	if found := bare.Get(t, "/api/repertory/rubrics?q=fear").Want(t, 200); len(found.List("results")) != 0 {
		t.Errorf("found: %s", found.Body)
	}
	bare.Get(t, "/api/repertory/rubrics/"+uuid.NewString()).WantProblem(t, 404, "repertory.rubric_not_found")
}
