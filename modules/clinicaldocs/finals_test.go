package clinicaldocs_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/packs"
)

func TestFinalizeMakesANewRowAndLeavesTheDraftAsItWas(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, whole())
		final := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		if final.ID == draft.ID || final.Status != "FINAL" || final.Version != 1 || final.SupersedesID != nil || !final.WasCreated() ||
			string(final.Payload) != string(draft.Payload) || !slices.Equal(final.Actions, []string{"amend"}) {
			t.Errorf("got %+v", final)
		}
		kept := must(t)(w.Get(ctx, tx, clinicaldocs.ByID{ID: draft.ID}))
		if kept.Status != "DRAFT" || kept.SupersededByID == nil || *kept.SupersededByID != final.ID || len(kept.Actions) != 0 {
			t.Errorf("the draft is %+v", kept)
		}
	})
}

func TestFinalizeTwiceIsTheSameDocument(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, whole())
		final := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		// Also once it was amended and the encounter closed: the answer was lost, not the act.
		must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0})))
		encounterstest.SetStatus(ctx, t, tx, w.encounter, encountersapi.StatusClosed)
		again := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		if again.ID != final.ID || again.WasCreated() || again.Status != "FINAL" {
			t.Errorf("first %v, again %+v", final.ID, again)
		}
	})
}

func TestFinalizeNamesEveryFault(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, object{"findings": []any{object{"degree": 1.0}, object{"name": "a"}, object{}}})
		_, err := w.Finalize(ctx, tx, finalize(draft.ID))
		wantFaults(t, err, "body.payload.findings[0].name", "body.payload.findings[2].name", "body.payload.pitta", "body.payload.vata")
	})
}

func TestOnlyADraftIsFinalisedChangedOrDiscarded(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, whole())
		final := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		amended := must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0})))
		for name, act := range map[string]func() error{
			"finalize a FINAL":          func() error { _, err := w.Finalize(ctx, tx, finalize(final.ID)); return err },
			"finalize an AMENDED":       func() error { _, err := w.Finalize(ctx, tx, finalize(amended.ID)); return err },
			"replace a FINAL":           func() error { _, err := w.Replace(ctx, tx, replace(final.ID, whole())); return err },
			"replace a finalised draft": func() error { _, err := w.Replace(ctx, tx, replace(draft.ID, whole())); return err },
			"discard an AMENDED":        func() error { _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: amended.ID}); return err },
			"discard a finalised draft": func() error { _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: draft.ID}); return err },
		} {
			if e := errs.Of(act()); e == nil || e.Code != "clinicaldocs.not_a_draft" || e.Kind != errs.KindConflict {
				t.Errorf("%s gives %v", name, e)
			}
		}
	})
}

func TestFinalizeHonoursIfMatch(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, whole())
		in := finalize(draft.ID)
		in.IfMatch = httpx.IfMatch{IfMatch: draft.ETag()}
		must(t)(w.Replace(ctx, tx, replace(draft.ID, object{"vata": 1.0, "pitta": 1.0})))
		_, err := w.Finalize(ctx, tx, in)
		if e := errs.Of(err); e == nil || e.Kind != errs.KindStale {
			t.Errorf("got %v: what was not seen must not be signed", err)
		}
	})
}

func TestAmendSupersedesAlsoAfterTheEncounterClosed(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		final := w.final(ctx, t, tx, object{"vata": 20.0, "pitta": 10.0, "note": "dry skin"})
		encounterstest.SetStatus(ctx, t, tx, w.encounter, encountersapi.StatusClosed)
		amended := must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 25.0, "note": nil})))
		var payload, computed object
		if json.Unmarshal(amended.Payload, &payload) != nil || json.Unmarshal(amended.Computed, &computed) != nil {
			t.Fatal("not JSON")
		}
		if _, noted := payload["note"]; noted || payload["vata"] != 25.0 || payload["pitta"] != 10.0 || computed["total"] != 35.0 {
			t.Errorf("got %v, %v", payload, computed)
		}
		if amended.Status != "AMENDED" || amended.Version != 2 || *amended.SupersedesID != final.ID || *amended.Reason != "A slip of the pen." ||
			amended.Summary != "Vata 25 of 35" {
			t.Errorf("got %+v", amended)
		}
		before := must(t)(w.Get(ctx, tx, clinicaldocs.ByID{ID: final.ID}))
		if string(before.Payload) != string(final.Payload) || *before.SupersededByID != amended.ID || len(before.Actions) != 0 {
			t.Errorf("the FINAL row is %+v", before)
		}
	})
}

func TestAmendTakesAWholePayload(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		in := patch(w.final(ctx, t, tx, whole()).ID, nil)
		in.Body.Payload = object{"vata": 1.0, "pitta": 2.0}
		if amended := must(t)(w.Amend(ctx, tx, in)); amended.Summary != "Vata 1 of 3" {
			t.Errorf("got %+v", amended)
		}
	})
}

func TestAmendWantsPayloadOrPatch(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		final := w.final(ctx, t, tx, whole())
		_, err := w.Amend(ctx, tx, patch(final.ID, nil))
		wantFaults(t, err, "body.payload")
		both := patch(final.ID, object{})
		both.Body.Payload = whole()
		_, err = w.Amend(ctx, tx, both)
		wantFaults(t, err, "body.payload")
	})
}

func TestAmendedContentMustSatisfyTheTemplate(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		_, err := w.Amend(ctx, tx, patch(w.final(ctx, t, tx, whole()).ID, object{"vata": nil, "pitta": "ten"}))
		wantFaults(t, err, "body.payload.pitta", "body.payload.vata")
	})
}

func TestOnlyTheNewestVersionIsAmended(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		draft := w.draft(ctx, t, tx, whole())
		_, err := w.Amend(ctx, tx, patch(draft.ID, object{"vata": 1.0}))
		wantCode(t, err, "clinicaldocs.not_current")
		final := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0})))
		_, err = w.Amend(ctx, tx, patch(final.ID, object{"vata": 2.0}))
		wantCode(t, err, "clinicaldocs.not_current")
	})
}

func TestAnUnknownDocumentIsNotFound(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		for name, act := range map[string]func(documentID uuid.UUID) error{
			"get":      func(d uuid.UUID) error { _, err := w.Get(ctx, tx, clinicaldocs.ByID{ID: d}); return err },
			"history":  func(d uuid.UUID) error { _, err := w.History(ctx, tx, clinicaldocs.ByID{ID: d}); return err },
			"replace":  func(d uuid.UUID) error { _, err := w.Replace(ctx, tx, replace(d, whole())); return err },
			"finalize": func(d uuid.UUID) error { _, err := w.Finalize(ctx, tx, finalize(d)); return err },
			"amend":    func(d uuid.UUID) error { _, err := w.Amend(ctx, tx, patch(d, object{})); return err },
			"discard":  func(d uuid.UUID) error { _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: d}); return err },
		} {
			if e := errs.Of(act(uuid.New())); e == nil || e.Code != "clinicaldocs.not_found" {
				t.Errorf("%s gives %v", name, e)
			}
		}
	})
}

func TestOldNotesAreAmendedByTheirOwnTemplateVersion(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		final := w.final(ctx, t, tx, whole())
		w.Module, w.bus = newModule(library(t, scoreYAML, secondYAML))
		amended := must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0})))
		if amended.TemplateVersion != "1.0.0" || amended.Summary != "Vata 1 of 11" {
			t.Errorf("got %+v", amended)
		}
	})
}

func TestTheBuiltInTemplatesMakeDocuments(t *testing.T) {
	t.Parallel()
	builtIn, err := packs.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for template, payload := range map[string]object{
		"progress_note":     {"assessment": "Improving", "plan": "Go on"},
		"referral_letter":   {"referred_to": "Eye clinic", "urgency": "routine", "reason": "Cataract", "clinical_summary": "Both eyes"},
		"discharge_summary": {"admitted_on": "2026-03-01", "discharged_on": "2026-03-09", "discharge_type": "home", "condition": "recovered", "course": "Calm", "diagnoses": []any{object{"description": "Pneumonia"}}},
	} {
		t.Run(template, func(t *testing.T) {
			t.Parallel()
			testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
				w := newWardWith(ctx, t, tx, builtIn)
				draft := must(t)(w.Draft(ctx, tx, w.input(template, object{})))
				_, err := w.Finalize(ctx, tx, finalize(draft.ID))
				wantCode(t, err, "clinicaldocs.payload_invalid")
				must(t)(w.Replace(ctx, tx, replace(draft.ID, payload)))
				if final := must(t)(w.Finalize(ctx, tx, finalize(draft.ID))); final.Summary == "" {
					t.Error("it has no summary")
				}
			})
		})
	}
}

func TestDaysAreCountedInTheFacilitysZone(t *testing.T) {
	t.Parallel()
	// Half past eight in the evening in UTC is already tomorrow in Kolkata.
	d := testkit.NewDatabase(t)
	d.Clock.Advance(11 * 3600e9)
	ctx := db.WithScope(t.Context(), testkit.NewScope())
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		w := newWardWith(ctx, t, tx, library(t, `
code: score
version: 1.0.0
title: Days
schema: {type: object, additionalProperties: false, properties: {due: {type: string, format: date, title: Due}}}
computed: {days: "days_between(now, doc.due)"}
summary: "{days}"
`))
		today := clock.DateOf(tx.Now())
		if drafted := w.draft(ctx, t, tx, object{"due": today.AddDays(2).String()}); drafted.Summary != "1" {
			t.Errorf("in %s days", drafted.Summary)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
