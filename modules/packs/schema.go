package packs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// maxSchemaWeight bounds how large a schema is once its references are followed, so that neither compiling
// nor validating can be made to explode.
const (
	maxSchemaWeight = 5_000
	maxDefs         = 200
)

// The keywords of JSON Schema 2020-12 that a pack may use, by what their value is.
var (
	schemaKeywords = []string{"additionalProperties", "items", "contains", "propertyNames",
		"unevaluatedProperties", "unevaluatedItems", "not", "if", "then", "else"}
	schemaMapKeywords  = []string{"properties", "patternProperties", "$defs", "dependentSchemas"}
	schemaListKeywords = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
	plainKeywords      = []string{"type", "enum", "const", "required", "dependentRequired",
		"minProperties", "maxProperties", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains",
		"minLength", "maxLength", "pattern", "format",
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
		"title", "description", "default", "examples", "readOnly", "writeOnly", "deprecated",
		"$comment", "$schema", "$ref"}
	// sameInstance are the keywords whose schemas speak of the very value their own schema speaks of.
	sameInstance = []string{"allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"}
	formats      = []string{"date", "time", "date-time", "duration", "email", "uri", "uuid"}
)

const (
	dialect     = "https://json-schema.org/draft/2020-12/schema"
	localPrefix = "#/$defs/"
)

// schema is a compiled JSON Schema of a pack: the whole of it for final values, a relaxed one for drafts.
type schema struct {
	source *node
	final  func() *jsonschema.Schema
	draft  func() *jsonschema.Schema
	shape  *shape
}

// compileSchema checks and compiles a schema. Root is what messages call it.
func (r *reading) compileSchema(n *node, root string) *schema {
	if n == nil || n.kind != mapping {
		r.fault(n.orEmpty().at, "%s must be a JSON Schema.", root)
		return nil
	}
	before := len(r.faults)
	n = r.expand(n)
	c := schemaCheck{reading: r, defs: n.get("$defs"), weights: map[string]int{}}
	c.schema(n, true)
	if c.defs != nil && len(c.defs.fields) > maxDefs {
		r.fault(c.defs.at, "%s has more than %d $defs.", root, maxDefs)
	}
	if t, _ := n.get("type").str(); t != "object" || n.get("properties") == nil {
		r.fault(n.at, "%s must have type: object and properties.", root)
	}
	if len(r.faults) > before {
		return nil
	}
	if weight := c.weight(n, nil); weight > maxSchemaWeight {
		r.fault(n.at, "%s grows to more than %d parts when its references are followed.", root, maxSchemaWeight)
	}
	if len(r.faults) > before {
		return nil
	}
	s := &schema{source: n}
	late := &reading{pack: r.pack, file: r.file} // without the packs: the memory of one of them keeps it
	s.final = sync.OnceValue(func() *jsonschema.Schema { return late.compile(n, localise(n.plain(), "")) })
	s.draft = sync.OnceValue(func() *jsonschema.Schema { return late.compile(n, relax(localise(n.plain(), ""))) })
	if p := r.packs[n.at.pack]; !r.late || p == nil || !p.proved {
		if s.final() == nil || s.draft() == nil {
			r.faults = append(r.faults, late.faults...)
			return nil
		}
	}
	s.shape = shapeOf(n)
	return s
}

type schemaCheck struct {
	*reading
	defs    *node
	weights map[string]int
}

func (c *schemaCheck) schema(n *node, root bool) {
	if n.kind == truth {
		return
	}
	if n.kind != mapping {
		c.fault(n.at, "A schema must be a mapping, or true or false.")
		return
	}
	for _, f := range n.fields {
		switch {
		case slices.Contains(schemaKeywords, f.key):
			c.schema(f.value, false)
		case slices.Contains(schemaMapKeywords, f.key):
			if f.value.kind != mapping {
				c.fault(f.at, "%s must be a mapping of schemas.", f.key)
				continue
			}
			for _, sub := range f.value.fields {
				if f.key == "properties" && !fieldPattern.MatchString(sub.key) {
					c.fault(sub.at, "A field's name is made of small letters, digits and _, and starts with a letter; %q is not.", clip(sub.key))
				}
				c.schema(sub.value, false)
			}
		case slices.Contains(schemaListKeywords, f.key):
			if f.value.kind != list || len(f.value.items) == 0 {
				c.fault(f.at, "%s must be a list of schemas.", f.key)
				continue
			}
			for _, sub := range f.value.items {
				c.schema(sub, false)
			}
		case f.key == "$ref":
			c.reference(f)
		case f.key == "$schema":
			if s, _ := f.value.str(); !root || s != dialect {
				c.fault(f.at, "$schema may stand only at the top and must be %s.", dialect)
			}
		case f.key == "format":
			c.oneOf(f.value, "format", formats...)
		case f.key == "title", f.key == "description":
			c.words(f.value, f.key)
		case f.key == "x-obs":
			c.observation(f.value)
		case f.key == "x-carry", f.key == "x-search":
			c.truth(f.value, f.key)
		case f.key == "x-unit":
			c.text(f.value, f.key)
		case f.key == "pattern":
			c.text(f.value, f.key)
		case strings.HasPrefix(f.key, "x-"), slices.Contains(plainKeywords, f.key):
		default:
			c.fault(f.at, "%q is not a keyword that a pack's schema may use.", clip(f.key))
		}
	}
	c.requiredFields(n)
}

// requiredFields finds a required name that the same object does not have: a form that nobody could finish.
// A schema without a type, such as a `then`, may require what the schema around it has.
func (c *schemaCheck) requiredFields(n *node) {
	required, properties := n.get("required"), n.get("properties")
	if required == nil || required.kind != list || properties == nil || n.get("type") == nil {
		return
	}
	for _, item := range required.items {
		if name, ok := item.str(); ok && properties.get(name) == nil {
			c.fault(item.at, "The required field %q is not among the properties.", clip(name))
		}
	}
}

func (c *schemaCheck) reference(f field) {
	target, _ := f.value.str()
	name, local := strings.CutPrefix(target, localPrefix)
	switch {
	case !local:
		c.fault(f.at, "A $ref may only point into the same file, as %sNAME.", localPrefix)
	case c.defs.get(name) == nil:
		c.fault(f.at, "There is no %s%s.", localPrefix, clip(name))
	}
}

// weight counts the schema's parts with every reference followed, and finds references that lead back to
// themselves: a form cannot be drawn for ever.
func (c *schemaCheck) weight(n *node, path []string) int {
	total := 1
	for _, sub := range subschemas(n) {
		total = min(total+c.weight(sub, path), maxSchemaWeight+1)
	}
	target, ok := n.get("$ref").str()
	if !ok {
		return total
	}
	name := strings.TrimPrefix(target, localPrefix)
	if slices.Contains(path, name) {
		c.fault(n.get("$ref").at, "The reference to %s%s leads back to itself.", localPrefix, name)
		return total
	}
	known, ok := c.weights[name]
	if !ok {
		known = c.weight(c.defs.get(name), append(slices.Clone(path), name))
		c.weights[name] = known
	}
	return min(total+known, maxSchemaWeight+1)
}

// subschemas lists the schemas directly inside one.
func subschemas(n *node) []*node {
	if n == nil || n.kind != mapping {
		return nil
	}
	var out []*node
	for _, f := range n.fields {
		switch {
		case slices.Contains(schemaKeywords, f.key):
			out = append(out, f.value)
		case slices.Contains(schemaMapKeywords, f.key):
			for _, sub := range f.value.fields {
				out = append(out, sub.value)
			}
		case slices.Contains(schemaListKeywords, f.key):
			out = append(out, f.value.items...)
		}
	}
	return out
}

// noLoader refuses every schema that is not in the file itself.
type noLoader struct{}

func (noLoader) Load(string) (any, error) { return nil, errors.New("remote schemas are refused") }

func (r *reading) compile(source *node, document any) *jsonschema.Schema {
	const location = "pack:///schema.json"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(location, document); err != nil {
		r.fault(source.at, "The schema cannot be read: %s.", err)
		return nil
	}
	compiled, err := compiler.Compile(location)
	if err == nil {
		return compiled
	}
	var invalid *jsonschema.SchemaValidationError
	var fault *jsonschema.ValidationError
	if errors.As(err, &invalid) && errors.As(invalid.Err, &fault) {
		for _, leaf := range leaves(fault) {
			at := source.follow(leaf.InstanceLocation)
			r.fault(at.at, "The schema is not valid JSON Schema at %q: %s", "/"+strings.Join(leaf.InstanceLocation, "/"),
				sentence(leaf, "This"))
		}
		return nil
	}
	r.fault(source.at, "The schema does not compile: %s.", strings.ReplaceAll(err.Error(), "\n", " "))
	return nil
}

// at follows a JSON pointer as far as it leads.
func (n *node) follow(location []string) *node {
	for _, token := range location {
		var next *node
		switch n.kind {
		case mapping:
			next = n.get(token)
		case list:
			if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.items) {
				next = n.items[i]
			}
		default:
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// localise replaces titles and descriptions given by locale by the one text of that locale, so that the
// schema is plain JSON Schema for the validator and for any form renderer.
func localise(value any, locale string) any {
	m, ok := value.(map[string]any)
	if !ok {
		return value
	}
	for key, v := range m {
		switch {
		case key == "title" || key == "description":
			if byLocale, ok := v.(map[string]any); ok {
				m[key] = wordsOf(byLocale).In(locale)
			}
		case slices.Contains(schemaKeywords, key):
			localise(v, locale)
		case slices.Contains(schemaMapKeywords, key):
			for _, sub := range asMap(v) {
				localise(sub, locale)
			}
		case slices.Contains(schemaListKeywords, key):
			for _, sub := range asList(v) {
				localise(sub, locale)
			}
		}
	}
	return m
}

// schemaJSON writes the schema in one locale, keys in the author's order.
func schemaJSON(n *node, locale string) json.RawMessage {
	var b bytes.Buffer
	writeSchema(&b, n, locale, true)
	return b.Bytes()
}

// writeSchema writes a node; isSchema says whether its keys are keywords (then titles are localised) or names.
func writeSchema(b *bytes.Buffer, n *node, locale string, isSchema bool) {
	switch n.kind {
	case list:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeSchema(b, item, locale, isSchema)
		}
		b.WriteByte(']')
	case mapping:
		b.WriteByte('{')
		for i, f := range n.fields {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, f.key)
			b.WriteByte(':')
			switch {
			case isSchema && (f.key == "title" || f.key == "description") && f.value.kind == mapping:
				writeJSON(b, wordsOf(asMap(f.value.plain())).In(locale))
			case isSchema && slices.Contains(schemaMapKeywords, f.key):
				writeNamed(b, f.value, locale)
			default:
				writeSchema(b, f.value, locale,
					isSchema && (slices.Contains(schemaKeywords, f.key) || slices.Contains(schemaListKeywords, f.key)))
			}
		}
		b.WriteByte('}')
	default:
		writeJSON(b, n.scalar)
	}
}

// writeNamed writes a mapping of names to schemas.
func writeNamed(b *bytes.Buffer, n *node, locale string) {
	b.WriteByte('{')
	for i, f := range n.fields {
		if i > 0 {
			b.WriteByte(',')
		}
		writeJSON(b, f.key)
		b.WriteByte(':')
		writeSchema(b, f.value, locale, true)
	}
	b.WriteByte('}')
}

func writeJSON(b *bytes.Buffer, scalar any) {
	encoded, err := json.Marshal(scalar)
	if err != nil {
		// A scalar of a parsed file is nil, bool, int64, a finite float64 or valid UTF-8.
		panic(fmt.Sprintf("packs: encoding a scalar: %v", err))
	}
	b.Write(encoded)
}
