package events_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
)

func TestInsertMissingAddsOnlyWhatIsMissing(t *testing.T) {
	t.Parallel()
	b := newBus()
	scope := testkit.NewScope()
	published, imported, actor := bedCleaned{BedID: id.New()}, bedCleaned{BedID: id.New()}, id.New()
	testkit.InScope(t, scope, func(ctx context.Context, tx db.Tx) {
		if err := b.Publish(ctx, tx, published); err != nil {
			t.Fatal(err)
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		then := tx.Now().Add(-48 * time.Hour)
		past := []events.Past{
			{Event: published, FacilityID: scope.FacilityID, At: tx.Now()},
			{Event: imported, FacilityID: scope.FacilityID, ActorID: actor, At: then},
			{Event: imported, FacilityID: scope.FacilityID, ActorID: actor, At: then.Add(time.Hour)},
		}
		for round, want := range []int64{2, 0} {
			added, err := b.InsertMissing(ctx, tx, past)
			if err != nil || added != want {
				t.Fatalf("round %d: added %d, want %d (%v)", round, added, want, err)
			}
		}
		var at time.Time
		var by uuid.UUID
		var payload string
		err := tx.QueryRow(ctx, `SELECT occurred_at, actor_id, payload->>'bed_id' FROM events.event WHERE tenant_id = $1 AND entity_id = $2 ORDER BY occurred_at LIMIT 1`,
			scope.TenantID, imported.BedID).Scan(&at, &by, &payload)
		if err != nil || !at.Equal(then) || by != actor || payload != imported.BedID.String() {
			t.Errorf("got %v by %v with %s, %v", at, by, payload, err)
		}
	})
}

func TestBackfillGoesThroughEveryBatchOfEveryTenant(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	b := newBus()
	tenants := []uuid.UUID{id.New(), id.New()}
	beds := map[uuid.UUID][]uuid.UUID{}
	for _, tenantID := range tenants {
		for range 3 {
			beds[tenantID] = append(beds[tenantID], id.New())
		}
	}
	step := func(ctx context.Context, tx db.Tx, after uuid.UUID) (uuid.UUID, int64, error) {
		for _, bed := range beds[tx.Scope().TenantID] {
			if bed.String() > after.String() {
				added, err := b.InsertMissing(ctx, tx, []events.Past{{Event: bedCleaned{BedID: bed}, At: testkit.Epoch}})
				return bed, added, err
			}
		}
		return uuid.Nil, 0, nil
	}
	for round, want := range []int64{6, 0} {
		added, err := events.Backfill(context.Background(), d.Pool, tenants, step)
		if err != nil || added != want {
			t.Fatalf("round %d: added %d, want %d (%v)", round, added, want, err)
		}
	}
}
