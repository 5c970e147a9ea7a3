package app_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractPatients(t *testing.T) {
	t.Parallel()
	section{
		"a patient has these fields":              aPatientHasTheseFields,
		"only name and gender are required":       onlyNameAndGenderAreRequired,
		"fields have bounds":                      patientFieldsHaveBounds,
		"births have bounds":                      birthsHaveBounds,
		"an age gives an estimated birth":         anAgeGivesAnEstimatedBirth,
		"an MRN is made, or given and then taken": anMRNIsMade,
		"a patch changes what it names":           aPatchChangesWhatItNames,
		"packs keep their own data":               packsKeepTheirOwnData,
		"patients are found":                      patientsAreFound,
		"the best comes first":                    theBestComesFirst,
		"duplicates are hinted at":                duplicatesAreHintedAt,
	}.hold(t, 1)
}

func register(t *testing.T, d *day, more object) apptest.Reply {
	t.Helper()
	body := object{"full_name": "Registered Person", "gender": "female"}
	maps.Copy(body, more)
	return d.Receptionist.Post(t, "/api/patients", body)
}

func aPatientHasTheseFields(t *testing.T, d *day) {
	sent := object{
		"full_name": "Meera Nair", "gender": "other", "date_of_birth": "1988-02-29", "phone": "+91 98450 00001", "email": "meera@example.org", "address": "1 Lake Road",
		"blood_group": "AB-", "mrn": "FIELDS-1", "identifiers": []any{object{"system": "abha", "value": "91-0000-0000-0001"}},
		"system_specific_data": object{"base": object{"note": "x"}},
	}
	r := register(t, d, sent).Want(t, 201)
	want := strings.Fields("address birth_date_estimated blood_group created_at date_of_birth email facility_id full_name gender id identifiers mrn phone system_specific_data tenant_id updated_at")
	if got := slices.Sorted(maps.Keys(r.JSON)); !slices.Equal(got, want) {
		t.Errorf("fields: %v", got)
	}
	read := d.Auditor.Get(t, "/api/patients/"+r.ID()).Want(t, 200)
	if string(read.Body) != string(r.Body) || read.Header.Get("ETag") != r.Header.Get("ETag") {
		t.Errorf("read: %s, made: %s", read.Body, r.Body)
	}
	for name, value := range sent {
		if fmt.Sprint(read.JSON[name]) != fmt.Sprint(value) {
			t.Errorf("%s: %v, sent %v", name, read.JSON[name], value)
		}
	}
	if read.Text("tenant_id") != d.ID.String() || read.Text("facility_id") != d.Facilities[0].String() || read.JSON["birth_date_estimated"] != false {
		t.Errorf("read: %s", read.Body)
	}
	for _, gender := range []string{"male", "female", "other", "unknown"} {
		register(t, d, object{"gender": gender}).Want(t, 201)
	}
}

func onlyNameAndGenderAreRequired(t *testing.T, d *day) {
	r := register(t, d, nil).Want(t, 201)
	for _, name := range []string{"date_of_birth", "phone", "email", "address", "blood_group"} {
		if value, present := r.JSON[name]; !present || value != nil {
			t.Errorf("%s: %v", name, value)
		}
	}
	if r.JSON["birth_date_estimated"] != false || len(r.List("identifiers")) != 0 || r.JSON["identifiers"] == nil || len(r.JSON["system_specific_data"].(object)) != 0 {
		t.Errorf("the rest: %s", r.Body)
	}
	for _, missing := range []string{"full_name", "gender"} {
		body := object{"full_name": "x", "gender": "male"}
		delete(body, missing)
		r := d.Receptionist.Post(t, "/api/patients", body).WantProblem(t, 422, "request.invalid")
		if r.Path("errors.0.location") != "body."+missing {
			t.Errorf("without %s: %s", missing, r.Body)
		}
	}
}

func patientFieldsHaveBounds(t *testing.T, d *day) {
	identifiers := func(n int) (list []any) {
		for range n {
			list = append(list, object{"system": "s", "value": uuid.NewString()})
		}
		return list
	}
	for name, c := range map[string]struct {
		field string
		value any
		fine  bool
	}{
		"a name of one letter":          {"full_name", "X", true},
		"a name of 255 letters":         {"full_name", strings.Repeat("é", 255), true},
		"a name of 256":                 {"full_name", strings.Repeat("é", 256), false},
		"a name of none":                {"full_name", "", false},
		"a name of blanks":              {"full_name", "   ", false},
		"no such gender":                {"gender", "Male", false},
		"a phone of four digits":        {"phone", "1-2 34", true},
		"a phone of three":              {"phone", "123", false},
		"a phone of 20":                 {"phone", strings.Repeat("1", 20), true},
		"a phone of 21":                 {"phone", strings.Repeat("1", 21), false},
		"no email":                      {"email", "nobody", false},
		"an address of 1000 letters":    {"address", strings.Repeat("é", 1000), true},
		"an address of 1001":            {"address", strings.Repeat("é", 1001), false},
		"no such blood group":           {"blood_group", "C+", false},
		"a blood group":                 {"blood_group", "O+", true},
		"20 identifiers":                {"identifiers", identifiers(20), true},
		"21 identifiers":                {"identifiers", identifiers(21), false},
		"an identifier without a value": {"identifiers", []any{object{"system": "abha"}}, false},
		"one identifier twice":          {"identifiers", []any{object{"system": "p", "value": "Z 1"}, object{"system": "P", "value": "z1"}}, false},
		"an MRN of 64 characters":       {"mrn", strings.Repeat("7", 64), true},
		"an MRN of 65":                  {"mrn", strings.Repeat("7", 65), false},
		"a pack that is not here":       {"system_specific_data", object{"siddha": object{}}, false},
		"a name that is a number":       {"full_name", 7, false},
	} {
		r := register(t, d, object{c.field: c.value})
		if c.fine != (r.StatusCode == 201) || !c.fine && r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
		if location, _ := r.Path("errors.0.location").(string); !c.fine && !strings.HasPrefix(location, "body."+c.field) {
			t.Errorf("%s: the fault is at %q", name, location)
		}
	}
	register(t, d, object{"identifiers": []any{object{"system": "passport", "value": "TAKEN 1"}}}).Want(t, 201)
	register(t, d, object{"identifiers": []any{object{"system": "passport", "value": "taken1"}}}).WantProblem(t, 409, "patients.identifier_taken")
}

func birthsHaveBounds(t *testing.T, d *day) {
	zone, err := time.LoadLocation("Asia/Kolkata") // the facility's: its day decides
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().In(zone)
	for name, c := range map[string]struct {
		born string
		fine bool
	}{
		"two days ahead":       {today.AddDate(0, 0, 2).Format(time.DateOnly), false},
		"today":                {today.Format(time.DateOnly), true},
		"130 years ago":        {today.AddDate(-130, 0, 1).Format(time.DateOnly), true},
		"over 130 years ago":   {today.AddDate(-130, 0, -2).Format(time.DateOnly), false},
		"no such day":          {"2023-02-29", false},
		"day and month turned": {"31-12-1990", false},
		"a time":               {"1990-01-31T00:00:00Z", false},
		"nothing":              {"", false},
	} {
		r := register(t, d, object{"date_of_birth": c.born})
		if c.fine != (r.StatusCode == 201) || !c.fine && r.StatusCode != 422 || c.fine && r.Text("date_of_birth") != c.born {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	known := register(t, d, nil).Want(t, 201).ID()
	d.Receptionist.Patch(t, "/api/patients/"+known, object{"date_of_birth": today.AddDate(0, 0, 2).Format(time.DateOnly)}).Want(t, 422)
}

func anAgeGivesAnEstimatedBirth(t *testing.T, d *day) {
	r := register(t, d, object{"age_years": 34}).Want(t, 201)
	born, err := time.Parse(time.DateOnly, r.Text("date_of_birth"))
	if years := time.Since(born).Hours() / 24 / 365.25; err != nil || years < 33.9 || years > 34.1 || r.JSON["birth_date_estimated"] != true {
		t.Errorf("34 years: %s", r.Body)
	}
	for age, fine := range map[any]bool{0: true, 130: true, -1: false, 131: false, 1.5: false, "34": false} {
		if r := register(t, d, object{"age_years": age}); (r.StatusCode == 201) != fine {
			t.Errorf("%v years: %d %s", age, r.StatusCode, r.Body)
		}
	}
	register(t, d, object{"age_years": 34, "date_of_birth": "1990-01-31"}).Want(t, 422)
	// Once the day is known it is estimated no more.
	if r := d.Receptionist.Patch(t, "/api/patients/"+r.ID(), object{"date_of_birth": "1990-01-31"}).Want(t, 200); r.JSON["birth_date_estimated"] != false || r.Text("date_of_birth") != "1990-01-31" {
		t.Errorf("known: %s", r.Body)
	}
}

func anMRNIsMade(t *testing.T, d *day) {
	first, second := register(t, d, nil).Want(t, 201).Text("mrn"), register(t, d, nil).Want(t, 201).Text("mrn")
	if shape := regexp.MustCompile(`^MAIN-\d\d-\d{6}$`); !shape.MatchString(first) || !shape.MatchString(second) || first == second {
		t.Errorf("made: %q and %q", first, second)
	}
	given := register(t, d, object{"mrn": "old/77-a"}).Want(t, 201)
	for _, again := range []string{given.Text("mrn"), "OLD/77-A", " old/77-a "} {
		register(t, d, object{"mrn": again}).WantProblem(t, 409, "patients.mrn_taken")
	}
	other := register(t, d, nil).Want(t, 201).ID()
	d.Receptionist.Patch(t, "/api/patients/"+other, object{"mrn": "OLD/77-A"}).WantProblem(t, 409, "patients.mrn_taken")
	// In another facility it is free.
	d.Admin.In(d.ID, d.Facilities[1]).Post(t, "/api/patients", object{"full_name": "Elsewhere", "gender": "male", "mrn": "OLD/77-A"}).Want(t, 201)
}

func aPatchChangesWhatItNames(t *testing.T, d *day) {
	r := register(t, d, object{"phone": "5550201", "email": "a@example.org", "address": "1 Lake Road", "blood_group": "A+", "date_of_birth": "1990-01-31",
		"identifiers": []any{object{"system": "s", "value": unique("v")}}}).Want(t, 201)
	path := "/api/patients/" + r.ID()
	changed := d.Receptionist.Patch(t, path, object{"full_name": "Renamed Person", "phone": nil}).Want(t, 200)
	want := maps.Clone(r.JSON)
	want["full_name"], want["phone"], want["updated_at"] = "Renamed Person", nil, changed.JSON["updated_at"]
	if fmt.Sprint(changed.JSON) != fmt.Sprint(want) {
		t.Errorf("changed: %v, want %v", changed.JSON, want)
	}
	cleared := d.Receptionist.Patch(t, path, object{"email": nil, "address": nil, "blood_group": nil, "date_of_birth": nil, "identifiers": nil}).Want(t, 200)
	for _, name := range []string{"email", "address", "blood_group", "date_of_birth"} {
		if cleared.JSON[name] != nil {
			t.Errorf("%s is not cleared: %v", name, cleared.JSON[name])
		}
	}
	if len(cleared.List("identifiers")) != 0 {
		t.Errorf("identifiers: %v", cleared.List("identifiers"))
	}
	for _, name := range []string{"full_name", "gender", "mrn"} {
		d.Receptionist.Patch(t, path, object{name: nil}).Want(t, 422)
	}
	d.Receptionist.Patch(t, path, object{"id": uuid.NewString()}).WantProblem(t, 422, "request.invalid")
	// What changes nothing is no version and no event.
	if same := d.Receptionist.Patch(t, path, object{"full_name": "Renamed Person"}).Want(t, 200); same.Header.Get("ETag") != cleared.Header.Get("ETag") {
		t.Errorf("the same again: %s, then %s", cleared.Header.Get("ETag"), same.Header.Get("ETag"))
	}
	if events := d.Auditor.Get(t, "/api/audit/events?code=patients.updated&entity_id="+r.ID()).Want(t, 200).List("results"); len(events) != 2 {
		t.Errorf("%d corrections are recorded", len(events))
	}
	d.Receptionist.Patch(t, "/api/patients/"+uuid.NewString(), object{"phone": nil}).WantProblem(t, 404, "patients.not_found")
	d.Auditor.Patch(t, path, object{"phone": nil}).WantProblem(t, 403, "auth.permission_denied")
}

func packsKeepTheirOwnData(t *testing.T, d *day) {
	r := register(t, d, object{"system_specific_data": object{"base": object{"a": 1}}}).Want(t, 201)
	path := "/api/patients/" + r.ID()
	if changed := d.Receptionist.Patch(t, path, object{"system_specific_data": object{"base": object{"b": "x"}}}).Want(t, 200); fmt.Sprint(changed.JSON["system_specific_data"]) != "map[base:map[b:x]]" {
		t.Errorf("changed: %s", changed.Body)
	}
	if cleared := d.Receptionist.Patch(t, path, object{"system_specific_data": object{"base": nil}}).Want(t, 200); fmt.Sprint(cleared.JSON["system_specific_data"]) != "map[]" {
		t.Errorf("cleared: %s", cleared.Body)
	}
	d.Receptionist.Patch(t, path, object{"system_specific_data": object{"base": 7}}).Want(t, 422)
}

func patientsAreFound(t *testing.T, d *day) {
	known := register(t, d, object{"full_name": "Venkataraman Subramanian", "phone": "+91 98451 77001", "mrn": "FIND-000123", "identifiers": []any{object{"system": "abha", "value": "92-4444-5555-6666"}}}).Want(t, 201).ID()
	register(t, d, object{"full_name": "Gulab Chandrasekhar", "phone": "+91 98451 88002", "mrn": "FIND-000999"}).Want(t, 201)
	for query, finds := range map[string]bool{
		"q=Venkataraman": true, "q=Venkatraman+Subramanyan": true, "q=Subramaniam+Venkat": true, "q=FIND-000123": true, "q=find-000123": true, "q=9845177001": true, "q=77001": true,
		"q=92-4444-5555-6666": true, "q=92444455556666": true, "q=Zebediah": false, "q=Gulab": false,
		"mrn=FIND-000123": true, "mrn=find-000123": true, "mrn=FIND-00012": false, "phone=%2B91+98451+77001": true, "phone=9845177001": true, "phone=77001": false, "phone=9845188002": false,
		"mrn=FIND-000123&phone=9845177001": true, "mrn=FIND-000123&phone=9845188002": false, "q=Venkataraman&mrn=FIND-000123": true, "q=Venkataraman&mrn=FIND-000999": false,
	} {
		found := keysOf(d.Nurse.Get(t, "/api/patients?"+query).Want(t, 200).List("results"))
		if slices.Contains(found, known) != finds {
			t.Errorf("%s finds %v", query, found)
		}
		if !strings.HasPrefix(query, "q=") && len(found) > 1 {
			t.Errorf("%s finds %d", query, len(found))
		}
	}
	if elsewhere := d.Admin.In(d.ID, d.Facilities[1]).Get(t, "/api/patients?q=Venkataraman").Want(t, 200).List("results"); len(elsewhere) != 0 {
		t.Errorf("another facility finds %v", elsewhere)
	}
	d.Receptionist.Patch(t, "/api/patients/"+known, object{"full_name": "Ignatius Loyola"}).Want(t, 200)
	if found := keysOf(d.Nurse.Get(t, "/api/patients?q=Ignatius").Want(t, 200).List("results")); !slices.Equal(found, []string{known}) {
		t.Errorf("by the new name: %v", found)
	}
	if all := d.Nurse.Get(t, "/api/patients?limit=200").Want(t, 200).List("results"); !slices.IsSortedFunc(all, newestFirst) {
		t.Error("without a question the newest is not first")
	}
}

func newestFirst(a, b any) int {
	return strings.Compare(b.(object)["created_at"].(string)[:19], a.(object)["created_at"].(string)[:19])
}

func theBestComesFirst(t *testing.T, d *day) {
	misspelt := register(t, d, object{"full_name": "Kathirvelu Muthusamy"}).Want(t, 201).ID()
	exact := register(t, d, object{"full_name": "Kathirvel Muthuswamy"}).Want(t, 201).ID()
	register(t, d, object{"full_name": "Kathirvelan Muthukumar"}).Want(t, 201)
	found := keysOf(d.Nurse.Get(t, "/api/patients?q=Kathirvel+Muthuswamy").Want(t, 200).List("results"))
	if len(found) < 2 || found[0] != exact || !slices.Contains(found, misspelt) {
		t.Errorf("%v: %s comes first, %s too", found, exact, misspelt)
	}
}

func duplicatesAreHintedAt(t *testing.T, d *day) {
	known := register(t, d, object{"full_name": "Parvathi Krishnan", "date_of_birth": "1979-03-04", "phone": "9845199003"}).Want(t, 201).ID()
	for query, hinted := range map[string]bool{
		"full_name=Parvathi+Krishnan&date_of_birth=1979-03-04": true, "full_name=Parvati+Krishnan&date_of_birth=1979-04-03": true,
		"full_name=Parvathi+Krishnan&phone=9845199003": true, "full_name=Parvathi+Krishnan&date_of_birth=2001-09-09": false, "full_name=Someone+Else&date_of_birth=1979-03-04": false, "": false,
	} {
		r := d.Receptionist.Get(t, "/api/patients/duplicates?"+query).Want(t, 200)
		if slices.Contains(keysOf(r.List("results")), known) != hinted {
			t.Errorf("%q: %s", query, r.Body)
		}
	}
	d.Receptionist.Get(t, "/api/patients/duplicates?date_of_birth=yesterday").WantProblem(t, 422, "request.invalid")
}
