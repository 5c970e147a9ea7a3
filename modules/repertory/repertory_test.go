package repertory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/repertory"
	"hmsoftware.com/hm/modules/repertory/repertoryapi"
	"hmsoftware.com/hm/modules/tenants/tenantstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func newModule() *repertory.Module { return repertory.New(repertory.Deps{Bus: events.NewBus()}) }

const small = "#remedy\tars\tArsenicum album\n" +
	"MIND\tFEAR, death, of\tacon:3 ars:3\nMIND\tRESTLESSNESS\tacon:3 ars:2 sulph:1\nSTOMACH\tTHIRST, small quantities\tars:3 bry:1\nSTOMACH\tANXIETY\t\n"

func load(ctx context.Context, t testing.TB, tx db.Tx, m *repertory.Module, text string) repertoryapi.Imported {
	t.Helper()
	made, err := m.Import(ctx, tx, strings.NewReader(text), "/home/x/small.tsv", func(string, int) {})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func inTenant(t *testing.T, fn func(ctx context.Context, tx db.Tx, m *repertory.Module)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		tenantstest.Tenant(ctx, t, tx)
		fn(ctx, tx, newModule())
	})
}

func find(ctx context.Context, t testing.TB, tx db.DBTX, m *repertory.Module, question string) []repertory.Rubric {
	t.Helper()
	page, err := m.Rubrics(ctx, tx, repertory.RubricsInput{PageParams: httpx.PageParams{Limit: 200}, Query: question})
	if err != nil {
		t.Fatal(err)
	}
	return page.Results
}

func wantCode(t testing.TB, err error, code string) *errs.Error {
	t.Helper()
	e := errs.Of(err)
	if e == nil || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	return e
}

func TestWhatIsImportedIsFound(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *repertory.Module) {
		made := load(ctx, t, tx, m, small)
		if made.Rubrics != 4 || made.Remedies != 4 || made.Gradings != 7 {
			t.Errorf("imported %+v", made)
		}
		shown, err := m.Edition(ctx, tx, struct{}{})
		if err != nil || shown.Current.ID != made.EditionID || shown.Current.Source != "small.tsv" || shown.Current.Gradings != 7 ||
			!slices.Equal(shown.Chapters, []repertory.Chapter{{Chapter: "MIND", Rubrics: 2}, {Chapter: "STOMACH", Rubrics: 2}}) {
			t.Errorf("the edition is %+v, %v", shown, err)
		}
		found := find(ctx, t, tx, m, "fe dea")
		if len(found) != 1 || found[0].Path != "FEAR, death, of" || found[0].Chapter != "MIND" || found[0].Count != 2 {
			t.Fatalf("found %+v", found)
		}
		whole, err := m.Rubric(ctx, tx, repertory.ByID{ID: found[0].ID})
		want := []repertory.GradedRemedy{{Abbreviation: "acon", Remedy: "Aconitum napellus", Grade: 3}, {Abbreviation: "ars", Remedy: "Arsenicum album", Grade: 3}}
		if err != nil || !slices.Equal(whole.Remedies, want) {
			t.Errorf("it has %+v, %v", whole.Remedies, err)
		}
		_, err = m.Rubric(ctx, tx, repertory.ByID{ID: uuid.New()})
		wantCode(t, err, "repertory.rubric_not_found")
	})
}

func TestPagesGiveEachRubricOnce(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *repertory.Module) {
		if _, err := m.ImportSample(ctx, tx); err != nil {
			t.Fatal(err)
		}
		for _, question := range []string{"", "pain", "aft"} {
			all := find(ctx, t, tx, m, question)
			in := repertory.RubricsInput{PageParams: httpx.PageParams{Limit: 7, Count: true}, Query: question}
			var paged []repertory.Rubric
			for {
				page, err := m.Rubrics(ctx, tx, in)
				if err != nil || int(*page.Count) != len(all) {
					t.Fatalf("%+v, %v", page, err)
				}
				paged = append(paged, page.Results...)
				if page.Next == nil {
					break
				}
				in.Cursor = *page.Next
			}
			if !slices.EqualFunc(paged, all, func(a, b repertory.Rubric) bool { return a.ID == b.ID }) || len(all) < 3 {
				t.Errorf("%q: %d in pages, %d at once", question, len(paged), len(all))
			}
		}
	})
}

func TestATenantWithoutARepertoryFindsNothing(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *repertory.Module) {
		if found := find(ctx, t, tx, m, "fear"); len(found) != 0 {
			t.Errorf("found %+v", found)
		}
		shown, err := m.Edition(ctx, tx, struct{}{})
		if err != nil || shown.Current != nil || shown.Chapters == nil {
			t.Errorf("the edition is %+v, %v", shown, err)
		}
		_, err = m.Rubric(ctx, tx, repertory.ByID{ID: uuid.New()})
		wantCode(t, err, "repertory.rubric_not_found")
		_, err = m.Analyse(ctx, tx, caseOf(uuid.New()))
		wantCode(t, err, "repertory.rubric_not_found")
	})
}

func TestAnotherImportReplacesAllAndKeepsIds(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *repertory.Module) {
		load(ctx, t, tx, m, small)
		before := find(ctx, t, tx, m, "")
		made := load(ctx, t, tx, m, "MIND\tANGER\tcham:3\nMIND\tFEAR, death, of\tacon:1\n")
		after := find(ctx, t, tx, m, "")
		if len(before) != 4 || len(after) != 2 || after[0].Path != "ANGER" || after[1].ID != before[0].ID || made.Remedies != 2 {
			t.Errorf("before %+v, after %+v", before, after)
		}
		var rows int
		err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM repertory.rubric) + (SELECT count(*) FROM repertory.remedy) + (SELECT count(*) FROM repertory.grading) + (SELECT count(*) FROM repertory.edition)`).Scan(&rows)
		if err != nil || rows != 2+2+2+1 {
			t.Errorf("%d rows are left, %v", rows, err)
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		var told int
		err = tx.QueryRow(ctx, `SELECT count(*) FROM events.event WHERE name = 'repertory.imported.v1' AND facility_id IS NULL`).Scan(&told)
		if err != nil || told != 2 {
			t.Errorf("told %d times, %v", told, err)
		}
	})
}

func TestAFileWithFaultsChangesNothing(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *repertory.Module) {
		load(ctx, t, tx, m, small)
		_, err := m.Import(ctx, tx, strings.NewReader("MIND\tANGER\tcham:3\nMIND\tFEAR\tacon:7\n"), "bad.tsv", func(string, int) {})
		var faults *repertory.FileFaults
		if !errors.As(err, &faults) || len(faults.Faults) != 1 {
			t.Errorf("got %v", err)
		}
		if found := find(ctx, t, tx, m, ""); len(found) != 4 {
			t.Errorf("left %+v", found)
		}
	})
}

// caseOf is a case of rubrics that count once each.
func caseOf(ids ...uuid.UUID) repertory.AnalyseInput {
	var in repertory.AnalyseInput
	for _, id := range ids {
		in.Body.Rubrics = append(in.Body.Rubrics, repertory.CaseRubric{RubricID: id})
	}
	return in
}

func TestACaseIsWeighed(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *repertory.Module) {
		load(ctx, t, tx, m, small)
		rubrics := find(ctx, t, tx, m, "")
		in := caseOf(rubrics[2].ID, rubrics[0].ID, rubrics[1].ID)
		in.Body.Rubrics[1].Eliminate, in.Body.Rubrics[0].Weight = true, 2
		got, err := m.Analyse(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, r := range got.Remedies {
			lines = append(lines, fmt.Sprintf("%s %g %d %v", r.Abbreviation, r.Total, r.Coverage, r.Grades))
		}
		// ars 2x3+3+2, acon 3+3; bry 2x1 and sulph 1 are not in the fear of death.
		if !slices.Equal(lines, []string{"ars 11 3 [3 3 2]", "acon 6 2 [0 3 3]"}) || got.Method != "total" {
			t.Errorf("weighed %q", lines)
		}
		if len(got.Excluded) != 2 || got.Excluded[0].Abbreviation != "bry" || !slices.Equal(got.Excluded[1].Lacks, []uuid.UUID{rubrics[0].ID}) {
			t.Errorf("excluded %+v", got.Excluded)
		}
		if len(got.Rubrics) != 3 || got.Rubrics[0].Path != "THIRST, small quantities" || got.Rubrics[0].Weight != 2 || got.Rubrics[2].Weight != 1 || !got.Rubrics[1].Eliminate {
			t.Errorf("of %+v", got.Rubrics)
		}
		in.Body.Most = 1
		if got, err = m.Analyse(ctx, tx, in); err != nil || len(got.Remedies) != 1 || len(got.Excluded) != 1 {
			t.Errorf("at most one: %+v, %v", got, err)
		}
	})
}

func TestACaseOfUnknownOrRepeatedRubricsIsRefused(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *repertory.Module) {
		load(ctx, t, tx, m, small)
		rubrics := find(ctx, t, tx, m, "")
		_, err := m.Analyse(ctx, tx, caseOf(rubrics[0].ID, uuid.New()))
		if e := wantCode(t, err, "repertory.rubric_not_found"); len(e.Fields) != 1 || e.Fields[0].Location != "body.rubrics[1].rubric_id" {
			t.Errorf("at %+v", e.Fields)
		}
		_, err = m.Analyse(ctx, tx, caseOf(rubrics[0].ID, rubrics[1].ID, rubrics[0].ID))
		if e := wantCode(t, err, "repertory.invalid"); len(e.Fields) != 1 || e.Fields[0].Location != "body.rubrics[2].rubric_id" {
			t.Errorf("at %+v", e.Fields)
		}
	})
}

// Two tenants with the same book on one server: neither sees the other's, and each sees its newest edition at once,
// whoever imported it.
func TestTenantsHaveBooksOfTheirOwn(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	serving, importing := newModule(), newModule()
	var scopes [2]context.Context
	for i, text := range []string{small, "MIND\tFEAR, death, of\tpuls:1\n"} {
		ctx := db.WithScope(context.Background(), testkit.NewScope())
		scopes[i] = ctx
		imported(ctx, t, d, importing, text)
	}
	a, b := find(scopes[0], t, d.Pool.Read(scopes[0]), serving, "death"), find(scopes[1], t, d.Pool.Read(scopes[1]), serving, "death")
	if len(a) != 1 || len(b) != 1 || a[0].ID == b[0].ID || a[0].Count != 2 || b[0].Count != 1 {
		t.Errorf("found %+v and %+v", a, b)
	}
	_, err := serving.Rubric(scopes[1], d.Pool.Read(scopes[1]), repertory.ByID{ID: a[0].ID})
	wantCode(t, err, "repertory.rubric_not_found")
	imported(scopes[1], t, d, importing, "MIND\tFEAR, death, of\tpuls:1 ars:2 bell:1\n")
	if b = find(scopes[1], t, d.Pool.Read(scopes[1]), serving, "death"); len(b) != 1 || b[0].Count != 3 {
		t.Errorf("after another import it found %+v", b)
	}
}

func imported(ctx context.Context, t testing.TB, d *testkit.Database, m *repertory.Module, text string) {
	t.Helper()
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		tenantstest.Tenant(ctx, t, tx)
		_, err := m.Import(ctx, tx, strings.NewReader(text), "x.tsv", func(string, int) {})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Everybody reads while the book is replaced again and again: each answer is of one edition as a whole.
func TestReadersSeeWholeEditions(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	serving, importing := newModule(), newModule()
	ctx := db.WithScope(context.Background(), testkit.NewScope())
	edition := func(n int) string {
		var text strings.Builder
		for i := range 20 + n {
			fmt.Fprintf(&text, "MIND\tFEAR %d\tacon:%d ars:%d\n", i, n%3+1, n%3+1)
		}
		return text.String()
	}
	imported(ctx, t, d, importing, edition(0))
	var reading sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		reading.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				err := d.Pool.InTx(ctx, func(tx db.Tx) error {
					page, err := serving.Rubrics(ctx, tx, repertory.RubricsInput{PageParams: httpx.PageParams{Limit: 200}, Query: "fear"})
					if err != nil {
						return err
					}
					for i, r := range page.Results {
						if r.Path != fmt.Sprintf("FEAR %d", i) || r.Count != 2 {
							t.Errorf("rubric %d of %d is %+v", i, len(page.Results), r)
						}
					}
					whole, err := serving.Analyse(ctx, tx, caseOf(page.Results[0].ID))
					if err == nil && (len(whole.Remedies) != 2 || whole.Remedies[0].Total != whole.Remedies[1].Total) {
						t.Errorf("weighed %+v", whole.Remedies)
					}
					return err
				})
				if e := errs.Of(err); err != nil && (e == nil || e.Code != "repertory.being_replaced") {
					t.Error(err)
					return
				}
			}
		})
	}
	for n := 1; n <= 20; n++ {
		imported(ctx, t, d, importing, edition(n))
	}
	close(done)
	reading.Wait()
	if got := find(ctx, t, d.Pool.Read(ctx), serving, "fear"); len(got) != 40 {
		t.Errorf("at the end there are %d", len(got))
	}
}
