package rules

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// Pass implements rulesapi.Gate.
func (m *Module) Pass(ctx context.Context, tx db.Tx, question rulesapi.Question) ([]rulesapi.Warning, error) {
	asked, err := m.rulesOf(ctx, tx, tx.Scope(), question.Pack, question.Moment)
	if err != nil || asked.none() {
		return nil, err
	}
	if question.Facts, err = m.complete(ctx, tx, asked, question); err != nil {
		return nil, err
	}
	firings, err := asked.evaluate(ctx, question.Facts)
	if err != nil {
		return nil, err
	}
	d := decide(ctx, firings, question.Overrides)
	if err := d.refusal(); err != nil {
		return nil, err
	}
	return d.warnings(), m.record(ctx, tx, asked, question, d.passed)
}

// PassClose implements rulesapi.Gate.
func (m *Module) PassClose(ctx context.Context, tx db.Tx, facts rulesapi.CloseFacts, overrides []rulesapi.Override) (rulesapi.CloseGate, []rulesapi.Warning, error) {
	asked, firings, err := m.askClose(ctx, tx, tx.Scope(), facts)
	if err != nil {
		return rulesapi.CloseGate{}, nil, err
	}
	d := decide(ctx, firings, overrides)
	gate := gateOf(d.held)
	if err := d.refusal(); err != nil {
		return gate, nil, err
	}
	question := rulesapi.Question{
		Pack: facts.Pack, Moment: packsapi.MomentEncounterClose, EncounterID: facts.EncounterID, PatientID: facts.PatientID,
		Facts: map[string]any{"encounter": map[string]any{"status": facts.Status}},
	}
	return gate, d.warnings(), m.record(ctx, tx, asked, question, d.passed)
}

// decision is what becomes of an act whose rules fired.
type decision struct {
	// held are the rules that hold it back, by code, and rules what the caller is told of them.
	held  []packsapi.Firing
	rules []rulesapi.Fired
	// blocked says that one of them wants more than a reason of this caller.
	blocked bool
	passed  []passedRule
}

// passedRule is a rule that fired and let the act pass, with the reason it was passed for.
type passedRule struct {
	packsapi.Firing
	reason string
}

// decide holds each firing against what the caller sent. An override of a rule that does not hold back, or that is
// unknown, says nothing: what fires may have changed since the caller was told of it.
func decide(ctx context.Context, firings []packsapi.Firing, overrides []rulesapi.Override) decision {
	var d decision
	for _, f := range firings {
		if !holdsBack(f) {
			d.passed = append(d.passed, passedRule{Firing: f})
			continue
		}
		if reason := reasonFor(f.Code, overrides); reason != "" && mayOverride(ctx, f) {
			d.passed = append(d.passed, passedRule{f, reason})
			continue
		}
		d.held, d.rules = append(d.held, f), append(d.rules, fired(ctx, f))
		d.blocked = d.blocked || f.Effect == packsapi.EffectBlock || !mayOverride(ctx, f)
	}
	return d
}

// holdsBack tells whether a firing keeps its act from passing until somebody overrides it.
func holdsBack(f packsapi.Firing) bool {
	return f.Effect == packsapi.EffectBlock || f.Effect == packsapi.EffectRequireReason
}

// mayOverride tells whether the caller may pass the rule with a reason: whoever holds the permission that it names. A
// reason that a rule wants without naming one, everybody may give who may act at all.
func mayOverride(ctx context.Context, f packsapi.Firing) bool {
	if f.OverridableBy == "" {
		return f.Effect == packsapi.EffectRequireReason
	}
	return auth.Can(ctx, f.OverridableBy)
}

func reasonFor(code string, overrides []rulesapi.Override) string {
	for _, o := range overrides {
		if reason := strings.TrimSpace(o.Reason); o.Rule == code && reason != "" {
			return reason
		}
	}
	return ""
}

// refusal is the answer to an act that may not pass; nil when it may. One rule that blocks makes the whole a block.
func (d decision) refusal() error {
	if len(d.held) == 0 {
		return nil
	}
	answer := rulesapi.ErrReasonRequired
	if d.blocked {
		answer = rulesapi.ErrBlocked
	}
	var codes []string
	for _, f := range d.held {
		codes = append(codes, f.Code)
	}
	// The caller is told of the rules in full, the audit trail by their codes.
	return answer.With("rules", d.rules).Because(codes...)
}

// warnings are the words of every rule that fired and held nothing back, whatever else it asks for: whoever acts hears
// of the alert that their act raised. What was passed with a reason, the caller has read already.
func (d decision) warnings() []rulesapi.Warning {
	var warnings []rulesapi.Warning
	for _, f := range d.passed {
		if !holdsBack(f.Firing) {
			warnings = append(warnings, rulesapi.Warning{Code: f.Code, Severity: string(f.Severity), Message: f.Message})
		}
	}
	return warnings
}

func fired(ctx context.Context, f packsapi.Firing) rulesapi.Fired {
	facts := f.Facts
	if facts == nil {
		facts = map[string]any{}
	}
	return rulesapi.Fired{Code: f.Code, Severity: string(f.Severity), Message: f.Message, Overridable: mayOverride(ctx, f), Facts: facts}
}

// insertFiring travels with COMMIT: a rule that fires costs its act no round trip.
const insertFiring = `INSERT INTO rules.firing (tenant_id, id, facility_id, encounter_id, patient_id, moment, rule, pack, pack_version, effect,
		severity, outcome, message, reason, failure, facts, actor_id, at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`

// record keeps what fired on an act that passes, and tells the house what rules ask for.
func (m *Module) record(ctx context.Context, tx db.Tx, asked ruleSet, question rulesapi.Question, passed []passedRule) error {
	scope := tx.Scope()
	for _, p := range passed {
		facts, err := json.Marshal(p.Facts)
		if err != nil || string(facts) == "null" {
			facts = []byte("{}") // a number that JSON has no words for, or no facts
		}
		firingID := id.New()
		outcome, err := m.outcomeOf(ctx, tx, question, p)
		if err != nil {
			return err
		}
		tx.AtCommit(insertFiring, scope.TenantID, firingID, scope.FacilityID, question.EncounterID, question.PatientID, question.Moment,
			p.Code, p.Pack, asked.versionOf(p.Pack), string(p.Effect), string(p.Severity), outcome, p.Message, orNull(p.reason),
			orNull(p.Failure), json.RawMessage(facts), id.Ptr(scope.UserID), tx.Now())
		if !asksForMore(p.Effect) {
			continue
		}
		err = m.deps.Bus.Publish(ctx, tx, rulesapi.RuleFired{
			FiringID: firingID, EncounterID: question.EncounterID, PatientID: question.PatientID, Pack: question.Pack, Moment: question.Moment,
			Rule: p.Code, Effect: string(p.Effect), Severity: string(p.Severity), SubjectID: question.SubjectID,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// asksForMore tells whether a rule wants more done than said.
func asksForMore(e packsapi.Effect) bool {
	return e == packsapi.EffectOpenTask || e == packsapi.EffectRaiseAlert || e == packsapi.EffectNotify ||
		e == packsapi.EffectOrderTests || e == packsapi.EffectAutoVerify
}

// outcomeOf says what becomes of a firing. Ask before it is told: a task opens as soon as the house hears of it.
func (m *Module) outcomeOf(ctx context.Context, tx db.Tx, question rulesapi.Question, p passedRule) (string, error) {
	switch p.Effect {
	case packsapi.EffectWarn:
		return "warned", nil
	case packsapi.EffectOpenTask:
		if isOver(question.Facts) {
			return "task_not_opened", nil
		}
		waits, err := m.waits(ctx, tx, question.EncounterID, p.Then.Task)
		if waits {
			return "task_open_already", err
		}
		return "task_opened", err
	case packsapi.EffectRaiseAlert:
		return "alert_raised", nil
	case packsapi.EffectNotify:
		return "notification_recorded", nil
	case packsapi.EffectOrderTests:
		return "tests_ordered", nil
	case packsapi.EffectAutoVerify:
		return "auto_verified", nil
	default:
		return "overridden", nil
	}
}

// waits tells whether the task that a rule asks for is to do already. The caller holds the encounter, and so its tasks.
func (m *Module) waits(ctx context.Context, tx db.Tx, encounterID uuid.UUID, asked *packsapi.RuleTask) (bool, error) {
	if asked == nil {
		return false, nil
	}
	tasks, err := m.deps.Tasks.OfEncounter(ctx, tx, tx.Scope(), encounterID)
	return slices.ContainsFunc(tasks, func(t tasksapi.Task) bool {
		return t.Code == asked.Code && (t.Status == tasksapi.StatusOpen || t.Status == tasksapi.StatusInProgress)
	}), err
}

// isOver tells whether the act's encounter has ended, as when a document is amended later: it takes no task any more.
func isOver(facts map[string]any) bool {
	encounter, _ := facts["encounter"].(map[string]any)
	return encounter["status"] == "CLOSED" || encounter["status"] == "CANCELLED"
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
