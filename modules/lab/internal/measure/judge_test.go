package measure_test

import (
	"encoding/json"
	"testing"
	"time"

	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

var now = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

var man = packsapi.Measured{AgeDays: 12_000, Sex: "male"}

func read(t testing.TB, a *packsapi.Analyte, value string) measure.Value {
	t.Helper()
	v, wrong := measure.Read(a, measure.Raw{Value: json.RawMessage(value)})
	if wrong != "" {
		t.Fatalf("%s: %s", value, wrong)
	}
	return v
}

func TestJudge(t *testing.T) {
	t.Parallel()
	inr := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "{INR}", Decimals: 1, PossibleLow: d("0.0"), Ranges: []packsapi.ReferenceRange{{Low: d("0.8"), High: d("1.2"), CriticalHigh: d("5.0")}}}
	crp := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "mg/L", Decimals: 1, PossibleLow: d("0.0"), Ranges: []packsapi.ReferenceRange{{Low: d("0.0"), High: d("5.0")}}}
	egfr := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "mL/min", PossibleLow: d("0"), Ranges: []packsapi.ReferenceRange{{Low: d("60")}}}
	tsh := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "m[IU]/L", Decimals: 2, PossibleLow: d("0.00"), Ranges: []packsapi.ReferenceRange{{Low: d("0.40"), High: d("4.50")}}}
	ph := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "[pH]", Decimals: 2, PossibleLow: d("6.00"), PossibleHigh: d("8.20"),
		Ranges: []packsapi.ReferenceRange{{Low: d("7.35"), High: d("7.45"), CriticalLow: d("7.20"), CriticalHigh: d("7.60")}}}
	none := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "g/L"}
	for _, c := range []struct {
		name      string
		of        *packsapi.Analyte
		value     string
		flag      string
		threshold string // empty: not critical
	}{
		{"within", haemoglobin(), `15`, "N", ""},
		{"on the lower bound", haemoglobin(), `13.0`, "N", ""},
		{"below it", haemoglobin(), `12.9`, "L", ""},
		{"rounded onto it", haemoglobin(), `12.95`, "N", ""},
		{"on the upper bound", haemoglobin(), `17.0`, "N", ""},
		{"above it", haemoglobin(), `17.1`, "H", ""},
		{"just not critical", haemoglobin(), `7.1`, "L", ""},
		{"on the critical bound", haemoglobin(), `7.0`, "LL", "7.0"},
		{"rounded onto the critical bound", haemoglobin(), `7.04`, "LL", "7.0"},
		{"beyond it", haemoglobin(), `3`, "LL", "7.0"},
		{"on the critical upper bound", haemoglobin(), `20`, "HH", "20.0"},
		{"without a lower critical bound", inr, `0.1`, "L", ""},
		{"half a range, within", egfr, `90`, "N", ""},
		{"half a range, below", egfr, `59`, "L", ""},
		{"no range", none, `3`, "", ""},

		{"all of it is low", tsh, `"<0.40"`, "L", ""},
		{"some of it is low", tsh, `"<0.50"`, "L", ""},
		{"all of it is within", crp, `"<5"`, "N", ""},
		{"some of it is high", crp, `"<10"`, "H", ""},
		{"all of it is high", crp, `">5"`, "H", ""},
		{"all of it is within, upwards", egfr, `">60"`, "N", ""},
		{"some of it is low, upwards", egfr, `">50"`, "L", ""},
		{"all of it is critical", haemoglobin(), `"<7"`, "LL", "7.0"},
		{"some of it is critical", haemoglobin(), `"<8"`, "LL", "7.0"},
		{"all of it is critical, upwards", haemoglobin(), `">20"`, "HH", "20.0"},
		{"some of it is critical, upwards", inr, `">4"`, "HH", "5.0"},
		{"none of it can be critical", ph, `">6.9"`, "HH", "7.60"},

		{"normal choice", group(), `"nonreactive"`, "N", ""},
		{"abnormal choice", group(), `"indeterminate"`, "A", ""},
		{"critical choice", group(), `"reactive"`, "A", `"reactive"`},
		{"a choice among equals", &packsapi.Analyte{Kind: packsapi.ValueCoded, Choices: []packsapi.ResultChoice{{Code: "A+"}, {Code: "O-"}}}, `"A+"`, "", ""},

		{"titre within", widal(), `"1:80"`, "N", ""},
		{"titre above", widal(), `"1:160"`, "H", ""},
		{"titre below the first dilution", widal(), `"<1:20"`, "N", ""},
		{"titre above the last", widal(), `">1:40"`, "H", ""},
		{"words", words(), `"growth"`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j := measure.Judge(c.of, read(t, c.of, c.value), man, nil, now)
			if j.Flag != c.flag || string(j.Threshold) != c.threshold || j.Critical != (c.threshold != "") {
				t.Errorf("flag %q, critical %v beyond %s; want %q beyond %q", j.Flag, j.Critical, j.Threshold, c.flag, c.threshold)
			}
		})
	}
}

// Somebody unconscious whose sex and age nobody knows has critical values all the same.
func TestJudgeSomebodyUnknown(t *testing.T) {
	t.Parallel()
	a := haemoglobin()
	a.Ranges = []packsapi.ReferenceRange{
		{Sex: "male", AgeFromDays: 6570, Low: d("13.0"), CriticalLow: d("7.0"), CriticalHigh: d("20.0")},
		{Sex: "female", AgeFromDays: 6570, Low: d("12.0"), CriticalLow: d("6.5"), CriticalHigh: d("20.0")},
		{AgeToDays: 7, Low: d("14.0"), CriticalLow: d("9.5"), CriticalHigh: d("23.0")},
	}
	for _, c := range []struct {
		name  string
		of    packsapi.Measured
		value string
		flag  string
		bound string
	}{
		{"unknown sex, low by every range", packsapi.Measured{AgeDays: 12_000}, `6.5`, "LL", "7.0"},
		{"unknown sex, critical by one range only", packsapi.Measured{AgeDays: 12_000}, `6.9`, "LL", "7.0"},
		{"unknown sex, below every range", packsapi.Measured{AgeDays: 12_000, Sex: "unknown"}, `8`, "L", ""},
		{"unknown sex, below one range only", packsapi.Measured{AgeDays: 12_000}, `12.5`, "", ""},
		{"unknown sex, within", packsapi.Measured{AgeDays: 12_000}, `14`, "", ""},
		{"another sex, high by every range", packsapi.Measured{AgeDays: 12_000, Sex: "other"}, `20`, "HH", "20.0"},
		{"unknown age", packsapi.Measured{AgeDays: -1, Sex: "male"}, `7`, "LL", "7.0"},
		{"unknown age, high for adults only", packsapi.Measured{AgeDays: -1, Sex: "male"}, `22`, "", ""},
		{"unknown age, low by every range", packsapi.Measured{AgeDays: -1, Sex: "male"}, `12`, "L", ""},
		{"an age that no range has", packsapi.Measured{AgeDays: 100, Sex: "female"}, `6`, "LL", "6.5"},
		{"an age that no range has, low by every range", packsapi.Measured{AgeDays: 100, Sex: "female"}, `7.5`, "L", ""},
		{"an age that no range has, low for a newborn only", packsapi.Measured{AgeDays: 100, Sex: "female"}, `13`, "", ""},
		{"the newborn's own range", packsapi.Measured{AgeDays: 0}, `9.5`, "LL", "9.5"},
	} {
		j := measure.Judge(a, read(t, a, c.value), c.of, nil, now)
		if j.Flag != c.flag || string(j.Threshold) != c.bound || j.Critical != (c.bound != "") {
			t.Errorf("%s: %q beyond %s; want %q beyond %q", c.name, j.Flag, j.Threshold, c.flag, c.bound)
		}
	}
}

func TestRangeOfPregnancyGoesFirst(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	a := haemoglobin()
	a.Ranges = []packsapi.ReferenceRange{
		{Pregnant: &yes, Low: d("11.0")}, {Sex: "female", Low: d("12.0")}, {Sex: "male", Low: d("13.0")}, {Sex: "male", Pregnant: &no, AgeFromDays: 1, AgeToDays: 2, Low: d("10.0")},
	}
	for _, c := range []struct {
		of   packsapi.Measured
		want string
	}{
		{packsapi.Measured{AgeDays: 9_000, Sex: "female"}, "12.0"},
		{packsapi.Measured{AgeDays: 9_000, Sex: "female", Pregnant: true}, "11.0"},
		{packsapi.Measured{AgeDays: 9_000, Sex: "unknown", Pregnant: true}, "11.0"},
		{packsapi.Measured{AgeDays: 9_000, Sex: "male"}, "13.0"},
		{packsapi.Measured{AgeDays: 9_000, Sex: "male", Pregnant: true}, "13.0"},
		{packsapi.Measured{AgeDays: 1, Sex: "male"}, "10.0"},
	} {
		if r := measure.RangeFor(a, c.of); r == nil || r.Low.String() != c.want {
			t.Errorf("%+v: %+v, want low %s", c.of, r, c.want)
		}
	}
	if r := measure.RangeFor(a, packsapi.Measured{AgeDays: 9_000, Sex: "unknown"}); r != nil {
		t.Errorf("a range for somebody of unknown sex: %+v", r)
	}
}

func TestDelta(t *testing.T) {
	t.Parallel()
	week := 7 * 24 * time.Hour
	number := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "mg/dL", Decimals: 1, DeltaPercent: 20, DeltaWithin: week}
	titre := &packsapi.Analyte{Kind: packsapi.ValueTitre, DeltaPercent: 299, DeltaWithin: week}
	blood := &packsapi.Analyte{Kind: packsapi.ValueCoded, Choices: []packsapi.ResultChoice{{Code: "A+"}, {Code: "O-"}}, DeltaWithin: 100 * week}
	never := &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "mg/dL"}
	for _, c := range []struct {
		name        string
		of          *packsapi.Analyte
		former, now string
		ago         time.Duration
		want        string
	}{
		{"just as far as it may", number, `10`, `12`, time.Hour, ""},
		{"further up", number, `10`, `12.1`, time.Hour, "UP"},
		{"just as far down", number, `10`, `8`, time.Hour, ""},
		{"further down", number, `10`, `7.9`, time.Hour, "DOWN"},
		{"on the last day of the window", number, `10`, `20`, week, "UP"},
		{"after it", number, `10`, `20`, week + time.Second, ""},
		{"at the same time", number, `10`, `20`, 0, "UP"},
		{"a later sample is no former one", number, `10`, `20`, -time.Second, ""},
		{"from nought", number, `0`, `0.1`, time.Hour, "UP"},
		{"nought again", number, `0`, `0`, time.Hour, ""},
		{"below what it surely fell to", number, `10`, `"<5"`, time.Hour, "DOWN"},
		{"below what may be the same", number, `10`, `"<15"`, time.Hour, ""},
		{"above what it surely rose to", number, `10`, `">15"`, time.Hour, "UP"},
		{"above what may be the same", number, `10`, `">5"`, time.Hour, ""},
		{"from below, up", number, `"<5"`, `10`, time.Hour, "UP"},
		{"from below, who knows", number, `"<50"`, `10`, time.Hour, ""},
		{"from above, down", number, `">50"`, `10`, time.Hour, "DOWN"},
		{"both bounded", number, `"<5"`, `">10"`, time.Hour, "UP"},
		{"both bounded alike", number, `"<5"`, `"<10"`, time.Hour, ""},
		{"no check", never, `1`, `100`, time.Hour, ""},
		{"a titre doubled", titre, `"1:80"`, `"1:160"`, time.Hour, ""},
		{"a titre fourfold", titre, `"1:80"`, `"1:320"`, time.Hour, "UP"},
		{"another blood group", blood, `"A+"`, `"O-"`, 50 * week, "CHANGED"},
		{"the same blood group", blood, `"A+"`, `"A+"`, 50 * week, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, lost := range []measure.Value{{}, {Unit: c.of.Unit}} { // what was written once and cannot be read any more
				if got := measure.Judge(c.of, read(t, c.of, c.now), man, &measure.Former{Value: lost, At: now}, now).DeltaFlag; got != "" {
					t.Errorf("%q beside a former value that is lost", got)
				}
			}
			former := &measure.Former{Value: read(t, c.of, c.former), At: now.Add(-c.ago)}
			if got := measure.Judge(c.of, read(t, c.of, c.now), man, former, now).DeltaFlag; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if got := measure.Judge(c.of, read(t, c.of, c.now), man, nil, now).DeltaFlag; got != "" {
				t.Errorf("%q without a former value", got)
			}
		})
	}
}
