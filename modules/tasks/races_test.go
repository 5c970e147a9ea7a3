package tasks_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

// twoNodes opens a second pool on a test's database.
func twoNodes(t *testing.T) [2]*db.Pool {
	t.Helper()
	d := testkit.NewDatabase(t)
	second, err := db.Open(context.Background(), d.Pool.Raw().Config().ConnString(), db.Options{Clock: d.Clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	return [2]*db.Pool{d.Pool, second}
}

func TestOfParallelPostsOneMakesTheTask(t *testing.T) {
	t.Parallel()
	h, nodes := newHouse(t), twoNodes(t)
	ctx := db.WithScope(context.Background(), testkit.NewScope())
	var encounterID uuid.UUID
	err := nodes[0].InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{}).ID
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	made, ids := 0, map[uuid.UUID]bool{}
	race(ctx, t, nodes, func(ctx context.Context, tx db.Tx) error {
		task, err := h.tasks.Create(ctx, tx, createInput(encounterID, "x"))
		tx.AfterCommit(func() {
			mu.Lock()
			defer mu.Unlock()
			ids[task.ID] = true
			if task.WasCreated() {
				made++
			}
		})
		return err
	})
	if made != 1 || len(ids) != 1 {
		t.Errorf("%d were made, %d tasks answered", made, len(ids))
	}
	wantTold(ctx, t, nodes[0], encounterID, "created x")
}

func TestParallelCompletionsCountOnce(t *testing.T) {
	t.Parallel()
	h, nodes := newHouse(t), twoNodes(t)
	ctx := db.WithScope(context.Background(), testkit.NewScope())
	var encounterID, taskID uuid.UUID
	err := nodes[0].InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{}).ID
		taskID = h.create(ctx, t, tx, encounterID, "x").ID
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	race(ctx, t, nodes, func(ctx context.Context, tx db.Tx) error {
		_, err := h.tasks.Complete(ctx, tx, completeInput(taskID))
		return err
	})
	wantTold(ctx, t, nodes[1], encounterID, "created x", "started x", "done x")
}

// race runs one act on both nodes, 32 times at once; each must succeed.
func race(ctx context.Context, t *testing.T, nodes [2]*db.Pool, act func(ctx context.Context, tx db.Tx) error) {
	t.Helper()
	var racing sync.WaitGroup
	for i := range 32 {
		racing.Go(func() {
			if err := nodes[i%2].InTx(ctx, func(tx db.Tx) error { return act(ctx, tx) }); err != nil {
				t.Error(err)
			}
		})
	}
	racing.Wait()
}

func wantTold(ctx context.Context, t *testing.T, node *db.Pool, encounterID uuid.UUID, expected ...string) {
	t.Helper()
	err := node.InTx(ctx, func(tx db.Tx) error {
		want(t, told(ctx, t, tx, encounterID), expected...)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A document may be amended while its encounter closes: whichever comes first, no task is left to do.
func TestNoTaskOpensInAnEncounterThatIsClosing(t *testing.T) {
	t.Parallel()
	h, nodes := newHouse(t), twoNodes(t)
	ctx := db.WithScope(context.Background(), testkit.NewScope())
	var e encountersapi.Encounter
	err := nodes[0].InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		e = encounterstest.Encounter(ctx, t, tx, encounterstest.With{Type: "DAYCARE"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var amending sync.WaitGroup
	err = nodes[0].InTx(ctx, func(tx db.Tx) error {
		end(ctx, t, tx, e, encountersapi.StatusClosed)
		h.happen(ctx, t, tx, encountersapi.Closed{EncounterID: e.ID, PatientID: e.PatientID})
		amending.Go(func() {
			err := nodes[1].InTx(ctx, func(tx db.Tx) error {
				return h.bus.Publish(ctx, tx, clinicaldocsapi.DocumentAmended{About: clinicaldocsapi.About{EncounterID: e.ID, PatientID: e.PatientID}})
			})
			if err != nil {
				t.Error(err)
			}
		})
		untilSomeoneWaits(t, nodes[0])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	amending.Wait()
	err = nodes[0].InTx(ctx, func(tx db.Tx) error {
		want(t, states(ctx, t, tx, e.ID))
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// untilSomeoneWaits returns once a transaction stands before another's lock.
func untilSomeoneWaits(t *testing.T, node *db.Pool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var waiting int
		err := node.Raw().QueryRow(context.Background(),
			`SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
		if waiting > 0 {
			return
		}
	}
	t.Fatal("nobody waits")
}
