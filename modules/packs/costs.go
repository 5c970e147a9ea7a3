package packs

import (
	"strings"

	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// costs tells what a call costs where CEL would count 1 whatever it reads. One unit is some hundred nanoseconds of work;
// a call is counted once it is done, so that an expression exceeds its limit by one call at most.
type costs struct{}

// What one unit pays for, or what a call costs that takes long whatever it is given.
const (
	charactersPerUnit = 10
	roundCost         = 20 // it counts in decimal, with numbers of any length
	powCost           = 5
	zoneCost          = 200 // a time zone is looked up by its name each time
	tableCost         = 25  // it may have maxBands
)

// CallCost implements cost.ActualCostEstimator; nil leaves the count to CEL.
func (costs) CallCost(function, _ string, args []ref.Val, _ ref.Val) *uint64 {
	if units := unitsOf(function, args); units > 0 {
		return new(units + 1)
	}
	return nil
}

func unitsOf(function string, args []ref.Val) (units uint64) {
	switch function {
	case operators.Equals, operators.NotEquals, operators.In:
		if compound(args[0]) {
			return weight(args[0]) + weight(args[1])
		}
	case "lower", "size", "int", "double", "bool", "string", "timestamp", "duration", "days_between":
		for _, a := range args {
			if s, isText := a.(types.String); isText {
				units += textWeight(s)
			}
		}
	case "sum", "min", "max":
		for _, a := range args {
			if l, isList := a.(traits.Lister); isList {
				units += lengthOf(l)
			}
		}
	case "round":
		return roundCost
	case "pow":
		return powCost
	default:
		switch {
		case len(args) == 2 && strings.HasPrefix(function, "get"):
			return zoneCost
		case strings.HasPrefix(function, tablePrefix):
			return tableCost
		}
	}
	return units
}

func textWeight(s types.String) uint64 { return uint64(len(s) / charactersPerUnit) }

func lengthOf(l traits.Sizer) uint64 {
	n, _ := l.Size().(types.Int)
	return uint64(max(n, 0)) //nolint:gosec // not negative
}

// compound says whether a value holds others.
func compound(v ref.Val) bool {
	switch v.(type) {
	case traits.Lister, traits.Mapper, *objectVal:
		return true
	default:
		return false
	}
}

// weight counts everything within a value: what comparing it may look at.
func weight(v ref.Val) uint64 {
	units := uint64(1)
	switch v := v.(type) {
	case types.String:
		units += textWeight(v)
	case *objectVal:
		for _, field := range v.fields {
			units += weight(types.DefaultTypeAdapter.NativeToValue(field))
		}
	case traits.Lister:
		for it := v.Iterator(); it.HasNext() == types.True; {
			units += weight(it.Next())
		}
	case traits.Mapper:
		for it := v.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			units += weight(key) + weight(v.Get(key))
		}
	}
	return units
}

// budget is what the expressions of one form, or of one moment, may spend together. It is for one goroutine.
type budget struct{ left uint64 }

func newBudget() *budget { return &budget{left: totalCostLimit} }

// spend takes the cost of an evaluation away.
func (b *budget) spend(units *uint64) {
	if units != nil {
		b.left -= min(b.left, *units)
	}
}
