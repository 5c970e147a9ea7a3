package app_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

var idShape = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// harvest walks a whole day as one side and keeps every id that any answer gave, by the member that held it.
func harvest(t *testing.T, d *day) (ids map[string]bool) {
	t.Helper()
	ids = map[string]bool{}
	patient := d.Patient(t, "Marked Patient")
	encounter := d.Encounter(t, patient)
	d.Receptionist.Post(t, "/api/encounters/"+encounter+"/check-in", nil).Want(t, 200)
	d.Nurse.Post(t, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 80}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/start-consult", nil).Want(t, 200)
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter, "template_code": "progress_note", "payload": object{}}).Want(t, 201)
	for _, path := range []string{
		"/api/patients/" + patient, "/api/encounters/" + encounter, "/api/encounters/" + encounter + "/documents", "/api/encounters/" + encounter + "/timeline",
		"/api/tasks?encounter_id=" + encounter, "/api/clinical-docs/" + draft.ID(),
	} {
		for _, id := range idShape.FindAllString(string(d.Doctor.Get(t, path).Want(t, 200).Body), -1) {
			ids[id] = true
		}
	}
	for _, path := range []string{"/api/users", "/api/roles", "/api/memberships", "/api/facilities", "/api/audit/events?limit=50"} {
		for _, id := range idShape.FindAllString(string(d.Admin.Get(t, path).Want(t, 200).Body), -1) {
			ids[id] = true
		}
	}
	return ids
}

// TestNobodySeesAnothersRows drives every operation of the OpenAPI document with the ids of another tenant, and of
// another facility of the same tenant, in path, query and body, and with the other side's headers.
func TestNobodySeesAnothersRows(t *testing.T) {
	t.Parallel()
	theirs := newDay(t, 1)
	house := theirs.House
	ids := harvest(t, theirs)
	ours := house.Tenant(t, "birch", "MAIN")
	strangers := map[string]*apptest.Client{
		"another tenant":   ours.User(t, "birch.all", ours.Facilities[0], "admin", "doctor", "nurse", "receptionist"),
		"another facility": theirs.User(t, "east.admin", theirs.Facilities[1], "admin", "doctor", "nurse", "receptionist"),
	}
	secrets := []string{"Marked Patient", "User doctor", "User nurse", "User reception"}
	asked := 0
	for side, stranger := range strangers {
		own := map[string]bool{}
		for _, path := range []string{"/api/me", "/api/users", "/api/roles", "/api/memberships", "/api/facilities"} {
			for _, id := range idShape.FindAllString(string(stranger.Get(t, path).Want(t, 200).Body), -1) {
				own[id] = true
			}
		}
		// What is the tenant's as a whole belongs to each of its facilities, such as the making of its roles.
		for _, entry := range stranger.Get(t, "/api/audit/events?limit=200").Want(t, 200).List("results") {
			if e := entry.(object); e["facility_id"] == nil {
				own[e["id"].(string)] = true
			}
		}
		for _, operation := range house.Contract.Operations {
			if operation.Public || strings.HasPrefix(operation.Path, "/api/me") || strings.HasPrefix(operation.Path, "/api/auth") || operation.Path == "/api/stream" {
				continue
			}
			for id := range ids {
				if own[id] || id == uuid.Nil.String() {
					continue // shared by the two sides: the tenant's own roles, the tenant itself
				}
				path, body := aimed(house.Contract, operation, id)
				if path == operation.Path && body == nil {
					continue // takes no id at all
				}
				reply := stranger.Do(t, operation.Method, path, body)
				asked++
				if reply.StatusCode >= 500 {
					t.Fatalf("%s: %s %s: %d %s", side, operation.Method, path, reply.StatusCode, reply.Body)
				}
				for _, secret := range secrets {
					if strings.Contains(string(reply.Body), secret) {
						t.Fatalf("%s: %s %s shows %q: %s", side, operation.Method, path, secret, reply.Body)
					}
				}
				if strings.Contains(path, id) && !strings.Contains(path, "?") {
					unknown := stranger.Do(t, operation.Method, strings.ReplaceAll(path, id, uuid.NewString()), body)
					if reply.StatusCode != unknown.StatusCode || withoutRequest(reply) != withoutRequest(unknown) {
						t.Fatalf("%s: %s %s tells more than an unknown id: %d %s, against %d %s", side, operation.Method, path, reply.StatusCode, reply.Body, unknown.StatusCode, unknown.Body)
					}
					if reply.StatusCode < 400 {
						t.Fatalf("%s: %s %s was answered: %s", side, operation.Method, path, reply.Body)
					}
				}
				if strings.Contains(path, "?") && reply.StatusCode == 200 && len(reply.List("results")) > 0 && operation.Path != "/api/audit/events" {
					for _, found := range idShape.FindAllString(fmt.Sprint(reply.List("results")), -1) {
						if ids[found] && !own[found] {
							t.Fatalf("%s: %s %s finds theirs: %s", side, operation.Method, path, reply.Body)
						}
					}
				}
			}
			// The other side's headers, as someone who is no member there.
			path, body := aimed(house.Contract, operation, uuid.NewString())
			reply := stranger.In(theirs.ID, theirs.Facilities[0]).Do(t, operation.Method, path, body)
			if operation.Permission != "" && reply.StatusCode != 403 {
				t.Errorf("%s: %s %s with the others' headers: %d %s", side, operation.Method, path, reply.StatusCode, reply.Body)
			}
		}
	}
	t.Logf("%d requests with foreign ids", asked)
	if asked < 500 {
		t.Errorf("only %d requests: the document or the harvest is too thin", asked)
	}
}

func withoutRequest(r apptest.Reply) string {
	return strings.ReplaceAll(string(r.Body), r.Header.Get("X-Request-ID"), "")
}

// aimed fills an operation with one id wherever it takes an id: path, query and body.
func aimed(c *apptest.Contract, o apptest.Operation, id string) (path string, body any) {
	path = regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(o.Path, id)
	var query []string
	for _, p := range o.Parameters {
		if p.In == "query" && (strings.HasSuffix(p.Name, "_id") || p.Schema["format"] == "uuid") {
			query = append(query, p.Name+"="+id)
		}
	}
	if len(query) > 0 {
		path += "?" + query[0]
	}
	if o.Body != nil {
		example, _ := c.Example(o.Body).(map[string]any)
		aimedAt := false
		properties, _ := o.Body["properties"].(map[string]any)
		for name := range properties {
			if strings.HasSuffix(name, "_id") {
				example[name] = id
				aimedAt = true
			}
		}
		if aimedAt || path != o.Path {
			body = example
		}
	}
	return path, body
}
