package app_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

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
