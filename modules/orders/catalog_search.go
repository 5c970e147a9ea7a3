package orders

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// question is what somebody types to find a service.
type question struct {
	whole string
	words []string
}

func questionOf(text string) question {
	whole := plain(text)
	return question{whole: whole, words: strings.FieldsFunc(whole, isNoLetter)}
}

// How well a service answers a question; the least is the best.
const (
	fitCode = iota
	fitCodeBegins
	fitNameBegins
	fitWords
)

// fit tells how well a service answers: every word that was typed begins one of its own.
func (q question) fit(s *packsapi.Service) (int, bool) {
	if q.whole == "" {
		return 0, true
	}
	code := plain(s.Code)
	switch {
	case code == q.whole:
		return fitCode, true
	case strings.HasPrefix(code, q.whole):
		return fitCodeBegins, true
	case len(q.words) == 0:
		return 0, false
	}
	own := strings.FieldsFunc(code, isNoLetter)
	fit := fitWords
	for _, name := range s.Name {
		name = plain(name)
		if strings.HasPrefix(name, q.whole) {
			fit = fitNameBegins
		}
		own = append(own, strings.FieldsFunc(name, isNoLetter)...)
	}
	for _, synonym := range s.Synonyms {
		synonym = plain(synonym)
		if strings.HasPrefix(synonym, q.whole) {
			fit = fitNameBegins
		}
		own = append(own, strings.FieldsFunc(synonym, isNoLetter)...)
	}
	for _, word := range q.words {
		if !beginsAny(own, word) {
			return 0, false
		}
	}
	return fit, true
}

func beginsAny(words []string, beginning string) bool {
	for _, word := range words {
		if strings.HasPrefix(word, beginning) {
			return true
		}
	}
	return false
}

// plain takes case and accents away. Vowel signs, as Hindi has them, stay: without them other words are meant.
func plain(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.TrimSpace(text)) {
		if r >= 0x300 && r < 0x370 { // combining accents
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// isNoLetter tells what parts words: all but letters, the marks on them, and digits.
func isNoLetter(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}
