package repertory

import (
	"math/bits"
	"slices"
	"strings"
)

// rank orders the rubrics that answer a question: how well one fits, how many words it has, its place in the book. In
// one number, so that an answer's end is one number too.
type rank uint64

func rankOf(fit, words int, place int32) rank {
	return rank(fit)<<48 | rank(min(words, 0xffff))<<32 | rank(uint32(place)) //nolint:gosec // places are not negative
}

func (r rank) place() int32 { return int32(r & 0xffffffff) } //nolint:gosec // as it was put in

// How well a rubric fits: it begins with the very words that were typed, or the last of them is the beginning of its
// word, or it has them somewhere.
const (
	fitSays = iota
	fitBegins
	fitHas
)

// search finds the rubrics of which each word of the question begins one, in a chapter or all, by their ranks.
func (b *book) search(question, chapter string) []rank {
	typed := wordsOf(question)
	if len(typed) == 0 && strings.TrimSpace(question) != "" {
		return nil
	}
	spans := make([]span, len(typed))
	for i, word := range typed {
		spans[i].first, spans[i].end = b.beginning(word)
		if spans[i].first == spans[i].end {
			return nil
		}
	}
	wanted, all := int32(-1), true
	if chapter = strings.TrimSpace(chapter); chapter != "" {
		all = false
		wanted = int32(slices.IndexFunc(b.chapters, func(c string) bool { return strings.EqualFold(c, chapter) })) //nolint:gosec // few chapters
		if wanted < 0 {
			return nil
		}
	}
	found := newSet(len(b.rubrics))
	found.fill()
	for _, s := range spans {
		having := newSet(len(b.rubrics))
		for _, place := range b.havers[b.haverAt[s.first]:b.haverAt[s.end]] {
			having.add(place)
		}
		found.keep(having)
	}
	ranks := make([]rank, 0, found.size())
	found.each(func(place int32) {
		if !all && b.rubrics[place].chapter != wanted {
			return
		}
		if len(typed) == 0 {
			ranks = append(ranks, rankOf(0, 0, place))
			return
		}
		says := b.sentence[b.sayAt[place]:b.sayAt[place+1]]
		ranks = append(ranks, rankOf(b.fit(says, spans, typed), len(says), place))
	})
	slices.Sort(ranks)
	return ranks
}

// span is a range of words: those that begin with what was typed.
type span struct{ first, end int32 }

// fit tells how well a rubric's own words answer what was typed.
func (b *book) fit(says []int32, spans []span, typed []string) int {
	if len(says) < len(spans) {
		return fitHas
	}
	fit := fitSays
	for i, s := range spans {
		switch last := i == len(spans)-1; {
		case b.words[says[i]] == typed[i]:
		case last && says[i] >= s.first && says[i] < s.end:
			fit = fitBegins
		default:
			return fitHas // a word before the last is typed out, and meant as it is
		}
	}
	return fit
}

// set of places, a bit each.
type set struct {
	bits []uint64
	n    int
}

func newSet(n int) set { return set{make([]uint64, (n+63)/64), n} }

func (s set) add(place int32) { s.bits[place>>6] |= 1 << (place & 63) }

func (s set) fill() {
	for i := range s.bits {
		s.bits[i] = ^uint64(0)
	}
	if over := s.n % 64; over != 0 {
		s.bits[len(s.bits)-1] = 1<<over - 1
	}
}

func (s set) keep(other set) {
	for i := range s.bits {
		s.bits[i] &= other.bits[i]
	}
}

func (s set) size() (n int) {
	for _, word := range s.bits {
		n += bits.OnesCount64(word)
	}
	return n
}

func (s set) each(do func(place int32)) {
	for i, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			do(int32(i<<6 + bits.TrailingZeros64(word))) //nolint:gosec // far fewer rubrics
		}
	}
}
