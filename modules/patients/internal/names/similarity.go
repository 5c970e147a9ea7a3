package names

import "slices"

// How alike two words are, at most 1.
const (
	same      = 1.0
	soundSame = 0.85
	shapeSame = 0.7
	slip      = 0.6
	initial   = 0.5
)

// Similarity of two names, from 0 to 1, whatever the order of their words. A word that only one of them has
// counts against it by half, and more when the other has one of its own instead: brothers share half a name.
func Similarity(a, b string) float64 {
	shorter, longer := Tokens(a), Tokens(b)
	if len(shorter) > len(longer) {
		shorter, longer = longer, shorter
	}
	if len(shorter) == 0 {
		return 0
	}
	free := slices.Clone(longer)
	sum := 0.0
	for _, token := range shorter {
		at, found := 0, 0.0
		for i, other := range free {
			if alike := alikeTokens(token, other); alike > found {
				at, found = i, alike
			}
		}
		if found > 0 {
			sum += found
			free = slices.Delete(free, at, at+1)
		}
	}
	separate := sum / (float64(len(shorter)+len(longer)) / 2)
	if len(free) > len(longer)-len(shorter) {
		separate *= 0.8
	}
	// Ram Kumar and Ramkumar.
	if len(shorter) != len(longer) && Sound(run(shorter)) == Sound(run(longer)) {
		return max(separate, soundSame)
	}
	return separate
}

func run(tokens []Token) string {
	text := ""
	for _, t := range tokens {
		text += t.Text
	}
	return text
}

func alikeTokens(a, b Token) float64 {
	best := 0.0
	for _, x := range append([]string{a.Text}, a.Variants...) {
		for _, y := range append([]string{b.Text}, b.Variants...) {
			best = max(best, alikeTexts(x, y))
		}
	}
	return best
}

func alikeTexts(a, b string) float64 {
	if a == b {
		return same
	}
	if Length(a) == 1 || Length(b) == 1 {
		if []rune(a)[0] == []rune(b)[0] {
			return initial
		}
		return 0
	}
	soundA, soundB := Sound(a), Sound(b)
	if soundA == soundB {
		return soundSame
	}
	shapeA, shapeB := Shape(soundA), Shape(soundB)
	if Length(shapeA) < 4 || Length(shapeB) < 4 {
		return 0
	}
	if shapeA == shapeB {
		return shapeSame
	}
	if slices.Contains(Omissions(shapeA), shapeB) || slices.Contains(Omissions(shapeB), shapeA) || slices.Contains(Swaps(shapeA), shapeB) {
		return slip
	}
	return 0
}
