package repertory

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// book is an edition in memory. It never changes, so that any number may read it at once. A rubric is named by its
// place, a remedy by its number.
type book struct {
	edition  uuid.UUID
	rubrics  []rubric
	byID     map[uuid.UUID]int32
	remedies []remedy
	chapters []string
	// gradings of all rubrics one after the other; a rubric's are those from its first to the next one's.
	gradings []grading
	firsts   []int32
	// words of all rubrics in alphabetical order, and for each the rubrics that have it.
	words    []string
	havers   []int32
	haverAt  []int32
	sentence []int32 // the words of all rubrics one after the other, the chapter's left out
	sayAt    []int32
}

type rubric struct {
	id      uuid.UUID
	chapter int32
	path    string
	see     string
}

type remedy struct{ abbreviation, name string }

// grading says how strongly a rubric is known of a remedy.
type grading struct {
	remedy int32
	grade  int32
}

// gradingsOf are a rubric's, by the numbers of the remedies.
func (b *book) gradingsOf(place int32) []grading {
	return b.gradings[b.firsts[place]:b.firsts[place+1]]
}

// index makes the words of a book whose rubrics are there.
func (b *book) index() {
	b.byID = make(map[uuid.UUID]int32, len(b.rubrics))
	var own [][]string
	numbers := map[string]int32{}
	chapterWords := make([][]string, len(b.chapters))
	for i, chapter := range b.chapters {
		chapterWords[i] = wordsOf(chapter)
		for _, word := range chapterWords[i] {
			numbers[word] = 0
		}
	}
	for place, r := range b.rubrics {
		b.byID[r.id] = int32(place)
		words := wordsOf(r.path)
		for _, word := range words {
			numbers[word] = 0
		}
		own = append(own, words)
	}
	for word := range numbers {
		b.words = append(b.words, word)
	}
	slices.Sort(b.words)
	for i, word := range b.words {
		numbers[word] = int32(i)
	}
	having := make([][]int32, len(b.words))
	has := func(word string, place int32) {
		n := numbers[word]
		if list := having[n]; len(list) == 0 || list[len(list)-1] != place {
			having[n] = append(list, place)
		}
	}
	for place, words := range own {
		b.sayAt = append(b.sayAt, int32(len(b.sentence)))
		for _, word := range words {
			b.sentence = append(b.sentence, numbers[word])
			has(word, int32(place))
		}
		for _, word := range chapterWords[b.rubrics[place].chapter] {
			has(word, int32(place))
		}
	}
	b.sayAt = append(b.sayAt, int32(len(b.sentence)))
	for _, list := range having {
		b.haverAt = append(b.haverAt, int32(len(b.havers)))
		b.havers = append(b.havers, list...)
	}
	b.haverAt = append(b.haverAt, int32(len(b.havers)))
}

// beginning gives the range of words that begin with a text.
func (b *book) beginning(text string) (first, end int32) {
	from := sort.SearchStrings(b.words, text)
	to := from + sort.Search(len(b.words)-from, func(i int) bool { return !strings.HasPrefix(b.words[from+i], text) })
	return int32(from), int32(to)
}

// wordsOf takes a text apart, without case and accents.
func wordsOf(text string) []string {
	var plain strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if r >= 0x300 && r < 0x370 { // combining accents
			continue
		}
		plain.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(plain.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}
