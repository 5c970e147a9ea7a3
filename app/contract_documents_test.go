package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/db"
)

func TestContractDocuments(t *testing.T) {
	t.Parallel()
	section{
		"a document has these fields":                aDocumentHasTheseFields,
		"a draft may lack but not be wrong":          aDraftMayLack,
		"a draft has a key of its own":               aDraftHasAKey,
		"a draft is its author's":                    aDraftIsItsAuthors,
		"finalising needs the whole schema":          finalisingNeedsTheWholeSchema,
		"finalising twice is the same document":      finalisingTwice,
		"an amendment supersedes the newest":         anAmendmentSupersedes,
		"a payload is amended whole or in part":      aPayloadIsAmended,
		"the latest of each template":                theLatestOfEachTemplate,
		"the history has every version":              theHistory,
		"the record never changes":                   theRecordNeverChanges,
		"nothing is drafted when it is over":         nothingIsDraftedWhenItIsOver,
		"what may be done depends on role and state": whatMayBeDoneToADocument,
	}.hold(t, 1)
}

func draftOf(encounterID, template string, payload any) object {
	return object{"encounter_id": encounterID, "template_code": template, "payload": payload}
}

func aDocumentHasTheseFields(t *testing.T, d *day) {
	encounter := d.visit(t)
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "progress_note", object{"assessment": "Better"})).Want(t, 201)
	for name, want := range (object{"encounter_id": encounter, "patient_id": d.Doctor.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id"), "pack": "base", "template_code": "progress_note",
		"template_version": "1.0.0", "version": 1.0, "status": "DRAFT", "supersedes_id": nil, "author_id": userID(t, d.Doctor), "reason": nil, "summary": "Better", "payload.assessment": "Better",
		"computed.headline": "Better", "computed.follow_up_in_days": nil}) {
		if got := draft.Path(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if _, present := draft.JSON["supersedes_id"]; !present || draft.Text("created_at") == "" || draft.JSON["computed"] == nil {
		t.Errorf("draft: %s", draft.Body)
	}
	if read := d.Doctor.Get(t, "/api/clinical-docs/"+draft.ID()).Want(t, 200); string(read.Body) != string(draft.Body) {
		t.Errorf("read: %s, made: %s", read.Body, draft.Body)
	}
	d.Doctor.Get(t, "/api/clinical-docs/"+uuid.NewString()).WantProblem(t, 404, "clinicaldocs.not_found")
}

func aDraftMayLack(t *testing.T, d *day) {
	encounter := d.visit(t)
	d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "progress_note", object{})).Want(t, 201)
	d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "discharge_summary", object{"course": "Quiet"})).Want(t, 201)
	for name, c := range map[string]struct {
		template string
		payload  any
		at       string
	}{
		"a number for words":          {"progress_note", object{"assessment": 7}, "body.payload.assessment"},
		"no such choice":              {"progress_note", object{"condition": "splendid"}, "body.payload.condition"},
		"no such date":                {"progress_note", object{"follow_up_on": "2026-02-30"}, "body.payload.follow_up_on"},
		"an unknown field":            {"progress_note", object{"pulse": 70}, "body.payload.pulse"},
		"deep in a list":              {"progress_note", object{"diagnoses": []any{object{"description": "Flu", "code": "flu"}}}, "body.payload.diagnoses[0].code"},
		"too many words":              {"progress_note", object{"advice": strings.Repeat("x", 2001)}, "body.payload.advice"},
		"no such template":            {"no_such_template", object{}, "body.template_code"},
		"a payload that is no object": {"progress_note", []any{}, "body.payload"},
	} {
		r := d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, c.template, c.payload)).Want(t, 422)
		if !slices.Contains(codes(r.List("errors"), "location"), c.at) {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(uuid.NewString(), "progress_note", object{})).WantProblem(t, 404, "encounters.not_found")
	d.Receptionist.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "progress_note", object{})).WantProblem(t, 403, "auth.permission_denied")
}

func aDraftHasAKey(t *testing.T, d *day) {
	keyed := draftOf(d.visit(t), "progress_note", object{"plan": "Rest"})
	keyed["idempotency_key"] = "k"
	first := d.Doctor.Post(t, "/api/clinical-docs/draft", keyed).Want(t, 201)
	if again := d.Doctor.Post(t, "/api/clinical-docs/draft", keyed).Want(t, 200); string(again.Body) != string(first.Body) {
		t.Errorf("again: %s, first: %s", again.Body, first.Body)
	}
	other := draftOf(keyed["encounter_id"].(string), "progress_note", object{"plan": "Work"})
	other["idempotency_key"] = "k"
	d.Doctor.Post(t, "/api/clinical-docs/draft", other).WantProblem(t, 409, "idempotency.key_reused")
	if nurses := d.Nurse.Post(t, "/api/clinical-docs/draft", keyed).Want(t, 201); nurses.ID() == first.ID() {
		t.Error("two authors share a draft")
	}
	delete(keyed, "idempotency_key")
	if without := d.Doctor.Post(t, "/api/clinical-docs/draft", keyed).Want(t, 201); without.ID() == first.ID() {
		t.Error("without a key it is the same draft")
	}
}

func aDraftIsItsAuthors(t *testing.T, d *day) {
	path := "/api/clinical-docs/" + d.draft(t)
	replaced := d.Doctor.Put(t, path, object{"payload": object{"plan": "Only this"}}).Want(t, 200)
	if replaced.Text("status") != "DRAFT" || replaced.JSON["version"] != 2.0 || fmt.Sprint(replaced.JSON["payload"]) != "map[plan:Only this]" {
		t.Errorf("replaced: %s", replaced.Body)
	}
	d.Doctor.Put(t, path, object{"payload": object{"plan": 7}}).Want(t, 422)
	d.Nurse.Put(t, path, object{"payload": object{}}).WantProblem(t, 403, "clinicaldocs.not_author")
	d.Nurse.Get(t, path).WantProblem(t, 403, "clinicaldocs.not_author")
	d.Auditor.Get(t, path).Want(t, 200)
	final := d.final(t)
	d.Doctor.Put(t, "/api/clinical-docs/"+final, object{"payload": finished}).WantProblem(t, 409, "clinicaldocs.not_a_draft")
	d.Doctor.Put(t, "/api/clinical-docs/"+uuid.NewString(), object{"payload": finished}).WantProblem(t, 404, "clinicaldocs.not_found")
}

func finalisingNeedsTheWholeSchema(t *testing.T, d *day) {
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(d.visit(t), "discharge_summary", object{"discharge_type": "died", "diagnoses": []any{}})).Want(t, 201).ID()
	r := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 422)
	got := codes(r.List("errors"), "location")
	for _, at := range strings.Fields("admitted_on discharged_on course died_on cause_of_death diagnoses") {
		if !slices.ContainsFunc(got, func(l string) bool { return l == "body.payload."+at }) {
			t.Errorf("%s is not named: %v", at, got)
		}
	}
	if read := d.Doctor.Get(t, "/api/clinical-docs/"+draft).Want(t, 200); read.Text("status") != "DRAFT" {
		t.Errorf("it became %s", read.Text("status"))
	}
	d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": uuid.New()}).WantProblem(t, 404, "clinicaldocs.not_found")
	d.Doctor.Post(t, "/api/clinical-docs/finalize", object{}).WantProblem(t, 422, "request.invalid")
}

func finalisingTwice(t *testing.T, d *day) {
	draft := d.draft(t)
	first := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201)
	if first.Text("status") != "FINAL" || first.JSON["version"] != 1.0 || first.ID() == draft || first.JSON["supersedes_id"] != nil || first.Text("author_id") != userID(t, d.Doctor) {
		t.Errorf("final: %s", first.Body)
	}
	second := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft})
	if second.StatusCode >= 300 || second.ID() != first.ID() || second.Text("status") != "FINAL" {
		t.Errorf("twice: %d %s", second.StatusCode, second.Body)
	}
	if got := happened(t, d.Doctor, first.Text("encounter_id")); count(got, "DOCUMENT_FINALIZED") != 1 || count(got, "DOCUMENT_DRAFTED") != 1 {
		t.Errorf("happened: %v", got)
	}
	d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": first.ID()}).WantProblem(t, 409, "clinicaldocs.not_a_draft")
}

func amend(documentID string, more object) object {
	body := object{"document_id": documentID, "reason": "Spelling"}
	for name, value := range more {
		body[name] = value
	}
	return body
}

func anAmendmentSupersedes(t *testing.T, d *day) {
	draft := d.draft(t)
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201)
	d.Doctor.Post(t, "/api/clinical-docs/amend", amend(draft, object{"payload": finished})).WantProblem(t, 409, "clinicaldocs.not_current")
	first := d.Nurse.Post(t, "/api/clinical-docs/amend", amend(final.ID(), object{"payload": finished, "reason": "Wrong dose"})).Want(t, 201)
	if first.Text("status") != "AMENDED" || first.JSON["version"] != 2.0 || first.Text("supersedes_id") != final.ID() || first.Text("reason") != "Wrong dose" || first.Text("author_id") != userID(t, d.Nurse) {
		t.Errorf("amended: %s", first.Body)
	}
	second := d.Doctor.Post(t, "/api/clinical-docs/amend", amend(first.ID(), object{"payload": finished})).Want(t, 201)
	if second.JSON["version"] != 3.0 || second.Text("supersedes_id") != first.ID() {
		t.Errorf("amended again: %s", second.Body)
	}
	for _, old := range []string{final.ID(), first.ID()} {
		d.Doctor.Post(t, "/api/clinical-docs/amend", amend(old, object{"payload": finished})).WantProblem(t, 409, "clinicaldocs.not_current")
	}
	d.Doctor.Post(t, "/api/clinical-docs/amend", amend(uuid.NewString(), object{"payload": finished})).WantProblem(t, 404, "clinicaldocs.not_found")
	for name, body := range map[string]object{
		"no reason": amend(second.ID(), object{"payload": finished, "reason": ""}), "a reason of blanks": amend(second.ID(), object{"payload": finished, "reason": " "}),
		"no payload": amend(second.ID(), nil), "two payloads": amend(second.ID(), object{"payload": finished, "payload_patch": object{}}), "an incomplete one": amend(second.ID(), object{"payload": object{}}),
		"a patch that takes away what is required": amend(second.ID(), object{"payload_patch": object{"plan": nil}}),
	} {
		if r := d.Doctor.Post(t, "/api/clinical-docs/amend", body); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	if got := happened(t, d.Doctor, final.Text("encounter_id")); count(got, "DOCUMENT_AMENDED") != 2 {
		t.Errorf("happened: %v", got)
	}
}

func aPayloadIsAmended(t *testing.T, d *day) {
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(d.visit(t), "progress_note", object{
		"assessment": "Flu", "plan": "Rest", "advice": "Drink", "diagnoses": []any{object{"description": "Flu"}, object{"description": "Cough"}}})).Want(t, 201).ID()
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201).ID()
	// RFC 7396: named members replace, null removes, a list is replaced as a whole, the rest stays.
	patched := d.Doctor.Post(t, "/api/clinical-docs/amend", amend(final, object{"payload_patch": object{"assessment": "Cold", "advice": nil, "diagnoses": []any{object{"description": "Cold"}}}})).Want(t, 201)
	if got := fmt.Sprint(patched.JSON["payload"]); got != "map[assessment:Cold diagnoses:[map[description:Cold]] plan:Rest]" || patched.Text("summary") != "Cold" {
		t.Errorf("patched: %s, %s", got, patched.Text("summary"))
	}
	whole := d.Doctor.Post(t, "/api/clinical-docs/amend", amend(patched.ID(), object{"payload": finished})).Want(t, 201)
	if got := fmt.Sprint(whole.JSON["payload"]); got != fmt.Sprint(finished) {
		t.Errorf("whole: %s", got)
	}
	if first := d.Doctor.Get(t, "/api/clinical-docs/"+final).Want(t, 200); first.Path("payload.assessment") != "Flu" || first.Text("status") != "FINAL" {
		t.Errorf("the first: %s", first.Body)
	}
}

func theLatestOfEachTemplate(t *testing.T, d *day) {
	encounter := d.visit(t)
	patient := d.Doctor.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")
	write := func(template string, payload object) string {
		draft := d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, template, payload)).Want(t, 201).ID()
		return d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201).ID()
	}
	write("progress_note", finished)
	second := write("progress_note", finished)
	note := d.Doctor.Post(t, "/api/clinical-docs/amend", amend(second, object{"payload": finished})).Want(t, 201).ID()
	letter := write("referral_letter", object{"referred_to": "Dr. Rao", "urgency": "routine", "reason": "Opinion", "clinical_summary": "Stable"})
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "discharge_summary", object{})).Want(t, 201).ID()
	for query, want := range map[string][]string{
		"encounter_id=" + encounter: {note, letter}, "patient_id=" + patient: {note, letter}, "encounter_id=" + encounter + "&template_code=progress_note": {note},
		"encounter_id=" + encounter + "&template_code=nothing": nil, "encounter_id=" + encounter + "&include_drafts=true": {draft, note, letter},
		"patient_id=" + patient + "&include_drafts=true&template_code=discharge_summary": {draft}, "encounter_id=" + encounter + "&include_drafts=false": {note, letter},
		"encounter_id=" + uuid.NewString(): nil, "patient_id=" + uuid.NewString(): nil,
	} {
		if got := keysOf(d.Doctor.Get(t, "/api/clinical-docs/latest?"+query).Want(t, 200).List("results")); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	if others := keysOf(d.Nurse.Get(t, "/api/clinical-docs/latest?include_drafts=true&encounter_id="+encounter).Want(t, 200).List("results")); slices.Contains(others, draft) {
		t.Error("a nurse sees the doctor's draft")
	}
	d.Doctor.Get(t, "/api/clinical-docs/latest").Want(t, 422)
	d.Doctor.Get(t, "/api/clinical-docs/latest?patient_id="+patient+"&encounter_id="+encounter).Want(t, 422)
}

func theHistory(t *testing.T, d *day) {
	draft := d.draft(t)
	if alone := d.Doctor.Get(t, "/api/clinical-docs/"+draft+"/history").Want(t, 200); !slices.Equal(keysOf(alone.List("results")), []string{draft}) {
		t.Errorf("of a draft: %s", alone.Body)
	}
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201).ID()
	amended := d.Doctor.Post(t, "/api/clinical-docs/amend", amend(final, object{"payload": finished})).Want(t, 201).ID()
	for _, id := range []string{draft, final, amended} {
		if got := keysOf(d.Auditor.Get(t, "/api/clinical-docs/"+id+"/history").Want(t, 200).List("results")); !slices.Equal(got, []string{final, amended}) {
			t.Errorf("of %s: %v", id, got)
		}
	}
	d.Doctor.Get(t, "/api/clinical-docs/"+uuid.NewString()+"/history").WantProblem(t, 404, "clinicaldocs.not_found")
}

func theRecordNeverChanges(t *testing.T, d *day) {
	final := d.final(t)
	amended := d.Doctor.Post(t, "/api/clinical-docs/amend", amend(final, object{"payload": finished})).Want(t, 201).ID()
	before := d.Doctor.Get(t, "/api/clinical-docs/"+amended).Want(t, 200)
	for _, statement := range []string{
		`UPDATE clinicaldocs.document SET summary = 'x' WHERE id = $1`, `UPDATE clinicaldocs.document SET payload = '{}' WHERE id = $1`, `DELETE FROM clinicaldocs.document WHERE id = $1`,
	} {
		for _, id := range []string{final, amended} {
			if asApplication(t, d, statement, id) == nil {
				t.Errorf("%s passes", statement)
			}
		}
	}
	if asApplication(t, d, `TRUNCATE clinicaldocs.document`) == nil {
		t.Error("TRUNCATE passes")
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		if r := d.Doctor.Unchecking().Do(t, method, "/api/clinical-docs/"+amended, object{"payload": object{"plan": "x"}}); r.StatusCode < 400 {
			t.Errorf("%s: %d", method, r.StatusCode)
		}
	}
	d.Doctor.Post(t, "/api/clinical-docs/"+amended+"/discard", nil).WantProblem(t, 409, "clinicaldocs.not_a_draft")
	if after := d.Doctor.Get(t, "/api/clinical-docs/"+amended).Want(t, 200); string(after.Body) != string(before.Body) {
		t.Errorf("before: %s, after: %s", before.Body, after.Body)
	}
}

func nothingIsDraftedWhenItIsOver(t *testing.T, d *day) {
	encounter := d.visit(t)
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "progress_note", finished)).Want(t, 201).ID()
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "progress_note", finished)).Want(t, 201).ID()}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+encounter+"/cancel", object{"reason": "Left"}).Want(t, 200)
	d.Doctor.Post(t, "/api/clinical-docs/draft", draftOf(encounter, "progress_note", finished)).Want(t, 409)
	d.Doctor.Put(t, "/api/clinical-docs/"+draft, object{"payload": finished}).Want(t, 409)
	d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 409)
	// What was found wrong later is still amended.
	d.Doctor.Post(t, "/api/clinical-docs/amend", amend(final, object{"payload": finished})).Want(t, 201)
}

func whatMayBeDoneToADocument(t *testing.T, d *day) {
	draft := d.draft(t)
	may := func(c *apptest.Client, id string) string {
		return strings.Join(texts(c.Get(t, "/api/clinical-docs/"+id).Want(t, 200).List("actions")), " ")
	}
	if own, auditors := may(d.Doctor, draft), may(d.Auditor, draft); own != "update finalize discard" || auditors != "" {
		t.Errorf("a draft: %q, the auditor %q", own, auditors)
	}
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201).ID()
	if doctors, nurses, auditors := may(d.Doctor, final), may(d.Nurse, final), may(d.Auditor, final); doctors != "amend" || nurses != "amend" || auditors != "" {
		t.Errorf("final: %q %q %q", doctors, nurses, auditors)
	}
	d.Doctor.Post(t, "/api/clinical-docs/amend", amend(final, object{"payload": finished})).Want(t, 201)
	if old, was := may(d.Doctor, final), may(d.Doctor, draft); old != "" || was != "" {
		t.Errorf("superseded: %q, the draft it was: %q", old, was)
	}
	d.Receptionist.Get(t, "/api/clinical-docs/"+final).WantProblem(t, 403, "auth.permission_denied")
	for _, act := range []string{"finalize", "amend"} {
		d.Auditor.Post(t, "/api/clinical-docs/"+act, object{}).WantProblem(t, 403, "auth.permission_denied")
	}
}

// asApplication runs a statement with the application's own role, in the day's first facility.
func asApplication(t *testing.T, d *day, statement string, args ...any) error {
	t.Helper()
	ctx := db.WithScope(t.Context(), db.Scope{TenantID: d.ID, FacilityID: d.Facilities[0], UserID: uuid.New()})
	return d.House.DB.Pool.InTx(ctx, func(tx db.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
}
