package repertory

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// bookOf makes a book of lines such as "MIND|FEAR, death, of".
func bookOf(lines ...string) *book {
	b := &book{edition: uuid.New(), firsts: []int32{0}}
	for _, line := range lines {
		chapter, path, _ := strings.Cut(line, "|")
		at := slices.Index(b.chapters, chapter)
		if at < 0 {
			at, b.chapters = len(b.chapters), append(b.chapters, chapter)
		}
		b.rubrics = append(b.rubrics, rubric{id: uuid.New(), chapter: int32(at), path: path})
		b.firsts = append(b.firsts, 0)
	}
	b.index()
	return b
}

func (b *book) found(question, chapter string) []string {
	paths := []string{}
	for _, r := range b.search(question, chapter) {
		paths = append(paths, b.rubrics[r.place()].path)
	}
	return paths
}

func TestRubricsAreFoundWhileOneTypes(t *testing.T) {
	t.Parallel()
	b := bookOf("MIND|ANXIETY", "MIND|ANXIETY, night, fear, with", "MIND|FEAR", "MIND|FEAR, death, of", "MIND|FEAR, night", "MIND|FEARLESS",
		"HEAD|PAIN, night", "HEAD|PAIN, fear, from", "FEVER|NIGHT", "STOOL|GREEN, déjà vu")
	for _, c := range []struct {
		question, chapter string
		want              []string
	}{
		{"fear", "", []string{"FEAR", "FEAR, night", "FEAR, death, of", "FEARLESS", "PAIN, fear, from", "ANXIETY, night, fear, with"}},
		{"fea ni", "", []string{"FEAR, night", "ANXIETY, night, fear, with"}},
		{"fear n", "", []string{"FEAR, night", "ANXIETY, night, fear, with"}},
		{"night fear", "", []string{"FEAR, night", "ANXIETY, night, fear, with"}},
		{"head fear", "", []string{"PAIN, fear, from"}},
		{"fear", "head", []string{"PAIN, fear, from"}},
		{"", "HEAD", []string{"PAIN, night", "PAIN, fear, from"}},
		{"fever", "", []string{"NIGHT"}},
		{"DEJA", "", []string{"GREEN, déjà vu"}},
		{"déjà v", "stool", []string{"GREEN, déjà vu"}},
		{"earless", "", []string{}},
		{"fear", "NOSE", []string{}},
		{"fear zebra", "", []string{}},
		{"  ;- ", "", []string{}},
	} {
		if got := b.found(c.question, c.chapter); !slices.Equal(got, c.want) {
			t.Errorf("%q in %q: got  %q\nwant %q", c.question, c.chapter, got, c.want)
		}
	}
	if got := b.found("", ""); len(got) != 10 || got[0] != "ANXIETY" || got[9] != "GREEN, déjà vu" {
		t.Errorf("the whole book is %q", got)
	}
}

// Whatever is typed, the index finds what going through all rubrics finds.
func TestTheIndexFindsWhatReadingFinds(t *testing.T) {
	t.Parallel()
	words := []string{"pain", "pains", "painful", "night", "nightly", "fear", "a", "an", "and"}
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(0, 130).Draw(t, "rubrics") {
			chapter := rapid.SampledFrom([]string{"MIND", "HEAD", "NIGHT PAIN"}).Draw(t, "chapter")
			lines = append(lines, chapter+"|"+strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(t, "path"), ", "))
		}
		b := bookOf(lines...)
		question := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[painfde]{1,5}`), 0, 3).Draw(t, "question"), " ")
		var want []int32
		for place, line := range lines {
			all := true
			for _, typed := range strings.Fields(question) {
				all = all && slices.ContainsFunc(wordsOf(line), func(word string) bool { return strings.HasPrefix(word, typed) })
			}
			if all {
				want = append(want, int32(place))
			}
		}
		ranks := b.search(question, "")
		if !slices.IsSorted(ranks) {
			t.Fatalf("%q is not in order", question)
		}
		var got []int32
		for _, r := range ranks {
			got = append(got, r.place())
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%q of %q: got %v, want %v", question, lines, got, want)
		}
	})
}

func TestTheShelfKeepsWhoAskedLast(t *testing.T) {
	t.Parallel()
	s, first := newShelf(), uuid.New()
	s.slot(first)
	for range 3 * mostBooks {
		s.slot(uuid.New())
		s.slot(first)
	}
	if _, kept := s.slots[first]; !kept || len(s.slots) != mostBooks {
		t.Errorf("%d are kept, the one in use %t", len(s.slots), kept)
	}
}
