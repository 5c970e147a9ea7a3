package packs

import (
	"context"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// lostRules stands in for the rules that a tenant's pack would add to others while it cannot be used. Nobody knows
// whether one of them would hold an act back, so it is held back until somebody who may passes it with a reason.
type lostRules struct {
	packsapi.RuleSet
	rules []packsapi.Rule // by code
}

// overrides is the permission to pass rules with a reason, as packs name it.
const overrides = "rules.can_override"

// Rules implements packsapi.Library: those of the packs in use, and one for each pack that would bring some of its own
// but cannot be used.
func (v *view) Rules(pack, moment string) (packsapi.RuleSet, error) {
	set, err := v.Library.Rules(pack, moment)
	if err != nil {
		return nil, err
	}
	out := lostRules{RuleSet: set}
	for _, id := range sortedKeys(v.problems) {
		if v.covers(id, pack) && asksAt(v.unused[id], moment) {
			out.rules = append(out.rules, lostRule(v.manifests[id].Pack, moment))
		}
	}
	if len(out.rules) == 0 {
		return set, nil
	}
	return out, nil
}

// covers tells whether what a pack brings would count in an encounter of the other pack.
func (v *view) covers(id, other string) bool {
	lost := v.manifests[id]
	if !lost.isFor(v.facility) {
		return false
	}
	below := []string{id} // as of the built-in pack that it replaced
	if lost.Pack.Kind == packsapi.KindSite {
		below = lost.Pack.Extends
	}
	return slices.ContainsFunc(v.packs[other].chain, func(p *pack) bool { return slices.Contains(below, p.ID) })
}

// asksAt tells whether a pack has rules of a moment, or changes some that may be; nobody knows of one that cannot be read.
func asksAt(p *pack, moment string) bool {
	if p == nil {
		return true
	}
	return slices.ContainsFunc(p.lists["rules"].orEmpty().items, func(rule *node) bool {
		on, given := rule.get("on").str()
		return !given || on == moment
	})
}

func lostRule(p packsapi.Pack, moment string) packsapi.Rule {
	return packsapi.Rule{
		Pack: p.ID, PackVersion: p.Version, Code: p.ID + ".cannot_be_checked." + strings.ReplaceAll(moment, ".", "_"), On: moment, When: "true", Severity: packsapi.SeveritySafety,
		Message: packsapi.Text{packsapi.DefaultLocale: "The rules of the pack " + p.Name.In(packsapi.DefaultLocale) + " cannot be checked, so the act is held back: the pack does not fit the others any more."},
		Then:    packsapi.Then{Effect: packsapi.EffectBlock}, OverridableBy: overrides,
	}
}

// Rules implements packsapi.RuleSet.
func (l lostRules) Rules() []packsapi.Rule {
	out := append(l.RuleSet.Rules(), l.rules...)
	slices.SortFunc(out, func(a, b packsapi.Rule) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// Evaluate implements packsapi.RuleSet. No setting switches off what stands in for a lost rule.
func (l lostRules) Evaluate(ctx context.Context, facts map[string]any, settings map[string]packsapi.RuleSetting, locale string) ([]packsapi.Firing, error) {
	out, err := l.RuleSet.Evaluate(ctx, facts, settings, locale)
	if err != nil {
		return nil, err
	}
	for _, r := range l.rules {
		out = append(out, packsapi.Firing{
			Pack: r.Pack, Code: r.Code, Effect: r.Then.Effect, Severity: r.Severity, Message: r.Message.In(locale), Then: r.Then,
			Overridable: true, OverridableBy: r.OverridableBy, Facts: map[string]any{}, Failure: "error",
		})
	}
	slices.SortFunc(out, func(a, b packsapi.Firing) int { return strings.Compare(a.Code, b.Code) })
	return out, nil
}

// CheckSetting implements packsapi.RuleSet.
func (l lostRules) CheckSetting(code string, setting packsapi.RuleSetting) []packsapi.Fault {
	if slices.ContainsFunc(l.rules, func(r packsapi.Rule) bool { return r.Code == code }) {
		return []packsapi.Fault{{Path: "code", Message: "This rule cannot be changed: mend its pack."}}
	}
	return l.RuleSet.CheckSetting(code, setting)
}
