package packs

import (
	measured "github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// readRange reads one reference range and adds it.
func (r *reading) readRange(a *analyte, n *node) {
	if n.kind == nothing {
		r.fault(n.at, "A range is empty.")
		return
	}
	if !r.mapping(n, "A range", "sex", "age_from_days", "age_to_days", "pregnant", "low", "high", "critical_low", "critical_high", "text") {
		return
	}
	out := packsapi.ReferenceRange{
		Sex:         r.oneOf(n.get("sex"), "sex", "male", "female"),
		AgeFromDays: int(r.integer(n.get("age_from_days"), "age_from_days", 0, maxAgeDays)),
		AgeToDays:   int(r.integer(n.get("age_to_days"), "age_to_days", 1, maxAgeDays)),
		Text:        r.words(n.get("text"), "text"),
	}
	if p := n.get("pregnant"); p != nil {
		pregnant := r.truth(p, "pregnant")
		out.Pregnant = &pregnant
		if pregnant && out.Sex == "male" {
			r.fault(p.at, "A range for pregnancy is not one for men.")
		}
	}
	if to := n.get("age_to_days"); to != nil && out.AgeToDays != 0 && out.AgeToDays <= out.AgeFromDays {
		r.fault(to.at, "The range ends before it begins: age_to_days is not in it any more.")
	}
	if a.Kind == packsapi.ValueCoded || a.Kind == packsapi.ValueText {
		for _, key := range []string{"low", "high", "critical_low", "critical_high"} {
			if v := n.get(key); v != nil {
				r.fault(v.at, "Only a number or a titre has %q; say it in words, as text.", key)
			}
		}
		r.need(n, "A range of what is no number", "text")
		a.Ranges = append(a.Ranges, out)
		return
	}
	bounds := []struct {
		key string
		is  **measured.Decimal
	}{{"critical_low", &out.CriticalLow}, {"low", &out.Low}, {"high", &out.High}, {"critical_high", &out.CriticalHigh}}
	var last *measured.Decimal
	lastKey, any := "", false
	for _, b := range bounds {
		*b.is = r.bound(a, n.get(b.key), b.key)
		if *b.is == nil {
			continue
		}
		if last != nil && ((*b.is).Cmp(*last) < 0 || (*b.is).Cmp(*last) == 0 && (lastKey == "critical_low" || b.key == "critical_high")) {
			r.fault(n.get(b.key).at, "%s must be above %s.", b.key, lastKey)
		}
		last, lastKey, any = *b.is, b.key, true
	}
	if !any && out.Text == nil {
		r.fault(n.at, "A range says at least one of low, high, critical_low, critical_high and text.")
	}
	a.Ranges = append(a.Ranges, out)
}

// rangesApart finds two ranges of which it could not be said which one holds for a person. One that speaks of pregnancy
// goes before one that does not, so those two may meet.
func (r *reading) rangesApart(a *analyte, nodes []*node) {
	for i := range a.Ranges {
		for j := range i {
			if meet(a.Ranges[i], a.Ranges[j]) {
				r.fault(nodes[i].at, "The range holds for people for whom the one on line %d holds too.", nodes[j].at.line)
				break
			}
		}
	}
}

func meet(a, b packsapi.ReferenceRange) bool {
	if a.Sex != "" && b.Sex != "" && a.Sex != b.Sex || (a.Pregnant == nil) != (b.Pregnant == nil) || a.Pregnant != nil && *a.Pregnant != *b.Pregnant {
		return false
	}
	endsBefore := func(x, y packsapi.ReferenceRange) bool { return x.AgeToDays != 0 && x.AgeToDays <= y.AgeFromDays }
	return !endsBefore(a, b) && !endsBefore(b, a)
}
