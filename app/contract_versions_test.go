package app_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// single finds, for every address of one resource, one that is there.
func single(t *testing.T, d *day) map[string]string {
	t.Helper()
	user := userID(t, d.User(t, unique("single."), d.Facilities[0], "auditor")) // nobody else changes this one meanwhile
	first := func(list string) string { return keysOf(d.Admin.Get(t, list).Want(t, 200).List("results"))[0] }
	d.withRepertory(t)
	critical, released := d.critical(t), d.released(t, "CRP", wellCRP)
	return map[string]string{
		"/api/lab/samples/{id}": critical.sample, "/api/lab/results/{id}": critical.result, "/api/alerts/{id}": d.alert(t, d.Doctor, critical.encounter, "critical_result").ID(),
		"/api/notifications/{id}": inbox(t, d.Doctor, "critical_result", critical.patient)["id"].(string), "/api/lab/reports/{id}": first("/api/lab/reports?order_id=" + released.order),
		"/api/lab/control-lots/{id}": d.Pathologist.Post(t, "/api/lab/control-lots", aLot("PCT")).Want(t, 201).ID(), "/api/lab/control-holds/{id}": d.holdBack(t, "PCT"),
		"/api/alert-teams/{id}":      d.Admin.Post(t, "/api/alert-teams", object{"code": "t" + unique(""), "name": "Night"}).Want(t, 201).ID(),
		"/api/alert-duties/{id}":     d.Admin.Post(t, "/api/alert-duties", aDuty(t, d, 8)).Want(t, 201).ID(),
		"/api/alert-policies/{kind}": "test_overdue", "/api/lab/settings": "", "/api/lab/report-layout": "", "/api/notifications/preferences": "", "/api/notifications/settings": "",
		"/api/orders/{id}": d.order(t, d.visit(t), "CBC").ID(), "/api/repertory/rubrics/{id}": first("/api/repertory/rubrics"),
		"/api/patients/{id}": d.Patient(t, "Single"), "/api/encounters/{id}": d.visit(t), "/api/tasks/{id}": d.newTask(t), "/api/clinical-docs/{id}": d.draft(t),
		"/api/users/{id}": user, "/api/memberships/{id}": first("/api/memberships?user_id=" + user),
		"/api/roles/{id}":      d.Admin.Post(t, "/api/roles", object{"code": unique("r"), "name": "Own", "permissions": []string{}}).Want(t, 201).ID(),
		"/api/facilities/{id}": d.Facilities[1].String(), "/api/tenants/{id}": d.ID.String(), "/api/templates/{code}": "progress_note", "/api/rules/{code}": "base.required_tasks",
		"/api/me": "", "/api/packs/{id}": "base", "/api/facilities/{id}/packs": d.Facilities[1].String(), "/api/tools/allowed": "",
	}
}

// withoutVersion are addresses of one thing that say nothing of its version, each with its reason.
var withoutVersion = map[string]string{
	"/api/lab/report-check/{token}": "it says yes or no to whoever holds the paper, and its token is on the paper only",
	"/api/notifications/templates":  "one of many texts, which its kind, channel and language name; the list has no version",
}

func singleResourcesCarryTheirVersion(t *testing.T, d *day) {
	root, ids := superuser(t, d.House, unique("root.")), single(t, d)
	for _, o := range d.House.Contract.Operations {
		if o.Method != "GET" || !strings.HasSuffix(o.Path, "}") && o.Path != "/api/me" {
			continue
		}
		id, known := ids[o.Path]
		if withoutVersion[o.Path] != "" {
			continue
		}
		if !known {
			t.Errorf("nothing says what %s names", o.Path)
			continue
		}
		client := d.Doctor
		if strings.HasPrefix(o.Path, "/api/tenants") {
			client = root
		} else if o.Path != "/api/clinical-docs/{id}" && o.Path != "/api/notifications/{id}" {
			client = d.Admin
		}
		if r := client.Get(t, variable.ReplaceAllString(o.Path, id)).Want(t, 200); !regexp.MustCompile(`^(W/)?"[^"]+"$`).MatchString(r.Header.Get("ETag")) {
			t.Errorf("%s: ETag %q", o.Path, r.Header.Get("ETag"))
		}
	}
}

func staleChangesAreRefused(t *testing.T, d *day) {
	root, ids := superuser(t, d.House, unique("root.")), single(t, d)
	changes := map[string]struct{ body, again any }{
		"/api/patients/{id}": {object{"phone": "5550102"}, object{"phone": "5550103"}}, "/api/encounters/{id}": {object{"reason": "a"}, object{"reason": "b"}},
		"/api/clinical-docs/{id}": {object{"payload": finished}, object{"payload": object{}}}, "/api/users/{id}": {object{"email": "a@example.org"}, object{"email": nil}},
		"/api/memberships/{id}": {object{"roles": []string{"auditor", "biller"}}, object{"roles": []string{"auditor"}}}, "/api/roles/{id}": {object{"name": "a"}, object{"name": "b"}},
		"/api/facilities/{id}": {object{"name": "a"}, object{"name": "b"}}, "/api/tenants/{id}": {object{"name": "a"}, object{"name": "b"}},
		"/api/facilities/{id}/packs": {object{"packs": []string{"base", "ayurveda"}}, object{"packs": []string{"base"}}},
		"/api/tools/allowed":         {object{"tools": []any{object{"url": "/x.js", "integrity": "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="}}}, object{"tools": []any{}}},
		"/api/alert-teams/{id}":      {object{"name": "a"}, object{"name": "b"}}, "/api/alert-duties/{id}": {object{"ends_at": time.Now().Add(11 * time.Hour).UTC().Format(time.RFC3339)}, object{"ends_at": time.Now().Add(12 * time.Hour).UTC().Format(time.RFC3339)}},
		"/api/alert-policies/{kind}": {object{"steps": []object{{"after_minutes": 5, "to_role": "nurse"}}}, object{"steps": []object{{"after_minutes": 6, "to_role": "nurse"}}}},
		"/api/lab/control-lots/{id}": {object{"expires_on": "2036-01-01"}, object{"expires_on": "2037-01-01"}},
		"/api/lab/settings":          {object{"four_eyes": true, "autoverification": "OFF"}, object{"four_eyes": false, "autoverification": "OFF"}},
		"/api/lab/report-layout":     {object{"name": "Asha Laboratory"}, object{"name": "Asha Hospital Laboratory"}}, "/api/notifications/preferences": {wishes(), wishes()},
		"/api/notifications/settings": {object{"names_outside": true}, object{"names_outside": false}},
		"/api/rules/{code}":           {object{"severity": "warning"}, object{}}, "/api/me": {object{"email": "b@example.org"}, object{"email": nil}},
	}
	for _, o := range d.House.Contract.Operations {
		if o.Method != "PATCH" && o.Method != "PUT" {
			continue
		}
		change, known := changes[o.Path]
		if withoutVersion[o.Path] != "" {
			continue
		}
		if !known {
			t.Errorf("nothing says how to change %s", o.Path)
			continue
		}
		client, path := d.Admin, variable.ReplaceAllString(o.Path, ids[o.Path])
		switch o.Path {
		case "/api/tenants/{id}":
			client = root
		case "/api/clinical-docs/{id}":
			client = d.Doctor
		}
		shown := strings.TrimSuffix(path, "/packs") // they are shown with their facility
		before := client.Get(t, shown).Want(t, 200).Header.Get("ETag")
		client.Do(t, o.Method, path, change.body, "If-Match", `"no such version"`).WantProblem(t, 412, "request.stale")
		changed := client.Do(t, o.Method, path, change.body, "If-Match", before).Want(t, 200)
		if changed.Header.Get("ETag") == before || changed.Header.Get("ETag") != client.Get(t, shown).Want(t, 200).Header.Get("ETag") {
			t.Errorf("%s %s: ETag %s, then %s", o.Method, o.Path, before, changed.Header.Get("ETag"))
		}
		client.Do(t, o.Method, path, change.again, "If-Match", before).WantProblem(t, 412, "request.stale")
		client.Do(t, o.Method, path, change.again).Want(t, 200)
	}
}
