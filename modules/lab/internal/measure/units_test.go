package measure_test

import (
	"encoding/json"
	"math/big"
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/ucum"
	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// What the base catalogue's units come to, worked out by hand from the molar masses that chemistry gives, and as printed
// tables of SI conversion have them.
func TestCatalogueConvertsAsTablesDo(t *testing.T) {
	t.Parallel()
	l := laboratory(t)
	for _, c := range []struct{ code, value, unit, want string }{
		{"GLUF", `5.55`, "mmol/L", `100`},
		{"GLUR", `11.1`, "mmol/L", `200`},
		{"GLUN", `2.5`, "mmol/L", `45`},
		{"CREA", `88.4`, "umol/L", `1.00`},
		{"CREA", `654`, "umol/L", `7.40`},
		{"UREA", `6.66`, "mmol/L", `40`},
		{"URIC", `416`, "umol/L", `7.0`},
		{"TBIL", `20.5`, "umol/L", `1.2`},
		{"TBILN", `308`, "umol/L", `18.0`},
		{"DBIL", `5.1`, "umol/L", `0.3`},
		{"CA", `2.5`, "mmol/L", `10.0`},
		{"PHOS", `1.45`, "mmol/L", `4.5`},
		{"MG", `0.82`, "mmol/L", `2.0`},
		{"CHOL", `5.17`, "mmol/L", `200`},
		{"HDL", `1.03`, "mmol/L", `40`},
		{"TRIG", `1.69`, "mmol/L", `150`},
		{"FT4", `12.9`, "pmol/L", `1.00`},
		{"VITB12", `148`, "pmol/L", `201`},
		{"VITD", `75`, "nmol/L", `30`},
		{"DIG", `1.28`, "nmol/L", `1.0`},
		{"VALP", `693`, "umol/L", `100`},
		{"PHENY", `79`, "umol/L", `20`},
		{"LACT", `18`, "mg/dL", `2.0`},
		{"UACR", `3.4`, "mg/mmol", `30`},
		{"HGB", `130`, "g/L", `13.0`},
		{"ALB", `35`, "g/L", `3.5`},
		{"FIB", `2`, "g/L", `200`},
		{"HCT", `0.45`, "L/L", `45.0`},
		{"WBC", `7.2`, "10*9/L", `7.2`},
		{"WBC", `7.2`, "10^9/L", `7.2`},
		{"RBC", `4.8`, "10*12/L", `4.80`},
		{"TSH", `4.5`, "u[IU]/mL", `4.50`},
		{"HCGQ", `5`, "[IU]/L", `5`},
		{"NA", `140`, "meq/L", `140`},
		{"PCO2", `5.33`, "kPa", `40`},
		{"PO2", `13.3`, "kPa", `100`},
		{"CRP", `0.5`, "mg/dL", `5.0`},
		{"TROPI", `34`, "pg/mL", `34`},
		{"DDIM", `500`, "ng/mL{FEU}", `0.50`},
		{"CA125", `35`, "kU/L", `35`},
	} {
		a, ok := l.Analyte(c.code)
		if !ok {
			t.Errorf("%s is gone", c.code)
			continue
		}
		v, wrong := measure.Read(a, measure.Raw{Value: json.RawMessage(c.value), Unit: c.unit})
		if wrong != "" || string(v.JSON(a)) != c.want || v.Unit != a.Unit || v.EnteredUnit != c.unit || v.EnteredValue != c.value {
			t.Errorf("%s %s of %s is %s %s, entered %s %s (%s); want %s", c.value, c.unit, c.code, v.JSON(a), v.Unit, v.EnteredValue, v.EnteredUnit, wrong, c.want)
		}
	}
}

// A value in any unit that an analyte allows is judged as the same value in its own: across every bound.
func TestEveryAllowedUnitIsJudgedAlike(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, a := range laboratory(t).Analytes() {
		for _, other := range a.Units {
			to, err := ucum.Parse(other)
			if err != nil {
				t.Fatal(err)
			}
			own, err := ucum.Parse(a.Unit)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range a.Ranges {
				for _, bound := range []any{r.Low, r.High, r.CriticalLow, r.CriticalHigh} {
					shown := told(bound)
					if shown == "" || shown == "0" {
						continue
					}
					x, _ := new(big.Rat).SetString(shown)
					elsewhere, err := ucum.Convert(x, own, to, massOf(a))
					if err != nil {
						t.Fatal(a.Code, other, err)
					}
					there, wrong := measure.Read(a, measure.Raw{Value: json.RawMessage(elsewhere.FloatString(9)), Unit: other})
					here := read(t, a, shown)
					if wrong != "" || there.Number.Cmp(*here.Number) != 0 {
						t.Errorf("%s: %s %s is read as %v, not %s %s (%s)", a.Code, elsewhere.FloatString(9), other, there.Number, shown, a.Unit, wrong)
						continue
					}
					person := packsapi.Measured{AgeDays: r.AgeFromDays, Sex: r.Sex, Pregnant: r.Pregnant != nil && *r.Pregnant}
					if one, two := measure.Judge(a, here, person, nil, now), measure.Judge(a, there, person, nil, now); one.Flag != two.Flag || one.Critical != two.Critical {
						t.Errorf("%s: %s is %s in one unit and %s in the other", a.Code, shown, one.Flag, two.Flag)
					}
					tried++
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d tried", tried)
	}
}

// Percents of glycated haemoglobin and mmol/mol differ by more than a factor, so the one is never taken for the other.
func TestHbA1cIsTakenInPercentOnly(t *testing.T) {
	t.Parallel()
	a, _ := laboratory(t).Analyte("HBA1C")
	for _, unit := range []string{"mmol/mol", "1", "10*-2", "L/L", "g/g"} {
		if v, wrong := measure.Read(a, measure.Raw{Value: json.RawMessage(`6.5`), Unit: unit}); wrong == "" {
			t.Errorf("in %s it was read as %v", unit, v.Number)
		}
	}
	if slices.Contains(a.Units, "mmol/mol") {
		t.Error("mmol/mol is allowed")
	}
}

func massOf(a *packsapi.Analyte) *big.Rat {
	if a.MolarMass == 0 {
		return nil
	}
	return new(big.Rat).SetFloat64(a.MolarMass)
}
