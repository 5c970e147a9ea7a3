package app_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractNotifications(t *testing.T) {
	t.Parallel()
	section{
		"a critical result tells the one who ordered":    aCriticalResultTells,
		"a released result tells the one who ordered":    aReleasedResultTells,
		"notifications are marked as read":               notificationsAreMarked,
		"they belong to their reader and facility":       notificationsBelong,
		"preferences are one's own":                      preferencesAreOnesOwn,
		"templates are checked on save":                  templatesAreChecked,
		"no name leaves the app unless it is allowed":    noNameLeaves,
		"deliveries are the administrator's to look at":  deliveriesAreShown,
		"the stream tells of them, and nothing clinical": theStreamTellsOfNotifications,
	}.hold(t, 1)
}

// inbox waits for a notification of a kind to somebody about a patient.
func inbox(t *testing.T, c *apptest.Client, kind, patient string) (found object) {
	t.Helper()
	within(t, 2*time.Second, "the notification "+kind, func() bool {
		for _, n := range c.Get(t, "/api/notifications?limit=200").Want(t, 200).List("results") {
			one := n.(object)
			if about, _ := one["patient"].(object); one["kind"] == kind && about != nil && about["id"] == patient {
				found = one
			}
		}
		return found != nil
	})
	return found
}

func aCriticalResultTells(t *testing.T, d *day) {
	test := d.critical(t)
	told := inbox(t, d.Doctor, "critical_result", test.patient)
	for name, want := range (object{"severity": "CRITICAL", "is_read": false, "read_at": nil}) {
		if got, present := told[name]; !present || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	alert := d.alert(t, d.Doctor, test.encounter, "critical_result")
	link := told["link"].(object)
	if told["title"] == "" || told["body"] == "" || told["created_at"] == nil || link["screen"] != "alert" || link["params"].(object)["alert_id"] != alert.ID() {
		t.Errorf("told: %v", told)
	}
	one := d.Doctor.Get(t, "/api/notifications/"+told["id"].(string)).Want(t, 200)
	if one.Path("deliveries.in_app") != "SENT" {
		t.Errorf("deliveries: %s", one.Body)
	}
}

func aReleasedResultTells(t *testing.T, d *day) {
	test := d.released(t, "CRP", highCRP)
	told := inbox(t, d.Doctor, "result_released", test.patient)
	if told["severity"] == "CRITICAL" {
		t.Errorf("told: %v", told)
	}
	d.release(t, d.verify(t, d.correct(t, test, wellCRP)))
	corrected := inbox(t, d.Doctor, "result_corrected", test.patient)
	if corrected["severity"] == "INFO" {
		t.Errorf("of a correction: %v", corrected)
	}
}

func notificationsAreMarked(t *testing.T, d *day) {
	d = d.elsewhere(t)
	first, second := d.critical(t), d.critical(t)
	one := inbox(t, d.Doctor, "critical_result", first.patient)["id"].(string)
	inbox(t, d.Doctor, "critical_result", second.patient)
	unread := func() float64 {
		n, _ := d.Doctor.Get(t, "/api/notifications?is_read=false&count=true").Want(t, 200).JSON["count"].(float64)
		return n
	}
	if unread() != 2 {
		t.Errorf("%v are unread", unread())
	}
	read := d.Doctor.Post(t, "/api/notifications/"+one+"/mark-read", nil).Want(t, 200)
	if read.JSON["is_read"] != true || read.Text("read_at") == "" {
		t.Errorf("read: %s", read.Body)
	}
	if again := d.Doctor.Post(t, "/api/notifications/"+one+"/mark-read", nil).Want(t, 200); again.Text("read_at") != read.Text("read_at") {
		t.Errorf("read twice: %s", again.Body)
	}
	if got := codes(d.Doctor.Get(t, "/api/notifications?is_read=true").Want(t, 200).List("results"), "id"); !slices.Equal(got, []string{one}) || unread() != 1 {
		t.Errorf("read: %v, unread %v", got, unread())
	}
	if r := d.Doctor.Post(t, "/api/notifications/mark-all-read", nil); r.StatusCode >= 300 || unread() != 0 {
		t.Errorf("all: %d %s, unread %v", r.StatusCode, r.Body, unread())
	}
	d.Doctor.Get(t, "/api/notifications?is_read=perhaps").Want(t, 422)
}

func notificationsBelong(t *testing.T, d *day) {
	test := d.critical(t)
	one := inbox(t, d.Doctor, "critical_result", test.patient)["id"].(string)
	for _, c := range []*apptest.Client{d.Nurse, d.Admin, d.Auditor, d.sibling(t)} {
		c.Get(t, "/api/notifications/"+one).WantProblem(t, 404, "notifications.not_found")
	}
	for _, c := range []*apptest.Client{d.Nurse, d.Admin, d.sibling(t)} {
		c.Post(t, "/api/notifications/"+one+"/mark-read", nil).WantProblem(t, 404, "notifications.not_found")
	}
	d.Doctor.Post(t, "/api/notifications/"+nobodys()+"/mark-read", nil).WantProblem(t, 404, "notifications.not_found")
}

// wishes are somebody's preferences.
func wishes() object {
	all, none := object{"info": true, "warning": true, "critical": true}, object{"info": false, "warning": false, "critical": false}
	return object{"channels": object{"in_app": all, "email": none, "sms": none, "push": none}, "language": "hi", "quiet_hours": object{"from": "22:00", "to": "06:30"}}
}

func preferencesAreOnesOwn(t *testing.T, d *day) {
	d = d.elsewhere(t)
	before := d.Doctor.Get(t, "/api/notifications/preferences").Want(t, 200)
	after := d.Doctor.Put(t, "/api/notifications/preferences", wishes()).Want(t, 200)
	if after.Text("language") != "hi" || after.Path("quiet_hours.from") != "22:00" || after.Path("channels.email.critical") != false {
		t.Errorf("saved: %s", after.Body)
	}
	if read := d.Doctor.Get(t, "/api/notifications/preferences").Want(t, 200); string(read.Body) != string(after.Body) {
		t.Errorf("read: %s", read.Body)
	}
	if other := d.Nurse.Get(t, "/api/notifications/preferences").Want(t, 200); other.Text("language") != before.Text("language") {
		t.Errorf("another's: %s", other.Body)
	}
	silent := wishes()
	silent["channels"].(object)["in_app"] = object{"info": true, "warning": true, "critical": false}
	spoilt := func(change object) object {
		body := wishes()
		maps.Copy(body, change)
		return body
	}
	for name, body := range map[string]object{
		"nothing critical in the app": silent, "no hour": spoilt(object{"quiet_hours": object{"from": "25:00", "to": "06:00"}}),
		"no number": spoilt(object{"sms_to": "call me"}), "no language": spoilt(object{"language": "Hindi"}),
	} {
		if r := d.Doctor.Put(t, "/api/notifications/preferences", body); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	d.Auditor.Put(t, "/api/notifications/preferences", wishes()).WantProblem(t, 403, "auth.permission_denied")
}

func templatesAreChecked(t *testing.T, d *day) {
	d = d.elsewhere(t)
	templates := d.Admin.Get(t, "/api/notifications/templates").Want(t, 200).List("results")
	if len(templates) == 0 || len(templates[0].(object)["placeholders"].([]any)) == 0 {
		t.Fatalf("templates: %v", templates)
	}
	own := object{"kind": "critical_result", "channel": "email", "language": "en", "subject": "{severity}: look at HM", "body": "{what} at {facility}"}
	d.Doctor.Put(t, "/api/notifications/templates", own).WantProblem(t, 403, "auth.permission_denied")
	saved := d.Admin.Put(t, "/api/notifications/templates", own).Want(t, 200)
	if saved.Text("body") != own["body"] || saved.JSON["is_built_in"] != false {
		t.Errorf("saved: %s", saved.Body)
	}
	for name, change := range map[string]object{"an unknown placeholder": {"body": "{weather}"}, "nothing": {"body": " "}, "an unknown kind": {"kind": "gossip"}, "an unclosed brace": {"body": "{what"}} {
		body := maps.Clone(own)
		maps.Copy(body, change)
		if r := d.Admin.Put(t, "/api/notifications/templates", body); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	preview := d.Admin.Post(t, "/api/notifications/templates/preview", own).Want(t, 200)
	if preview.Text("body") == "" || strings.ContainsAny(preview.Text("body"), "{}") {
		t.Errorf("preview: %s", preview.Body)
	}
}

func noNameLeaves(t *testing.T, d *day) {
	d = d.elsewhere(t)
	settings := d.Admin.Get(t, "/api/notifications/settings").Want(t, 200)
	if settings.JSON["names_outside"] != false {
		t.Errorf("to begin with: %s", settings.Body)
	}
	d.Doctor.Put(t, "/api/notifications/settings", object{"names_outside": true}).WantProblem(t, 403, "auth.permission_denied")
	if changed := d.Admin.Put(t, "/api/notifications/settings", object{"names_outside": true}).Want(t, 200); changed.JSON["names_outside"] != true {
		t.Errorf("allowed: %s", changed.Body)
	}
}

func deliveriesAreShown(t *testing.T, d *day) {
	d = d.elsewhere(t)
	inbox(t, d.Doctor, "critical_result", d.critical(t).patient)
	shown := d.Admin.Get(t, "/api/notifications/deliveries?limit=200").Want(t, 200).List("results")
	if len(shown) == 0 {
		t.Error("nothing is shown")
	}
	for _, delivery := range shown {
		if delivery.(object)["status"] == "" || delivery.(object)["channel"] == "" {
			t.Errorf("delivery: %v", delivery)
		}
	}
	d.Doctor.Get(t, "/api/notifications/deliveries").WantProblem(t, 403, "auth.permission_denied")
}

func theStreamTellsOfNotifications(t *testing.T, d *day) {
	d = d.elsewhere(t)
	stream := follow(t, d.Doctor, "/api/stream", "")
	d.critical(t)
	seen, deadline := map[string]bool{}, time.After(20*time.Second)
	for !seen["notification"] || !seen["alert"] || !seen["lab_result"] {
		select {
		case event := <-stream.Events:
			seen[event.Topic] = true
			if event.members != 3 {
				t.Errorf("it tells more than topic, id and version: %+v", event)
			}
		case <-deadline:
			t.Fatalf("it only told of %v", seen)
		}
	}
}
