package clinicaldocs_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
)

func TestDraftMayLackWhatIsRequired(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		d := w.draft(ctx, t, tx, object{"vata": 20.0})
		if d.Status != "DRAFT" || d.Version != 1 || !d.WasCreated() || d.TemplateVersion != "1.0.0" || d.Pack != "base" ||
			d.PatientID != w.patient || d.AuthorID != tx.Scope().UserID || !d.CreatedAt.Equal(tx.Now()) {
			t.Errorf("got %+v", d)
		}
	})
}

func TestDraftIsComputedFromPayloadPatientAndTime(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		d := newWard(ctx, t, tx).draft(ctx, t, tx, whole())
		var computed object
		if err := json.Unmarshal(d.Computed, &computed); err != nil {
			t.Fatal(err)
		}
		if computed["total"] != 30.0 || computed["age"] != 40.0 || computed["drawn"] != "2026-03-10T09:30:00Z" || d.Summary != "Vata 20 of 30" {
			t.Errorf("got %v and %q", computed, d.Summary)
		}
	})
}

func TestDraftNamesEveryWrongType(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		_, err := w.Draft(ctx, tx, w.input("score", object{
			"vata": "twenty", "pitta": 31.0, "mood": "good", "findings": []any{object{"name": "a"}, object{"name": 2.0}},
		}))
		wantFaults(t, err, "body.payload.findings[1].name", "body.payload.mood", "body.payload.pitta", "body.payload.vata")
	})
}

func TestDraftRefusesAnUnknownTemplate(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		_, err := w.Draft(ctx, tx, w.input("poem", whole()))
		wantFaults(t, err, "body.template_code")
	})
}

func TestDraftRefusesAnUnknownEncounter(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		w.encounter = uuid.New()
		_, err := w.Draft(ctx, tx, w.input("score", whole()))
		wantCode(t, err, "encounters.not_found")
	})
}

func TestNothingIsWrittenOnAnEncounterThatIsOver(t *testing.T) {
	t.Parallel()
	for _, status := range []encountersapi.Status{encountersapi.StatusClosed, encountersapi.StatusCancelled} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
				w := newWard(ctx, t, tx)
				d := w.draft(ctx, t, tx, whole())
				encounterstest.SetStatus(ctx, t, tx, w.encounter, status)
				_, err := w.Draft(ctx, tx, w.input("score", whole()))
				wantCode(t, err, "encounters.not_open")
				_, err = w.Replace(ctx, tx, replace(d.ID, whole()))
				wantCode(t, err, "encounters.not_open")
				_, err = w.Finalize(ctx, tx, finalize(d.ID))
				wantCode(t, err, "encounters.not_open")
			})
		})
	}
}

func TestTheSameKeyIsTheSameDraft(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		in := w.input("score", whole())
		in.Body.IdempotencyKey = "tablet-7/42"
		first := must(t)(w.Draft(ctx, tx, in))
		// Also after the draft moved on and the encounter closed: the answer was lost, not the act.
		must(t)(w.Replace(ctx, tx, replace(first.ID, object{"vata": 1.0})))
		encounterstest.SetStatus(ctx, t, tx, w.encounter, encountersapi.StatusClosed)
		again := must(t)(w.Draft(ctx, tx, in))
		if again.ID != first.ID || again.WasCreated() || again.Version != 2 {
			t.Errorf("first %v, again %+v", first.ID, again)
		}
	})
}

func TestAKeyWithAnotherPayloadIsRefused(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		in := w.input("score", whole())
		in.Body.IdempotencyKey = "k"
		must(t)(w.Draft(ctx, tx, in))
		in.Body.Payload = object{"vata": 1.0}
		_, err := w.Draft(ctx, tx, in)
		wantCode(t, err, "idempotency.key_reused")
	})
}

func TestAKeyIsItsAuthorsAndItsEncounters(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		in := w.input("score", whole())
		in.Body.IdempotencyKey = "k"
		seen := map[uuid.UUID]bool{must(t)(w.Draft(ctx, tx, in)).ID: true}
		as(ctx, t, tx, uuid.New(), []string{clinicaldocs.CanDraft}, func(ctx context.Context, tx db.Tx) {
			seen[must(t)(w.Draft(ctx, tx, in)).ID] = true
		})
		in.Body.EncounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: w.patient, SeveralActive: true}).ID
		seen[must(t)(w.Draft(ctx, tx, in)).ID] = true
		if len(seen) != 3 {
			t.Errorf("%d drafts, want 3", len(seen))
		}
	})
}

func TestReplaceKeepsTheTemplateVersionItWasBegunWith(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		d := w.draft(ctx, t, tx, whole())
		w.Module, w.bus = newModule(library(t, scoreYAML, secondYAML))
		d = must(t)(w.Replace(ctx, tx, replace(d.ID, object{"vata": 5.0, "pitta": 5.0})))
		if d.TemplateVersion != "1.0.0" || d.Summary != "Vata 5 of 10" || d.Version != 2 {
			t.Errorf("got %+v", d)
		}
		if begun := w.draft(ctx, t, tx, object{}); begun.TemplateVersion != "2.0.0" {
			t.Errorf("a new draft has version %s", begun.TemplateVersion)
		}
	})
}

func TestReplaceHonoursIfMatch(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		d := w.draft(ctx, t, tx, whole())
		in := replace(d.ID, whole())
		in.IfMatch = httpx.IfMatch{IfMatch: d.ETag()}
		must(t)(w.Replace(ctx, tx, in))
		_, err := w.Replace(ctx, tx, in)
		if e := errs.Of(err); e == nil || e.Kind != errs.KindStale {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnothersDraftCannotBeReadOrChanged(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		d := w.draft(ctx, t, tx, whole())
		everyday := []string{clinicaldocs.CanRead, clinicaldocs.CanDraft, clinicaldocs.CanFinalize, clinicaldocs.CanAmend}
		as(ctx, t, tx, uuid.New(), everyday, func(ctx context.Context, tx db.Tx) {
			for name, act := range map[string]func() error{
				"get":      func() error { _, err := w.Get(ctx, tx, clinicaldocs.ByID{ID: d.ID}); return err },
				"history":  func() error { _, err := w.History(ctx, tx, clinicaldocs.ByID{ID: d.ID}); return err },
				"replace":  func() error { _, err := w.Replace(ctx, tx, replace(d.ID, whole())); return err },
				"finalize": func() error { _, err := w.Finalize(ctx, tx, finalize(d.ID)); return err },
				"discard":  func() error { _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: d.ID}); return err },
			} {
				if e := errs.Of(act()); e == nil || e.Code != "clinicaldocs.not_author" || e.Kind != errs.KindForbidden {
					t.Errorf("%s gives %v", name, e)
				}
			}
		})
	})
}

func TestASupervisorFinalisesAnothersDraftAndIsItsAuthor(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		d := w.draft(ctx, t, tx, whole())
		supervisor := uuid.New()
		as(ctx, t, tx, supervisor, []string{clinicaldocs.CanRead, clinicaldocs.CanReadDrafts, clinicaldocs.CanFinalize}, func(ctx context.Context, tx db.Tx) {
			if seen := must(t)(w.Get(ctx, tx, clinicaldocs.ByID{ID: d.ID})); len(seen.Actions) != 1 || seen.Actions[0] != "finalize" {
				t.Errorf("may %v", seen.Actions)
			}
			if f := must(t)(w.Finalize(ctx, tx, finalize(d.ID))); f.AuthorID != supervisor {
				t.Errorf("the author is %v", f.AuthorID)
			}
		})
	})
}

func TestADiscardedDraftIsGone(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		in := w.input("score", whole())
		in.Body.IdempotencyKey = "k"
		d := must(t)(w.Draft(ctx, tx, in))
		if _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: d.ID}); err != nil {
			t.Fatal(err)
		}
		_, err := w.Get(ctx, tx, clinicaldocs.ByID{ID: d.ID})
		wantCode(t, err, "clinicaldocs.not_found")
		_, err = w.Finalize(ctx, tx, finalize(d.ID))
		wantCode(t, err, "clinicaldocs.not_found")
		_, err = w.Draft(ctx, tx, in)
		wantCode(t, err, "clinicaldocs.discarded")
	})
}

func TestADraftLeftBehindByAClosedEncounterCanOnlyBeDiscarded(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		w.Subscribe()
		declareEncounterEvents(w.bus)
		d := w.draft(ctx, t, tx, whole())
		final := w.final(ctx, t, tx, whole())
		encounterstest.SetStatus(ctx, t, tx, w.encounter, encountersapi.StatusClosed)
		if err := w.bus.Publish(ctx, tx, encountersapi.Closed{EncounterID: w.encounter, PatientID: w.patient}); err != nil {
			t.Fatal(err)
		}
		if d = must(t)(w.Get(ctx, tx, clinicaldocs.ByID{ID: d.ID})); len(d.Actions) != 1 || d.Actions[0] != "discard" {
			t.Errorf("the draft may be %v", d.Actions)
		}
		if final = must(t)(w.Get(ctx, tx, clinicaldocs.ByID{ID: final.ID})); len(final.Actions) != 1 || final.Actions[0] != "amend" {
			t.Errorf("the document may be %v", final.Actions)
		}
		if _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: d.ID}); err != nil {
			t.Error(err)
		}
	})
}

func TestAPayloadHasALimit(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		frame := len(`{"note":""}`)
		w.draft(ctx, t, tx, object{"note": strings.Repeat("x", clinicaldocs.MaxPayload-frame)})
		_, err := w.Draft(ctx, tx, w.input("score", object{"note": strings.Repeat("x", clinicaldocs.MaxPayload-frame+1)}))
		if e := errs.Of(err); e == nil || e.Kind != errs.KindTooLarge {
			t.Errorf("got %v", err)
		}
	})
}

func TestADeepPayloadIsAFaultAndNoCrash(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		deep := any("bottom")
		for range 5000 {
			deep = []any{deep}
		}
		_, err := w.Draft(ctx, tx, w.input("score", object{"findings": deep}))
		if e := errs.Of(err); e == nil || e.Code != "clinicaldocs.payload_invalid" {
			t.Errorf("got %v", err)
		}
	})
}
