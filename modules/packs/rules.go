package packs

import (
	"cmp"
	"errors"
	"maps"
	"strings"

	"cel.dev/cel-go/interpreter"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// rule is one compiled rule. It is immutable.
type rule struct {
	packsapi.Rule
	at          place
	environment *environment
	params      *shape
	defaults    map[string]any
	settled     any // the defaults as CEL has them
	why         []computedField
	when        *expression
	message     map[string][]segment // by locale
	// asks are the facts the condition names, told when the rule states no why of its own.
	asks [][]string
}

var (
	effects = []string{"block", "warn", "require_reason", "open_task", "raise_alert", "notify", "order_tests", "auto_verify"}
	// severities, the weakest first.
	severities        = []string{"info", "warning", "safety"}
	permissionPattern = ruleCodePattern
)

// readRule compiles a rule that this pack is the first to bring; nil when it has faults.
func (r *reading) readRule(n *node, pack string) *rule {
	before := len(r.faults)
	if !r.mapping(n, "A rule", "code", "on", "params", "why", "when", "then", "severity", "message", "overridable_by", "enabled", "order", "hidden") {
		if n.kind == nothing {
			r.fault(n.at, "A rule must be a mapping.")
		}
		return nil
	}
	r.need(n, "A rule", "code", "on", "when", "then", "severity", "message")
	out := &rule{at: n.at, message: map[string][]segment{}, defaults: map[string]any{},
		params: object("hm.params", map[string]*shape{})}
	out.Pack = pack
	if from := r.packs[pack]; from != nil {
		out.PackVersion = from.Version
	}
	out.Code = r.match(n.get("code"), "code", ruleCodePattern, "a dotted code such as base.required_tasks")
	out.On = r.text(n.get("on"), "on")
	out.Severity = packsapi.Severity(r.oneOf(n.get("severity"), "severity", severities...))
	out.Message = r.words(n.get("message"), "message")
	out.OverridableBy = r.match(n.get("overridable_by"), "overridable_by", permissionPattern, "a permission such as rules.can_override")
	out.Then = r.readThen(n.get("then"), out.On)
	if enabled := n.get("enabled"); enabled != nil {
		out.Disabled = !r.truth(enabled, "enabled")
	}
	if prefix := pack + "."; out.Code != "" && !strings.HasPrefix(out.Code, prefix) {
		r.fault(n.get("code").at, "The code of a rule begins with its pack's id, as %s..., unless it changes a rule that the pack inherits.", prefix)
	}
	if r.mappingOf(n.get("params"), "params", "defaults") {
		out.params = shapeOfValue(n.get("params"), "hm.params")
		defaults, _ := out.params.cast(n.get("params").plain())
		out.defaults = asMap(defaults)
	}
	out.Params = asMap(n.get("params").plain())
	if out.On == "" {
		return nil
	}
	if moments[out.On] == nil {
		r.fault(n.get("on").at, "on must be one of %s.", momentNames())
		return nil
	}
	why := object("hm.why", map[string]*shape{})
	variables := variablesOf(out.On)
	variables["params"], variables["why"] = out.params, why
	env, err := newEnvironment(variables)
	if err != nil {
		r.fault(n.at, "The rule's condition cannot be prepared: %s.", err)
		return nil
	}
	out.environment = env
	out.settled = out.settle(out.defaults)
	r.readWhy(out, n.get("why"), why)
	if out.when = r.expression(env, n.get("when"), "The rule's when", boolType); out.when != nil {
		out.When = out.when.source
		out.asks = out.when.asks
		out.Asks = out.when.dotted()
		for _, w := range out.why {
			out.Asks = append(out.Asks, w.expression.dotted()...)
		}
	}
	r.readMessage(out, n.get("message"))
	if len(r.faults) > before {
		return nil
	}
	return out
}

// readWhy compiles the facts a rule gives when it fires. They are evaluated first and in order, so that the
// condition, the message and the answer all speak of the same values.
func (r *reading) readWhy(out *rule, n *node, known *shape) {
	if !r.mappingOf(n, "why", "CEL expressions") {
		return
	}
	for _, f := range n.fields {
		if !fieldPattern.MatchString(f.key) {
			r.fault(f.at, "A name under why is made of small letters, digits and _; %q is not.", clip(f.key))
			continue
		}
		known.fields[f.key] = anyValue // stays so when it does not compile
		if e := r.expression(out.environment, f.value, "why."+f.key); e != nil {
			out.why = append(out.why, computedField{name: f.key, expression: e})
			known.fields[f.key] = shapeOfType(e.result)
		}
	}
}

func (r *reading) readThen(n *node, moment string) packsapi.Then {
	if !r.mapping(n, "then", "effect", "task", "to", "order") {
		return packsapi.Then{}
	}
	r.need(n, "then", "effect")
	then := packsapi.Then{
		Effect: packsapi.Effect(r.oneOf(n.get("effect"), "effect", effects...)),
		To:     r.slug(n.get("to"), "to"),
	}
	if t := n.get("task"); r.mapping(t, "task", "code", "title", "role") {
		r.need(t, "task", "code", "title", "role")
		then.Task = &packsapi.RuleTask{Code: r.slug(t.get("code"), "code"), Title: r.words(t.get("title"), "title"),
			Role: r.slug(t.get("role"), "role")}
	}
	if order := n.get("order"); order != nil {
		then.Order = r.codes(order, "order")
	}
	atResult := moment == packsapi.MomentResultEntered || moment == packsapi.MomentResultRelease
	switch {
	case then.Effect == packsapi.EffectOrderTests && !atResult:
		r.fault(n.at, "The effect order_tests follows a result: on %s or %s.", packsapi.MomentResultEntered, packsapi.MomentResultRelease)
	case then.Effect == packsapi.EffectAutoVerify && moment != packsapi.MomentResultAutoverify:
		r.fault(n.at, "The effect auto_verify is for %s only.", packsapi.MomentResultAutoverify)
	case (then.Effect == packsapi.EffectOrderTests) != (len(then.Order) > 0):
		r.fault(n.at, "The effect order_tests, and only it, needs order: the services.")
	case (then.Effect == packsapi.EffectOpenTask) != (then.Task != nil):
		r.fault(n.at, "The effect open_task, and only it, needs a task.")
	case then.Effect == packsapi.EffectNotify && then.To == "":
		r.fault(n.at, "The effect notify needs to: the role that is told.")
	}
	return then
}

// readMessage checks that every placeholder of the message names something: under why, a parameter, or a fact.
func (r *reading) readMessage(out *rule, n *node) {
	for locale, source := range out.Message {
		segments, broken := parsePlaceholders(source)
		if broken != "" {
			r.fault(n.at, "The message %s.", broken)
			continue
		}
		for _, s := range segments {
			if s.path == nil {
				continue
			}
			if !out.names(s.path) {
				r.fault(n.at, "The message names {%s}, which is neither under why, nor a parameter, nor a fact.", clip(strings.Join(s.path, ".")))
			}
		}
		out.message[locale] = segments
	}
}

func (r *rule) names(path []string) bool {
	if r.environment.variables["why"].fields[path[0]] != nil || r.params.fields[path[0]] != nil {
		return true
	}
	at := r.environment.variables[path[0]]
	for _, name := range path[1:] {
		if at == nil || at.kind == anyShape {
			break
		}
		at = at.fields[name]
	}
	return at != nil
}

// asked says how a rule came out on given facts.
type asked struct {
	fires   bool
	failure string
	facts   *ruleFacts
}

// ruleFacts are what one rule sees: what its moment knows, shared by all rules, and its own parameters and why. It
// is an activation, so that asking a rule copies nothing.
type ruleFacts struct {
	known       func() map[string]any // as Go has it, for messages
	values      map[string]any        // the same as CEL has it
	params, why map[string]any
	settled     any // the parameters as CEL has them
}

// ResolveName implements interpreter.Activation.
func (f *ruleFacts) ResolveName(name string) (any, bool) {
	switch name {
	case "params":
		return f.settled, true
	case "why":
		return f.why, true
	default:
		v, ok := f.values[name]
		return v, ok
	}
}

// Parent implements interpreter.Activation.
func (f *ruleFacts) Parent() interpreter.Activation { return nil }

// at finds the value at a path.
func (f *ruleFacts) at(path []string) any {
	switch path[0] {
	case "params":
		return lookup(f.params, path[1:])
	case "why":
		return lookup(f.why, path[1:])
	default:
		return lookup(f.known(), path)
	}
}

// settle gives parameters as CEL has them.
func (r *rule) settle(params map[string]any) any {
	settled, _ := r.params.celCast(r.environment.env.CELTypeAdapter(), params)
	return settled
}

// noWhy is the why of rules that state none; nobody writes into it.
var noWhy = map[string]any{}

// ask evaluates the rule on facts that already have their moment's types, with a tenant's parameters. All rules of the
// moment spend from one budget.
func (r *rule) ask(spending *budget, known func() map[string]any, values, params map[string]any) asked {
	facts := &ruleFacts{known: known, values: values, params: r.defaults, settled: r.settled}
	if len(params) > 0 {
		changed, _ := r.params.cast(params)
		facts.params = maps.Clone(r.defaults)
		maps.Copy(facts.params, asMap(changed))
		facts.settled = r.settle(facts.params)
	}
	out := asked{facts: facts}
	facts.why = noWhy
	if len(r.why) > 0 {
		facts.why = make(map[string]any, len(r.why))
	}
	for _, w := range r.why {
		v, err := w.expression.valueWithin(spending, facts)
		if err != nil {
			out.failure = failureOf(err)
			return out
		}
		if v != nil {
			facts.why[w.name] = v
		}
	}
	fires, err := r.when.holdsWithin(spending, facts)
	if err != nil {
		out.failure = failureOf(err)
		return out
	}
	out.fires = fires
	return out
}

// failureOf names an evaluation's error without its text, which may repeat a patient's data.
func failureOf(err error) string {
	switch {
	case errors.Is(err, errCost):
		return "cost_limit"
	case errors.Is(err, errMissing), strings.HasPrefix(err.Error(), "no such"):
		return "missing_fact"
	default:
		return "error"
	}
}

// firing describes a rule that fired or failed.
func (r *rule) firing(a asked, severity packsapi.Severity, locale string) packsapi.Firing {
	f := packsapi.Firing{
		Pack: r.Pack, Code: r.Code, Effect: r.Then.Effect, Severity: severity, Then: r.Then,
		Overridable: r.OverridableBy != "", OverridableBy: r.OverridableBy, Facts: maps.Clone(a.facts.why), Failure: a.failure,
	}
	if a.failure != "" {
		f.Facts = map[string]any{}
		f.Message = "This rule could not be checked, so the act is not held back by it: " + r.Code + "."
		f.Effect = packsapi.EffectWarn
		if severity == packsapi.SeveritySafety {
			f.Effect = packsapi.EffectBlock
			f.Message = "This safety rule could not be checked, so the act is held back: " + r.Code + "."
		}
		f.Then = packsapi.Then{Effect: f.Effect}
		return f
	}
	if len(r.why) == 0 {
		for _, path := range r.asks {
			if v := a.facts.at(path); scalar(v) {
				f.Facts[strings.Join(path, ".")] = v
			}
		}
	}
	segments, ok := r.message[locale]
	if language, _, narrower := strings.Cut(locale, "-"); !ok && narrower {
		segments, ok = r.message[language]
	}
	if !ok {
		segments = r.message[packsapi.DefaultLocale]
	}
	if segments == nil { // a message in one other language only
		segments, _ = parsePlaceholders(r.Message.In(locale))
	}
	var b strings.Builder
	for _, s := range segments {
		if s.path == nil {
			b.WriteString(s.words)
			continue
		}
		words := ""
		for _, v := range []any{lookup(a.facts.why, s.path), lookup(a.facts.params, s.path), a.facts.at(s.path)} {
			if words = spoken(v, nil); words != "" {
				break
			}
		}
		b.WriteString(cmp.Or(words, "–"))
	}
	f.Message = b.String()
	return f
}

func scalar(v any) bool {
	switch v.(type) {
	case bool, int64, float64, string:
		return true
	default:
		return false
	}
}
