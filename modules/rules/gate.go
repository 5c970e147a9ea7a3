package rules

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var _ rulesapi.Gate = (*Module)(nil)

// codeNotEvaluated is told of a safety rule that holds an encounter open because it could not be checked.
const codeNotEvaluated = "rules.not_evaluated"

// ruleSet is what a pack's rules of one moment are, under the tenant's settings.
type ruleSet struct {
	rules    packsapi.RuleSet
	all      []packsapi.Rule
	settings map[string]packsapi.RuleSetting
	library  packsapi.Library
}

// none tells that there is nothing to ask.
func (s ruleSet) none() bool { return s.rules == nil }

// versionOf gives the version of the pack that brings a rule.
func (s ruleSet) versionOf(pack string) string {
	for _, r := range s.all {
		if r.Pack == pack && r.PackVersion != "" {
			return r.PackVersion
		}
	}
	return "0.0.0"
}

// rulesOf reads the rules of a moment. Where a pack has none, the tenant's settings are not read either.
func (m *Module) rulesOf(ctx context.Context, q db.DBTX, scope db.Scope, pack, moment string) (ruleSet, error) {
	library, err := m.deps.Packs.Of(ctx, q, scope)
	if err != nil {
		return ruleSet{}, err
	}
	set, err := library.Rules(pack, moment)
	if err != nil {
		return ruleSet{}, err
	}
	all := set.Rules()
	if len(all) == 0 {
		return ruleSet{library: library}, nil
	}
	changed, err := settings(ctx, q, scope.TenantID)
	return ruleSet{rules: set, all: all, settings: changed, library: library}, err
}

// asks tells whether a rule that is switched on asks for a fact, or a part of it.
func (s ruleSet) asks(fact string) bool {
	return slices.ContainsFunc(s.all, func(r packsapi.Rule) bool {
		return !r.IsOff(s.settings) && slices.ContainsFunc(r.Asks, func(name string) bool {
			return name == fact || strings.HasPrefix(name, fact+".") || strings.HasPrefix(fact, name+".")
		})
	})
}

// evaluate gives what fires. A rule that could not be checked is logged by its code: it waits for whoever wrote it.
func (s ruleSet) evaluate(ctx context.Context, facts map[string]any) ([]packsapi.Firing, error) {
	if s.none() {
		return nil, nil
	}
	firings, err := s.rules.Evaluate(ctx, facts, s.settings, httpx.Language(ctx))
	for _, f := range firings {
		if f.Failure != "" {
			slog.WarnContext(ctx, "a rule could not be checked", "rule", f.Code, "failure", f.Failure)
		}
	}
	return firings, err
}

// CloseGate implements rulesapi.Gate.
func (m *Module) CloseGate(ctx context.Context, q db.DBTX, scope db.Scope, facts rulesapi.CloseFacts) (rulesapi.CloseGate, error) {
	_, firings, err := m.askClose(ctx, q, scope, facts)
	if err != nil {
		return rulesapi.CloseGate{}, err
	}
	return gateOf(slices.DeleteFunc(firings, func(f packsapi.Firing) bool { return !holdsBack(f) })), nil
}

func (m *Module) askClose(ctx context.Context, q db.DBTX, scope db.Scope, facts rulesapi.CloseFacts) (ruleSet, []packsapi.Firing, error) {
	asked, err := m.rulesOf(ctx, q, scope, facts.Pack, packsapi.MomentEncounterClose)
	if err != nil || asked.none() {
		return asked, holdCritical(nil, facts), err
	}
	known, err := m.closeFacts(ctx, q, scope, asked.library, facts)
	if err != nil {
		return asked, nil, err
	}
	firings, err := asked.evaluate(ctx, known.Map())
	return asked, holdCritical(firings, facts), err
}

// ruleCritical is the base pack's rule that keeps an encounter open for its critical results.
const ruleCritical = "base.critical_results_acknowledged"

// holdCritical holds an encounter open while a critical result waits, also where the tenant switched the rule off or
// lowered it, or the facility's pack is built without it: it words the block, it does not grant it.
func holdCritical(firings []packsapi.Firing, facts rulesapi.CloseFacts) []packsapi.Firing {
	if len(facts.UnacknowledgedCritical) == 0 {
		return firings
	}
	blocks := func(f packsapi.Firing) bool {
		return f.Effect == packsapi.EffectBlock && f.Failure == "" && f.OverridableBy == ""
	}
	for _, f := range firings {
		if f.Code == ruleCritical && blocks(f) {
			return firings
		}
	}
	firings = slices.DeleteFunc(firings, func(f packsapi.Firing) bool { return f.Code == ruleCritical })
	return append(firings, packsapi.Firing{Code: ruleCritical, Facts: map[string]any{}, Effect: packsapi.EffectBlock, Severity: packsapi.SeveritySafety,
		Message: "Critical results that nobody has acknowledged: " + strings.Join(facts.UnacknowledgedCritical, ", ") + "."})
}

// gateOf shows what holds an encounter open.
func gateOf(held []packsapi.Firing) rulesapi.CloseGate {
	gate := rulesapi.CloseGate{CanClose: len(held) == 0, MissingTasks: []string{}, MissingDocuments: []string{}, Blocking: []rulesapi.Blocking{}}
	for _, f := range held {
		code := rulesapi.ErrBlocked.Code
		switch {
		case f.Failure != "":
			code = codeNotEvaluated
		case f.Effect == packsapi.EffectRequireReason:
			code = rulesapi.ErrReasonRequired.Code
		}
		gate.Blocking = append(gate.Blocking, rulesapi.Blocking{Rule: f.Code, Code: code, Message: f.Message})
		gate.MissingTasks = gather(gate.MissingTasks, f.Facts["missing_tasks"])
		gate.MissingDocuments = gather(gate.MissingDocuments, f.Facts["missing_documents"])
	}
	return gate
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
func (m *Module) closeFacts(ctx context.Context, q db.DBTX, scope db.Scope, library packsapi.Library, facts rulesapi.CloseFacts) (packsapi.CloseFacts, error) {
	workflow, err := library.Workflow(facts.Pack, facts.EncounterType)
	if err != nil {
		return packsapi.CloseFacts{}, fmt.Errorf("the workflow %s of pack %s is gone: %s", facts.EncounterType, facts.Pack, err)
	}
	about, err := m.about(ctx, q, scope, facts.Now, facts.PatientID)
	if err != nil {
		return packsapi.CloseFacts{}, err
	}
	about.Encounter, err = packsapi.EncounterOf(facts.EncounterType, facts.Pack, facts.Status, facts.SystemData)
	if err != nil {
		return packsapi.CloseFacts{}, err
	}
	known := packsapi.CloseFacts{About: about}
	for _, code := range workflow.Close.Tasks {
		step, _ := workflow.Step(code)
		known.Required.Tasks = append(known.Required.Tasks, packsapi.Named{Code: code, Title: step.Title.In(httpx.Language(ctx))})
	}
	for _, code := range workflow.Close.Documents {
		template, err := library.Template(facts.Pack, code, packsapi.Latest)
		if err != nil {
			return packsapi.CloseFacts{}, fmt.Errorf("the template %s of pack %s is gone: %s", code, facts.Pack, err)
		}
		known.Required.Documents = append(known.Required.Documents, packsapi.Named{Code: code, Title: template.Title.In(httpx.Language(ctx))})
	}
	for _, t := range facts.Tasks {
		known.Tasks = append(known.Tasks, packsapi.TaskFact{Code: t.Code, Title: t.Title, Status: t.Status})
	}
	for _, code := range facts.Documents {
		known.Documents = append(known.Documents, packsapi.DocumentFact{TemplateCode: code, Status: "FINAL"})
	}
	for _, code := range facts.Drafts {
		known.Documents = append(known.Documents, packsapi.DocumentFact{TemplateCode: code, Status: "DRAFT"})
	}
	for _, code := range facts.UnacknowledgedCritical {
		known.CriticalResults = append(known.CriticalResults, packsapi.CriticalResultFact{Code: code})
	}
	return known, nil
}
