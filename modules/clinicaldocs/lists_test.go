package clinicaldocs_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
)

// later runs fn in a transaction of its own, a minute after the one before, and commits it.
func later(t testing.TB, d *testkit.Database, scope db.Scope, fn func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	d.Clock.Advance(time.Minute)
	ctx := db.WithScope(t.Context(), scope)
	if err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		fn(ctx, tx)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func ids(documents []clinicaldocs.Document) []uuid.UUID {
	list := make([]uuid.UUID, len(documents))
	for i, d := range documents {
		list[i] = d.ID
	}
	return list
}

func TestLatestIsOnePerTemplateInItsNewestVersion(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var monday, tuesday, letter, mondayAmended clinicaldocs.Document
	latest := func(of clinicaldocs.Of) []uuid.UUID {
		t.Helper()
		ctx := db.WithScope(t.Context(), scope)
		page, err := w.Latest(ctx, d.Pool.Read(ctx), clinicaldocs.LatestInput{Of: of})
		if err != nil {
			t.Fatal(err)
		}
		return ids(page.Results)
	}
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWard(ctx, t, tx)
		monday = w.final(ctx, t, tx, whole())
		letter = must(t)(w.Finalize(ctx, tx, finalize(must(t)(w.Draft(ctx, tx, w.input("letter", object{"text": "Dear"}))).ID)))
	})
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { tuesday = w.final(ctx, t, tx, whole()) })
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		mondayAmended = must(t)(w.Amend(ctx, tx, patch(monday.ID, object{"vata": 1.0})))
	})
	for name, of := range map[string]clinicaldocs.Of{"encounter": {EncounterID: w.encounter}, "patient": {PatientID: w.patient}} {
		if got, want := latest(of), []uuid.UUID{letter.ID, tuesday.ID}; !slices.Equal(got, want) {
			t.Errorf("of the %s: got %v, want letter and Tuesday's note; Monday's amendment is %v", name, got, mondayAmended.ID)
		}
		of.TemplateCode = "score"
		if got := latest(of); !slices.Equal(got, []uuid.UUID{tuesday.ID}) {
			t.Errorf("of the %s and template: got %v", name, got)
		}
	}
	var amended clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		amended = must(t)(w.Amend(ctx, tx, patch(tuesday.ID, object{"vata": 2.0})))
	})
	if got := latest(clinicaldocs.Of{EncounterID: w.encounter, TemplateCode: "score"}); !slices.Equal(got, []uuid.UUID{amended.ID}) {
		t.Errorf("after amending: got %v, want %v", got, amended.ID)
	}
}

func TestLatestOfAPatientIsOverAllEncounters(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var second clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWard(ctx, t, tx)
		w.final(ctx, t, tx, whole())
	})
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: w.patient, SeveralActive: true}).ID
		second = w.final(ctx, t, tx, whole())
		page, err := w.Latest(ctx, tx, clinicaldocs.LatestInput{Of: clinicaldocs.Of{PatientID: w.patient}})
		if err != nil || !slices.Equal(ids(page.Results), []uuid.UUID{second.ID}) {
			t.Errorf("got %v, %v, want %v", ids(page.Results), err, second.ID)
		}
	})
}

func TestLatestShowsOnesOwnNewerDraftWhenAsked(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var final, draft clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWard(ctx, t, tx)
		final = w.final(ctx, t, tx, whole())
	})
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { draft = w.draft(ctx, t, tx, object{}) })
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		latest := func(ctx context.Context, tx db.Tx, drafts bool) uuid.UUID {
			page, err := w.Latest(ctx, tx, clinicaldocs.LatestInput{Of: clinicaldocs.Of{EncounterID: w.encounter, IncludeDrafts: drafts}})
			if err != nil || len(page.Results) != 1 {
				t.Fatalf("got %d, %v", len(page.Results), err)
			}
			return page.Results[0].ID
		}
		if latest(ctx, tx, true) != draft.ID || latest(ctx, tx, false) != final.ID {
			t.Error("the draft is not the author's latest, or shows unasked")
		}
		as(ctx, t, tx, uuid.New(), []string{clinicaldocs.CanRead, clinicaldocs.CanReadDrafts}, func(ctx context.Context, tx db.Tx) {
			if latest(ctx, tx, true) != final.ID {
				t.Error("another's draft stands before the document")
			}
		})
	})
}

func TestListShowsEveryDocumentOncePageByPage(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var want []uuid.UUID
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { w = newWard(ctx, t, tx) })
	for range 5 {
		later(t, d, scope, func(ctx context.Context, tx db.Tx) {
			final := w.final(ctx, t, tx, whole())
			want = append(want, must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0}))).ID)
			w.draft(ctx, t, tx, object{})
		})
	}
	slices.Reverse(want)
	ctx := db.WithScope(t.Context(), scope)
	for name, of := range map[string]clinicaldocs.Of{"encounter": {EncounterID: w.encounter}, "patient": {PatientID: w.patient, TemplateCode: "score"}} {
		in := clinicaldocs.ListInput{Of: of}
		in.Limit, in.Count = 2, true
		var got []uuid.UUID
		for range 3 {
			page, err := w.List(ctx, d.Pool.Read(ctx), in)
			if err != nil || *page.Count != 5 {
				t.Fatalf("%s: %v, %v", name, page.Count, err)
			}
			got = append(got, ids(page.Results)...)
			if page.Next == nil {
				break
			}
			in.Cursor = *page.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("of the %s: got %v, want %v", name, got, want)
		}
	}
}

func TestListShowsDraftsToWhomTheyConcern(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		w.draft(ctx, t, tx, whole())
		for name, c := range map[string]struct {
			user        uuid.UUID
			permissions []string
			include     bool
			want        int
		}{
			"the author":                      {tx.Scope().UserID, []string{clinicaldocs.CanRead}, true, 1},
			"the author who does not ask":     {tx.Scope().UserID, []string{clinicaldocs.CanRead}, false, 0},
			"a colleague":                     {uuid.New(), []string{clinicaldocs.CanRead}, true, 0},
			"one who may read others' drafts": {uuid.New(), []string{clinicaldocs.CanRead, clinicaldocs.CanReadDrafts}, true, 1},
		} {
			as(ctx, t, tx, c.user, c.permissions, func(ctx context.Context, tx db.Tx) {
				in := clinicaldocs.ListInput{Of: clinicaldocs.Of{EncounterID: w.encounter, IncludeDrafts: c.include}}
				in.Limit = 10
				page, err := w.List(ctx, tx, in)
				if err != nil || len(page.Results) != c.want {
					t.Errorf("%s sees %d, %v, want %d", name, len(page.Results), err, c.want)
				}
			})
		}
	})
}

func TestListsWantOneSubject(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		for _, of := range []clinicaldocs.Of{{}, {EncounterID: w.encounter, PatientID: w.patient}} {
			_, err := w.Latest(ctx, tx, clinicaldocs.LatestInput{Of: of})
			wantFaults(t, err, "query.encounter_id")
			_, err = w.List(ctx, tx, clinicaldocs.ListInput{Of: of})
			wantFaults(t, err, "query.encounter_id")
		}
	})
}

func TestHistoryIsTheWholeChainFromAnyOfItsIDs(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, whole())
		history := func(id uuid.UUID) []uuid.UUID {
			page, err := w.History(ctx, tx, clinicaldocs.ByID{ID: id})
			if err != nil {
				t.Fatal(err)
			}
			return ids(page.Results)
		}
		if got := history(draft.ID); !slices.Equal(got, []uuid.UUID{draft.ID}) {
			t.Errorf("of a draft: %v", got)
		}
		first := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		w.final(ctx, t, tx, whole()) // another chain
		second := must(t)(w.Amend(ctx, tx, patch(first.ID, object{"vata": 1.0})))
		third := must(t)(w.Amend(ctx, tx, patch(second.ID, object{"vata": 2.0})))
		want := []uuid.UUID{first.ID, second.ID, third.ID}
		for _, id := range append(want, draft.ID) {
			if got := history(id); !slices.Equal(got, want) {
				t.Errorf("of %v: got %v, want %v", id, got, want)
			}
		}
	})
}

func TestTemplatesAreThoseOfTheEncountersDocumentsAndDrafts(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		templates := func() (final, drafts []string) {
			final, drafts, err := clinicaldocs.Reader{}.Templates(ctx, tx, tx.Scope(), w.encounter)
			if err != nil {
				t.Fatal(err)
			}
			return final, drafts
		}
		if final, drafts := templates(); final == nil || len(final) != 0 || drafts == nil || len(drafts) != 0 {
			t.Errorf("with nothing: %v, %v", final, drafts)
		}
		w.draft(ctx, t, tx, whole())
		w.draft(ctx, t, tx, whole())
		gone := must(t)(w.Draft(ctx, tx, w.input("letter", object{"text": "x"})))
		if _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: gone.ID}); err != nil {
			t.Fatal(err)
		}
		if final, drafts := templates(); len(final) != 0 || !slices.Equal(drafts, []string{"score"}) {
			t.Errorf("with drafts only: %v, %v", final, drafts)
		}
		must(t)(w.Finalize(ctx, tx, finalize(must(t)(w.Draft(ctx, tx, w.input("score", whole()))).ID)))
		must(t)(w.Finalize(ctx, tx, finalize(must(t)(w.Draft(ctx, tx, w.input("letter", object{"text": "x"}))).ID)))
		if final, drafts := templates(); !slices.Equal(final, []string{"letter", "score"}) || !slices.Equal(drafts, []string{"score"}) {
			t.Errorf("got %v, %v", final, drafts)
		}
	})
}
