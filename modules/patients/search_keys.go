package patients

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/modules/patients/internal/names"
)

// keyVersion is raised whenever the same patient would get other keys. The background then rebuilds older entries.
const keyVersion = 1

// What a key stands for. Each is hashed with its text, so that a name never meets a number.
const (
	byWord      = "word"
	byBeginning = "beginning"
	bySound     = "sound"
	byOpening   = "opening" // the beginning of a sound
	byShape     = "shape"
	byOmission  = "omission" // a shape without one of its letters
	bySkeleton  = "skeleton"
	byGram      = "gram"
	byWholeName = "name"
	byMRN       = "mrn"
	byNumber    = "number" // the number that ends an MRN, without leading zeros
	byTail      = "tail"   // its last digits
	byPhone     = "phone"
	byOutside   = "outside" // an identifier another system gave
	byBirth     = "birth"
)

// Bounds that keep an entry at about a hundred keys.
const (
	longestBeginning = 9
	shortestOpening  = 3
	longestOpening   = 7
	shortestShape    = 4
	shortestSkeleton = 4
	shortestTail     = 3
	longestTail      = 8
	shortestPhone    = 4
)

// ring makes the keys of one facility. The upper 24 bits are the facility's, so that its keys lie together in the
// index and a search never touches another's; the lower 40 are the text's.
type ring struct{ facility uint64 }

func ringOf(facilityID uuid.UUID) ring { return ring{hash(string(facilityID[:])) &^ (1<<40 - 1)} }

func (r ring) key(kind, text string) int64 {
	return int64(r.facility | hash(kind+"\x00"+text)&(1<<40-1) | 1) //nolint:gosec // bits, not a quantity
}

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	x := h.Sum64()
	// FNV mixes its last bytes badly into the upper bits.
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return x
}

// findable is what a patient can be found by.
type findable struct {
	fullName, mrn string
	phone         *string
	born          *clock.Date
	outside       []string
}

type entry struct {
	sortName string
	keys     []int64
}

// entryOf makes a patient's search entry.
func entryOf(facilityID uuid.UUID, p findable) entry {
	r := ringOf(facilityID)
	var keys []int64
	add := func(kind, text string) { keys = append(keys, r.key(kind, text)) }
	tokens := names.Tokens(p.fullName)
	for _, token := range tokens {
		for _, reading := range append([]string{token.Text}, token.Variants...) {
			r.addReading(&keys, reading)
		}
	}
	for i := 1; i < len(tokens); i++ {
		sound := names.Sound(tokens[i-1].Text + tokens[i].Text)
		add(bySound, sound)
	}
	sortName := joinTexts(tokens)
	add(byWholeName, inAnyOrder(tokens))

	add(byMRN, compact(p.mrn))
	if number := trailingDigits(p.mrn); number != "" {
		add(byNumber, withoutZeros(number))
		for n := shortestTail; n <= min(len(number), longestTail); n++ {
			add(byTail, number[len(number)-n:])
		}
	}
	if p.phone != nil {
		digits := phoneDigits(*p.phone)
		add(byPhone, digits)
		for n := shortestPhone; n <= min(len(digits)-1, 10); n++ {
			add(byPhone, digits[len(digits)-n:])
		}
	}
	for _, value := range p.outside {
		add(byOutside, compact(value))
	}
	if p.born != nil {
		add(byBirth, p.born.String())
	}
	slices.Sort(keys) // patients.search looks for grams by halves
	return entry{sortName, slices.Compact(keys)}
}

func (r ring) addReading(keys *[]int64, text string) {
	add := func(kind, text string) { *keys = append(*keys, r.key(kind, text)) }
	add(byWord, text)
	runes := []rune(text)
	for n := 1; n < min(len(runes), longestBeginning+1); n++ {
		add(byBeginning, string(runes[:n]))
	}
	sound := names.Sound(text)
	add(bySound, sound)
	runes = []rune(sound)
	for n := shortestOpening; n < min(len(runes), longestOpening+1); n++ {
		add(byOpening, string(runes[:n]))
	}
	for _, gram := range names.Grams(sound) {
		add(byGram, gram)
	}
	shape := names.Shape(sound)
	if names.Length(shape) < shortestShape {
		return
	}
	add(byShape, shape)
	for _, omission := range names.Omissions(shape) {
		add(byOmission, omission)
	}
	if skeleton := names.Skeleton(shape); names.Length(skeleton) >= shortestSkeleton {
		add(bySkeleton, skeleton)
	}
}

func joinTexts(tokens []names.Token) string {
	texts := make([]string, len(tokens))
	for i, token := range tokens {
		texts[i] = token.Text
	}
	return strings.Join(texts, " ")
}

// inAnyOrder makes Kumar Ravi and Ravi Kumar one name.
func inAnyOrder(tokens []names.Token) string {
	texts := strings.Fields(joinTexts(tokens))
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

// compact leaves only what matters in a number: main-26/42 and MAIN2642 are the same.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N) {
			return unicode.ToUpper(r)
		}
		return -1
	}, text)
}

func trailingDigits(text string) string {
	return text[len(strings.TrimRight(text, "0123456789")):]
}

func withoutZeros(digits string) string {
	if short := strings.TrimLeft(digits, "0"); short != "" {
		return short
	}
	return "0"
}

// phoneDigits gives the digits of a number without the ways of writing its country: +91, 0091, a leading 0.
func phoneDigits(text string) string {
	digits := names.Digits(text)
	digits = strings.TrimPrefix(digits, "00")
	if len(digits) == 12 {
		digits = strings.TrimPrefix(digits, "91")
	}
	if len(digits) == 11 {
		digits = strings.TrimPrefix(digits, "0")
	}
	return digits
}
