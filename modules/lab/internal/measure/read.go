package measure

import (
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/govalues/decimal"

	"hmsoftware.com/hm/kit/ucum"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

const (
	maxWords  = 4_000
	maxNumber = 20 // characters
)

var (
	numberPattern = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)
	titrePattern  = regexp.MustCompile(`^([<>]?)\s*1\s*[:/]\s*([1-9][0-9]{0,8})$`)
)

// Read makes a value of what was posted. The second result is what is wrong with it, one sentence that repeats nothing of
// it; empty when it is right.
func Read(a *packsapi.Analyte, raw Raw) (Value, string) {
	text, isNumber, wrong := plainText(raw.Value)
	if wrong != "" {
		return Value{}, wrong
	}
	if a.Kind == packsapi.ValueNumber {
		return readNumber(a, text, strings.TrimSpace(raw.Unit))
	}
	if unit := strings.TrimSpace(raw.Unit); unit != "" && unit != a.Unit {
		return Value{}, "This analyte has no unit."
	}
	v := Value{Unit: a.Unit}
	switch a.Kind {
	case packsapi.ValueCoded:
		v.Text, wrong = readChoice(a, text)
	case packsapi.ValueTitre:
		v.Text, wrong = readTitre(text)
	default:
		if isNumber {
			return Value{}, "The value must be text."
		}
		v.Text, wrong = readWords(text)
	}
	if wrong != "" {
		return Value{}, wrong
	}
	return v, ""
}

// plainText takes a number or a text out of its JSON.
func plainText(raw json.RawMessage) (text string, isNumber bool, wrong string) {
	source := strings.TrimSpace(string(raw))
	switch {
	case source == "" || source == "null":
		return "", false, "A value is needed."
	case source[0] == '"':
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", false, "The value must be a number or text."
		}
		text = strings.TrimSpace(text)
		if text == "" {
			return "", false, "A value is needed."
		}
		return text, false, ""
	case source[0] == '-' || '0' <= source[0] && source[0] <= '9':
		return source, true, ""
	default:
		return "", false, "The value must be a number or text."
	}
}

func readNumber(a *packsapi.Analyte, text, unit string) (Value, string) {
	v := Value{Unit: a.Unit}
	number := text
	if number[0] == '<' || number[0] == '>' {
		v.Comparator, number = number[:1], strings.TrimSpace(number[1:])
	}
	if len(number) > maxNumber || !numberPattern.MatchString(number) {
		return Value{}, "The value must be a number such as 13.5, or one with < or > before it."
	}
	typed, ok := new(big.Rat).SetString(number)
	if !ok { // the pattern has been checked
		return Value{}, "The value must be a number."
	}
	inUnit, wrong := toUnit(a, typed, unit)
	if wrong != "" {
		return Value{}, wrong
	}
	decimals := a.Decimals
	if v.Comparator != "" {
		decimals = decimalsOf(number, decimals)
	}
	rounded, err := v.rounded(inUnit, decimals)
	if err != nil {
		return Value{}, "The value is too large."
	}
	switch {
	case v.Comparator == "<" && a.PossibleLow != nil && rounded.Cmp(*a.PossibleLow) <= 0,
		v.Comparator == ">" && a.PossibleHigh != nil && rounded.Cmp(*a.PossibleHigh) >= 0:
		return Value{}, "The value cannot be: nothing that is possible lies beyond it."
	case a.PossibleLow != nil && rounded.Cmp(*a.PossibleLow) < 0:
		return Value{}, "The value cannot be: the least that is possible is " + a.PossibleLow.String() + inUnitOf(a) + "."
	case a.PossibleHigh != nil && rounded.Cmp(*a.PossibleHigh) > 0:
		return Value{}, "The value cannot be: the most that is possible is " + a.PossibleHigh.String() + inUnitOf(a) + "."
	}
	v.Number = &rounded
	if kept, ok := new(big.Rat).SetString(rounded.String()); !ok || kept.Cmp(typed) != 0 || unit != "" && unit != a.Unit {
		v.EnteredValue, v.EnteredUnit = v.Comparator+number, a.Unit
		if unit != "" {
			v.EnteredUnit = unit
		}
	}
	return v, ""
}

// maxKept is how many decimals of a bound are kept.
const maxKept = 6

// decimalsOf is how many decimals were typed, and at least the analyte's.
func decimalsOf(number string, least int) int {
	_, after, _ := strings.Cut(number, ".")
	return max(least, min(len(after), maxKept))
}

// rounded gives the number with the analyte's decimals. A bound keeps what was typed, and is widened rather than
// narrowed where a conversion leaves more: below 0.04 is not below 0.0.
func (v Value) rounded(x *big.Rat, decimals int) (decimal.Decimal, error) {
	switch v.Comparator {
	case "<":
		return outwards(x, decimals, 1)
	case ">":
		return outwards(x, decimals, -1)
	default:
		return Round(x, decimals)
	}
}

func outwards(x *big.Rat, decimals int, sign int64) (decimal.Decimal, error) {
	near, err := Round(x, decimals)
	if err != nil {
		return near, err
	}
	if fraction(near.String()).Cmp(x)*int(sign) >= 0 {
		return near, nil
	}
	step := new(big.Rat).SetFrac(big.NewInt(sign), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	return Round(step.Add(step, fraction(near.String())), decimals)
}

func inUnitOf(a *packsapi.Analyte) string {
	if a.Unit == "" || a.Unit == "1" {
		return ""
	}
	return " " + a.Unit
}

// WrongUnit says what is wrong with the unit that a value was posted in; empty when nothing is.
func WrongUnit(a *packsapi.Analyte, unit string) string {
	unit = strings.TrimSpace(unit)
	if a.Kind != packsapi.ValueNumber {
		if unit != "" && unit != a.Unit {
			return "This analyte has no unit."
		}
		return ""
	}
	_, wrong := toUnit(a, new(big.Rat), unit)
	return wrong
}

// toUnit converts from one of the units that the analyte allows.
func toUnit(a *packsapi.Analyte, typed *big.Rat, unit string) (*big.Rat, string) {
	if unit == "" || unit == a.Unit {
		return typed, ""
	}
	unknown := "The unit must be one of this analyte's: " + strings.Join(append([]string{a.Unit}, a.Units...), ", ") + "."
	from, err := ucum.Parse(unit)
	if err != nil {
		return nil, unknown
	}
	for _, allowed := range append([]string{a.Unit}, a.Units...) {
		// Compared by their spelling: mg/g and mmol/mol are both one in a thousand, but not of the same thing.
		if u, err := ucum.Parse(allowed); err != nil || u.String() != from.String() {
			continue
		}
		to, err := ucum.Parse(a.Unit)
		if err != nil {
			return nil, unknown
		}
		converted, err := ucum.Convert(typed, from, to, molarMass(a))
		if err != nil {
			return nil, unknown
		}
		return converted, ""
	}
	return nil, unknown
}

func molarMass(a *packsapi.Analyte) *big.Rat {
	if a.MolarMass <= 0 {
		return nil
	}
	m, _ := new(big.Rat).SetString(strconv.FormatFloat(a.MolarMass, 'f', -1, 64))
	return m
}

// Round gives a number with this many decimals, halves away from nought, as it is done on paper.
func Round(x *big.Rat, decimals int) (decimal.Decimal, error) {
	return decimal.ParseExact(x.FloatString(decimals), decimals)
}

func readChoice(a *packsapi.Analyte, text string) (string, string) {
	for _, c := range a.Choices {
		if c.Code == text {
			return c.Code, ""
		}
	}
	for _, c := range a.Choices {
		if strings.EqualFold(c.Code, text) {
			return c.Code, ""
		}
		for _, title := range c.Title {
			if strings.EqualFold(title, text) {
				return c.Code, ""
			}
		}
	}
	return "", "The value must be one of the analyte's choices."
}

func readTitre(text string) (string, string) {
	m := titrePattern.FindStringSubmatch(text)
	if m == nil {
		return "", "The value must be a titre such as 1:80, or one with < or > before it."
	}
	return m[1] + "1:" + m[2], ""
}

func readWords(text string) (string, string) {
	switch {
	case utf8.RuneCountInString(text) > maxWords:
		return "", "The value has at most 4000 characters."
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return "", "The value contains a character that cannot be written."
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), ""
}

// titreOf reads the number of a canonical titre: 80 of 1:80, and its comparator.
func titreOf(text string) (reciprocal decimal.Decimal, comparator string, err error) {
	m := titrePattern.FindStringSubmatch(text)
	if m == nil {
		return decimal.Decimal{}, "", errors.New("not a titre")
	}
	reciprocal, err = decimal.Parse(m[2])
	return reciprocal, m[1], err
}
