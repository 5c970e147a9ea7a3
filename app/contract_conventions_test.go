package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"hmsoftware.com/hm/app/apptest"
)

// section is what one section of the contract promises, each by its own test, all on one house: a house takes longer
// to build than most of them.
type section map[string]func(t *testing.T, d *day)

func (s section) hold(t *testing.T, nodes int) {
	t.Helper()
	d := newDay(t, nodes)
	for name, test := range s {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, d)
		})
	}
}

// visit registers a patient, opens an encounter and checks it in.
func (d *day) visit(t *testing.T) (encounterID string) {
	t.Helper()
	encounterID = d.Encounter(t, d.Patient(t, "Someone "+uuid.NewString()[:8]))
	d.Receptionist.Post(t, "/api/encounters/"+encounterID+"/check-in", nil).Want(t, 200)
	return encounterID
}

// consult is a visit that the doctor has begun.
func (d *day) consult(t *testing.T) (encounterID string) {
	t.Helper()
	encounterID = d.visit(t)
	d.Doctor.Post(t, "/api/encounters/"+encounterID+"/start-consult", nil).Want(t, 200)
	return encounterID
}

// closable is a consultation whose gate is open.
func (d *day) closable(t *testing.T) (encounterID string) {
	t.Helper()
	encounterID = d.consult(t)
	d.Nurse.Post(t, "/api/encounters/"+encounterID+"/vitals", object{"pulse_bpm": 70}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+encounterID+"/assessment", object{"diagnosis": "Well"}).Want(t, 201)
	return encounterID
}

// newTask opens a task on an encounter of its own.
func (d *day) newTask(t *testing.T) (taskID string) {
	t.Helper()
	return d.Nurse.Post(t, "/api/tasks", object{"encounter_id": d.Encounter(t, d.Patient(t, "Someone")), "code": "weigh"}).Want(t, 201).ID()
}

// enable gives the day's facility its packs, the first being the default.
func (d *day) enable(t *testing.T, packs ...string) {
	t.Helper()
	d.Admin.Put(t, "/api/facilities/"+d.Doctor.FacilityID.String()+"/packs", object{"packs": packs}).Want(t, 200)
	within(t, 5*time.Second, "the facility's packs", func() bool {
		patient := d.Patient(t, "Somebody")
		reply, err := d.Receptionist.Try(t.Context(), "POST", "/api/encounters", object{"patient_id": patient, "pack": packs[len(packs)-1]})
		return err == nil && reply.StatusCode == 201
	})
}

// encounter opens an encounter of a new patient, and checks it in.
func (d *day) encounter(t *testing.T, with object) (encounterID string) {
	t.Helper()
	body := object{"patient_id": d.Patient(t, "Someone "+uuid.NewString()[:8])}
	maps.Copy(body, with)
	encounterID = d.Receptionist.Post(t, "/api/encounters", body).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+encounterID+"/check-in", nil).Want(t, 200)
	return encounterID
}

// finalize writes a document of the record.
func (d *day) finalize(t *testing.T, encounterID, template string, payload object) apptest.Reply {
	t.Helper()
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounterID, "template_code": template, "payload": payload}).Want(t, 201).ID()
	return d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).Want(t, 201)
}

var fewAnswers = object{"body_frame": "P", "appetite": "P", "bowel_habit": "P", "sleep": "P", "pulse": "P"}

var finished = object{"assessment": "Well", "plan": "None"}

func (d *day) draft(t *testing.T) (documentID string) {
	t.Helper()
	return d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": d.visit(t), "template_code": "progress_note", "payload": finished}).Want(t, 201).ID()
}

func (d *day) final(t *testing.T) (documentID string) {
	t.Helper()
	return d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": d.draft(t)}).Want(t, 201).ID()
}

// superuser makes one who runs the installation and signs in.
func superuser(t *testing.T, h *apptest.House, username string) *apptest.Client {
	t.Helper()
	if _, err := h.Apps[0].CreateSuperuser(t.Context(), username, "", apptest.Password); err != nil {
		t.Fatal(err)
	}
	return h.SignIn(t, username, apptest.Password)
}

// unique gives names that nobody else in the house has.
func unique(prefix string) string { return prefix + strings.ReplaceAll(uuid.NewString()[:13], "-", "") }

// pages walks a list page by page and gives all its results.
func pages(t *testing.T, c *apptest.Client, path string, limit int) (results []any, turned int) {
	t.Helper()
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	for cursor := ""; ; turned++ {
		page := c.Get(t, fmt.Sprintf("%s%slimit=%d%s", path, joint, limit, cursor)).Want(t, 200)
		results = append(results, page.List("results")...)
		if len(page.List("results")) > limit {
			t.Fatalf("%s: %d results on a page of %d", path, len(page.List("results")), limit)
		}
		next, more := page.JSON["next"].(string)
		if !more {
			return results, turned + 1
		}
		cursor = "&cursor=" + next
	}
}

// keysOf names each result by what makes it unique.
func keysOf(results []any) []string {
	var keys []string
	for _, result := range results {
		r := result.(object)
		switch {
		case r["specimen_type"] != nil && r["id"] == nil: // a tube to take is known by what it is for
			if items, tube := r["items"].([]any); tube {
				r = items[0].(object)
			}
		case r["placeholders"] != nil:
			r = object{"id": fmt.Sprint(r["kind"], r["channel"], r["language"])}
		}
		for _, name := range []string{"id", "code", "tree_size", "order_item_id"} {
			if r[name] != nil {
				keys = append(keys, fmt.Sprint(r[name]))
				break
			}
		}
	}
	return keys
}

var variable = regexp.MustCompile(`\{[^}]+\}`)

func TestContractConventions(t *testing.T) {
	t.Parallel()
	section{
		"a slash at the end and the version mean nothing":            aSlashAndTheVersionMeanNothing,
		"unknown properties are refused":                             unknownPropertiesAreRefused,
		"times are UTC and dates are dates":                          timesAreUTC,
		"each fault has its status and one form":                     eachFaultHasItsStatus,
		"a fault of the server tells nothing":                        aFaultOfTheServerTellsNothing,
		"a page has 50 results, or 1 to 200":                         pageSizes,
		"every POST can be repeated with its key":                    everyPostCanBeRepeated,
		"a key belongs to its user, facility and path, for 24 hours": aKeyHasItsScope,
		"single resources carry their version":                       singleResourcesCarryTheirVersion,
		"changes to what has changed are refused":                    staleChangesAreRefused,
		"the scope comes from headers or token":                      theScope,
		"requests have an id":                                        requestsHaveAnID,
	}.hold(t, 1)
}

func aSlashAndTheVersionMeanNothing(t *testing.T, d *day) {
	all := d.User(t, unique("all."), d.Facilities[0], "admin", "doctor", "nurse", "receptionist")
	nobody := &apptest.Client{House: d.House}
	for _, o := range d.House.Contract.Operations {
		if o.Path == "/api/stream" {
			continue // answers without end; it is followed by its alias below
		}
		client := all
		if o.Public || o.Path == "/api/me/password" {
			client = nobody
		}
		path := variable.ReplaceAllString(o.Path, uuid.NewString())
		plain := client.Do(t, o.Method, path, nil)
		for _, spelling := range []string{path + "/", strings.Replace(path, "/api/", "/api/v1/", 1), strings.Replace(path, "/api/", "/api/v1/", 1) + "/"} {
			other := client.Unchecking().Do(t, o.Method, spelling, nil)
			if other.StatusCode != plain.StatusCode || other.JSON["code"] != plain.JSON["code"] || plain.JSON["code"] == "request.not_found" ||
				!slices.Equal(slices.Sorted(maps.Keys(other.JSON)), slices.Sorted(maps.Keys(plain.JSON))) {
				t.Errorf("%s %s: %d %s, without: %d %s", o.Method, spelling, other.StatusCode, other.Body, plain.StatusCode, plain.Body)
			}
		}
	}
	for _, path := range []string{"/healthz/", "/readyz/", "/metrics/", "/api/openapi.json/", "/api/v1/openapi.json", "/api/docs/", "/api/v1/docs"} {
		plain := strings.TrimSuffix(strings.Replace(path, "/v1", "", 1), "/")
		r, w := all.Unchecking().Get(t, path).Want(t, 200), all.Unchecking().Get(t, plain).Want(t, 200)
		if r.Header.Get("Content-Type") != w.Header.Get("Content-Type") {
			t.Errorf("%s is %s, not as without", path, r.Header.Get("Content-Type"))
		}
	}
	stream := follow(t, all, "/api/v1/stream/", "")
	if stream.StatusCode != 200 || stream.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("the stream: %d %v", stream.StatusCode, stream.Header)
	}
}

func unknownPropertiesAreRefused(t *testing.T, d *day) {
	all := d.User(t, unique("all."), d.Facilities[0], "admin", "doctor", "nurse", "receptionist")
	root := superuser(t, d.House, unique("root."))
	checked := 0
	for _, o := range d.House.Contract.Operations {
		if o.Body == nil {
			continue
		}
		client := all
		if strings.HasPrefix(o.Path, "/api/tenants") {
			client = root
		}
		body, _ := d.House.Contract.Example(o.Body).(object)
		if body == nil {
			body = object{}
		}
		body["no_such_property"] = 1
		r := client.Do(t, o.Method, variable.ReplaceAllString(o.Path, uuid.NewString()), body)
		if r.StatusCode != 422 || !slices.Contains(codes(r.List("errors"), "location"), "body.no_such_property") {
			t.Errorf("%s %s: %d %s", o.Method, o.Path, r.StatusCode, r.Body)
		}
		checked++
	}
	if checked < 25 {
		t.Errorf("only %d operations take a body", checked)
	}
}

var (
	timeMember = regexp.MustCompile(`"(?:\w+_at|at|sealed_until)":\s*"([^"]*)"`)
	dateMember = regexp.MustCompile(`"date_of_birth":\s*"([^"]*)"`)
)

func timesAreUTC(t *testing.T, d *day) {
	encounter := d.closable(t)
	patient := d.Doctor.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")
	scheduled := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": d.Patient(t, "Someone"), "scheduled_at": "2026-03-10T15:00:00+05:30"}).Want(t, 201)
	if scheduled.Text("scheduled_at") != "2026-03-10T09:30:00Z" {
		t.Errorf("a time of another zone: %s", scheduled.Body)
	}
	times, dates := 0, 0
	for _, path := range []string{
		"/api/patients/" + patient, "/api/encounters/" + encounter, "/api/encounters/" + encounter + "/timeline", "/api/encounters/" + encounter + "/documents",
		"/api/tasks?encounter_id=" + encounter, "/api/users", "/api/roles", "/api/memberships", "/api/facilities", "/api/audit/events", "/api/audit/verify",
	} {
		body := string(d.Admin.Get(t, path).Want(t, 200).Body)
		for _, found := range timeMember.FindAllStringSubmatch(body, -1) {
			times++
			if _, err := time.Parse(time.RFC3339, found[1]); err != nil || !strings.HasSuffix(found[1], "Z") {
				t.Errorf("%s: the time %s", path, found[0])
			}
		}
		for _, found := range dateMember.FindAllStringSubmatch(body, -1) {
			dates++
			if _, err := time.Parse(time.DateOnly, found[1]); err != nil {
				t.Errorf("%s: the date %s", path, found[0])
			}
		}
	}
	if times < 30 || dates < 1 {
		t.Errorf("only %d times and %d dates", times, dates)
	}
}

func eachFaultHasItsStatus(t *testing.T, d *day) {
	patient := d.Patient(t, "Someone")
	nobody := &apptest.Client{House: d.House}
	for name, c := range map[string]struct {
		reply  apptest.Reply
		status int
		code   string
	}{
		"a body that is no JSON":    {d.Receptionist.Post(t, "/api/patients", `{"full_name":`), 400, "request.malformed"},
		"no body":                   {d.Receptionist.Post(t, "/api/patients", ""), 400, "request.malformed"},
		"nobody":                    {nobody.Get(t, "/api/patients"), 401, "auth.missing"},
		"a role that may not":       {d.Auditor.Post(t, "/api/patients", object{}), 403, "auth.permission_denied"},
		"an unknown id":             {d.Receptionist.Get(t, "/api/patients/"+uuid.NewString()), 404, "patients.not_found"},
		"an unknown address":        {d.Receptionist.Unchecking().Get(t, "/api/nothing"), 404, "request.not_found"},
		"a method not taken":        {d.Receptionist.Unchecking().Do(t, "DELETE", "/api/patients/"+patient, nil), 405, "request.method_not_allowed"},
		"a state that forbids":      {d.Doctor.Post(t, "/api/encounters/"+d.Encounter(t, patient)+"/start-consult", nil), 409, "encounters.illegal_transition"},
		"a version gone":            {d.Receptionist.Patch(t, "/api/patients/"+patient, object{"phone": "5550101"}, "If-Match", `"77"`), 412, "request.stale"},
		"a body too large":          {d.Receptionist.Post(t, "/api/patients", `{"full_name":"`+strings.Repeat("x", 1<<20)+`"}`), 413, "request.too_large"},
		"a body that is not JSON's": {d.Receptionist.Post(t, "/api/patients", "<a/>", "Content-Type", "application/xml"), 415, "request.malformed"},
		"faulty fields":             {d.Receptionist.Post(t, "/api/patients", object{"gender": "none", "full_name": ""}), 422, "request.invalid"},
		"an id that is none":        {d.Receptionist.Get(t, "/api/patients/7"), 422, "request.invalid"},
	} {
		r := c.reply.WantProblem(t, c.status, c.code)
		if r.Header.Get("Content-Type") != "application/problem+json" || r.JSON["status"] != float64(c.status) || r.Text("type") == "" ||
			r.Text("title") != http.StatusText(c.status) || r.Text("detail") == "" || r.Text("request_id") != r.Header.Get("X-Request-ID") {
			t.Errorf("%s: %v %s", name, r.Header, r.Body)
		}
	}
	faults := d.Receptionist.Post(t, "/api/patients", object{"gender": "none", "full_name": ""}).Want(t, 422)
	where := codes(faults.List("errors"), "location")
	slices.Sort(where)
	if !slices.Equal(where, []string{"body.full_name", "body.gender"}) || faults.Path("errors.0.message") == "" {
		t.Errorf("faults: %s", faults.Body)
	}
	if r := d.Receptionist.Unchecking().Do(t, "DELETE", "/api/patients", nil); r.Header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow: %v", r.Header)
	}
}

func aFaultOfTheServerTellsNothing(t *testing.T, d *day) {
	d.House.DB.AsSuperuser(t, `ALTER TABLE patients.patient ADD CONSTRAINT provoked CHECK (full_name <> 'Provoked Fault')`)
	r := d.Receptionist.Post(t, "/api/patients", object{"full_name": "Provoked Fault", "gender": "male"}).WantProblem(t, 500, "server.internal")
	for _, inside := range []string{"Provoked", "provoked", "SQL", "constraint", "patients.patient", ".go"} {
		if strings.Contains(string(r.Body), inside) {
			t.Errorf("it tells %q: %s", inside, r.Body)
		}
	}
}

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

// notRepeatable are the POSTs that take no Idempotency-Key: what they answer, or are asked, is a secret of a session, or
// they only print what is there.
var notRepeatable = []string{
	"/api/auth/logout", "/api/auth/token", "/api/auth/token/refresh", "/api/lab/labels", "/api/lab/reports/print", "/api/me/password", "/api/me/scope", "/api/me/totp", "/api/me/totp/disable",
}

// repeatable says for every other POST how it is made, and what another request under its key would be.
var repeatable = map[string]func(t *testing.T, d *day) (client *apptest.Client, id string, body, other any){
	"/api/patients": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Receptionist, "", object{"full_name": "Someone", "gender": "male"}, object{"full_name": "Else", "gender": "male"}
	},
	"/api/encounters": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		patient := d.Patient(t, "Someone")
		return d.Receptionist, "", object{"patient_id": patient}, object{"patient_id": patient, "reason": "Cough"}
	},
	"/api/encounters/{id}/check-in": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Nurse, d.Encounter(t, d.Patient(t, "Someone")), nil, nil
	},
	"/api/encounters/{id}/start-consult": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), nil, object{}
	},
	"/api/encounters/{id}/close": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.closable(t), nil, nil
	},
	"/api/encounters/{id}/cancel": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"reason": "Left"}, object{"reason": "Mistake"}
	},
	"/api/encounters/{id}/vitals": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Nurse, d.visit(t), object{"pulse_bpm": 70}, object{"pulse_bpm": 71}
	},
	"/api/encounters/{id}/assessment": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"diagnosis": "a"}, object{"diagnosis": "b"}
	},
	"/api/encounters/{id}/plan": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"advice": "a"}, object{"advice": "b"}
	},
	"/api/encounters/{id}/notes": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"plan": "a"}, object{"plan": "b"}
	},
	"/api/tasks": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		encounter := d.visit(t)
		return d.Nurse, "", object{"encounter_id": encounter, "code": "a"}, object{"encounter_id": encounter, "code": "b"}
	},
	"/api/tasks/{id}/assign": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Nurse, d.newTask(t), object{"assigned_to_id": userID(t, d.Nurse)}, object{"assigned_to_id": userID(t, d.Doctor)}
	},
	"/api/tasks/{id}/unassign": aTask, "/api/tasks/{id}/start": aTask, "/api/tasks/{id}/complete": aTask, "/api/tasks/{id}/cancel": aTask,
	"/api/tasks/{id}/reopen": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		task := d.newTask(t)
		d.Nurse.Post(t, "/api/tasks/"+task+"/complete", nil).Want(t, 200)
		return d.Nurse, task, nil, nil
	},
	"/api/clinical-docs/draft": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		encounter := d.visit(t)
		return d.Doctor, "", object{"encounter_id": encounter, "template_code": "progress_note", "payload": object{}},
			object{"encounter_id": encounter, "template_code": "progress_note", "payload": finished}
	},
	"/api/clinical-docs/finalize": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, "", object{"document_id": d.draft(t)}, object{"document_id": uuid.NewString()}
	},
	"/api/clinical-docs/amend": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		document := d.final(t)
		return d.Doctor, "", object{"document_id": document, "payload": finished, "reason": "a"}, object{"document_id": document, "payload": finished, "reason": "b"}
	},
	"/api/clinical-docs/{id}/discard": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.draft(t), nil, nil
	},
	"/api/facilities": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", object{"code": unique("F"), "name": "a"}, object{"code": unique("F"), "name": "b"}
	},
	"/api/users": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", object{"username": unique("u"), "full_name": "a", "password": apptest.Password}, object{"username": unique("u"), "full_name": "b", "password": apptest.Password}
	},
	"/api/roles": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", object{"code": unique("r"), "name": "a", "permissions": []string{}}, object{"code": unique("r"), "name": "b", "permissions": []string{}}
	},
	"/api/memberships": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		body := object{"user_id": userID(t, d.Nurse), "facility_id": d.Admin.Post(t, "/api/facilities", object{"code": unique("F"), "name": "a"}).Want(t, 201).ID(), "roles": []string{}}
		other := maps.Clone(body)
		other["roles"] = []string{"nurse"}
		return d.Admin, "", body, other
	},
	"/api/rules/{code}/test": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "base.critical_results_acknowledged", object{"facts": object{"critical_results": []any{}}}, object{"facts": object{"critical_results": []any{object{"code": "K", "acknowledged": false}}}}
	},
	"/api/packs": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", apptest.Clinic("repeated", "1.0.0", "One").Zip(t), apptest.Clinic("repeated", "2.0.0", "Two").Zip(t)
	},
	"/api/tenants": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		admin := object{"username": unique("u"), "password": apptest.Password}
		return superuser(t, d.House, unique("root.")), "", object{"code": unique("t"), "name": "a", "admin": admin}, object{"code": unique("t"), "name": "b", "admin": admin}
	},
	"/api/me/totp/confirm": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		user := d.User(t, unique("otp."), d.Facilities[0], "nurse")
		code, err := totp.GenerateCode(user.Post(t, "/api/me/totp", object{"password": apptest.Password}).Want(t, 200).Text("secret"), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return user, "", object{"otp": code}, object{"otp": "abcdef"}
	},
}

func aTask(t *testing.T, d *day) (*apptest.Client, string, any, any) {
	return d.Nurse, d.newTask(t), nil, nil
}

func userID(t *testing.T, c *apptest.Client) string {
	t.Helper()
	return c.Get(t, "/api/me").Want(t, 200).Path("user.id").(string)
}

func everyPostCanBeRepeated(t *testing.T, d *day) {
	var without []string
	for _, o := range d.House.Contract.Operations {
		if o.Method != "POST" {
			continue
		}
		if !slices.ContainsFunc(o.Parameters, func(p apptest.Parameter) bool { return p.Name == "Idempotency-Key" }) {
			without = append(without, o.Path)
			continue
		}
		make, known := repeatable[o.Path]
		if !known {
			make, known = repeatableOrders[o.Path]
		}
		if !known {
			make, known = repeatableLaboratory[o.Path]
		}
		if !known {
			t.Errorf("nothing says how to make POST %s", o.Path)
			continue
		}
		client, id, body, other := make(t, d)
		ids := strings.Split(id, ",")
		path, key := variable.ReplaceAllStringFunc(o.Path, func(string) string {
			defer func() { ids = append(ids[1:], ids[0]) }()
			return ids[0]
		}), uuid.NewString()
		first := client.Post(t, path, body, "Idempotency-Key", key)
		second := client.Post(t, path, body, "Idempotency-Key", key)
		if first.StatusCode >= 300 || second.StatusCode != first.StatusCode || string(second.Body) != string(first.Body) || second.Header.Get("ETag") != first.Header.Get("ETag") ||
			first.Header.Get("Idempotency-Replayed") != "" || second.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("POST %s: first %d %s, second %d %s %s", o.Path, first.StatusCode, first.Body, second.StatusCode, second.Header.Get("Idempotency-Replayed"), second.Body)
		}
		if other != nil {
			client.Post(t, path, other, "Idempotency-Key", key).WantProblem(t, 409, "idempotency.key_reused")
		}
	}
	if slices.Sort(without); !slices.Equal(without, notRepeatable) {
		t.Errorf("these take no Idempotency-Key: %v", without)
	}
}

func aKeyHasItsScope(t *testing.T, d *day) {
	key := uuid.NewString()
	body := func(gender string) object { return object{"full_name": "Keyed", "gender": gender} }
	first := d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key).Want(t, 201)
	elsewhere := d.Admin.In(d.ID, d.Facilities[1])
	for name, r := range map[string]apptest.Reply{
		"another user":     d.Nurse.Post(t, "/api/patients", body("female"), "Idempotency-Key", key),
		"another facility": elsewhere.Post(t, "/api/patients", body("female"), "Idempotency-Key", key),
		"another path":     d.Receptionist.Post(t, "/api/encounters", object{"patient_id": first.ID()}, "Idempotency-Key", key),
		"another key":      d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key+"x"),
	} {
		if r.StatusCode != 201 || r.Header.Get("Idempotency-Replayed") != "" || r.ID() == first.ID() {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	older := func(by string) {
		d.House.DB.AsSuperuser(t, `UPDATE httpx.idempotency SET created_at = created_at - $2::interval WHERE key = $1`, key, by)
	}
	older("23 hours 50 minutes")
	if r := d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key).Want(t, 201); r.ID() != first.ID() {
		t.Error("a key of less than 24 hours is forgotten")
	}
	older("11 minutes")
	if r := d.Receptionist.Post(t, "/api/patients", body("other"), "Idempotency-Key", key).Want(t, 201); r.ID() == first.ID() || r.Header.Get("Idempotency-Replayed") != "" {
		t.Error("a key of more than 24 hours is remembered")
	}
	// What failed is no effect: the key is free for the corrected request.
	d.Receptionist.Post(t, "/api/patients", object{"full_name": "Keyed", "gender": "male", "date_of_birth": "1700-01-01"}, "Idempotency-Key", key+"y").Want(t, 422)
	d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key+"y").Want(t, 201)
	d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", strings.Repeat("k", 201)).WantProblem(t, 400, "idempotency.key_invalid")
	d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", strings.Repeat("k", 200)).Want(t, 201)
}

func theScope(t *testing.T, d *day) {
	nurse := *d.Nurse
	nurse.TenantID, nurse.FacilityID = uuid.Nil, uuid.Nil
	nurse.Get(t, "/api/patients").Want(t, 200) // the only facility is the token's
	admin := d.House.SignIn(t, "admin.asha", apptest.Password)
	admin.Get(t, "/api/patients").WantProblem(t, 400, "scope.missing") // of several, none is chosen
	for name, c := range map[string]struct {
		tenant, facility string
		status           int
		code             string
	}{
		"neither":               {"", "", 400, "scope.missing"},
		"only the tenant":       {d.ID.String(), "", 400, "scope.missing"},
		"no UUIDs":              {"asha", "MAIN", 400, "scope.invalid"},
		"a UUID in braces":      {"{" + d.ID.String() + "}", d.Facilities[0].String(), 400, "scope.invalid"},
		"an unknown tenant":     {uuid.NewString(), d.Facilities[0].String(), 403, "scope.forbidden"},
		"an unknown facility":   {d.ID.String(), uuid.NewString(), 403, "scope.forbidden"},
		"the one and other":     {d.ID.String(), d.ID.String(), 403, "scope.forbidden"},
		"one's own":             {d.ID.String(), d.Facilities[1].String(), 200, ""},
		"one's own, in capital": {strings.ToUpper(d.ID.String()), d.Facilities[1].String(), 200, ""},
	} {
		r := admin.Get(t, "/api/patients", "X-Tenant-ID", c.tenant, "X-Facility-ID", c.facility)
		if r.StatusCode != c.status || r.Text("code") != c.code {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	d.Nurse.In(d.ID, d.Facilities[1]).Get(t, "/api/patients").WantProblem(t, 403, "scope.forbidden")
	// Headers go before the token's scope.
	there := d.Admin.In(d.ID, d.Facilities[1])
	patient := there.Post(t, "/api/patients", object{"full_name": "Eastern", "gender": "male"}).Want(t, 201)
	if patient.Text("facility_id") != d.Facilities[1].String() || patient.Text("tenant_id") != d.ID.String() {
		t.Errorf("registered elsewhere: %s", patient.Body)
	}
	d.Receptionist.Get(t, "/api/patients/"+patient.ID()).WantProblem(t, 404, "patients.not_found")
}

func requestsHaveAnID(t *testing.T, d *day) {
	if r := d.Nurse.Get(t, "/api/patients", "X-Request-ID", "from-the-client.7"); r.Header.Get("X-Request-ID") != "from-the-client.7" {
		t.Errorf("given: %q", r.Header.Get("X-Request-ID"))
	}
	made := d.Nurse.Get(t, "/api/patients/"+uuid.NewString())
	if made.Header.Get("X-Request-ID") == "" || made.Text("request_id") != made.Header.Get("X-Request-ID") {
		t.Errorf("made: %q, in the problem %q", made.Header.Get("X-Request-ID"), made.Text("request_id"))
	}
	again := d.Nurse.Get(t, "/api/patients/"+uuid.NewString())
	if again.Header.Get("X-Request-ID") == made.Header.Get("X-Request-ID") {
		t.Error("two requests have the same id")
	}
	for _, hostile := range []string{"a b", strings.Repeat("x", 65), "{}"} {
		if r := d.Nurse.Get(t, "/api/patients", "X-Request-ID", hostile); r.Header.Get("X-Request-ID") == hostile || r.Header.Get("X-Request-ID") == "" {
			t.Errorf("%q is kept", hostile)
		}
	}
}
