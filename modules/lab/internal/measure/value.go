package measure

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Raw is a value as it was posted: a number or a text, and the unit it is in; without a unit it is in the analyte's own.
type Raw struct {
	Value json.RawMessage
	Unit  string
}

// Value is what was found of one analyte, in the analyte's unit and with its decimals.
type Value struct {
	// Number is set for the analytes that are numbers, and for them only.
	Number *decimal.Decimal
	// Comparator is <, > or empty; it belongs to Number.
	Comparator string
	// Text is a choice's code, words, or a titre such as 1:80 and <1:20.
	Text string
	Unit string
	// EnteredValue and EnteredUnit are what was typed, where it was converted or rounded; else empty.
	EnteredValue, EnteredUnit string
}

// Former is the last released value of the same person and analyte. At is when its sample was taken.
type Former struct {
	Value Value
	At    time.Time
}

// Judgement is what a value means for the person it was measured of.
type Judgement struct {
	// Range is the one that holds for the person; nil where none does.
	Range *packsapi.ReferenceRange
	// Flag is N, L, H, LL, HH or A; empty where the value cannot be judged.
	Flag string
	// DeltaFlag is UP, DOWN or CHANGED; empty where the value is not far from the former one, or there is none.
	DeltaFlag string
	Critical  bool
	// Threshold is the critical bound that the value passes, or the code of the critical choice that it is; nil when it
	// is not critical.
	Threshold json.RawMessage
}

// The flags of a judgement.
const (
	FlagNormal       = "N"
	FlagLow          = "L"
	FlagHigh         = "H"
	FlagCriticalLow  = "LL"
	FlagCriticalHigh = "HH"
	FlagAbnormal     = "A"

	DeltaUp      = "UP"
	DeltaDown    = "DOWN"
	DeltaChanged = "CHANGED"
)

// JSON is the value as the API gives it: a number with all its decimals, or a text. Read makes the same value of it again.
func (v Value) JSON(a *packsapi.Analyte) json.RawMessage {
	if v.Number != nil && v.Comparator == "" {
		return json.RawMessage(v.number(a))
	}
	return quoted(v.plain(a))
}

// quoted writes a text as JSON; < and > as they are.
func quoted(text string) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil { // a text always has a JSON form
		return json.RawMessage("null")
	}
	return bytes.TrimSpace(b.Bytes())
}

// Display is the value as a report writes it: with its decimals, a choice by its title.
func (v Value) Display(a *packsapi.Analyte, locale string) string {
	if a.Kind == packsapi.ValueCoded {
		for _, c := range a.Choices {
			if c.Code == v.Text && c.Title.In(locale) != "" {
				return c.Title.In(locale)
			}
		}
	}
	return v.plain(a)
}

func (v Value) plain(a *packsapi.Analyte) string {
	if v.Number == nil {
		return v.Text
	}
	return v.Comparator + v.number(a)
}

// number writes the number with at least the analyte's decimals.
func (v Value) number(a *packsapi.Analyte) string { return v.Number.Pad(a.Decimals).String() }
