package packs

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	measured "github.com/govalues/decimal"

	"hmsoftware.com/hm/kit/ucum"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// analyte is one analyte as it was read, with its compiled formula.
type analyte struct {
	packsapi.Analyte
	formula *formula
}

const (
	maxDecimals   = 6
	maxAgeDays    = 60_000
	maxMolarMass  = 10_000_000
	maxPercent    = 10_000
	analyteCode   = "an analyte's code: capitals, digits, dots, dashes and underscores"
	choiceForm    = "letters, digits, dots, plus, dashes and underscores"
	numberForm    = "a number such as 3.5"
	maxBoundDigit = 15
)

var (
	loincPattern  = regexp.MustCompile(`^[1-9][0-9]{0,6}-[0-9]$`)
	choicePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.+-]*$`)
	inputPattern  = regexp.MustCompile(`\bvalue\.([A-Za-z0-9_]+)`)
)

// readAnalyte reads an analyte that this pack is the first to bring; nil when it has faults.
func (r *reading) readAnalyte(n *node, pack string) *analyte {
	before := len(r.faults)
	if !r.mapping(n, "An analyte", "code", "name", "loinc", "section", "kind", "unit", "units", "decimals", "molar_mass", "possible",
		"method", "choices", "ranges", "delta", "formula", "valid", "order", "hidden") {
		return nil
	}
	r.say(n, "An analyte", "code", "name", "section")
	r.integer(n.get("order"), "order", -100_000, 100_000)
	r.truth(n.get("hidden"), "hidden")
	a := &analyte{Analyte: packsapi.Analyte{
		Pack: pack, Code: r.match(n.get("code"), "code", serviceCodePattern, analyteCode), Name: r.words(n.get("name"), "name"),
		LOINC:   r.readLOINC(n.get("loinc")),
		Section: r.oneOf(n.get("section"), "section", sectionCodes()...),
		Kind:    packsapi.ValueNumber, Method: r.words(n.get("method"), "method"),
	}}
	if kind := r.oneOf(n.get("kind"), "kind", string(packsapi.ValueNumber), string(packsapi.ValueCoded), string(packsapi.ValueText), string(packsapi.ValueTitre)); kind != "" {
		a.Kind = packsapi.ValueKind(kind)
	}
	r.readUnits(a, n)
	r.readPossible(a, n.get("possible"))
	r.readChoices(a, n)
	for _, item := range r.items(n.get("ranges"), "ranges") {
		r.readRange(a, item)
	}
	if len(r.faults) == before {
		r.rangesApart(a, n.get("ranges").orEmpty().items)
	}
	r.readDelta(a, n.get("delta"))
	r.readFormula(a, n)
	if len(r.faults) > before {
		return nil
	}
	return a
}

func sectionCodes() []string {
	var out []string
	for _, s := range packsapi.Sections() {
		out = append(out, s.Code)
	}
	return out
}

// say reports keys that are missing, and those that stand there with nothing in them.
func (r *reading) say(n *node, what string, keys ...string) {
	r.need(n, what, keys...)
	for _, key := range keys {
		if s, ok := n.get(key).str(); ok && s == "" {
			r.fault(n.get(key).at, "%s needs %q; here it is empty.", what, key)
		}
	}
}

// readLOINC reads a code with its check digit, which finds most slips of the hand.
func (r *reading) readLOINC(n *node) string {
	code := r.match(n, "loinc", loincPattern, "a LOINC code in quotes, such as \"718-7\"")
	if code == "" {
		return ""
	}
	number, check, _ := strings.Cut(code, "-")
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if strconv.Itoa((10-sum%10)%10) != check {
		r.fault(n.at, "The LOINC code %s is mistyped: its check digit does not fit.", code)
	}
	return code
}

// readUnits reads the unit, the others that convert to it, and how many decimals there are.
func (r *reading) readUnits(a *analyte, n *node) {
	if a.Kind != packsapi.ValueNumber {
		for _, key := range []string{"unit", "units", "decimals", "molar_mass", "possible", "formula"} {
			if v := n.get(key); v != nil {
				r.fault(v.at, "Only an analyte that is a number has %q.", key)
			}
		}
		return
	}
	r.say(n, "An analyte that is a number", "unit")
	a.Decimals = int(r.integer(n.get("decimals"), "decimals", 0, maxDecimals))
	if m := n.get("molar_mass"); m != nil {
		mass, ok := numberOf(m)
		if !ok || mass <= 0 || mass > maxMolarMass {
			r.fault(m.at, "molar_mass must be the grams of one mole, at most %d.", maxMolarMass)
		} else {
			a.MolarMass = mass
		}
	}
	a.Unit = r.text(n.get("unit"), "unit")
	unit, ok := r.readUnit(n.get("unit"), a.Unit)
	a.Units = r.texts(n.get("units"), "units")
	r.once(n.get("units"), "units")
	for i, code := range a.Units {
		at := n.get("units").items[min(i, len(n.get("units").items)-1)]
		other, known := r.readUnit(at, code)
		switch {
		case !known || !ok:
		case other.String() == unit.String():
			r.fault(at.at, "units names %s, which is the unit itself.", code)
		case !ucum.Comparable(other, unit, massOf(a.MolarMass)):
			r.fault(at.at, "%s does not convert to %s; between a mass and an amount it needs molar_mass.", code, a.Unit)
		}
	}
}

func (r *reading) readUnit(n *node, code string) (ucum.Unit, bool) {
	if code == "" {
		return ucum.Unit{}, false
	}
	u, err := ucum.Parse(code)
	if err != nil {
		r.fault(n.at, "%s is not a unit of UCUM as laboratories use it, such as mg/dL, 10*3/uL or {INR}.", clip(code))
		return u, false
	}
	return u, true
}

func massOf(grams float64) *big.Rat {
	if grams <= 0 {
		return nil
	}
	m, _ := new(big.Rat).SetString(strconv.FormatFloat(grams, 'f', -1, 64))
	return m
}

// numberOf reads a whole number or one with decimals.
func numberOf(n *node) (float64, bool) {
	switch v := n.orEmpty().scalar.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	default:
		return 0, false
	}
}

// bound reads a number of an analyte's values; nil when it is absent. A titre's is what stands after 1:.
func (r *reading) bound(a *analyte, n *node, what string) *measured.Decimal {
	if n == nil || n.kind == nothing {
		return nil
	}
	f, ok := numberOf(n)
	if !ok {
		r.fault(n.at, "%s must be %s.", what, numberForm)
		return nil
	}
	written := strconv.FormatFloat(f, 'f', -1, 64)
	d, err := measured.Parse(written)
	if err != nil || len(written) > maxBoundDigit {
		r.fault(n.at, "%s has too many digits.", what)
		return nil
	}
	if d.Scale() > a.Decimals {
		r.fault(n.at, "%s is finer than the analyte's values, which have %d decimals.", what, a.Decimals)
		return nil
	}
	return new(d.Pad(a.Decimals))
}

// readPossible reads what can be a value at all. Nothing measured is less than nought unless the pack says so.
func (r *reading) readPossible(a *analyte, n *node) {
	if a.Kind != packsapi.ValueNumber {
		return
	}
	a.PossibleLow = new(measured.MustNew(0, 0).Pad(a.Decimals))
	if !r.mapping(n, "possible", "low", "high") {
		return
	}
	if low := r.bound(a, n.get("low"), "possible.low"); low != nil {
		a.PossibleLow = low
	}
	a.PossibleHigh = r.bound(a, n.get("high"), "possible.high")
	if a.PossibleHigh != nil && a.PossibleHigh.Cmp(*a.PossibleLow) <= 0 {
		r.fault(n.at, "possible ends before it begins.")
	}
}

func (r *reading) readChoices(a *analyte, n *node) {
	items := r.items(n.get("choices"), "choices")
	if a.Kind != packsapi.ValueCoded {
		if c := n.get("choices"); c != nil {
			r.fault(c.at, "Only a coded analyte has choices.")
		}
		return
	}
	if len(items) < 2 {
		r.fault(n.get("choices").orEmpty().at.or(n.at), "A coded analyte has two choices or more.")
	}
	for _, c := range items {
		if c.kind == nothing {
			r.fault(c.at, "A choice is empty.")
		}
		if !r.mapping(c, "A choice", "code", "title", "abnormal", "critical", "order", "hidden") {
			continue
		}
		r.say(c, "A choice", "code", "title")
		a.Choices = append(a.Choices, packsapi.ResultChoice{
			Code: r.match(c.get("code"), "code", choicePattern, choiceForm), Title: r.words(c.get("title"), "title"),
			Abnormal: r.truth(c.get("abnormal"), "abnormal"), Critical: r.truth(c.get("critical"), "critical"),
		})
	}
}

// readDelta reads how far a value may be from the last one, and for how long that counts.
func (r *reading) readDelta(a *analyte, n *node) {
	if !r.mapping(n, "delta", "percent", "within") {
		return
	}
	r.need(n, "delta", "within")
	a.DeltaWithin = r.duration(n.get("within"), "within")
	p := n.get("percent")
	if a.Kind == packsapi.ValueCoded || a.Kind == packsapi.ValueText {
		if p != nil {
			r.fault(p.at, "Only a number or a titre has a percent of change; of any other every change counts.")
		}
		return
	}
	percent, ok := numberOf(p)
	if !ok || percent <= 0 || percent > maxPercent {
		r.fault(p.orEmpty().at.or(n.at), "delta.percent must be more than nought and at most %d.", maxPercent)
		return
	}
	a.DeltaPercent = percent
}

// readFormula compiles how the value follows from others.
func (r *reading) readFormula(a *analyte, n *node) {
	source, valid := n.get("formula"), n.get("valid")
	if source == nil || a.Kind != packsapi.ValueNumber {
		if valid != nil && source == nil {
			r.fault(valid.at, "valid says when a formula holds; there is none.")
		}
		return
	}
	a.Calculated, a.Formula = true, r.text(source, "formula")
	given, _ := valid.str()
	fields := map[string]*shape{}
	for _, m := range inputPattern.FindAllStringSubmatch(a.Formula+"\n"+given, -1) {
		if fields[m[1]] == nil {
			fields[m[1]] = &shape{kind: doubleShape}
			a.Inputs = append(a.Inputs, m[1])
		}
	}
	slices.Sort(a.Inputs)
	if a.Formula != "" && len(a.Inputs) == 0 {
		r.fault(source.at, "The formula names no analyte: value.CHOL is one.")
		return
	}
	env, err := newEnvironment(map[string]*shape{
		"value": object("hm.value", fields),
		"person": object("hm.person", map[string]*shape{
			"age_days": integerValue, "age_years": integerValue, "sex": textValue, "pregnant": truthValue}),
	})
	if err != nil {
		r.fault(source.at, "The formula cannot be prepared: %s.", err)
		return
	}
	a.formula = &formula{environment: env, inputs: a.Inputs}
	a.formula.value = r.expression(env, source, "The formula", doubleType, integerType)
	if valid != nil {
		a.formula.valid = r.expression(env, valid, "valid", boolType)
	}
}
