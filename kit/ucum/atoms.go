package ucum

import "math/big"

// dimension counts the powers of each base unit.
type dimension struct {
	metre, second, gram, kelvin, mole int
}

func (d dimension) times(e dimension, power int) dimension {
	return dimension{d.metre + e.metre*power, d.second + e.second*power, d.gram + e.gram*power, d.kelvin + e.kelvin*power, d.mole + e.mole*power}
}

// atom is a unit that is not put together of others. Metric ones take prefixes.
type atom struct {
	factor    *big.Rat // in base units
	dimension dimension
	metric    bool
	// arbitrary units are defined by a procedure; two of different names never convert.
	arbitrary string
	// name is how the unit is told, where it has several codes.
	name string
}

var prefixes = map[string]int{
	"Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
	"d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}

var (
	length    = dimension{metre: 1}
	volume    = dimension{metre: 3}
	duration  = dimension{second: 1}
	mass      = dimension{gram: 1}
	amount    = dimension{mole: 1}
	pressure  = dimension{metre: -1, second: -2, gram: 1}
	catalytic = dimension{mole: 1, second: -1}
	energy    = dimension{metre: 2, second: -2, gram: 1}
)

func unit(factor string, d dimension) atom { return atom{factor: exactly(factor), dimension: d} }
func metric(factor string, d dimension) atom {
	return atom{factor: exactly(factor), dimension: d, metric: true}
}
func arbitrary(name string, metric bool) atom {
	return atom{factor: exactly("1"), metric: metric, arbitrary: name, name: name}
}
func renamed(a atom, name string) atom { a.name = name; return a }

// exactly reads one of the fractions below.
func exactly(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic("ucum: not a number: " + s)
	}
	return r
}

// atoms are the units there are, by their case-sensitive codes, after UCUM 2.1.
var atoms = map[string]atom{
	"m": metric("1", length), "s": metric("1", duration), "g": metric("1", mass), "K": metric("1", dimension{kelvin: 1}),
	"mol": metric("1", amount), "eq": metric("1", amount), "osm": metric("1", amount),
	"L": metric("1/1000", volume), "l": renamed(metric("1/1000", volume), "L"),
	"min": unit("60", duration), "h": unit("3600", duration), "d": unit("86400", duration), "wk": unit("604800", duration),
	"mo": unit("2629800", duration), "a": unit("31557600", duration),
	"Hz": metric("1", dimension{second: -1}), "N": metric("1000", dimension{metre: 1, second: -2, gram: 1}),
	"Pa": metric("1000", pressure), "bar": metric("100000000", pressure), "J": metric("1000", energy),
	// A column of one metre of mercury: 133.3220 kPa.
	"m[Hg]": metric("133322000", pressure),
	"cal":   metric("4184", energy),
	"kat":   metric("1", catalytic),
	// The enzyme unit: 1 umol/min.
	"U": metric("1/60000000", catalytic),
	"%": unit("1/100", dimension{}), "[ppth]": unit("1/1000", dimension{}), "[ppm]": unit("1/1000000", dimension{}),
	"10*": unit("10", dimension{}), "10^": renamed(unit("10", dimension{}), "10*"),
	"[IU]": arbitrary("[IU]", true), "[iU]": arbitrary("[IU]", true), "[arb'U]": arbitrary("[arb'U]", false),
	"[CFU]": arbitrary("[CFU]", false), "[USP'U]": arbitrary("[USP'U]", false), "[GPL'U]": arbitrary("[GPL'U]", false),
	"[MPL'U]": arbitrary("[MPL'U]", false), "[pH]": arbitrary("[pH]", false), "[dye'U]": arbitrary("[dye'U]", false),
	"[todd'U]": arbitrary("[todd'U]", false), "[beth'U]": arbitrary("[beth'U]", false),
}
