package tasks_test

import (
	"context"
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/tasks"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

func TestCreateMakesATaskOnce(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		in := createInput(e.ID, "call-relative")
		in.Body.AssignedToID, in.Body.DueAt = ptr(h.nurse), ptr(tx.Now().Add(minutes(30)))
		first, err := h.tasks.Create(ctx, tx, in)
		if err != nil || !first.WasCreated() || first.Title != "Call relative" || first.Status != tasksapi.StatusOpen || first.PatientID != e.PatientID ||
			first.AssignedTo == nil || first.AssignedTo.FullName != "Sister Mary" || !first.DueAt.Equal(*in.Body.DueAt) || first.IsOverdue {
			t.Fatalf("got %+v, %v", first, err)
		}
		in.Body.Title = "Another title"
		second, err := h.tasks.Create(ctx, tx, in)
		if err != nil || second.WasCreated() || second.ID != first.ID || second.Title != first.Title {
			t.Errorf("got %+v, %v", second, err)
		}
		want(t, told(ctx, t, tx, e.ID), "created call-relative", "assigned call-relative")
	})
}

func TestCreateTakesTheWorkflowsTitle(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		if task := h.create(ctx, t, tx, e.ID, "doctor-consult"); task.Title != "Consult" {
			t.Errorf("got %q", task.Title)
		}
	})
}

func TestCreateRefusesAStrangerAsAssignee(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		in := createInput(e.ID, "x")
		in.Body.AssignedToID = ptr(unknown)
		_, err := h.tasks.Create(ctx, tx, in)
		if fault := errs.Of(err); fault == nil || fault.Kind != errs.KindInvalid || fault.Fields[0].Location != "body.assigned_to_id" {
			t.Errorf("got %v", err)
		}
	})
}

func TestCreateForAnUnknownEncounterIsNotFound(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
		_, err := h.tasks.Create(ctx, tx, createInput(unknown, "x"))
		wantCode(t, err, "encounters.not_found")
	})
}

func TestMovesAndWhatTheyTell(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		moves  []string
		status tasksapi.Status
		told   []string
	}{
		"start":                    {[]string{"start"}, "IN_PROGRESS", []string{"started x"}},
		"start twice":              {[]string{"start", "start"}, "IN_PROGRESS", []string{"started x"}},
		"complete":                 {[]string{"start", "complete"}, "DONE", []string{"started x", "done x"}},
		"complete from open":       {[]string{"complete"}, "DONE", []string{"started x", "done x"}},
		"complete twice":           {[]string{"complete", "complete"}, "DONE", []string{"started x", "done x"}},
		"reopen":                   {[]string{"complete", "reopen"}, "IN_PROGRESS", []string{"started x", "done x", "reopened x"}},
		"reopen twice":             {[]string{"complete", "reopen", "reopen"}, "IN_PROGRESS", []string{"started x", "done x", "reopened x"}},
		"done again":               {[]string{"complete", "reopen", "complete"}, "DONE", []string{"started x", "done x", "reopened x", "done x"}},
		"cancel":                   {[]string{"cancel"}, "CANCELLED", []string{"cancelled x"}},
		"cancel twice":             {[]string{"start", "cancel", "cancel"}, "CANCELLED", []string{"started x", "cancelled x"}},
		"assign":                   {[]string{"assign"}, "OPEN", []string{"assigned x"}},
		"assign twice":             {[]string{"assign", "assign"}, "OPEN", []string{"assigned x"}},
		"unassign":                 {[]string{"start", "assign", "unassign"}, "IN_PROGRESS", []string{"started x", "assigned x", "unassigned x"}},
		"unassign what nobody has": {[]string{"unassign"}, "OPEN", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				task := h.create(ctx, t, tx, e.ID, "x")
				var err error
				for _, move := range c.moves {
					if task, err = h.act(ctx, tx, task.ID, move); err != nil {
						t.Fatal(move, err)
					}
				}
				if task.Status != c.status || (task.CompletedAt != nil) != (c.status == "DONE") {
					t.Errorf("got %+v", task)
				}
				want(t, told(ctx, t, tx, e.ID), append([]string{"created x"}, c.told...)...)
			})
		})
	}
}

func TestIllegalMovesAreRefused(t *testing.T) {
	t.Parallel()
	for name, moves := range map[string][]string{
		"reopen what never began":    {"reopen"},
		"start what is done":         {"complete", "start"},
		"cancel what is done":        {"complete", "cancel"},
		"assign what is done":        {"complete", "assign"},
		"unassign what is done":      {"assign", "complete", "unassign"},
		"start what is cancelled":    {"cancel", "start"},
		"complete what is cancelled": {"cancel", "complete"},
		"reopen what is cancelled":   {"cancel", "reopen"},
		"assign what is cancelled":   {"cancel", "assign"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				task := h.create(ctx, t, tx, e.ID, "x")
				for _, move := range moves[:len(moves)-1] {
					if _, err := h.act(ctx, tx, task.ID, move); err != nil {
						t.Fatal(err)
					}
				}
				_, err := h.act(ctx, tx, task.ID, moves[len(moves)-1])
				wantCode(t, err, "tasks.illegal_transition")
			})
		})
	}
}

func TestAnotherFacilitysTaskIsNotFound(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		task := h.create(ctx, t, tx, e.ID, "x")
		elsewhere := tx.Scope()
		elsewhere.FacilityID = unknown
		err := tx.Nested(ctx, elsewhere, func(tx db.Tx) error {
			ctx := db.WithScope(ctx, elsewhere)
			_, err := h.tasks.Get(ctx, tx, byID(task.ID))
			wantCode(t, err, "tasks.not_found")
			for _, move := range []string{"start", "complete", "reopen", "cancel", "assign", "unassign"} {
				_, err := h.act(ctx, tx, task.ID, move)
				wantCode(t, err, "tasks.not_found")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestActionsAreWhatTheCallerMayDo(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		task := h.create(ctx, t, tx, e.ID, "x")
		if expected := []string{"start", "complete", "cancel", "assign"}; !slices.Equal(task.Actions, expected) {
			t.Errorf("got %v, want %v", task.Actions, expected)
		}
		worker := auth.WithIdentity(ctx, &auth.Identity{Acting: &auth.Membership{Permissions: map[string]bool{tasks.CanWork: true}}})
		if _, err := h.act(ctx, tx, task.ID, "complete"); err != nil {
			t.Fatal(err)
		}
		task, err := h.tasks.Get(worker, tx, byID(task.ID))
		if err != nil || !slices.Equal(task.Actions, []string{"reopen"}) {
			t.Errorf("got %v, %v", task.Actions, err)
		}
	})
}

func TestBadStatesCannotBeSaidInSQLEither(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ set, constraint string }{
		"done without a start":       {"status = 'DONE', completed_at = now()", "task_moments"},
		"in progress without a time": {"status = 'IN_PROGRESS'", "task_moments"},
		"open and started":           {"started_at = now()", "task_moments"},
		"cancelled and completed":    {"status = 'CANCELLED', completed_at = now(), cancelled_at = now()", "task_moments"},
		"assigned at no time":        {"assigned_to_id = id", "task_assignment"},
		"a code that is no slug":     {"code = 'Record vitals'", "task_code_check"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				h.create(ctx, t, tx, e.ID, "x")
				if _, err := tx.Exec(ctx, `UPDATE tasks.task SET `+c.set); !db.Violates(err, c.constraint) {
					t.Errorf("got %v, want %s", err, c.constraint)
				}
			})
		})
	}
}
