package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

var errUnknownKind = errs.NotFound("alerts.unknown_kind", "There is no such kind of alert.")

// Policy says how the tenant's alerts of a kind escalate.
type Policy struct {
	httpx.Version `json:"-"`
	Kind          string              `json:"kind" doc:"critical_result, test_overdue, sample_rejected, quality_control, rule (of every rule without one of its own), or rule: and a rule's code"`
	Severity      *alertsapi.Severity `json:"severity" enum:"INFO,WARNING,CRITICAL" doc:"Null for the severity that the alert comes with"`
	Steps         []Step              `json:"steps" nullable:"false"`
	Repeats       int                 `json:"repeats" doc:"How often the last step is repeated, as long after one another as it waits"`
	IsBuiltIn     bool                `json:"is_built_in" doc:"The tenant has written none"`
	UpdatedAt     *time.Time          `json:"updated_at"`
}

// inForce gives the rules of escalation for a kind: the tenant's own, or the built-in ones.
func (m *Module) inForce(ctx context.Context, q db.DBTX, tenantID uuid.UUID, kind string) (escalation, error) {
	kinds := chain(kind)
	rows, err := alertsdb.New(q).PoliciesOf(ctx, alertsdb.PoliciesOfParams{TenantID: tenantID, Kinds: kinds})
	if err != nil {
		return escalation{}, err
	}
	for _, nearest := range kinds {
		for _, row := range rows {
			if row.Kind == nearest {
				e, err := escalationOf(row)
				e.endless = endless(kind)
				return e, err
			}
		}
	}
	return builtInOf(kind), nil
}

func escalationOf(row alertsdb.AlertsPolicy) (escalation, error) {
	e := escalation{repeats: int(row.Repeats), steps: []Step{}}
	if row.Severity != nil {
		severity := alertsapi.Severity(*row.Severity)
		e.severity = &severity
	}
	err := json.Unmarshal(row.Steps, &e.steps)
	return e, err
}

// policyOf shows a stored policy, or the built-in one when row is nil.
func policyOf(kind string, row *alertsdb.AlertsPolicy) (Policy, error) {
	e := builtInOf(kind)
	p := Policy{Kind: kind, IsBuiltIn: row == nil}
	if row != nil {
		var err error
		if e, err = escalationOf(*row); err != nil {
			return p, err
		}
		p.Version, p.UpdatedAt = httpx.Version(row.Version), &row.UpdatedAt
	}
	p.Severity, p.Steps, p.Repeats = e.severity, append([]Step{}, e.steps...), e.repeats
	return p, nil
}

// Policies is the list of them: few enough for one page.
type Policies struct {
	Results []Policy `json:"results" nullable:"false"`
	Next    *string  `json:"next" doc:"Always null"`
}

// ListPolicies gives the policy of every kind that the house raises, and those that the tenant wrote for rules.
func (m *Module) ListPolicies(ctx context.Context, q db.DBTX, _ struct{}) (Policies, error) {
	scope, _ := db.ScopeOf(ctx)
	rows, err := alertsdb.New(q).ListPolicies(ctx, scope.TenantID)
	if err != nil {
		return Policies{}, err
	}
	kinds := slices.Clone(HouseKinds)
	stored := map[string]*alertsdb.AlertsPolicy{}
	for _, row := range rows {
		stored[row.Kind] = &row
		if !slices.Contains(kinds, row.Kind) {
			kinds = append(kinds, row.Kind)
		}
	}
	all := Policies{Results: []Policy{}}
	for _, kind := range kinds {
		policy, err := policyOf(kind, stored[kind])
		if err != nil {
			return Policies{}, err
		}
		all.Results = append(all.Results, policy)
	}
	return all, nil
}

// ByKind names a policy.
type ByKind struct {
	Kind string `path:"kind" maxLength:"210" example:"critical_result"`
}

// kindOfRule is what the policy of one rule is called.
var kindOfRule = regexp.MustCompile(`^rule:[a-z0-9_-]+(\.[a-z0-9_-]+)+$`)

func (k ByKind) check() error {
	if !slices.Contains(HouseKinds, k.Kind) && !kindOfRule.MatchString(k.Kind) {
		return errUnknownKind
	}
	return nil
}

// GetPolicy gives the policy of a kind.
func (m *Module) GetPolicy(ctx context.Context, q db.DBTX, in ByKind) (Policy, error) {
	if err := in.check(); err != nil {
		return Policy{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	row, err := alertsdb.New(q).GetPolicy(ctx, alertsdb.GetPolicyParams{TenantID: scope.TenantID, Kind: in.Kind})
	if db.IsNoRows(err) {
		return policyOf(in.Kind, nil)
	}
	if err != nil {
		return Policy{}, err
	}
	return policyOf(in.Kind, &row)
}

// PutPolicyInput writes a policy.
type PutPolicyInput struct {
	ByKind
	httpx.IfMatch
	Body struct {
		Severity *alertsapi.Severity `json:"severity,omitempty" enum:"INFO,WARNING,CRITICAL" doc:"Absent for the severity that the alert comes with"`
		Steps    []Step              `json:"steps" maxItems:"20" nullable:"false"`
		Repeats  int                 `json:"repeats,omitempty" minimum:"0" maximum:"100"`
	}
}

// PutPolicy says how the tenant's alerts of a kind escalate from now on. Alerts under way keep the time of their next
// step; what it is, they take from the policy in force then.
func (m *Module) PutPolicy(ctx context.Context, tx db.Tx, in PutPolicyInput) (Policy, error) {
	if err := in.check(); err != nil {
		return Policy{}, err
	}
	if err := in.faults(); err != nil {
		return Policy{}, err
	}
	queries, tenantID := alertsdb.New(tx), tx.Scope().TenantID
	former, err := queries.LockPolicy(ctx, alertsdb.LockPolicyParams{TenantID: tenantID, Kind: in.Kind})
	if err != nil && !db.IsNoRows(err) {
		return Policy{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(former.Version)); err != nil {
		return Policy{}, err
	}
	steps, err := json.Marshal(in.Body.Steps)
	if err != nil {
		return Policy{}, err
	}
	row, err := queries.PutPolicy(ctx, alertsdb.PutPolicyParams{
		TenantID: tenantID, ID: id.For(ctx, tx.Now()), Kind: in.Kind, Severity: (*string)(in.Body.Severity), Steps: steps,
		Repeats: int32(in.Body.Repeats), UpdatedByID: id.Ptr(tx.Scope().UserID), Now: tx.Now()})
	if err != nil {
		return Policy{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, alertsapi.PolicyChanged{PolicyID: row.ID, Kind: row.Kind, Version: row.Version}); err != nil {
		return Policy{}, err
	}
	return policyOf(in.Kind, &row)
}

// faults collects what is wrong. A critical result must stay one, and somebody must hear of it again.
func (in PutPolicyInput) faults() error {
	faults := errInvalid
	for i, step := range in.Body.Steps {
		named := 0
		for _, to := range []*string{step.ToRole, step.ToTeam, step.ToDuty} {
			if to != nil {
				named++
			}
		}
		if named != 1 {
			faults = faults.At(fmt.Sprintf("body.steps[%d]", i), "Name one of to_role, to_team and to_duty.")
		}
	}
	if in.Kind == alertsapi.KindCriticalResult {
		if s := in.Body.Severity; s != nil && *s != alertsapi.SeverityCritical {
			faults = faults.At("body.severity", "A critical result is CRITICAL.")
		}
		if len(in.Body.Steps) == 0 {
			faults = faults.At("body.steps", "A critical result must escalate at least once.")
		}
	}
	if in.Body.Repeats > 0 && len(in.Body.Steps) == 0 {
		faults = faults.At("body.repeats", "There is no step to repeat.")
	}
	if len(faults.Fields) > 0 {
		return faults
	}
	return nil
}
