package orders_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/tasks"
)

func inDatabase(ctx context.Context, t testing.TB, d *testkit.Database, fn func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		fn(ctx, tx)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// open makes the facility and the encounter of a ward in tx's scope.
func (w *ward) open(ctx context.Context, t testing.TB, tx db.Tx) {
	t.Helper()
	facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
	w.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
}

// race runs acts at once, each in a transaction of its own, and gives how many succeeded. Others may be refused as
// illegal; anything else, such as a deadlock, is an error.
func race(ctx context.Context, t *testing.T, d *testkit.Database, acts ...func(tx db.Tx) error) int {
	t.Helper()
	var racing sync.WaitGroup
	var won atomic.Int32
	for _, act := range acts {
		racing.Go(func() {
			err := d.Pool.InTx(ctx, act)
			switch e := errs.Of(err); {
			case err == nil:
				won.Add(1)
			case e == nil || !strings.HasSuffix(e.Code, ".illegal_transition"):
				t.Error(err)
			}
		})
	}
	racing.Wait()
	return int(won.Load())
}

func TestOfACancelAndACompleteAtOnceOneWins(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	w, ctx := newModules(t), db.WithScope(context.Background(), testkit.NewScope())
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { w.open(ctx, t, tx) })
	for range 20 {
		var made ordersapi.Order
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { made = w.order(ctx, t, tx, asking("LAB", "CBC")) })
		won := race(ctx, t, d,
			func(tx db.Tx) error { _, err := w.CompleteItem(ctx, tx, item(made, 0)); return err },
			func(tx db.Tx) error { _, err := w.Cancel(ctx, tx, cancelling(made.ID, "A slip")); return err },
			func(tx db.Tx) error { _, err := w.CompleteItem(ctx, tx, item(made, 0)); return err },
			func(tx db.Tx) error { _, err := w.CancelItem(ctx, tx, cancellingItem(made, 0)); return err })
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			got := states(must(t)(w.Get(ctx, tx, byID(made.ID))))
			if won != 2 || got != "COMPLETED: CBC COMPLETED" && got != "CANCELLED: CBC CANCELLED" {
				t.Errorf("%d of two pairs succeeded, and it is %s", won, got)
			}
		})
	}
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		if got := told(ctx, t, tx, w.encounter.ID); len(got) != 60 {
			t.Errorf("20 orders, each placed, its item and it ended once, make 60 events, not %d", len(got))
		}
	})
}

func TestDifferentItemsAreDoneAtOnce(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	w, ctx := newModules(t), db.WithScope(context.Background(), testkit.NewScope())
	var made ordersapi.Order
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		w.open(ctx, t, tx)
		made = w.order(ctx, t, tx, asking("LAB", "CBC", "UREA", "COPPER", "CREAT"))
	})
	var acts []func(tx db.Tx) error
	for i := range made.Items {
		acts = append(acts, func(tx db.Tx) error { _, err := w.CompleteItem(ctx, tx, item(made, i)); return err })
	}
	if won := race(ctx, t, d, acts...); won != len(acts) {
		t.Errorf("%d of %d succeeded", won, len(acts))
	}
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		wantStates(t, must(t)(w.Get(ctx, tx, byID(made.ID))), "COMPLETED: CBC COMPLETED, UREA COMPLETED, COPPER COMPLETED, CREAT COMPLETED")
	})
}

func TestTasksAndOrdersDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	w, ctx := newModules(t), db.WithScope(context.Background(), testkit.NewScope())
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { w.open(ctx, t, tx) })
	for range 20 {
		var made ordersapi.Order
		var work []tasks.Task
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			made = w.order(ctx, t, tx, brew())
			work = w.work(ctx, t, tx, made)
		})
		race(ctx, t, d,
			func(tx db.Tx) error { _, err := w.finish(ctx, tx, work[0]); return err },
			func(tx db.Tx) error { _, err := w.finish(ctx, tx, work[1]); return err },
			func(tx db.Tx) error { _, err := w.Cancel(ctx, tx, cancelling(made.ID, "A slip")); return err },
			func(tx db.Tx) error { _, err := w.CompleteItem(ctx, tx, item(made, 0)); return err })
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			got := states(must(t)(w.Get(ctx, tx, byID(made.ID))))
			if got != "COMPLETED: NILAVEMBU COMPLETED" && got != "CANCELLED: NILAVEMBU CANCELLED" {
				t.Errorf("it is %s", got)
			}
		})
	}
}
