package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The nine scripts of India that Unicode lays out alike: the same sound stands at the same place of each block of
// 128, so one table serves them all.
const (
	devanagari = 0x0900
	bengali    = 0x0980
	gurmukhi   = 0x0A00
	gujarati   = 0x0A80
	tamil      = 0x0B80
	malayalam  = 0x0D00
	lastIndic  = 0x0D7F
)

// Places within a block.
const (
	visarga      = 0x03
	firstLetter  = 0x15 // ka
	lastLetter   = 0x39 // ha
	nukta        = 0x3C
	virama       = 0x4D
	khandaTa     = 0x4E
	firstDigit   = 0x66
	tippi        = 0x70
	firstChillu  = 0x7A
	bengaliWa    = 0x71
	bengaliRa    = 0x70
	blockOffsets = 0x7F
)

var independentVowels = map[int]string{
	0x05: "a", 0x06: "aa", 0x07: "i", 0x08: "ii", 0x09: "u", 0x0A: "uu", 0x0B: "ri", 0x0C: "li", 0x0D: "e", 0x0E: "e",
	0x0F: "e", 0x10: "ai", 0x11: "o", 0x12: "o", 0x13: "o", 0x14: "au", 0x50: "om", 0x60: "ri", 0x61: "li",
}

var vowelSigns = map[int]string{
	0x3E: "aa", 0x3F: "i", 0x40: "ii", 0x41: "u", 0x42: "uu", 0x43: "ri", 0x44: "ri", 0x45: "e", 0x46: "e", 0x47: "e",
	0x48: "ai", 0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "au", 0x4F: "au", 0x57: "au", 0x62: "li", 0x63: "li",
}

// consonants from ka to ha, in the order of the blocks.
var consonants = [...]string{
	"k", "kh", "g", "gh", "n", "ch", "chh", "j", "jh", "n", "t", "th", "d", "dh", "n", "t", "th", "d", "dh", "n", "n",
	"p", "ph", "b", "bh", "m", "y", "r", "r", "l", "l", "zh", "v", "sh", "sh", "s", "h",
}

// withNukta are letters that a dot below turns into another.
var withNukta = map[string]string{"j": "z", "ph": "f", "d": "r", "dh": "rh", "s": "sh", "k": "q"}

var chillus = [...]string{"n", "n", "r", "l", "l", "k"}

// segment is one sound of an Indic word.
type segment struct {
	text     string
	vowel    bool
	inherent bool // the "a" that a consonant carries when nothing else is written
}

// latin gives a word in Latin letters, the likeliest reading first; a word of another script comes back alone.
func latin(word string) []string {
	indic, arabic := false, false
	for _, r := range word {
		indic = indic || r >= devanagari && r <= lastIndic
		arabic = arabic || unicode.Is(unicode.Arabic, r)
	}
	readings := []string{word}
	if indic {
		readings = fromIndic([]rune(word))
	}
	if arabic {
		for i := range readings {
			readings[i] = fromArabic(readings[i])
		}
	}
	return readings
}

func fromIndic(word []rune) []string {
	var segments []segment
	block := 0
	for i := 0; i < len(word); i++ {
		r := int(word[i])
		if r < devanagari || r > lastIndic {
			segments = append(segments, segment{text: string(word[i])})
			continue
		}
		block = r &^ blockOffsets
		at := r & blockOffsets
		if letter, ok := consonant(block, at); ok {
			if block == tamil {
				letter = tamilLetter(word, i, letter)
			}
			if i+1 < len(word) && int(word[i+1])&blockOffsets == nukta && int(word[i+1])&^blockOffsets == block {
				if other, ok := withNukta[letter]; ok {
					letter = other
				}
				if block == bengali && at == 0x2F {
					letter = "y"
				}
				i++
			}
			segments = append(segments, segment{text: letter})
			if at >= firstChillu || block == bengali && at == khandaTa {
				continue
			}
			next := -1
			if i+1 < len(word) && int(word[i+1])&^blockOffsets == block {
				next = int(word[i+1]) & blockOffsets
			}
			if next == virama {
				i++
			} else if _, signed := vowelSigns[next]; !signed {
				segments = append(segments, segment{text: "a", vowel: true, inherent: true})
			}
			continue
		}
		switch {
		case independentVowels[at] != "":
			segments = append(segments, segment{text: independentVowels[at], vowel: true})
		case vowelSigns[at] != "":
			segments = append(segments, segment{text: vowelSigns[at], vowel: true})
		case at <= 0x02 || block == gurmukhi && at == tippi:
			nasal := "n"
			if i+1 < len(word) && int(word[i+1])&blockOffsets == lastLetter {
				nasal = "ng" // सिंह is Singh
			}
			segments = append(segments, segment{text: nasal})
		case at == visarga && block != tamil:
			segments = append(segments, segment{text: "h"})
		case at >= firstDigit && at < firstDigit+10:
			segments = append(segments, segment{text: string(rune('0' + at - firstDigit))})
		}
	}
	switch block {
	case devanagari, gujarati, gurmukhi, bengali:
		segments = withoutFinalSchwa(segments)
		spoken, written := joined(withoutInnerSchwas(segments)), joined(segments)
		if spoken == written {
			return []string{spoken}
		}
		return []string{spoken, written}
	case tamil:
		return tamilReadings(joined(segments))
	}
	return []string{joined(segments)}
}

func consonant(block, at int) (string, bool) {
	switch {
	case block == bengali && at == 0x2F:
		return "j", true
	case block == bengali && at == khandaTa:
		return "t", true
	case block == bengali && at == bengaliRa:
		return "r", true
	case block == bengali && at == bengaliWa:
		return "v", true
	case block == malayalam && at >= firstChillu && at-firstChillu < len(chillus):
		return chillus[at-firstChillu], true
	case at >= firstLetter && at <= lastLetter:
		return consonants[at-firstLetter], true
	}
	return "", false
}

func joined(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.text)
	}
	return b.String()
}

// withoutFinalSchwa: the languages of the north do not speak a final inherent vowel: राम is Ram.
func withoutFinalSchwa(s []segment) []segment {
	if len(s) > 2 && s[len(s)-1].inherent {
		return s[:len(s)-1]
	}
	return s
}

// withoutInnerSchwas drops an inherent vowel between single consonants that have vowels around them, from the
// end backwards: जगदीश is Jagdish.
func withoutInnerSchwas(s []segment) []segment {
	s = append([]segment(nil), s...)
	for i := len(s) - 3; i >= 2; i-- {
		if s[i].inherent && !s[i-1].vowel && s[i-2].vowel && !s[i+1].vowel && s[i+2].vowel {
			s = append(s[:i], s[i+1:]...)
		}
	}
	return s
}

// tamilLetter hears what Tamil does not write: a stop is voiced between vowels and after a nasal, and ச is s
// unless it is doubled.
func tamilLetter(word []rune, i int, letter string) string {
	var before, beforeThat int
	if i > 0 {
		before = int(word[i-1]) & blockOffsets
	}
	if i > 1 {
		beforeThat = int(word[i-2]) & blockOffsets
	}
	doubled := i+2 < len(word) && int(word[i+1])&blockOffsets == virama && word[i+2] == word[i]
	closed := before == virama // a consonant cluster: its first letter is beforeThat
	nasal := closed && (beforeThat == 0x19 || beforeThat == 0x1E || beforeThat == 0x23 || beforeThat == 0x28 || beforeThat == 0x29 || beforeThat == 0x2E)
	between := i > 0 && !closed && !doubled
	retroflex := i+2 < len(word) && word[i] == tamil+0x1F && int(word[i+1])&blockOffsets == virama
	if retroflex && word[i+2] == tamil+0x1A {
		return "k" // with the s after it the ksh of லட்சுமி, Lakshmi
	}
	switch letter {
	case "k":
		if nasal || between {
			return "g"
		}
	case "ch":
		switch {
		case nasal:
			return "j"
		case i == 0 || between || closed && beforeThat == 0x1F:
			return "s"
		}
	case "t":
		if nasal || between && word[i] == tamil+0x1F {
			return "d"
		}
	case "p":
		if before == visarga {
			return "f"
		}
		if nasal || between {
			return "b"
		}
	}
	return letter
}

// tamilReadings adds the reading with the first stop voiced, since Tamil writes Ganesan and Kanesan alike.
func tamilReadings(text string) []string {
	for _, pair := range [...][2]string{{"k", "g"}, {"p", "b"}, {"t", "d"}, {"s", "ch"}} {
		if rest, ok := strings.CutPrefix(text, pair[0]); ok && !strings.HasPrefix(rest, "h") {
			return []string{text, pair[1] + rest}
		}
	}
	return []string{text}
}

// arabicLetters of Urdu, Persian and Arabic. Short vowels are not written, so Shape and Skeleton do the finding.
var arabicLetters = map[rune]string{
	'ا': "a", 'ب': "b", 'پ': "p", 'ت': "t", 'ٹ': "t", 'ث': "s", 'ج': "j", 'چ': "ch", 'ح': "h", 'خ': "kh",
	'د': "d", 'ڈ': "d", 'ذ': "z", 'ر': "r", 'ڑ': "r", 'ز': "z", 'ژ': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "z", 'ط': "t", 'ظ': "z",
	'ع': "a", 'غ': "g", 'ف': "f", 'ق': "q", 'ک': "k", 'ك': "k", 'گ': "g", 'ل': "l", 'م': "m", 'ن': "n", 'ں': "n", 'و': "u",
	'ہ': "h", 'ه': "h", 'ة': "a", 'ھ': "h", 'ی': "i", 'ي': "i", 'ى': "a", 'ے': "e",
}

func fromArabic(word string) string {
	var b strings.Builder
	for i, r := range norm.NFD.String(word) {
		switch letter := arabicLetters[r]; {
		case unicode.Is(unicode.M, r):
		case i == 0 && r == 'و':
			b.WriteString("v")
		case i == 0 && (r == 'ی' || r == 'ي'):
			b.WriteString("y")
		case letter != "":
			b.WriteString(letter)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
