package packs

import (
	"io/fs"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

// Every valid payload is a valid draft, and stays one whatever is taken out of it at whatever depth: a draft
// is a document that may still be completed.
func TestDraftMayLackAnything(t *testing.T) {
	t.Parallel()
	f := template(t, `
code: t
version: 1.0.0
title: T
schema:
  type: object
  unevaluatedProperties: false
  required: [kind]
  minProperties: 2
  properties:
    kind: {type: string, oneOf: [{const: drug}, {const: act}]}
    note: {type: string, minLength: 3}
    rows:
      type: array
      minItems: 1
      contains: {required: [main], properties: {main: {const: true}}}
      items:
        type: object
        required: [name]
        additionalProperties: false
        properties: {name: {type: string, minLength: 1}, main: {type: boolean}, pair: {const: {a: 1, b: 2}}}
  dependentRequired: {note: [rows]}
  not: {required: [kind, note], properties: {kind: {const: act}, note: {const: "bad"}}}
  if: {required: [kind], properties: {kind: {const: drug}}}
  then: {required: [dose], properties: {dose: {type: integer, maximum: 10}}}
  else: {oneOf: [{required: [site], properties: {site: {type: string}}}, {required: [side], properties: {side: {enum: [left, right]}}}]}
`)
	valid := []string{
		`{"kind": "drug", "dose": 3, "note": "abc", "rows": [{"name": "x", "main": true, "pair": {"a": 1, "b": 2}}, {"name": "y"}]}`,
		`{"kind": "drug", "dose": 10}`,
		`{"kind": "act", "site": "arm"}`,
		`{"kind": "act", "side": "left", "rows": [{"name": "x", "main": true}]}`,
	}
	rapid.Check(t, func(t *rapid.T) {
		var payload map[string]any
		source := valid[rapid.IntRange(0, len(valid)-1).Draw(t, "payload")]
		payload = decode(t, source)
		if faults := f.Validate(payload, true); faults != nil {
			t.Fatal(source, faults)
		}
		takeOut(t, payload)
		if faults := f.Validate(payload, false); faults != nil {
			t.Fatal(payload, faults)
		}
	})
}

// takeOut deletes some fields, at every depth, and shortens some texts.
func takeOut(t *rapid.T, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			switch rapid.IntRange(0, 3).Draw(t, "what becomes of "+name) {
			case 0:
				delete(v, name)
			case 1:
				takeOut(t, value)
			}
		}
	case []any:
		for _, item := range v {
			takeOut(t, item)
		}
	}
}

// Any payload of any built-in form either validates or has its faults named; computing over it never fails, what is
// carried over is a draft again, and every observation has a value.
func TestAnyPayloadIsAnswered(t *testing.T) {
	t.Parallel()
	library := base(t)
	for _, p := range library.Packs() {
		templates, err := library.Templates(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		templates = slices.DeleteFunc(templates, func(tmpl *packsapi.Template) bool { return tmpl.Pack != p.ID })
		if len(templates) == 0 {
			t.Fatalf("%s has no form of its own", p.ID)
		}
		t.Run(p.ID, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				tmpl := rapid.SampledFrom(templates).Draw(t, "form")
				doc := library.packs[p.ID].form(tmpl.Code).form().schema.shape
				payload := map[string]any{}
				for _, name := range slices.Sorted(maps.Keys(doc.fields)) {
					switch rapid.IntRange(0, 9).Draw(t, "what becomes of "+name) {
					case 0, 1, 2: // absent
					case 3:
						payload[name] = anyJSON(3).Draw(t, name)
					default:
						payload[name] = valueOf(doc.fields[name], 3).Draw(t, name)
					}
				}
				if rapid.IntRange(0, 9).Draw(t, "a stranger") == 0 {
					payload[rapid.String().Draw(t, "its name")] = anyJSON(2).Draw(t, "its value")
				}
				answered(t, tmpl, payload)
			})
		})
	}
}

func answered(t *rapid.T, tmpl *packsapi.Template, payload map[string]any) {
	whole, draft := tmpl.Validate(payload, true), tmpl.Validate(payload, false)
	if len(whole) == 0 && len(draft) > 0 {
		t.Fatal("valid, but not as a draft:", draft)
	}
	for _, f := range append(whole, draft...) {
		if f.Path == "" || f.Message == "" {
			t.Fatal("a fault without a place or a reason:", f)
		}
	}
	computed, _, err := tmpl.Compute(payload, packsapi.About{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range tmpl.Observed(payload, computed) {
		if o.Path == "" || o.Code == "" || o.System == "" || o.Kind == "" || o.Value == nil {
			t.Fatalf("an observation of nothing: %+v", o)
		}
	}
	if faults := tmpl.Validate(tmpl.CarryOver(payload), false); len(faults) > 0 {
		t.Fatal("what is carried over does not fit:", faults)
	}
}

// valueOf draws a value that has the shape's type, and often one that its field takes.
func valueOf(s *shape, depth int) *rapid.Generator[any] {
	switch {
	case len(s.choices) > 0:
		return rapid.Map(rapid.SampledFrom(slices.Sorted(maps.Keys(s.choices))), toAny)
	case s.kind == boolShape:
		return rapid.Map(rapid.Bool(), toAny)
	case s.kind == intShape:
		return rapid.Map(rapid.Int64Range(-3, 200), toAny)
	case s.kind == doubleShape:
		return rapid.OneOf(rapid.Map(rapid.Float64Range(-1, 300), toAny), rapid.Map(rapid.Int64Range(0, 50), toAny))
	case s.kind == textShape:
		return rapid.Map(rapid.SampledFrom([]string{"", "Cough for three days", "2026-01-31", "6/6", "2026-01-31T09:30:00Z", "J18.9"}), toAny)
	case s.kind == listShape && s.items != nil && depth > 0:
		return rapid.Map(rapid.SliceOfN(valueOf(s.items, depth-1), 0, 3), func(items []any) any { return items })
	case s.kind == objectShape && depth > 0:
		return rapid.Custom(func(t *rapid.T) any {
			out := map[string]any{}
			for _, name := range slices.Sorted(maps.Keys(s.fields)) {
				if rapid.Bool().Draw(t, "has "+name) {
					out[name] = valueOf(s.fields[name], depth-1).Draw(t, name)
				}
			}
			return out
		})
	default:
		return anyJSON(depth)
	}
}

func anyJSON(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Just(any(nil)), rapid.Map(rapid.Bool(), toAny), rapid.Map(rapid.Float64(), toAny),
		rapid.Map(rapid.Int64Range(-1000, 1000), toAny), rapid.Map(rapid.String(), toAny),
		rapid.Map(rapid.SampledFrom([]string{"2026-01-31", "home", "died", "urgent", "J18.9", "improved"}), toAny),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	inner := rapid.Deferred(func() *rapid.Generator[any] { return anyJSON(depth - 1) })
	keys := rapid.OneOf(rapid.SampledFrom([]string{"description", "code", "role", "name", "change", "certainty"}), rapid.String())
	return rapid.OneOf(append(leaves,
		rapid.Map(rapid.SliceOfN(inner, 0, 3), toAny),
		rapid.Map(rapid.MapOfN(keys, inner, 0, 3), toAny))...)
}

func toAny[T any](v T) any { return v }

func TestEveryBuiltInFileIsRead(t *testing.T) {
	t.Parallel()
	for _, own := range base(t).sources {
		folder, err := fs.Sub(builtin.Files, own.ID)
		if err != nil {
			t.Fatal(err)
		}
		p, faults := load(folder, true)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		for part, read := range map[string]int{"templates": len(p.templates), "workflows": len(p.workflows), "labels": len(p.Labels)} {
			files, err := fs.Glob(folder, part+"/*.yaml")
			if err != nil || len(files) == 0 || len(files) != read {
				t.Errorf("%s: %d of %d files under %s are read", p.ID, read, len(files), part)
			}
		}
		for _, part := range []string{"rules", "catalog", "nav", "chart"} {
			if len(p.lists[part].orEmpty().items) == 0 {
				t.Errorf("%s: nothing of %s is read", p.ID, part)
			}
		}
		if len(p.examples) < 10 {
			t.Errorf("%s: only %d tests", p.ID, len(p.examples))
		}
	}
}
