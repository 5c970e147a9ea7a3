package tasks_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks"
)

func completeInput(taskID uuid.UUID, overrides ...rulesapi.Override) tasks.CompleteInput {
	return tasks.CompleteInput{ByID: byID(taskID), Body: &rulesapi.Reasons{Overrides: overrides}}
}

func TestRulesDecideWhetherATaskIsCompleted(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		task := h.create(ctx, t, tx, e.ID, "transfuse")
		_, err := h.tasks.Complete(ctx, tx, completeInput(task.ID))
		wantCode(t, err, "rules.blocked")
		want(t, states(ctx, t, tx, e.ID), "transfuse OPEN")

		done, err := h.tasks.Complete(ctx, tx, completeInput(task.ID, rulesapi.Override{Rule: "base.two_nurses", Reason: "Alone at night."}))
		if err != nil || len(done.Warnings) != 2 || done.Warnings[0].Message != "Transfuse slowly." || done.Warnings[1].Message != "Watch." {
			t.Errorf("got %+v, %v", done.Warnings, err)
		}
		want(t, states(ctx, t, tx, e.ID), "transfuse DONE", "watch-patient OPEN")
		want(t, told(ctx, t, tx, e.ID), "created transfuse", "created watch-patient", "started transfuse", "done transfuse")

		// What is done already meets no rule.
		if again, err := h.tasks.Complete(ctx, tx, completeInput(task.ID)); err != nil || again.Warnings != nil {
			t.Errorf("got %+v, %v", again.Warnings, err)
		}
	})
}

func TestATaskThatARuleOpensIsOpenedOnce(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		fired := rulesapi.RuleFired{FiringID: uuid.New(), EncounterID: e.ID, PatientID: e.PatientID, Pack: "base", Moment: "task.complete", Rule: "base.watch", Effect: "open_task"}
		for range 2 {
			h.happen(ctx, t, tx, fired)
		}
		fired.Effect, fired.Rule = "notify", "base.slowly"
		h.happen(ctx, t, tx, fired)
		want(t, states(ctx, t, tx, e.ID), "watch-patient OPEN")
		page, err := h.tasks.List(ctx, tx, tasks.ListInput{EncounterID: e.ID, Ordering: "created_at", PageParams: httpx.PageParams{Limit: 10}})
		if err != nil || len(page.Results) != 1 || page.Results[0].Title != "Watch the patient" {
			t.Errorf("got %+v, %v", page.Results, err)
		}
	})
}

// Each firing asks anew: what was done after an earlier one does not answer it.
func TestARuleThatFiresAgainOpensItsTaskAgain(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		alone := rulesapi.Override{Rule: "base.two_nurses", Reason: "Alone at night."}
		transfuse := h.create(ctx, t, tx, e.ID, "transfuse")
		must := func(_ tasks.Task, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		fire := func() {
			t.Helper()
			must(h.tasks.Complete(ctx, tx, completeInput(transfuse.ID, alone)))
			want(t, states(ctx, t, tx, e.ID), "transfuse DONE", "watch-patient OPEN")
			must(h.tasks.Reopen(ctx, tx, byID(transfuse.ID)))
		}
		fire()
		var watch uuid.UUID
		if err := tx.QueryRow(ctx, `SELECT id FROM tasks.task WHERE encounter_id = $1 AND code = 'watch-patient'`, e.ID).Scan(&watch); err != nil {
			t.Fatal(err)
		}
		must(h.act(ctx, tx, watch, "assign"))
		fire() // it waits already
		for _, ending := range [][]string{{"complete"}, {"cancel"}, {"start", "cancel"}} {
			for _, name := range ending {
				must(h.act(ctx, tx, watch, name))
			}
			fire()
			again, err := h.tasks.Get(ctx, tx, byID(watch))
			if err != nil || again.StartedAt != nil || again.CompletedAt != nil || *again.AssignedToID != h.nurse {
				t.Errorf("after %v: got %+v, %v", ending, again, err)
			}
		}
		// Whoever has left does not get it back.
		must(h.act(ctx, tx, watch, "complete"))
		if _, err := tx.Exec(ctx, `UPDATE iam.membership SET is_active = false WHERE user_id = $1`, h.nurse); err != nil {
			t.Fatal(err)
		}
		fire()
		if again, err := h.tasks.Get(ctx, tx, byID(watch)); err != nil || again.AssignedToID != nil {
			t.Errorf("got %+v, %v", again, err)
		}
		var watching []string
		for _, event := range told(ctx, t, tx, e.ID) {
			if name, ours := strings.CutSuffix(event, " watch-patient"); ours {
				watching = append(watching, name)
			}
		}
		want(t, watching, "created", "assigned", "started", "done", "reopened", "cancelled", "reopened", "started", "cancelled", "reopened",
			"started", "done", "unassigned", "reopened")
		var outcomes []string
		err := tx.QueryRow(ctx, `SELECT array_agg(outcome ORDER BY id) FROM rules.firing WHERE rule = 'base.watch' AND encounter_id = $1`, e.ID).Scan(&outcomes)
		if err != nil {
			t.Fatal(err)
		}
		want(t, outcomes, "task_opened", "task_open_already", "task_opened", "task_opened", "task_opened", "task_opened")
	})
}

func TestAnEncounterThatIsOverGetsNoTaskFromARule(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{Status: encountersapi.StatusClosed}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.happen(ctx, t, tx, rulesapi.RuleFired{FiringID: uuid.New(), EncounterID: e.ID, PatientID: e.PatientID, Pack: "base", Moment: "task.complete", Rule: "base.watch", Effect: "open_task"})
		want(t, states(ctx, t, tx, e.ID))
	})
}

func (h house) completed(ctx context.Context, tx db.Tx, in tasks.ByID) (tasks.Task, error) {
	return h.tasks.Complete(ctx, tx, completeInput(in.ID))
}
