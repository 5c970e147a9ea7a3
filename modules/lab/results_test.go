package lab_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func TestValuesAreJudgedAndKept(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "RENAL"), "NA", 150, "K", "6.5", "CL", "<90")
		for code, want := range map[string]string{"NA": "H", "K": "HH", "CL": "L"} {
			if got := text(value(t, r, code).Flag); got != want {
				t.Errorf("%s is flagged %q, want %q", code, got, want)
			}
		}
		k := value(t, r, "K")
		if string(k.Value) != "6.5" || k.Display != "6.5" || text(k.Unit) != "mmol/L" || string(k.ReferenceLow) != "3.5" || string(k.ReferenceHigh) != "5.1" ||
			k.Section != "electrolytes" || text(k.LOINC) != "2823-3" || text(k.Method) != "Electrode" {
			t.Errorf("potassium is %+v", k)
		}
		if cl := value(t, r, "CL"); string(cl.Value) != `"<90"` {
			t.Errorf("chloride is %s", cl.Value)
		}
		if !r.IsCritical || len(r.CriticalReasons) != 1 || r.CriticalReasons[0].Code != "K" || string(r.CriticalReasons[0].Threshold) != "6.5" {
			t.Errorf("critical: %+v", r.CriticalReasons)
		}
		if len(r.Values) != 3 { // the gap lacks an input, and a number
			t.Errorf("there are %d values", len(r.Values))
		}
	})
}

func TestPregnancyIsAskedOfTheSample(t *testing.T) {
	for name, c := range map[string]struct {
		pregnant *bool
		flag     string
	}{"not asked": {nil, "L"}, "no": {new(bool), "L"}, "yes": {func() *bool { yes := true; return &yes }(), "N"}} {
		t.Run(name, func(t *testing.T) {
			atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
				items := b.ask(ctx, t, tx, "BLOOD")
				in := taking(items...)
				in.Body.Pregnant = c.pregnant
				must[labapi.Sample](t)(b.Receive(ctx, tx, byID(must[labapi.Sample](t)(b.Collect(ctx, tx, in)).ID)))
				r := b.enter(ctx, t, tx, items[0], "HGB", 11.5)
				if got := text(value(t, r, "HGB").Flag); got != c.flag {
					t.Errorf("11.5 is flagged %s, want %s", got, c.flag)
				}
			})
		})
	}
}

func TestAUnitIsConvertedAndWhatWasTypedIsKept(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		in := entering(b.received(ctx, t, tx, "BLOOD"), "HGB", 134)
		in.Body.Values[0].Unit = "g/L"
		v := value(t, must[labapi.Result](t)(b.Enter(ctx, tx, in)), "HGB")
		if string(v.Value) != "13.4" || text(v.Unit) != "g/dL" || text(v.EnteredValue) != "134" || text(v.EnteredUnit) != "g/L" {
			t.Errorf("got %+v", v)
		}
	})
}

func TestWhatCannotBeEntered(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		in := entering(item, "NA", 140, "GLUCOSE", 5, "NA", 141, "K", "high", "CL", 100)
		in.Body.Values[4].Unit = "mg/dL"
		_, err := b.Enter(ctx, tx, in)
		wantFaults(t, err, "lab.invalid", "body.values[1].code", "body.values[2].code", "body.values[3].value", "body.values[4].unit")
		_, err = b.Enter(ctx, tx, entering(unknown, "NA", 140))
		wantCode(t, err, "lab.item_not_found")
		_, err = b.Enter(ctx, tx, entering(b.ask(ctx, t, tx, "RENAL")[0], "NA", 140))
		wantCode(t, err, "lab.sample_not_received")
	})
}

func TestACalculatedValueIsTheServers(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		_, err := b.Enter(ctx, tx, entering(item, "NA", 140, "CL", 101, "HCO3", 24, "GAP", 20))
		wantFaults(t, err, "lab.invalid", "body.values[3].value")
		agreeing := b.enter(ctx, t, tx, item, "NA", 140, "CL", 101, "HCO3", 24, "GAP", 16)
		if gap := value(t, agreeing, "GAP"); string(gap.Value) != "15" || !gap.Calculated {
			t.Errorf("within one of its last decimal it is %+v", gap)
		}
		measured := b.enter(ctx, t, tx, b.received(ctx, t, tx, "RENAL"), "NA", 140, "GAP", 12)
		if gap := value(t, measured, "GAP"); string(gap.Value) != "12" || gap.Calculated {
			t.Errorf("without its inputs it is %+v", gap)
		}
	})
}

func TestATestWithoutAnalytesIsAnsweredInWords(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "NARRATIVE"), "NARRATIVE", "Target cells, some.")
		if v := value(t, r, "NARRATIVE"); v.Name != "Film" || v.Display != "Target cells, some." || v.Flag != nil {
			t.Errorf("got %+v", v)
		}
	})
}

func TestChoicesAndTitres(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "HIVTEST"), "HIV", "NEG", "ASO", "1:400")
		if v := value(t, r, "HIV"); v.Display != "Nonreactive" || text(v.Flag) != "N" || string(v.Value) != `"NEG"` {
			t.Errorf("HIV is %+v", v)
		}
		if v := value(t, r, "ASO"); v.Display != "1:400" || text(v.Flag) != "H" {
			t.Errorf("ASO is %+v", v)
		}
	})
}

// The delta is against the last released value of another test, within its window, and never against what nobody has seen.
func TestTheDeltaIsAgainstTheLastReleasedValue(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 2.6)
		if v := value(t, b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 5), "K"); v.Former != nil || v.DeltaFlag != nil {
			t.Errorf("an unreleased one counts: %+v", v)
		}
		released := b.released(ctx, t, tx, "POTASSIUM", "K", 3.6)
		item := b.received(ctx, t, tx, "RENAL")
		v := value(t, b.enter(ctx, t, tx, item, "K", 5), "K")
		if text(v.DeltaFlag) != "UP" || v.Former == nil || v.Former.ResultID != released.ID || v.Former.Display != "3.6" || text(v.Former.Flag) != "N" {
			t.Errorf("got %+v", v)
		}
		corrected := b.enter(ctx, t, tx, released.OrderItemID, "K", 4.9)
		if value(t, corrected, "K").Former != nil {
			t.Error("a correction is compared with what it corrects")
		}
		b.release(ctx, t, tx, b.verify(ctx, t, tx, corrected.ID).ID)
		if v := value(t, b.enter(ctx, t, tx, item, "K", 5), "K"); v.Former.ResultID != corrected.ID || v.DeltaFlag != nil {
			t.Errorf("after the correction: %+v", v)
		}
	})
}

func TestACorrectionSupersedesAndNeverOverwrites(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		before := b.released(ctx, t, tx, "POTASSIUM", "K", 3.6)
		in := entering(before.OrderItemID, "K", 4.6)
		in.Body.CorrectionReason = "Two tubes were mixed up"
		after := must[labapi.Result](t)(b.Enter(ctx, tx, in))
		if after.ResultVersion != 2 || !after.IsCorrection || text(after.CorrectionReason) != "Two tubes were mixed up" || *after.SupersedesID != before.ID {
			t.Errorf("corrected %+v", after)
		}
		outside := as(ctx, tx.Scope().UserID, lab.CanReadReleased)
		if seen := must[labapi.Result](t)(b.GetResult(outside, tx, byID(before.ID))); !seen.IsLatest {
			t.Error("until the correction is released, the former one is the latest that others know of")
		}
		b.release(ctx, t, tx, b.verify(ctx, t, tx, after.ID).ID)
		seen := must[labapi.Result](t)(b.GetResult(outside, tx, byID(before.ID)))
		if seen.IsLatest || seen.Status != labapi.ResultStatusReleased || written(seen.Values) != written(before.Values) {
			t.Errorf("the former one is %+v", seen)
		}
		var told labapi.ResultReleased
		lastEvent(ctx, t, tx, after.ID, "lab.result_released.v1", &told)
		if !told.IsCorrection || told.CorrectsID == nil || *told.CorrectsID != before.ID || told.Abnormal {
			t.Errorf("told %+v", told)
		}
	})
}

func lastEvent(ctx context.Context, t testing.TB, tx db.Tx, entityID uuid.UUID, name string, into any) {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	var payload json.RawMessage
	err := tx.QueryRow(ctx, `SELECT payload FROM events.event WHERE entity_id = $1 AND name = $2 ORDER BY occurred_at DESC, id DESC LIMIT 1`, entityID, name).Scan(&payload)
	if err == nil {
		err = json.Unmarshal(payload, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatOthersSeeIsWhatIsReleased(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		released := b.released(ctx, t, tx, "POTASSIUM", "K", 3.6)
		waiting := b.enter(ctx, t, tx, released.OrderItemID, "K", 4.6)
		outside := as(ctx, tx.Scope().UserID, lab.CanReadReleased)
		_, err := b.GetResult(outside, tx, byID(waiting.ID))
		wantCode(t, err, "lab.result_not_found")
		_, err = b.History(outside, tx, labHistory(waiting.ID))
		wantCode(t, err, "lab.result_not_found")
		for _, latest := range []bool{true, false} {
			page := must[httpx.Page[labapi.Result]](t)(b.ListResults(outside, tx, lab.ListResultsInput{PageParams: first(10), OrderItemID: released.OrderItemID, Latest: latest}))
			if len(page.Results) != 1 || page.Results[0].ID != released.ID || *page.Count != 1 {
				t.Errorf("latest=%t lists %+v", latest, page.Results)
			}
		}
		if all := must[lab.ResultHistory](t)(b.History(outside, tx, labHistory(released.ID))); len(all.Results) != 1 {
			t.Errorf("the history is %+v", all.Results)
		}
		for _, permission := range []string{lab.CanRead, lab.CanEnter, lab.CanVerify, lab.CanRelease} {
			if _, err := b.GetResult(as(ctx, tx.Scope().UserID, permission), tx, byID(waiting.ID)); err != nil {
				t.Errorf("%s: %v", permission, err)
			}
		}
	})
}

func TestTrendsAreOfWhatIsReleasedAndCurrent(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		old := b.released(ctx, t, tx, "POTASSIUM", "K", 3.6)
		corrected := b.enter(ctx, t, tx, old.OrderItemID, "K", 3.9)
		b.release(ctx, t, tx, b.verify(ctx, t, tx, corrected.ID).ID)
		b.released(ctx, t, tx, "RENAL", "NA", 138, "K", 5.5)
		b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4.4)
		list := must[lab.TrendList](t)(b.Trends(ctx, tx, lab.TrendsInput{PatientID: b.encounter.PatientID}))
		if len(list.Results) != 2 || list.Results[0].Code != "K" || list.Results[1].Code != "NA" {
			t.Fatalf("trends of %+v", list.Results)
		}
		points := []string{}
		for _, p := range list.Results[0].Points {
			points = append(points, p.Display+" "+text(p.Flag))
		}
		want(t, points, "3.9 N", "5.5 H")
		only := must[lab.TrendList](t)(b.Trends(ctx, tx, lab.TrendsInput{PatientID: b.encounter.PatientID, Code: []string{"NA,HGB"}}))
		if len(only.Results) != 1 || only.AuditSubject().PatientIDs[0] != b.encounter.PatientID {
			t.Errorf("only %+v", only.Results)
		}
		recent := must[[]labapi.RecentValue](t)(lab.Reader{}.Recent(ctx, tx, tx.Scope(), b.encounter.PatientID, testkit.Epoch.Add(-time.Hour)))
		if len(recent) != 3 || recent[0].Number == nil || recent[0].Text == "" {
			t.Errorf("recent %+v", recent)
		}
	})
}

func TestAResultSaysNothingOfAnyoneInItsErrors(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		_, err := b.Enter(ctx, tx, entering(b.received(ctx, t, tx, "RENAL"), "K", "Meera 4.1"))
		if text := err.Error(); strings.Contains(text, "Meera") || strings.Contains(text, "4.1") {
			t.Errorf("it says %q", text)
		}
		for _, f := range errs.Of(err).Fields {
			if strings.Contains(f.Message, "Meera") {
				t.Errorf("it says %q", f.Message)
			}
		}
	})
}

// The laboratory may change its mind about an analyte: what it said before stays what it said.
func TestWhatWasJudgedStaysAsItWasJudged(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		before := b.released(ctx, t, tx, "POTASSIUM", "K", 4.9)
		renamed := strings.NewReplacer("low: 3.5, high: 5.1", "low: 3.0, high: 4.0", "method: Electrode", "method: Flame",
			"code: K, name: Potassium,", "code: K, decimals: 2, name: Kalium,", "unit: mmol/L, decimals: 1", "unit: mmol/L").Replace(laboratory)
		library, err := libraryOf(renamed)
		if err != nil {
			t.Fatal(err)
		}
		later := modulesOver(library)
		later.encounter = b.encounter
		if after := must[labapi.Result](t)(later.GetResult(ctx, tx, byID(before.ID))); written(after.Values) != written(before.Values) {
			t.Errorf("it said %s, and says %s", written(before.Values), written(after.Values))
		}
		now := value(t, later.enter(ctx, t, tx, later.received(ctx, t, tx, "POTASSIUM"), "K", 4.9), "K")
		if now.Name != "Kalium" || now.Display != "4.90" || text(now.Flag) != "H" || now.Former.Display != "4.9" || text(now.Former.Flag) != "N" {
			t.Errorf("the next is %+v", now)
		}
	})
}

// Where an analyte is measured in another unit since, what it was before tells its own.
func TestAFormerValueTellsItsUnit(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		b.released(ctx, t, tx, "BLOOD", "HGB", 13)
		library, err := libraryOf(strings.NewReplacer("unit: g/dL, units: [g/L], decimals: 1", "unit: g/L", "low: 12, high: 15.5, critical_low: 7", "low: 120, high: 155, critical_low: 70").Replace(laboratory))
		if err != nil {
			t.Fatal(err)
		}
		later := modulesOver(library)
		later.encounter = b.encounter
		v := value(t, later.enter(ctx, t, tx, later.received(ctx, t, tx, "BLOOD"), "HGB", 131), "HGB")
		if text(v.Unit) != "g/L" || v.Former == nil || v.Former.Display != "13.0" || text(v.Former.Unit) != "g/dL" {
			t.Errorf("%s %s after %+v", v.Display, text(v.Unit), v.Former)
		}
	})
}
