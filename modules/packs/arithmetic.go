package packs

import "math"

// A computed score is stored, shown live in every browser and computed again years later on another machine: it
// must come out the same to the last bit. Go's own logarithm, exponential and power use the processor's assembly
// and differ between processors by a bit, and so do browsers. These are FreeBSD's (Sun Microsystems', fdlibm)
// with nothing but additions, multiplications and divisions; every product is converted, so that no compiler may
// join it with a sum. web/packages/forms/src/cel/arithmetic.ts is the same text, held to this one by
// testdata/arithmetic.json.

const (
	ln2High = 6.93147180369123816490e-01
	ln2Low  = 1.90821492927058770002e-10
)

// logarithm is the natural logarithm of a positive finite number.
func logarithm(x float64) float64 {
	const (
		l1 = 6.666666666666735130e-01
		l2 = 3.999999999940941908e-01
		l3 = 2.857142874366239149e-01
		l4 = 2.222219843214978396e-01
		l5 = 1.818357216161805012e-01
		l6 = 1.531383769920937332e-01
		l7 = 1.479819860511658591e-01
	)
	fraction, exponent := math.Frexp(x)
	if fraction < math.Sqrt2/2 {
		fraction *= 2
		exponent--
	}
	f, k := fraction-1, float64(exponent)
	s := f / (2 + f)
	s2 := float64(s * s)
	s4 := float64(s2 * s2)
	odd := float64(s2 * (l1 + float64(s4*(l3+float64(s4*(l5+float64(s4*l7)))))))
	even := float64(s4 * (l2 + float64(s4*(l4+float64(s4*l6)))))
	half := float64(float64(0.5*f) * f)
	return float64(k*ln2High) - ((half - (float64(s*(half+(odd+even))) + float64(k*ln2Low))) - f)
}

// decimalLogarithm is the logarithm to base ten; it is exact for the powers of ten.
func decimalLogarithm(x float64) float64 {
	const (
		inverseLn10 = 4.34294481903251816668e-01
		log2High    = 3.01029995663611771306e-01
		log2Low     = 3.69423907715893078616e-13
	)
	switch {
	case math.IsNaN(x) || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case math.IsInf(x, 1):
		return x
	}
	fraction, exponent := math.Frexp(x)
	if exponent > 0 {
		fraction *= 2
		exponent--
	}
	k := float64(exponent)
	return float64(float64(k*log2Low)+float64(inverseLn10*logarithm(fraction))) + float64(k*log2High)
}

// exponential is e to the power of x.
func exponential(x float64) float64 {
	const (
		p1 = 1.66666666666666657415e-01
		p2 = -2.77777777770155933842e-03
		p3 = 6.61375632143793436117e-05
		p4 = -1.65339022054652515390e-06
		p5 = 4.13813679705723846039e-08
	)
	switch {
	case x > 7.09782712893383973096e+02:
		return math.Inf(1)
	case x < -7.45133219101941108420e+02:
		return 0
	case -1.0/(1<<28) < x && x < 1.0/(1<<28):
		return 1 + x
	}
	rounding := 0.5
	if x < 0 {
		rounding = -0.5
	}
	k := math.Trunc(float64(1.44269504088896338700e+00*x) + rounding)
	high, low := x-float64(k*ln2High), float64(k*ln2Low)
	r := high - low
	t := float64(r * r)
	c := r - float64(t*(p1+float64(t*(p2+float64(t*(p3+float64(t*(p4+float64(t*p5)))))))))
	return math.Ldexp(1-((low-float64(r*c)/(2-c))-high), int(k))
}

// power is x to the power of y for finite numbers: by squaring for the whole part of y, so that whole powers of
// small whole numbers are exact, and by the exponential for the rest. It is not a number where there is no real
// answer.
func power(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x == 0 && y < 0:
		return math.Inf(1)
	case x == 0:
		return 0
	case y == 0.5:
		return math.Sqrt(x)
	case y == -0.5:
		return 1 / math.Sqrt(x)
	}
	whole, rest := math.Modf(math.Abs(y))
	if rest != 0 && x < 0 {
		return math.NaN()
	}
	if whole >= 1<<53 { // even, and too large for any x but 1 and -1
		switch {
		case x == -1:
			return 1
		case (math.Abs(x) < 1) == (y > 0):
			return 0
		default:
			return math.Inf(1)
		}
	}
	answer, exponent := 1.0, 0
	if rest != 0 {
		if rest > 0.5 {
			rest--
			whole++
		}
		answer = exponential(float64(rest * logarithm(x)))
	}
	square, squareExponent := math.Frexp(x)
	for i := int64(whole); i != 0; i >>= 1 {
		if squareExponent < -1<<12 || squareExponent > 1<<12 { // it overflows or vanishes whatever comes
			exponent += squareExponent
			break
		}
		if i&1 == 1 {
			answer = float64(answer * square)
			exponent += squareExponent
		}
		square = float64(square * square)
		squareExponent <<= 1
		if math.Abs(square) < 0.5 {
			square += square
			squareExponent--
		}
	}
	if y < 0 {
		answer, exponent = 1/answer, -exponent
	}
	return math.Ldexp(answer, exponent)
}
