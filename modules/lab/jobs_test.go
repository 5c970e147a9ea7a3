package lab_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func TestWhatIsOverdueIsToldOfOnce(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		b.order(ctx, t, tx, "STAT", "RENAL", "BLOOD")
		order, items := b.order(ctx, t, tx, "STAT", "POTASSIUM")
		cancelItem(ctx, t, tx, b, order, items[0])
		b.order(ctx, t, tx, "STAT", "HIVTEST") // due at no time
		b.released(ctx, t, tx, "POTASSIUM", "K", 4)
	})
	tell := func(total int) {
		t.Helper()
		if err := b.TellOverdue(ctx, d.Pool); err != nil {
			t.Fatal(err)
		}
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			if got := eventsOf(ctx, t, tx, b.encounter.ID, "lab.test_overdue.v1"); got != total {
				t.Errorf("at %s %d tests were told of, not %d", tx.Now(), got, total)
			}
		})
	}
	tell(0)
	d.Clock.Advance(45*time.Minute + time.Second) // the blood count's time
	tell(1)
	tell(1)
	d.Clock.Advance(time.Hour)
	tell(2)
	d.Clock.Advance(24 * time.Hour)
	tell(2)
}

func TestATestThatCannotBeToldOfHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	var stuck uuid.UUID
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		_, first := b.order(ctx, t, tx, "STAT", "BLOOD") // the longest overdue comes first
		stuck = first[0]
		b.order(ctx, t, tx, "STAT", "RENAL", "POTASSIUM")
	})
	broken := errors.New("broken")
	events.Within(b.bus, "test.fails", func(_ context.Context, _ db.Tx, e labapi.TestOverdue) error {
		if e.ItemID == stuck {
			return broken
		}
		return nil
	})
	d.Clock.Advance(2 * time.Hour)
	if err := b.TellOverdue(ctx, d.Pool); !errors.Is(err, broken) {
		t.Errorf("nobody hears of the fault: %v", err)
	}
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		if got := eventsOf(ctx, t, tx, b.encounter.ID, "lab.test_overdue.v1"); got != 2 {
			t.Errorf("told of %d", got)
		}
	})
}

func TestTwoWhoTellAtOnceTellOnce(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { b.order(ctx, t, tx, "STAT", "RENAL", "BLOOD", "POTASSIUM") })
	d.Clock.Advance(2 * time.Hour)
	done := make(chan error)
	for range 3 {
		go func() { done <- b.TellOverdue(ctx, d.Pool) }()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		if got := eventsOf(ctx, t, tx, b.encounter.ID, "lab.test_overdue.v1"); got != 3 {
			t.Errorf("told of %d", got)
		}
	})
}

func TestTurnaroundIsCountedFromStoredTimes(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	var results []labapi.Result
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		for range 10 {
			results = append(results, b.verify(ctx, t, tx, b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4).ID))
		}
		b.order(ctx, t, tx, "STAT", "BLOOD")
	})
	for _, r := range results { // released after 40, 80 ... 400 minutes; due after 360
		d.Clock.Advance(40 * time.Minute)
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { b.release(ctx, t, tx, r.ID) })
	}
	d.Clock.Advance(time.Hour)
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		b.enter(ctx, t, tx, results[0].OrderItemID, "K", 4.4) // a correction changes nothing of when it was first there
		in := lab.TurnaroundInput{Since: results[0].EnteredAt.Add(-time.Hour), Until: d.Clock.Now(), By: "service"}
		list := must[lab.TurnaroundList](t)(b.Turnaround(ctx, tx, in))
		if len(list.Results) != 2 || list.Results[1].Key != "POTASSIUM" || list.Results[1].Title != "Potassium alone" {
			t.Fatalf("got %+v", list.Results)
		}
		k := list.Results[1]
		if k.Count != 10 || *k.MedianMinutes != 220 || *k.P90Minutes != 364 || *k.TargetMinutes != 360 || *k.WithinTarget != 0.9 || k.OverdueNow != 0 {
			t.Errorf("potassium: %d, median %v, p90 %v, target %v, within %v", k.Count, *k.MedianMinutes, *k.P90Minutes, *k.TargetMinutes, *k.WithinTarget)
		}
		in.By = "priority"
		list = must[lab.TurnaroundList](t)(b.Turnaround(ctx, tx, in))
		if stat := list.Results[0]; stat.Key != "STAT" || stat.Count != 0 || stat.MedianMinutes != nil {
			t.Errorf("STAT: %+v", stat)
		}
		in.By = "section"
		if list = must[lab.TurnaroundList](t)(b.Turnaround(ctx, tx, in)); list.Results[0].Key != "electrolytes" || list.Results[0].Title != "Electrolytes" {
			t.Errorf("by section: %+v", list.Results)
		}
		in.Since = in.Until
		_, err := b.Turnaround(ctx, tx, in)
		wantFaults(t, err, "lab.invalid", "query.since")
	})
}

func TestSettingsAreVersioned(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		before := must[lab.Settings](t)(b.Settings(ctx, tx, struct{}{}))
		if before.FourEyes || before.Autoverification != "OFF" || before.UpdatedAt != nil {
			t.Errorf("by default %+v", before)
		}
		in := settings(true, "ON")
		in.IfMatch.IfMatch = before.ETag()
		after := must[lab.Settings](t)(b.SaveSettings(ctx, tx, in))
		if !after.FourEyes || after.Autoverification != "ON" || after.UpdatedAt == nil {
			t.Errorf("saved %+v", after)
		}
		_, err := b.SaveSettings(ctx, tx, in)
		if e := errs.Of(err); e == nil || e.Kind != errs.KindStale {
			t.Errorf("an old version is overwritten: %v", err)
		}
		if same := must[lab.Settings](t)(b.SaveSettings(ctx, tx, settings(true, "ON"))); same.Version != after.Version {
			t.Error("what changes nothing is a version")
		}
		_, err = b.SaveSettings(ctx, tx, settings(true, "SUSPENDED"))
		wantFaults(t, err, "lab.invalid", "body.suspended_reason")
		_, err = b.ResumeAutoverification(ctx, tx, struct{}{})
		wantCode(t, err, "lab.illegal_transition")
		suspend := lab.SuspendInput{}
		suspend.Body.Reason = "Drifts"
		if now := must[lab.Settings](t)(b.SuspendAutoverification(ctx, tx, suspend)); now.Autoverification != "SUSPENDED" || text(now.SuspendedReason) != "Drifts" {
			t.Errorf("suspended %+v", now)
		}
		_, err = b.SuspendAutoverification(ctx, tx, suspend)
		wantCode(t, err, "lab.illegal_transition")
	})
}
