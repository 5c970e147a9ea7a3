package packs

import (
	"cmp"
	"slices"
)

// merge lays one part of a pack over the same part of the packs below it:
//
//   - mappings merge key by key;
//   - lists of mappings that each have their own `code` (or `id`) merge by it: an entry that is there already is
//     merged in its place, a new one comes at the end; an empty list over such a list changes nothing;
//   - anything else is replaced by what comes later, null too.
//
// It is associative, so that a chain of packs means the same however it is joined, and what an override does not
// touch stays the very node it was, with its file and line. Neither argument is changed; nil is nothing at all.
func merge(under, over *node) *node {
	switch {
	case over == nil:
		return under
	case under == nil, under == over:
		return over
	case over.replaces:
		return over
	}
	switch {
	case under.kind == mapping && over.kind == mapping:
		return mergeMappings(under, over)
	case over.kind == list && len(over.items) == 0 && under.kind == list && (keyed(under) || len(under.items) == 0):
		return under
	case (keyed(under) || under.kind == list && len(under.items) == 0) && keyed(over):
		return mergeLists(under, over)
	case under.kind == over.kind && under.kind != list && under.scalar == over.scalar:
		return under
	}
	// From here on the later one stands alone, whatever it may yet be laid over: what came before was not of its
	// kind, and must not shine through from further below either.
	replaced := *over
	replaced.replaces, replaced.made = true, true
	return &replaced
}

func mergeMappings(under, over *node) *node {
	out := &node{at: over.at, made: true, kind: mapping, replaces: under.replaces, fields: slices.Clone(under.fields)}
	at := make(map[string]int, len(out.fields))
	for i, f := range out.fields {
		at[f.key] = i
	}
	changed := false
	for _, f := range over.fields {
		i, known := at[f.key]
		if !known {
			at[f.key] = len(out.fields)
			out.fields = append(out.fields, f)
			changed = true
			continue
		}
		if merged := merge(out.fields[i].value, f.value); merged != out.fields[i].value {
			out.fields[i] = field{key: f.key, at: f.at, value: merged}
			changed = true
		}
	}
	if !changed {
		return under
	}
	return out
}

func mergeLists(under, over *node) *node {
	out := &node{at: over.at, made: true, kind: list, replaces: under.replaces, items: slices.Clone(under.items)}
	at := make(map[string]int, len(out.items))
	for i, item := range out.items {
		at[itemKey(item)] = i
	}
	for _, item := range over.items {
		i, known := at[itemKey(item)]
		if !known {
			at[itemKey(item)] = len(out.items)
			out.items = append(out.items, item)
			continue
		}
		out.items[i] = merge(out.items[i], item)
	}
	if slices.Equal(out.items, under.items) {
		return under
	}
	return out
}

// itemKey is what an entry of a list is known by; empty when by nothing.
func itemKey(n *node) string {
	code, _ := n.get("code").str()
	id, _ := n.get("id").str()
	return cmp.Or(code, id)
}

// keyed says whether a list's entries are known by their codes, each by its own.
func keyed(n *node) bool {
	if n.kind != list || len(n.items) == 0 {
		return false
	}
	seen := make(map[string]bool, len(n.items))
	for _, item := range n.items {
		key := itemKey(item)
		if item.kind != mapping || key == "" || seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}

// settle ends a chain of merges: in every list merged by code, what is hidden goes, and what has an order moves to
// its place; equal orders, and those without one (0), keep the order they came in.
func settle(n *node) *node {
	if n == nil || n.kind != mapping && n.kind != list {
		return n
	}
	if n.kind == mapping {
		var fields []field
		for i, f := range n.fields {
			if settled := settle(f.value); settled != f.value {
				if fields == nil {
					fields = slices.Clone(n.fields)
				}
				fields[i].value = settled
			}
		}
		if fields == nil {
			return n
		}
		out := *n
		out.fields, out.made = fields, true
		return &out
	}
	items := make([]*node, 0, len(n.items))
	byCode := keyed(n)
	for _, item := range n.items {
		if hidden := item.get("hidden"); byCode && hidden != nil && hidden.scalar == true {
			continue
		}
		items = append(items, settle(item))
	}
	if byCode {
		slices.SortStableFunc(items, func(a, b *node) int { return cmp.Compare(orderOf(a), orderOf(b)) })
	}
	if slices.Equal(items, n.items) {
		return n
	}
	out := *n
	out.items, out.made = items, true
	return &out
}

func orderOf(n *node) int64 {
	v := n.get("order")
	if v == nil {
		return 0
	}
	order, _ := v.scalar.(int64)
	return order
}
