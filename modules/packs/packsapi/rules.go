package packsapi

import "context"

// The moments at which rules are asked. Each module adds its own as it comes to ask.
const (
	MomentEncounterClose   = "encounter.close"
	MomentDocumentFinalize = "document.finalize"
)

// Moments lists every moment a rule may name, those that no module asks yet included.
func Moments() []string {
	return []string{"dispense", MomentDocumentFinalize, MomentEncounterClose, "order.create", "result.entered", "result.release", "task.complete"}
}

// Effect is what a rule does when it fires.
type Effect string

// The effects.
const (
	EffectBlock         Effect = "block"
	EffectWarn          Effect = "warn"
	EffectRequireReason Effect = "require_reason"
	EffectOpenTask      Effect = "open_task"
	EffectRaiseAlert    Effect = "raise_alert"
	EffectNotify        Effect = "notify"
)

// Severity says how much depends on a rule. A safety rule that cannot be evaluated blocks.
type Severity string

// The severities.
const (
	SeverityInfo    Severity = "info"
	SeverityWarning Severity = "warning"
	SeveritySafety  Severity = "safety"
)

// Rule is one rule as its pack states it.
type Rule struct {
	Pack     string   `json:"pack"`
	Code     string   `json:"code"`
	On       string   `json:"on"`
	When     string   `json:"when"`
	Then     Then     `json:"then"`
	Severity Severity `json:"severity"`
	Message  Text     `json:"message"`
	// OverridableBy is the permission that may override it; empty: nobody may.
	OverridableBy string         `json:"overridable_by"`
	Params        map[string]any `json:"params"`
}

// Then is a rule's effect; Task for open_task, To (a role) for raise_alert and notify.
type Then struct {
	Effect Effect    `json:"effect"`
	Task   *RuleTask `json:"task,omitempty"`
	To     string    `json:"to,omitempty"`
}

// RuleTask is the task a rule opens.
type RuleTask struct {
	Code  string `json:"code"`
	Title Text   `json:"title"`
	Role  string `json:"role"`
}

// RuleSetting is what a tenant changed about a rule. Params holds only what differs from the pack.
type RuleSetting struct {
	Disabled bool
	Severity Severity `json:"severity"`
	Params   map[string]any
}

// Firing is one rule that fired: which, why, and with which facts.
type Firing struct {
	Pack          string         `json:"-"`
	Code          string         `json:"code"`
	Effect        Effect         `json:"-"`
	Severity      Severity       `json:"severity"`
	Message       string         `json:"message"`
	Overridable   bool           `json:"overridable"`
	OverridableBy string         `json:"-"`
	Facts         map[string]any `json:"facts"`
	Then          Then           `json:"-"`
	// Failure is set when the rule could not be evaluated: "missing_fact", "cost_limit" or "error". Such a
	// safety rule blocks, any other only warns. Log it with the code; it holds no patient data.
	Failure string `json:"-"`
}

// RuleSet is a pack's rules for one moment.
type RuleSet interface {
	// Rules lists them, by code.
	Rules() []Rule
	// Evaluate gives every rule that fires on these facts, by code. Settings are the tenant's, by rule code.
	// Messages are in the locale. The error is only ctx's end.
	Evaluate(ctx context.Context, facts map[string]any, settings map[string]RuleSetting, locale string) ([]Firing, error)
	// CheckSetting says what is wrong with a tenant's setting of a rule: an unknown parameter, a wrong type.
	CheckSetting(code string, setting RuleSetting) []Fault
}

// CloseFacts are the facts of MomentEncounterClose.
type CloseFacts struct {
	About
	// Required is what the workflow asks for, with titles for the message.
	Required struct {
		Tasks     []Named
		Documents []Named
	}
	Tasks           []TaskFact
	Documents       []DocumentFact
	CriticalResults []CriticalResultFact
}

// Named is a code with the words people know it by.
type Named struct{ Code, Title string }

// TaskFact is a task of the encounter.
type TaskFact struct{ Code, Title, Status string }

// DocumentFact is the newest version of a clinical document of the encounter.
type DocumentFact struct{ TemplateCode, Status string }

// CriticalResultFact is a critical laboratory result of the encounter.
type CriticalResultFact struct {
	Code         string
	Acknowledged bool
}

// Map gives the facts under the names rules use: encounter, patient, now, required, facts.
func (c CloseFacts) Map() map[string]any {
	named := func(all []Named) []any {
		list := make([]any, len(all))
		for i, n := range all {
			list[i] = map[string]any{"code": n.Code, "title": n.Title}
		}
		return list
	}
	tasks := make([]any, len(c.Tasks))
	for i, t := range c.Tasks {
		tasks[i] = map[string]any{"code": t.Code, "title": t.Title, "status": t.Status}
	}
	documents := make([]any, len(c.Documents))
	for i, d := range c.Documents {
		documents[i] = map[string]any{"template_code": d.TemplateCode, "status": d.Status}
	}
	results := make([]any, len(c.CriticalResults))
	for i, r := range c.CriticalResults {
		results[i] = map[string]any{"code": r.Code, "acknowledged": r.Acknowledged}
	}
	return map[string]any{
		"encounter": c.Encounter.Map(),
		"patient":   c.Patient.Map(),
		"now":       c.Now,
		"required":  map[string]any{"tasks": named(c.Required.Tasks), "documents": named(c.Required.Documents)},
		"facts":     map[string]any{"tasks": tasks, "documents": documents, "critical_results": results},
	}
}

// FinalizeFacts are the facts of MomentDocumentFinalize.
type FinalizeFacts struct {
	About
	TemplateCode string
	Payload      map[string]any
	Computed     map[string]any
}

// Map gives the facts under the names rules use: encounter, patient, now, document.
func (f FinalizeFacts) Map() map[string]any {
	return map[string]any{
		"encounter": f.Encounter.Map(),
		"patient":   f.Patient.Map(),
		"now":       f.Now,
		"document":  map[string]any{"template_code": f.TemplateCode, "payload": f.Payload, "computed": f.Computed},
	}
}
