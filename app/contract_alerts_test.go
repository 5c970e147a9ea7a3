package app_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/clock"
)

func TestContractAlerts(t *testing.T) {
	t.Parallel()
	section{
		"an alert has these fields":                         anAlertHasTheseFields,
		"every move of an alert from every status":          everyAlertMoveFromEveryStatus,
		"alerts are found":                                  alertsAreFound,
		"a critical result is somebody's task":              aCriticalResultIsATask,
		"whoever may not acknowledge cannot tick it off":    whoMayNotAcknowledge,
		"an unacknowledged critical result blocks closing":  criticalBlocksClosing,
		"a correction that is not critical ends the alert":  aHarmlessCorrection,
		"a released critical result stays one when changed": aReleasedCriticalResult,
		"a rejected sample tells who took it":               aRejectedSampleTells,
		"quality control tells the pathologists":            qualityControlTells,
		"who may do what to an alert":                       whoMayDoWhatToAnAlert,
		"an alert stays in its facility":                    anAlertStaysInItsFacility,
		"policies, teams and duties are the tenant's":       policiesTeamsAndDuties,
		"time to acknowledge is counted":                    timeToAcknowledge,
	}.hold(t, 1)
}

// alert is the one of a kind in an encounter.
func (d *day) alert(t *testing.T, c *apptest.Client, encounter, kind string) apptest.Reply {
	t.Helper()
	for _, a := range c.Get(t, "/api/alerts?limit=200&encounter_id="+encounter).Want(t, 200).List("results") {
		if a.(object)["kind"] == kind {
			return c.Get(t, "/api/alerts/"+a.(object)["id"].(string)).Want(t, 200)
		}
	}
	t.Fatalf("the encounter has no alert %s", kind)
	return apptest.Reply{}
}

func acts(alert apptest.Reply) []string { return codes(alert.List("history"), "act") }

func anAlertHasTheseFields(t *testing.T, d *day) {
	test := d.critical(t)
	alert := d.alert(t, d.Doctor, test.encounter, "critical_result")
	for name, want := range (object{"kind": "critical_result", "severity": "CRITICAL", "status": "OPEN", "encounter_id": test.encounter, "patient_id": test.patient,
		"acknowledged_at": nil, "acknowledged_by": nil, "resolved_at": nil, "resolution": nil, "level": 0.0, "is_mine": true}) {
		if got, present := alert.JSON[name]; !present || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if alert.Path("subject.kind") != "lab_result" || alert.Path("facts.service_code") != "RFT" || alert.Path("facts.codes.0") != "K" || alert.Text("raised_at") == "" ||
		alert.Text("next_escalation_at") == "" || alert.Path("patient.mrn") == "" || alert.Text("title") == "" || alert.Header.Get("ETag") == "" {
		t.Errorf("alert: %s", alert.Body)
	}
	if who := alert.List("recipients"); len(who) != 1 || who[0].(object)["id"] != userID(t, d.Doctor) {
		t.Errorf("it is for %v", who)
	}
	if got := acts(alert); !slices.Equal(got, []string{"raised"}) {
		t.Errorf("history: %v", got)
	}
	d.Doctor.Get(t, "/api/alerts/"+nobodys()).WantProblem(t, 404, "alerts.not_found")
	if told := happened(t, d.Nurse, test.encounter); count(told, "ALERT_RAISED") != 1 {
		t.Errorf("happened: %v", told)
	}
}

func everyAlertMoveFromEveryStatus(t *testing.T, d *day) {
	moves := map[string]map[string]string{
		"acknowledge": {"OPEN": "ACKNOWLEDGED"},
		"resolve":     {"OPEN": "RESOLVED", "ACKNOWLEDGED": "RESOLVED"},
	}
	bodies := map[string]any{"acknowledge": object{"note": "On my way"}, "resolve": object{"resolution": "Calcium given"}}
	for _, status := range []string{"OPEN", "ACKNOWLEDGED", "RESOLVED"} {
		for move, leads := range moves {
			path := "/api/alerts/" + d.alert(t, d.Doctor, d.critical(t).encounter, "critical_result").ID()
			for _, before := range map[string][]string{"ACKNOWLEDGED": {"acknowledge"}, "RESOLVED": {"acknowledge", "resolve"}}[status] {
				d.Doctor.Post(t, path+"/"+before, bodies[before]).Want(t, 200)
			}
			if status != "RESOLVED" && !(status == "ACKNOWLEDGED" && move == "acknowledge") {
				if offered := d.Nurse.Get(t, path).Want(t, 200).List("actions"); len(offered) != 0 {
					t.Errorf("whom it does not concern is offered %v", offered)
				}
				d.Nurse.Post(t, path+"/"+move, bodies[move]).WantProblem(t, 403, "alerts.not_for_you")
			}
			before := d.Admin.Get(t, path).Want(t, 200)
			to, legal := leads[status]
			if slices.Contains(texts(before.List("actions")), move) != legal {
				t.Errorf("%s from %s is offered: %v", move, status, before.List("actions"))
			}
			r := d.Admin.Post(t, path+"/"+move, bodies[move]) // another than who did what was before
			if !legal {
				r.WantProblem(t, 409, "alerts.illegal_transition")
				continue
			}
			if r.Want(t, 200); r.Text("status") != to {
				t.Errorf("%s from %s leads to %s", move, status, r.Text("status"))
			}
			again := d.Admin.Post(t, path+"/"+move, bodies[move]).Want(t, 200)
			if again.Header.Get("ETag") != r.Header.Get("ETag") || len(acts(again)) != len(acts(r)) {
				t.Errorf("%s twice by the same changed it again", move)
			}
		}
	}
	path := "/api/alerts/" + d.alert(t, d.Doctor, d.critical(t).encounter, "critical_result").ID()
	seen := d.Doctor.Post(t, path+"/acknowledge", bodies["acknowledge"]).Want(t, 200)
	if seen.Text("acknowledged_at") == "" || seen.Path("acknowledged_by.id") != userID(t, d.Doctor) || seen.JSON["next_escalation_at"] != nil || !slices.Equal(acts(seen), []string{"raised", "acknowledged"}) || seen.Path("history.1.note") != "On my way" {
		t.Errorf("acknowledged: %s", seen.Body)
	}
	d.Doctor.Post(t, path+"/resolve", object{}).Want(t, 422)
	if over := d.Doctor.Post(t, path+"/resolve", bodies["resolve"]).Want(t, 200); over.Text("resolution") != "Calcium given" || over.Path("resolved_by.id") != userID(t, d.Doctor) {
		t.Errorf("resolved: %s", over.Body)
	}
	for move := range moves {
		d.Doctor.Post(t, "/api/alerts/"+nobodys()+"/"+move, bodies[move]).WantProblem(t, 404, "alerts.not_found")
	}
}

func alertsAreFound(t *testing.T, d *day) {
	test := d.critical(t)
	id := d.alert(t, d.Doctor, test.encounter, "critical_result").ID()
	for query, want := range map[string]bool{
		"": true, "&status=OPEN": true, "&status=ACKNOWLEDGED": false, "&severity=CRITICAL": true, "&severity=INFO": false, "&mine=true": true,
	} {
		found := slices.Contains(codes(d.Doctor.Get(t, "/api/alerts?limit=200&encounter_id="+test.encounter+query).Want(t, 200).List("results"), "id"), id)
		if found != want {
			t.Errorf("%q finds it: %t", query, found)
		}
	}
	if mine := d.Nurse.Get(t, "/api/alerts?mine=true&encounter_id="+test.encounter).Want(t, 200).List("results"); len(mine) != 0 {
		t.Errorf("it is a nurse's too: %v", mine)
	}
	d.Doctor.Get(t, "/api/alerts?status=GONE").Want(t, 422)
	d.Doctor.Get(t, "/api/alerts?severity=BAD").Want(t, 422)
}

func (d *day) ackTask(t *testing.T, encounter string) object {
	t.Helper()
	found := d.Nurse.Get(t, "/api/tasks?code=critical-result-ack&encounter_id="+encounter).Want(t, 200).List("results")
	if len(found) != 1 {
		t.Fatalf("%d tasks to acknowledge", len(found))
	}
	return found[0].(object)
}

func aCriticalResultIsATask(t *testing.T, d *day) {
	encounter := d.visit(t)
	enter := func() {
		d.enter(t, d.receive(t, d.take(t, d.ask(t, encounter, "RFT")...)[0]), renal(7.1))
	}
	enter()
	task := d.ackTask(t, encounter)
	if task["status"] != "OPEN" || task["assigned_to_id"] != userID(t, d.Doctor) {
		t.Errorf("the task: %v", task)
	}
	enter()
	open := d.Doctor.Get(t, "/api/alerts?status=OPEN&encounter_id="+encounter).Want(t, 200).List("results")
	if len(open) != 2 {
		t.Fatalf("open: %v", open)
	}
	for i, alert := range open {
		if d.ackTask(t, encounter)["status"] != "OPEN" {
			t.Errorf("the task is over with %d unacknowledged", len(open)-i)
		}
		d.Doctor.Post(t, "/api/alerts/"+alert.(object)["id"].(string)+"/acknowledge", nil).Want(t, 200)
	}
	if task := d.ackTask(t, encounter); task["status"] != "DONE" {
		t.Errorf("after the last: %v", task)
	}
	enter()
	if task := d.ackTask(t, encounter); task["status"] != "OPEN" {
		t.Errorf("after another: %v", task)
	}
	// Ticking it off is acknowledging.
	d.Doctor.Post(t, "/api/tasks/"+d.ackTask(t, encounter)["id"].(string)+"/complete", nil).Want(t, 200)
	if open := d.Doctor.Get(t, "/api/alerts?status=OPEN&encounter_id="+encounter).Want(t, 200).List("results"); len(open) != 0 {
		t.Errorf("still open: %v", open)
	}
	if told := happened(t, d.Nurse, encounter); count(told, "ALERT_RAISED") != 3 || count(told, "ALERT_ACKNOWLEDGED") != 3 {
		t.Errorf("happened: %v", told)
	}
}

func whoMayNotAcknowledge(t *testing.T, d *day) {
	test := d.critical(t)
	d.Receptionist.Post(t, "/api/tasks/"+d.ackTask(t, test.encounter)["id"].(string)+"/complete", nil).WantProblem(t, 409, "alerts.acknowledge_first")
	if task := d.ackTask(t, test.encounter); task["status"] != "OPEN" {
		t.Errorf("the task: %v", task)
	}
}

func criticalBlocksClosing(t *testing.T, d *day) {
	encounter := d.closable(t)
	d.enter(t, d.receive(t, d.take(t, d.ask(t, encounter, "RFT")...)[0]), renal(7.1))
	gate := d.Doctor.Get(t, "/api/encounters/"+encounter+"/close-gate").Want(t, 200)
	if gate.JSON["can_close"] != false || len(gate.List("blocking")) == 0 {
		t.Errorf("gate: %s", gate.Body)
	}
	if r := d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).WantProblem(t, 409, "encounters.close_blocked"); r.Path("gate.can_close") != false {
		t.Errorf("blocked: %s", r.Body)
	}
	d.Doctor.Post(t, "/api/alerts/"+d.alert(t, d.Doctor, encounter, "critical_result").ID()+"/acknowledge", nil).Want(t, 200)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).Want(t, 200)
}

func aHarmlessCorrection(t *testing.T, d *day) {
	test := d.critical(t)
	d.correct(t, test, renal(4.1))
	alert := d.alert(t, d.Doctor, test.encounter, "critical_result")
	if alert.Text("status") != "RESOLVED" || alert.Text("resolution") != "superseded" || d.ackTask(t, test.encounter)["status"] != "DONE" {
		t.Errorf("after the correction: %s", alert.Body)
	}
}

// Whoever saw the first one may have acted on it.
func aReleasedCriticalResult(t *testing.T, d *day) {
	test := d.release(t, d.verify(t, d.critical(t)))
	d.correct(t, test, renal(4.1))
	alert := d.alert(t, d.Doctor, test.encounter, "critical_result")
	if alert.Text("status") != "OPEN" || !slices.Contains(acts(alert), "corrected") {
		t.Errorf("after the correction: %s", alert.Body)
	}
}

func aRejectedSampleTells(t *testing.T, d *day) {
	test := d.sampleIn(t, "REJECTED")
	alert := d.alert(t, d.Nurse, test.encounter, "sample_rejected")
	if alert.Text("severity") != "WARNING" || alert.JSON["is_mine"] != true || alert.Path("facts.reason_code") != "HAEMOLYSED" || alert.Path("subject.kind") != "lab_sample" {
		t.Errorf("alert: %s", alert.Body)
	}
	// It is no reason to keep the encounter open.
	blocking := codes(d.Doctor.Get(t, "/api/encounters/"+test.encounter+"/close-gate").Want(t, 200).List("blocking"), "rule")
	if slices.Contains(blocking, "base.critical_results_acknowledged") {
		t.Errorf("it blocks: %v", blocking)
	}
}

func qualityControlTells(t *testing.T, d *day) {
	d = d.elsewhere(t)
	d.holdBack(t, "CRP")
	found := d.Pathologist.Get(t, "/api/alerts?mine=true").Want(t, 200).List("results")
	if len(found) != 1 || found[0].(object)["kind"] != "quality_control" || found[0].(object)["patient"] != nil || found[0].(object)["encounter_id"] != nil {
		t.Errorf("alerts: %v", found)
	}
}

func whoMayDoWhatToAnAlert(t *testing.T, d *day) {
	path := "/api/alerts/" + d.alert(t, d.Doctor, d.critical(t).encounter, "critical_result").ID()
	d.Receptionist.Get(t, path).WantProblem(t, 403, "auth.permission_denied")
	d.Auditor.Get(t, path).Want(t, 200)
	for _, c := range []*apptest.Client{d.Receptionist, d.Auditor} {
		c.Post(t, path+"/acknowledge", nil).WantProblem(t, 403, "auth.permission_denied")
		c.Post(t, path+"/resolve", object{"resolution": "Done"}).WantProblem(t, 403, "auth.permission_denied")
	}
	if offered := d.Auditor.Get(t, path).Want(t, 200).List("actions"); len(offered) != 0 {
		t.Errorf("an auditor is offered %v", offered)
	}
}

func anAlertStaysInItsFacility(t *testing.T, d *day) {
	test, there := d.critical(t), d.sibling(t)
	path := "/api/alerts/" + d.alert(t, d.Doctor, test.encounter, "critical_result").ID()
	there.Get(t, path).WantProblem(t, 404, "alerts.not_found")
	there.Post(t, path+"/acknowledge", nil).WantProblem(t, 404, "alerts.not_found")
	there.Post(t, path+"/resolve", object{"resolution": "Done"}).WantProblem(t, 404, "alerts.not_found")
	if found := there.Get(t, "/api/alerts?encounter_id="+test.encounter).Want(t, 200).List("results"); len(found) != 0 {
		t.Errorf("it is listed: %v", found)
	}
}

func policiesTeamsAndDuties(t *testing.T, d *day) {
	d = d.elsewhere(t)
	policies := d.Admin.Get(t, "/api/alert-policies").Want(t, 200).List("results")
	if kinds := codes(policies, "kind"); !slices.Contains(kinds, "critical_result") || !slices.Contains(kinds, "test_overdue") {
		t.Errorf("policies: %v", kinds)
	}
	write := object{"severity": "CRITICAL", "steps": []object{{"after_minutes": 5, "to_role": "nurse"}}, "repeats": 0}
	d.Doctor.Put(t, "/api/alert-policies/critical_result", write).WantProblem(t, 403, "auth.permission_denied")
	d.Admin.Put(t, "/api/alert-policies/critical_result", write).Want(t, 200)
	d.Admin.Put(t, "/api/alert-policies/no_such_kind", write).Want(t, 404)
	if r := d.Admin.Put(t, "/api/alert-policies/critical_result", object{"steps": []object{{"after_minutes": 5}}}); r.StatusCode != 422 {
		t.Errorf("a step to nobody: %d %s", r.StatusCode, r.Body)
	}
	alert := d.alert(t, d.Doctor, d.critical(t).encounter, "critical_result")
	raised, _ := time.Parse(time.RFC3339, alert.Text("raised_at"))
	next, _ := time.Parse(time.RFC3339, alert.Text("next_escalation_at"))
	if next.Sub(raised) != 5*time.Minute {
		t.Errorf("it escalates after %v", next.Sub(raised))
	}
	for _, list := range []string{"/api/alert-teams", "/api/alert-duties"} {
		d.Admin.Get(t, list).Want(t, 200)
	}
}

func timeToAcknowledge(t *testing.T, d *day) {
	d.Doctor.Post(t, "/api/alerts/"+d.alert(t, d.Doctor, d.critical(t).encounter, "critical_result").ID()+"/acknowledge", nil).Want(t, 200)
	query := url.Values{"since": {time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)}, "until": {time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}}
	d.Admin.Get(t, "/api/alerts/analytics?"+query.Encode()).Want(t, 200)
	d.Receptionist.Get(t, "/api/alerts/analytics").WantProblem(t, 403, "auth.permission_denied")
}

// TestContractEscalation moves the house's clock: an alert that nobody acknowledges goes to others, and one that somebody
// did stays where it is.
func TestContractEscalation(t *testing.T) {
	t.Parallel()
	now := clock.NewManual(time.Now())
	d := &day{apptest.NewAt(t, now).Tenant(t, "asha", "MAIN", "EAST").Day(t)}
	ignored, seen := d.critical(t), d.critical(t)
	d.Doctor.Post(t, "/api/alerts/"+d.alert(t, d.Doctor, seen.encounter, "critical_result").ID()+"/acknowledge", nil).Want(t, 200)
	late := d.alert(t, d.Doctor, ignored.encounter, "critical_result")
	now.Advance(16 * time.Minute)
	var after apptest.Reply
	within(t, 10*time.Second, "the escalation", func() bool {
		doctor := d.House.SignIn(t, "doctor", apptest.Password).In(d.ID, d.Facilities[0]) // the access token was good for ten minutes
		after = doctor.Get(t, "/api/alerts/"+late.ID()).Want(t, 200)
		d.Doctor = doctor
		return after.JSON["level"] != 0.0
	})
	if after.Text("status") != "OPEN" || !slices.Contains(acts(after), "escalated") || after.JSON["level"] != 1.0 {
		t.Errorf("escalated: %s", after.Body)
	}
	if other := d.alert(t, d.Doctor, seen.encounter, "critical_result"); other.JSON["level"] != 0.0 {
		t.Errorf("acknowledged, and escalated: %s", other.Body)
	}
}
