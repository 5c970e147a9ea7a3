package orders_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/tasks"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

func refs(o ordersapi.Order, places ...int) []labapi.ItemRef {
	var items []labapi.ItemRef
	for _, i := range places {
		items = append(items, labapi.ItemRef{ItemID: o.Items[i].ID, OrderID: o.ID, ServiceCode: o.Items[i].ServiceCode})
	}
	return items
}

func (w ward) happens(ctx context.Context, t testing.TB, tx db.Tx, e events.Event) {
	t.Helper()
	if err := w.bus.Publish(ctx, tx, e); err != nil {
		t.Fatal(err)
	}
}

func (w ward) collected(items ...labapi.ItemRef) labapi.SampleCollected {
	return labapi.SampleCollected{AboutSample: labapi.AboutSample{SampleID: id.New(), EncounterID: w.encounter.ID, PatientID: w.encounter.PatientID, Items: items}}
}

func (w ward) released(item labapi.ItemRef, correction bool) labapi.ResultReleased {
	return labapi.ResultReleased{IsCorrection: correction, AboutResult: labapi.AboutResult{
		ResultID: id.New(), EncounterID: w.encounter.ID, PatientID: w.encounter.PatientID, ItemRef: item}}
}

func TestATestBeginsWithItsSampleAndIsDoneWithItsResult(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		w.happens(ctx, t, tx, w.collected(refs(made, 0, 1)...))
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "IN_PROGRESS: CBC IN_PROGRESS, UREA IN_PROGRESS")
		w.happens(ctx, t, tx, w.collected(refs(made, 0)...)) // the first was rejected
		w.happens(ctx, t, tx, w.released(refs(made, 0)[0], false))
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "IN_PROGRESS: CBC COMPLETED, UREA IN_PROGRESS")
		w.happens(ctx, t, tx, w.released(refs(made, 1)[0], false))
		w.happens(ctx, t, tx, w.released(refs(made, 0)[0], true))
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "COMPLETED: CBC COMPLETED, UREA COMPLETED")
		got := told(ctx, t, tx, w.encounter.ID)
		want(t, got, "created", "item_started CBC", "item_started UREA", "item_completed CBC", "item_completed UREA", "completed")
	})
}

// One tube may serve several orders.
func TestASampleOfTwoOrdersBeginsBoth(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		one, other := w.order(ctx, t, tx, asking("LAB", "CBC")), w.order(ctx, t, tx, asking("LAB", "UREA"))
		w.happens(ctx, t, tx, w.collected(append(refs(one, 0), refs(other, 0)...)...))
		wantStates(t, must(t)(w.Get(ctx, tx, byID(one.ID))), "IN_PROGRESS: CBC IN_PROGRESS")
		wantStates(t, must(t)(w.Get(ctx, tx, byID(other.ID))), "IN_PROGRESS: UREA IN_PROGRESS")
	})
}

func TestTheLaboratoryDoesNotWakeWhatIsOver(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 0)))
		must(t)(w.CompleteItem(ctx, tx, item(made, 1)))
		w.happens(ctx, t, tx, w.collected(refs(made, 0, 1)...))
		w.happens(ctx, t, tx, w.released(refs(made, 0)[0], false))
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "COMPLETED: CBC CANCELLED, UREA COMPLETED")
	})
}

// When all that people had on their lists is ticked off there is still no result.
func TestTasksAloneNeverCompleteATest(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC"))
		open, err := tasks.Reader{}.OfEncounter(ctx, tx, tx.Scope(), w.encounter.ID)
		if err != nil || len(open) != 1 {
			t.Fatalf("%v, %v", open, err)
		}
		if _, err := w.finish(ctx, tx, tasks.Task{ID: open[0].ID}); err != nil {
			t.Fatal(err)
		}
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "IN_PROGRESS: CBC IN_PROGRESS")
	})
}

// Whoever completes a test by hand leaves nothing of it on anyone's list.
func TestATestCompletedByHandTakesItsTasksAlong(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC"))
		w.happens(ctx, t, tx, w.collected(refs(made, 0)...))
		must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		left, err := tasks.Reader{}.OfEncounter(ctx, tx, tx.Scope(), w.encounter.ID)
		if err != nil || len(left) != 2 || left[0].Status != tasksapi.StatusDone || left[1].Status != tasksapi.StatusCancelled {
			t.Errorf("%v, %v", left, err)
		}
	})
}

func TestAResultComesAfterTheEncounterClosed(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC"))
		w.happens(ctx, t, tx, w.collected(refs(made, 0)...))
		encounterstest.SetStatus(ctx, t, tx, w.encounter.ID, encountersapi.StatusClosed)
		w.happens(ctx, t, tx, encountersapi.Closed{EncounterID: w.encounter.ID, PatientID: w.encounter.PatientID})
		w.happens(ctx, t, tx, w.released(refs(made, 0)[0], false))
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "COMPLETED: CBC COMPLETED")
	})
}
