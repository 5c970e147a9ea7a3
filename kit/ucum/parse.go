package ucum

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// What a unit's code may be at most.
const (
	maxLength = 64
	maxPower  = 30
	maxDepth  = 4
)

// ErrUnknown is what every refusal to read a unit wraps.
var ErrUnknown = errors.New("not a unit of UCUM as laboratories use it")

// Unit is a unit that was read. The zero Unit is the unit of a pure number.
type Unit struct {
	text      string
	factor    *big.Rat // nil: 1
	dimension dimension
	arbitrary map[string]int
}

// Parse reads a code such as mg/dL, 10*3/uL, m[IU]/L or {INR}; the empty code is the unit of a pure number. The greek
// letter for micro and the caret of 10^3 are taken for u and *.
func Parse(code string) (Unit, error) {
	code = strings.NewReplacer("µ", "u", "μ", "u").Replace(strings.TrimSpace(code))
	if code == "" {
		return Unit{}, nil
	}
	if len(code) > maxLength {
		return Unit{}, fmt.Errorf("a code of more than %d characters is %w", maxLength, ErrUnknown)
	}
	p := &parser{rest: code}
	u, err := p.main()
	if err != nil {
		return Unit{}, err
	}
	if p.rest != "" {
		return Unit{}, p.refuse(p.rest)
	}
	return u, nil
}

// String is the unit's code, in one spelling: L for litre, 10* for powers of ten.
func (u Unit) String() string { return u.text }

// parser reads a code from left to right. Every step gives a unit with its own spelling.
type parser struct {
	rest  string
	depth int
}

func (p *parser) refuse(what string) error { return fmt.Errorf("%q is %w", what, ErrUnknown) }

func (p *parser) take(c byte) bool {
	if p.rest != "" && p.rest[0] == c {
		p.rest = p.rest[1:]
		return true
	}
	return false
}

// main reads a term, or the inverse of one: /min.
func (p *parser) main() (Unit, error) {
	if p.take('/') {
		first, err := p.component()
		if err != nil {
			return Unit{}, err
		}
		inverse := one.times(first, -1)
		inverse.text = "/" + first.text
		return p.term(inverse)
	}
	first, err := p.component()
	if err != nil {
		return Unit{}, err
	}
	return p.term(first)
}

// term reads what multiplies and divides what there is so far, from left to right: a/b/c is a/(b.c).
func (p *parser) term(so Unit) (Unit, error) {
	for {
		power, sign := 1, "."
		switch {
		case p.take('.'):
		case p.take('/'):
			power, sign = -1, "/"
		default:
			return so, nil
		}
		next, err := p.component()
		if err != nil {
			return Unit{}, err
		}
		if sign == "." && isNumber(so.text) && isNumber(next.text) {
			return Unit{}, p.refuse(so.text + "." + next.text) // to UCUM 1.5 is five; whoever wrote it meant something else
		}
		text := so.text + sign + next.text
		so = so.times(next, power)
		so.text = text
	}
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func (p *parser) component() (Unit, error) {
	if p.take('(') {
		if p.depth++; p.depth > maxDepth {
			return Unit{}, p.refuse("(")
		}
		inner, err := p.main()
		if err != nil {
			return Unit{}, err
		}
		if !p.take(')') {
			return Unit{}, p.refuse("(" + p.rest)
		}
		p.depth--
		inner.text = "(" + inner.text + ")"
		return inner, nil
	}
	u, err := p.simple()
	if err != nil {
		return Unit{}, err
	}
	note, err := p.annotation()
	u.text += note
	if err == nil && u.text == "" {
		err = p.refuse(p.rest)
	}
	return u, err
}

// annotation reads {words}, which say what is counted and change nothing.
func (p *parser) annotation() (string, error) {
	if !strings.HasPrefix(p.rest, "{") {
		return "", nil
	}
	end := strings.IndexByte(p.rest, '}')
	if end < 2 || strings.ContainsFunc(p.rest[1:end], func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '{' }) {
		return "", p.refuse(p.rest)
	}
	note := p.rest[:end+1]
	p.rest = p.rest[end+1:]
	return note, nil
}

// simple reads a whole number, or an atom with its prefix and power; nothing at all before an annotation.
func (p *parser) simple() (Unit, error) {
	word := p.word()
	if word == "" {
		if strings.HasPrefix(p.rest, "{") {
			return Unit{}, nil
		}
		return Unit{}, p.refuse(p.rest)
	}
	if isNumber(word) {
		n, err := strconv.ParseUint(word, 10, 32)
		if err != nil || n == 0 || word[0] == '0' {
			return Unit{}, p.refuse(word)
		}
		return Unit{text: word, factor: new(big.Rat).SetUint64(n)}, nil
	}
	code, power, ok := split(word)
	if !ok {
		return Unit{}, p.refuse(word)
	}
	a, prefix, ok := find(code)
	if !ok {
		return Unit{}, p.refuse(word)
	}
	u := Unit{factor: new(big.Rat).Mul(a.factor, tenTo(prefixes[prefix])), dimension: a.dimension}
	if a.arbitrary != "" {
		u.arbitrary = map[string]int{a.arbitrary: 1}
	}
	name := code
	if a.name != "" {
		name = prefix + a.name
	}
	u = one.times(u, power)
	u.text = name + strings.TrimPrefix(word, code)
	return u, nil
}

// word takes all up to the next sign; within brackets there are no signs.
func (p *parser) word() string {
	bracketed := false
	i := 0
	for ; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '[':
			bracketed = true
		case c == ']':
			bracketed = false
		case !bracketed && strings.IndexByte("./(){}", c) >= 0:
			word := p.rest[:i]
			p.rest = p.rest[i:]
			return word
		}
	}
	word := p.rest
	p.rest = ""
	return word
}

// split parts a word into its atom and its power: 10*-3, m2, s-1.
func split(word string) (code string, power int, ok bool) {
	end := len(word)
	for end > 0 && '0' <= word[end-1] && word[end-1] <= '9' {
		end--
	}
	if end == len(word) {
		return word, 1, true
	}
	digits := word[end:]
	negative := end > 1 && (word[end-1] == '-' || word[end-1] == '+')
	code = word[:end]
	if negative {
		code = word[:end-1]
	}
	power, err := strconv.Atoi(digits)
	if err != nil || power == 0 || power > maxPower || digits[0] == '0' {
		return "", 0, false
	}
	if negative && word[end-1] == '-' {
		power = -power
	}
	return code, power, true
}

// find looks an atom up, whole first: Pa is no peta-year, min no milli-inch.
func find(code string) (a atom, prefix string, ok bool) {
	if a, ok := atoms[code]; ok {
		return a, "", true
	}
	for n := 1; n <= 2 && n < len(code); n++ {
		if _, known := prefixes[code[:n]]; !known {
			continue
		}
		if a, ok := atoms[code[n:]]; ok && a.metric {
			return a, code[:n], true
		}
	}
	return atom{}, "", false
}

var one = Unit{factor: big.NewRat(1, 1)}

// times multiplies with a power of another; the text is the caller's.
func (u Unit) times(v Unit, power int) Unit {
	out := Unit{factor: new(big.Rat).Mul(u.size(), raised(v.size(), power)), dimension: u.dimension.times(v.dimension, power)}
	if len(u.arbitrary)+len(v.arbitrary) > 0 {
		out.arbitrary = maps.Clone(u.arbitrary)
		if out.arbitrary == nil {
			out.arbitrary = map[string]int{}
		}
		for _, name := range slices.Sorted(maps.Keys(v.arbitrary)) {
			if out.arbitrary[name] += v.arbitrary[name] * power; out.arbitrary[name] == 0 {
				delete(out.arbitrary, name)
			}
		}
	}
	return out
}

// size is the unit in base units.
func (u Unit) size() *big.Rat {
	if u.factor == nil {
		return one.factor
	}
	return u.factor
}

func tenTo(power int) *big.Rat { return raised(big.NewRat(10, 1), power) }

func raised(x *big.Rat, power int) *big.Rat {
	out := big.NewRat(1, 1)
	for range max(power, -power) {
		out.Mul(out, x)
	}
	if power < 0 {
		out.Inv(out)
	}
	return out
}
