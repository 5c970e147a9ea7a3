package qualitycontrol_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/qualitycontrol"
)

func TestALotTellsItsTargetsAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		sodium := qualitycontrol.TargetInput{Analyte: "NA", Mean: number("140.0"), SD: number("1.50"), Unit: "mmol/L"}
		made := b.lot(2, sodium, glucose())
		got := must[qualitycontrol.Lot](t)(b.GetLot(b.ctx, b.tx, qualitycontrol.ByID{ID: made.ID}))
		text := string(must[[]byte](t)(json.Marshal(got.Targets)))
		if !strings.HasPrefix(text, `[{"analyte":"NA","name":"Sodium","unit":"mmol/L","mean":140.0,"sd":1.50,"observed":null,"latest":null,"is_held":false},{"analyte":"GLU"`) {
			t.Error(text)
		}
		if got.IsExpired || !got.IsActive || !slices.Equal(got.Actions, []string{"run", "update"}) {
			t.Errorf("%+v", got)
		}
		if len(b.told("qualitycontrol.lot_opened.v1")) != 1 {
			t.Error("nobody was told")
		}
	})
}

func TestTheSameLotIsNotOpenedTwice(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.lot(1)
		b.lot(2) // another level is another lot
		_, err := b.OpenLot(b.ctx, b.tx, opening(1))
		refusedAs(t, err, "qualitycontrol.lot_exists")
	})
}

func TestFaultyTargetsAreAllNamed(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		zero, long := glucose(), glucose()
		zero.SD, long.Analyte, long.Mean = number("0"), "UREA", number("1.1234567")
		_, err := b.OpenLot(b.ctx, b.tx, opening(1, glucose(), zero, long))
		refusedAs(t, err, "qualitycontrol.invalid")
		var at []string
		for _, field := range errs.Of(err).Fields {
			at = append(at, field.Location)
		}
		if want := []string{"body.targets[1].analyte", "body.targets[1].sd", "body.targets[2].mean"}; !slices.Equal(at, want) {
			t.Errorf("faults at %v, want %v", at, want)
		}
	})
}

func TestAControlOfWhatNobodyMeasuresIsRefused(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		for code, want := range map[string]string{"GLUE": "The laboratory has no such analyte.", "CULTURE": "Its values are no numbers."} {
			target := glucose()
			target.Analyte = code
			_, err := b.OpenLot(b.ctx, b.tx, opening(1, target))
			refusedAs(t, err, "qualitycontrol.invalid")
			if fields := errs.Of(err).Fields; len(fields) != 1 || fields[0].Location != "body.targets[0].analyte" || fields[0].Message != want {
				t.Errorf("%s: %+v", code, fields)
			}
		}
		unsaid := glucose()
		unsaid.Unit = ""
		if lot := b.lot(1, unsaid); lot.Targets[0].Unit != "mg/dL" {
			t.Errorf("the unit is %q, not the analyte's", lot.Targets[0].Unit)
		}
	})
}

func TestObservedStandsBesideTheTarget(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		one := b.run(lot, "98")
		get := func() *qualitycontrol.Observed {
			return must[qualitycontrol.Lot](t)(b.GetLot(b.ctx, b.tx, qualitycontrol.ByID{ID: lot.ID})).Targets[0].Observed
		}
		if o := get(); o.Runs != 1 || o.Mean.String() != "98.0" || o.SD != nil || o.CV != nil {
			t.Errorf("of one run: %+v", o)
		}
		b.series(lot, "100 102 104")
		// Of 98, 100, 102, 104: mean 101, SD sqrt(20/3) = 2.582, CV 2.56 %.
		if o := get(); o.Runs != 4 || o.Mean.String() != "101.0" || o.SD.String() != "2.58" || o.CV.String() != "2.56" {
			t.Errorf("of four runs: %v %v %v", o.Mean, o.SD, o.CV)
		}
		exclude := qualitycontrol.ExcludeRunInput{ByID: qualitycontrol.ByID{ID: lot.ID}, RunID: one.ID}
		exclude.Body.Reason = "Wrong vial"
		must[qualitycontrol.Run](t)(b.ExcludeRun(b.ctx, b.tx, exclude))
		if o := get(); o.Runs != 3 || o.Mean.String() != "102.0" || o.SD.String() != "2.00" {
			t.Errorf("without the excluded one: %+v", o)
		}
	})
}

func TestAChangedTargetIsOfLaterRuns(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		before := b.run(lot, "105")
		in := qualitycontrol.ChangeLotInput{ByID: qualitycontrol.ByID{ID: lot.ID}}
		same := glucose()
		same.Mean, same.SD = number(same.Mean.String()+".00"), number(same.SD.String()+".0")
		in.Body.Targets = []qualitycontrol.TargetInput{same}
		if must[qualitycontrol.Lot](t)(b.ChangeLot(b.ctx, b.tx, in)); len(b.told("qualitycontrol.lot_changed.v1")) != 0 {
			t.Error("the same number in other digits is told as a change")
		}
		in.IfMatch.IfMatch = lot.ETag()
		wider := glucose()
		wider.SD = number("5")
		in.Body.Targets = []qualitycontrol.TargetInput{wider, {Analyte: "UREA", Mean: number("40"), SD: number("1")}}
		changed := must[qualitycontrol.Lot](t)(b.ChangeLot(b.ctx, b.tx, in))
		if len(changed.Targets) != 2 || changed.Targets[0].SD.String() != "5" || changed.Targets[1].Analyte != "UREA" {
			t.Errorf("%+v", changed.Targets)
		}
		after := b.run(lot, "105")
		if before.Z.String() != "2.50" || before.Status != "WARNING" || after.Z.String() != "1.00" || after.Status != "IN_CONTROL" {
			t.Errorf("before %s %s, after %s %s", before.Z, before.Status, after.Z, after.Status)
		}
		_, err := b.ChangeLot(b.ctx, b.tx, in)
		refusedAs(t, err, "request.stale")
		if told := b.told("qualitycontrol.lot_changed.v1"); len(told) != 1 || !strings.Contains(told[0], "targets.GLU") {
			t.Errorf("told %v", told)
		}
	})
}

func TestAChangeOfNothingIsNone(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		in := qualitycontrol.ChangeLotInput{ByID: qualitycontrol.ByID{ID: lot.ID}}
		yes := true
		in.Body.IsActive, in.Body.Targets = &yes, []qualitycontrol.TargetInput{glucose()}
		if got := must[qualitycontrol.Lot](t)(b.ChangeLot(b.ctx, b.tx, in)); got.ETag() != lot.ETag() || len(b.told("qualitycontrol.lot_changed.v1")) != 0 {
			t.Errorf("version %s after %s", got.ETag(), lot.ETag())
		}
	})
}

func TestLotsAreListedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		low, high := b.lot(1), b.lot(3, qualitycontrol.TargetInput{Analyte: "UREA", Mean: number("40"), SD: number("1")})
		no := false
		in := qualitycontrol.ChangeLotInput{ByID: qualitycontrol.ByID{ID: low.ID}}
		in.Body.IsActive = &no
		must[qualitycontrol.Lot](t)(b.ChangeLot(b.ctx, b.tx, in))
		for _, c := range []struct {
			in   qualitycontrol.LotsInput
			want []qualitycontrol.Lot
		}{
			{qualitycontrol.LotsInput{}, []qualitycontrol.Lot{high, low}},
			{qualitycontrol.LotsInput{IsActive: "true"}, []qualitycontrol.Lot{high}},
			{qualitycontrol.LotsInput{IsActive: "false"}, []qualitycontrol.Lot{low}},
			{qualitycontrol.LotsInput{Analyte: "GLU"}, []qualitycontrol.Lot{low}},
			{qualitycontrol.LotsInput{Material: "Serum"}, nil},
		} {
			c.in.Limit, c.in.Count = 50, true
			page := must[httpx.Page[qualitycontrol.Lot]](t)(b.ListLots(b.ctx, b.tx, c.in))
			if len(page.Results) != len(c.want) || *page.Count != int64(len(c.want)) {
				t.Errorf("%+v: %d lots, counted %d, want %d", c.in, len(page.Results), *page.Count, len(c.want))
				continue
			}
			for i, lot := range page.Results {
				if !slices.ContainsFunc(c.want, func(w qualitycontrol.Lot) bool { return w.ID == lot.ID }) {
					t.Errorf("%+v: %d is %s", c.in, i, lot.LotNumber)
				}
			}
		}
	})
}

// A lot may be run on the day it expires, by the facility's own clock, and not on the next.
func TestALotExpiresWithItsDay(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		for days, want := range map[int]string{0: "", -1: "qualitycontrol.lot_expired"} {
			in := opening(days + 2)
			in.Body.ExpiresOn = clock.DateOf(testkit.Epoch.AddDate(0, 0, days)) // 15:00 in Kolkata, the same day
			lot := must[qualitycontrol.Lot](t)(b.OpenLot(b.ctx, b.tx, in))
			_, err := b.RecordRun(b.ctx, b.tx, running(lot, "100"))
			if want == "" && err != nil || want != "" && errs.Of(err) == nil {
				t.Errorf("%d days: %v", days, err)
			}
			if want != "" {
				refusedAs(t, err, want)
			}
			if lot.IsExpired != (want != "") || slices.Contains(lot.Actions, "run") == lot.IsExpired {
				t.Errorf("%d days: expired %v, actions %v", days, lot.IsExpired, lot.Actions)
			}
		}
	})
}
