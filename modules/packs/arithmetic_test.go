package packs

import (
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"cel.dev/cel-go/common/types"
)

var updateArithmetic = flag.Bool("update-arithmetic", false, "write testdata/arithmetic.json anew")

const arithmeticFile = "testdata/arithmetic.json"

func TestArithmeticIsAsGoodAsGos(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	near := func(name string, got, want float64) {
		t.Helper()
		if got == want || math.IsNaN(got) && math.IsNaN(want) {
			return
		}
		if !(math.Abs(got-want) <= math.Abs(want)*1e-14) {
			t.Errorf("%s is %v, Go says %v", name, got, want)
		}
	}
	for range 20_000 {
		x, y := math.Exp(random.Float64()*40-20), random.Float64()*16-8
		near("log10 "+spell(x), decimalLogarithm(x), math.Log10(x))
		near("exp "+spell(y), exponential(y), math.Exp(y))
		near("pow "+spell(x)+" "+spell(y), power(x, y), math.Pow(x, y))
		near("pow "+spell(-x)+" "+spell(math.Round(y)), power(-x, math.Round(y)), math.Pow(-x, math.Round(y)))
	}
	for n := range 23 {
		if got := decimalLogarithm(math.Pow10(n)); got != float64(n) {
			t.Errorf("log10 of 1e%d is %v", n, got)
		}
	}
	for _, c := range [][3]float64{
		{2, 10, 1024}, {10, 3, 1000}, {0, 2, 0}, {0, 0, 1}, {-2, 3, -8}, {-2, 2, 4}, {4, 0.5, 2}, {4, -0.5, 0.5},
		{2, -1074, 5e-324}, {-1, 1e300, 1}, {0.5, 1e300, 0}, {3, 1, 3}, {1, 1e300, 1},
	} {
		if got := power(c[0], c[1]); got != c[2] {
			t.Errorf("pow %v %v is %v, not %v", c[0], c[1], got, c[2])
		}
	}
	if !math.IsNaN(power(-8, 1.0/3)) || !math.IsInf(power(10, 400), 1) || !math.IsInf(power(0, -1), 1) {
		t.Error("what has no value has one")
	}
}

// arithmeticVector is one call: its arguments and its answer as shortest decimals, "" for no value.
type arithmeticVector struct {
	Function  string   `json:"function"`
	Arguments []string `json:"arguments"`
	Answer    string   `json:"answer"`
}

// The browser's arithmetic is held to this file, and so is every machine this test runs on.
func TestArithmeticVectors(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // no secret
	var want []arithmeticVector
	add := func(function string, arguments ...float64) {
		v := arithmeticVector{Function: function}
		for _, a := range arguments {
			v.Arguments = append(v.Arguments, spell(a))
		}
		answer := math.NaN()
		switch function {
		case "log10":
			answer = decimalLogarithm(arguments[0])
		case "pow":
			answer = power(arguments[0], arguments[1])
		case "round":
			if d, ok := round(types.Double(arguments[0]), types.Int(int64(arguments[1]))).(types.Double); ok {
				answer = float64(d)
			}
		case "string":
			v.Answer = string(types.Double(arguments[0]).ConvertToType(types.StringType).(types.String))
			want = append(want, v)
			return
		}
		if !math.IsNaN(answer) && !math.IsInf(answer, 0) {
			v.Answer = spell(answer)
		}
		want = append(want, v)
	}
	for range 150 {
		x := math.Exp(random.Float64()*24 - 12)
		add("log10", x)
		add("pow", x, random.Float64()*6-3)
		add("pow", 40+random.Float64()*160, 0.425) // as body surface areas ask
		add("pow", -x, float64(random.IntN(12)-6))
		add("round", x, float64(random.IntN(7)-2))
		add("round", -math.Round(x*1000)/1000-0.0005, 3)
		add("string", x)
	}
	for _, x := range []float64{0, 5e-324, 2.2250738585072014e-308, 1e-5, 0.0001, 1, 10, 1000, 999999, 1e6, 1234567, 1e15, 1e21, 1e22,
		123456789012345680, 1.7976931348623157e308, -1, -0.5, 0.1, 1.005, 2.675, 1e-300, 1e14 + 0.5} {
		add("log10", x)
		add("string", x)
		for _, y := range []float64{0, 1, 2, -1, 0.5, -0.5, 1.0 / 3, 0.725, 30, -30, 1e10, 1e300} {
			add("pow", x, y)
		}
		for _, digits := range []float64{0, 1, 2, 12, 13, -1, -3, -12} {
			add("round", x, digits)
			add("round", -x, digits)
		}
	}
	if *updateArithmetic {
		var lines []string
		for _, v := range want {
			line, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(line))
		}
		if err := os.WriteFile(arithmeticFile, []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(arithmeticFile)
	if err != nil {
		t.Fatal(err)
	}
	var kept []arithmeticVector
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	if len(kept) != len(want) {
		t.Fatalf("%d vectors are kept, %d were computed", len(kept), len(want))
	}
	for i, v := range want {
		if v.Answer != kept[i].Answer {
			t.Errorf("%s%v is %s here, %s in the file", v.Function, v.Arguments, v.Answer, kept[i].Answer)
		}
	}
}

func spell(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
