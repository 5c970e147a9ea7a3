package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Contract holds answers against the OpenAPI document that the server itself gives.
type Contract struct {
	Operations []Operation

	document map[string]any
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	schemas  map[string]*jsonschema.Schema
}

// Operation of the document.
type Operation struct {
	Method, Path, ID string
	Permission       string
	Public           bool
	Parameters       []Parameter
	// Body is the schema of the JSON body; nil when there is none.
	Body map[string]any
	// Statuses the document lists.
	Statuses []string

	pattern *regexp.Regexp
}

// Parameter of an operation.
type Parameter struct {
	Name, In string
	Required bool
	Schema   map[string]any
}

var pathVariable = regexp.MustCompile(`\\\{[^}]+\\\}`)

// NewContract reads an OpenAPI document.
func NewContract(text []byte) (*Contract, error) {
	c := &Contract{compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c.document = document.(map[string]any)
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource("openapi.json", document); err != nil {
		return nil, err
	}
	for path, item := range c.document["paths"].(map[string]any) {
		for method, raw := range item.(map[string]any) {
			operation := raw.(map[string]any)
			o := Operation{
				Method: strings.ToUpper(method), Path: path, ID: fmt.Sprint(operation["operationId"]),
				pattern: regexp.MustCompile("^" + pathVariable.ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`) + "$"),
			}
			o.Permission, _ = operation["x-permission"].(string)
			security, declared := operation["security"].([]any)
			o.Public = declared && len(security) == 0
			for _, raw := range list(operation["parameters"]) {
				p := raw.(map[string]any)
				schema, _ := p["schema"].(map[string]any)
				required, _ := p["required"].(bool)
				o.Parameters = append(o.Parameters, Parameter{Name: p["name"].(string), In: p["in"].(string), Required: required, Schema: schema})
			}
			if body, ok := operation["requestBody"].(map[string]any); ok {
				if media, ok := body["content"].(map[string]any)["application/json"].(map[string]any); ok {
					o.Body = c.Resolve(media["schema"].(map[string]any))
				}
			}
			for status := range operation["responses"].(map[string]any) {
				o.Statuses = append(o.Statuses, status)
			}
			c.Operations = append(c.Operations, o)
		}
	}
	sort.Slice(c.Operations, func(i, j int) bool { return c.Operations[i].ID < c.Operations[j].ID })
	return c, nil
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// Resolve follows a local $ref.
func (c *Contract) Resolve(schema map[string]any) map[string]any {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		name := strings.TrimPrefix(ref, "#/components/schemas/")
		schema = c.document["components"].(map[string]any)["schemas"].(map[string]any)[name].(map[string]any)
	}
}

// Find gives the operation that answers a request; nil when the document has none.
func (c *Contract) Find(method, path string) *Operation {
	var found *Operation
	for i := range c.Operations {
		o := &c.Operations[i]
		if o.Method == method && o.pattern.MatchString(path) && (found == nil || strings.Count(o.Path, "{") < strings.Count(found.Path, "{")) {
			found = o
		}
	}
	return found
}

// Check tells what is wrong with an answer: an operation, status or content type that the document lacks, or a body
// that is not of its schema.
func (c *Contract) Check(method, path string, response *http.Response, body []byte) error {
	o := c.Find(method, path)
	if o == nil {
		return fmt.Errorf("%s %s is not in openapi.json", method, path)
	}
	content := c.content(o, strconv.Itoa(response.StatusCode))
	if content == nil && response.StatusCode != http.StatusNoContent && response.StatusCode != http.StatusNotModified {
		return fmt.Errorf("%s %s: status %d is not in openapi.json: %s", method, o.Path, response.StatusCode, body)
	}
	if len(body) == 0 {
		return nil
	}
	mediaType, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	if _, ok := content[mediaType]; !ok {
		return fmt.Errorf("%s %s %d: content type %q is not in openapi.json", method, o.Path, response.StatusCode, mediaType)
	}
	if !strings.HasSuffix(mediaType, "json") {
		return nil
	}
	schema, err := c.schema(o, strconv.Itoa(response.StatusCode), mediaType)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s %d: %w", method, o.Path, response.StatusCode, err)
	}
	if err := schema.Validate(value); err != nil {
		return fmt.Errorf("%s %s %d is not as openapi.json says: %w\n%s", method, o.Path, response.StatusCode, err, body)
	}
	return nil
}

func (c *Contract) content(o *Operation, status string) map[string]any {
	operation := c.document["paths"].(map[string]any)[o.Path].(map[string]any)[strings.ToLower(o.Method)].(map[string]any)
	response, ok := operation["responses"].(map[string]any)[status].(map[string]any)
	if !ok {
		return nil
	}
	content, _ := response["content"].(map[string]any)
	if content == nil {
		content = map[string]any{}
	}
	return content
}

func (c *Contract) schema(o *Operation, status, mediaType string) (*jsonschema.Schema, error) {
	escape := func(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }
	pointer := "openapi.json#/paths/" + escape(o.Path) + "/" + strings.ToLower(o.Method) + "/responses/" + status + "/content/" + escape(mediaType) + "/schema"
	c.mu.Lock()
	defer c.mu.Unlock()
	if schema, ok := c.schemas[pointer]; ok {
		return schema, nil
	}
	schema, err := c.compiler.Compile(pointer)
	if err != nil {
		return nil, err
	}
	c.schemas[pointer] = schema
	return schema, nil
}

// Example makes a value of a schema: the smallest that it accepts, as far as that can be told.
func (c *Contract) Example(schema map[string]any) any {
	schema = c.Resolve(schema)
	if examples := list(schema["examples"]); len(examples) > 0 {
		return examples[0]
	}
	if enum := list(schema["enum"]); len(enum) > 0 {
		return enum[0]
	}
	kind, _ := schema["type"].(string)
	if kinds := list(schema["type"]); len(kinds) > 0 {
		kind, _ = kinds[0].(string)
	}
	switch kind {
	case "object":
		object := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for _, name := range list(schema["required"]) {
			if property, ok := properties[name.(string)].(map[string]any); ok {
				object[name.(string)] = c.Example(property)
			}
		}
		return object
	case "array":
		return []any{}
	case "integer", "number":
		if minimum, ok := schema["minimum"].(json.Number); ok {
			return minimum
		}
		return 1
	case "boolean":
		return true
	}
	switch schema["format"] {
	case "uuid":
		return "00000000-0000-7000-8000-000000000000"
	case "date":
		return "1990-01-31"
	case "date-time":
		return "2026-01-31T10:00:00Z"
	}
	return "example text"
}
