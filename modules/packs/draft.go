package packs

import "slices"

// unfinished are the keywords that a value still being written may break.
var unfinished = []string{"required", "dependentRequired", "minProperties", "minItems", "minLength",
	"contains", "minContains", "maxContains", "not"}

// relax turns a schema into the one for drafts: every value that can still be completed to satisfy the
// schema satisfies the relaxed one, and wrong types, bounds and unknown fields stay refused. Alternatives
// become "at least one may still come true": a value that lacks the field that decides between them must not
// be held to the wrong one. The argument is changed.
func relax(value any) any {
	m, ok := value.(map[string]any)
	if !ok {
		return value
	}
	if _, ok := m["contains"]; ok {
		delete(m, "unevaluatedItems") // it counts what contains has matched, which is no longer asked
	}
	for _, key := range unfinished {
		delete(m, key)
	}
	dropCompound(m)
	for key, v := range m {
		switch {
		case slices.Contains(schemaKeywords, key):
			m[key] = relax(v)
		case slices.Contains(schemaMapKeywords, key):
			named := asMap(v)
			for name := range named {
				named[name] = relax(named[name])
			}
		case slices.Contains(schemaListKeywords, key):
			all := asList(v)
			for i := range all {
				all[i] = relax(all[i])
			}
		}
	}
	var alternatives []any
	if oneOf, ok := m["oneOf"]; ok {
		delete(m, "oneOf")
		alternatives = append(alternatives, map[string]any{"anyOf": oneOf})
	}
	if condition, ok := m["if"]; ok {
		met := []any{condition}
		if then, ok := m["then"]; ok {
			met = append(met, then)
		}
		otherwise, ok := m["else"]
		if !ok {
			otherwise = true
		}
		alternatives = append(alternatives, map[string]any{"anyOf": []any{map[string]any{"allOf": met}, otherwise}})
	}
	delete(m, "if")
	delete(m, "then")
	delete(m, "else")
	if len(alternatives) > 0 {
		m["allOf"] = append(asList(m["allOf"]), alternatives...)
	}
	return m
}

// dropCompound drops const and enum where they compare whole lists or mappings: an unfinished one cannot
// equal its finished self.
func dropCompound(m map[string]any) {
	compound := func(v any) bool {
		switch v.(type) {
		case []any, map[string]any:
			return true
		}
		return false
	}
	if compound(m["const"]) {
		delete(m, "const")
	}
	if slices.ContainsFunc(asList(m["enum"]), compound) {
		delete(m, "enum")
	}
}

// asMap and asList give nil for anything else, so that walking a schema needs no case for its mistakes.
func asMap(v any) map[string]any { m, _ := v.(map[string]any); return m }
func asList(v any) []any         { l, _ := v.([]any); return l }
