package rules

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var _ rulesapi.Gate = (*Module)(nil)

// Codes of a rule that holds an act back, beside the rule's own.
const (
	codeBlocked      = "rules.blocked"
	codeNotEvaluated = "rules.not_evaluated"
)

// evaluate gives what fires of a pack's rules for a moment, under the tenant's settings. A rule that could not be
// checked is logged by its code: it waits for whoever wrote it.
func (m *Module) evaluate(ctx context.Context, q db.DBTX, scope db.Scope, pack, moment string, facts map[string]any) ([]packsapi.Firing, error) {
	library, err := m.packs.Of(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	set, err := library.Rules(pack, moment)
	if err != nil {
		return nil, err
	}
	changed, err := settings(ctx, q, scope.TenantID)
	if err != nil {
		return nil, err
	}
	firings, err := set.Evaluate(ctx, facts, changed, packsapi.DefaultLocale)
	for _, f := range firings {
		if f.Failure != "" {
			slog.WarnContext(ctx, "a rule could not be checked", "rule", f.Code, "failure", f.Failure)
		}
	}
	return firings, err
}

// holdsBack tells whether a firing keeps its act from passing. A reason cannot be given yet where one is required,
// so such a rule holds back as well.
func holdsBack(f packsapi.Firing) bool {
	return f.Effect == packsapi.EffectBlock || f.Effect == packsapi.EffectRequireReason
}

func fired(f packsapi.Firing) rulesapi.Fired {
	facts := f.Facts
	if facts == nil {
		facts = map[string]any{}
	}
	return rulesapi.Fired{Code: f.Code, Severity: string(f.Severity), Message: f.Message, Overridable: f.Overridable, Facts: facts}
}

// Ask implements rulesapi.Gate.
func (m *Module) Ask(ctx context.Context, q db.DBTX, scope db.Scope, question rulesapi.Question) (rulesapi.Answer, error) {
	answer := rulesapi.Answer{Blocking: []rulesapi.Fired{}, Warnings: []rulesapi.Fired{}}
	firings, err := m.evaluate(ctx, q, scope, question.Pack, question.Moment, question.Facts)
	for _, f := range firings {
		switch {
		case holdsBack(f):
			answer.Blocking = append(answer.Blocking, fired(f))
		case f.Effect == packsapi.EffectWarn:
			answer.Warnings = append(answer.Warnings, fired(f))
		}
	}
	return answer, err
}

// CloseGate implements rulesapi.Gate.
func (m *Module) CloseGate(ctx context.Context, q db.DBTX, scope db.Scope, facts rulesapi.CloseFacts) (rulesapi.CloseGate, error) {
	known, err := m.closeFacts(ctx, q, scope, facts)
	if err != nil {
		return rulesapi.CloseGate{}, err
	}
	firings, err := m.evaluate(ctx, q, scope, facts.Pack, packsapi.MomentEncounterClose, known.Map())
	if err != nil {
		return rulesapi.CloseGate{}, err
	}
	gate := rulesapi.CloseGate{MissingTasks: []string{}, MissingDocuments: []string{}, Blocking: []rulesapi.Blocking{}, Fired: []rulesapi.Fired{}}
	for _, f := range firings {
		if !holdsBack(f) {
			continue
		}
		code := codeBlocked
		if f.Failure != "" {
			code = codeNotEvaluated
		}
		gate.Blocking = append(gate.Blocking, rulesapi.Blocking{Rule: f.Code, Code: code, Message: f.Message})
		gate.Fired = append(gate.Fired, fired(f))
		gate.MissingTasks = gather(gate.MissingTasks, f.Facts["missing_tasks"])
		gate.MissingDocuments = gather(gate.MissingDocuments, f.Facts["missing_documents"])
	}
	gate.CanClose = len(gate.Blocking) == 0
	return gate, nil
}

// gather adds the codes that a rule found missing, each once.
func gather(codes []string, found any) []string {
	list, _ := found.([]any)
	for _, item := range list {
		if code, ok := item.(string); ok && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// closeFacts joins what the encounter has with what its workflow asks for. Whatever a pack taught when the encounter
// was opened is still there, so its absence is a fault of ours and no "not found" for the caller.
func (m *Module) closeFacts(ctx context.Context, q db.DBTX, scope db.Scope, facts rulesapi.CloseFacts) (packsapi.CloseFacts, error) {
	library, err := m.packs.Of(ctx, q, scope)
	if err != nil {
		return packsapi.CloseFacts{}, err
	}
	workflow, err := library.Workflow(facts.Pack, facts.EncounterType)
	if err != nil {
		return packsapi.CloseFacts{}, fmt.Errorf("the workflow %s of pack %s is gone: %s", facts.EncounterType, facts.Pack, err)
	}
	known := packsapi.CloseFacts{About: packsapi.About{
		Patient:   packsapi.PatientFacts{Gender: facts.Gender},
		Encounter: packsapi.EncounterFacts{EncounterType: facts.EncounterType, Pack: facts.Pack, Status: facts.Status},
		Now:       facts.Now,
	}}
	if len(facts.SystemData) > 0 {
		if err := json.Unmarshal(facts.SystemData, &known.Encounter.SystemData); err != nil {
			return packsapi.CloseFacts{}, fmt.Errorf("system data of encounter %s: %w", facts.EncounterID, err)
		}
	}
	if born := facts.DateOfBirth; born != nil {
		today := clock.DateOf(facts.Now)
		years, days := int64(born.YearsUntil(today)), int64(born.DaysUntil(today))
		known.Patient.AgeYears, known.Patient.AgeDays = &years, &days
	}
	for _, code := range workflow.Close.Tasks {
		step, _ := workflow.Step(code)
		known.Required.Tasks = append(known.Required.Tasks, packsapi.Named{Code: code, Title: step.Title.In(packsapi.DefaultLocale)})
	}
	for _, code := range workflow.Close.Documents {
		template, err := library.Template(facts.Pack, code, packsapi.Latest)
		if err != nil {
			return packsapi.CloseFacts{}, fmt.Errorf("the template %s of pack %s is gone: %s", code, facts.Pack, err)
		}
		known.Required.Documents = append(known.Required.Documents, packsapi.Named{Code: code, Title: template.Title.In(packsapi.DefaultLocale)})
	}
	for _, t := range facts.Tasks {
		known.Tasks = append(known.Tasks, packsapi.TaskFact{Code: t.Code, Title: t.Title, Status: t.Status})
	}
	for _, code := range facts.Documents {
		known.Documents = append(known.Documents, packsapi.DocumentFact{TemplateCode: code, Status: "FINAL"})
	}
	for _, code := range facts.UnacknowledgedCritical {
		known.CriticalResults = append(known.CriticalResults, packsapi.CriticalResultFact{Code: code})
	}
	return known, nil
}
