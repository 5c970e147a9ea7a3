package lab_test

import (
	"context"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/iam/iamtest"
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

func TestAValueIsWithdrawnWithAReason(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		_, err := b.Enter(ctx, tx, entering(b.received(ctx, t, tx, "POTASSIUM"), "K", nil))
		wantFaults(t, err, "lab.invalid", "body.values[0].value")
		before := b.released(ctx, t, tx, "RENAL", "NA", 140, "K", 7.2)
		want(t, before.Missing, "CL", "HCO3")
		in := entering(before.OrderItemID, "K", nil)
		_, err = b.Enter(ctx, tx, in)
		wantFaults(t, err, "lab.invalid", "body.correction_reason")
		in.Body.CorrectionReason = "The tube was of somebody else"
		after := must[labapi.Result](t)(b.Enter(ctx, tx, in))
		if k := value(t, after, "K"); !k.Withdrawn || string(k.Value) != "null" || k.Display != "withdrawn" || k.Flag != nil || after.IsCritical {
			t.Errorf("withdrawn it is %+v, critical %t", k, after.IsCritical)
		}
		want(t, after.Missing, "CL", "HCO3")
		b.release(ctx, t, tx, b.verify(ctx, t, tx, after.ID).ID)
		trends := must[lab.TrendList](t)(b.Trends(ctx, tx, lab.TrendsInput{PatientID: b.encounter.PatientID}))
		recent := must[[]labapi.RecentValue](t)(lab.Reader{}.Recent(ctx, tx, tx.Scope(), b.encounter.PatientID, testkit.Epoch.Add(-time.Hour)))
		if len(trends.Results) != 1 || trends.Results[0].Code != "NA" || len(recent) != 1 || recent[0].Code != "NA" {
			t.Errorf("it is still told: %+v, %+v", trends.Results, recent)
		}
		if v := value(t, b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4), "K"); v.Former != nil {
			t.Errorf("it is compared with %+v", v.Former)
		}
	})
}

func TestWhatWasJudgedOfAnotherPersonIsNotVouchedFor(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "BLOOD")
		entered := b.enter(ctx, t, tx, item, "HGB", 12.5)
		becomes := func(gender string) {
			if _, err := tx.Exec(ctx, `UPDATE patients.patient SET gender = $1 WHERE id = $2`, gender, b.encounter.PatientID); err != nil {
				t.Fatal(err)
			}
		}
		becomes("male")
		shown := must[labapi.Result](t)(b.GetResult(ctx, tx, byID(entered.ID)))
		if p := shown.JudgedFor; p.Sex != "female" || p.AgeDays == nil || *p.AgeDays < 40*365 || p.Pregnant || !shown.PersonChanged || entered.PersonChanged {
			t.Errorf("judged for %+v, changed %t", p, shown.PersonChanged)
		}
		want(t, shown.Actions, "correct")
		_, err := b.Verify(ctx, tx, verifying(entered.ID, ""))
		wantCode(t, err, "lab.person_changed")
		again := b.enter(ctx, t, tx, item, "HGB", 12.5)
		if flag := text(value(t, again, "HGB").Flag); flag != "L" {
			t.Errorf("of a man it is flagged %s", flag)
		}
		if again.PersonChanged || again.JudgedFor.Sex != "male" {
			t.Errorf("entered again it is judged for %+v, changed %t", again.JudgedFor, again.PersonChanged)
		}
		b.verify(ctx, t, tx, again.ID)
		becomes("female")
		_, err = b.Release(ctx, tx, releasing(again.ID))
		wantCode(t, err, "lab.person_changed")
	})
}

// Nobody makes theirs another's by entering a comment to it.
func TestFourEyesAreOfAllWhoEnteredSinceTheRelease(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		must[lab.Settings](t)(b.SaveSettings(ctx, tx, settings(true, "OFF")))
		item := b.received(ctx, t, tx, "POTASSIUM")
		b.enter(ctx, t, tx, item, "K", 4)
		scope := tx.Scope()
		scope.UserID = iamtest.User(ctx, t, tx, iamtest.With{FullName: "Technician Das"})
		var second labapi.Result
		err := tx.Nested(db.WithScope(ctx, scope), scope, func(tx db.Tx) (err error) {
			in := entering(item, "K", 4)
			in.Body.Comment = "Checked"
			second, err = b.Enter(db.WithScope(ctx, scope), tx, in)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Verify(ctx, tx, verifying(second.ID, ""))
		wantCode(t, err, "lab.four_eyes")
	})
}

func TestACommentStaysUntilSomebodyTakesItAway(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		in := entering(item, "NA", 140, "K", 4.2)
		in.Body.Values[1].Comment = httpx.Some("slightly haemolysed")
		must[labapi.Result](t)(b.Enter(ctx, tx, in))
		if k := value(t, b.enter(ctx, t, tx, item, "NA", 141, "K", 4.3), "K"); text(k.Comment) != "slightly haemolysed" {
			t.Errorf("sent again without its comment it says %q", text(k.Comment))
		}
		in = entering(item, "K", 4.3)
		in.Body.Values[0].Comment = httpx.Optional[string]{Present: true, Null: true}
		if k := value(t, must[labapi.Result](t)(b.Enter(ctx, tx, in)), "K"); k.Comment != nil {
			t.Errorf("it still says %q", *k.Comment)
		}
	})
}

// What was calculated and told does not go without a word when it follows no more.
func TestACalculatedValueThatFollowsNoMoreIsWithdrawn(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		before := b.released(ctx, t, tx, "RENAL", "NA", 140, "K", 4, "CL", 101, "HCO3", 24)
		in := entering(before.OrderItemID, "CL", nil)
		in.Body.CorrectionReason = "Read off another's sheet"
		after := must[labapi.Result](t)(b.Enter(ctx, tx, in))
		if gap := value(t, after, "GAP"); !gap.Withdrawn || string(gap.Value) != "null" || gap.Flag != nil {
			t.Errorf("the gap is %+v", gap)
		}
		if gap := value(t, b.enter(ctx, t, tx, before.OrderItemID, "NA", 141), "GAP"); !gap.Withdrawn {
			t.Errorf("a version later it is %+v", gap)
		}
		if gap := value(t, b.enter(ctx, t, tx, before.OrderItemID, "CL", 100), "GAP"); gap.Withdrawn || string(gap.Value) != "17" || !gap.Calculated {
			t.Errorf("where it follows again it is %+v", gap)
		}
	})
}

func TestACriticalValueIsWithdrawnWithAReason(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		b.enter(ctx, t, tx, item, "NA", 140, "K", 7.2)
		_, err := b.Enter(ctx, tx, entering(item, "K", nil))
		wantFaults(t, err, "lab.invalid", "body.correction_reason")
		if b.enter(ctx, t, tx, item, "NA", nil); !value(t, b.enter(ctx, t, tx, item, "K", 7.1), "NA").Withdrawn {
			t.Error("what nobody was alarmed by asks for a reason")
		}
	})
}

// A correction under way takes from nobody what was released.
func TestWhatIsReleasedIsListedWhileItIsBeingCorrected(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		released := b.released(ctx, t, tx, "POTASSIUM", "K", 4.2)
		next := b.enter(ctx, t, tx, released.OrderItemID, "K", 4.4)
		ids := func(status ...string) []string {
			found := []string{}
			for _, r := range must[httpx.Page[labapi.Result]](t)(b.ListResults(ctx, tx, lab.ListResultsInput{PageParams: first(10), Status: status, Latest: true})).Results {
				found = append(found, r.ID.String())
			}
			return found
		}
		want(t, ids("RELEASED"), released.ID.String())
		want(t, ids(), next.ID.String())
	})
}
