package ucum_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/ucum"
)

func rat(t testing.TB, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is not a number", s)
	}
	return r
}

func parse(t testing.TB, code string) ucum.Unit {
	t.Helper()
	u, err := ucum.Parse(code)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return u
}

// Worked by hand, and as tables of conversion factors print them.
func TestConvertWorkedExamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, value, from, to, mass, want string }{
		{"glucose", "100", "mg/dL", "mmol/L", "180.16", "5.55"},
		{"glucose back", "5.55", "mmol/L", "mg/dL", "180.16", "99.99"},
		{"creatinine", "1", "mg/dL", "umol/L", "113.12", "88.4"},
		{"creatinine back", "88.4", "umol/L", "mg/dL", "113.12", "1.00"},
		{"haemoglobin", "13", "g/dL", "g/L", "", "130"},
		{"urea", "40", "mg/dL", "mmol/L", "60.06", "6.66"},
		{"calcium", "10", "mg/dL", "mmol/L", "40.078", "2.50"},
		{"phosphate", "3.5", "mg/dL", "mmol/L", "30.974", "1.13"},
		{"magnesium", "2.0", "mg/dL", "mmol/L", "24.305", "0.82"},
		{"bilirubin", "1.2", "mg/dL", "umol/L", "584.66", "20.5"},
		{"uric acid", "7.0", "mg/dL", "umol/L", "168.11", "416"},
		{"cholesterol", "200", "mg/dL", "mmol/L", "386.65", "5.17"},
		{"triglycerides", "150", "mg/dL", "mmol/L", "885.4", "1.69"},
		{"lactate", "2.0", "mmol/L", "mg/dL", "90.08", "18.0"},
		{"free T4", "1.0", "ng/dL", "pmol/L", "776.87", "12.9"},
		{"vitamin D", "30", "ng/mL", "nmol/L", "400.64", "74.9"},
		{"vitamin B12", "200", "pg/mL", "pmol/L", "1355.37", "148"},
		{"digoxin", "1.0", "ng/mL", "nmol/L", "780.94", "1.28"},
		{"albumin to creatinine, the amount below the line", "30", "mg/g", "mg/mmol", "113.12", "3.39"},
		{"TSH", "4.5", "u[IU]/mL", "m[IU]/L", "", "4.5"},
		{"hCG", "5", "m[IU]/mL", "[IU]/L", "", "5"},
		{"white cells", "7.2", "10*3/uL", "10*9/L", "", "7.2"},
		{"red cells", "4.8", "10*6/uL", "10*12/L", "", "4.8"},
		{"platelets per microlitre", "250000", "/uL", "10*9/L", "", "250"},
		{"haematocrit", "0.45", "L/L", "%", "", "45"},
		{"carbon dioxide", "40", "mm[Hg]", "kPa", "", "5.33"},
		{"carbon dioxide back", "5.33", "kPa", "mm[Hg]", "", "39.98"},
		{"enzymes", "60", "U/L", "ukat/L", "", "1.00"},
		{"D-dimer", "0.5", "ug/mL{FEU}", "ng/mL{FEU}", "", "500"},
		{"sodium", "140", "meq/L", "mmol/L", "", "140"},
		{"CRP", "0.5", "mg/dL", "mg/L", "", "5"},
		{"osmolality", "290", "mosm/kg", "mmol/kg", "", "290"},
		{"a rate", "120", "mL/min", "L/h", "", "7.2"},
		{"a rate for a body", "1", "mL/s/{1.73_m2}", "mL/min/{1.73_m2}", "", "60"},
		{"a year of days", "1", "a", "d", "", "365.25"},
		{"parentheses", "1", "g/(L.h)", "mg/(mL.h)", "", "1"},
		{"an inverse", "60", "/min", "Hz", "", "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mass *big.Rat
			if c.mass != "" {
				mass = rat(t, c.mass)
			}
			got, err := ucum.Convert(rat(t, c.value), parse(t, c.from), parse(t, c.to), mass)
			if err != nil {
				t.Fatal(err)
			}
			_, places, _ := strings.Cut(c.want, ".")
			if shown := got.FloatString(len(places)); shown != c.want {
				t.Errorf("%s %s is %s %s, want %s", c.value, c.from, shown, c.to, c.want)
			}
		})
	}
}

func TestConvertIsExact(t *testing.T) {
	t.Parallel()
	// A third of a milligram, there and back a hundred times.
	x, mg, mol := big.NewRat(1, 3), parse(t, "mg/dL"), parse(t, "mmol/L")
	mass := rat(t, "180.16")
	for range 100 {
		there, err := ucum.Convert(x, mg, mol, mass)
		if err != nil {
			t.Fatal(err)
		}
		if x, err = ucum.Convert(there, mol, mg, mass); err != nil {
			t.Fatal(err)
		}
	}
	if x.Cmp(big.NewRat(1, 3)) != 0 {
		t.Errorf("a third has become %s", x.RatString())
	}
}

func TestConvertRefusesWhatMeasuresSomethingElse(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"mg/dL", "mmol/L", ""},   // no molar mass
		{"mg/dL", "mmol/L", "0"},  // none that could be
		{"mg/dL", "mmol/L", "-1"}, //
		{"mg/dL", "mmol", "180"},  // a concentration and an amount
		{"g2/L", "mol2/L", "180"}, // twice over
		{"[IU]/L", "U/L", ""},     // arbitrary units are of nothing but themselves
		{"[IU]/L", "[arb'U]/L", ""},
		{"[IU]/L", "g/L", "180"},
		{"[pH]", "mol/L", "1"},
		{"mmol/L", "10*3/L", ""}, // an amount is no count
		{"s", "m", ""},
		{"mm[Hg]", "mm", ""},
		{"", "g", ""},
	} {
		var mass *big.Rat
		if c[2] != "" {
			mass = rat(t, c[2])
		}
		from, to := parse(t, c[0]), parse(t, c[1])
		if got, err := ucum.Convert(big.NewRat(1, 1), from, to, mass); !errors.Is(err, ucum.ErrDifferent) {
			t.Errorf("%s to %s: %v, %v", c[0], c[1], got, err)
		}
		if ucum.Comparable(from, to, mass) {
			t.Errorf("%s and %s are comparable", c[0], c[1])
		}
	}
}

func TestParseTellsUnitsInOneSpelling(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"mg/dl": "mg/dL", "10^3/ul": "10*3/uL", "µg/L": "ug/L", "μmol/L": "umol/L", " g/dL ": "g/dL", "u[iU]/mL": "u[IU]/mL",
		"10*-3": "10*-3", "m2": "m2", "s-1": "s-1", "{INR}": "{INR}", "": "", "1": "1", "mL/min/{1.73_m2}": "mL/min/{1.73_m2}", "mm[Hg]": "mm[Hg]",
		"/min": "/min", "dag": "dag",
	} {
		if got := parse(t, code).String(); got != want {
			t.Errorf("%q is told as %q, want %q", code, got, want)
		}
	}
}

func TestParseRefusesWhatIsNoUnit(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"mg/", "/", "mg//dL", "mgg", "xg", "MG/DL", "mg dL", "mg/dL)", "(mg/dL", "()", "mg{", "mg}", "mg{}", "{", "{a b}", "{a{b}}", "[IU", "IU]",
		"10*0", "10*99", "m0", "m-", "2x", "0", "01", "99999999999", "1.5", "m1.", ".m", "Cel", "[degF]", "[lb_av]", "kmin", "m%", "mmm", "dada",
		"((((((m))))))", strings.Repeat("m.", 40) + "m", "m\x00", "m+", "मg",
	} {
		if u, err := ucum.Parse(code); !errors.Is(err, ucum.ErrUnknown) {
			t.Errorf("%q was read as %q (%v)", code, u, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, code := range []string{"mg/dL", "10*3/uL", "m[IU]/L", "{INR}", "/min", "g/(L.h)", "mL/min/{1.73_m2}", "[arb'U]", "(((", "10*-30.10*-30", "Ym30.Ym30"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		u, err := ucum.Parse(code)
		if err != nil {
			if !errors.Is(err, ucum.ErrUnknown) {
				t.Fatal(err)
			}
			return
		}
		// What is told is read again as the same, and converts to itself unchanged.
		again, err := ucum.Parse(u.String())
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q is told as %q, and that as %q (%v)", code, u, again, err)
		}
		x, err := ucum.Convert(big.NewRat(7, 3), u, again, nil)
		if err != nil || x.Cmp(big.NewRat(7, 3)) != 0 {
			t.Fatalf("%q does not convert to itself: %v %v", code, x, err)
		}
	})
}
