package consultations_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/consultations"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

func TestAConsultationIsSignedAsAWhole(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		in := w.whole(ctx, t, tx)
		stat := asking("CBC")
		stat.Priority = "STAT"
		in.Body.Orders = append(in.Body.Orders, stat)
		in.Body.DocumentIDs = append(in.Body.DocumentIDs, w.draft(ctx, t, tx, w.encounter.ID, map[string]any{"vata": 3.0}))
		signed, told, err := w.sign(ctx, t, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, e := range signed.Entries {
			kinds = append(kinds, e.Kind)
		}
		if !slices.Equal(kinds, []string{"ASSESSMENT", "PLAN", "NOTE"}) || signed.EncounterID != w.encounter.ID {
			t.Errorf("entries %v of %s", kinds, signed.EncounterID)
		}
		if len(signed.Documents) != 2 || signed.Documents[0].Summary != "Vata 12" || signed.Documents[1].Status != "FINAL" {
			t.Errorf("documents %+v", signed.Documents)
		}
		if len(signed.Orders) != 2 || signed.Orders[1].Priority != "STAT" || signed.Orders[1].Warnings != nil {
			t.Errorf("orders %+v", signed.Orders)
		}
		var warned []string
		for _, warning := range signed.Warnings {
			warned = append(warned, warning.Part+" "+warning.Code)
		}
		if !slices.Equal(warned, []string{"body.document_ids[1] base.low_is_odd", "body.orders[1] base.stat_is_dear", "body.orders[1] orders.duplicate"}) {
			t.Errorf("warned of %v", warned)
		}
		if !slices.Equal(told, []string{"encounters.assessment_recorded.v1", "encounters.plan_recorded.v1", "encounters.note_recorded.v1",
			"clinicaldocs.document_finalized.v1", "clinicaldocs.document_finalized.v1", "orders.created.v1", "orders.created.v1"}) {
			t.Errorf("told %v", told)
		}
	})
}

func TestAnyPartMayBeLeftOutButNotAll(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]func(all consultations.SignInput, one *consultations.SignInput){
		"assessment": func(all consultations.SignInput, one *consultations.SignInput) {
			one.Body.Assessment = all.Body.Assessment
		},
		"plan": func(all consultations.SignInput, one *consultations.SignInput) { one.Body.Plan = all.Body.Plan },
		"note": func(all consultations.SignInput, one *consultations.SignInput) { one.Body.Note = all.Body.Note },
		"documents": func(all consultations.SignInput, one *consultations.SignInput) {
			one.Body.DocumentIDs = all.Body.DocumentIDs
		},
		"orders": func(all consultations.SignInput, one *consultations.SignInput) { one.Body.Orders = all.Body.Orders },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
				one := consultations.SignInput{ID: w.encounter.ID}
				_, _, err := w.sign(ctx, t, tx, one)
				wantFaults(t, err, "consultations.invalid", "body")
				part(w.whole(ctx, t, tx), &one)
				signed, told, err := w.sign(ctx, t, tx, one)
				if err != nil || len(told) != 1 || len(signed.Entries)+len(signed.Documents)+len(signed.Orders) != 1 {
					t.Errorf("signed %+v, told %v, %v", signed, told, err)
				}
			})
		})
	}
}

// spoil makes one part of a whole consultation fail, with the code and the places it is refused at.
var spoiled = map[string]struct {
	spoil     func(ctx context.Context, t testing.TB, tx db.Tx, w ward, in *consultations.SignInput)
	code      string
	locations []string
	part      string
}{
	"an empty assessment": {func(_ context.Context, _ testing.TB, _ db.Tx, _ ward, in *consultations.SignInput) {
		in.Body.Assessment = &encountersapi.Assessment{Diagnosis: "  "}
	}, "encounters.document_invalid", []string{"body.assessment"}, ""},
	"an empty line of the plan": {func(_ context.Context, _ testing.TB, _ db.Tx, _ ward, in *consultations.SignInput) {
		in.Body.Plan.Medications = append(in.Body.Plan.Medications, encountersapi.PlanItem{Words: " "})
	}, "encounters.document_invalid", []string{"body.plan.medications[1]"}, ""},
	"an empty note": {func(_ context.Context, _ testing.TB, _ db.Tx, _ ward, in *consultations.SignInput) {
		in.Body.Note = &encountersapi.Note{}
	}, "encounters.document_invalid", []string{"body.note"}, ""},
	"an unfinished document": {func(ctx context.Context, t testing.TB, tx db.Tx, w ward, in *consultations.SignInput) {
		in.Body.DocumentIDs = append(in.Body.DocumentIDs, w.draft(ctx, t, tx, w.encounter.ID, map[string]any{}))
	}, "clinicaldocs.payload_invalid", []string{"body.document_ids[1].payload.vata"}, ""},
	"an unknown document": {func(_ context.Context, _ testing.TB, _ db.Tx, _ ward, in *consultations.SignInput) {
		in.Body.DocumentIDs = append(in.Body.DocumentIDs, uuid.New())
	}, "clinicaldocs.not_found", nil, "body.document_ids[1]"},
	"a document of another encounter": {func(ctx context.Context, t testing.TB, tx db.Tx, w ward, in *consultations.SignInput) {
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		in.Body.DocumentIDs = append(in.Body.DocumentIDs, w.draft(ctx, t, tx, other.ID, map[string]any{"vata": 12.0}))
	}, "consultations.invalid", []string{"body.document_ids[1]"}, ""},
	// That it is unfinished, or meets a rule, is nothing that whoever signs this encounter is told.
	"an unfinished document of another encounter": {func(ctx context.Context, t testing.TB, tx db.Tx, w ward, in *consultations.SignInput) {
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		in.Body.DocumentIDs = append(in.Body.DocumentIDs, w.draft(ctx, t, tx, other.ID, map[string]any{}))
	}, "consultations.invalid", []string{"body.document_ids[1]"}, ""},
	"a document of another encounter that a rule holds back": {func(ctx context.Context, t testing.TB, tx db.Tx, w ward, in *consultations.SignInput) {
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		in.Body.DocumentIDs = append(in.Body.DocumentIDs, w.draft(ctx, t, tx, other.ID, map[string]any{"vata": 25.0}))
	}, "consultations.invalid", []string{"body.document_ids[1]"}, ""},
	"an unknown service": {func(_ context.Context, _ testing.TB, _ db.Tx, _ ward, in *consultations.SignInput) {
		in.Body.Orders = append(in.Body.Orders, asking("CBC", "NOPE"))
	}, "orders.unknown_service", []string{"body.orders[1].items[1].service_code"}, ""},
	"a blocked order": {func(_ context.Context, _ testing.TB, _ db.Tx, _ ward, in *consultations.SignInput) {
		in.Body.Orders = append(in.Body.Orders, asking("MERCURY"))
	}, "rules.blocked", nil, ""},
	"faults of several parts": {func(_ context.Context, _ testing.TB, _ db.Tx, _ ward, in *consultations.SignInput) {
		in.Body.Note = &encountersapi.Note{}
		in.Body.Orders = []ordersapi.Request{asking("NOPE"), asking("CBC"), asking("NEITHER")}
	}, "consultations.invalid", []string{"body.note", "body.orders[0].items[0].service_code", "body.orders[2].items[0].service_code"}, ""},
}

func TestAPartThatFailsUndoesAll(t *testing.T) {
	t.Parallel()
	for name, c := range spoiled {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
				in := w.whole(ctx, t, tx)
				c.spoil(ctx, t, tx, w, &in)
				_, told, err := w.sign(ctx, t, tx, in)
				wantFaults(t, err, c.code, c.locations...)
				if part, _ := wantCode(t, err, c.code).Extra["part"].(string); part != c.part {
					t.Errorf("the part is %q, want %q", part, c.part)
				}
				if len(told) != 0 {
					t.Errorf("it left %v", told)
				}
				var rows int
				err = tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM encounters.document) + (SELECT count(*) FROM clinicaldocs.document) + (SELECT count(*) FROM orders.item)`).Scan(&rows)
				if err != nil || rows != 0 {
					t.Errorf("it left %d rows, %v", rows, err)
				}
			})
		})
	}
}

func TestOneRefusalTellsTheRulesOfAllParts(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		in := w.whole(ctx, t, tx)
		in.Body.DocumentIDs[0] = w.draft(ctx, t, tx, w.encounter.ID, map[string]any{"vata": 25.0})
		in.Body.Orders = append(in.Body.Orders, asking("LEAD"))
		rules := func(code string) (codes []string) {
			t.Helper()
			_, told, err := w.sign(ctx, t, tx, in)
			e := wantCode(t, err, code)
			for _, f := range e.Extra["rules"].([]rulesapi.Fired) {
				codes = append(codes, f.Code)
			}
			if len(told) != 0 || !slices.Equal(codes, e.Reasons) {
				t.Errorf("it left %v; for the audit trail it names %v", told, e.Reasons)
			}
			return codes
		}
		if got := rules("rules.reason_required"); !slices.Equal(got, []string{"base.high_needs_reason", "base.lead_needs_reason"}) {
			t.Errorf("told of %v", got)
		}
		in.Body.Overrides = []rulesapi.Override{passing("base.high_needs_reason")}
		if got := rules("rules.reason_required"); !slices.Equal(got, []string{"base.lead_needs_reason"}) {
			t.Errorf("told of %v", got)
		}
		in.Body.Orders = append(in.Body.Orders, asking("MERCURY"))
		if got := rules("rules.blocked"); !slices.Equal(got, []string{"base.lead_needs_reason", "base.no_mercury"}) {
			t.Errorf("told of %v", got)
		}
		in.Body.Orders = in.Body.Orders[:2]
		in.Body.Overrides = append(in.Body.Overrides, passing("base.lead_needs_reason"))
		if _, told, err := w.sign(ctx, t, tx, in); err != nil || len(told) != 6 {
			t.Errorf("with reasons: told %v, %v", told, err)
		}
		var met int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM rules.firing WHERE outcome = 'overridden'`).Scan(&met); err != nil || met != 2 {
			t.Errorf("%d overrides are recorded, %v", met, err)
		}
	})
}

func TestOnlyAnEncounterUnderWayIsSigned(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		in := w.whole(ctx, t, tx)
		encounterstest.SetStatus(ctx, t, tx, w.encounter.ID, encountersapi.StatusClosed)
		_, told, err := w.sign(ctx, t, tx, in)
		wantCode(t, err, "encounters.not_open")
		if len(told) != 0 {
			t.Errorf("it left %v", told)
		}
		in.ID = uuid.New()
		_, _, err = w.sign(ctx, t, tx, in)
		wantCode(t, err, "encounters.not_found")
	})
}

func TestEachPartNeedsItsOwnPermission(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		in, all := w.whole(ctx, t, tx), []string{"a", "p", "n", "d", "o"}
		for i := range all {
			_, _, err := w.sign(as(ctx, slices.Concat(all[:i], all[i+1:])...), t, tx, in)
			wantCode(t, err, "auth.permission_denied")
		}
		if _, _, err := w.sign(as(ctx, all...), t, tx, in); err != nil {
			t.Error(err)
		}
	})
}
