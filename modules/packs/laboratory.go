package packs

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"

	measured "github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// laboratory implements packsapi.Laboratory. It is immutable.
type laboratory struct {
	analytes []*packsapi.Analyte
	byCode   map[string]*packsapi.Analyte
	formulas map[string]*formula
}

// Analyte implements packsapi.Laboratory.
func (l *laboratory) Analyte(code string) (*packsapi.Analyte, bool) {
	a, ok := l.byCode[code]
	return a, ok
}

// Analytes implements packsapi.Laboratory.
func (l *laboratory) Analytes() []*packsapi.Analyte { return slices.Clone(l.analytes) }

// Calculate implements packsapi.Laboratory.
func (l *laboratory) Calculate(codes []string, values map[string]measured.Decimal, person packsapi.Measured) map[string]measured.Decimal {
	out := map[string]measured.Decimal{}
	for _, code := range codes {
		a, f := l.byCode[code], l.formulas[code]
		if a == nil || f == nil {
			continue
		}
		x, ok := f.calculate(values, person)
		if !ok {
			continue
		}
		value, err := measured.ParseExact(x.FloatString(a.Decimals), a.Decimals)
		if err == nil && isPossible(a, value) {
			out[code] = value
		}
	}
	return out
}

func isPossible(a *packsapi.Analyte, value measured.Decimal) bool {
	return (a.PossibleLow == nil || value.Cmp(*a.PossibleLow) >= 0) && (a.PossibleHigh == nil || value.Cmp(*a.PossibleHigh) <= 0)
}

// formula is how a calculated analyte follows from others.
type formula struct {
	environment *environment
	value       *expression
	valid       *expression // nil: always
	inputs      []string
}

// calculate gives the value before it is rounded; nothing where an input is missing or the formula does not hold.
func (f *formula) calculate(values map[string]measured.Decimal, person packsapi.Measured) (*big.Rat, bool) {
	known := make(map[string]any, len(f.inputs))
	for _, code := range f.inputs {
		value, ok := values[code]
		if !ok {
			return nil, false
		}
		known[code], _ = value.Float64()
	}
	about := map[string]any{"sex": person.Sex, "pregnant": person.Pregnant}
	if person.AgeDays >= 0 {
		about["age_days"], about["age_years"] = int64(person.AgeDays), wholeYears(person.AgeDays)
	}
	facts := f.environment.facts(map[string]any{"value": known, "person": about})
	if f.valid != nil {
		if holds, err := f.valid.holds(facts); err != nil || !holds {
			return nil, false
		}
	}
	result, err := f.value.value(facts)
	if err != nil {
		return nil, false
	}
	switch result := result.(type) {
	case int64:
		return new(big.Rat).SetInt64(result), true
	case float64:
		return new(big.Rat).SetString(strconv.FormatFloat(result, 'g', -1, 64))
	default:
		return nil, false
	}
}

// wholeYears reckons with years of 365.25 days, as formulas do that take the age in years.
func wholeYears(days int) int64 { return int64(days) * 4 / 1461 }

// readLaboratory reads the merged analytes and finds what their formulas name and is not there.
func (r *reading) readLaboratory(of *resolved) *laboratory {
	out := &laboratory{byCode: map[string]*packsapi.Analyte{}, formulas: map[string]*formula{}}
	first := of.firstOf("laboratory")
	nodes := of.list("laboratory").orEmpty().items
	for _, n := range nodes {
		a := compiled(r, n, "analyte", func() *analyte { return r.readAnalyte(n, first[itemKey(n)]) })
		if a == nil {
			continue
		}
		out.analytes = append(out.analytes, &a.Analyte)
		out.byCode[a.Code] = &a.Analyte
		if a.formula != nil {
			out.formulas[a.Code] = a.formula
		}
	}
	byCode := map[string]*node{}
	for _, n := range nodes {
		byCode[itemKey(n)] = n
	}
	for _, n := range nodes {
		a := out.byCode[itemKey(n)]
		if a == nil {
			continue
		}
		r.checkUnits(n, a, first, byCode)
		for _, code := range a.Inputs {
			at := n.get("formula").orEmpty().at
			switch input := out.byCode[code]; {
			case input == nil && !r.faulty(at.pack, "laboratory/"):
				r.fault(at, "The formula of %s names the analyte %q, which does not exist.", a.Code, clip(code))
			case input == nil:
			case input.Calculated:
				r.fault(at, "The formula of %s names %s, which is calculated itself.", a.Code, code)
			case input.Kind != packsapi.ValueNumber:
				r.fault(at, "The formula of %s names %s, which is no number.", a.Code, code)
			}
		}
	}
	place := map[string]int{}
	for i, s := range packsapi.Sections() {
		place[s.Code] = i
	}
	slices.SortStableFunc(out.analytes, func(a, b *packsapi.Analyte) int { return cmp.Compare(place[a.Section], place[b.Section]) })
	return out
}

// checkUnits finds a unit that a pack changes while numbers that were written for the former one stay.
func (r *reading) checkUnits(n *node, a *packsapi.Analyte, first map[string]string, byCode map[string]*node) {
	unit := n.get("unit").orEmpty()
	if unit.at.pack != a.Pack {
		for _, key := range []string{"ranges", "possible"} {
			if v := n.get(key); v != nil && v.at.pack == a.Pack && unit.at.pack != "" {
				r.fault(unit.at, "The unit of %s is another now; the %s that it inherits are in the former one, so give them too.", a.Code, key)
			}
		}
	}
	formula := n.get("formula")
	if formula == nil {
		return
	}
	for _, code := range append([]string{a.Code}, a.Inputs...) {
		if changed := byCode[code].get("unit").orEmpty().at; changed.pack != "" && changed.pack != first[code] && changed.pack != formula.at.pack {
			r.fault(changed, "The unit of %s is another now, but the formula of %s reckons in the former one, so give that too.", code, a.Code)
		}
	}
}

// checkAnalytes finds what a service of the laboratory names and no pack measures.
func (r *reading) checkAnalytes(n *node, s *packsapi.Service, of *laboratory) {
	names := n.get("analytes").orEmpty()
	if len(s.Analytes) == 0 || len(names.items) == 0 {
		return
	}
	if s.OrderType != packsapi.OrderTypeLab {
		r.fault(names.at, "Only what is ordered as %s names analytes.", packsapi.OrderTypeLab)
		return
	}
	for i, code := range s.Analytes {
		at := names.items[min(i, len(names.items)-1)].at
		if of.byCode[code] == nil && !r.faulty(at.pack, "laboratory/") {
			r.fault(at, "The service %s names the analyte %q, which does not exist.", s.Code, clip(code))
		}
	}
}
