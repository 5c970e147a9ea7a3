package names

import (
	"slices"
	"strings"
)

// spellings are sounds that more than one letter writes, longest first. The right side is in Sound's own letters:
// c for ch, v for v, w and b, j for j and z, i for i, e and y, u for u and o.
var spellings = []struct{ written, sound string }{
	{"chh", "c"}, {"tch", "c"}, {"sch", "s"}, {"ksh", "ks"}, {"dny", "gi"}, {"jny", "gi"},
	{"ch", "c"}, {"sh", "s"}, {"ph", "f"}, {"zh", "l"}, {"ck", "k"}, {"qu", "k"}, {"jn", "gi"}, {"jy", "j"}, {"wh", "v"},
	{"aa", "a"}, {"ee", "i"}, {"ii", "i"}, {"ea", "i"}, {"ie", "i"}, {"oo", "u"}, {"uu", "u"},
}

// diphthongs sound so unless a vowel follows: Jai and Jay, but Ma-ya.
var diphthongs = map[string]string{
	"ai": "i", "ay": "i", "ei": "i", "ey": "i", "au": "u", "ou": "u", "aw": "u", "ow": "u", "oi": "ui", "oy": "ui", "uy": "ui",
}

var letters = map[byte]string{'b': "v", 'w': "v", 'z': "j", 'q': "k", 'x': "ks", 'e': "i", 'y': "i", 'o': "u"}

func vowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }

// Sound gives a token as it is heard. Tokens that sound alike get the same.
func Sound(token string) string {
	var b strings.Builder
	token = single(token)
	for i := 0; i < len(token); {
		sound, width := heard(token, i)
		b.WriteString(sound)
		i += width
	}
	sound := single(b.String())
	if last := len(sound) - 1; last > 1 && sound[last] == 'h' {
		sound = sound[:last]
	}
	if last := len(sound) - 1; last > 1 && sound[last] == 'a' {
		sound = sound[:last]
	}
	return sound
}

// heard gives the sound that begins at token[i], and how many bytes write it.
func heard(token string, i int) (sound string, width int) {
	rest := token[i:]
	c := rest[0]
	first := i == 0
	for _, s := range spellings {
		if strings.HasPrefix(rest, s.written) {
			return s.sound, len(s.written)
		}
	}
	if len(rest) >= 2 {
		if s, ok := diphthongs[rest[:2]]; ok && (len(rest) == 2 || !vowel(rest[2])) {
			return s, 2
		}
	}
	next := byte(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	switch {
	case c == 'h' && !first && strings.IndexByte("bcdgjklnpqrstvwxz", token[i-1]) >= 0:
		return "", 1 // the breath of bh, dh, th, kh ...
	case c == 'c' && next != 0 && strings.IndexByte("eiy", next) >= 0:
		return "s", 1
	case c == 'c':
		return "k", 1
	case c == 'x' && first:
		return "j", 1
	case c == 'y' && first && next != 0 && vowel(next):
		return "y", 1
	case c == 'n' && (next == 'p' || next == 'b'):
		return "m", 1
	}
	if s, ok := letters[c]; ok {
		return s, 1
	}
	return rest[:1], 1
}

// single writes doubled letters once. Only ASCII is doubled in a way that is not heard.
func single(text string) string {
	b := make([]byte, 0, len(text))
	for i := range len(text) {
		if i > 0 && text[i] == text[i-1] && text[i] < 0x80 && (text[i] < '0' || text[i] > '9') {
			continue
		}
		b = append(b, text[i])
	}
	return string(b)
}

// Shape forgets which vowels a sound has and whether its stops are voiced: Vijay and Bijoy, Kandan and Kanthan.
func Shape(sound string) string {
	shape := strings.Map(func(r rune) rune {
		switch r {
		case 'i', 'u':
			return 'a'
		case 'd':
			return 't'
		case 'g':
			return 'k'
		}
		return r
	}, sound)
	return single(shape)
}

// Skeleton keeps a shape's consonants, and that it begins with a vowel.
func Skeleton(shape string) string {
	if shape == "" {
		return ""
	}
	return single(shape[:1] + strings.ReplaceAll(shape[1:], "a", ""))
}

// maxLetters bounds how much of a very long token slips and grams look at.
const maxLetters = 14

func runesOf(text string) []rune {
	runes := []rune(text)
	return runes[:min(len(runes), maxLetters)]
}

// Omissions gives a text with each one of its letters left out. The first letter of a short text is kept: nobody
// forgets it, and without it Sunita would be Anita.
func Omissions(text string) []string {
	runes := runesOf(text)
	first := 0
	if len(runes) < 6 {
		first = 1
	}
	var all []string
	for i := first; i < len(runes); i++ {
		all = append(all, string(runes[:i])+string(runes[i+1:]))
	}
	return distinct(all)
}

// Swaps gives a text with each two neighbouring letters exchanged.
func Swaps(text string) []string {
	runes := runesOf(text)
	var all []string
	for i := 0; i+1 < len(runes); i++ {
		if runes[i] != runes[i+1] {
			swapped := slices.Clone(runes)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			all = append(all, string(swapped))
		}
	}
	return distinct(all)
}

// forgotten are the letters that may be missing from a word, one for each sound; its vowels stand first.
const forgotten = "aiucdfghjklmnprstv"

// Meant gives the sounds of what a hand may have meant to write where the word's own sound does not tell: with two
// letters exchanged (Nari and Nair), and with a forgotten letter put back where so little is left that its shape has
// no forms of its own (Tn and Tan) or two consonants, now neighbours, are heard as another (Arjn and Arjun).
// No letter is put before the first or behind the last.
func Meant(token string) []string {
	var all []string
	for _, swapped := range Swaps(token) {
		all = append(all, Sound(swapped))
	}
	short := Length(Shape(Sound(token))) < 4
	runes := runesOf(token)
	for i := 1; i < len(runes); i++ {
		letters := forgotten
		if !short {
			if !fused(runes[i-1], runes[i]) {
				continue
			}
			letters = letters[:3]
		}
		for _, letter := range letters {
			all = append(all, Sound(string(runes[:i])+string(letter)+string(runes[i:])))
		}
	}
	return distinct(all)
}

// fused says that two consonants are heard other than each by itself.
func fused(a, b rune) bool {
	return a < 0x80 && b < 0x80 && !vowel(byte(a)) && !vowel(byte(b)) && Sound(string([]rune{a, b})) != Sound(string(a))+Sound(string(b))
}

// Grams gives every three neighbouring letters of a text, its beginning and end marked, in order.
func Grams(text string) []string {
	runes := runesOf(text)
	if len(runes) < 2 {
		return nil
	}
	marked := append(append([]rune{'_'}, runes...), '_')
	var all []string
	for i := 0; i+3 <= len(marked); i++ {
		if gram := string(marked[i : i+3]); !slices.Contains(all, gram) {
			all = append(all, gram)
		}
	}
	return all
}

func distinct(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

// Length in letters.
func Length(text string) int { return len([]rune(text)) }
