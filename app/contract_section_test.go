package app_test

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

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
