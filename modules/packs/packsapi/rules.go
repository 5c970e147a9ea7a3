package packsapi

import (
	"context"
	"errors"
	"slices"

	"hmsoftware.com/hm/kit/db"
)

// The moments at which rules are asked. Each module adds its own as it comes to ask.
const (
	MomentEncounterClose   = "encounter.close"
	MomentDocumentFinalize = "document.finalize"
	MomentOrderCreate      = "order.create"
	MomentTaskComplete     = "task.complete"
	MomentResultEntered    = "result.entered"
	MomentResultAutoverify = "result.autoverify"
	MomentResultRelease    = "result.release"
)

// Moments lists every moment a rule may name, those that no module asks yet included.
func Moments() []string {
	return []string{"dispense", MomentDocumentFinalize, MomentEncounterClose, MomentOrderCreate,
		MomentResultAutoverify, MomentResultEntered, MomentResultRelease, MomentTaskComplete}
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
	// EffectOrderTests orders more tests on what a result says; EffectAutoVerify vouches for one in a person's place.
	EffectOrderTests Effect = "order_tests"
	EffectAutoVerify Effect = "auto_verify"
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
	// Disabled says that the rule is not asked until a tenant switches it on.
	Disabled bool `json:"disabled"`
	// Asks are the facts that its condition and its why name, such as facts.recent_results: what is costly to gather
	// need not be where no rule asks for it.
	Asks []string `json:"-"`
	// PackVersion is the version of Pack, be it one that is only laid over others.
	PackVersion string `json:"-"`
}

// Then is a rule's effect; Task for open_task, To (a role) for raise_alert and notify, Order (services) for order_tests.
type Then struct {
	Effect Effect    `json:"effect"`
	Task   *RuleTask `json:"task,omitempty"`
	To     string    `json:"to,omitempty"`
	Order  []string  `json:"order,omitempty"`
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
	// Evaluate gives every rule that fires on these facts, by code. Settings are the tenant's, by rule code; a rule without
	// one is as its pack has it.
	// Messages are in the locale. The error is only ctx's end.
	Evaluate(ctx context.Context, facts map[string]any, settings map[string]RuleSetting, locale string) ([]Firing, error)
	// CheckSetting says what is wrong with a tenant's setting of a rule: an unknown parameter, a wrong type.
	CheckSetting(code string, setting RuleSetting) []Fault
}

// FindRule gives a rule as its pack states it now; nil without an error where the pack cannot be used any more, or has no
// such rule at that moment: who comes after a rule has fired may come too late.
func FindRule(ctx context.Context, q db.DBTX, packs Reader, scope db.Scope, pack, moment, code string) (*Rule, error) {
	library, err := packs.Of(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	set, err := library.Rules(pack, moment)
	if errors.Is(err, ErrUnknownPack) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rules := set.Rules()
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Code == code }); i >= 0 {
		return &rules[i], nil
	}
	return nil, nil
}

// IsOff says whether the rule is not asked under a tenant's settings.
func (r Rule) IsOff(settings map[string]RuleSetting) bool {
	if setting, ok := settings[r.Code]; ok {
		return setting.Disabled
	}
	return r.Disabled
}
