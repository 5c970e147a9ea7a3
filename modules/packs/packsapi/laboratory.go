package packsapi

import (
	"time"

	"github.com/govalues/decimal"
)

// Laboratory is what a laboratory measures in a pack: its own analytes over those of the packs it extends.
type Laboratory interface {
	// Analyte finds one by its code.
	Analyte(code string) (*Analyte, bool)
	// Analytes lists them all, by section, then by the pack's own order.
	Analytes() []*Analyte
	// Calculate gives the calculated analytes among codes whose inputs are there, rounded to their decimals. A missing
	// input, a division by zero and a value outside what the formula is valid for give no value; never an error.
	Calculate(codes []string, values map[string]decimal.Decimal, person Measured) map[string]decimal.Decimal
}

// Measured is of whom something was measured, as ranges and formulas know them.
type Measured struct {
	// AgeDays at the time the sample was taken; negative when nobody knows it.
	AgeDays int
	// Sex is male or female; anything else has only the ranges that hold for all.
	Sex      string
	Pregnant bool
}

// ValueKind is how an analyte's value is written.
type ValueKind string

// The kinds. A number may carry < or >; a titre is written 1:80.
const (
	ValueNumber ValueKind = "number"
	ValueCoded  ValueKind = "coded"
	ValueText   ValueKind = "text"
	ValueTitre  ValueKind = "titre"
)

// Analyte is one thing that a laboratory measures.
type Analyte struct {
	Pack    string // the pack that first brings it
	Code    string
	Name    Text
	LOINC   string
	Section string // haematology, biochemistry ...; see Sections
	Kind    ValueKind
	// Unit is UCUM; empty where the value has none. Decimals is how many places a number is told with.
	Unit     string
	Decimals int
	// Units are the others that a value may be given in; each converts to Unit.
	Units []string
	// PossibleLow and PossibleHigh bound what can be a value at all: beyond them it was mistyped, or is in another unit.
	// Nil is open.
	PossibleLow, PossibleHigh *decimal.Decimal
	// MolarMass in g/mol converts between mass and amount of substance; zero where the analyte does not allow it.
	MolarMass float64
	Method    Text
	// Choices of a coded analyte, in order.
	Choices []ResultChoice
	Ranges  []ReferenceRange
	// DeltaPercent is how far a value may be from the last one within DeltaWithin; zero: no check. A coded analyte, or one in
	// words, has DeltaWithin only: any other value within it is a change.
	DeltaPercent float64
	DeltaWithin  time.Duration
	// Calculated says that its value follows from others by Formula, in CEL: value.CHOL - value.HDL.
	Calculated bool
	Formula    string
	// Inputs are the codes that the formula names.
	Inputs []string
}

// ResultChoice is one value of a coded analyte.
type ResultChoice struct {
	Code     string
	Title    Text
	Abnormal bool // flag A
	Critical bool
}

// ReferenceRange is what is usual for some people. Bounds belong to the range; nil is open. Ages are days, from
// inclusive, to exclusive; zero AgeToDays has no end.
type ReferenceRange struct {
	Sex                       string // male, female, or empty for all
	AgeFromDays, AgeToDays    int
	Pregnant                  *bool // nil: said of nobody in particular
	Low, High                 *decimal.Decimal
	CriticalLow, CriticalHigh *decimal.Decimal
	// Text says the range in words, for what is no number: a titre up to 1:80, nonreactive.
	Text Text
}
