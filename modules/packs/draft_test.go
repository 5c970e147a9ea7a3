package packs

import (
	"io/fs"
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

// Any payload either validates or has its faults named; computing over it never fails.
func TestAnyPayloadIsAnswered(t *testing.T) {
	t.Parallel()
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		t.Fatal(err)
	}
	templates, err := library.Templates(packsapi.Base)
	if err != nil {
		t.Fatal(err)
	}
	if len(templates) < 3 {
		t.Fatalf("only %d templates", len(templates))
	}
	for _, tmpl := range templates {
		var names []string
		for name := range tmpl.Document("en").UI.Fields {
			names = append(names, name)
		}
		t.Run(tmpl.Code, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				payload := map[string]any{}
				for range rapid.IntRange(0, 8).Draw(t, "fields") {
					name := rapid.OneOf(rapid.SampledFrom(names), rapid.String()).Draw(t, "name")
					payload[name] = anyJSON(3).Draw(t, "value")
				}
				whole, draft := tmpl.Validate(payload, true), tmpl.Validate(payload, false)
				if len(whole) == 0 && len(draft) > 0 {
					t.Fatal("valid, but not as a draft:", draft)
				}
				for _, f := range append(whole, draft...) {
					if f.Path == "" || f.Message == "" {
						t.Fatal("a fault without a place or a reason:", f)
					}
				}
				if _, _, err := tmpl.Compute(payload, packsapi.About{}); err != nil {
					t.Fatal(err)
				}
			})
		})
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
	folder, err := fs.Sub(builtin.Files, packsapi.Base)
	if err != nil {
		t.Fatal(err)
	}
	p, faults := load(folder, true)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(p.templates) != 3 || len(p.workflows) != 6 || len(p.lists["rules"].items) != 5 || len(p.examples) < 20 || len(p.Labels["en"]) < 20 {
		t.Errorf("%d templates, %d workflows, %d rules, %d examples, %d labels",
			len(p.templates), len(p.workflows), len(p.lists["rules"].items), len(p.examples), len(p.Labels["en"]))
	}
}
