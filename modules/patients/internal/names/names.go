// Package names makes names comparable: in any script, however spelt. It is pure and knows nothing of patients.
//
// A name becomes tokens in lower-case Latin letters (Indic and Arabic scripts are transliterated; scripts it does
// not know stay as they are), and each token three ever coarser forms: Sound keeps what is heard, Shape forgets
// which vowel it was and whether a stop was voiced, Skeleton keeps the consonants only. The rules are tuned for
// Indian names, where one name has many spellings: Lakshmi, Laxmi, Luxmi, लक्ष्मी, லட்சுமி.
package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLength of a name, in characters.
const MaxLength = 255

// Fault says what is wrong with a name, in a sentence for the person who fills in the form.
type Fault string

// Error is the sentence.
func (f Fault) Error() string { return string(f) }

// What is wrong with a name.
const (
	ErrEmpty   Fault = "Must not be empty."
	ErrTooLong Fault = "Must have at most 255 characters."
	ErrUnclean Fault = "Must not contain control characters or text directions."
)

// Display gives a name as it is stored and shown: composed, trimmed, inner white space collapsed.
func Display(text string) (string, error) {
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	switch {
	case strings.ContainsFunc(text, unclean):
		return "", ErrUnclean
	case !strings.ContainsFunc(text, visible):
		return "", ErrEmpty
	case utf8.RuneCountInString(text) > MaxLength:
		return "", ErrTooLong
	}
	return text, nil
}

// unclean are characters that make a name look other than it is. The joiners that Indic scripts and Persian need
// (U+200C, U+200D) are not among them.
func unclean(r rune) bool {
	return unicode.IsControl(r) || r == utf8.RuneError ||
		r == 0x061C || r == 0x200E || r == 0x200F || r >= 0x2028 && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0xFEFF
}

func visible(r rune) bool { return unicode.In(r, unicode.L, unicode.N) }

// Token is one word of a name.
type Token struct {
	// Text in lower case; Latin letters where the script is known.
	Text string
	// Variants are other readings of the same word, at most three: a script that leaves sounds open, an abbreviation.
	Variants []string
}

// maxTokens bounds the work that one name can make.
const maxTokens = 12

// abbreviations that stand in registers for the whole name.
var abbreviations = map[string]string{
	"md": "mohammed", "mohd": "mohammed", "mohmd": "mohammed", "mohamd": "mohammed", "muhd": "mohammed", "mhd": "mohammed",
	"kr": "kumar", "pd": "prasad",
}

// Tokens gives the words of a name in order.
func Tokens(text string) []Token {
	var tokens []Token
	for _, word := range words(norm.NFKC.String(text)) {
		readings := latin(word)
		token := Token{Text: plain(readings[0])}
		if token.Text == "" {
			continue
		}
		for _, reading := range readings[1:] {
			if variant := plain(reading); variant != "" && variant != token.Text {
				token.Variants = append(token.Variants, variant)
			}
		}
		if whole := abbreviations[token.Text]; whole != "" {
			token.Variants = append(token.Variants, whole)
		}
		if tokens = append(tokens, token); len(tokens) == maxTokens {
			break
		}
	}
	return tokens
}

// Normalise gives the words of a name in one spelling, joined by blanks. It leaves its own results as they are.
func Normalise(text string) string {
	var texts []string
	for _, token := range Tokens(text) {
		texts = append(texts, token.Text)
	}
	return strings.Join(texts, " ")
}

// words splits where a name can be split: not at an apostrophe (D'Souza) or at a joiner inside a word.
func words(text string) []string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '\'', '’', '‘', 'ʼ', '`', '´', 0x200C, 0x200D, 0x00AD:
			return -1
		}
		return r
	}, text)
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
}

// foldings are letters that do not decompose into a base letter.
var foldings = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i", "ŋ", "n")

// plain lower-cases and takes accents off; digits of every script become 0 to 9.
func plain(word string) string {
	// Lower-casing can give what decomposes further, and the other way round: twice is enough, and tested.
	for range 2 {
		word = strings.Map(func(r rune) rune {
			switch {
			case unicode.Is(unicode.M, r):
				return -1
			case unicode.Is(unicode.Nd, r):
				return digit(r)
			case !unicode.In(r, unicode.L, unicode.N):
				return -1
			}
			return unicode.ToLower(r)
		}, norm.NFKD.String(word))
		word = foldings.Replace(word)
	}
	return norm.NFC.String(word)
}

// digit gives the ASCII digit of any decimal digit. Unicode keeps each script's ten together, zero first.
func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	for _, zero := range unicode.Nd.R16 {
		if rune(zero.Lo) <= r && r <= rune(zero.Hi) {
			return '0' + (r-rune(zero.Lo))%10
		}
	}
	for _, zero := range unicode.Nd.R32 {
		if rune(zero.Lo) <= r && r <= rune(zero.Hi) {
			return '0' + (r-rune(zero.Lo))%10
		}
	}
	return r
}

// ASCIIDigits writes the decimal digits of every script as 0 to 9 and leaves the rest.
func ASCIIDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Nd, r) {
			return digit(r)
		}
		return r
	}, text)
}

// Digits gives the decimal digits of a text, of whatever script, as ASCII.
func Digits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Nd, r) {
			return digit(r)
		}
		return -1
	}, text)
}
