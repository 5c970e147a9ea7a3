package qualitycontrol_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/qualitycontrol"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

func TestARunInControlHoldsNothing(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		run := b.series(b.lot(1), "101 99 100.50")
		if run.Status != "IN_CONTROL" || len(run.Rules) != 0 || run.HoldID != nil || run.Value.String() != "100.50" || run.Z.String() != "0.25" {
			t.Errorf("%+v", run)
		}
		if len(b.holds()) != 0 || len(b.told("qualitycontrol.run_violated.v1")) != 0 || len(b.told("qualitycontrol.run_recorded.v1")) != 3 {
			t.Error("held, or told otherwise than it was")
		}
	})
}

func TestAWarningIsToldAndHoldsNothing(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		run := b.series(b.lot(1), "101 104.5")
		if run.Status != "WARNING" || !slices.Equal(run.Rules, []string{"1-2s"}) || run.HoldID != nil || len(b.holds()) != 0 {
			t.Errorf("%+v", run)
		}
		if told := b.told("qualitycontrol.run_violated.v1"); len(told) != 1 || !strings.Contains(told[0], `"hold_id": null`) {
			t.Errorf("told %v", told)
		}
	})
}

// Every rejecting rule holds the analyte, and the reader says so to the laboratory.
func TestARejectedRunHoldsItsAnalyte(t *testing.T) {
	t.Parallel()
	for rule, values := range map[string]string{
		"1-3s": "100 107", "2-2s": "104.5 104.5", "4-1s": "102.5 102.5 102.5 102.5",
		"10x": "100.5 100.5 100.5 100.5 100.5 100.5 100.5 100.5 100.5 100.5",
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			onBench(t, func(b *bench) {
				run := b.series(b.lot(1), values)
				held := must[[]qualitycontrolapi.Hold](t)(qualitycontrol.Reader{}.Held(b.ctx, b.tx, b.tx.Scope()))
				if run.Status != "REJECTED" || len(held) != 1 || held[0].Analyte != "GLU" || held[0].Rule != rule || held[0].ID != *run.HoldID {
					t.Fatalf("%+v holds %+v", run, held)
				}
				open := b.holds("OPEN")
				if len(open) != 1 || open[0].RunID != run.ID || open[0].RunCount != 1 || !slices.Equal(open[0].Actions, []string{"resolve"}) {
					t.Errorf("%+v", open)
				}
				told := b.told("qualitycontrol.run_violated.v1")
				if last := told[len(told)-1]; !strings.Contains(last, held[0].ID.String()) || !strings.Contains(last, rule) {
					t.Errorf("told %v", told)
				}
			})
		})
	}
}

func TestLevelsOfOneRunAreWeighedTogether(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, second string
		apart         time.Duration
		want          string
	}{
		"both high":                 {"104.5", "104.5", time.Minute, "2-2s"},
		"one high, one low":         {"104.5", "95.5", time.Minute, "R-4s"},
		"of another shift":          {"104.5", "95.5", 9 * time.Hour, "1-2s"},
		"the first alone is beyond": {"104.5", "100", time.Minute, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBench(t, func(b *bench) {
				low, high := b.lot(1), b.lot(2)
				b.run(low, c.first)
				b.past = b.past.Add(c.apart)
				if run := b.run(high, c.second); strings.Join(run.Rules, " ") != c.want {
					t.Errorf("broke %v, want %q", run.Rules, c.want)
				}
			})
		})
	}
}

// Level 1 of the morning is no part of level 2's next run, though that comes within the shift.
func TestALevelBelongsToOneRunOnly(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		low, high := b.lot(1), b.lot(2)
		b.run(low, "104.5")
		b.run(high, "100")
		if run := b.run(high, "95.5"); !slices.Equal(run.Rules, []string{"1-2s"}) {
			t.Errorf("broke %v", run.Rules)
		}
	})
}

func TestAnotherMaterialIsNoPeer(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		low := b.lot(1)
		in := opening(2)
		in.Body.Material = "Another maker's"
		other := must[qualitycontrol.Lot](t)(b.OpenLot(b.ctx, b.tx, in))
		b.run(low, "104.5")
		if run := b.run(other, "95.5"); !slices.Equal(run.Rules, []string{"1-2s"}) {
			t.Errorf("broke %v", run.Rules)
		}
	})
}

func TestFurtherRejectedRunsStandUnderTheSameHold(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		first, second := b.run(lot, "107"), b.run(lot, "93")
		holds := b.holds()
		if *first.HoldID != *second.HoldID || len(holds) != 1 || holds[0].RunCount != 2 || holds[0].RunID != first.ID {
			t.Errorf("%+v", holds)
		}
	})
}

func TestAHoldIsResolvedOnceWithAReason(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		b.run(lot, "107")
		hold := b.holds("OPEN")[0]
		resolved := must[qualitycontrol.Hold](t)(b.ResolveHold(b.ctx, b.tx, resolving(hold)))
		if resolved.Status != "RESOLVED" || *resolved.Reason == "" || resolved.ResolvedAt == nil || *resolved.ResolvedByID != b.tx.Scope().UserID || len(resolved.Actions) != 0 {
			t.Errorf("%+v", resolved)
		}
		if held := must[[]qualitycontrolapi.Hold](t)(qualitycontrol.Reader{}.Held(b.ctx, b.tx, b.tx.Scope())); len(held) != 0 {
			t.Errorf("still held: %+v", held)
		}
		_, err := b.ResolveHold(b.ctx, b.tx, resolving(hold))
		refusedAs(t, err, "qualitycontrol.already_resolved")
		if told := b.told("qualitycontrol.hold_resolved.v1"); len(told) != 1 {
			t.Errorf("told %v", told)
		}
		if again := b.run(lot, "107"); *again.HoldID == hold.ID {
			t.Error("a resolved hold holds again")
		}
	})
}

func TestAHoldThatGrewSinceIsNotResolvedUnseen(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		b.run(lot, "107")
		in := resolving(b.holds()[0])
		in.IfMatch.IfMatch = b.holds()[0].ETag()
		b.run(lot, "108")
		_, err := b.ResolveHold(b.ctx, b.tx, in)
		refusedAs(t, err, "request.stale")
	})
}

// What was answered for is not held against the next run.
func TestASeriesBeginsAnewAfterAResolvedHold(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		b.series(lot, "104.5 104.5")
		must[qualitycontrol.Hold](t)(b.ResolveHold(b.ctx, b.tx, resolving(b.holds()[0])))
		if run := b.run(lot, "104.5"); !slices.Equal(run.Rules, []string{"1-2s"}) {
			t.Errorf("the first after it broke %v", run.Rules)
		}
		if run := b.run(lot, "104.5"); !slices.Equal(run.Rules, []string{"2-2s"}) {
			t.Errorf("the second after it broke %v", run.Rules)
		}
	})
}

func TestAnExcludedRunStaysAndCountsNoMore(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		wrong := b.run(lot, "104.5")
		in := qualitycontrol.ExcludeRunInput{ByID: qualitycontrol.ByID{ID: lot.ID}, RunID: wrong.ID}
		in.Body.Reason = "Wrong vial"
		excluded := must[qualitycontrol.Run](t)(b.ExcludeRun(b.ctx, b.tx, in))
		if excluded.Excluded == nil || excluded.Excluded.Reason != "Wrong vial" || len(excluded.Actions) != 0 {
			t.Errorf("%+v", excluded)
		}
		if run := b.run(lot, "104.5"); !slices.Equal(run.Rules, []string{"1-2s"}) {
			t.Errorf("after it broke %v", run.Rules)
		}
		_, err := b.ExcludeRun(b.ctx, b.tx, in)
		refusedAs(t, err, "qualitycontrol.already_excluded")
	})
}

func TestRunsAreListedTheLastFirstPageByPage(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		b.series(lot, "100 104.5 99 107 101")
		list := func(in qualitycontrol.RunsInput) (values string, next *string) {
			in.ID = lot.ID
			page := must[httpx.Page[qualitycontrol.Run]](t)(b.ListRuns(b.ctx, b.tx, in))
			for _, run := range page.Results {
				values += run.Value.String() + " "
			}
			return strings.TrimSpace(values), page.Next
		}
		in := qualitycontrol.RunsInput{}
		in.Limit = 3
		first, next := list(in)
		in.Cursor = *next
		second, end := list(in)
		if first != "101 107 99" || second != "104.5 100" || end != nil {
			t.Errorf("%q, then %q", first, second)
		}
		in.Cursor, in.Status = "", []string{"REJECTED,WARNING"}
		if beyond, _ := list(in); beyond != "107 104.5" {
			t.Errorf("beyond: %q", beyond)
		}
	})
}

func TestWhatIsNotALotsIsRefused(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		b.run(lot, "100")
		act := func(change func(*qualitycontrol.RecordRunInput)) error {
			in := running(lot, "100")
			change(&in)
			_, err := b.RecordRun(b.ctx, b.tx, in)
			return err
		}
		early, late, ancient := testkit.Epoch.Add(-100*time.Hour), testkit.Epoch.Add(time.Hour), testkit.Epoch.AddDate(-2, 0, 0)
		refusedAs(t, act(func(in *qualitycontrol.RecordRunInput) { in.ID = uuid.New() }), "qualitycontrol.lot_not_found")
		refusedAs(t, act(func(in *qualitycontrol.RecordRunInput) { in.Body.Analyte = "UREA" }), "qualitycontrol.unknown_analyte")
		refusedAs(t, act(func(in *qualitycontrol.RecordRunInput) { in.Body.At = &early }), "qualitycontrol.run_out_of_order")
		refusedAs(t, act(func(in *qualitycontrol.RecordRunInput) { in.Body.At = &late }), "qualitycontrol.invalid")
		refusedAs(t, act(func(in *qualitycontrol.RecordRunInput) { in.Body.At = &ancient }), "qualitycontrol.invalid")
		refusedAs(t, act(func(in *qualitycontrol.RecordRunInput) { in.Body.Value = number("1000000000") }), "qualitycontrol.invalid")
		no := false
		change := qualitycontrol.ChangeLotInput{ByID: qualitycontrol.ByID{ID: lot.ID}}
		change.Body.IsActive = &no
		must[qualitycontrol.Lot](t)(b.ChangeLot(b.ctx, b.tx, change))
		refusedAs(t, act(func(*qualitycontrol.RecordRunInput) {}), "qualitycontrol.lot_inactive")
	})
}

func TestRunsAndResolvedHoldsNeverChange(t *testing.T) {
	t.Parallel()
	for _, sql := range []string{
		`UPDATE qualitycontrol.run SET value = 1`, `DELETE FROM qualitycontrol.run`, `UPDATE qualitycontrol.exclusion SET reason = 'x'`,
		`DELETE FROM qualitycontrol.hold`, `UPDATE qualitycontrol.hold SET reason = 'x'`, `UPDATE qualitycontrol.lot SET lot_number = 'x'`,
	} {
		onBench(t, func(b *bench) {
			b.run(b.lot(1), "107")
			must[qualitycontrol.Hold](t)(b.ResolveHold(b.ctx, b.tx, resolving(b.holds()[0])))
			if err := b.tx.Nested(b.ctx, b.tx.Scope(), func(tx db.Tx) error { _, err := tx.Exec(b.ctx, sql); return err }); err == nil {
				t.Errorf("%s was done", sql)
			}
		})
	}
}

// Two levels break a rule at once: the laboratory has one hold to answer for.
func TestTwoRunsThatViolateAtOnceMakeOneHold(t *testing.T) {
	t.Parallel()
	d, m := testkit.NewDatabase(t), module()
	ctx := db.WithScope(context.Background(), testkit.NewScope())
	do := func(act func(tx db.Tx) error) {
		t.Helper()
		if err := d.Pool.InTx(ctx, act); err != nil {
			t.Error(err)
		}
	}
	lots := make([]qualitycontrol.Lot, 3)
	do(func(tx db.Tx) (err error) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		for i := range lots {
			if lots[i], err = m.OpenLot(ctx, tx, opening(i+1)); err != nil {
				return err
			}
		}
		return nil
	})
	for round := range 10 {
		var racing sync.WaitGroup
		for _, lot := range lots {
			racing.Go(func() {
				do(func(tx db.Tx) error { _, err := m.RecordRun(ctx, tx, running(lot, "107")); return err })
			})
		}
		racing.Wait()
		do(func(tx db.Tx) error {
			in := qualitycontrol.HoldsInput{Status: []string{"OPEN"}}
			in.Limit = 50
			open, err := m.ListHolds(ctx, tx, in)
			if err != nil {
				return err
			}
			if len(open.Results) != 1 || open.Results[0].RunCount != 3 {
				t.Fatalf("round %d: %+v", round, open.Results)
			}
			_, err = m.ResolveHold(ctx, tx, resolving(open.Results[0]))
			return err
		})
	}
}

// A run is rejected while somebody resolves: it is never under a hold that is resolved, and nobody waits for ever.
func TestARunThatMeetsAResolverIsHeld(t *testing.T) {
	t.Parallel()
	d, m := testkit.NewDatabase(t), module()
	ctx := db.WithScope(context.Background(), testkit.NewScope())
	var lot qualitycontrol.Lot
	if err := d.Pool.InTx(ctx, func(tx db.Tx) (err error) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		lot, err = m.OpenLot(ctx, tx, opening(1))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	record := func() (run qualitycontrol.Run) {
		if err := d.Pool.InTx(ctx, func(tx db.Tx) (err error) { run, err = m.RecordRun(ctx, tx, running(lot, "107")); return err }); err != nil {
			t.Error(err)
		}
		return run
	}
	for range 20 {
		began := record()
		var racing sync.WaitGroup
		var during qualitycontrol.Run
		racing.Go(func() { during = record() })
		racing.Go(func() {
			err := d.Pool.InTx(ctx, func(tx db.Tx) error {
				_, err := m.ResolveHold(ctx, tx, resolving(qualitycontrol.Hold{ID: *began.HoldID}))
				return err
			})
			if err != nil && errs.Of(err) == nil {
				t.Error(err)
			}
		})
		racing.Wait()
		if err := d.Pool.InTx(ctx, func(tx db.Tx) error {
			hold, err := m.GetHold(ctx, tx, qualitycontrol.ByID{ID: *during.HoldID})
			if err != nil {
				return err
			}
			joined := *during.HoldID == *began.HoldID
			if joined && hold.RunCount != 2 || !joined && hold.Status != "OPEN" {
				t.Errorf("joined %v: %+v", joined, hold)
			}
			if hold.Status == "OPEN" {
				_, err = m.ResolveHold(ctx, tx, resolving(hold))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}
