package clinicaldocs_test

import (
	"context"
	"testing"
	"testing/fstest"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

const rulesYAML = `
- code: base.much_vata
  on: document.finalize
  when: document.template_code == 'score' && document.computed.total > 30.0
  then: {effect: block}
  severity: safety
  message: No score is above 30.
- code: base.little_vata
  on: document.finalize
  when: document.template_code == 'score' && document.payload.vata < 2.0
  then: {effect: warn}
  severity: warning
  message: That is little.
`

func TestARuleHoldsADocumentBackAndWarns(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWardWith(ctx, t, tx, libraryOf(t, fstest.MapFS{"base/rules/score.yaml": {Data: []byte(rulesYAML)}}, scoreYAML))
		blocked := func(err error) {
			t.Helper()
			e := errs.Of(err)
			if e == nil || e.Code != "rules.blocked" {
				t.Fatalf("got %v", err)
			}
			if fired, _ := e.Extra["rules"].([]rulesapi.Fired); len(fired) != 1 || fired[0].Code != "base.much_vata" {
				t.Errorf("blocked by %+v", e.Extra)
			}
		}
		draft := w.draft(ctx, t, tx, object{"vata": 30.0, "pitta": 1.0}) // a draft is not asked
		_, err := w.Finalize(ctx, tx, finalize(draft.ID))
		blocked(err)
		must(t)(w.Replace(ctx, tx, replace(draft.ID, object{"vata": 1.0, "pitta": 1.0})))
		final := must(t)(w.Finalize(ctx, tx, finalize(draft.ID)))
		if len(final.Warnings) != 1 || final.Warnings[0].Code != "base.little_vata" || final.Warnings[0].Message != "That is little." {
			t.Errorf("warned of %+v", final.Warnings)
		}
		_, err = w.Amend(ctx, tx, patch(final.ID, object{"pitta": 30.0}))
		blocked(err)
		if amended := must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 9.0}))); len(amended.Warnings) != 0 {
			t.Errorf("warned of %+v", amended.Warnings)
		}
	})
}

func TestNobodyIsDischargedBeforeTheyCame(t *testing.T) {
	t.Parallel()
	builtIn, err := packs.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWardWith(ctx, t, tx, builtIn)
		draft := must(t)(w.Draft(ctx, tx, w.input("discharge_summary", object{
			"admitted_on": "2026-03-09", "discharged_on": "2026-03-01", "discharge_type": "home", "condition": "recovered", "course": "Calm",
			"diagnoses": []any{object{"description": "Pneumonia"}},
		})))
		_, err := w.Finalize(ctx, tx, finalize(draft.ID))
		wantCode(t, err, "rules.blocked")
	})
}
