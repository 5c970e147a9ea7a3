package rules_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

func TestTheCloseGate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts func(*rulesapi.CloseFacts)
		want  rulesapi.CloseGate
	}{
		"everything done": {func(*rulesapi.CloseFacts) {},
			rulesapi.CloseGate{CanClose: true, MissingTasks: []string{}, MissingDocuments: []string{}, Blocking: []rulesapi.Blocking{}}},
		"no task at all": {func(f *rulesapi.CloseFacts) { f.Tasks = nil },
			rulesapi.CloseGate{MissingTasks: []string{"record-vitals", "doctor-consult"}, MissingDocuments: []string{},
				Blocking: []rulesapi.Blocking{{Rule: "base.required_tasks", Code: "rules.blocked", Message: "Still to be done: Record vitals, Consult."}}}},
		"a task begun": {func(f *rulesapi.CloseFacts) { f.Tasks[1].Status = "IN_PROGRESS" },
			rulesapi.CloseGate{MissingTasks: []string{"doctor-consult"}, MissingDocuments: []string{},
				Blocking: []rulesapi.Blocking{{Rule: "base.required_tasks", Code: "rules.blocked", Message: "Still to be done: Consult."}}}},
		"a task cancelled": {func(f *rulesapi.CloseFacts) { f.Tasks[0].Status = "CANCELLED" },
			rulesapi.CloseGate{MissingTasks: []string{"record-vitals"}, MissingDocuments: []string{},
				Blocking: []rulesapi.Blocking{{Rule: "base.required_tasks", Code: "rules.blocked", Message: "Still to be done: Record vitals."}}}},
		"another task open": {func(f *rulesapi.CloseFacts) {
			f.Tasks = append(f.Tasks, rulesapi.TaskFact{Code: "call-relative", Title: "Call relative", Status: "OPEN"})
		}, rulesapi.CloseGate{CanClose: true, MissingTasks: []string{}, MissingDocuments: []string{}, Blocking: []rulesapi.Blocking{}}},
		"a critical result unread": {func(f *rulesapi.CloseFacts) { f.UnacknowledgedCritical = []string{"K"} },
			rulesapi.CloseGate{MissingTasks: []string{}, MissingDocuments: []string{},
				Blocking: []rulesapi.Blocking{{Rule: "base.critical_results_acknowledged", Code: "rules.blocked", Message: "Critical results that nobody has acknowledged: K."}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
				facts := opd()
				c.facts(&facts)
				got := closeGate(ctx, t, tx, m, facts)
				if !reflect.DeepEqual(got, c.want) {
					t.Errorf("got  %+v\nwant %+v", got, c.want)
				}
			})
		})
	}
}

func TestADraftIsNoDocumentAndMayHoldAnEncounterOpen(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		tune(ctx, t, tx, m, "base.required_documents", func(in *rules.TuneInput) {
			in.Body.Parameters = map[string]any{"documents": []any{"progress_note"}}
		})
		facts := opd()
		facts.Drafts = []string{"progress_note"}
		if gate := closeGate(ctx, t, tx, m, facts); gate.CanClose || !slices.Equal(gate.MissingDocuments, []string{"progress_note"}) || len(gate.Blocking) != 1 {
			t.Errorf("in base %+v", gate)
		}
		facts.Pack, facts.Documents = "allopathy", []string{"progress_note"}
		gate := closeGate(ctx, t, tx, m, facts)
		if !slices.ContainsFunc(gate.Blocking, func(b rulesapi.Blocking) bool {
			return b.Rule == "allopathy.drafts_before_close" && b.Message == "Begun and not signed: progress_note."
		}) {
			t.Errorf("in allopathy %+v", gate)
		}
	})
}

func TestATenantAddsARequiredDocument(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		tune(ctx, t, tx, m, "base.required_documents", func(in *rules.TuneInput) {
			in.Body.Parameters = map[string]any{"documents": []any{"progress_note"}}
		})
		facts := opd()
		if gate := closeGate(ctx, t, tx, m, facts); gate.CanClose || !slices.Equal(gate.MissingDocuments, []string{"progress_note"}) {
			t.Errorf("got %+v", gate)
		}
		facts.Documents = []string{"progress_note"}
		if gate := closeGate(ctx, t, tx, m, facts); !gate.CanClose {
			t.Errorf("got %+v", gate)
		}
	})
}

func TestARuleSwitchedOffBlocksNothing(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		tune(ctx, t, tx, m, "base.required_tasks", func(in *rules.TuneInput) { in.Body.Enabled = ptr(false) })
		facts := opd()
		facts.Tasks = nil
		if gate := closeGate(ctx, t, tx, m, facts); !gate.CanClose || len(gate.MissingTasks) != 0 {
			t.Errorf("got %+v", gate)
		}
	})
}

func TestAnotherTenantsRulesAreItsOwn(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		tune(ctx, t, tx, m, "base.required_tasks", func(in *rules.TuneInput) { in.Body.Enabled = ptr(false) })
		facts := opd()
		facts.Tasks = nil
		other := testkit.NewScope()
		err := tx.Nested(ctx, other, func(tx db.Tx) error {
			facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
			if gate := closeGate(ctx, t, tx, m, facts); gate.CanClose {
				t.Errorf("got %+v", gate)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

const everyEffect = `
- {code: base.blocks,  on: encounter.close, when: encounter.status == 'IN_CONSULT', then: {effect: block}, severity: safety, message: Held.}
- {code: base.child,   on: encounter.close, when: patient.age_years < 18 && patient.gender == 'female', then: {effect: require_reason}, severity: warning, message: Tell the guardian., overridable_by: rules.can_override}
- {code: base.warns,   on: encounter.close, when: encounter.system_data.ward == '3', then: {effect: warn}, severity: warning, message: Ward 3.}
- {code: base.broken,  on: encounter.close, when: encounter.system_data.bed == '1', then: {effect: warn}, severity: safety, message: Bed 1.}
- {code: base.unsure,  on: encounter.close, when: encounter.system_data.bed == '1', then: {effect: block}, severity: info, message: Bed 1.}
- {code: base.silent,  on: encounter.close, when: encounter.status == 'CREATED', then: {effect: block}, severity: safety, message: Never.}
`

// What a rule's effect and severity mean for the act, also when the rule cannot be checked: safety fails closed.
func TestEffectsOnClosing(t *testing.T) {
	t.Parallel()
	withPacks(t, ruled(t, everyEffect), func(ctx context.Context, tx db.Tx, m *rules.Module) {
		facts := opd()
		facts.PatientID, facts.SystemData = girl(ctx, t, tx), []byte(`{"ward":"3"}`)
		gate := closeGate(ctx, t, tx, m, facts)
		var got []string
		for _, b := range gate.Blocking {
			got = append(got, b.Rule+" "+b.Code)
		}
		want := []string{"base.blocks rules.blocked", "base.broken rules.not_evaluated", "base.child rules.reason_required"}
		if gate.CanClose || !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestNoSettingLetsACriticalResultBeForgotten(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		off := false
		tune(ctx, t, tx, m, "base.critical_results_acknowledged", func(in *rules.TuneInput) { in.Body.Enabled = &off })
		facts := opd()
		if gate := closeGate(ctx, t, tx, m, facts); !gate.CanClose {
			t.Errorf("with none: %+v", gate)
		}
		facts.UnacknowledgedCritical = []string{"K", "NA"}
		gate := closeGate(ctx, t, tx, m, facts)
		want := []rulesapi.Blocking{{Rule: "base.critical_results_acknowledged", Code: "rules.blocked", Message: "Critical results that nobody has acknowledged: K, NA."}}
		if gate.CanClose || !slices.Equal(gate.Blocking, want) {
			t.Errorf("got %+v", gate)
		}
		if _, _, err := m.PassClose(ctx, tx, facts, nil); !errors.Is(err, rulesapi.ErrBlocked) {
			t.Errorf("the close says %v", err)
		}
	})
}
