package packs

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// functions are what packs may call beside CEL's own. The browser has the same, with the same results.
func functions() []cel.EnvOption {
	number := func(name string, f func(float64) float64) cel.EnvOption {
		return cel.Function(name,
			cel.Overload(name+"_double", []*cel.Type{cel.DoubleType}, cel.DoubleType),
			cel.Overload(name+"_int", []*cel.Type{cel.IntType}, cel.DoubleType),
			cel.SingletonUnaryBinding(func(v ref.Val) ref.Val {
				x, ok := float(v)
				if !ok {
					return types.MaybeNoSuchOverloadErr(v)
				}
				return finite(f(x))
			}))
	}
	dates := [][2]*cel.Type{
		{cel.StringType, cel.StringType}, {cel.TimestampType, cel.TimestampType},
		{cel.StringType, cel.TimestampType}, {cel.TimestampType, cel.StringType},
	}
	daysBetween := []cel.FunctionOpt{cel.SingletonBinaryBinding(daysBetween)}
	for _, d := range dates {
		daysBetween = append(daysBetween,
			cel.Overload("days_between_"+d[0].String()+"_"+d[1].String(), []*cel.Type{d[0], d[1]}, cel.IntType))
	}
	powers := []cel.FunctionOpt{cel.SingletonBinaryBinding(func(x, y ref.Val) ref.Val {
		a, okA := float(x)
		b, okB := float(y)
		if !okA || !okB {
			return types.MaybeNoSuchOverloadErr(x)
		}
		return finite(power(a, b))
	})}
	for _, a := range []*cel.Type{cel.IntType, cel.DoubleType} {
		for _, b := range []*cel.Type{cel.IntType, cel.DoubleType} {
			powers = append(powers, cel.Overload("pow_"+a.String()+"_"+b.String(), []*cel.Type{a, b}, cel.DoubleType))
		}
	}
	return []cel.EnvOption{
		number("sqrt", math.Sqrt),
		number("floor", math.Floor),
		number("ceil", math.Ceil),
		cel.Function("abs",
			cel.Overload("abs_int", []*cel.Type{cel.IntType}, cel.IntType),
			cel.Overload("abs_double", []*cel.Type{cel.DoubleType}, cel.DoubleType),
			cel.SingletonUnaryBinding(absolute)),
		cel.Function("min", choosing("min", func(a, b float64) bool { return a < b })...),
		cel.Function("max", choosing("max", func(a, b float64) bool { return a > b })...),
		cel.Function("lower",
			cel.Overload("lower_string", []*cel.Type{cel.StringType}, cel.StringType),
			cel.SingletonUnaryBinding(lower)),
		number("log10", decimalLogarithm),
		cel.Function("pow", powers...),
		cel.Function("days_between", daysBetween...),
		cel.Function("round",
			cel.Overload("round_double_int", []*cel.Type{cel.DoubleType, cel.IntType}, cel.DoubleType),
			cel.Overload("round_int_int", []*cel.Type{cel.IntType, cel.IntType}, cel.DoubleType),
			cel.SingletonBinaryBinding(round)),
		cel.Function("sum",
			cel.Overload("sum_list_int", []*cel.Type{cel.ListType(cel.IntType)}, cel.IntType, cel.UnaryBinding(sum)),
			cel.Overload("sum_list_double", []*cel.Type{cel.ListType(cel.DoubleType)}, cel.DoubleType, cel.UnaryBinding(sumDoubles))),
	}
}

func float(v ref.Val) (float64, bool) {
	switch v := v.(type) {
	case types.Double:
		return float64(v), true
	case types.Int:
		return float64(v), true
	default:
		return 0, false
	}
}

// finite refuses what JSON cannot hold: a root of a negative number, the logarithm of nought.
func finite(f float64) ref.Val {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return types.NewErr("the number has no value")
	}
	return types.Double(f)
}

// absolute gives a number without its sign, of the type it had.
func absolute(v ref.Val) ref.Val {
	switch v := v.(type) {
	case types.Int:
		if v < 0 {
			return v.Negate() // an error for the one whole number that has no opposite
		}
		return v
	case types.Double:
		return finite(math.Abs(float64(v)))
	default:
		return types.MaybeNoSuchOverloadErr(v)
	}
}

// choosing declares min and max: of two numbers, or of a list of numbers. Whole numbers give a whole number,
// anything else a double. An empty list has no value.
func choosing(name string, better func(a, b float64) bool) []cel.FunctionOpt {
	choose := func(numbers []ref.Val) ref.Val {
		if len(numbers) == 0 {
			return types.NewErr("%s of nothing has no value", name)
		}
		best, whole := ref.Val(nil), true
		for _, n := range numbers {
			x, ok := float(n)
			if !ok {
				return types.MaybeNoSuchOverloadErr(n)
			}
			if _, isInt := n.(types.Int); !isInt {
				whole = false
			}
			if best == nil {
				best = n
				continue
			}
			if b, _ := float(best); better(x, b) {
				best = n
			}
		}
		if !whole {
			x, _ := float(best)
			return finite(x)
		}
		return best
	}
	ofList := cel.UnaryBinding(func(v ref.Val) ref.Val {
		l, ok := v.(traits.Lister)
		if !ok {
			return types.MaybeNoSuchOverloadErr(v)
		}
		var numbers []ref.Val
		for it := l.Iterator(); it.HasNext() == types.True; {
			numbers = append(numbers, it.Next())
		}
		return choose(numbers)
	})
	options := []cel.FunctionOpt{
		cel.Overload(name+"_list_int", []*cel.Type{cel.ListType(cel.IntType)}, cel.IntType, ofList),
		cel.Overload(name+"_list_double", []*cel.Type{cel.ListType(cel.DoubleType)}, cel.DoubleType, ofList),
	}
	for _, a := range []*cel.Type{cel.IntType, cel.DoubleType} {
		for _, b := range []*cel.Type{cel.IntType, cel.DoubleType} {
			result := cel.DoubleType
			if a == cel.IntType && b == cel.IntType {
				result = cel.IntType
			}
			options = append(options, cel.Overload(name+"_"+a.String()+"_"+b.String(), []*cel.Type{a, b}, result,
				cel.BinaryBinding(func(x, y ref.Val) ref.Val { return choose([]ref.Val{x, y}) })))
		}
	}
	return options
}

// lower writes A to Z small and leaves every other letter alone, so that it is the same everywhere.
func lower(v ref.Val) ref.Val {
	s, ok := v.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(v)
	}
	return types.String(strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, string(s)))
}

// maxRoundDigits bounds the second argument of round, either way.
const maxRoundDigits = 12

// round(x, n) rounds to n decimal places, halves away from nought, as clinicians do on paper: it looks at the
// number as it is written, so that round(1.005, 2) is 1.01, although the nearest double lies just below. With
// a negative n it rounds to tens, hundreds and so on.
func round(x, n ref.Val) ref.Val {
	f, ok := float(x)
	digits, isInt := n.(types.Int)
	if !ok || !isInt {
		return types.MaybeNoSuchOverloadErr(x)
	}
	if digits < -maxRoundDigits || digits > maxRoundDigits || math.IsNaN(f) || math.IsInf(f, 0) {
		return types.NewErr("round takes a number and from -%d to %d places", maxRoundDigits, maxRoundDigits)
	}
	written, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	if !ok {
		return types.NewErr("the number has no value")
	}
	if math.Abs(f) >= 1e15 && digits >= 0 || math.Abs(f) < 1e-300 {
		return types.Double(f) // no decimal places left to round, or none that could be seen
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(digits, -digits))), nil))
	if digits >= 0 {
		written.Mul(written, scale)
	} else {
		written.Quo(written, scale)
	}
	whole, ok := new(big.Rat).SetString(written.FloatString(0)) // FloatString rounds halves away from nought
	if !ok {
		return types.NewErr("the number has no value")
	}
	if digits >= 0 {
		whole.Quo(whole, scale)
	} else {
		whole.Mul(whole, scale)
	}
	out, _ := whole.Float64()
	return finite(out)
}

// sum adds a list of numbers: whole numbers to a whole number, anything else to a double. It is 0 for an
// empty list.
func sum(v ref.Val) ref.Val {
	numbers, ok := v.(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(v)
	}
	whole, decimal, isWhole := types.Int(0), 0.0, true
	for it := numbers.Iterator(); it.HasNext() == types.True; {
		switch item := it.Next().(type) {
		case types.Int:
			added := whole.Add(item)
			if total, ok := added.(types.Int); ok {
				whole = total
			} else {
				return added // overflow
			}
			decimal += float64(item)
		case types.Double:
			isWhole = false
			decimal += float64(item)
		default:
			return types.MaybeNoSuchOverloadErr(item)
		}
	}
	if isWhole {
		return whole
	}
	return finite(decimal)
}

// sumDoubles is sum where the list is known to hold doubles, so that an empty one gives 0.0.
func sumDoubles(v ref.Val) ref.Val {
	total := sum(v)
	if whole, ok := total.(types.Int); ok && v.(traits.Lister).Size() == types.IntZero {
		return types.Double(whole)
	}
	return total
}

// daysBetween counts the calendar days from one date to another; negative when the second is earlier. A time
// counts by its date: `now` by the date at the facility, any other time by the date in UTC.
func daysBetween(from, to ref.Val) ref.Val {
	a, okA := day(from)
	b, okB := day(to)
	if !okA || !okB {
		return types.NewErr("days_between takes dates as YYYY-MM-DD, or times")
	}
	return types.Int(b.Sub(a) / (24 * time.Hour))
}

func day(v ref.Val) (time.Time, bool) {
	switch v := v.(type) {
	case types.Timestamp:
		y, m, d := v.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), true
	case types.String:
		s := string(v)
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return t, true
		}
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t.UTC().Truncate(24 * time.Hour), true
		}
	}
	return time.Time{}, false
}
