package measure_test

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

// The catalogue is read here a second time, by other code than the packs' and with other arithmetic (whole numbers of the
// last decimal), and both must judge every generated person alike.

// written is a range as the YAML has it.
type written struct {
	Sex          string   `yaml:"sex"`
	From         int      `yaml:"age_from_days"`
	To           int      `yaml:"age_to_days"`
	Pregnant     *bool    `yaml:"pregnant"`
	Low          *float64 `yaml:"low"`
	High         *float64 `yaml:"high"`
	CriticalLow  *float64 `yaml:"critical_low"`
	CriticalHigh *float64 `yaml:"critical_high"`
	Text         any      `yaml:"text"`
}

type entry struct {
	Code     string `yaml:"code"`
	Kind     string `yaml:"kind"`
	Unit     string `yaml:"unit"`
	LOINC    string `yaml:"loinc"`
	Decimals int    `yaml:"decimals"`
	Possible struct {
		Low  *float64 `yaml:"low"`
		High *float64 `yaml:"high"`
	} `yaml:"possible"`
	Ranges []written `yaml:"ranges"`
	Delta  struct {
		Percent float64 `yaml:"percent"`
	} `yaml:"delta"`
}

var baseLaboratory = sync.OnceValues(func() (packsapi.Laboratory, error) {
	library, err := packs.BuiltIn()
	if err != nil {
		return nil, err
	}
	return library.Laboratory(packsapi.Base)
})

func laboratory(t testing.TB) packsapi.Laboratory {
	t.Helper()
	l, err := baseLaboratory()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func entries(t testing.TB) []entry {
	t.Helper()
	files, err := fs.Glob(builtin.Files, "base/laboratory/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	var all []entry
	for _, file := range files {
		text, err := fs.ReadFile(builtin.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		var some []entry
		if err := yaml.Unmarshal(text, &some); err != nil {
			t.Fatal(file, err)
		}
		all = append(all, some...)
	}
	return all
}

func (w written) holds(days int, sex string, pregnant bool) bool {
	if days < 0 && (w.From > 0 || w.To > 0) || days >= 0 && days < w.From || w.To > 0 && days >= w.To {
		return false
	}
	return w.ofPregnancy(sex, pregnant) && (w.Sex == "" || w.Sex == sex)
}

// ofPregnancy tells whether it is written for somebody who is pregnant or not; a male is not, whatever somebody said.
func (w written) ofPregnancy(sex string, pregnant bool) bool {
	return w.Pregnant == nil || *w.Pregnant == (pregnant && sex != "male")
}

// rangeOf finds the range of a person: of those that hold, the one that speaks of pregnancy.
func (e entry) rangeOf(days int, sex string, pregnant bool) int {
	found := -1
	for i, w := range e.Ranges {
		if !w.holds(days, sex, pregnant) {
			continue
		}
		if found < 0 || w.Pregnant != nil {
			found = i
		}
	}
	return found
}

// steps is a number counted in the last decimal.
func (e entry) steps(x *float64) *int64 {
	if x == nil {
		return nil
	}
	n := int64(math.Round(*x * math.Pow10(e.Decimals)))
	return &n
}

// flag judges a value counted in the last decimal.
func (e entry) flag(at, days int, sex string, pregnant bool, value int64) (flag string, critical bool) {
	if at < 0 {
		return e.flagOfUnknown(days, sex, pregnant, value)
	}
	below := func(b *int64) bool { return b != nil && value < *b }
	above := func(b *int64) bool { return b != nil && value > *b }
	lowest, highest := e.steps(e.Ranges[at].CriticalLow), e.steps(e.Ranges[at].CriticalHigh)
	switch {
	case lowest != nil && value <= *lowest:
		return "LL", true
	case highest != nil && value >= *highest:
		return "HH", true
	}
	low, high := e.steps(e.Ranges[at].Low), e.steps(e.Ranges[at].High)
	switch {
	case below(low):
		return "L", false
	case above(high):
		return "H", false
	case low == nil && high == nil:
		return "", false
	default:
		return "N", false
	}
}

// flagOfUnknown asks each range that may be the person's: of their age, where it is known and has any, it is critical when
// one says so; else when all do. Low and high are what all of them say.
func (e entry) flagOfUnknown(days int, sex string, pregnant bool, value int64) (flag string, critical bool) {
	var all, ofAge []string
	for i, w := range e.Ranges {
		if w.Sex == "male" && sex == "female" || w.Sex == "female" && sex == "male" || !w.ofPregnancy(sex, pregnant) {
			continue
		}
		said, _ := e.flag(i, days, sex, pregnant, value)
		all = append(all, said)
		if days >= w.From && (w.To == 0 || days < w.To) {
			ofAge = append(ofAge, said)
		}
	}
	every := func(said []string, flags ...string) bool {
		return len(said) > 0 && !slices.ContainsFunc(said, func(f string) bool { return !slices.Contains(flags, f) })
	}
	said := all
	if len(ofAge) > 0 {
		said = ofAge
	}
	for _, flag := range []string{"LL", "HH"} {
		if every(all, flag) || slices.Contains(ofAge, flag) {
			return flag, true
		}
	}
	switch {
	case every(said, "L", "LL"):
		return "L", false
	case every(said, "H", "HH"):
		return "H", false
	}
	return "", false
}

// tell writes a value counted in the last decimal.
func (e entry) tell(value int64) string {
	if e.Decimals == 0 {
		return strconv.FormatInt(value, 10)
	}
	unit := int64(math.Pow10(e.Decimals))
	return fmt.Sprintf("%d.%0*d", value/unit, e.Decimals, value%unit)
}

// values are those at and around every bound, the least, and some between.
func (e entry) values(random *rand.Rand) []int64 {
	least, most := int64(0), int64(1_000_000_000)
	if e.Possible.Low != nil {
		least = *e.steps(e.Possible.Low)
	}
	if e.Possible.High != nil {
		most = *e.steps(e.Possible.High)
	}
	out := []int64{least}
	top := least + 100
	for _, w := range e.Ranges {
		for _, b := range []*int64{e.steps(w.Low), e.steps(w.High), e.steps(w.CriticalLow), e.steps(w.CriticalHigh)} {
			if b != nil {
				out = append(out, *b-1, *b, *b+1)
				top = max(top, *b+*b/2)
			}
		}
	}
	for range 4 {
		out = append(out, least+random.Int64N(min(top, most)-least+1))
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(v int64) bool { return v < max(least, 0) || v > most })
}

// ages are all at and around every boundary, of nobody knows what age, and some between.
func (e entry) ages(random *rand.Rand) []int {
	out := []int{-1, 0, 1, 40_000}
	for _, w := range e.Ranges {
		for _, at := range []int{w.From, w.To} {
			out = append(out, max(at-1, 0), at, at+1)
		}
	}
	for range 20 {
		out = append(out, random.IntN(40_000))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var (
	sexes      = []string{"male", "female", "other", ""}
	pregnantOr = []bool{false, true}
)

func TestEveryPersonHasTheRangeThatIsWritten(t *testing.T) {
	t.Parallel()
	l := laboratory(t)
	for _, e := range entries(t) {
		t.Run(e.Code, func(t *testing.T) {
			t.Parallel()
			a, ok := l.Analyte(e.Code)
			if !ok || len(a.Ranges) != len(e.Ranges) || a.Decimals != e.Decimals || a.Unit != e.Unit || a.LOINC != e.LOINC || a.DeltaPercent != e.Delta.Percent {
				t.Fatalf("%+v is not %+v", a, e)
			}
			for days := -1; days <= 40_000; days++ {
				for _, sex := range sexes[:3] {
					for _, pregnant := range pregnantOr {
						at := e.rangeOf(days, sex, pregnant)
						got := measure.RangeFor(a, packsapi.Measured{AgeDays: days, Sex: sex, Pregnant: pregnant})
						if at < 0 != (got == nil) || got != nil && got != &a.Ranges[at] {
							t.Fatalf("%d days, %s, pregnant %v: %+v, but number %d is written", days, sex, pregnant, got, at)
						}
					}
				}
			}
		})
	}
}

func TestEveryPersonIsJudgedAsIsWritten(t *testing.T) {
	t.Parallel()
	l := laboratory(t)
	random := rand.New(rand.NewPCG(20261122, 5))
	judged, critical := 0, 0
	for _, e := range entries(t) {
		if e.Kind != "" {
			continue
		}
		a, _ := l.Analyte(e.Code)
		for _, value := range e.values(random) {
			v := read(t, a, e.tell(value))
			if v.Number.String() != e.tell(value) {
				t.Fatalf("%s: %s was read as %s", e.Code, e.tell(value), v.Number)
			}
			for _, days := range e.ages(random) {
				for _, sex := range sexes {
					for _, pregnant := range pregnantOr {
						flag, isCritical := e.flag(e.rangeOf(days, sex, pregnant), days, sex, pregnant, value)
						j := measure.Judge(a, v, packsapi.Measured{AgeDays: days, Sex: sex, Pregnant: pregnant}, nil, now)
						if j.Flag != flag || j.Critical != isCritical || isCritical != (len(j.Threshold) > 0) {
							t.Fatalf("%s %s of %d days, %q, pregnant %v: flag %q critical %v beyond %s; written is %q, %v",
								e.Code, e.tell(value), days, sex, pregnant, j.Flag, j.Critical, j.Threshold, flag, isCritical)
						}
						judged++
						if isCritical {
							critical++
						}
					}
				}
			}
		}
	}
	if judged < 100_000 || critical < 10_000 {
		t.Errorf("only %d judged, %d critical", judged, critical)
	}
}

// The facts the catalogue was made from, row by row: testdata/lab_catalogue.csv.
func TestCatalogueHasEveryRow(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/lab_catalogue.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 90 {
		t.Fatalf("%d rows", len(rows))
	}
	l := laboratory(t)
	for _, row := range rows[1:] {
		field := func(name string) string { return row[slices.Index(rows[0], name)] }
		a, ok := l.Analyte(field("code"))
		if !ok || a.LOINC != field("loinc") {
			t.Errorf("%s: %+v", field("code"), a)
			continue
		}
		if a.Kind == packsapi.ValueCoded {
			if !strings.HasPrefix(field("unit_ucum"), "{") {
				t.Errorf("%s is no coded analyte", a.Code)
			}
			if field("crit_high") != "" && !slices.ContainsFunc(a.Choices, func(c packsapi.ResultChoice) bool { return c.Code == field("crit_high") && c.Critical }) {
				t.Errorf("%s has no critical choice %s", a.Code, field("crit_high"))
			}
			continue
		}
		if a.Unit != field("unit_ucum") || fmt.Sprint(a.Decimals) != field("decimals") {
			t.Errorf("%s: %s with %d decimals", a.Code, a.Unit, a.Decimals)
		}
		percent, _ := strconv.ParseFloat(field("delta_pct"), 64)
		if a.DeltaPercent != percent || (percent > 0) != (a.DeltaWithin > 0) {
			t.Errorf("%s: delta %v within %s, the row says %v", a.Code, a.DeltaPercent, a.DeltaWithin, percent)
		}
		from, _ := strconv.Atoi(field("age_from_d"))
		to, err := strconv.Atoi(field("age_to_d"))
		if err != nil {
			to = 40_001
		}
		for _, days := range []int{from, (from + to) / 2, to - 1} {
			for _, sex := range map[string][]string{"M": {"male"}, "F": {"female"}, "A": {"male", "female", "other"}}[field("sex")] {
				r := measure.RangeFor(a, packsapi.Measured{AgeDays: days, Sex: sex})
				if r == nil {
					t.Errorf("%s of %d days, %s has no range", a.Code, days, sex)
					continue
				}
				for name, bound := range map[string]any{"ref_low": r.Low, "ref_high": r.High, "crit_low": r.CriticalLow, "crit_high": r.CriticalHigh} {
					if told := told(bound); told != same(field(name)) {
						t.Errorf("%s of %d days, %s: %s is %q, the row says %q", a.Code, days, sex, name, told, field(name))
					}
				}
			}
		}
	}
}

// told is a bound as a number without needless noughts; empty where there is none.
func told(bound any) string {
	if s := fmt.Sprint(bound); s != "<nil>" {
		return same(s)
	}
	return ""
}

func same(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
