package rules

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/internal/rulesdb"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var (
	errNotFound = errs.NotFound("rules.not_found", "There is no such rule.")
	errInvalid  = errs.Invalid("rules.invalid", "The override has faults; see errors.")
	errQuery    = errs.Invalid("request.invalid", "The request has faults; see errors.")
)

// Rule as it holds for the caller's tenant.
type Rule struct {
	httpx.Version `json:"-"`
	Code          string         `json:"code" example:"base.required_tasks"`
	Pack          string         `json:"pack"`
	On            string         `json:"on" example:"encounter.close" doc:"The moment at which it is asked"`
	When          string         `json:"when" doc:"CEL: it fires when this holds"`
	Effect        string         `json:"effect" enum:"block,warn,require_reason,open_task,raise_alert,notify,order_tests,auto_verify"`
	Message       string         `json:"message" doc:"What it says when it fires; {name} stands for a fact or parameter"`
	OverridableBy *string        `json:"overridable_by" doc:"The permission that may pass it with a reason; null: nobody"`
	Enabled       bool           `json:"enabled"`
	Severity      string         `json:"severity" enum:"info,warning,safety"`
	Parameters    map[string]any `json:"parameters" doc:"As they are in force"`
	Defaults      Defaults       `json:"defaults" doc:"As the pack has it"`
	Override      *Override      `json:"override" doc:"What this tenant changed; null when nothing"`
}

// Defaults are a rule's settings in its pack.
type Defaults struct {
	Enabled    bool           `json:"enabled" doc:"False: the pack ships it switched off"`
	Severity   string         `json:"severity" enum:"info,warning,safety"`
	Parameters map[string]any `json:"parameters"`
}

// Override is what a tenant changed about a rule.
type Override struct {
	Enabled    bool           `json:"enabled"`
	Severity   *string        `json:"severity" enum:"info,warning,safety"`
	Parameters map[string]any `json:"parameters"`
	UpdatedAt  time.Time      `json:"updated_at"`
}

// present joins a rule with what the tenant changed; override is nil when it changed nothing.
func present(ctx context.Context, rule packsapi.Rule, override *rulesdb.RulesOverride) (Rule, error) {
	out := Rule{
		Code: rule.Code, Pack: rule.Pack, On: rule.On, When: rule.When, Effect: string(rule.Then.Effect),
		Message: rule.Message.In(httpx.Language(ctx)), Enabled: !rule.Disabled, Severity: string(rule.Severity), Parameters: maps.Clone(rule.Params),
		Defaults: Defaults{Enabled: !rule.Disabled, Severity: string(rule.Severity), Parameters: rule.Params},
	}
	if rule.OverridableBy != "" {
		out.OverridableBy = &rule.OverridableBy
	}
	for _, parameters := range []*map[string]any{&out.Parameters, &out.Defaults.Parameters} {
		if *parameters == nil {
			*parameters = map[string]any{}
		}
	}
	if override == nil {
		return out, nil
	}
	setting, err := settingOf(*override)
	if err != nil {
		return Rule{}, err
	}
	out.Version = httpx.Version(override.Version)
	out.Enabled = override.Enabled
	out.Severity = cmp.Or(string(setting.Severity), out.Severity)
	maps.Copy(out.Parameters, setting.Params)
	out.Override = &Override{Enabled: override.Enabled, Severity: override.Severity, Parameters: setting.Params, UpdatedAt: override.UpdatedAt}
	return out, nil
}

// ListInput filters rules.
type ListInput struct {
	httpx.PageParams
	On   string `query:"on" maxLength:"64" doc:"One moment, such as encounter.close"`
	Pack string `query:"pack" maxLength:"64" doc:"What an encounter of this pack meets: its own rules and those of the packs it extends"`
}

// List gives the rules of one pack, or of all, by code.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Rule], error) {
	var after struct{ Code string }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Rule]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	library, err := m.deps.Packs.Of(ctx, q, scope)
	if err != nil {
		return httpx.Page[Rule]{}, err
	}
	found, err := find(library, in.Pack, in.On)
	if err != nil {
		return httpx.Page[Rule]{}, err
	}
	rows, err := rulesdb.New(q).ListOverrides(ctx, scope.TenantID)
	if err != nil {
		return httpx.Page[Rule]{}, err
	}
	overrides := map[string]*rulesdb.RulesOverride{}
	for i := range rows {
		overrides[rows[i].Code] = &rows[i]
	}
	rules := []Rule{}
	for _, rule := range found {
		if rule.Code <= after.Code || len(rules) > in.Limit {
			continue
		}
		shown, err := present(ctx, rule, overrides[rule.Code])
		if err != nil {
			return httpx.Page[Rule]{}, err
		}
		rules = append(rules, shown)
	}
	page := httpx.NewPage(rules, in.Limit, func(r Rule) any { return struct{ Code string }{r.Code} })
	if in.Count {
		total := int64(len(found))
		page.Count = &total
	}
	return page, nil
}

// find gives the rules of a pack (of every pack when empty) for a moment (for every moment when empty), by code.
func find(library packsapi.Library, pack, moment string) ([]packsapi.Rule, error) {
	moments := packsapi.Moments()
	if moment != "" {
		if !slices.Contains(moments, moment) {
			return nil, errQuery.At("query.on", "Must be one of "+strings.Join(moments, ", ")+".")
		}
		moments = []string{moment}
	}
	packs := []string{pack}
	if pack == "" {
		packs = nil
		for _, p := range library.Packs() {
			packs = append(packs, p.ID)
		}
	}
	byCode := map[string]packsapi.Rule{}
	for _, pack := range packs {
		for _, moment := range moments {
			set, err := library.Rules(pack, moment)
			if err != nil {
				return nil, err
			}
			for _, rule := range set.Rules() {
				byCode[rule.Code] = rule
			}
		}
	}
	return slices.SortedFunc(maps.Values(byCode), func(a, b packsapi.Rule) int { return strings.Compare(a.Code, b.Code) }), nil
}

// one finds a rule by its code, with the set it is evaluated in: that of the pack which the code's first part names, or,
// for a rule that a site pack brings, of the first pack that has it.
func (m *Module) one(ctx context.Context, q db.DBTX, scope db.Scope, code string) (packsapi.Rule, packsapi.RuleSet, error) {
	library, err := m.deps.Packs.Of(ctx, q, scope)
	if err != nil {
		return packsapi.Rule{}, nil, err
	}
	own, _, _ := strings.Cut(code, ".")
	packs := []string{own}
	for _, p := range library.Packs() {
		packs = append(packs, p.ID)
	}
	for _, pack := range packs {
		for _, moment := range packsapi.Moments() {
			set, err := library.Rules(pack, moment)
			if errors.Is(err, packsapi.ErrUnknownPack) {
				break
			}
			if err != nil {
				return packsapi.Rule{}, nil, err
			}
			rules := set.Rules()
			if i := slices.IndexFunc(rules, func(r packsapi.Rule) bool { return r.Code == code }); i >= 0 {
				return rules[i], set, nil
			}
		}
	}
	return packsapi.Rule{}, nil, errNotFound
}

// ByCode names one rule.
type ByCode struct {
	Code string `path:"code" maxLength:"200" example:"base.required_tasks"`
}

// Get gives one rule.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByCode) (Rule, error) {
	scope, _ := db.ScopeOf(ctx)
	rule, _, err := m.one(ctx, q, scope, in.Code)
	if err != nil {
		return Rule{}, err
	}
	override, err := get(ctx, q, scope, in.Code)
	if err != nil {
		return Rule{}, err
	}
	return present(ctx, rule, override)
}

// get reads the tenant's override; nil when there is none.
func get(ctx context.Context, q db.DBTX, scope db.Scope, code string) (*rulesdb.RulesOverride, error) {
	row, err := rulesdb.New(q).GetOverride(ctx, rulesdb.GetOverrideParams{TenantID: scope.TenantID, Code: code})
	if db.IsNoRows(err) {
		return nil, nil
	}
	return &row, err
}

// TuneInput replaces the tenant's override.
type TuneInput struct {
	ByCode
	httpx.IfMatch
	Body struct {
		Enabled    *bool          `json:"enabled,omitempty" doc:"False: the rule is never asked. As the pack has it when absent"`
		Severity   string         `json:"severity,omitempty" enum:"info,warning,safety" doc:"As the pack has it when absent"`
		Parameters map[string]any `json:"parameters,omitempty" doc:"Only what differs from the pack; at most 64 KiB"`
	}
}

const maxParameterBytes = 64 << 10

// Tune changes how a rule works for the tenant, in all its facilities, from the next act on.
func (m *Module) Tune(ctx context.Context, tx db.Tx, in TuneInput) (Rule, error) {
	rule, set, err := m.one(ctx, tx, tx.Scope(), in.Code)
	if err != nil {
		return Rule{}, err
	}
	parameters, err := m.checked(set, in)
	if err != nil {
		return Rule{}, err
	}
	tenantID := tx.Scope().TenantID
	// A first override has no row to lock: two at once would both insert.
	tx.Lock("rules.override", tenantID.String(), in.Code)
	row, err := get(ctx, tx, tx.Scope(), in.Code)
	if err != nil {
		return Rule{}, err
	}
	var version httpx.Version
	if row != nil {
		version = httpx.Version(row.Version)
	}
	if err := in.IfMatch.Check(version); err != nil {
		return Rule{}, err
	}
	enabled, severity := !rule.Disabled, (*string)(nil)
	if in.Body.Enabled != nil {
		enabled = *in.Body.Enabled
	}
	if in.Body.Severity != "" {
		severity = &in.Body.Severity
	}
	queries := rulesdb.New(tx)
	var written rulesdb.RulesOverride
	if row == nil {
		written, err = queries.InsertOverride(ctx, rulesdb.InsertOverrideParams{
			TenantID: tenantID, ID: id.New(), Code: in.Code, Enabled: enabled, Severity: severity, Parameters: parameters, Now: tx.Now()})
	} else {
		written, err = queries.UpdateOverride(ctx, rulesdb.UpdateOverrideParams{
			Enabled: enabled, Severity: severity, Parameters: parameters, Now: tx.Now(), TenantID: tenantID, Code: in.Code})
	}
	if err != nil {
		return Rule{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, rulesapi.Tuned{OverrideID: written.ID, Code: written.Code, Version: written.Version}); err != nil {
		return Rule{}, err
	}
	return present(ctx, rule, &written)
}

// checked gives the parameters as they are stored, or every fault of them.
func (m *Module) checked(set packsapi.RuleSet, in TuneInput) (json.RawMessage, error) {
	setting := packsapi.RuleSetting{Severity: packsapi.Severity(in.Body.Severity), Params: in.Body.Parameters}
	if err := faultsOf(set, in.Code, setting); err != nil {
		return nil, err
	}
	if in.Body.Parameters == nil {
		return json.RawMessage("{}"), nil
	}
	parameters, err := json.Marshal(in.Body.Parameters)
	if err != nil || len(parameters) > maxParameterBytes {
		return nil, errInvalid.At("body.parameters", "Is larger than 64 KiB.")
	}
	return parameters, nil
}

// faultsOf says what is wrong with a setting, under the names of the request's body.
func faultsOf(set packsapi.RuleSet, code string, setting packsapi.RuleSetting) error {
	faults := errInvalid
	for _, f := range set.CheckSetting(code, setting) {
		path := f.Path
		if rest, ok := strings.CutPrefix(path, "params"); ok {
			path = "parameters" + rest
		}
		faults = faults.At("body."+path, f.Message)
	}
	if len(faults.Fields) > 0 {
		return faults
	}
	return nil
}
