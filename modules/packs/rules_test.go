package packs

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

// rulesOf compiles a file of rules, which must have no fault.
func rulesOf(t testing.TB, source string) ruleSet {
	t.Helper()
	root, faults := parseYAML("test", "r.yaml", []byte(source))
	r := &reading{pack: "test", file: "r.yaml", faults: faults}
	var rules ruleSet
	if root != nil {
		for _, n := range root.items {
			if rule := r.readRule(n, "test"); rule != nil {
				rules = append(rules, rule)
			}
		}
	}
	for _, f := range r.faults {
		t.Error(f)
	}
	if t.Failed() {
		t.FailNow()
	}
	return rules
}

const ruleHead = `
- code: test.rule
  on: order.create
  severity: %s
  message: %s
  then: {effect: %s}
  params: {days: 90, codes: [CREAT], share: 0.5}
  when: %q
`

func rule1(t testing.TB, severity, effect, message, when string) ruleSet {
	t.Helper()
	return rulesOf(t, fmt.Sprintf(ruleHead, severity, message, effect, when))
}

func evaluate(t testing.TB, rules ruleSet, facts map[string]any, setting packsapi.RuleSetting) []packsapi.Firing {
	t.Helper()
	firings, err := rules.Evaluate(context.Background(), facts, map[string]packsapi.RuleSetting{"test.rule": setting}, "en")
	if err != nil {
		t.Fatal(err)
	}
	return firings
}

func herbalOrder(serviceCode string, results ...any) map[string]any {
	return map[string]any{
		"order": map[string]any{"order_type": "HERBAL", "items": []any{map[string]any{"service_code": serviceCode}}},
		"facts": map[string]any{"recent_results": results},
	}
}

const rasa = "order.order_type == 'HERBAL' && order.items.exists(i, i.service_code.startsWith('RASA-')) && !facts.recent_results.exists(r, r.code in params.codes)"

func TestRuleFiresWithItsFacts(t *testing.T) {
	t.Parallel()
	rules := rule1(t, "warning", "warn", "No renal test in {days} days for this {order.order_type} order.", rasa)
	got := evaluate(t, rules, herbalOrder("RASA-1"), packsapi.RuleSetting{})
	want := []packsapi.Firing{{
		Pack: "test", Code: "test.rule", Effect: "warn", Severity: "warning",
		Message: "No renal test in 90 days for this HERBAL order.",
		Facts:   map[string]any{"order.order_type": "HERBAL"}, Then: packsapi.Then{Effect: "warn"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, facts := range map[string]map[string]any{
		"another order": herbalOrder("TRIPHALA"),
		"tested":        herbalOrder("RASA-1", map[string]any{"code": "CREAT"}),
	} {
		if got := evaluate(t, rules, facts, packsapi.RuleSetting{}); len(got) != 0 {
			t.Error(name, got)
		}
	}
}

func TestTenantSettings(t *testing.T) {
	t.Parallel()
	rules := rule1(t, "warning", "warn", "'{days}'", rasa)
	if got := evaluate(t, rules, herbalOrder("RASA-1"), packsapi.RuleSetting{Disabled: true}); len(got) != 0 {
		t.Error(got)
	}
	// As stored: JSON, so that a whole number arrives as a double and must become an int again.
	var params map[string]any
	if err := json.Unmarshal([]byte(`{"days": 30, "codes": ["EGFR"]}`), &params); err != nil {
		t.Fatal(err)
	}
	got := evaluate(t, rules, herbalOrder("RASA-1", map[string]any{"code": "CREAT"}),
		packsapi.RuleSetting{Params: params, Severity: packsapi.SeverityInfo})
	if len(got) != 1 || got[0].Message != "30" || got[0].Severity != packsapi.SeverityInfo {
		t.Error(got)
	}
	if rules.Rules()[0].Params["days"] != int64(90) {
		t.Error("the setting changed the rule")
	}
}

func TestCheckSetting(t *testing.T) {
	t.Parallel()
	rules := rule1(t, "warning", "warn", "x", rasa)
	for params, want := range map[string]string{
		`{"days": 30}`:             "",
		`{"days": 30.5}`:           "params.days: The parameter must be a whole number.",
		`{"days": "thirty"}`:       "params.days: The parameter must be a whole number.",
		`{"share": 1}`:             "",
		`{"codes": ["A", 1]}`:      "params.codes: The parameter must be a list, each text.",
		`{"weeks": 3}`:             "params.weeks: The rule has no such parameter.",
		`{"days": null, "a\nb":1}`: "params.ab: The rule has no such parameter. params.days: The parameter must be a whole number.",
	} {
		var got []string
		for _, f := range rules.CheckSetting("test.rule", packsapi.RuleSetting{Params: decode(t, params)}) {
			got = append(got, f.Path+": "+f.Message)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", params, got)
		}
	}
	if rules.CheckSetting("test.other", packsapi.RuleSetting{}) == nil {
		t.Error("an unknown rule was taken")
	}
	if rules.CheckSetting("test.rule", packsapi.RuleSetting{Severity: "dire"}) == nil {
		t.Error("an unknown severity was taken")
	}
}

func TestRuleThatCannotBeEvaluated(t *testing.T) {
	t.Parallel()
	const runaway = "order.items.all(a, order.items.all(b, order.items.all(c, a.quantity + b.quantity + c.quantity >= 0)))"
	items := make([]any, 300)
	for i := range items {
		items[i] = map[string]any{"quantity": 1}
	}
	untyped := map[string]any{"order": map[string]any{"items": []any{map[string]any{"data": "X"}}}}
	for name, c := range map[string]struct {
		severity, when, failure string
		effect                  packsapi.Effect
		facts                   map[string]any
	}{
		"safety without its facts":       {"safety", rasa, "missing_fact", "block", map[string]any{}},
		"safety with half its facts":     {"safety", rasa, "missing_fact", "block", map[string]any{"order": map[string]any{"order_type": "HERBAL"}}},
		"warning without its facts":      {"warning", rasa, "missing_fact", "warn", map[string]any{}},
		"safety of the wrong type":       {"safety", "order.items[0].data + 1.0 > 2.0", "missing_fact", "block", untyped},
		"safety that is no truth":        {"safety", "order.items[0].data", "error", "block", untyped},
		"safety past its cost":           {"safety", runaway, "cost_limit", "block", map[string]any{"order": map[string]any{"items": items}}},
		"information without its facts":  {"info", rasa, "missing_fact", "warn", map[string]any{}},
		"a notice must not be given out": {"info", "order.note == 'x'", "missing_fact", "warn", herbalOrder("X")},
	} {
		rules := rule1(t, c.severity, "raise_alert", "The patient {order.order_type}.", c.when)
		got := evaluate(t, rules, c.facts, packsapi.RuleSetting{})
		if len(got) != 1 || got[0].Effect != c.effect || got[0].Failure != c.failure || !strings.Contains(got[0].Message, "could not be checked") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestEvaluateStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := rule1(t, "info", "warn", "x", "true").Evaluate(ctx, nil, nil, "en"); err == nil {
		t.Error("it went on")
	}
}

func TestRuleFaults(t *testing.T) {
	t.Parallel()
	const good = `- code: test.rule
  on: encounter.close
  params: {n: 1}
  why: {missing: "facts.tasks.map(t, t.code)"}
  when: size(why.missing) > params.n
  then: {effect: block}
  severity: safety
  message: "{missing} {n} {encounter.status}"
  overridable_by: rules.can_override
`
	rulesOf(t, good)
	for name, c := range map[string]struct {
		old, replacement string
		line             int
		say              string
	}{
		"prefix":            {"test.rule", "other.rule", 1, "begins with its pack's id"},
		"code":              {"test.rule", "Rule", 1, "dotted code"},
		"moment":            {"encounter.close", "encounter.shut", 2, "on must be one of"},
		"unknown fact":      {"facts.tasks", "facts.taks", 4, "undefined field 'taks'"},
		"unknown why":       {"why.missing)", "why.mising)", 5, "undefined field 'mising'"},
		"unknown param":     {"params.n", "params.m", 5, "undefined field 'm'"},
		"no truth":          {"size(why.missing) > params.n", "size(why.missing)", 5, "must come out as bool"},
		"effect":            {"block", "forbid", 6, "effect must be one of"},
		"task of nothing":   {"{effect: block}", "{effect: open_task}", 6, "needs a task"},
		"notice to nobody":  {"{effect: block}", "{effect: notify}", 6, "needs to"},
		"severity":          {"safety", "grave", 7, "severity must be one of"},
		"placeholder":       {"{missing} ", "{mising} ", 8, "neither under why"},
		"unknown fact told": {"{encounter.status}", "{encounter.stat}", 8, "neither under why"},
		"permission":        {"rules.can_override", "override", 9, "a permission such as"},
		"no message":        {"  message", "  # message", 1, `needs "message"`},
	} {
		root, faults := parseYAML("test", "r.yaml", []byte(strings.Replace(good, c.old, c.replacement, 1)))
		r := &reading{pack: "test", file: "r.yaml", faults: faults}
		if rule := r.readRule(root.items[0], "test"); rule != nil {
			t.Errorf("%s: the rule was taken", name)
		}
		found := false
		for _, f := range r.faults {
			found = found || (f.Line == c.line && strings.Contains(f.Message, c.say))
		}
		if !found {
			t.Errorf("%s: %v", name, r.faults)
		}
	}
}

// closing is the close gate's question over the built-in rules.
func closing(t testing.TB, change func(*packsapi.CloseFacts), settings map[string]packsapi.RuleSetting) map[string]packsapi.Firing {
	t.Helper()
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := library.Rules(packsapi.Base, packsapi.MomentEncounterClose)
	if err != nil {
		t.Fatal(err)
	}
	var facts packsapi.CloseFacts
	facts.Required.Tasks = []packsapi.Named{{Code: "record-vitals", Title: "Record vitals"}, {Code: "doctor-consult", Title: "Consult"}}
	facts.Tasks = []packsapi.TaskFact{
		{Code: "record-vitals", Title: "Record vitals", Status: "DONE"},
		{Code: "doctor-consult", Title: "Consult", Status: "DONE"},
	}
	change(&facts)
	firings, err := rules.Evaluate(t.Context(), facts.Map(), settings, "en")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]packsapi.Firing{}
	for _, f := range firings {
		if f.Failure != "" || f.Effect != packsapi.EffectBlock {
			t.Errorf("%+v", f)
		}
		out[f.Code] = f
	}
	return out
}

func TestCloseGate(t *testing.T) {
	t.Parallel()
	if got := closing(t, func(*packsapi.CloseFacts) {}, nil); len(got) != 0 {
		t.Error(got)
	}
	got := closing(t, func(f *packsapi.CloseFacts) {
		f.Tasks = f.Tasks[:1]
		f.Required.Documents = []packsapi.Named{{Code: "progress_note", Title: "Progress note"}}
		f.Documents = []packsapi.DocumentFact{{TemplateCode: "progress_note", Status: "DRAFT"}}
		f.CriticalResults = []packsapi.CriticalResultFact{{Code: "K"}}
	}, nil)
	for code, want := range map[string][2]any{
		"base.required_tasks":                {"Still to be done: Consult.", map[string]any{"missing_tasks": []any{"doctor-consult"}, "to_do": []any{"Consult"}}},
		"base.required_documents":            {"Still to be written and finalised: Progress note.", map[string]any{"missing_documents": []any{"progress_note"}, "to_write": []any{"Progress note"}}},
		"base.critical_results_acknowledged": {"Critical results that nobody has acknowledged: K.", map[string]any{"unacknowledged_results": []any{"K"}}},
	} {
		f, ok := got[code]
		if !ok {
			t.Errorf("%s did not fire", code)
			continue
		}
		if diff := cmp.Diff(want, [2]any{f.Message, f.Facts}); diff != "" {
			t.Error(code, diff)
		}
	}
}

func TestCloseGateByTenant(t *testing.T) {
	t.Parallel()
	got := closing(t, func(f *packsapi.CloseFacts) { f.Tasks = nil }, map[string]packsapi.RuleSetting{
		"base.required_tasks":     {Params: map[string]any{"follow_workflow": false, "tasks": []any{"counsel-patient"}}},
		"base.required_documents": {Params: map[string]any{"documents": []any{"discharge_summary"}}},
	})
	if diff := cmp.Diff([]any{"counsel-patient"}, got["base.required_tasks"].Facts["missing_tasks"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{"discharge_summary"}, got["base.required_documents"].Facts["missing_documents"]); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkCloseGate(b *testing.B) {
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		b.Fatal(err)
	}
	rules, err := library.Rules(packsapi.Base, packsapi.MomentEncounterClose)
	if err != nil {
		b.Fatal(err)
	}
	var facts packsapi.CloseFacts
	facts.Required.Tasks = []packsapi.Named{{Code: "record-vitals", Title: "Record vitals"}, {Code: "doctor-consult", Title: "Consult"}}
	facts.Tasks = []packsapi.TaskFact{{Code: "record-vitals", Title: "Record vitals", Status: "DONE"}, {Code: "doctor-consult", Status: "OPEN"}}
	for b.Loop() {
		if firings, err := rules.Evaluate(b.Context(), facts.Map(), nil, "en"); err != nil || len(firings) != 1 {
			b.Fatal(firings, err)
		}
	}
}
