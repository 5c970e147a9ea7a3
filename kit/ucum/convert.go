package ucum

import (
	"errors"
	"maps"
	"math/big"
)

// ErrDifferent says that two units measure different things, so that no number of the one is one of the other.
var ErrDifferent = errors.New("the units measure different things")

// Comparable says whether values of one unit can be told in the other. A molar mass, in grams of one mole, lets masses be
// told as amounts and back; nil allows neither.
func Comparable(from, to Unit, molarMass *big.Rat) bool {
	_, err := ratio(from, to, molarMass)
	return err == nil
}

// Convert tells a value of one unit in the other, exactly. The error is ErrDifferent.
func Convert(value *big.Rat, from, to Unit, molarMass *big.Rat) (*big.Rat, error) {
	r, err := ratio(from, to, molarMass)
	if err != nil {
		return nil, err
	}
	return r.Mul(r, value), nil
}

// ratio is how many of to make one of from.
func ratio(from, to Unit, molarMass *big.Rat) (*big.Rat, error) {
	if !maps.Equal(from.arbitrary, to.arbitrary) {
		return nil, ErrDifferent
	}
	out := new(big.Rat).Quo(from.size(), to.size())
	if from.dimension == to.dimension {
		return out, nil
	}
	// What is a mass in one and an amount in the other: above the line, as in mg/dL, or below it, as in mg/mmol.
	moles := to.dimension.mole - from.dimension.mole
	shifted := from.dimension.times(dimension{mole: 1, gram: -1}, moles)
	if shifted != to.dimension || moles < -1 || moles > 1 || molarMass == nil || molarMass.Sign() <= 0 {
		return nil, ErrDifferent
	}
	return out.Mul(out, raised(molarMass, -moles)), nil
}
