package events_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type bedCleaned struct {
	BedID uuid.UUID `json:"bed_id"`
}

func (bedCleaned) EventName() string        { return "ward.bed_cleaned.v1" }
func (e bedCleaned) EventKeys() events.Keys { return events.Keys{Entity: "bed", EntityID: e.BedID} }

func newBus() *events.Bus {
	b := events.NewBus()
	events.Declare[bedCleaned](b, "ward")
	return b
}

func publish(t *testing.T, d *testkit.Database, b *events.Bus, scope db.Scope) bedCleaned {
	t.Helper()
	e := bedCleaned{BedID: id.New()}
	ctx := db.WithScope(context.Background(), scope)
	if err := d.Pool.InTx(ctx, func(tx db.Tx) error { return b.Publish(ctx, tx, e) }); err != nil {
		t.Error(err)
	}
	return e
}

func startWorker(t *testing.T, d *testkit.Database, b *events.Bus) {
	t.Helper()
	w, err := events.NewWorker(b, d.Pool, telemetry.NewMetrics())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := w.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

// eventually waits for what another goroutine brings about; it fails only when it never comes.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Errorf("never: %s", what)
}

func TestAnUndeclaredEventCannotBePublished(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		if err := events.NewBus().Publish(ctx, tx, bedCleaned{BedID: id.New()}); err == nil {
			t.Error("published")
		}
	})
}

func TestWithinRunsInTheTransactionAndMayUndoIt(t *testing.T) {
	t.Parallel()
	b := newBus()
	failure := errors.New("no")
	events.Within(b, "ward.refuse", func(context.Context, db.Tx, bedCleaned) error { return failure })
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		if err := b.Publish(ctx, tx, bedCleaned{BedID: id.New()}); !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
	})
}

func TestEventsNeverChange(t *testing.T) {
	t.Parallel()
	d, b, scope := testkit.NewDatabase(t), newBus(), testkit.NewScope()
	publish(t, d, b, scope)
	for _, sql := range []string{`UPDATE events.event SET name = 'ward.other.v1'`, `DELETE FROM events.event`, `TRUNCATE events.event`} {
		if _, err := d.Pool.Read(db.WithScope(t.Context(), scope)).Exec(t.Context(), sql); err == nil {
			t.Errorf("%s was allowed to the application", sql)
		}
	}
}

func TestAfterDeliversEachEventOnceInItsOwnScope(t *testing.T) {
	t.Parallel()
	d, b := testkit.NewDatabase(t), newBus()
	var mu sync.Mutex
	delivered := map[uuid.UUID][]db.Scope{}
	events.After(b, "ward.note", func(_ context.Context, tx db.Tx, e bedCleaned) error {
		tx.AfterCommit(func() {
			mu.Lock()
			defer mu.Unlock()
			delivered[e.BedID] = append(delivered[e.BedID], tx.Scope())
		})
		return nil
	})
	// Two nodes: between them each event is delivered once.
	startWorker(t, d, b)
	startWorker(t, d, b)
	want := map[uuid.UUID]db.Scope{}
	for range 30 {
		scope := testkit.NewScope()
		want[publish(t, d, b, scope).BedID] = scope
	}
	eventually(t, "all are delivered", func() bool { mu.Lock(); defer mu.Unlock(); return len(delivered) == len(want) })
	time.Sleep(500 * time.Millisecond) // a second delivery would come now
	mu.Lock()
	defer mu.Unlock()
	for bed, scopes := range delivered {
		if len(scopes) != 1 || scopes[0] != want[bed] {
			t.Errorf("bed %s: delivered %v, want once in %v", bed, scopes, want[bed])
		}
	}
}

func TestAfterTriesAgainAndItsFailedEffectsAreUndone(t *testing.T) {
	t.Parallel()
	d, b, scope := testkit.NewDatabase(t), newBus(), testkit.NewScope()
	var attempts atomic.Int32
	events.After(b, "ward.stumble", func(ctx context.Context, tx db.Tx, e bedCleaned) error {
		if _, err := tx.Exec(ctx, `INSERT INTO events.delivery (tenant_id, event_id, subscriber, delivered_at) VALUES ($1, $2, 'effect', now())`, tx.Scope().TenantID, e.BedID); err != nil {
			return err
		}
		if attempts.Add(1) == 1 {
			return errors.New("stumbled")
		}
		return nil
	})
	startWorker(t, d, b)
	publish(t, d, b, scope)
	eventually(t, "the second attempt succeeds", func() bool {
		var effects int
		err := d.Pool.Read(db.WithScope(t.Context(), scope)).QueryRow(t.Context(), `SELECT count(*) FROM events.delivery WHERE subscriber = 'effect'`).Scan(&effects)
		return err == nil && effects == 1 && attempts.Load() == 2
	})
}

func TestALateCommitIsNotSkipped(t *testing.T) {
	t.Parallel()
	d, b, scope := testkit.NewDatabase(t), newBus(), testkit.NewScope()
	var mu sync.Mutex
	delivered := map[uuid.UUID]bool{}
	events.After(b, "ward.note", func(_ context.Context, tx db.Tx, e bedCleaned) error {
		tx.AfterCommit(func() { mu.Lock(); defer mu.Unlock(); delivered[e.BedID] = true })
		return nil
	})
	startWorker(t, d, b)
	late := bedCleaned{BedID: id.New()}
	ctx := db.WithScope(context.Background(), scope)
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		if err := b.Publish(ctx, tx, late); err != nil {
			return err
		}
		if err := tx.Flush(ctx); err != nil { // its row has its transaction id now
			return err
		}
		for range 20 { // later transactions, committed first
			publish(t, d, b, scope)
		}
		time.Sleep(600 * time.Millisecond) // the relay looks meanwhile
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the late one is delivered", func() bool { mu.Lock(); defer mu.Unlock(); return delivered[late.BedID] && len(delivered) == 21 })
}

func listen(t *testing.T, hub *events.Hub, scope db.Scope) (*events.Listener, func()) {
	t.Helper()
	listener, leave, err := hub.Listen(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	return listener, leave
}

// The hub sleeps while nobody listens, and may take its time to wake.
func TestTheFirstListenerOfANodeMissesNothing(t *testing.T) {
	t.Parallel()
	d, b := testkit.NewDatabase(t), newBus()
	here := testkit.NewScope()
	hub := events.NewHub(d.Pool)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	for round := range 2 { // the second time after everybody has left
		listener, leave := listen(t, hub, here)
		want := publish(t, d, b, here)
		if round == 0 {
			go hub.Run(ctx)
		}
		// What happened just before may be told as well.
		for told := ""; told != want.BedID.String(); {
			select {
			case hint := <-listener.Hints:
				told = hint.ID
			case <-time.After(10 * time.Second):
				t.Fatal("no hint came")
			}
		}
		leave()
		time.Sleep(600 * time.Millisecond) // it falls asleep
	}
}

func TestHintsReachTheirScopeOnly(t *testing.T) {
	t.Parallel()
	d, b := testkit.NewDatabase(t), newBus()
	hub := events.NewHub(d.Pool)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go hub.Run(ctx)
	here := testkit.NewScope()
	elsewhere := db.Scope{TenantID: here.TenantID, FacilityID: uuid.New()}
	listener, leave := listen(t, hub, here)
	defer leave()
	publish(t, d, b, elsewhere)
	publish(t, d, b, testkit.NewScope())
	want := publish(t, d, b, here)
	select {
	case hint := <-listener.Hints:
		if hint.ID != want.BedID.String() || hint.Topic != "bed" {
			t.Errorf("got %+v", hint)
		}
		position, err := events.ParsePosition(hint.Position.String())
		if err != nil || position != hint.Position {
			t.Errorf("position %v does not survive its text: %v", hint.Position, err)
		}
		publish(t, d, b, elsewhere)
		next := publish(t, d, b, here)
		eventually(t, "the returning client is told what it missed", func() bool {
			missed, told, err := hub.Missed(t.Context(), here, position)
			return err == nil && told && len(missed) == 1 && missed[0].ID == next.BedID.String()
		})
	case <-time.After(10 * time.Second):
		t.Error("no hint came")
	}
}
