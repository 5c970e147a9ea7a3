package packs

import (
	"errors"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// shapeKind is the type that a value has in an expression.
type shapeKind int

const (
	anyShape shapeKind = iota // dyn: numbers in it are doubles, as CEL takes JSON
	boolShape
	intShape
	doubleShape
	textShape
	timeShape
	listShape
	objectShape
)

// shape is what expressions know about a value: its type, and for an object its fields. It follows from a
// JSON Schema, or is declared in Go for the facts of a moment.
type shape struct {
	kind    shapeKind
	name    string // of an object type, unique within one expression environment
	title   packsapi.Text
	fields  map[string]*shape
	items   *shape
	choices map[string]packsapi.Text // titles of coded choices, by code
}

// shapeOf derives the shape of a checked schema.
func shapeOf(root *node) *shape {
	d := shaper{defs: root.get("$defs"), known: map[string]*shape{}}
	s := d.shape(root, "hm.doc")
	if s.kind != objectShape { // a schema that only refers or only allows patterns
		s = &shape{kind: objectShape, name: "hm.doc", fields: map[string]*shape{}}
	}
	return s
}

type shaper struct {
	defs  *node
	known map[string]*shape
}

func (d *shaper) shape(n *node, name string) *shape {
	out := &shape{}
	if n == nil || n.kind != mapping {
		return out
	}
	d.merge(out, n, name)
	if out.kind == objectShape {
		out.name = name
	}
	if out.kind != listShape {
		out.items = nil
	}
	return out
}

// merge adds what one schema says of a value to what is already known of it; the first word counts.
func (d *shaper) merge(out *shape, n *node, name string) {
	if n == nil || n.kind != mapping {
		return
	}
	if out.title == nil {
		out.title = textOf(n.get("title"))
	}
	if out.kind == anyShape {
		out.kind = kindOf(n)
	}
	if properties := n.get("properties"); properties != nil && (out.kind == objectShape || out.kind == anyShape) {
		out.kind = objectShape
		for _, f := range properties.fields {
			if out.fields == nil {
				out.fields = map[string]*shape{}
			}
			if out.fields[f.key] == nil {
				out.fields[f.key] = d.shape(f.value, name+"."+f.key)
			}
		}
	}
	if items := n.get("items"); items != nil && out.items == nil && n.get("prefixItems") == nil {
		out.items = d.shape(items, name+".item")
	}
	if target, ok := n.get("$ref").str(); ok {
		d.mergeShape(out, d.named(strings.TrimPrefix(target, localPrefix)))
	}
	for _, f := range n.fields {
		if !slices.Contains(sameInstance, f.key) {
			continue
		}
		if f.key == "oneOf" || f.key == "anyOf" {
			out.addChoices(f.value)
		}
		subs := f.value.items
		switch f.key {
		case "if", "then", "else":
			subs = []*node{f.value}
		case "dependentSchemas":
			for _, sub := range f.value.fields {
				subs = append(subs, sub.value)
			}
		}
		for _, sub := range subs {
			title := out.title
			d.merge(out, sub, name)
			out.title = title
		}
	}
}

func (d *shaper) named(name string) *shape {
	if s, ok := d.known[name]; ok {
		return s
	}
	s := d.shape(d.defs.get(name), "hm.defs."+name)
	d.known[name] = s
	return s
}

func (d *shaper) mergeShape(out, other *shape) {
	if out.kind == anyShape {
		out.kind = other.kind
	}
	if out.title == nil {
		out.title = other.title
	}
	if out.items == nil {
		out.items = other.items
	}
	for name, f := range other.fields {
		if out.fields == nil {
			out.fields = map[string]*shape{}
		}
		if out.fields[name] == nil {
			out.fields[name] = f
		}
	}
	for code, title := range other.choices {
		out.choice(code, title)
	}
}

// addChoices reads `oneOf: [{const: improved, title: Improved}]`.
func (s *shape) addChoices(alternatives *node) {
	for _, a := range alternatives.items {
		if code, ok := a.get("const").str(); ok {
			if title := textOf(a.get("title")); title != nil {
				s.choice(code, title)
			}
		}
	}
}

func (s *shape) choice(code string, title packsapi.Text) {
	if s.choices == nil {
		s.choices = map[string]packsapi.Text{}
	}
	s.choices[code] = title
}

// kindOf reads the type a schema states, or the one its constants have.
func kindOf(n *node) shapeKind {
	stated := map[string]shapeKind{"boolean": boolShape, "integer": intShape, "number": doubleShape,
		"string": textShape, "array": listShape, "object": anyShape}
	t := n.get("type")
	if name, ok := t.str(); ok {
		return stated[name]
	}
	if t != nil && t.kind == list {
		var names []string
		for _, item := range t.items {
			if name, _ := item.str(); name != "null" {
				names = append(names, name)
			}
		}
		if len(names) == 1 {
			return stated[names[0]]
		}
		return anyShape
	}
	constants := n.get("enum")
	values := []*node{n.get("const")}
	if constants != nil {
		values = constants.items
	}
	found := anyShape
	for _, v := range values {
		k := anyShape
		if v != nil {
			k = map[nodeKind]shapeKind{truth: boolShape, text: textShape}[v.kind]
		}
		if k == anyShape || (found != anyShape && found != k) {
			return anyShape
		}
		found = k
	}
	return found
}

// celType is the type the checker gives the value.
func (s *shape) celType() *types.Type {
	switch s.kind {
	case boolShape:
		return types.BoolType
	case intShape:
		return types.IntType
	case doubleShape:
		return types.DoubleType
	case textShape:
		return types.StringType
	case timeShape:
		return types.TimestampType
	case listShape:
		if s.items == nil {
			return types.NewListType(types.DynType)
		}
		return types.NewListType(s.items.celType())
	case objectShape:
		return types.NewObjectType(s.name)
	default:
		return types.DynType
	}
}

// errMissing is how a field without a value ends an evaluation.
var errMissing = errors.New("a value is missing")

// shapes lets CEL know our object types. It extends the registry of the environment it is put into.
type shapes struct {
	types.Provider
	objects map[string]*shape
}

// declare adds an object shape and all within it.
func (p *shapes) declare(s *shape) {
	if s == nil {
		return
	}
	if s.kind == objectShape {
		if p.objects[s.name] != nil {
			return
		}
		p.objects[s.name] = s
	}
	for _, f := range s.fields {
		p.declare(f)
	}
	p.declare(s.items)
}

// FindStructType implements types.Provider.
func (p *shapes) FindStructType(name string) (*types.Type, bool) {
	if p.objects[name] != nil {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return p.Provider.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (p *shapes) FindStructFieldNames(name string) ([]string, bool) {
	s, ok := p.objects[name]
	if !ok {
		return p.Provider.FindStructFieldNames(name)
	}
	names := make([]string, 0, len(s.fields))
	for f := range s.fields {
		names = append(names, f)
	}
	slices.Sort(names)
	return names, true
}

// FindStructFieldType implements types.Provider.
func (p *shapes) FindStructFieldType(name, fieldName string) (*types.FieldType, bool) {
	s, ok := p.objects[name]
	if !ok {
		return p.Provider.FindStructFieldType(name, fieldName)
	}
	f, ok := s.fields[fieldName]
	if !ok {
		return nil, false
	}
	return &types.FieldType{
		Type: f.celType(),
		IsSet: func(target any) bool {
			m, _ := target.(map[string]any)
			return m[fieldName] != nil
		},
		GetFrom: func(target any) (any, error) {
			m, _ := target.(map[string]any)
			if v := m[fieldName]; v != nil {
				return v, nil
			}
			return nil, errMissing
		},
	}, true
}

// textOf reads a title that has already been checked.
func textOf(n *node) packsapi.Text {
	if n == nil {
		return nil
	}
	if s, ok := n.str(); ok {
		return packsapi.Text{packsapi.DefaultLocale: s}
	}
	return wordsOf(asMap(n.plain()))
}

func wordsOf(byLocale map[string]any) packsapi.Text {
	out := packsapi.Text{}
	for locale, v := range byLocale {
		if s, ok := v.(string); ok {
			out[locale] = s
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
