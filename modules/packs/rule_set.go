package packs

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// ruleSet is the rules of one moment as one pack sees them.
type ruleSet []*rule

// Rules implements packsapi.RuleSet.
func (s ruleSet) Rules() []packsapi.Rule {
	out := make([]packsapi.Rule, len(s))
	for i, r := range s {
		out[i] = r.Rule
		out[i].Params = maps.Clone(r.Params)
	}
	return out
}

// Evaluate implements packsapi.RuleSet.
func (s ruleSet) Evaluate(ctx context.Context, facts map[string]any, settings map[string]packsapi.RuleSetting, locale string) ([]packsapi.Firing, error) {
	if len(s) == 0 {
		return nil, ctx.Err()
	}
	var out []packsapi.Firing
	env := s[0].environment // all rules of a moment know the same
	values := env.celFacts(facts)
	known := sync.OnceValue(func() map[string]any { return env.facts(facts) })
	spending := newBudget()
	for _, r := range s {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r.IsOff(settings) {
			continue
		}
		setting := settings[r.Code]
		severity := r.Severity
		if slices.Contains(severities, string(setting.Severity)) {
			severity = setting.Severity
		}
		a := r.ask(spending, known, values, setting.Params)
		if a.fires || a.failure != "" {
			out = append(out, r.firing(a, severity, locale))
		}
	}
	return out, nil
}

// CheckSetting implements packsapi.RuleSet.
func (s ruleSet) CheckSetting(code string, setting packsapi.RuleSetting) []packsapi.Fault {
	i := slices.IndexFunc(s, func(r *rule) bool { return r.Code == code })
	if i < 0 {
		return []packsapi.Fault{{Path: "code", Message: "There is no such rule."}}
	}
	var faults []packsapi.Fault
	if setting.Severity != "" && !slices.Contains(severities, string(setting.Severity)) {
		faults = append(faults, packsapi.Fault{Path: "severity", Message: "The severity must be one of " + strings.Join(severities, ", ") + "."})
	}
	for _, name := range slices.Sorted(maps.Keys(setting.Params)) {
		known, ok := s[i].params.fields[name]
		if !ok {
			faults = append(faults, packsapi.Fault{Path: "params." + pathName(name), Message: "The rule has no such parameter."})
			continue
		}
		if !known.takes(setting.Params[name]) {
			faults = append(faults, packsapi.Fault{Path: "params." + pathName(name), Message: "The parameter must be " + known.words() + "."})
		}
	}
	return faults
}

// takes says whether a value fits the shape as a whole, with nothing left out.
func (s *shape) takes(v any) bool {
	cast, ok := s.cast(v)
	if !ok {
		return false
	}
	if items, isList := v.([]any); isList {
		return len(items) == len(asList(cast))
	}
	if fields, isMap := v.(map[string]any); isMap {
		return len(fields) == len(asMap(cast))
	}
	return true
}

// words names the shape for a person.
func (s *shape) words() string {
	switch s.kind {
	case boolShape:
		return "true or false"
	case intShape:
		return "a whole number"
	case doubleShape:
		return "a number"
	case textShape:
		return "text"
	case timeShape:
		return "a time"
	case listShape:
		if s.items == nil || s.items.kind == anyShape {
			return "a list"
		}
		return "a list, each " + s.items.words()
	case objectShape:
		return "a mapping with the rule's own keys"
	default:
		return "given"
	}
}
