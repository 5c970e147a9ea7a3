package app_test

import (
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractAudit(t *testing.T) {
	t.Parallel()
	section{
		"every write is recorded":                     everyWriteIsRecorded,
		"every read of a patient's record":            everyReadIsRecorded,
		"sign-ins, refusals and exports are recorded": signInsRefusalsAndExports,
		"entries are found":                           entriesAreFound,
		"an entry is proved to be in the tree":        anEntryIsProved,
		"what the superuser changes is named":         whatTheSuperuserChanges,
		"the trail is the auditor's":                  theTrailIsTheAuditors,
	}.hold(t, 1)
}

// ofRequest finds the entries that a request made.
func ofRequest(t *testing.T, d *day, requestID, filter string) (entries []object) {
	t.Helper()
	for _, raw := range d.Admin.Get(t, "/api/audit/events?limit=200"+filter).Want(t, 200).List("results") {
		if entry := raw.(object); entry["request_id"] == requestID {
			entries = append(entries, entry)
		}
	}
	return entries
}

func everyWriteIsRecorded(t *testing.T, d *day) {
	changeNothing := []string{"/api/rules/{code}/test", "/api/tasks/{id}/unassign"} // the task is nobody's already
	elsewhere := []string{"/api/tenants", "/api/memberships"}                       // in the trail of the new tenant, of the other facility
	for path, make := range repeatable {
		if slices.Contains(changeNothing, path) || slices.Contains(elsewhere, path) {
			continue
		}
		client, id, body, _ := make(t, d)
		request := uuid.NewString()
		if r := client.Post(t, variable.ReplaceAllString(path, id), body, "X-Request-ID", request); r.StatusCode >= 300 {
			t.Errorf("POST %s: %d %s", path, r.StatusCode, r.Body)
			continue
		}
		actor := userID(t, client)
		entries := ofRequest(t, d, request, "&actor_id="+actor)
		if len(entries) == 0 {
			t.Errorf("POST %s leaves no entry", path)
		}
		for _, e := range entries {
			who, _ := e["actor"].(object)
			if e["outcome"] != "ok" || e["entity_type"] == "" || e["event_id"] == nil || e["at"] == nil || e["origin"] != "127.0.0.1" || who["id"] != actor || who["name"] == "" {
				t.Errorf("POST %s: %v", path, e)
			}
		}
	}
}

func everyReadIsRecorded(t *testing.T, d *day) {
	draft := d.draft(t)
	encounter := d.Doctor.Get(t, "/api/clinical-docs/"+draft).Want(t, 200).Text("encounter_id")
	patient := d.Doctor.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")
	d.Nurse.Post(t, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 70}).Want(t, 201)
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201).ID()
	task := d.Nurse.Get(t, "/api/tasks?encounter_id="+encounter).Want(t, 200).List("results")[0].(object)["id"].(string)
	whose := d.Nurse.Get(t, "/api/patients/"+patient).Want(t, 200)
	mrn, name := whose.Text("mrn"), strings.ReplaceAll(whose.Text("full_name"), " ", "+")
	for _, path := range []string{
		"/api/patients/" + patient, "/api/patients?mrn=" + mrn, "/api/patients?q=" + mrn, "/api/patients/duplicates?full_name=" + name,
		"/api/encounters/" + encounter, "/api/encounters?patient_id=" + patient, "/api/encounters/" + encounter + "/timeline", "/api/encounters/" + encounter + "/documents",
		"/api/encounters/" + encounter + "/close-gate", "/api/tasks/" + task, "/api/tasks?encounter_id=" + encounter, "/api/clinical-docs/" + final, "/api/clinical-docs/" + final + "/history",
		"/api/clinical-docs/latest?patient_id=" + patient, "/api/clinical-docs?encounter_id=" + encounter,
	} {
		request := uuid.NewString()
		d.Auditor.Get(t, path, "X-Request-ID", request).Want(t, 200)
		entries := ofRequest(t, d, request, "&patient_id="+patient)
		if len(entries) != 1 || !strings.HasSuffix(entries[0]["code"].(string), ".read") || !slices.Contains(texts(entries[0]["patient_ids"].([]any)), patient) {
			t.Errorf("%s: %v", path, entries)
		}
	}
}

func signInsRefusalsAndExports(t *testing.T, d *day) {
	user := d.User(t, "watched", d.Facilities[0], "nurse")
	id := userID(t, user)
	one := func(code, of string) object {
		t.Helper()
		found := d.Auditor.Get(t, "/api/audit/events?code="+code+of).Want(t, 200).List("results")
		if len(found) == 0 {
			t.Fatalf("%s is not recorded", code)
		}
		return found[0].(object)
	}
	if e := one("iam.signed_in", "&entity_id="+id); e["outcome"] != "ok" || e["actor"].(object)["id"] != id {
		t.Errorf("signed in: %v", e)
	}
	d.House.SignInRefused(t, "watched", "not the password")
	within(t, 5*time.Second, "a refused sign-in is recorded", func() bool {
		return len(d.Auditor.Get(t, "/api/audit/events?code=iam.sign_in_failed&entity_id="+id).List("results")) == 1
	})
	if e := one("iam.sign_in_failed", "&entity_id="+id); e["outcome"] != "failed" || e["actor"] != nil || strings.Contains(e["detail"].(object)["reason"].(string), "not the password") {
		t.Errorf("refused: %v", e)
	}
	user.Post(t, "/api/encounters/"+uuid.NewString()+"/close", nil).WantProblem(t, 403, "auth.permission_denied")
	if e := one("encounters.refused", "&actor_id="+id); e["outcome"] != "refused" || e["detail"].(object)["reason"] != "auth.permission_denied" || e["detail"].(object)["operation"] != "post-api-encounters-id-close" {
		t.Errorf("refused: %v", e)
	}
	user.Post(t, "/api/auth/logout", nil).Want(t, 204)
	if e := one("iam.signed_out", "&actor_id="+id); e["outcome"] != "ok" {
		t.Errorf("signed out: %v", e)
	}
	export := d.Auditor.Get(t, "/api/audit/export?since=2020-01-01T00:00:00Z&actor_id="+id).Want(t, 200)
	rows, err := csv.NewReader(strings.NewReader(string(export.Body))).ReadAll()
	if err != nil || len(rows) < 3 || rows[0][0] != "at" || !strings.HasPrefix(export.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("export: %v %s", err, export.Body)
	}
	if e := one("audit.exported", "&actor_id="+userID(t, d.Auditor)); e["outcome"] != "ok" {
		t.Errorf("exported: %v", e)
	}
}

func entriesAreFound(t *testing.T, d *day) {
	encounter := d.visit(t)
	patient := d.Doctor.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")
	checkedIn := d.Auditor.Get(t, "/api/audit/events?code=encounters.checked_in&entity_id="+encounter).Want(t, 200).List("results")
	if len(checkedIn) != 1 {
		t.Fatalf("checked in: %v", checkedIn)
	}
	entry := checkedIn[0].(object)
	if entry["encounter_id"] != encounter || entry["patient_ids"].([]any)[0] != patient || entry["entity_type"] != "encounter" || entry["facility_id"] != d.Facilities[0].String() || entry["detail"].(object)["encounter_id"] != encounter {
		t.Errorf("entry: %v", entry)
	}
	at, err := time.Parse(time.RFC3339, entry["at"].(string))
	if err != nil {
		t.Fatal(err)
	}
	receptionist := userID(t, d.Receptionist)
	exactly, after := "&since="+at.Format(time.RFC3339Nano), "&until="+at.Format(time.RFC3339Nano)
	later := "&since=" + at.Add(time.Microsecond).Format(time.RFC3339Nano)
	for query, finds := range map[string]bool{
		"entity_id=" + encounter: true, "entity_id=" + uuid.NewString(): false, "entity_type=encounter&entity_id=" + encounter: true, "entity_type=patient&entity_id=" + encounter: false,
		"patient_id=" + patient: true, "patient_id=" + uuid.NewString(): false, "patient_id=" + patient + "&actor_id=" + receptionist: true, "patient_id=" + patient + "&actor_id=" + userID(t, d.Nurse): false,
		"code=encounters.checked_in&patient_id=" + patient: true, "code=encounters.closed&patient_id=" + patient: false,
		"patient_id=" + patient + exactly: true, "patient_id=" + patient + after: false, "patient_id=" + patient + later: false,
	} {
		found := d.Auditor.Get(t, "/api/audit/events?limit=200&"+query).Want(t, 200).List("results")
		if slices.Contains(keysOf(found), entry["id"].(string)) != finds {
			t.Errorf("%s: %v", query, keysOf(found))
		}
		if !slices.IsSortedFunc(found, func(a, b any) int {
			return strings.Compare(b.(object)["at"].(string)[:19], a.(object)["at"].(string)[:19])
		}) {
			t.Errorf("%s: the newest is not first", query)
		}
	}
	for _, wrong := range []string{"patient_id=7", "actor_id=me", "since=yesterday", "until=2026-13-01T00:00:00Z"} {
		d.Auditor.Get(t, "/api/audit/events?"+wrong).WantProblem(t, 422, "request.invalid")
	}
}

// sealed waits until an entry has its place in the tree, and gives its proof.
func sealed(t *testing.T, auditor *apptest.Client, entryID string) (proof apptest.Reply) {
	t.Helper()
	within(t, 5*time.Second, "the entry is sealed", func() bool {
		proof = auditor.Get(t, "/api/audit/events/"+entryID+"/proof")
		return proof.StatusCode == 200
	})
	return proof
}

func hashes(t *testing.T, texts ...string) (all []tlog.Hash) {
	t.Helper()
	for _, text := range texts {
		hash, err := tlog.ParseHash(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		all = append(all, hash)
	}
	return all
}

func anEntryIsProved(t *testing.T, d *day) {
	entryID := d.Auditor.Get(t, "/api/audit/events?code=patients.registered&entity_id="+d.Patient(t, "Proved")).Want(t, 200).List("results")[0].(object)["id"].(string)
	proof := sealed(t, d.Auditor, entryID)
	leaf, err := base64.StdEncoding.DecodeString(proof.Text("leaf"))
	if err != nil {
		t.Fatal(err)
	}
	path, root := hashes(t, texts(proof.List("hashes"))...), hashes(t, proof.Text("root_hash"))[0]
	size, index := int64(proof.JSON["tree_size"].(float64)), int64(proof.JSON["leaf_index"].(float64))
	if err := tlog.CheckRecord(path, size, root, index, tlog.RecordHash(leaf)); err != nil || proof.JSON["valid"] != true || proof.Text("entry_id") != entryID {
		t.Errorf("the proof does not hold: %v %s", err, proof.Body)
	}
	if tlog.CheckRecord(path, size, root, index, tlog.RecordHash(append(leaf, 0))) == nil {
		t.Error("another leaf is proved too")
	}
	if id := uuid.MustParse(entryID); !strings.Contains(string(leaf), string(id[:])) || !strings.Contains(string(leaf), "patients.registered") {
		t.Error("the leaf is not the entry's")
	}
	// The root stands in a note that the installation signed.
	verifier, err := note.NewVerifier(proof.Path("seal.verifier_key").(string))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open([]byte(proof.Path("seal.note").(string)), note.VerifierList(verifier))
	if err != nil || !strings.Contains(opened.Text, proof.Text("root_hash")) {
		t.Errorf("the seal: %v", err)
	}
	d.Auditor.Get(t, "/api/audit/events/"+uuid.NewString()+"/proof").WantProblem(t, 404, "audit.not_found")
	verified := d.Auditor.Get(t, "/api/audit/verify").Want(t, 200)
	if verified.JSON["ok"] != true || verified.JSON["tree_size"].(float64) < float64(size) || len(hashes(t, verified.Text("root_hash"))) != 1 || verified.Text("sealed_until") == "" || len(verified.List("broken")) != 0 || verified.JSON["broken"] == nil {
		t.Errorf("verified: %s", verified.Body)
	}
	// The larger tree continues the smaller one.
	grown := sealed(t, d.Auditor, d.Auditor.Get(t, "/api/audit/events?code=patients.registered&entity_id="+d.Patient(t, "Later")).Want(t, 200).List("results")[0].(object)["id"].(string))
	continued := d.Auditor.Get(t, fmt.Sprint("/api/audit/consistency?from=", size)).Want(t, 200)
	to := int64(continued.JSON["to_size"].(float64))
	if err := tlog.CheckTree(hashes(t, texts(continued.List("hashes"))...), to, hashes(t, continued.Text("to_root"))[0], size, root); err != nil || to < int64(grown.JSON["tree_size"].(float64)) {
		t.Errorf("the tree was not continued: %v %s", err, continued.Body)
	}
}

func whatTheSuperuserChanges(t *testing.T, d *day) {
	tenant := d.House.Tenant(t, "tampered", "ONLY")
	var entries []string
	for range 4 {
		patient := tenant.Admin.Post(t, "/api/patients", object{"full_name": "Someone", "gender": "male"}).Want(t, 201).ID()
		entries = append(entries, tenant.Admin.Get(t, "/api/audit/events?code=patients.registered&entity_id="+patient).Want(t, 200).List("results")[0].(object)["id"].(string))
	}
	sealed(t, tenant.Admin, entries[3])
	if r := tenant.Admin.Get(t, "/api/audit/verify").Want(t, 200); r.JSON["ok"] != true {
		t.Fatalf("before: %s", r.Body)
	}
	// The triggers are off in one transaction only: other tests write meanwhile.
	d.House.DB.AsSuperuser(t, `DO $$ BEGIN SET LOCAL session_replication_role = replica;
		UPDATE events.event SET origin = '203.0.113.9' WHERE id = '`+entries[1]+`'; DELETE FROM events.event WHERE id = '`+entries[2]+`'; END $$`)
	r := tenant.Admin.Get(t, "/api/audit/verify").Want(t, 200)
	named := map[string]string{}
	for _, broken := range r.List("broken") {
		named[broken.(object)["id"].(string)] = broken.(object)["reason"].(string)
	}
	if r.JSON["ok"] != false || len(named) != 2 || !strings.Contains(named[entries[1]], "altered") || !strings.Contains(named[entries[2]], "deleted") {
		t.Errorf("named: %v", named)
	}
	if proof := tenant.Admin.Get(t, "/api/audit/events/"+entries[1]+"/proof").Want(t, 200); proof.JSON["valid"] != false {
		t.Errorf("the altered entry is proved: %s", proof.Body)
	}
	if other := d.Auditor.Get(t, "/api/audit/verify").Want(t, 200); other.JSON["ok"] != true {
		t.Errorf("another tenant's trail: %s", other.Body)
	}
	// The application itself cannot do this.
	if err := asApplication(t, d, `UPDATE events.event SET origin = 'x' WHERE id = $1`, entries[0]); err == nil {
		t.Error("the application alters an entry")
	}
	if err := asApplication(t, d, `DELETE FROM events.event WHERE id = $1`, entries[0]); err == nil {
		t.Error("the application deletes an entry")
	}
}

func theTrailIsTheAuditors(t *testing.T, d *day) {
	for _, path := range []string{"/api/audit/events", "/api/audit/verify", "/api/audit/events/" + uuid.NewString() + "/proof", "/api/audit/seals", "/api/audit/export"} {
		for _, client := range []*apptest.Client{d.Nurse, d.Doctor, d.Receptionist} {
			client.Get(t, path).WantProblem(t, 403, "auth.permission_denied")
		}
	}
	// What happened in another facility is its own auditor's.
	there := d.Admin.In(d.ID, d.Facilities[1])
	patient := there.Post(t, "/api/patients", object{"full_name": "Eastern", "gender": "male"}).Want(t, 201).ID()
	if found := d.Auditor.Get(t, "/api/audit/events?entity_id="+patient).Want(t, 200).List("results"); len(found) != 0 {
		t.Errorf("seen from MAIN: %v", found)
	}
	if found := there.Get(t, "/api/audit/events?entity_id="+patient).Want(t, 200).List("results"); len(found) != 1 {
		t.Errorf("seen from EAST: %v", found)
	}
}
