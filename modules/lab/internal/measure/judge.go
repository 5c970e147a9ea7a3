package measure

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Judge says what a value that Read made means for this person. Former is the last released value; nil where there is none.
// A critical bound itself is critical; a bound of the range is within it.
//
// Where no range holds for the person, the value has a flag all the same where that is sure enough, and no range: of
// somebody of unknown sex it is critical when any range of that age says so, and low or high when all do; where the age
// is unknown, or the catalogue has no range for it, it is critical, low or high when every range it might fall under
// says so. It is never normal.
func Judge(a *packsapi.Analyte, v Value, person packsapi.Measured, former *Former, collectedAt time.Time) Judgement {
	out := Judgement{Range: RangeFor(a, person)}
	switch a.Kind {
	case packsapi.ValueCoded:
		judgeChoice(a, v, &out)
	case packsapi.ValueNumber, packsapi.ValueTitre:
		if m, ok := measured(a, v); ok {
			judgeNumber(a, m, person, &out)
		}
	default:
	}
	out.DeltaFlag = delta(a, v, former, collectedAt)
	return out
}

// RangeFor finds the range that holds for a person; nil where none does. One that speaks of pregnancy goes before one that
// does not; a pack has no two that would hold alike.
func RangeFor(a *packsapi.Analyte, person packsapi.Measured) *packsapi.ReferenceRange {
	var found *packsapi.ReferenceRange
	for i := range a.Ranges {
		r := &a.Ranges[i]
		if r.Sex != "" && r.Sex != person.Sex || !holdsAtAge(r, person.AgeDays) || !holdsWhilePregnant(r, person) {
			continue
		}
		if found == nil || found.Pregnant == nil && r.Pregnant != nil {
			found = r
		}
	}
	return found
}

// holdsAtAge says whether a range is for this age. For an unknown age only one without bounds is.
func holdsAtAge(r *packsapi.ReferenceRange, days int) bool {
	return r.AgeFromDays <= max(days, 0) && (r.AgeToDays == 0 || days >= 0 && days < r.AgeToDays)
}

// holdsWhilePregnant says whether a range is for somebody who is pregnant, or not. No male is, whatever was said when the
// sample was taken.
func holdsWhilePregnant(r *packsapi.ReferenceRange, person packsapi.Measured) bool {
	return r.Pregnant == nil || *r.Pregnant == (person.Pregnant && person.Sex != "male")
}

func judgeChoice(a *packsapi.Analyte, v Value, out *Judgement) {
	i := slices.IndexFunc(a.Choices, func(c packsapi.ResultChoice) bool { return c.Code == v.Text })
	if i < 0 {
		return
	}
	c := a.Choices[i]
	switch {
	case c.Critical:
		out.Flag, out.Critical = FlagAbnormal, true
		out.Threshold = quoted(c.Code)
	case c.Abnormal:
		out.Flag = FlagAbnormal
	case slices.ContainsFunc(a.Choices, func(c packsapi.ResultChoice) bool { return c.Abnormal || c.Critical }):
		out.Flag = FlagNormal // where no choice is abnormal, as of blood groups, none is normal either
	}
}

// interval is every number that a value may stand for: one, or all below or above it.
type interval struct {
	at         decimal.Decimal
	comparator string
	least      *decimal.Decimal // the least that is possible; nil: no bound
	most       *decimal.Decimal
}

// measured gives what a number or a titre says.
func measured(a *packsapi.Analyte, v Value) (interval, bool) {
	m := interval{comparator: v.Comparator, least: a.PossibleLow, most: a.PossibleHigh}
	if a.Kind == packsapi.ValueNumber {
		if v.Number == nil {
			return m, false
		}
		m.at = *v.Number
		return m, true
	}
	var err error
	m.at, m.comparator, err = titreOf(v.Text)
	m.least = &nothing
	return m, err == nil
}

var nothing = decimal.MustNew(0, 0)

// mayReach says whether the value may be at or below a bound.
func (m interval) mayReach(bound decimal.Decimal) bool {
	if m.comparator == "<" { // anything down to the least that is possible, and below at itself
		return m.least == nil || m.least.Cmp(bound) <= 0
	}
	return m.mayFallBelow(bound) || m.comparator == "" && m.at.Cmp(bound) == 0
}

// mayFallBelow says whether the value may be below a bound.
func (m interval) mayFallBelow(bound decimal.Decimal) bool {
	if m.comparator == "<" {
		return m.least == nil || m.least.Cmp(bound) < 0
	}
	return m.at.Cmp(bound) < 0
}

// mayClimbTo says whether the value may be at or above a bound.
func (m interval) mayClimbTo(bound decimal.Decimal) bool {
	if m.comparator == ">" {
		return m.most == nil || m.most.Cmp(bound) >= 0
	}
	return m.mayRiseAbove(bound) || m.comparator == "" && m.at.Cmp(bound) == 0
}

// mayRiseAbove says whether the value may be above a bound.
func (m interval) mayRiseAbove(bound decimal.Decimal) bool {
	if m.comparator == ">" {
		return m.most == nil || m.most.Cmp(bound) > 0
	}
	return m.at.Cmp(bound) > 0
}

func judgeNumber(a *packsapi.Analyte, m interval, person packsapi.Measured, out *Judgement) {
	r := out.Range
	if r == nil {
		m.judgeWithout(candidates(a, person), person, out)
		return
	}
	if m.judgeCritical(r.CriticalLow, r.CriticalHigh, out) {
		return
	}
	low := r.Low != nil && m.mayFallBelow(*r.Low)
	high := r.High != nil && m.mayRiseAbove(*r.High)
	switch {
	case low && (!high || m.comparator == "<"):
		out.Flag = FlagLow
	case high:
		out.Flag = FlagHigh
	case r.Low != nil || r.High != nil:
		out.Flag = FlagNormal
	}
}

// judgeCritical flags a value that may lie beyond a critical bound, in its own direction first.
func (m interval) judgeCritical(low, high *decimal.Decimal, out *Judgement) bool {
	isLow, isHigh := low != nil && m.mayReach(*low), high != nil && m.mayClimbTo(*high)
	switch {
	case isLow && (!isHigh || m.comparator != ">"):
		out.Flag, out.Threshold = FlagCriticalLow, json.RawMessage(low.String())
	case isHigh:
		out.Flag, out.Threshold = FlagCriticalHigh, json.RawMessage(high.String())
	default:
		return false
	}
	out.Critical = true
	return true
}

// candidates are the ranges that might hold for somebody of whom we do not know enough: those of their age, or those of
// every age where the age is unknown or none is for it.
func candidates(a *packsapi.Analyte, person packsapi.Measured) []*packsapi.ReferenceRange {
	var all, ofAge []*packsapi.ReferenceRange
	for i := range a.Ranges {
		r := &a.Ranges[i]
		if isSexKnown(person) && r.Sex != "" && r.Sex != person.Sex || !holdsWhilePregnant(r, person) {
			continue
		}
		all = append(all, r)
		if person.AgeDays >= 0 && holdsAtAge(r, person.AgeDays) {
			ofAge = append(ofAge, r)
		}
	}
	if len(ofAge) > 0 {
		return ofAge
	}
	return all
}

func isSexKnown(person packsapi.Measured) bool { return person.Sex == "male" || person.Sex == "female" }

// judgeWithout judges by the ranges that might hold, where none does for certain. Those of the person's age differ by sex:
// whichever it is, a value that one of them calls critical must be told of. Those of every age differ too much for that.
func (m interval) judgeWithout(ranges []*packsapi.ReferenceRange, person packsapi.Measured, out *Judgement) {
	if len(ranges) == 0 {
		return
	}
	bounds := agreed
	if person.AgeDays >= 0 && holdsAtAge(ranges[0], person.AgeDays) {
		bounds = widest
	}
	if low, high := bounds(ranges); m.judgeCritical(low, high, out) {
		return
	}
	isLow, isHigh := true, true
	for _, r := range ranges {
		isLow = isLow && (r.Low != nil && m.mayFallBelow(*r.Low) || r.CriticalLow != nil && m.mayReach(*r.CriticalLow))
		isHigh = isHigh && (r.High != nil && m.mayRiseAbove(*r.High) || r.CriticalHigh != nil && m.mayClimbTo(*r.CriticalHigh))
	}
	switch {
	case isLow && (!isHigh || m.comparator == "<"):
		out.Flag = FlagLow
	case isHigh:
		out.Flag = FlagHigh
	}
}

// agreed gives the bounds that are critical by every one of the ranges; nil where one of them has none.
func agreed(ranges []*packsapi.ReferenceRange) (low, high *decimal.Decimal) {
	low, high = ranges[0].CriticalLow, ranges[0].CriticalHigh
	for _, r := range ranges[1:] {
		if low == nil || r.CriticalLow == nil {
			low = nil
		} else if r.CriticalLow.Cmp(*low) < 0 {
			low = r.CriticalLow
		}
		if high == nil || r.CriticalHigh == nil {
			high = nil
		} else if r.CriticalHigh.Cmp(*high) > 0 {
			high = r.CriticalHigh
		}
	}
	return low, high
}

// widest gives the bounds that are critical by any of the ranges; nil where none of them has one.
func widest(ranges []*packsapi.ReferenceRange) (low, high *decimal.Decimal) {
	for _, r := range ranges {
		if r.CriticalLow != nil && (low == nil || r.CriticalLow.Cmp(*low) > 0) {
			low = r.CriticalLow
		}
		if r.CriticalHigh != nil && (high == nil || r.CriticalHigh.Cmp(*high) < 0) {
			high = r.CriticalHigh
		}
	}
	return low, high
}

// delta flags a value that is too far from the former one, if that is recent enough. What is only bounded counts by its
// bound, and only where the true change can but be larger.
func delta(a *packsapi.Analyte, v Value, former *Former, collectedAt time.Time) string {
	if former == nil || a.DeltaWithin <= 0 || former.At.After(collectedAt) || collectedAt.Sub(former.At) > a.DeltaWithin {
		return ""
	}
	if a.Kind == packsapi.ValueCoded || a.Kind == packsapi.ValueText {
		if former.Value.Text != "" && v.Text != former.Value.Text { // one that is no choice any more cannot be compared
			return DeltaChanged
		}
		return ""
	}
	now, ok := measured(a, v)
	was, known := measured(a, former.Value)
	if !ok || !known || a.DeltaPercent <= 0 || former.Value.Unit != v.Unit {
		return ""
	}
	flag := DeltaUp
	switch c := now.at.Cmp(was.at); {
	case c == 0, c > 0 && (now.comparator == "<" || was.comparator == ">"), c < 0 && (now.comparator == ">" || was.comparator == "<"):
		return ""
	case c < 0:
		flag = DeltaDown
	}
	n, o, percent := fraction(now.at.String()), fraction(was.at.String()), fraction(strconv.FormatFloat(a.DeltaPercent, 'f', -1, 64))
	change := new(big.Rat).Sub(n, o)
	change.Abs(change).Mul(change, big.NewRat(100, 1))
	if change.Cmp(percent.Mul(percent, o.Abs(o))) <= 0 {
		return ""
	}
	return flag
}

// fraction reads a number that a decimal or a float wrote.
func fraction(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}
