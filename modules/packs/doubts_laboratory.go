package packs

import (
	"slices"

	measured "github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// laboratory looks at bounds that no value reaches, critical bounds that pregnancy would lose, and tests whose calculated
// values never come out.
func (d *doubts) laboratory(p *pack, of *resolved, l *Library) {
	for _, n := range p.lists["laboratory"].orEmpty().items {
		a := of.laboratory.byCode[itemKey(n)]
		ranges := n.get("ranges").orEmpty().items
		if a == nil || len(ranges) != len(a.Ranges) {
			continue
		}
		for i, r := range a.Ranges {
			d.reachable(ranges[i].at, a, r)
			d.alsoInPregnancy(ranges[i].at, a, r)
		}
	}
	var specimens []string
	for _, id := range l.order {
		for _, s := range l.packs[id].catalog.byCode {
			if s.Specimen != nil && s.Pack != p.ID {
				specimens = append(specimens, s.Specimen.Type)
			}
		}
	}
	slices.Sort(specimens)
	for _, n := range p.lists["catalog"].orEmpty().items {
		s := of.catalog.byCode[itemKey(n)]
		if s == nil {
			continue
		}
		for i, at := range n.get("analytes").orEmpty().items {
			code, _ := at.str()
			a := of.laboratory.byCode[code]
			if a == nil || !a.Calculated || i >= len(s.Analytes) {
				continue
			}
			for _, input := range a.Inputs {
				if !slices.Contains(s.Analytes, input) {
					d.tell(at.at, "%s is calculated from %s, which the service %s does not measure: it never has a value there.", code, input, s.Code)
				}
			}
		}
		if kind := n.get("specimen").get("type"); s.Specimen != nil && kind != nil && !slices.Contains(specimens, s.Specimen.Type) {
			if near := meant(s.Specimen.Type, specimens); near != "" {
				d.tell(kind.at, "No other test takes the specimen %q: it is a tube of its own.%s", clip(s.Specimen.Type), near)
			}
		}
	}
}

// reachable looks for bounds beyond what is possible: what lies there is refused as mistyped, so that nothing is critical.
func (d *doubts) reachable(at place, a *packsapi.Analyte, r packsapi.ReferenceRange) {
	for _, bound := range []struct {
		name  string
		value *measured.Decimal
	}{{"low", r.Low}, {"high", r.High}, {"critical_low", r.CriticalLow}, {"critical_high", r.CriticalHigh}} {
		if bound.value == nil {
			continue
		}
		if a.PossibleHigh != nil && bound.value.Cmp(*a.PossibleHigh) > 0 {
			d.tell(at, "%s is %s, but above %s a value of %s is refused as not possible.", bound.name, bound.value, a.PossibleHigh, a.Code)
		}
		if a.PossibleLow != nil && bound.value.Cmp(*a.PossibleLow) < 0 {
			d.tell(at, "%s is %s, but below %s a value of %s is refused as not possible.", bound.name, bound.value, a.PossibleLow, a.Code)
		}
	}
}

// alsoInPregnancy looks for a range of pregnancy that goes before one with a critical bound and has none itself.
func (d *doubts) alsoInPregnancy(at place, a *packsapi.Analyte, r packsapi.ReferenceRange) {
	if r.Pregnant == nil || !*r.Pregnant {
		return
	}
	for _, other := range a.Ranges {
		if other.Pregnant != nil || other.Sex == "male" ||
			other.AgeToDays > 0 && other.AgeToDays <= r.AgeFromDays || r.AgeToDays > 0 && r.AgeToDays <= other.AgeFromDays {
			continue
		}
		if other.CriticalLow != nil && r.CriticalLow == nil {
			d.tell(at, "In pregnancy nothing is critical below, though it is at %s otherwise: give critical_low here too.", other.CriticalLow)
		}
		if other.CriticalHigh != nil && r.CriticalHigh == nil {
			d.tell(at, "In pregnancy nothing is critical above, though it is at %s otherwise: give critical_high here too.", other.CriticalHigh)
		}
	}
}
