package packs

import (
	"fmt"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// observation is a place in a form whose value says something of the patient in a terminology.
type observation struct {
	path               []string // names; anEntry stands for each entry of a list
	code, system, unit string
	title              packsapi.Text
	kind               packsapi.ObservedKind
	at                 place
}

// anEntry stands in a path for every entry of a list.
const anEntry = "[]"

const maxObservations = 1_000

// observation checks what stands under x-obs.
func (r *reading) observation(n *node) bool {
	if !r.mapping(n, "x-obs", "code", "system", "unit") {
		r.fault(n.at, "x-obs is written {code: ..., system: ..., unit: ...}.")
		return false
	}
	r.need(n, "x-obs", "code", "system")
	return r.text(n.get("code"), "code") != "" && r.text(n.get("system"), "system") != ""
}

func observationOf(n *node) *observation {
	text := func(key string) string { s, _ := n.get(key).str(); return s }
	return &observation{code: text("code"), system: text("system"), unit: text("unit"), at: n.at}
}

// distinct refuses two places of a form that say the same thing of the patient. Of each code only the newest is kept
// for rules and charts, so of two eyes under one code, one would hide the other. The entries of a list may share one.
func (r *reading) distinct(f *form) {
	type code struct{ code, system string }
	first := map[code]string{}
	told := func(o *observation, path string) {
		key := code{o.code, o.system}
		before, known := first[key]
		if !known {
			first[key] = path
			return
		}
		if before != path {
			r.fault(o.at, "%s and %s are both observed as %s of %s; give each a code of its own.", clip(before), clip(path), clip(o.code), clip(o.system))
		}
	}
	for _, o := range f.observations {
		if !slices.Contains(o.path, anEntry) {
			told(o, strings.Join(o.path, "."))
		}
	}
	for _, c := range f.computed {
		if c.observed != nil {
			told(c.observed, c.name)
		}
	}
}

// readObservations finds every x-obs of a checked schema, through groups, lists and references.
func (r *reading) readObservations(root *node) []*observation {
	var out []*observation
	var walk func(n *node, path []string, title packsapi.Text)
	walk = func(n *node, path []string, title packsapi.Text) {
		if n == nil || n.kind != mapping || len(path) > maxPayloadDepth {
			return
		}
		if own := textOf(n.get("title")); own != nil {
			title = own
		}
		if o := n.get("x-obs"); o != nil {
			found := observationOf(o)
			found.path, found.title = slices.Clone(path), title
			if found.kind = observedKind(n); found.kind == "" || len(path) == 0 {
				r.fault(o.at, "x-obs belongs to a number, a text, a choice, a date, or true and false.")
			}
			out = append(out, found)
		}
		if target, ok := n.get("$ref").str(); ok {
			walk(root.get("$defs").get(strings.TrimPrefix(target, localPrefix)), path, title)
		}
		for _, f := range n.get("properties").orEmpty().fields {
			walk(f.value, append(path, f.key), nil)
		}
		walk(n.get("items"), append(path, anEntry), title)
	}
	walk(root, nil, nil)
	if len(out) > maxObservations {
		r.fault(root.at, "A form makes at most %d kinds of observations.", maxObservations)
	}
	return out
}

// observedKind is the kind of observation that a field's type makes; empty for none.
func observedKind(n *node) packsapi.ObservedKind {
	switch kindOf(n) {
	case intShape, doubleShape:
		return packsapi.ObservedNumber
	case boolShape:
		return packsapi.ObservedBoolean
	case textShape:
		if format, _ := n.get("format").str(); format == "date" {
			return packsapi.ObservedDate
		}
		if n.get("enum") != nil || n.get("oneOf") != nil {
			return packsapi.ObservedCode
		}
		return packsapi.ObservedText
	default:
		return ""
	}
}

// readCarried finds the fields whose last value is offered again. Only a field of the form itself can be one: a
// group or a list is offered whole or not at all.
func (r *reading) readCarried(root *node) []string {
	var out []string
	var refuse func(n *node)
	refuse = func(n *node) {
		for _, sub := range subschemas(n) {
			if mark := sub.get("x-carry"); mark != nil {
				r.fault(mark.at, "x-carry belongs to a field of the form itself; a group or a list is offered whole.")
			}
			refuse(sub)
		}
	}
	for _, f := range root.get("properties").fields {
		if mark := f.value.get("x-carry"); mark != nil && mark.scalar == true {
			out = append(out, f.key)
		}
		refuse(f.value)
	}
	for _, f := range root.get("$defs").orEmpty().fields {
		refuse(f.value)
	}
	return out
}

// Observed implements packsapi.Form.
func (f *form) Observed(payload, computed map[string]any) []packsapi.ObservedValue {
	out := []packsapi.ObservedValue{}
	for _, o := range f.observations {
		o.collect(payload, o.path, "", &out)
	}
	for _, c := range f.computed {
		if c.observed == nil || computed[c.name] == nil {
			continue
		}
		value := packsapi.ObservedValue{Path: c.name, Code: c.observed.code, System: c.observed.system, Unit: c.observed.unit, Title: c.observed.title}
		switch v := computed[c.name].(type) {
		case bool:
			value.Kind, value.Value = packsapi.ObservedBoolean, v
		case string:
			value.Kind, value.Value = packsapi.ObservedText, v
		default:
			number, ok := castDouble(v)
			if !ok {
				continue // a list, or nothing that a row can hold
			}
			value.Kind, value.Value = packsapi.ObservedNumber, number
		}
		out = append(out, value)
	}
	return out
}

// collect follows a path into a value and adds what it finds at the end.
func (o *observation) collect(v any, path []string, at string, out *[]packsapi.ObservedValue) {
	if len(path) > 0 && path[0] == anEntry {
		for i, item := range asList(v) {
			o.collect(item, path[1:], fmt.Sprintf("%s[%d]", at, i), out)
		}
		return
	}
	if len(path) > 0 {
		next := path[0]
		if at != "" {
			next = at + "." + next
		}
		o.collect(asMap(v)[path[0]], path[1:], next, out)
		return
	}
	value := packsapi.ObservedValue{Path: at, Code: o.code, System: o.system, Unit: o.unit, Title: o.title, Kind: o.kind}
	switch o.kind {
	case packsapi.ObservedNumber:
		number, ok := castDouble(v)
		if !ok {
			return
		}
		value.Value = number
	case packsapi.ObservedBoolean:
		truth, ok := v.(bool)
		if !ok {
			return
		}
		value.Value = truth
	default:
		s, ok := v.(string)
		if !ok || s == "" {
			return
		}
		value.Value = s
	}
	*out = append(*out, value)
}

// CarryOver implements packsapi.Form.
func (f *form) CarryOver(previous map[string]any) map[string]any {
	out := map[string]any{}
	for _, name := range f.carried {
		if v, ok := previous[name]; ok && v != nil && len(f.Validate(map[string]any{name: v}, false)) == 0 {
			out[name] = v
		}
	}
	return out
}
