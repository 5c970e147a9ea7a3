package patients

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/modules/patients/internal/names"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

// The worth of meeting a patient by what stands for one person. Words are worth at most 100 each (patients.rung), so
// any of these comes first.
const (
	worthExact     = 10000 // MRN, identifier
	worthPhone     = 9500  // the whole number
	worthNumber    = 9000  // the MRN's number
	worthTail      = 7000  // last digits; longer is better
	worthWholeName = 500
)

// Places in a word's ladder, as patients.rung reads it.
const (
	rungWord = iota
	rungBeginning
	rungSound
	rungOpening
	rungShape
	rungSkeleton
	rungInitial
	rungs
)

// maxWords is how many words of a question patients.search reads.
const maxWords = 4

// longestQuestion in bytes; what follows is not read.
const longestQuestion = 200

// titles stand before a name on paper but not in the register.
var titles = []string{"mr", "mrs", "ms", "miss", "dr", "smt", "kum", "master", "prof"}

// question is what patients.search is asked.
type question struct {
	ring   ring
	codes  []int64
	points []int32
	words  []word
	grams  []int64
	births []int64
}

type word struct {
	ladder [rungs]int64
	slips  []int64
}

func (q *question) code(kind, text string, points int32) {
	q.codes = append(q.codes, q.ring.key(kind, text))
	q.points = append(q.points, points)
}

// ask reads what someone typed to find a patient: names, a number, or both.
func ask(facilityID uuid.UUID, text string) question {
	if len(text) > longestQuestion {
		text = strings.ToValidUTF8(text[:longestQuestion], "")
	}
	text = names.ASCIIDigits(text)
	q := question{ring: ringOf(facilityID)}
	if number := compact(text); number != "" {
		q.code(byMRN, number, worthExact)
		q.code(byOutside, number, worthExact)
	}
	if digits := onlyDigits(text); digits != "" {
		q.digits(digits, q.code)
	}
	tokens := withoutTitles(names.Tokens(text))
	if len(tokens) > 0 {
		q.code(byWholeName, inAnyOrder(tokens), worthWholeName)
	}
	q.ask(tokens, true)
	// In order: patients.search wants something of either half, and two words are rarer together than one.
	for _, token := range tokens {
		for _, gram := range names.Grams(names.Sound(token.Text)) {
			if key := q.ring.key(byGram, gram); !slices.Contains(q.grams, key) {
				q.grams = append(q.grams, key)
			}
		}
	}
	return q
}

// askAlike asks for who may be the same person: beginnings of words do not count.
func askAlike(facilityID uuid.UUID, fullName, phone string, births []clock.Date) question {
	q := question{ring: ringOf(facilityID)}
	if digits := phoneDigits(phone); len(digits) >= shortestPhone+2 {
		q.code(byPhone, digits, worthPhone)
	}
	q.ask(withoutTitles(names.Tokens(fullName)), false)
	for _, born := range births {
		q.births = append(q.births, q.ring.key(byBirth, born.String()))
	}
	return q
}

func (q *question) ask(tokens []names.Token, beginnings bool) {
	tokens = tokens[:min(len(tokens), maxWords)]
	for i, token := range tokens {
		w := q.word(token, beginnings)
		if len(tokens) == 1 {
			w.ladder[rungInitial] = 0 // Ravi alone does not ask for everyone with an R.
		}
		// Ram Kumar may be written Ramkumar, which then meets both words.
		if i > 0 {
			w.slips = append(w.slips, q.ring.key(bySound, names.Sound(tokens[i-1].Text+token.Text)))
		}
		if i+1 < len(tokens) {
			w.slips = append(w.slips, q.ring.key(bySound, names.Sound(token.Text+tokens[i+1].Text)))
		}
		q.words = append(q.words, w)
	}
}

func (q *question) word(token names.Token, beginnings bool) word {
	var w word
	key := q.ring.key
	runes := []rune(token.Text)
	w.ladder[rungWord] = key(byWord, token.Text)
	if beginnings {
		w.ladder[rungBeginning] = key(byBeginning, string(runes[:min(len(runes), longestBeginning)]))
	}
	if len(runes) == 1 {
		return w
	}
	if digits := onlyDigits(token.Text); digits != "" {
		q.digits(digits, func(kind, text string, _ int32) { w.slips = append(w.slips, key(kind, text)) })
		return w
	}
	w.ladder[rungInitial] = key(byWord, string(runes[:1]))
	sound := names.Sound(token.Text)
	w.ladder[rungSound] = key(bySound, sound)
	if runes := []rune(sound); beginnings && len(runes) >= shortestOpening {
		w.ladder[rungOpening] = key(byOpening, string(runes[:min(len(runes), longestOpening)]))
	}
	for _, variant := range token.Variants {
		w.slips = append(w.slips, key(bySound, names.Sound(variant)))
	}
	shape := names.Shape(sound)
	length := names.Length(shape)
	if length >= shortestShape {
		w.ladder[rungShape] = key(byShape, shape)
		for _, swapped := range names.Swaps(shape) {
			w.slips = append(w.slips, key(byShape, swapped))
		}
	}
	if skeleton := names.Skeleton(shape); names.Length(skeleton) >= shortestSkeleton {
		w.ladder[rungSkeleton] = key(bySkeleton, skeleton)
	}
	if length >= shortestShape-1 {
		w.slips = append(w.slips, key(byOmission, shape)) // one letter forgotten
	}
	if beginnings {
		for _, meant := range names.Meant(token.Text) {
			// Each key costs a descent of the index: not for who is met by the shape or by its swaps already.
			if form := names.Shape(meant); names.Length(form) < shortestShape || form != shape && !slices.Contains(w.slips, key(byShape, form)) {
				w.slips = append(w.slips, key(bySound, meant))
			}
		}
	}
	if length > shortestShape {
		for _, omission := range names.Omissions(shape) {
			w.slips = append(w.slips, key(byShape, omission)) // one too many
			// One for another, in longer words only: Ramesh is not Rakesh.
			if length >= 6 {
				w.slips = append(w.slips, key(byOmission, omission))
			}
		}
	}
	slices.Sort(w.slips)
	w.slips = slices.Compact(w.slips)
	return w
}

// digits asks for what ends with them: an MRN's number or a phone.
func (q *question) digits(digits string, code func(kind, text string, points int32)) {
	code(byNumber, withoutZeros(digits), worthNumber)
	if n := len(digits); n >= shortestTail && n <= longestTail {
		code(byTail, digits, worthTail+int32(n)) //nolint:gosec // at most eight
	}
	if digits = phoneDigits(digits); len(digits) >= shortestPhone {
		worth := int32(worthPhone)
		if len(digits) < 10 {
			worth = worthTail + int32(len(digits)*100) //nolint:gosec // below ten
		}
		code(byPhone, digits, worth)
	}
}

// onlyDigits gives the digits of a number as people write one, and nothing when there is more than that.
func onlyDigits(text string) string {
	if strings.Trim(text, "0123456789 +-().") != "" || utf8.RuneCountInString(text) > 30 {
		return ""
	}
	return names.Digits(text)
}

// withoutTitles drops Mr, Smt, Dr unless nothing else was asked.
func withoutTitles(tokens []names.Token) []names.Token {
	kept := slices.DeleteFunc(slices.Clone(tokens), func(t names.Token) bool { return slices.Contains(titles, t.Text) })
	if len(kept) == 0 {
		return tokens
	}
	return kept
}

// require adds what must be met too: a filter beside the question.
func (q *question) require(kind, text string) {
	var w word
	w.ladder[rungWord] = q.ring.key(kind, text)
	q.words = append([]word{w}, q.words[:min(len(q.words), maxWords-1)]...)
	q.codes, q.points, q.grams = nil, nil, nil
}

// params gives the question to SQL.
func (q *question) params() patientsdb.SearchPatientsParams {
	p := patientsdb.SearchPatientsParams{
		Codes: notNil(q.codes), CodePoints: notNil(q.points), Grams: notNil(q.grams), Births: notNil(q.births), Ladders: []int64{}, Slips: []int64{},
	}
	for i := range maxWords {
		if i < len(q.words) {
			p.Ladders = append(p.Ladders, q.words[i].ladder[:]...)
			p.Slips = append(p.Slips, q.words[i].slips...)
		}
		p.SlipEnds = append(p.SlipEnds, int32(len(p.Slips))) //nolint:gosec // at most some hundred
	}
	return p
}

// notNil: a nil slice would be NULL, with which no array overlaps and nothing is counted.
func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
