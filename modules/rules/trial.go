package rules

import (
	"context"
	"maps"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// TryInput is what a rule is tried on.
type TryInput struct {
	ByCode
	Body struct {
		Facts      map[string]any `json:"facts" doc:"What the rule's moment knows, such as {required: {tasks, documents}, facts: {tasks, documents, critical_results}} for encounter.close"`
		Parameters map[string]any `json:"parameters,omitempty" doc:"Tried in place of those in force"`
	}
}

// Trial is how a rule came out.
type Trial struct {
	Code        string         `json:"code"`
	Enabled     bool           `json:"enabled" doc:"Whether the rule is asked at all outside this trial"`
	Fires       bool           `json:"fires"`
	Effect      string         `json:"effect" enum:"block,warn,require_reason,open_task,raise_alert,notify,order_tests,auto_verify" doc:"What firing does; for a rule that could not be checked, what that does"`
	Severity    string         `json:"severity" enum:"info,warning,safety"`
	Message     *string        `json:"message" doc:"What it says; null when it does not fire"`
	Overridable bool           `json:"overridable"`
	Facts       map[string]any `json:"facts" doc:"Why: the facts that made it fire"`
	Failure     *string        `json:"failure" enum:"missing_fact,cost_limit,error" doc:"Why it could not be checked; null when it could"`
}

// Try evaluates one rule on given facts. Nothing is written.
func (m *Module) Try(ctx context.Context, tx db.Tx, in TryInput) (Trial, error) {
	rule, set, err := m.one(ctx, tx, tx.Scope(), in.Code)
	if err != nil {
		return Trial{}, err
	}
	stored, err := settings(ctx, tx, tx.Scope().TenantID)
	if err != nil {
		return Trial{}, err
	}
	setting := stored[in.Code]
	trial := Trial{Code: rule.Code, Enabled: !rule.IsOff(stored), Effect: string(rule.Then.Effect), Severity: string(rule.Severity),
		Overridable: rule.OverridableBy != "", Facts: map[string]any{}}
	if setting.Severity != "" {
		trial.Severity = string(setting.Severity)
	}
	setting.Disabled = false
	if in.Body.Parameters != nil {
		setting.Params = in.Body.Parameters
		if err := faultsOf(set, in.Code, packsapi.RuleSetting{Params: setting.Params}); err != nil {
			return Trial{}, err
		}
	}
	// Only this rule is asked: the others of its moment may need facts that the trial does not give.
	alone := map[string]packsapi.RuleSetting{}
	for _, other := range set.Rules() {
		alone[other.Code] = packsapi.RuleSetting{Disabled: true}
	}
	alone[in.Code] = setting
	firings, err := set.Evaluate(ctx, in.Body.Facts, alone, httpx.Language(ctx))
	if err != nil || len(firings) == 0 {
		return trial, err
	}
	f := firings[0]
	trial.Effect, trial.Message, trial.Overridable = string(f.Effect), &f.Message, f.Overridable
	maps.Copy(trial.Facts, f.Facts)
	if f.Failure != "" {
		trial.Failure = &f.Failure
	} else {
		trial.Fires = true
	}
	return trial, nil
}
