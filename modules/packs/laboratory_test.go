package packs

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	measured "github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

func laboratoryOf(t *testing.T, l packsapi.Library, pack string) packsapi.Laboratory {
	t.Helper()
	lab, err := l.Laboratory(pack)
	if err != nil {
		t.Fatal(err)
	}
	return lab
}

func TestLaboratoryLaysPacksOverEachOther(t *testing.T) {
	t.Parallel()
	l := joined(t, "", loadedPack(t, herbal()))
	lab := laboratoryOf(t, l, "herbal")
	mercury, ok := lab.Analyte("MERCURY")
	if !ok || mercury.Pack != "herbal" || mercury.Unit != "ug/L" || mercury.MolarMass != 200.59 || mercury.DeltaWithin.Hours() != 168 || mercury.DeltaPercent != 50 {
		t.Fatalf("%+v", mercury)
	}
	if r := mercury.Ranges[1]; r.Sex != "female" || r.AgeFromDays != 6570 || r.Low.String() != "0.0" || r.High.String() != "8.0" || r.CriticalLow != nil {
		t.Errorf("%+v", r)
	}
	if mercury.PossibleLow.String() != "0.0" || mercury.PossibleHigh.String() != "1000.0" {
		t.Errorf("from %s to %s", mercury.PossibleLow, mercury.PossibleHigh)
	}
	crp, _ := lab.Analyte("CRP")
	if crp.Pack != "base" || crp.Decimals != 2 || crp.Ranges[0].High.String() != "5.00" || crp.LOINC != "1988-5" {
		t.Errorf("%+v", crp)
	}
	if base, _ := laboratoryOf(t, l, "base").Analyte("CRP"); base.Decimals != 1 {
		t.Errorf("the base pack's own has %d decimals", base.Decimals)
	}
	if _, ok := lab.Analyte("PCT"); ok {
		t.Error("a hidden analyte is there")
	}
	spot, _ := lab.Analyte("SPOT")
	if !spot.Choices[1].Abnormal || spot.Choices[0].Abnormal || spot.Name.In("hi") != "धब्बा जाँच" || spot.Ranges[0].Text.In("en") != "No spot" {
		t.Errorf("%+v", spot)
	}
	if _, err := l.Laboratory("tibb"); err == nil {
		t.Error("the laboratory of an unknown pack")
	}
}

func TestAnalytesAreListedBySection(t *testing.T) {
	t.Parallel()
	var sections, blood []string
	for _, a := range laboratoryOf(t, base(t), "base").Analytes() {
		if len(sections) == 0 || sections[len(sections)-1] != a.Section {
			sections = append(sections, a.Section)
		}
		if a.Section == "haematology" {
			blood = append(blood, a.Code)
		}
	}
	var known []string
	for _, s := range packsapi.Sections() {
		known = append(known, s.Code)
		if s.Title.In("en") == "" || s.Title.In("hi") == s.Title.In("en") {
			t.Errorf("the section %s has no title", s.Code)
		}
	}
	if diff := cmp.Diff(known, sections); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"HGB", "WBC", "NEUT", "LYMPH", "EOS", "RBC", "HCT", "MCV", "MCH", "PLT", "ESR"}, blood); diff != "" {
		t.Error(diff)
	}
}

// Every analyte can be ordered, and has words in every language of the base pack.
func TestBaseLaboratoryIsWhole(t *testing.T) {
	t.Parallel()
	l := base(t)
	catalog, err := l.Catalog("base")
	if err != nil {
		t.Fatal(err)
	}
	ordered := map[string]bool{}
	for _, s := range catalog.Services() {
		if s.OrderType != packsapi.OrderTypeLab {
			continue
		}
		for _, code := range s.Analytes {
			ordered[code] = true
		}
		if s.Specimen == nil || s.Specimen.Container == "" || s.TurnAround.Routine <= 0 || len(s.Tasks) > 0 {
			t.Errorf("%s: specimen %+v, turnaround %+v, %d tasks", s.Code, s.Specimen, s.TurnAround, len(s.Tasks))
		}
		if u := s.TurnAround; u.Urgent > u.Routine || u.Stat > u.Routine || u.Stat > 0 && u.Urgent > 0 && u.Stat > u.Urgent {
			t.Errorf("%s is slower when it is urgent", s.Code)
		}
	}
	for _, a := range laboratoryOf(t, l, "base").Analytes() {
		if !ordered[a.Code] {
			t.Errorf("no service measures %s", a.Code)
		}
		if a.Name["en"] == "" || a.Name["hi"] == "" {
			t.Errorf("%s has no name in both languages", a.Code)
		}
	}
}

func amount(t testing.TB, s string) measured.Decimal {
	t.Helper()
	d, err := measured.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCalculatedAnalytes(t *testing.T) {
	t.Parallel()
	lab := laboratoryOf(t, base(t), "base")
	years := func(n int) int { return n*1461/4 + 1 }
	man, woman := packsapi.Measured{AgeDays: years(50), Sex: "male"}, packsapi.Measured{AgeDays: years(50), Sex: "female"}
	for _, c := range []struct {
		name   string
		code   string
		values map[string]string
		of     packsapi.Measured
		want   string // empty: no value
	}{
		// Friedewald: 200 - 50 - 150/5.
		{"LDL", "LDL", map[string]string{"CHOL": "200", "HDL": "50", "TRIG": "150"}, man, "120"},
		{"LDL to the nearest whole", "LDL", map[string]string{"CHOL": "201", "HDL": "50", "TRIG": "152"}, man, "121"}, // 120.6
		{"LDL at the last triglycerides", "LDL", map[string]string{"CHOL": "300", "HDL": "40", "TRIG": "400"}, man, "180"},
		{"no LDL above them", "LDL", map[string]string{"CHOL": "300", "HDL": "40", "TRIG": "401"}, man, ""},
		{"no LDL below nought", "LDL", map[string]string{"CHOL": "100", "HDL": "90", "TRIG": "200"}, man, ""},
		{"no LDL without HDL", "LDL", map[string]string{"CHOL": "200", "TRIG": "150"}, man, ""},
		// 142 * (1/0.9)^-1.2 * 0.9938^50 = 142 * 0.88122 * 0.73274
		{"eGFR of a man", "EGFR", map[string]string{"CREA": "1.00"}, man, "92"},
		// 142 * (1/0.7)^-1.2 * 0.9938^50 * 1.012 = 142 * 0.65181 * 0.73274 * 1.012
		{"eGFR of a woman", "EGFR", map[string]string{"CREA": "1.00"}, woman, "69"},
		// The calculator of the National Kidney Foundation: 55 years, 1.2 mg/dL, male.
		{"eGFR as the NKF has it", "EGFR", map[string]string{"CREA": "1.20"}, packsapi.Measured{AgeDays: years(55), Sex: "male"}, "71"},
		// Below the knot: 142 * (0.6/0.7)^-0.241 * 0.9938^30 * 1.012 = 142 * 1.03785 * 0.82981 * 1.012
		{"eGFR of a young woman", "EGFR", map[string]string{"CREA": "0.60"}, packsapi.Measured{AgeDays: years(30), Sex: "female"}, "124"},
		// On the knot: 142 * 0.9938^40 = 142 * 0.77977
		{"eGFR on the knot", "EGFR", map[string]string{"CREA": "0.90"}, packsapi.Measured{AgeDays: years(40), Sex: "male"}, "111"},
		// 142 * (5/0.9)^-1.2 * 0.9938^80 = 142 * 0.12775 * 0.60803
		{"eGFR of an old man with failure", "EGFR", map[string]string{"CREA": "5.00"}, packsapi.Measured{AgeDays: years(80), Sex: "male"}, "11"},
		{"the first day of eighteen years", "EGFR", map[string]string{"CREA": "0.90"}, packsapi.Measured{AgeDays: 6570, Sex: "male"}, "128"}, // 142 * 0.9938^17
		{"no eGFR the day before", "EGFR", map[string]string{"CREA": "0.90"}, packsapi.Measured{AgeDays: 6569, Sex: "male"}, ""},
		{"no eGFR of somebody of unknown age", "EGFR", map[string]string{"CREA": "0.90"}, packsapi.Measured{AgeDays: -1, Sex: "male"}, ""},
		{"no eGFR of somebody of unknown sex", "EGFR", map[string]string{"CREA": "0.90"}, packsapi.Measured{AgeDays: years(40), Sex: "other"}, ""},
		{"no eGFR in pregnancy", "EGFR", map[string]string{"CREA": "0.90"}, packsapi.Measured{AgeDays: years(30), Sex: "female", Pregnant: true}, ""},
		{"no eGFR of no creatinine", "EGFR", map[string]string{"CREA": "0.00"}, man, ""},
		{"anion gap", "ANION_GAP", map[string]string{"NA": "140", "CL": "104", "HCO3": "24"}, man, "12"},
		{"anion gap below nought", "ANION_GAP", map[string]string{"NA": "130", "CL": "107", "HCO3": "26"}, man, "-3"},
		// Payne: 8.0 + 0.8 * (4.0 - 2.0).
		{"corrected calcium", "CA_CORR", map[string]string{"CA": "8.0", "ALB": "2.0"}, man, "9.6"},
		{"corrected calcium, nothing to correct", "CA_CORR", map[string]string{"CA": "9.1", "ALB": "4.0"}, man, "9.1"},
		{"corrected calcium, halves up", "CA_CORR", map[string]string{"CA": "9.1", "ALB": "3.5"}, man, "9.5"},
		{"what is measured is not calculated", "CA", map[string]string{"CA": "9.1", "ALB": "4.0"}, man, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			values := map[string]measured.Decimal{}
			for code, v := range c.values {
				values[code] = amount(t, v)
			}
			got, told := lab.Calculate([]string{c.code, "NO_SUCH"}, values, c.of), ""
			if v, ok := got[c.code]; ok {
				told = v.String()
			}
			if told != c.want || len(got) > 1 {
				t.Errorf("%v, want %q", got, c.want)
			}
		})
	}
	a, _ := lab.Analyte("LDL")
	if !a.Calculated || !slices.Equal(a.Inputs, []string{"CHOL", "HDL", "TRIG"}) {
		t.Errorf("%+v", a)
	}
}

// A rule that is shipped switched off is asked only by a tenant that switched it on.
func TestRuleShippedSwitchedOff(t *testing.T) {
	t.Parallel()
	set, err := base(t).Rules("base", packsapi.MomentResultEntered)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(set.Rules(), func(r packsapi.Rule) bool { return r.Code == "base.reflex_free_t4" })
	if i < 0 || !set.Rules()[i].Disabled || !slices.Equal(set.Rules()[i].Then.Order, []string{"FT4"}) {
		t.Fatalf("%+v", set.Rules())
	}
	facts := packsapi.ResultFacts{ServiceCode: "TSH", Version: 1, Person: packsapi.Measured{AgeDays: 9_000, Sex: "female"},
		Values: []packsapi.ResultValueFact{{Code: "TSH", Text: "9.10", Flag: "H"}}}.Map()
	facts["facts"] = packsapi.ClinicalFacts{}.Map()
	for _, c := range []struct {
		settings map[string]packsapi.RuleSetting
		want     int
	}{
		{nil, 0},
		{map[string]packsapi.RuleSetting{"base.reflex_free_t4": {Disabled: true}}, 0},
		{map[string]packsapi.RuleSetting{"base.reflex_free_t4": {}}, 1},
	} {
		fired, err := set.Evaluate(t.Context(), facts, c.settings, "en")
		if err != nil || len(fired) != c.want {
			t.Errorf("%v: %v (%v)", c.settings, fired, err)
		}
	}
}

// A laboratory of many formulas, and one that runs without end, give no value and no panic.
func TestFormulaThatFails(t *testing.T) {
	t.Parallel()
	files := herbal()
	data := string(files["laboratory/metals.yaml"].Data)
	for _, formula := range []string{"value.MERCURY / value.LEAD", "sqrt(value.LEAD - value.MERCURY)", "value.MERCURY * 1e308 * 1e308 + value.LEAD"} {
		changed := herbal()
		changed["laboratory/metals.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(data, "value.MERCURY / 10.0 + value.LEAD / 5.0", formula, 1))}
		lab := laboratoryOf(t, joined(t, "", loadedPack(t, changed)), "herbal")
		values := map[string]measured.Decimal{"MERCURY": amount(t, "5"), "LEAD": amount(t, "0")}
		if got := lab.Calculate([]string{"BURDEN"}, values, packsapi.Measured{AgeDays: 9_000}); len(got) != 0 {
			t.Errorf("%s gives %v", formula, got)
		}
	}
}
