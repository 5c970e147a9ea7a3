// Package ucum reads the units that a laboratory writes, in the Unified Code for Units of Measure, and converts between
// them exactly, with fractions and never with floating point.
//
// It is the part of UCUM that laboratory results need: metric prefixes; gram, metre, second, mole, kelvin and what is made
// of them; powers of ten (10*3); percent; products, quotients and powers; annotations ({INR}); and arbitrary units ([IU],
// [pH]), which convert to nothing but themselves. Scales that do not begin at nought (Celsius, bel) and the customary
// units of the market are left out: what is not known is refused, never guessed.
//
// Two things differ from the letter of UCUM. A mole is a dimension of its own and not a pure number, so that an amount is
// never taken for a count. And amounts convert to masses, where a molar mass is given.
package ucum
