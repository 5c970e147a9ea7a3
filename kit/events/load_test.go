package events_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
)

var loads atomic.Uint64 // so that no two loads of a test have the same ids

func load(t *testing.T, d *testkit.Database, b *events.Bus, scope db.Scope, past ...events.Past) {
	t.Helper()
	ctx := db.WithScope(context.Background(), db.Tenant(scope.TenantID))
	err := d.Pool.InTx(ctx, func(tx db.Tx) error { return b.Load(ctx, tx, id.NewSource(loads.Add(1), 1), past) })
	if err != nil {
		t.Fatal(err)
	}
}

func relayAt(t *testing.T, d *testkit.Database) (eventID uuid.UUID) {
	t.Helper()
	err := d.Pool.Read(db.WithScope(context.Background(), db.System())).QueryRow(context.Background(), `SELECT id FROM events.relay`).Scan(&eventID)
	if err != nil {
		t.Fatal(err)
	}
	return eventID
}

func TestALoadedEventIsAsAPublishedOne(t *testing.T) {
	t.Parallel()
	b, scope := newBus(), testkit.NewScope()
	testkit.InScope(t, scope, func(ctx context.Context, tx db.Tx) {
		published, loaded := bedCleaned{BedID: id.New()}, bedCleaned{BedID: id.New()}
		if err := b.Publish(ctx, tx, published); err != nil {
			t.Fatal(err)
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		past := events.Past{Event: loaded, FacilityID: scope.FacilityID, ActorID: scope.UserID, At: tx.Now()}
		if err := b.Load(ctx, tx, id.NewSource(1, 1), []events.Past{past}); err != nil {
			t.Fatal(err)
		}
		var different int
		err := tx.QueryRow(ctx, `SELECT count(DISTINCT to_jsonb(e) - ARRAY['id', 'entity_id', 'payload', 'request_id'])
			FROM events.event e WHERE tenant_id = $1`, scope.TenantID).Scan(&different)
		if err != nil || different != 1 {
			t.Errorf("%d kinds of row (%v), want the loaded one as the published one", different, err)
		}
		var payload string
		err = tx.QueryRow(ctx, `SELECT payload->>'bed_id' FROM events.event WHERE tenant_id = $1 AND request_id = $2`, scope.TenantID, events.LoadedRequest).Scan(&payload)
		if err != nil || payload != loaded.BedID.String() {
			t.Errorf("the loaded event says %q, %v", payload, err)
		}
	})
}

func TestLoadedEventsAreToldToNobody(t *testing.T) {
	t.Parallel()
	d, b, scope := testkit.NewDatabase(t), newBus(), testkit.NewScope()
	var heard atomic.Int64
	events.After(b, "ward.listener", func(context.Context, db.Tx, bedCleaned) error { heard.Add(1); return nil })
	var past []events.Past
	for range 50 {
		past = append(past, events.Past{Event: bedCleaned{BedID: id.New()}, FacilityID: scope.FacilityID, At: testkit.Epoch.Add(-time.Hour)})
	}
	load(t, d, b, scope, past...)
	publish(t, d, b, scope)
	startWorker(t, d, b)
	eventually(t, "what was published is told", func() bool { return heard.Load() > 0 })
	time.Sleep(100 * time.Millisecond)
	if heard.Load() != 1 {
		t.Errorf("told of %d events, want only of the published one", heard.Load())
	}
}

func TestSkippingEndsBeforeWhatSomebodyIsToldOf(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, b, scope := testkit.NewDatabase(t), newBus(), testkit.NewScope()
	events.After(b, "ward.listener", func(context.Context, db.Tx, bedCleaned) error { return nil })
	load(t, d, b, scope, events.Past{Event: bedCleaned{BedID: id.New()}, At: testkit.Epoch})
	skip := func() {
		if err := b.SkipLoaded(ctx, d.Pool); err != nil {
			t.Fatal(err)
		}
	}
	// Other tests' transactions hold up what counts as committed for good.
	eventually(t, "the relay moves past what was loaded", func() bool { skip(); return relayAt(t, d) != uuid.Nil })
	behind := relayAt(t, d)
	publish(t, d, b, scope)
	load(t, d, b, scope, events.Past{Event: bedCleaned{BedID: id.New()}, At: testkit.Epoch})
	for range 20 {
		skip()
		if at := relayAt(t, d); at != behind {
			t.Fatalf("the relay moved to %s, past an event that somebody is to be told of", at)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
