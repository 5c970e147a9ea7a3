package measure_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

func d(s string) *decimal.Decimal { return new(decimal.MustParse(s)) }

func glucose() *packsapi.Analyte {
	return &packsapi.Analyte{Code: "GLUF", Kind: packsapi.ValueNumber, Unit: "mg/dL", Units: []string{"mmol/L"}, MolarMass: 180.16,
		PossibleLow: d("0"), PossibleHigh: d("3000")}
}

func haemoglobin() *packsapi.Analyte {
	return &packsapi.Analyte{Code: "HGB", Kind: packsapi.ValueNumber, Unit: "g/dL", Units: []string{"g/L"}, Decimals: 1,
		PossibleLow: d("0.0"), PossibleHigh: d("30.0"),
		Ranges: []packsapi.ReferenceRange{{Low: d("13.0"), High: d("17.0"), CriticalLow: d("7.0"), CriticalHigh: d("20.0")}}}
}

func group() *packsapi.Analyte {
	return &packsapi.Analyte{Code: "HIV", Kind: packsapi.ValueCoded, Choices: []packsapi.ResultChoice{
		{Code: "nonreactive", Title: packsapi.Text{"en": "Nonreactive", "hi": "अप्रतिक्रियाशील"}},
		{Code: "indeterminate", Title: packsapi.Text{"en": "Indeterminate"}, Abnormal: true},
		{Code: "reactive", Title: packsapi.Text{"en": "Reactive"}, Abnormal: true, Critical: true}}}
}

func widal() *packsapi.Analyte {
	return &packsapi.Analyte{Code: "WIDAL_O", Kind: packsapi.ValueTitre, Ranges: []packsapi.ReferenceRange{{High: d("80")}}}
}

func words() *packsapi.Analyte { return &packsapi.Analyte{Code: "ORG", Kind: packsapi.ValueText} }

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		of              *packsapi.Analyte
		value, unit     string
		want            string // JSON
		entered, inUnit string
	}{
		{"a number", haemoglobin(), `13.5`, "", `13.5`, "", ""},
		{"a number as text", haemoglobin(), `" 13.5 "`, "", `13.5`, "", ""},
		{"without its decimals", haemoglobin(), `13`, "", `13.0`, "", ""},
		{"its own unit", haemoglobin(), `13.5`, "g/dL", `13.5`, "", ""},
		{"another unit", haemoglobin(), `135`, "g/L", `13.5`, "135", "g/L"},
		{"as amount", glucose(), `5.55`, "mmol/L", `100`, "5.55", "mmol/L"},
		{"in another spelling", glucose(), `5.55`, "mmol/l", `100`, "5.55", "mmol/l"},
		{"finer than it is told", haemoglobin(), `13.45`, "", `13.5`, "13.45", "g/dL"},
		{"halves go up", haemoglobin(), `13.25`, "", `13.3`, "13.25", "g/dL"},
		{"just below a half", haemoglobin(), `13.2499999999`, "", `13.2`, "13.2499999999", "g/dL"},
		{"below the least that is measured", haemoglobin(), `"<0.5"`, "", `"<0.5"`, "", ""},
		{"above the most", haemoglobin(), `"> 25"`, "", `">25.0"`, "", ""},
		{"a bound keeps its digits", haemoglobin(), `"<0.04"`, "", `"<0.04"`, "", ""},
		{"a bound is widened, not narrowed", glucose(), `"<0.1"`, "mmol/L", `"<1.9"`, "<0.1", "mmol/L"},
		{"a bound from below too", glucose(), `">0.1"`, "mmol/L", `">1.8"`, ">0.1", "mmol/L"},
		{"nought", haemoglobin(), `0`, "", `0.0`, "", ""},
		{"a choice", group(), `"reactive"`, "", `"reactive"`, "", ""},
		{"a choice in capitals", group(), `"NonReactive"`, "", `"nonreactive"`, "", ""},
		{"a choice by its title", group(), `"अप्रतिक्रियाशील"`, "", `"nonreactive"`, "", ""},
		{"a titre", widal(), `"1:80"`, "", `"1:80"`, "", ""},
		{"a titre with a stroke", widal(), `"1/160"`, "", `"1:160"`, "", ""},
		{"below the first dilution", widal(), `"< 1:20"`, "", `"<1:20"`, "", ""},
		{"words", words(), `"E. coli\nsensitive to all"`, "", `"E. coli\nsensitive to all"`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v, wrong := measure.Read(c.of, measure.Raw{Value: json.RawMessage(c.value), Unit: c.unit})
			if wrong != "" {
				t.Fatal(wrong)
			}
			if got := string(v.JSON(c.of)); got != c.want || v.EnteredValue != c.entered || v.EnteredUnit != c.inUnit || v.Unit != c.of.Unit {
				t.Errorf("%s, entered %q %q, in %q; want %s, %q %q", got, v.EnteredValue, v.EnteredUnit, v.Unit, c.want, c.entered, c.inUnit)
			}
			// What is told is read as the same value again.
			again, wrong := measure.Read(c.of, measure.Raw{Value: v.JSON(c.of), Unit: v.Unit})
			if wrong != "" || string(again.JSON(c.of)) != c.want || again.EnteredValue != "" {
				t.Errorf("read again: %+v %s", again, wrong)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		of          *packsapi.Analyte
		value, unit string
	}{
		{"nothing", haemoglobin(), ``, ""},
		{"null", haemoglobin(), `null`, ""},
		{"blanks", haemoglobin(), `"  "`, ""},
		{"an object", haemoglobin(), `{"value": 3}`, ""},
		{"a list", haemoglobin(), `[13]`, ""},
		{"true", haemoglobin(), `true`, ""},
		{"words for a number", haemoglobin(), `"normal"`, ""},
		{"a number with a comma", haemoglobin(), `"13,5"`, ""},
		{"an exponent", haemoglobin(), `1e1`, ""},
		{"a number too long", haemoglobin(), `1.00000000000000000000000001`, ""},
		{"at most", haemoglobin(), `"<=5"`, ""},
		{"a bound alone", haemoglobin(), `"<"`, ""},
		{"two bounds", haemoglobin(), `"<>5"`, ""},
		{"below nought", haemoglobin(), `-1`, ""},
		{"the unit forgotten", haemoglobin(), `135`, ""},
		{"just above what is possible", haemoglobin(), `30.05`, ""},
		{"below what cannot be", haemoglobin(), `"<0"`, ""},
		{"above what cannot be", haemoglobin(), `">30"`, ""},
		{"a unit of something else", haemoglobin(), `13`, "mmol/L"},
		{"a unit that converts but is not allowed", haemoglobin(), `13`, "kg/L"},
		{"a unit that is none", haemoglobin(), `13`, "gramms"},
		{"one in a thousand of something else", &packsapi.Analyte{Kind: packsapi.ValueNumber, Unit: "mg/g"}, `30`, "mmol/mol"},
		{"a choice that is none", group(), `"positive"`, ""},
		{"a number for a choice", group(), `1`, ""},
		{"a unit for a choice", group(), `"reactive"`, "g/L"},
		{"a titre without its one", widal(), `"80"`, ""},
		{"a titre of a number", widal(), `80`, ""},
		{"a titre of nought", widal(), `"1:0"`, ""},
		{"a titre of two", widal(), `"2:80"`, ""},
		{"a number for words", words(), `7`, ""},
		{"words with a bell", words(), `"a\u0007"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if v, wrong := measure.Read(c.of, measure.Raw{Value: json.RawMessage(c.value), Unit: c.unit}); wrong == "" {
				t.Errorf("was read as %+v", v)
			}
		})
	}
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of                  *packsapi.Analyte
		value, locale, want string
	}{
		{haemoglobin(), `13`, "en", "13.0"},
		{haemoglobin(), `"<5"`, "en", "<5.0"},
		{group(), `"nonreactive"`, "hi", "अप्रतिक्रियाशील"},
		{group(), `"reactive"`, "hi", "Reactive"},
		{widal(), `"1/80"`, "en", "1:80"},
	} {
		v, wrong := measure.Read(c.of, measure.Raw{Value: json.RawMessage(c.value)})
		if got := v.Display(c.of, c.locale); wrong != "" || got != c.want {
			t.Errorf("%s is shown as %q (%s), want %q", c.value, got, wrong, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{`13.5`, `"<0.5"`, `">1000"`, `"1:80"`, `"reactive"`, `null`, `{}`, `"-0"`, `"00013"`, `-0.0`} {
		f.Add(s, "g/L")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, value, unit string) {
		for _, a := range []*packsapi.Analyte{haemoglobin(), glucose(), group(), widal(), words()} {
			v, wrong := measure.Read(a, measure.Raw{Value: json.RawMessage(value), Unit: unit})
			if wrong != "" {
				continue
			}
			told := v.JSON(a)
			if !json.Valid(told) {
				t.Fatalf("%q became %q, which is no JSON", value, told)
			}
			again, wrong := measure.Read(a, measure.Raw{Value: told})
			if wrong != "" || string(again.JSON(a)) != string(told) {
				t.Fatalf("%q became %s, and that %s (%s)", value, told, again.JSON(a), wrong)
			}
			measure.Judge(a, v, packsapi.Measured{AgeDays: 9000, Sex: "male"}, &measure.Former{Value: again}, now)
		}
	})
}

func TestWhatIsRefusedSaysWhatWouldPass(t *testing.T) {
	t.Parallel()
	h := haemoglobin()
	for _, c := range []struct{ wrong, word string }{
		{measure.WrongUnit(h, "mmol/L"), strings.Join(append([]string{h.Unit}, h.Units...), ", ")},
		{measure.WrongUnit(h, h.Unit), ""},
		{measure.WrongUnit(h, " "+h.Unit+" "), ""},
		{measure.WrongUnit(h, ""), ""},
		{refusal(h, "999"), "is " + h.PossibleHigh.String() + " " + h.Unit},
	} {
		if !strings.Contains(c.wrong, c.word) || c.word == "" && c.wrong != "" {
			t.Errorf("got %q, want %q", c.wrong, c.word)
		}
	}
}

func refusal(a *packsapi.Analyte, value string) string {
	_, wrong := measure.Read(a, measure.Raw{Value: json.RawMessage(value)})
	return wrong
}
