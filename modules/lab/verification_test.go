package lab_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

func TestACriticalValueNeedsItsCall(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 7.1)
		for _, in := range []lab.VerifyInput{verifying(r.ID, ""), verifying(r.ID, "   "), {ByID: byID(r.ID), Body: &lab.Verification{CriticalNotice: &lab.Notice{NotifiedTo: "Doctor Iyer"}}}} {
			_, err := b.Verify(ctx, tx, in)
			wantCode(t, err, "lab.critical_notice_required")
		}
		verified := b.verify(ctx, t, tx, r.ID)
		if n := verified.CriticalNotice; n == nil || n.NotifiedTo != "Doctor Iyer" || !n.ReadBack || !n.NotifiedAt.Equal(testkit.Epoch) || *n.NotifiedByID != tx.Scope().UserID {
			t.Errorf("the notice is %+v", verified.CriticalNotice)
		}
		var told labapi.ResultEntered
		lastEvent(ctx, t, tx, r.ID, "lab.result_entered.v1", &told)
		want(t, told.Critical, "K")
	})
}

func TestFourEyes(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		must[lab.Settings](t)(b.SaveSettings(ctx, tx, settings(true, "OFF")))
		r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4)
		want(t, r.Actions, "correct")
		_, err := b.Verify(ctx, tx, verifying(r.ID, ""))
		wantCode(t, err, "lab.four_eyes")
		other := iamtest.User(ctx, t, tx, iamtest.With{FullName: "Doctor Bose"})
		scope := tx.Scope()
		scope.UserID = other
		err = tx.Nested(db.WithScope(ctx, scope), scope, func(tx db.Tx) error {
			verified, err := b.Verify(db.WithScope(ctx, scope), tx, verifying(r.ID, ""))
			if err == nil && verified.VerifiedBy.FullName != "Doctor Bose" {
				t.Errorf("verified by %+v", verified.VerifiedBy)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func settings(fourEyes bool, autoverification string) lab.SaveSettingsInput {
	in := lab.SaveSettingsInput{}
	in.Body.FourEyes, in.Body.Autoverification = fourEyes, autoverification
	return in
}

// A hold keeps back what was measured, and what is calculated from it.
func TestQualityControlHoldsBack(t *testing.T) {
	for held, codes := range map[string][]string{"K": {"K"}, "CL": {"CL", "GAP"}, "HGB": nil} {
		t.Run(held, func(t *testing.T) {
			atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
				r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "RENAL"), "NA", 140, "K", 4, "CL", 101, "HCO3", 24)
				b.quality.held = []string{held}
				_, err := b.Verify(ctx, tx, verifying(r.ID, ""))
				if codes == nil {
					if err != nil {
						t.Error(err)
					}
					return
				}
				wantCode(t, err, "lab.quality_control_held")
				want(t, errs.Of(err).Extra["held"].([]string), codes...)
				shown := must[labapi.Result](t)(b.GetResult(ctx, tx, byID(r.ID)))
				want(t, shown.Held, codes...)
				want(t, shown.Actions, "correct")
				b.quality.held = nil
				b.verify(ctx, t, tx, r.ID)
				b.quality.held = []string{held}
				_, err = b.Release(ctx, tx, releasing(r.ID))
				wantCode(t, err, "lab.quality_control_held")
			})
		})
	}
}

func TestRulesDecideOnResults(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		_, err := b.Enter(ctx, tx, entering(item, "NA", 190))
		wantCode(t, err, "rules.blocked")
		_, err = b.Enter(ctx, tx, entering(item, "NA", 90))
		wantCode(t, err, "rules.reason_required")
		in := entering(item, "NA", 90)
		in.Body.Overrides = []rulesapi.Override{{Rule: "base.reason_for_low_sodium", Reason: "Measured twice"}}
		must[labapi.Result](t)(b.Enter(ctx, tx, in))
		warned := b.enter(ctx, t, tx, item, "NA", 140, "CL", 95, "HCO3", 20)
		if len(warned.Warnings) != 1 || warned.Warnings[0].Code != "base.tell_of_gap" {
			t.Errorf("warned %+v", warned.Warnings)
		}
		if again := must[labapi.Result](t)(b.GetResult(ctx, tx, byID(warned.ID))); again.Warnings != nil {
			t.Errorf("a reading repeats %+v", again.Warnings)
		}
		film := b.verify(ctx, t, tx, b.enter(ctx, t, tx, b.received(ctx, t, tx, "NARRATIVE"), "NARRATIVE", "unclear").ID)
		_, err = b.Release(ctx, tx, releasing(film.ID))
		wantCode(t, err, "rules.reason_required")
		passed := releasing(film.ID)
		passed.Body = &rulesapi.Reasons{Overrides: []rulesapi.Override{{Rule: "base.no_release_of_film", Reason: "It is what there is"}}}
		must[labapi.Result](t)(b.Release(ctx, tx, passed))
	})
}

func TestARefusedEntryLeavesNothing(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		err := undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Enter(ctx, tx, entering(item, "NA", 190)); return err })
		wantCode(t, err, "rules.blocked")
		want(t, told(ctx, t, tx, b.encounter.ID), "sample_collected", "sample_received")
		if r := b.enter(ctx, t, tx, item, "NA", 140); r.ResultVersion != 1 {
			t.Errorf("the next is version %d", r.ResultVersion)
		}
	})
}

func TestARuleVerifiesWhatIsNormalWhileItMay(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		enter := func(k any) labapi.Result {
			return b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", k)
		}
		if r := enter(4.0); r.Status != labapi.ResultStatusEntered {
			t.Errorf("switched off, it is %s", r.Status)
		}
		must[lab.Settings](t)(b.SaveSettings(ctx, tx, settings(true, "ON")))
		r := enter(4.0)
		if r.Status != labapi.ResultStatusVerified || text(r.VerifiedByRule) != "base.autoverify" || r.VerifiedByID != nil || r.VerifiedAt == nil {
			t.Errorf("switched on, it is %+v", r)
		}
		for _, k := range []any{5.5, 7.0} {
			if r := enter(k); r.Status != labapi.ResultStatusEntered {
				t.Errorf("%v is %s", k, r.Status)
			}
		}
		b.quality.held = []string{"K"}
		if r := enter(4.0); r.Status != labapi.ResultStatusEntered {
			t.Errorf("held, it is %s", r.Status)
		}
		b.quality.held = nil
		in := lab.SuspendInput{}
		in.Body.Reason = "The analyser drifts"
		must[lab.Settings](t)(b.SuspendAutoverification(ctx, tx, in))
		if r := enter(4.0); r.Status != labapi.ResultStatusEntered {
			t.Errorf("suspended, it is %s", r.Status)
		}
		must[lab.Settings](t)(b.ResumeAutoverification(ctx, tx, struct{}{}))
		if r := enter(4.0); r.Status != labapi.ResultStatusVerified {
			t.Errorf("resumed, it is %s", r.Status)
		}
	})
}
