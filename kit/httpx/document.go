package httpx

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// OpenAPI gives the document of every operation, indented, keys in a stable order.
func (a *API) OpenAPI() ([]byte, error) {
	text, err := a.huma.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, err
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	a.tellNulls(document)
	tidy(document)
	text, err = json.MarshalIndent(document, "", "  ")
	return append(text, '\n'), err
}

// tellNulls says of every member that is always sent and held in a pointer that it may be null: the framework says
// so of plain types only.
func (a *API) tellNulls(document map[string]any) {
	registry := a.huma.OpenAPI().Components.Schemas
	schemas := document["components"].(map[string]any)["schemas"].(map[string]any)
	for name, schema := range schemas {
		t := registry.TypeFromRef("#/components/schemas/" + name)
		properties, _ := schema.(map[string]any)["properties"].(map[string]any)
		if t == nil || properties == nil {
			continue
		}
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			continue
		}
		for _, field := range reflect.VisibleFields(t) {
			member, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			property, _ := properties[member].(map[string]any)
			if field.Type.Kind() == reflect.Pointer && property != nil && !strings.Contains(options, "omit") {
				properties[member] = orNull(property)
			}
		}
	}
}

func orNull(schema map[string]any) map[string]any {
	if kind, ok := schema["type"].(string); ok {
		schema["type"] = []any{kind, "null"}
		return schema
	}
	if _, ok := schema["$ref"]; !ok {
		return schema
	}
	// A description may stand beside a reference, so it stays outside the choice.
	choice := map[string]any{"anyOf": []any{map[string]any{"$ref": schema["$ref"]}, map[string]any{"type": "null"}}}
	if description, ok := schema["description"]; ok {
		choice["description"] = description
	}
	return choice
}

// tidy lists null among the values of every enum that may be null, and takes out the one word of the framework's own
// that is no JSON Schema.
func tidy(node any) {
	switch n := node.(type) {
	case map[string]any:
		if _, ok := n["pattern"].(string); ok {
			delete(n, "patternDescription")
		}
		kinds, _ := n["type"].([]any)
		if values, ok := n["enum"].([]any); ok && slices.Contains(kinds, any("null")) && !slices.Contains(values, nil) {
			n["enum"] = append(values, nil)
		}
		for _, child := range n {
			tidy(child)
		}
	case []any:
		for _, child := range n {
			tidy(child)
		}
	}
}

// document repeats the answer's schema under another status of success.
func document(item *huma.PathItem, r Route, status int) {
	operation := map[string]*huma.Operation{
		http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodGet: item.Get,
	}[r.Method]
	also := *operation.Responses[strconv.Itoa(r.Status)]
	also.Description = http.StatusText(status)
	if status == http.StatusNotModified {
		also.Content = nil
	}
	operation.Responses[strconv.Itoa(status)] = &also
}
