package packs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// vitalCodes are the LOINC codes under which vital signs are observed; encounters measures them.
var vitalCodes = []string{"8310-5", "8867-4", "9279-1", "8480-6", "8462-4", "59408-5", "29463-7", "8302-2", "72514-3"}

// doubts are what is in order and yet most likely a slip of the pen: a role, a permission or a code that nothing known
// here has. They are no faults, since a hospital may have made that role, or another pack may observe that code.
type doubts struct {
	found []Fault
	pack  string
}

// doubt looks through what a pack itself says. It is for packs without faults. Permissions are those that there are.
func (l *Library) doubt(p *pack, permissions []string) []Fault {
	d := &doubts{pack: p.ID}
	resolved := l.packs[p.ID]
	if p.Kind == packsapi.KindSite && len(p.Extends) > 0 {
		resolved = l.packs[p.Extends[0]]
	}
	if resolved == nil {
		return nil
	}
	d.roles(p)
	for _, n := range p.lists["rules"].orEmpty().items {
		permission := n.get("overridable_by")
		if code, _ := permission.str(); code != "" && !slices.Contains(permissions, code) {
			d.tell(permission.at, "No one can hold the permission %q, since there is none: nobody passes this rule.%s", clip(code), meant(code, permissions))
		}
	}
	d.labels(p, resolved)
	d.codes(p, resolved, l)
	d.laboratory(p, resolved, l)
	return tidy(d.found)
}

func (d *doubts) tell(at place, format string, args ...any) {
	d.found = append(d.found, Fault{File: at.file, Line: max(at.line, 1), Message: fmt.Sprintf(format, args...)})
}

// roles looks at those whose tasks the pack opens and whom its rules tell.
func (d *doubts) roles(p *pack) {
	known := make([]string, len(auth.BuiltInRoles))
	for i, role := range auth.BuiltInRoles {
		known[i] = string(role)
	}
	look := func(n *node) {
		if role, _ := n.str(); role != "" && !slices.Contains(known, role) {
			d.tell(n.at, "The role %q does not come with HM: nobody has it unless the hospital makes it.%s", clip(role), meant(role, known))
		}
	}
	for _, n := range p.workflows {
		for _, step := range n.get("steps").orEmpty().items {
			look(step.get("role"))
		}
	}
	for _, n := range p.lists["catalog"].orEmpty().items {
		for _, task := range n.get("tasks").orEmpty().items {
			look(task.get("role"))
		}
	}
	for _, n := range p.lists["rules"].orEmpty().items {
		look(n.get("then").get("to"))
		look(n.get("then").get("task").get("role"))
	}
}

// labels looks at keys: a pack may bring words of its own, but hardly ones that differ from an inherited key by a slip.
func (d *doubts) labels(p *pack, of *resolved) {
	inherited := map[string]bool{}
	for _, layer := range of.chain {
		if layer.ID == p.ID {
			continue
		}
		for _, words := range layer.Labels {
			for key := range words {
				inherited[key] = true
			}
		}
	}
	known := slices.Sorted(maps.Keys(inherited))
	for locale, words := range p.Labels {
		for key := range words {
			at := place{pack: p.ID, file: "labels/" + locale + ".yaml", line: p.labelAt[locale][key]}
			if encounterType, is := strings.CutPrefix(key, "encounter_type_"); is {
				d.labelOfType(at, "encounter", encounterType, of.encounterTypes)
			} else if orderType, is := strings.CutPrefix(key, "order_type_"); is {
				d.labelOfType(at, "order", orderType, of.orderTypes)
			} else if near := meant(key, known); !inherited[key] && near != "" && !slices.Contains(known, key+"s") && !slices.Contains(known, strings.TrimSuffix(key, "s")) {
				d.tell(at, "Nothing that the pack extends has the label %q.%s", clip(key), near)
			}
		}
	}
}

func (d *doubts) labelOfType(at place, what, code string, of []string) {
	if !slices.Contains(of, strings.ToUpper(code)) {
		d.tell(at, "The label names the %s type %s, which the pack does not have.", what, clip(strings.ToUpper(code)))
	}
}

// codes looks at what rules compare facts with, and at what trends draw.
func (d *doubts) codes(p *pack, of *resolved, l *Library) {
	known, named := l.known(of)
	for _, n := range p.lists["rules"].orEmpty().items {
		rule := of.rules[itemKey(n)]
		if rule == nil {
			continue
		}
		expressions := []*node{n.get("when")}
		for _, f := range n.get("why").orEmpty().fields {
			expressions = append(expressions, f.value)
		}
		for _, expression := range expressions {
			source, _ := expression.str()
			for _, c := range rule.comparisons(source) {
				if codes := known[c.fact]; len(codes) > 0 && !slices.Contains(codes, c.with) {
					d.tell(expression.at, "%s is never %q: %s.%s", c.fact, clip(c.with), named[c.fact], meant(c.with, codes))
				}
			}
		}
	}
	for _, n := range p.lists["chart"].orEmpty().items {
		for _, o := range n.get("observations").orEmpty().items {
			if code, _ := o.get("code").str(); code != "" && !slices.Contains(known[factObserved], code) {
				d.tell(o.at, "The trend stays empty: %s %q.%s", named[factObserved], clip(code), meant(code, known[factObserved]))
			}
		}
	}
}

const factObserved = "facts.recent_results[].code"

// known gives, by fact, the values that it can have where these are known to the packs, and why it has no other. All
// packs count for what is observed, since a patient's results are not those of one pack.
func (l *Library) known(of *resolved) (values map[string][]string, named map[string]string) {
	var analytes, services []string
	observed := slices.Clone(vitalCodes)
	for _, id := range l.order {
		r := l.packs[id]
		for _, a := range r.laboratory.Analytes() {
			analytes, observed = append(analytes, a.Code), append(observed, a.Code)
			if a.LOINC != "" {
				observed = append(observed, a.LOINC)
			}
		}
		for code, s := range r.catalog.byCode {
			services = append(services, code)
			if s.OrderType == packsapi.OrderTypeLab && len(s.Analytes) == 0 {
				analytes, observed = append(analytes, code), append(observed, code) // one in words, of its code
			}
		}
		for _, layer := range r.templates {
			for _, versions := range layer {
				for _, late := range versions {
					observed = append(observed, late.form().observedCodes()...)
				}
			}
		}
	}
	slices.Sort(observed) // so that what is meant is the same each time
	slices.Sort(analytes)
	slices.Sort(services)
	const noService, noAnalyte = "no catalogue has that service", "no laboratory measures that"
	return map[string][]string{
			factObserved:                         observed,
			"result.values[].code":               analytes,
			"result.values[].flag":               {"N", "L", "H", "LL", "HH", "A", ""},
			"result.values[].delta_flag":         {"UP", "DOWN", "CHANGED", ""},
			"result.service_code":                services,
			"order.items[].service_code":         services,
			"facts.active_orders[].service_code": services,
			"order.items[].priority":             {"ROUTINE", "URGENT", "STAT"},
			"order.order_type":                   of.orderTypes,
		}, map[string]string{
			factObserved:                         "no analyte, form or vital sign has the code",
			"result.values[].code":               noAnalyte,
			"result.values[].flag":               "it is N L H LL HH A or empty",
			"result.values[].delta_flag":         "it is UP DOWN CHANGED or empty",
			"result.service_code":                noService,
			"order.items[].service_code":         noService,
			"facts.active_orders[].service_code": noService,
			"order.items[].priority":             "it is ROUTINE URGENT or STAT",
			"order.order_type":                   "the pack has no such type of order",
		}
}

func (f *form) observedCodes() []string {
	var codes []string
	for _, o := range f.observations {
		codes = append(codes, o.code)
	}
	for _, c := range f.computed {
		if c.observed != nil {
			codes = append(codes, c.observed.code)
		}
	}
	return codes
}

// comparison is a fact that an expression compares with a text: result.values[].flag with HH.
type comparison struct{ fact, with string }

// comparisons lists those of an expression of the rule. Parameters count as the pack sets them.
func (r *rule) comparisons(source string) []comparison {
	parsed, issues := r.environment.env.Parse(source)
	if issues.Err() != nil {
		return nil
	}
	var found []comparison
	var walk func(x ast.Expr, entries map[string]string)
	walk = func(x ast.Expr, entries map[string]string) {
		switch x.Kind() {
		case ast.SelectKind:
			walk(x.AsSelect().Operand(), entries)
		case ast.ListKind:
			for _, item := range x.AsList().Elements() {
				walk(item, entries)
			}
		case ast.ComprehensionKind:
			loop := x.AsComprehension()
			walk(loop.IterRange(), entries)
			inside := maps.Clone(entries)
			delete(inside, loop.IterVar())
			if list := factOf(loop.IterRange(), entries); list != "" {
				inside[loop.IterVar()] = list + "[]"
			}
			walk(loop.LoopStep(), inside)
		case ast.CallKind:
			call := x.AsCall()
			args := call.Args()
			if call.IsMemberFunction() {
				walk(call.Target(), entries)
			}
			for _, arg := range args {
				walk(arg, entries)
			}
			if !slices.Contains([]string{operators.Equals, operators.NotEquals, operators.In}, call.FunctionName()) || len(args) != 2 {
				return
			}
			for i, arg := range args {
				for _, text := range r.textsIn(args[1-i]) {
					if fact := factOf(arg, entries); fact != "" {
						found = append(found, comparison{fact, text})
					}
				}
			}
		default:
		}
	}
	walk(parsed.NativeRep().Expr(), map[string]string{})
	return found
}

// factOf names a fact as result.values or, of an entry of a list that is gone through, result.values[].code; empty for
// any other expression.
func factOf(x ast.Expr, entries map[string]string) string {
	path := selection(x)
	if path == nil {
		return ""
	}
	if list, is := entries[path[0]]; is {
		path[0] = list
	}
	return strings.Join(path, ".")
}

// textsIn reads texts that stand in an expression: one, a list, or a parameter.
func (r *rule) textsIn(x ast.Expr) []string {
	if path := selection(x); len(path) == 2 && path[0] == "params" {
		values, isList := r.Params[path[1]].([]any)
		if !isList {
			values = []any{r.Params[path[1]]}
		}
		var texts []string
		for _, v := range values {
			if text, is := v.(string); is {
				texts = append(texts, text)
			}
		}
		return texts
	}
	switch x.Kind() {
	case ast.LiteralKind:
		if text, is := x.AsLiteral().(types.String); is {
			return []string{string(text)}
		}
	case ast.ListKind:
		var texts []string
		for _, item := range x.AsList().Elements() {
			texts = append(texts, r.textsIn(item)...)
		}
		return texts
	default:
	}
	return nil
}

// meant is a question, when a known word differs by a slip or two; else nothing.
func meant(word string, known []string) string {
	for slips := 1; slips <= 2 && len(word) >= 3*slips+1; slips++ {
		for _, k := range known {
			if slipsBetween(word, k) == slips {
				return fmt.Sprintf(" Did you mean %s?", k)
			}
		}
	}
	return ""
}

// slipsBetween counts the letters to be added, removed or changed to make one word of the other.
func slipsBetween(a, b string) int {
	before := make([]int, len(b)+1)
	for i := range before {
		before[i] = i
	}
	for i := range len(a) {
		now := make([]int, len(b)+1)
		now[0] = i + 1
		for j := range len(b) {
			change := before[j]
			if a[i] != b[j] {
				change++
			}
			now[j+1] = min(change, before[j+1]+1, now[j]+1)
		}
		before = now
	}
	return before[len(b)]
}
