package qualitycontrol

import (
	"bytes"
	"errors"

	"github.com/danielgtaylor/huma/v2"
	"github.com/govalues/decimal"
)

// Number is a decimal number that JSON knows as a number and that keeps the digits it was written with.
type Number struct{ decimal.Decimal }

var errNumber = errors.New("qualitycontrol: not a number of at most nine digits before the point and six after it")

// UnmarshalJSON reads a number, never a text.
func (n *Number) UnmarshalJSON(data []byte) error {
	if bytes.ContainsAny(data, `"tfn`) {
		return errNumber
	}
	d, err := decimal.Parse(string(data))
	if err != nil {
		return errNumber
	}
	n.Decimal = d
	return nil
}

// MarshalJSON writes it as it is.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// Schema is that of a number.
func (Number) Schema(huma.Registry) *huma.Schema {
	low, high := -999_999_999.999999, 999_999_999.999999
	return &huma.Schema{Type: huma.TypeNumber, Minimum: &low, Maximum: &high, Description: "At most six digits after the point", Examples: []any{5.2}}
}

// tooLarge is the first whole number with ten digits.
var tooLarge = decimal.MustNew(1_000_000_000, 0)

// fault says what is wrong with it, "" for nothing: what comes of it must be exact.
func (n Number) fault() string {
	if n.CmpAbs(tooLarge) >= 0 || n.Scale() > 6 {
		return "Must have at most nine digits before the point and six after it."
	}
	return ""
}
