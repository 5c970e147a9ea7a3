package lab_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func TestWhatALaterVersionLeavesOutStays(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		b.enter(ctx, t, tx, item, "NA", 140, "K", 7.2, "CL", 101, "HCO3", 24)
		after := b.enter(ctx, t, tx, item, "NA", 141)
		k, before := value(t, after, "K"), value(t, after, "GAP")
		if string(k.Value) != "7.2" || text(k.Flag) != "HH" || !after.IsCritical || len(after.CriticalReasons) != 1 {
			t.Errorf("the potassium is %+v of %+v", k, after.CriticalReasons)
		}
		if string(before.Value) != "16" || !before.Calculated {
			t.Errorf("what follows is calculated again: %+v", before)
		}
		var told labapi.ResultEntered
		lastEvent(ctx, t, tx, after.ID, "lab.result_entered.v1", &told)
		want(t, told.Critical, "K")
		if mended := b.enter(ctx, t, tx, item, "K", 4.2); mended.IsCritical || string(value(t, mended, "NA").Value) != "141" {
			t.Errorf("mended it is %+v", mended.Values)
		}
	})
}

func TestWhatWasMeasuredOfARejectedSampleIsNotCarried(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "RENAL")
		sample := b.receive(ctx, t, tx, items...)
		b.enter(ctx, t, tx, items[0], "NA", 140, "K", 7.2)
		must[labapi.Sample](t)(b.Reject(ctx, tx, rejecting(sample.ID, "HEMOLYZED")))
		b.receive(ctx, t, tx, items...)
		in, none := entering(items[0], "NA", 139), 0
		in.Body.ExpectedVersion = &none
		if next := must[labapi.Result](t)(b.Enter(ctx, tx, in)); next.ResultVersion != 2 || len(next.Values) != 1 || next.IsCritical {
			t.Errorf("the next is %+v", next)
		}
	})
}

func TestNobodyEntersOverWhatTheyHaveNotSeen(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		in, seen := entering(b.received(ctx, t, tx, "POTASSIUM"), "K", 7.2), 0
		in.Body.ExpectedVersion = &seen
		must[labapi.Result](t)(b.Enter(ctx, tx, in))
		_, err := b.Enter(ctx, tx, in)
		wantCode(t, err, "lab.result_changed")
		if at := errs.Of(err).Extra["latest_version"]; at != 1 {
			t.Errorf("the latest is said to be %v", at)
		}
		seen = 1
		must[labapi.Result](t)(b.Enter(ctx, tx, in))
	})
}

// A person weighs what was typed again against what was there, and what a panel lacks.
func TestARuleVerifiesOnlyAFirstCompleteVersion(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		must[lab.Settings](t)(b.SaveSettings(ctx, tx, settings(true, "ON")))
		item := b.received(ctx, t, tx, "POTASSIUM")
		b.enter(ctx, t, tx, item, "K", 7.2)
		if r := b.enter(ctx, t, tx, item, "K", 4.2); r.Status != labapi.ResultStatusEntered {
			t.Errorf("typed again it is %s by %s", r.Status, text(r.VerifiedByRule))
		}
		if r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "RENAL"), "NA", 140); r.Status != labapi.ResultStatusEntered {
			t.Errorf("with much missing it is %s", r.Status)
		}
	})
}
