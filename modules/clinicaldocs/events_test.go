package clinicaldocs_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
)

// happened lists the names of the encounter's events, and its timeline's codes with the documents they link.
func happened(ctx context.Context, t testing.TB, q db.DBTX, w ward) (names, codes []string, documents []any) {
	t.Helper()
	recorded, err := events.OfEncounter(ctx, q, w.encounter)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recorded {
		if r.Keys.PatientID != w.patient || r.Keys.Entity != clinicaldocsapi.Entity {
			t.Errorf("%s has the keys %+v", r.Name, r.Keys)
		}
		names = append(names, r.Name)
		e, err := w.bus.Decode(r.Name, r.Payload)
		if err != nil {
			t.Fatal(err)
		}
		if shown, ok := e.(events.TimelineEvent); ok {
			entry := shown.Timeline()
			codes = append(codes, entry.Type+" "+entry.Code)
			documents = append(documents, entry.Meta["document_id"])
		}
	}
	return names, codes, documents
}

func TestEveryActIsAnEventAndMilestonesAreOnTheTimeline(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, whole())
		must(t)(w.Replace(ctx, tx, replace(draft.ID, whole())))
		final := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		must(t)(w.Finalize(ctx, tx, finalize(draft.ID))) // a repetition is no event
		amended := must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0})))
		second := w.draft(ctx, t, tx, whole())
		if _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: second.ID}); err != nil {
			t.Fatal(err)
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		names, codes, documents := happened(ctx, t, tx, w)
		if want := []string{
			"clinicaldocs.document_drafted.v1", "clinicaldocs.draft_replaced.v1", "clinicaldocs.document_finalized.v1",
			"clinicaldocs.document_amended.v1", "clinicaldocs.document_drafted.v1", "clinicaldocs.draft_discarded.v1",
		}; !slices.Equal(names, want) {
			t.Errorf("got %v", names)
		}
		if want := []string{"DOCUMENT DOCUMENT_DRAFTED", "DOCUMENT DOCUMENT_FINALIZED", "DOCUMENT DOCUMENT_AMENDED", "DOCUMENT DOCUMENT_DRAFTED"}; !slices.Equal(codes, want) {
			t.Errorf("the timeline is %v", codes)
		}
		if want := []any{draft.ID, final.ID, amended.ID, second.ID}; !slices.Equal(documents, want) {
			t.Errorf("the timeline links %v, want %v", documents, want)
		}
	})
}

func TestBackfillRebuildsWhatIsMissingOnce(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { w = newWard(ctx, t, tx) })
	var draft, final clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { draft = w.draft(ctx, t, tx, whole()) })
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { final = must(t)(w.Finalize(ctx, tx, finalize(draft.ID))) })
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0}))) })
	var second clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { second = w.draft(ctx, t, tx, whole()) })
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		if _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: second.ID}); err != nil {
			t.Fatal(err)
		}
	})
	ctx := db.WithScope(t.Context(), scope)
	names, codes, documents := happened(ctx, t, d.Pool.Read(ctx), w)
	d.AsSuperuser(t, `SET session_replication_role = replica; DELETE FROM events.event WHERE name <> 'clinicaldocs.document_finalized.v1'`)
	for round, want := range []int64{4, 0} {
		added, err := events.Backfill(ctx, d.Pool, []uuid.UUID{scope.TenantID}, w.BackfillSteps()...)
		if err != nil || added != want {
			t.Fatalf("round %d added %d, want %d (%v)", round, added, want, err)
		}
	}
	again, againCodes, againDocuments := happened(ctx, t, d.Pool.Read(ctx), w)
	if !slices.Equal(names, again) || !slices.Equal(codes, againCodes) || !slices.Equal(documents, againDocuments) {
		t.Errorf("it was %v and is %v", names, again)
	}
}
