package qualitycontrol_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/qualitycontrol"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

func (b *bench) suspect(hold qualitycontrol.Hold) qualitycontrolapi.Suspect {
	b.t.Helper()
	return must[qualitycontrolapi.Suspect](b.t)(qualitycontrol.Reader{}.Suspect(b.ctx, b.tx, b.tx.Scope(), hold.ID))
}

func isAt(got *time.Time, run *qualitycontrol.Run) bool {
	if got == nil || run == nil {
		return got == nil && run == nil
	}
	return got.Equal(run.At)
}

// What is suspect begins at the last run of the level that was good: another level says nothing of it, nor does a run that
// was excluded. A warning is good.
func TestResultsAreSuspectSinceTheLastGoodRunOfTheLevel(t *testing.T) {
	t.Parallel()
	for name, setting := range map[string]struct {
		before func(b *bench, one, two qualitycontrol.Lot) *qualitycontrol.Run
	}{
		"none ever": {func(*bench, qualitycontrol.Lot, qualitycontrol.Lot) *qualitycontrol.Run { return nil }},
		"the newest of the level, though the other was good later": {func(b *bench, one, two qualitycontrol.Lot) *qualitycontrol.Run {
			b.run(one, "101")
			good := b.run(one, "99")
			b.run(two, "100")
			return &good
		}},
		"a warning": {func(b *bench, one, _ qualitycontrol.Lot) *qualitycontrol.Run {
			b.run(one, "101")
			warning := b.run(one, "95.5")
			return &warning
		}},
		"not one that was excluded": {func(b *bench, one, _ qualitycontrol.Lot) *qualitycontrol.Run {
			good, wrong := b.run(one, "101"), b.run(one, "99")
			in := qualitycontrol.ExcludeRunInput{ByID: qualitycontrol.ByID{ID: one.ID}, RunID: wrong.ID}
			in.Body.Reason = "Wrong vial"
			must[qualitycontrol.Run](b.t)(b.ExcludeRun(b.ctx, b.tx, in))
			return &good
		}},
		"of any level where this one had none": {func(b *bench, _, two qualitycontrol.Lot) *qualitycontrol.Run {
			other := b.run(two, "100")
			return &other
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBench(t, func(b *bench) {
				one, two := b.lot(1), b.lot(2)
				wanted := setting.before(b, one, two)
				b.run(one, "107")
				hold := b.holds()[0]
				if suspect := b.suspect(hold); !isAt(hold.LastGoodRunAt, wanted) || !isAt(suspect.Since, wanted) || suspect.Analyte != "GLU" || suspect.Until != nil {
					t.Errorf("%v and %+v, not since %+v", hold.LastGoodRunAt, suspect, wanted)
				}
			})
		})
	}
}

func TestResolvingEndsWhatIsSuspect(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.run(b.lot(1), "107")
		resolved := must[qualitycontrol.Hold](t)(b.ResolveHold(b.ctx, b.tx, resolving(b.holds()[0])))
		if suspect := b.suspect(resolved); suspect.Until == nil || !suspect.Until.Equal(*resolved.ResolvedAt) {
			t.Errorf("%+v", suspect)
		}
	})
}

func TestAnUnknownHoldCastsNoDoubt(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		_, err := qualitycontrol.Reader{}.Suspect(b.ctx, b.tx, b.tx.Scope(), b.tx.Scope().UserID)
		refusedAs(t, err, "qualitycontrol.hold_not_found")
	})
}

// A hold may be resolved without a good run, and whether there was one is written with the reason for ever.
func TestResolvingTellsWhetherAGoodRunCameAfter(t *testing.T) {
	t.Parallel()
	for name, setting := range map[string]struct {
		after  string
		wanted bool
	}{
		"nothing was run": {"", false}, "it was good": {"100.5", true}, "it was good, then rejected": {"100.5 107", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBench(t, func(b *bench) {
				lot := b.lot(1)
				b.run(lot, "107")
				b.series(lot, setting.after)
				open := b.holds()[0]
				resolved := must[qualitycontrol.Hold](t)(b.ResolveHold(b.ctx, b.tx, resolving(open)))
				b.run(lot, "100") // what comes after changes nothing of it
				for _, hold := range []qualitycontrol.Hold{open, resolved, b.holds()[0]} {
					if hold.HasGoodRun == nil || *hold.HasGoodRun != setting.wanted {
						t.Errorf("%s: %v", hold.Status, hold.HasGoodRun)
					}
				}
			})
		})
	}
}

// Whatever is run of two levels, a hold tells the look-back and the good run as somebody who leafs through the book.
func TestEveryHoldLooksBackAsTheBookDoes(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		rapid.Check(t, func(rt *rapid.T) {
			undo := tx.Nested(ctx, tx.Scope(), func(tx db.Tx) error {
				b := &bench{module(), t, ctx, tx, testkit.Epoch.Add(-72 * time.Hour)}
				lots := []qualitycontrol.Lot{b.lot(1), b.lot(2)}
				var book []qualitycontrol.Run
				for range rapid.IntRange(1, 12).Draw(rt, "runs") {
					lot := lots[rapid.IntRange(0, 1).Draw(rt, "level")]
					book = append(book, b.run(lot, rapid.SampledFrom([]string{"100", "101", "99", "95.5", "107", "93"}).Draw(rt, "value")))
				}
				for _, hold := range b.holds("OPEN") {
					since, isGood := leafThrough(book, hold)
					if !isAt(hold.LastGoodRunAt, since) || hold.HasGoodRun == nil || *hold.HasGoodRun != isGood {
						rt.Fatalf("since %v, good %v; the book says %+v, %v", hold.LastGoodRunAt, *hold.HasGoodRun, since, isGood)
					}
				}
				return errUndone
			})
			if undo != errUndone { //nolint:errorlint // it is itself
				rt.Fatal(undo)
			}
		})
	})
}

type undone struct{}

func (undone) Error() string { return "undone" }

var errUndone = undone{}

// leafThrough finds by hand what a hold should tell: the earliest of the last good runs before each of its rejected ones, of
// their levels, and whether the last run of each of these levels was good.
func leafThrough(book []qualitycontrol.Run, hold qualitycontrol.Hold) (since *qualitycontrol.Run, isGood bool) {
	isGood = true
	var first int
	for i, rejected := range book {
		if rejected.HoldID == nil || *rejected.HoldID != hold.ID {
			continue
		}
		if rejected.ID == hold.RunID {
			first = i
		}
		var before *qualitycontrol.Run
		after := false
		for j := range book {
			if book[j].LotID != rejected.LotID || book[j].Status == "REJECTED" {
				continue
			}
			if j < i {
				before = &book[j]
			}
			after = after || j > i
		}
		if before != nil && (since == nil || before.At.Before(since.At)) {
			since = before
		}
		isGood = isGood && after
	}
	if since != nil {
		return since, isGood
	}
	for j := range book[:first] {
		if book[j].Status != "REJECTED" {
			since = &book[j] // of another level: better than nothing
		}
	}
	return since, isGood
}
