package orders_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/tasks"
)

func TestAnOrderIsDoneWithItsLastItem(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA", "CREAT"))
		half := must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		wantStates(t, half, "IN_PROGRESS: CBC COMPLETED, UREA REQUESTED, CREAT REQUESTED")
		less := must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 1)))
		wantStates(t, less, "IN_PROGRESS: CBC COMPLETED, UREA CANCELLED, CREAT REQUESTED")
		done := must(t)(w.CompleteItem(ctx, tx, item(made, 2)))
		wantStates(t, done, "COMPLETED: CBC COMPLETED, UREA CANCELLED, CREAT COMPLETED")
		if done.CompletedAt == nil || done.CancelledAt != nil || *done.Items[1].CancelReason != "Not needed" || done.Items[2].CompletedAt == nil || done.ETag() != `"4"` {
			t.Errorf("done is %+v", done)
		}
		want(t, told(ctx, t, tx, w.encounter.ID), "created", "item_completed CBC", "item_cancelled UREA", "item_completed CREAT", "completed")
	})
}

func TestCancellingTakesWhatIsOpen(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		untouched := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		gone := must(t)(w.Cancel(ctx, tx, cancelling(untouched.ID, " A slip ")))
		wantStates(t, gone, "CANCELLED: CBC CANCELLED, UREA CANCELLED")
		if *gone.CancelReason != "A slip" || gone.CancelledAt == nil || gone.CompletedAt != nil || *gone.Items[1].CancelReason != "A slip" {
			t.Errorf("cancelled is %+v", gone)
		}
	})
}

func TestWhatIsDoneOutlastsTheCancellingOfTheRest(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		rest := must(t)(w.Cancel(ctx, tx, cancelling(made.ID, "Enough")))
		wantStates(t, rest, "COMPLETED: CBC COMPLETED, UREA CANCELLED")
		if rest.CompletedAt == nil || rest.CancelledAt == nil || *rest.CancelReason != "Enough" {
			t.Errorf("the rest cancelled is %+v", rest)
		}
		again := must(t)(w.Cancel(ctx, tx, cancelling(made.ID, "Once more")))
		if again.ETag() != rest.ETag() || *again.CancelReason != "Enough" {
			t.Errorf("again changed it to %+v", again)
		}
		want(t, told(ctx, t, tx, w.encounter.ID), "created", "item_completed CBC", "item_cancelled UREA", "completed")
	})
}

func TestTheLastItemCancelledCancelsTheOrder(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 1)))
		gone := must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 0)))
		wantStates(t, gone, "CANCELLED: CBC CANCELLED, UREA CANCELLED")
		if gone.CancelReason == nil || *gone.CancelReason != "Not needed" {
			t.Errorf("cancelled is %+v", gone)
		}
		want(t, told(ctx, t, tx, w.encounter.ID), "created", "item_cancelled UREA", "item_cancelled CBC", "cancelled")
	})
}

func TestWhatHoldsChangesNothing(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		done := must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		again := must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 1)))
		last := must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 1)))
		if again.ETag() != done.ETag() || last.ETag() != `"3"` {
			t.Errorf("versions %s %s %s", done.ETag(), again.ETag(), last.ETag())
		}
		gone := w.order(ctx, t, tx, asking("LAB", "GOLD"))
		must(t)(w.Cancel(ctx, tx, cancelling(gone.ID, "A slip")))
		must(t)(w.Cancel(ctx, tx, cancelling(gone.ID, "A slip")))
		want(t, told(ctx, t, tx, w.encounter.ID), "created", "item_completed CBC", "item_cancelled UREA", "completed", "created", "item_cancelled GOLD", "cancelled")
	})
}

func TestIllegalMovesAreRefused(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 1)))
		_, err := w.CancelItem(ctx, tx, cancellingItem(made, 0))
		wantCode(t, err, "orders.illegal_transition")
		_, err = w.CompleteItem(ctx, tx, item(made, 1))
		wantCode(t, err, "orders.illegal_transition")
		_, err = w.Cancel(ctx, tx, cancelling(made.ID, "Too late"))
		wantCode(t, err, "orders.illegal_transition")
	})
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made, other := w.order(ctx, t, tx, asking("LAB", "CBC")), w.order(ctx, t, tx, asking("LAB", "UREA"))
		_, err := w.Get(ctx, tx, byID(unknown))
		wantCode(t, err, "orders.not_found")
		_, err = w.Cancel(ctx, tx, cancelling(unknown, "Nothing"))
		wantCode(t, err, "orders.not_found")
		foreign := item(made, 0)
		foreign.ItemID = other.Items[0].ID
		_, err = w.CompleteItem(ctx, tx, foreign)
		wantCode(t, err, "orders.item_not_found")
	})
}

func TestCancellingNeedsAReasonInWords(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC"))
		_, err := w.Cancel(ctx, tx, cancelling(made.ID, "  "))
		wantFaults(t, err, "orders.invalid", "body.reason")
		blank := cancellingItem(made, 0)
		blank.Body.Reason = "\t"
		_, err = w.CancelItem(ctx, tx, blank)
		wantFaults(t, err, "orders.invalid", "body.reason")
	})
}

func TestAfterItsEncounterClosedAnOrderGoesOn(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA"))
		encounterstest.SetStatus(ctx, t, tx, w.encounter.ID, encountersapi.StatusClosed)
		if err := w.bus.Publish(ctx, tx, encountersapi.Closed{EncounterID: w.encounter.ID, PatientID: w.encounter.PatientID}); err != nil {
			t.Fatal(err)
		}
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "CREATED: CBC REQUESTED, UREA REQUESTED")
		wantStates(t, must(t)(w.CompleteItem(ctx, tx, item(made, 0))), "IN_PROGRESS: CBC COMPLETED, UREA REQUESTED")
		wantStates(t, must(t)(w.Cancel(ctx, tx, cancelling(made.ID, "He left"))), "COMPLETED: CBC COMPLETED, UREA CANCELLED")
	})
}

func TestACancelledEncounterCancelsWhatIsOpenOfItsOrders(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made, begun := w.order(ctx, t, tx, asking("LAB", "CBC")), w.order(ctx, t, tx, asking("LAB", "UREA", "GOLD"))
		must(t)(w.CompleteItem(ctx, tx, item(begun, 0)))
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		elsewhere := must(t)(w.Place(ctx, tx, other.ID, asking("LAB", "CBC"), nil))
		encounterstest.SetStatus(ctx, t, tx, w.encounter.ID, encountersapi.StatusCancelled)
		if err := w.bus.Publish(ctx, tx, encountersapi.Cancelled{EncounterID: w.encounter.ID, PatientID: w.encounter.PatientID}); err != nil {
			t.Fatal(err)
		}
		gone := must(t)(w.Get(ctx, tx, byID(made.ID)))
		wantStates(t, gone, "CANCELLED: CBC CANCELLED")
		if *gone.CancelReason != "The encounter was cancelled." {
			t.Errorf("because %q", *gone.CancelReason)
		}
		wantStates(t, must(t)(w.Get(ctx, tx, byID(begun.ID))), "COMPLETED: UREA COMPLETED, GOLD CANCELLED")
		wantStates(t, must(t)(w.Get(ctx, tx, byID(elsewhere.ID))), "CREATED: CBC REQUESTED")
	})
}

// work opens the tasks that an item asked for and gives them in order.
func (w ward) work(ctx context.Context, t testing.TB, tx db.Tx, o ordersapi.Order) []tasks.Task {
	t.Helper()
	var all []tasks.Task
	for _, code := range []string{"prepare-kashaya", "hand-out"} {
		var in tasks.CreateInput
		in.Body.EncounterID, in.Body.Code = o.EncounterID, ordersapi.TaskCode(code, o.Items[0].ID)
		task, err := w.tasks.Create(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, task)
	}
	return all
}

func (w ward) begin(ctx context.Context, tx db.Tx, task tasks.Task) (tasks.Task, error) {
	return w.tasks.Start(ctx, tx, tasks.ByID{ID: task.ID})
}

func (w ward) finish(ctx context.Context, tx db.Tx, task tasks.Task) (tasks.Task, error) {
	return w.tasks.Complete(ctx, tx, tasks.CompleteInput{ByID: tasks.ByID{ID: task.ID}})
}

func (w ward) reopen(ctx context.Context, tx db.Tx, task tasks.Task) (tasks.Task, error) {
	return w.tasks.Reopen(ctx, tx, tasks.ByID{ID: task.ID})
}

func TestItemsFollowTheirTasks(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, brew())
		work := w.work(ctx, t, tx, made)
		act := func(do func(context.Context, db.Tx, tasks.Task) (tasks.Task, error), task tasks.Task, after string) {
			t.Helper()
			if _, err := do(ctx, tx, task); err != nil {
				t.Fatal(err)
			}
			wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), after)
		}
		act(w.begin, work[0], "IN_PROGRESS: NILAVEMBU IN_PROGRESS")
		act(w.finish, work[0], "IN_PROGRESS: NILAVEMBU IN_PROGRESS")
		act(w.finish, work[1], "COMPLETED: NILAVEMBU COMPLETED")
		act(w.reopen, work[1], "COMPLETED: NILAVEMBU COMPLETED")
		act(w.finish, work[1], "COMPLETED: NILAVEMBU COMPLETED")
		want(t, told(ctx, t, tx, w.encounter.ID), "created", "item_started NILAVEMBU", "item_completed NILAVEMBU", "completed")
	})
}

func TestATaskThatIsCancelledDoesNotHoldItsItemOpen(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, brew())
		work := w.work(ctx, t, tx, made)
		if _, err := w.tasks.Cancel(ctx, tx, tasks.ByID{ID: work[0].ID}); err != nil {
			t.Fatal(err)
		}
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "CREATED: NILAVEMBU REQUESTED")
		if _, err := w.finish(ctx, tx, work[1]); err != nil {
			t.Fatal(err)
		}
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "COMPLETED: NILAVEMBU COMPLETED")
	})
}

func TestTasksOfNoItemMoveNothing(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, brew())
		for _, code := range []string{"record-vitals", "prepare-kashaya-00000000", "prepare-kashaya"} {
			var in tasks.CreateInput
			in.Body.EncounterID, in.Body.Code = w.encounter.ID, code
			task, err := w.tasks.Create(ctx, tx, in)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.finish(ctx, tx, task); err != nil {
				t.Fatal(err)
			}
		}
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "CREATED: NILAVEMBU REQUESTED")
	})
}

func TestTasksDoNotWakeACancelledItem(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, brew())
		must(t)(w.Cancel(ctx, tx, cancelling(made.ID, "A slip")))
		for _, task := range w.work(ctx, t, tx, made) {
			_, err := w.finish(ctx, tx, task)
			wantCode(t, err, "tasks.illegal_transition") // cancelled with the item
		}
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "CANCELLED: NILAVEMBU CANCELLED")
	})
}
