package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractTasks(t *testing.T) {
	t.Parallel()
	section{
		"a task has these fields":                     aTaskHasTheseFields,
		"one task per encounter and code":             oneTaskPerEncounterAndCode,
		"every move from every status":                everyTaskMoveFromEveryStatus,
		"what holds already is no event":              whatHoldsAlreadyIsNoEvent,
		"each occurrence is told after a reopen":      eachOccurrenceIsTold,
		"a task is assigned to somebody who is here":  aTaskIsAssigned,
		"a task is overdue while it is to do":         aTaskIsOverdue,
		"tasks are found and ordered":                 tasksAreFound,
		"the workflow's tasks open and are completed": theWorkflowsTasks,
		"the end of the encounter ends its tasks":     theEndOfTheEncounter,
	}.hold(t, 1)
}

func aTaskHasTheseFields(t *testing.T, d *day) {
	encounter, nurse := d.visit(t), userID(t, d.Nurse)
	made := d.Doctor.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "dress-wound", "title": "Dress the wound", "assigned_to_id": nurse, "due_at": "2035-01-01T00:00:00Z"}).Want(t, 201)
	for name, want := range (object{"encounter_id": encounter, "code": "dress-wound", "title": "Dress the wound", "status": "OPEN", "assigned_to_id": nurse, "due_at": "2035-01-01T00:00:00Z",
		"started_at": nil, "completed_at": nil, "is_overdue": false, "patient_id": d.Nurse.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")}) {
		if got, present := made.JSON[name]; !present || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if made.Text("created_at") == "" || made.JSON["actions"] == nil {
		t.Errorf("made: %s", made.Body)
	}
	if read := d.Doctor.Get(t, "/api/tasks/"+made.ID()).Want(t, 200); string(read.Body) != string(made.Body) || read.Header.Get("ETag") != made.Header.Get("ETag") {
		t.Errorf("read: %s, made: %s", read.Body, made.Body)
	}
	// Without words of its own it has the workflow's, or its code's.
	if r := d.Doctor.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "call-the-family"}).Want(t, 201); r.Text("title") != "Call the family" || r.JSON["assigned_to_id"] != nil || r.JSON["due_at"] != nil {
		t.Errorf("bare: %s", r.Body)
	}
	d.Nurse.Get(t, "/api/tasks/"+uuid.NewString()).WantProblem(t, 404, "tasks.not_found")
	for name, body := range map[string]object{
		"no encounter": {"code": "x"}, "no code": {"encounter_id": encounter}, "a code that is no slug": {"encounter_id": encounter, "code": "Dress Wound"},
		"a stranger": {"encounter_id": encounter, "code": "x", "assigned_to_id": uuid.New()}, "no time": {"encounter_id": encounter, "code": "x", "due_at": "soon"},
		"a title of 256": {"encounter_id": encounter, "code": "x", "title": strings.Repeat("x", 256)},
	} {
		if r := d.Nurse.Post(t, "/api/tasks", body); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	d.Nurse.Post(t, "/api/tasks", object{"encounter_id": uuid.New(), "code": "x"}).WantProblem(t, 404, "encounters.not_found")
	d.Auditor.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "x"}).WantProblem(t, 403, "auth.permission_denied")
}

func oneTaskPerEncounterAndCode(t *testing.T, d *day) {
	encounter := d.visit(t)
	first := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "weigh", "title": "Weigh"}).Want(t, 201)
	again := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "weigh", "title": "Weigh twice"}).Want(t, 200)
	if string(again.Body) != string(first.Body) {
		t.Errorf("again: %s, first: %s", again.Body, first.Body)
	}
	if other := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": d.visit(t), "code": "weigh"}).Want(t, 201); other.ID() == first.ID() {
		t.Error("two encounters share a task")
	}
	if got := happened(t, d.Nurse, encounter); count(got, "TASK_CREATED") != 3 {
		t.Errorf("happened: %v", got)
	}
}

func count(all []string, one string) (n int) {
	for _, each := range all {
		if each == one {
			n++
		}
	}
	return n
}

var taskStatuses = []string{"OPEN", "IN_PROGRESS", "DONE", "CANCELLED"}

// taskMoves gives, by move and status, the status after it. What holds already stays; what is not here is illegal.
var taskMoves = map[string]map[string]string{
	"start":    {"OPEN": "IN_PROGRESS", "IN_PROGRESS": "IN_PROGRESS"},
	"complete": {"OPEN": "DONE", "IN_PROGRESS": "DONE", "DONE": "DONE"},
	"reopen":   {"DONE": "IN_PROGRESS", "IN_PROGRESS": "IN_PROGRESS"},
	"cancel":   {"OPEN": "CANCELLED", "IN_PROGRESS": "CANCELLED", "CANCELLED": "CANCELLED"},
}

// taskIn makes a task of a status.
func taskIn(t *testing.T, d *day, status string) (taskID string) {
	t.Helper()
	id := d.newTask(t)
	if move := map[string]string{"IN_PROGRESS": "start", "DONE": "complete", "CANCELLED": "cancel"}[status]; move != "" {
		d.Nurse.Post(t, "/api/tasks/"+id+"/"+move, nil).Want(t, 200)
	}
	return id
}

func everyTaskMoveFromEveryStatus(t *testing.T, d *day) {
	for _, status := range taskStatuses {
		for move, leads := range taskMoves {
			id := taskIn(t, d, status)
			before := d.Nurse.Get(t, "/api/tasks/"+id).Want(t, 200)
			if to, changes := leads[status], leads[status] != "" && leads[status] != status; slices.Contains(texts(before.List("actions")), move) != changes {
				t.Errorf("%s from %s leads to %q, actions %v", move, status, to, before.List("actions"))
			}
			r := d.Nurse.Post(t, "/api/tasks/"+id+"/"+move, nil)
			to, legal := leads[status]
			if !legal {
				r.WantProblem(t, 409, "tasks.illegal_transition")
				continue
			}
			if r.Want(t, 200); r.Text("status") != to || r.ID() != id {
				t.Errorf("%s from %s: %s", move, status, r.Body)
			}
			if started, done := r.Text("started_at") != "", r.Text("completed_at") != ""; done != (to == "DONE") || (to == "IN_PROGRESS" || to == "DONE") && !started {
				t.Errorf("%s from %s: %s", move, status, r.Body)
			}
		}
	}
	for _, move := range []string{"start", "complete", "reopen", "cancel", "assign", "unassign"} {
		var body any
		if move == "assign" {
			body = object{"assigned_to_id": uuid.New()}
		}
		d.Nurse.Post(t, "/api/tasks/"+uuid.NewString()+"/"+move, body).WantProblem(t, 404, "tasks.not_found")
		d.Auditor.Post(t, "/api/tasks/"+d.newTask(t)+"/"+move, body).WantProblem(t, 403, "auth.permission_denied")
	}
	if r := d.Auditor.Get(t, "/api/tasks/"+d.newTask(t)).Want(t, 200); len(r.List("actions")) != 0 {
		t.Errorf("the auditor may %v", r.List("actions"))
	}
	if r := d.Receptionist.Get(t, "/api/tasks/"+d.newTask(t)).Want(t, 200); slices.Contains(texts(r.List("actions")), "cancel") {
		t.Errorf("the receptionist may %v", r.List("actions"))
	}
}

func whatHoldsAlreadyIsNoEvent(t *testing.T, d *day) {
	task := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": d.visit(t), "code": "weigh"}).Want(t, 201)
	path, nurse := "/api/tasks/"+task.ID(), object{"assigned_to_id": userID(t, d.Nurse)}
	for _, step := range []struct {
		move string
		body any
		code string
	}{
		{"unassign", nil, ""}, {"assign", nurse, "TASK_ASSIGNED"}, {"start", nil, "TASK_STARTED"}, {"unassign", nil, "TASK_UNASSIGNED"}, {"complete", nil, "TASK_DONE"},
		{"reopen", nil, "TASK_REOPENED"}, {"cancel", nil, "TASK_CANCELLED"},
	} {
		before := happened(t, d.Nurse, task.Text("encounter_id"))
		first := d.Nurse.Post(t, path+"/"+step.move, step.body).Want(t, 200)
		for range 2 {
			if again := d.Nurse.Post(t, path+"/"+step.move, step.body).Want(t, 200); string(again.Body) != string(first.Body) || again.Header.Get("ETag") != first.Header.Get("ETag") {
				t.Errorf("%s again: %s, first: %s", step.move, again.Body, first.Body)
			}
		}
		want := before
		if step.code != "" {
			want = append(slices.Clone(before), step.code)
		}
		if got := happened(t, d.Nurse, task.Text("encounter_id")); !slices.Equal(got, want) {
			t.Errorf("%s: happened %v, want %v", step.move, got, want)
		}
	}
}

func eachOccurrenceIsTold(t *testing.T, d *day) {
	task := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": d.visit(t), "code": "weigh"}).Want(t, 201)
	for range 3 {
		d.Nurse.Post(t, "/api/tasks/"+task.ID()+"/complete", nil).Want(t, 200)
		d.Nurse.Post(t, "/api/tasks/"+task.ID()+"/reopen", nil).Want(t, 200)
	}
	items := d.Nurse.Get(t, "/api/encounters/"+task.Text("encounter_id")+"/timeline").Want(t, 200).List("items")
	var told []string
	for _, item := range items {
		if meta := item.(object)["meta"].(object); meta["task_id"] == task.ID() {
			told = append(told, item.(object)["code"].(string))
		}
	}
	want := strings.Fields("TASK_CREATED TASK_STARTED TASK_DONE TASK_REOPENED TASK_DONE TASK_REOPENED TASK_DONE TASK_REOPENED")
	if !slices.Equal(told, want) {
		t.Errorf("told: %v", told)
	}
}

func aTaskIsAssigned(t *testing.T, d *day) {
	nurse, doctor := userID(t, d.Nurse), userID(t, d.Doctor)
	task := d.newTask(t)
	if r := d.Nurse.Post(t, "/api/tasks/"+task+"/assign", object{"assigned_to_id": nurse}).Want(t, 200); r.Text("assigned_to_id") != nurse || r.Text("status") != "OPEN" {
		t.Errorf("assigned: %s", r.Body)
	}
	if r := d.Nurse.Post(t, "/api/tasks/"+task+"/assign", object{"assigned_to_id": doctor}).Want(t, 200); r.Text("assigned_to_id") != doctor {
		t.Errorf("reassigned: %s", r.Body)
	}
	if r := d.Nurse.Post(t, "/api/tasks/"+task+"/unassign", nil).Want(t, 200); r.JSON["assigned_to_id"] != nil {
		t.Errorf("unassigned: %s", r.Body)
	}
	eastern := userID(t, d.User(t, unique("eastern."), d.Facilities[1], "nurse"))
	for _, stranger := range []any{uuid.NewString(), eastern} {
		d.Nurse.Post(t, "/api/tasks/"+task+"/assign", object{"assigned_to_id": stranger}).WantProblem(t, 422, "tasks.invalid")
	}
	d.Nurse.Post(t, "/api/tasks/"+task+"/assign", object{}).WantProblem(t, 422, "request.invalid")
	for _, over := range []string{"DONE", "CANCELLED"} {
		d.Nurse.Post(t, "/api/tasks/"+taskIn(t, d, over)+"/assign", object{"assigned_to_id": nurse}).WantProblem(t, 409, "tasks.illegal_transition")
	}
}

func aTaskIsOverdue(t *testing.T, d *day) {
	late, encounter := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), d.visit(t)
	task := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "late", "due_at": late}).Want(t, 201)
	done := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "done", "due_at": late}).Want(t, 201)
	if task.JSON["is_overdue"] != true {
		t.Errorf("late: %s", task.Body)
	}
	if r := d.Nurse.Post(t, "/api/tasks/"+done.ID()+"/complete", nil).Want(t, 200); r.JSON["is_overdue"] != false {
		t.Errorf("done: %s", r.Body)
	}
	d.Nurse.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "early", "due_at": "2035-01-01T00:00:00Z"}).Want(t, 201)
	for query, want := range map[string]int{"overdue=true": 1, "overdue=false": 5, "": 5} {
		if found := d.Nurse.Get(t, "/api/tasks?encounter_id="+encounter+"&"+query).Want(t, 200).List("results"); len(found) != want || query == "overdue=true" && found[0].(object)["id"] != task.ID() {
			t.Errorf("%s finds %d", query, len(found))
		}
	}
}

func tasksAreFound(t *testing.T, d *day) {
	me := d.User(t, unique("finder."), d.Facilities[0], "nurse")
	mine, encounter := userID(t, me), d.visit(t)
	var made []string
	for i, due := range []any{"2034-03-01T00:00:00Z", nil, "2034-01-01T00:00:00Z", "2034-02-01T00:00:00Z"} {
		made = append(made, me.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": string(rune('a' + i)), "due_at": due}).Want(t, 201).ID())
		me.Post(t, "/api/tasks/"+made[i]+"/assign", object{"assigned_to_id": mine}).Want(t, 200)
	}
	me.Post(t, "/api/tasks/"+made[0]+"/start", nil).Want(t, 200)
	me.Post(t, "/api/tasks/"+made[1]+"/complete", nil).Want(t, 200)
	me.Post(t, "/api/tasks/"+made[2]+"/cancel", nil).Want(t, 200)
	of := func(client *apptest.Client, query string, places ...int) {
		t.Helper()
		var want []string
		for _, place := range places {
			want = append(want, made[place])
		}
		if got := keysOf(client.Get(t, "/api/tasks?"+query).Want(t, 200).List("results")); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v of %v", query, got, want, made)
		}
	}
	of(me, "mine=true", 3, 2, 1, 0)
	of(me, "mine=true&ordering=created_at", 0, 1, 2, 3)
	of(me, "mine=true&ordering=-created_at", 3, 2, 1, 0)
	of(me, "mine=true&ordering=due_at", 2, 3, 0, 1)
	of(me, "mine=true&ordering=-due_at", 0, 3, 2, 1)
	of(d.Doctor, "mine=true&encounter_id="+encounter)
	of(d.Doctor, "assigned_to_id="+mine, 3, 2, 1, 0)
	of(d.Doctor, "assigned_to_id="+uuid.NewString())
	of(me, "mine=true&status=IN_PROGRESS", 0)
	of(me, "mine=true&status=DONE", 1)
	of(me, "mine=true&status=CANCELLED", 2)
	of(me, "mine=true&status=OPEN", 3)
	of(me, "mine=true&status=OPEN,DONE", 3, 1)
	of(me, "mine=true&code=b", 1)
	of(me, "mine=true&code=z")
	of(me, "mine=true&due_before=2034-02-01T00:00:00Z", 2)
	of(me, "mine=true&due_after=2034-02-01T00:00:00Z", 3, 0)
	of(me, "mine=true&due_after=2034-01-15T00:00:00Z&due_before=2034-02-15T00:00:00Z", 3)
	of(me, "encounter_id="+uuid.NewString())
	if all := me.Get(t, "/api/tasks?encounter_id="+encounter).Want(t, 200).List("results"); len(all) != 6 {
		t.Errorf("the encounter has %d tasks", len(all))
	}
	for _, wrong := range []string{"status=LATE", "ordering=title", "due_before=tomorrow", "mine=perhaps", "assigned_to_id=me"} {
		me.Get(t, "/api/tasks?"+wrong).WantProblem(t, 422, "request.invalid")
	}
}

func theWorkflowsTasks(t *testing.T, d *day) {
	encounter := d.Encounter(t, d.Patient(t, "Worked"))
	status := func() string {
		var all []string
		for _, raw := range d.Nurse.Get(t, "/api/tasks?ordering=created_at&encounter_id="+encounter).Want(t, 200).List("results") {
			all = append(all, raw.(object)["code"].(string)+" "+raw.(object)["status"].(string))
		}
		slices.Sort(all)
		return strings.Join(all, ", ")
	}
	if got := status(); got != "doctor-consult OPEN, record-vitals OPEN" {
		t.Errorf("opened: %s", got)
	}
	d.Nurse.Post(t, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 70}).Want(t, 201)
	if got := status(); got != "doctor-consult OPEN, record-vitals DONE" {
		t.Errorf("after the vitals: %s", got)
	}
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/notes", object{"plan": "x"}).Want(t, 201)
	if got := status(); got != "doctor-consult OPEN, record-vitals DONE" {
		t.Errorf("after a note: %s", got)
	}
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/assessment", object{"diagnosis": "Well"}).Want(t, 201)
	if got := status(); got != "doctor-consult DONE, record-vitals DONE" {
		t.Errorf("after the assessment: %s", got)
	}
	if got := happened(t, d.Nurse, encounter); count(got, "TASK_CREATED") != 2 || count(got, "TASK_DONE") != 2 {
		t.Errorf("happened: %v", got)
	}
}

func theEndOfTheEncounter(t *testing.T, d *day) {
	encounter := d.visit(t)
	task := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "weigh"}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+encounter+"/cancel", object{"reason": "Left"}).Want(t, 200)
	if r := d.Nurse.Get(t, "/api/tasks/"+task).Want(t, 200); r.Text("status") != "CANCELLED" || len(r.List("actions")) != 0 {
		t.Errorf("after the end: %s", r.Body)
	}
	d.Nurse.Post(t, "/api/tasks/"+task+"/start", nil).Want(t, 409)
	d.Nurse.Post(t, "/api/tasks", object{"encounter_id": encounter, "code": "new"}).Want(t, 409)
}
