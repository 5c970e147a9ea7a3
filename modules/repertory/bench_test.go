package repertory

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/tenants/tenantstest"
)

// printed is a repertory of the size of a printed one, and of its habits: 80,000 rubrics in 36 chapters, some words in
// every third, half a million grades of 600 remedies, a few of them everywhere.
func printed() []byte {
	const rubrics, chapters, remedies = 80_000, 36, 600
	chance := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		n := int(chance.ExpFloat64() * 250)
		if n == 0 {
			return "pain"
		}
		return fmt.Sprintf("%c%c%dx", 'a'+n%26, 'a'+n/26%26, n)
	}
	var file bytes.Buffer
	file.WriteString("id\tchapter\trubric\tremedies\n")
	for i := range rubrics {
		var path []string
		for range 2 + chance.IntN(5) {
			path = append(path, word())
		}
		fmt.Fprintf(&file, "%d\tCHAPTER %c\t%s\t", i, 'A'+i*chapters/rubrics%26, strings.Join(path, ", "))
		for range int(chance.ExpFloat64() * 6.5) {
			fmt.Fprintf(&file, "r%d:%d ", int(chance.ExpFloat64()*80)%remedies, 1+chance.IntN(3))
		}
		file.WriteString("\n")
	}
	return file.Bytes()
}

// served is a server with a repertory of printed size.
func served(b *testing.B) (*Module, *testkit.Database, context.Context) {
	b.Helper()
	d := testkit.NewDatabase(b)
	m, ctx := New(Deps{Bus: events.NewBus()}), db.WithScope(context.Background(), testkit.NewScope())
	file := printed()
	began := time.Now()
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		tenantstest.Tenant(ctx, b, tx)
		made, err := m.Import(ctx, tx, bytes.NewReader(file), "printed.tsv", func(string, int) {})
		b.Logf("imported %d rubrics, %d remedies, %d gradings in %s", made.Rubrics, made.Remedies, made.Gradings, time.Since(began).Round(time.Millisecond))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	began = time.Now()
	if _, err := m.Edition(ctx, d.Pool.Read(ctx), struct{}{}); err != nil {
		b.Fatal(err)
	}
	b.Logf("the first question waited %s for the book", time.Since(began).Round(time.Millisecond))
	return m, d, ctx
}

// BenchmarkSearch types questions letter by letter, from the widest to the narrowest. The goal is 50 ms each.
func BenchmarkSearch(b *testing.B) {
	m, d, ctx := served(b)
	for _, question := range []string{"p", "pain", "pain c", "pain ab c", "chapter a pain", "ab"} {
		b.Run(strings.ReplaceAll(question, " ", "_"), func(b *testing.B) {
			in := RubricsInput{PageParams: httpx.PageParams{Limit: 50, Count: true}, Query: question}
			for b.Loop() {
				if _, err := m.Rubrics(ctx, d.Pool.Read(ctx), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAnalyse weighs 30 rubrics, of the fullest. The goal is 20 ms.
func BenchmarkAnalyse(b *testing.B) {
	m, d, ctx := served(b)
	book, _, err := m.shelf.of(ctx, d.Pool.Read(ctx), scopeOf(ctx).TenantID)
	if err != nil {
		b.Fatal(err)
	}
	var in AnalyseInput
	for place := int32(0); len(in.Body.Rubrics) < 30; place++ {
		if len(book.gradingsOf(place)) >= 15 {
			in.Body.Rubrics = append(in.Body.Rubrics, CaseRubric{RubricID: book.rubrics[place].id, Weight: int(place%4) + 1})
		}
	}
	for _, method := range []string{methodTotal, methodCoverage, methodSmallRubrics} {
		in.Body.Method = method
		b.Run(method, func(b *testing.B) {
			for b.Loop() {
				err := d.Pool.InTx(ctx, func(tx db.Tx) error {
					_, err := m.Analyse(ctx, tx, in)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func scopeOf(ctx context.Context) db.Scope {
	scope, _ := db.ScopeOf(ctx)
	return scope
}

// TestAnyQuestionIsAnsweredWhileOneTypes holds the goals with room for a slow machine under test.
func TestAnyQuestionIsAnsweredWhileOneTypes(t *testing.T) {
	t.Parallel()
	read, err := parse(bytes.NewReader(printed()), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	b := &book{chapters: []string{}, firsts: []int32{0}}
	chapters := map[string]int32{}
	for _, r := range read.rubrics {
		if _, known := chapters[r.chapter]; !known {
			chapters[r.chapter] = int32(len(b.chapters))
			b.chapters = append(b.chapters, r.chapter)
		}
		b.rubrics = append(b.rubrics, rubric{id: uuid.New(), chapter: chapters[r.chapter], path: r.path})
	}
	b.index()
	for _, question := range []string{"c", "p", "a b", "pain chapter", "ch pa a b"} {
		fastest := time.Hour
		for range 5 {
			began := time.Now()
			b.search(question, "")
			fastest = min(fastest, time.Since(began))
		}
		if fastest > 50*time.Millisecond {
			t.Errorf("%q took %s", question, fastest)
		}
	}
}
