package packs

import (
	"strconv"

	measured "github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// readAnalyteExample reads what a calculated analyte must come out as: {analyte: LDL, values: {CHOL: 200, HDL: 50, TRIG: 150},
// value: 120}. No value is null.
func (r *reading) readAnalyteExample(n *node, e *example) {
	if !r.mapping(n, "A test", "analyte", "values", "person", "value") {
		return
	}
	e.analyte = r.text(n.get("analyte"), "analyte")
	if n.get("value") == nil {
		r.fault(n.at, "A test of an analyte says which value must come out; null for none.")
	}
	e.value = n.get("value").plain()
	e.values = map[string]measured.Decimal{}
	if r.mappingOf(n.get("values"), "values", "numbers") {
		for _, f := range n.get("values").fields {
			x, ok := numberOf(f.value)
			value, err := measured.Parse(strconv.FormatFloat(x, 'f', -1, 64))
			if !ok || err != nil {
				r.fault(f.at, "Each of values must be %s.", numberForm)
				continue
			}
			e.values[f.key] = value
		}
	}
	e.person = packsapi.Measured{AgeDays: -1}
	if p := n.get("person"); r.mapping(p, "person", "age_days", "sex", "pregnant") {
		if days := p.get("age_days"); days != nil {
			e.person.AgeDays = int(r.integer(days, "age_days", 0, maxAgeDays))
		}
		e.person.Sex, e.person.Pregnant = r.text(p.get("sex"), "sex"), r.truth(p.get("pregnant"), "pregnant")
	}
}

func (e *example) runAnalyte(check *reading, r *resolved) {
	if a := r.laboratory.byCode[e.analyte]; a == nil || !a.Calculated {
		check.fault(e.at, "There is no calculated analyte %s.", clip(e.analyte))
		return
	}
	var got any
	if value, ok := r.laboratory.Calculate([]string{e.analyte}, e.values, e.person)[e.analyte]; ok {
		got, _ = value.Float64()
	}
	if !same(e.value, got) {
		check.fault(e.at, "The value of %s must be %s, but is %s.", e.analyte, show(e.value), show(got))
	}
}
