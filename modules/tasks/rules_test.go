package tasks_test

import (
	"context"
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
		if err != nil || len(done.Warnings) != 1 || done.Warnings[0].Message != "Transfuse slowly." {
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
