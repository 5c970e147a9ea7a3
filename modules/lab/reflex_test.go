package lab_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// waiting gives the tests of the encounter that are not RENAL's: "FREE RECEIVED".
func waiting(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID, service string) (states []string) {
	t.Helper()
	rows, err := tx.Query(ctx, `SELECT status FROM lab.request WHERE encounter_id = $1 AND service_code = $2 ORDER BY status`, encounterID, service)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var status string
		if err := rows.Scan(&status); err != nil {
			t.Fatal(err)
		}
		states = append(states, status)
	}
	return states
}

func TestARuleOrdersFurtherTestsOnTheSameSample(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "THYROID")
		r := b.enter(ctx, t, tx, item, "TSH", 9)
		if len(r.Warnings) != 1 || r.Warnings[0].Code != "base.reflex" {
			t.Errorf("warned %+v", r.Warnings)
		}
		want(t, waiting(ctx, t, tx, b.encounter.ID, "FREE"), "RECEIVED")
		work := must[httpx.Page[lab.Work]](t)(b.Worklist(ctx, tx, lab.WorklistInput{PageParams: first(10), Status: []string{"RECEIVED"}}))
		if len(work.Results) != 1 || work.Results[0].ServiceCode != "FREE" || work.Results[0].Sample.ID != r.SampleID {
			t.Fatalf("at work: %+v", work.Results)
		}
		b.enter(ctx, t, tx, work.Results[0].OrderItemID, "FT4", 0.5)
		want(t, waiting(ctx, t, tx, b.encounter.ID, "SALIVA")) // what a rule ordered calls for nothing further
		var orderedBy, first *uuid.UUID
		if err := tx.QueryRow(ctx, `SELECT f.ordered_by_id, t.ordered_by_id FROM lab.request f JOIN lab.request t ON t.order_item_id = f.reflex_of_id
			WHERE f.order_item_id = $1`, work.Results[0].OrderItemID).Scan(&orderedBy, &first); err != nil || orderedBy == nil || *orderedBy != *first {
			t.Errorf("who ordered the first hears of it: %v, %v: %v", orderedBy, first, err)
		}
	})
}

func TestARuleOrdersOnceForAnItem(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "THYROID")
		for range 3 {
			b.enter(ctx, t, tx, item, "TSH", 9)
		}
		want(t, waiting(ctx, t, tx, b.encounter.ID, "FREE"), "RECEIVED")
		b.enter(ctx, t, tx, b.received(ctx, t, tx, "THYROID"), "TSH", 9)
		want(t, waiting(ctx, t, tx, b.encounter.ID, "FREE"), "RECEIVED") // the encounter asks for it already
	})
}

// An answer of another day, or one that was given up, stands for nothing.
func TestARuleOrdersWhatIsNotAnsweredToday(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		asked, before := taking(b.ask(ctx, t, tx, "FREE")...), tx.Now().AddDate(0, 0, -3)
		asked.Body.CollectedAt = &before
		sample := must[labapi.Sample](t)(b.Collect(ctx, tx, asked))
		must[labapi.Sample](t)(b.Receive(ctx, tx, byID(sample.ID)))
		b.release(ctx, t, tx, b.verify(ctx, t, tx, b.enter(ctx, t, tx, asked.Body.OrderItemIDs[0], "FT4", 1).ID).ID)
		order, items := b.order(ctx, t, tx, "ROUTINE", "FREE")
		item := b.received(ctx, t, tx, "THYROID")
		b.enter(ctx, t, tx, item, "TSH", 9)
		want(t, waiting(ctx, t, tx, b.encounter.ID, "FREE"), "ORDERED", "RELEASED")
		cancelItem(ctx, t, tx, b, order, items[0])
		b.enter(ctx, t, tx, item, "TSH", 9.5)
		want(t, waiting(ctx, t, tx, b.encounter.ID, "FREE"), "CANCELLED", "RECEIVED", "RELEASED")
		b.released(ctx, t, tx, "THYROID", "TSH", 2)
	})
}

func TestAReflexFollowsWhenThePatientHasGone(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "THYROID")
		encounterstest.SetStatus(ctx, t, tx, b.encounter.ID, encountersapi.StatusClosed)
		b.enter(ctx, t, tx, item, "TSH", 9)
		want(t, waiting(ctx, t, tx, b.encounter.ID, "FREE"), "RECEIVED")
	})
}

func TestAReflexOfAnotherTubeWaitsForIt(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		b.enter(ctx, t, tx, b.received(ctx, t, tx, "FREE"), "FT4", 0.5)
		want(t, waiting(ctx, t, tx, b.encounter.ID, "SALIVA"), "ORDERED")
	})
}

// A rule on orders may stand in the way of what a rule on results asks for; the result stands.
func TestAReflexThatCannotBePlacedHoldsNothingBack(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "HIVTEST"), "HIV", "POS")
		if !r.IsCritical {
			t.Errorf("entered %+v", r)
		}
		want(t, waiting(ctx, t, tx, b.encounter.ID, "SALIVA"))
		want(t, waiting(ctx, t, tx, b.encounter.ID, "RENAL"))
	})
}
