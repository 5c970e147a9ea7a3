package packs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

const maxOptions = 2_000

var codePattern = regexp.MustCompile(`^[^\s](.{0,126}[^\s])?$`)

// valueSet is a coded choice that many forms offer. Its options are schema nodes: {const, title}.
type valueSet struct {
	options *node
	// signature changes when the options do, so that a form is compiled anew for a facility that changed them.
	signature string
}

// readValueSets reads the merged value sets.
func (r *reading) readValueSets(n *node) map[string]*valueSet {
	out := map[string]*valueSet{}
	for _, item := range n.orEmpty().items {
		v := compiled(r, item, "valueset", func() *valueSet { return r.readValueSet(item) })
		if v != nil {
			out[itemKey(item)] = v
		}
	}
	return out
}

func (r *reading) readValueSet(n *node) *valueSet {
	before := len(r.faults)
	if !r.mapping(n, "A value set", "code", "title", "system", "options", "order", "hidden") {
		return nil
	}
	r.need(n, "A value set", "code", "title", "options")
	r.slug(n.get("code"), "code")
	r.words(n.get("title"), "title")
	r.text(n.get("system"), "system")
	out := &valueSet{options: &node{at: n.at, kind: list, made: true}}
	options := r.items(n.get("options"), "options")
	if len(options) > maxOptions {
		r.fault(n.get("options").at, "A value set has at most %d options.", maxOptions)
		return nil
	}
	seen := map[string]bool{}
	for _, o := range options {
		if !r.mapping(o, "An option", "code", "title", "order", "hidden") {
			if o.kind == nothing {
				r.fault(o.at, "An option must be a mapping.")
			}
			continue
		}
		r.need(o, "An option", "code", "title")
		code, title := r.match(o.get("code"), "code", codePattern, "a code without spaces around it"), r.words(o.get("title"), "title")
		if code == "" || title == nil {
			continue
		}
		if seen[code] {
			r.fault(o.at, "The option %q stands here a second time.", clip(code))
		}
		seen[code] = true
		out.options.items = append(out.options.items, &node{at: o.at, kind: mapping, made: true, fields: []field{
			{key: "const", at: o.at, value: o.get("code")}, {key: "title", at: o.at, value: o.get("title")}}})
	}
	if len(out.options.items) == 0 && len(r.faults) == before {
		r.fault(n.at, "The value set %q has no option.", clip(itemKey(n)))
	}
	if len(r.faults) > before {
		return nil
	}
	var b bytes.Buffer
	writeSchema(&b, out.options, "", false)
	sum := sha256.Sum256(b.Bytes())
	out.signature = hex.EncodeToString(sum[:16])
	return out
}

// signature names the value sets a file uses, as they are here.
func (r *reading) signature(n *node) string {
	used := valueSetsIn(n)
	for i, code := range used {
		used[i] = code + "="
		if v := r.valueSets[code]; v != nil {
			used[i] += v.signature
		}
	}
	return strings.Join(used, " ")
}

// valueSetsIn lists the codes of the value sets a file names, each once.
func valueSetsIn(n *node) []string {
	var used []string
	var walk func(n *node)
	walk = func(n *node) {
		for _, item := range n.items {
			walk(item)
		}
		for _, f := range n.fields {
			if code, ok := f.value.str(); ok && f.key == valueSetKey {
				used = append(used, code)
			}
			walk(f.value)
		}
	}
	walk(n)
	slices.Sort(used)
	return slices.Compact(used)
}

const valueSetKey = "x-valueset"

// expand gives a schema in which every choice out of a value set lists its options, as if the author had written
// them there: {type: string, x-valueset: code} gains oneOf.
func (r *reading) expand(n *node) *node {
	if n == nil || n.kind != mapping && n.kind != list {
		return n
	}
	out := *n
	changed := false
	if n.kind == list {
		out.items = slices.Clone(n.items)
		for i, item := range n.items {
			out.items[i] = r.expand(item)
			changed = changed || out.items[i] != item
		}
	} else {
		out.fields = slices.Clone(n.fields)
		for i, f := range n.fields {
			if slices.Contains(valueKeywords, f.key) {
				continue // values, not schemas
			}
			out.fields[i].value = r.expand(f.value)
			changed = changed || out.fields[i].value != f.value
		}
		if at := slices.IndexFunc(n.fields, func(f field) bool { return f.key == valueSetKey && f.value.kind != mapping }); at >= 0 {
			if options := r.optionsOf(n, n.fields[at]); options != nil {
				out.fields = append(out.fields, field{key: "oneOf", at: n.fields[at].at, value: options})
				changed = true
			}
		}
	}
	if !changed {
		return n
	}
	out.made = true
	return &out
}

// valueKeywords are the keywords whose values are data, in which a key that looks like a keyword is none.
var valueKeywords = []string{"const", "enum", "default", "examples", "x-obs"}

func (r *reading) optionsOf(n *node, f field) *node {
	code := r.text(f.value, valueSetKey)
	if code == "" {
		return nil
	}
	for _, other := range []string{"oneOf", "enum", "const"} {
		if n.get(other) != nil {
			r.fault(f.at, "A field takes its choices either from %s or from %s.", valueSetKey, other)
			return nil
		}
	}
	if t, _ := n.get("type").str(); t != "string" {
		r.fault(f.at, "%s belongs to a field of type: string; a list of choices has it in its items.", valueSetKey)
		return nil
	}
	v := r.valueSets[code]
	if v == nil {
		if !r.faulty(f.at.pack, "valuesets/") {
			r.fault(f.at, "There is no value set %q.", clip(code))
		}
		return nil
	}
	return v.options
}
