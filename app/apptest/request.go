package apptest

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Slot is one place of an operation where a caller puts a value.
type Slot struct {
	// In is "path", "query", "header" or "body".
	In string
	// Name of the parameter. In a body the way to the member: "memberships.0.facility_id".
	Name   string
	Schema map[string]any
}

// String names the slot for people.
func (s Slot) String() string { return s.In + " " + s.Name }

// Member is the last name on the way to the slot.
func (s Slot) Member() string {
	steps := strings.Split(s.Name, ".")
	for _, step := range slices.Backward(steps) {
		if _, err := strconv.Atoi(step); err != nil {
			return step
		}
	}
	return s.Name
}

// TakesID tells whether an id belongs here.
func (s Slot) TakesID() bool {
	return s.Schema["format"] == "uuid" || strings.HasSuffix(s.Member(), "_id") || strings.HasSuffix(s.Member(), "_ids")
}

// TakesText tells whether a string can be put here: every parameter, and what the schema of a body calls a string.
func (s Slot) TakesText() bool {
	return s.In != "body" || s.Schema["type"] == "string" || slices.Contains(list(s.Schema["type"]), any("string"))
}

// Slots lists every place of an operation that takes a value: parameters, and each member of the body however deep.
func (c *Contract) Slots(o *Operation) []Slot {
	var slots []Slot
	for _, p := range o.Parameters {
		slots = append(slots, Slot{In: p.In, Name: p.Name, Schema: p.Schema})
	}
	if o.Body != nil {
		slots = c.bodySlots(slots, "", o.Body)
	}
	return slots
}

func (c *Contract) bodySlots(slots []Slot, at string, schema map[string]any) []Slot {
	schema = c.Resolve(schema)
	below := func(name string) string { return strings.TrimPrefix(at+"."+name, ".") }
	for _, choice := range list(schema["oneOf"]) {
		slots = c.bodySlots(slots, at, choice.(map[string]any))
	}
	switch kindOf(schema) {
	case "object":
		properties, _ := schema["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			slots = c.bodySlots(slots, below(name), properties[name].(map[string]any))
		}
		// What no schema describes takes whatever a caller thinks of.
		if free, open := schema["additionalProperties"]; open && free != false {
			slots = append(slots, Slot{In: "body", Name: below("anything"), Schema: map[string]any{"type": "string"}})
		}
	case "array":
		if items, ok := schema["items"].(map[string]any); ok {
			slots = c.bodySlots(slots, below("0"), items)
		}
	case "":
		// Whatever JSON it is: what was measured is a number or words.
		if at != "" && len(list(schema["oneOf"])) == 0 {
			slots = append(slots, Slot{In: "body", Name: at, Schema: schema})
		}
	default:
		slots = append(slots, Slot{In: "body", Name: at, Schema: schema})
	}
	return slots
}

func kindOf(schema map[string]any) string {
	kind, _ := schema["type"].(string)
	if kinds := list(schema["type"]); len(kinds) > 0 {
		kind, _ = kinds[0].(string)
	}
	return kind
}

// Values gives what belongs into a slot; false leaves it to the schema.
type Values func(o *Operation, s Slot) (value any, known bool)

// Request is an operation with a value in each slot that needs one.
type Request struct {
	Operation *Operation
	Path      map[string]string
	Query     url.Values
	Headers   map[string]string
	// Body is nil when the operation takes none.
	Body any
}

// Fill makes a request that an operation accepts, as far as the values and its schemas tell: with what is required,
// and with what the values know of the rest of the body.
func (c *Contract) Fill(o *Operation, values Values) *Request {
	r := &Request{Operation: o, Path: map[string]string{}, Query: url.Values{}, Headers: map[string]string{}}
	if o.Body != nil {
		r.Body = c.Example(o.Body)
	}
	for _, s := range c.Slots(o) {
		value, known := values(o, s)
		switch {
		case s.In == "body":
			if known {
				r = c.With(r, s, value)
			}
		case s.In == "path" || s.In == "query" && o.requires(s):
			if !known {
				value = c.Example(s.Schema)
			}
			r = c.With(r, s, value)
		}
	}
	return r
}

func (o *Operation) requires(s Slot) bool {
	return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Name == s.Name && p.In == s.In && p.Required })
}

// With gives the request with another value in one slot. Parameters are written as text.
func (c *Contract) With(r *Request, s Slot, value any) *Request {
	changed := *r
	switch s.In {
	case "path":
		changed.Path = maps.Clone(r.Path)
		changed.Path[s.Name] = fmt.Sprint(value)
	case "query":
		changed.Query = maps.Clone(r.Query)
		changed.Query.Set(s.Name, fmt.Sprint(value))
	case "header":
		changed.Headers = maps.Clone(r.Headers)
		changed.Headers[s.Name] = fmt.Sprint(value)
	case "body":
		changed.Body = c.put(r.Body, r.Operation.Body, strings.Split(s.Name, "."), value)
	}
	return &changed
}

// put copies a JSON value with another one deep inside, and makes what is missing on the way.
func (c *Contract) put(in any, schema map[string]any, way []string, value any) any {
	if len(way) == 0 {
		return value
	}
	if schema != nil {
		schema = c.Resolve(schema)
	}
	if i, err := strconv.Atoi(way[0]); err == nil {
		items, _ := schema["items"].(map[string]any)
		array := slices.Clone(list(in))
		for len(array) <= i {
			var example any
			if items != nil {
				example = c.Example(items)
			}
			array = append(array, example)
		}
		array[i] = c.put(array[i], items, way[1:], value)
		return array
	}
	object, _ := in.(map[string]any)
	if object == nil {
		object, _ = c.Example(schema).(map[string]any)
	}
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	properties, _ := schema["properties"].(map[string]any)
	property, _ := properties[way[0]].(map[string]any)
	object[way[0]] = c.put(object[way[0]], property, way[1:], value)
	return object
}

var variableOfPath = regexp.MustCompile(`\{[^}]+\}`)

// URL is the request's address.
func (r *Request) URL() string {
	address := variableOfPath.ReplaceAllStringFunc(r.Operation.Path, func(variable string) string {
		return url.PathEscape(r.Path[strings.Trim(variable, "{}")])
	})
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	return address
}

// Send sends a request. It never fails the test and does not hold the answer against openapi.json.
func (c *Client) Send(ctx context.Context, r *Request) (Reply, error) {
	var headers []string
	for name, value := range r.Headers {
		headers = append(headers, name, value)
	}
	return c.Try(ctx, r.Operation.Method, r.URL(), r.Body, headers...)
}
