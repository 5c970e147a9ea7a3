package names_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/patients/internal/names"
)

func TestDisplay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  Ravi \t Kumar\u00a0": "Ravi Kumar",
		"Jose\u0301":            "José",
		"லட்சுமி":               "லட்சுமி",
		"Ō":                     "Ō",
	} {
		if got, err := names.Display(in); err != nil || got != want {
			t.Errorf("Display(%q) = %q, %v", in, got, err)
		}
	}
}

func TestDisplayRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]error{
		"": names.ErrEmpty, " \t": names.ErrEmpty, "...": names.ErrEmpty, "a\x07b": names.ErrUnclean, "a\u202eb": names.ErrUnclean,
		strings.Repeat("a", 256): names.ErrTooLong,
	} {
		if _, err := names.Display(in); err != want { //nolint:errorlint // the very value
			t.Errorf("Display(%q): %v", in, err)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"D'Souza, Ana-María": "dsouza ana maria",
		"R.K. Narayan":       "r k narayan",
		"लक्ष्मी":            "lakshmii",
		"राम कुमार":          "raam kumaar",
		"जगदीश":              "jagdiish",
		"முருகன்":            "murugan",
		"செல்வி":             "selvi",
		"లక్ష్మి":            "lakshmi",
		"ಶ್ರೀನಿವಾಸ":          "shriinivaasa",
		"മോഹൻ":               "mohan",
		"ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ":      "gurapriit singh",
		"অমিত":               "amit",
		"محمد":               "mhmd",
		"Straße":             "strasse",
		"Дмитрий":            "дмитрии",
		"王 小明":               "王 小明",
		"फ़ातिमा":            "faatimaa",
		"९८७":                "987",
		"\u0301":             "",
		"Ｆｕｌｌ ｗｉｄｔｈ":         "full width",
	} {
		if got := names.Normalise(in); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
}

// Groups of spellings of one name that must sound alike.
func TestSoundsAlike(t *testing.T) {
	t.Parallel()
	for _, group := range []string{
		"Lakshmi Laxmi Lakshmy Laksmi Lakhsmi लक्ष्मी లక్ష్మి",
		"Srinivas Shrinivas Sreenivas Shreenivaas श्रीनिवास ಶ್ರೀನಿವಾಸ",
		"Mohammad Muhammad Mohamad Muhamad",
		"Mohammed Muhammed Mohamed",
		"Geetha Gita Geeta Githa गीता",
		"Siddharth Sidharth Siddhartha सिद्धार्थ",
		"Vishwanath Viswanath Bishwanath विश्वनाथ",
		"Joseph Josef", "Philip Filip", "Zubair Jubair Zubayr", "Kaur Kour कौर", "Gowri Gauri Gouri गौरी",
		"Mukherjee Mukerji", "Jai Jay", "Priya Preeya Pria प्रिया", "Jyoti Jothi ज्योति", "Kanimozhi Kanimoli கனிமொழி",
		"Dnyaneshwar Jnaneshwar Gyaneshwar", "Fatima Fathimah Phatima फ़ातिमा", "Sarah Sara", "Singh Sing सिंह",
		"Krishna Krishn कृष्ण", "Satya Sathya", "Murugan முருகன்", "Akshay Axay अक्षय",
	} {
		words := strings.Fields(group)
		want := names.Sound(names.Tokens(words[0])[0].Text)
		for _, word := range words[1:] {
			if got := names.Sound(names.Tokens(word)[0].Text); got != want {
				t.Errorf("%s sounds %q, %s %q", words[0], want, word, got)
			}
		}
	}
}

func TestSoundsDifferent(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{"Ramesh Suresh", "Ramesh Rakesh", "Sita Gita", "Sunita Anita", "Ravi Ram", "Rahman Raman", "Mina Amina", "Gopal Kopal"} {
		a, b, _ := strings.Cut(pair, " ")
		if names.Sound(strings.ToLower(a)) == names.Sound(strings.ToLower(b)) {
			t.Errorf("%s and %s sound alike", a, b)
		}
	}
}

func TestShapesAlike(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{"vijay bijoy", "mohammed muhammad", "vadivel vativel", "kandan kanthan", "luxmi lakshmi", "aishwarya ashwarya"} {
		a, b, _ := strings.Cut(pair, " ")
		if x, y := names.Shape(names.Sound(a)), names.Shape(names.Sound(b)); x != y {
			t.Errorf("%s is %q, %s is %q", a, x, b, y)
		}
	}
}

func TestMeant(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{"nari nair", "borwn brown", "ahsa asha", "tn tan", "piya priya", "dais davis", "khna khan", "yh yahya"} {
		written, meant, _ := strings.Cut(pair, " ")
		if got := slices.Contains(names.Meant(written), names.Sound(meant)); got != (meant != "yahya") {
			t.Errorf("%s may mean %s: %v", written, meant, got)
		}
	}
}

func TestSimilarity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b        string
		least, most float64
	}{
		{"Ravi Kumar", "kumar ravi", 1, 1},
		{"Laxmi Devi", "Lakshmi Devi", 0.9, 0.95},
		{"Ravi", "Ravi Kumar", 0.6, 0.7},
		{"Ravi Kumar", "R Kumar", 0.7, 0.8},
		{"Ramkumar", "Ram Kumar", 0.85, 0.85},
		{"Suresh Gupta", "Ramesh Gupta", 0.3, 0.45},
		{"Suresh Gupta", "Anil Sharma", 0, 0},
		{"Deepak", "Deepka", 0.6, 0.6},
		{"", "Ravi", 0, 0},
	} {
		for _, got := range []float64{names.Similarity(c.a, c.b), names.Similarity(c.b, c.a)} {
			if got < c.least || got > c.most {
				t.Errorf("%q and %q are %v alike", c.a, c.b, got)
			}
		}
	}
}

func TestNormaliseLeavesItsResult(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[\x{0900}-\x{0D7F}\x{0600}-\x{06FF} ]{0,20}`), rapid.StringMatching(`[\x{00C0}-\x{024F}\x{1E00}-\x{1EFF}\x{2100}-\x{214F}]{0,12}`)).Draw(t, "text")
		once := names.Normalise(text)
		if twice := names.Normalise(once); twice != once {
			t.Fatalf("%q became %q, then %q", text, once, twice)
		}
	})
}

func FuzzTokens(f *testing.F) {
	for _, seed := range []string{"Ravi Kumar", "லட்சுமி", "क्", "\u200d", "ﷺ", "a\xff", "İI", "ਸ਼੍ਰੀ", "ৎ", "ൽ", "99/3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, token := range names.Tokens(text) {
			if token.Text == "" || !utf8.ValidString(token.Text) || len(token.Variants) > 3 {
				t.Fatalf("token %+v of %q", token, text)
			}
			sound := names.Sound(token.Text)
			if sound == "" || !utf8.ValidString(sound) {
				t.Fatalf("%q sounds %q", token.Text, sound)
			}
			shape := names.Shape(sound)
			names.Skeleton(shape)
			if n := len(names.Omissions(shape)) + len(names.Swaps(shape)) + len(names.Grams(sound)); n > 60 {
				t.Fatalf("%d forms of %q", n, shape)
			}
			if n := len(names.Meant(token.Text)); n > 250 {
				t.Fatalf("%q may mean %d words", token.Text, n)
			}
		}
		if clean, err := names.Display(text); err == nil {
			if again, err := names.Display(clean); err != nil || again != clean {
				t.Fatalf("%q is shown as %q, then %q, %v", text, clean, again, err)
			}
		}
	})
}
