package packs

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// What a payload may be at most; its size in bytes is the HTTP layer's to bound.
const (
	maxPayloadDepth  = 32
	maxPayloadFaults = 100
)

// validate gives the faults of a value, their paths beginning with root.
func (s *schema) validate(value map[string]any, root string, final bool) []packsapi.Fault {
	clean, faults := storable(value, root, 0)
	if len(faults) > 0 {
		return faults
	}
	compile := s.draft
	if final {
		compile = s.final
	}
	compiled := compile()
	if compiled == nil { // cannot happen to a pack that was checked
		return []packsapi.Fault{{Path: root, Message: "This cannot be checked against its form."}}
	}
	err := compiled.Validate(clean)
	if err == nil {
		return nil
	}
	invalid, ok := err.(*jsonschema.ValidationError) //nolint:errorlint // Validate returns it unwrapped
	if !ok {
		return []packsapi.Fault{{Path: root, Message: "This cannot be checked against its form."}}
	}
	for _, leaf := range leaves(invalid) {
		faults = append(faults, s.faultsOf(leaf, root)...)
	}
	slices.SortStableFunc(faults, func(a, b packsapi.Fault) int {
		return strings.Compare(a.Path+"\x00"+a.Message, b.Path+"\x00"+b.Message)
	})
	faults = slices.Compact(faults)
	return faults[:min(len(faults), maxPayloadFaults)]
}

// storable gives the value with plain numbers, and finds what the database or the validator cannot take: NUL
// characters, numbers beyond a double, nesting without end.
func storable(v any, path string, depth int) (any, []packsapi.Fault) {
	fault := func(message string) (any, []packsapi.Fault) {
		return nil, []packsapi.Fault{{Path: path, Message: message}}
	}
	if depth > maxPayloadDepth {
		return fault(fmt.Sprintf("This nests more than %d levels deep.", maxPayloadDepth))
	}
	switch v := v.(type) {
	case nil, bool, int, int64:
		return v, nil
	case string:
		if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
			return fault("This contains a character that cannot be stored.")
		}
		return v, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fault("This number is too large.")
		}
		return v, nil
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return i, nil
		}
		f, err := v.Float64()
		if err != nil {
			return fault("This number is too large.")
		}
		return f, nil
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			clean, faults := storable(item, fmt.Sprintf("%s[%d]", path, i), depth+1)
			if len(faults) > 0 {
				return nil, faults
			}
			out[i] = clean
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			if strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
				return fault("A field's name contains a character that cannot be stored.")
			}
			clean, faults := storable(item, path+"."+pathName(name), depth+1)
			if len(faults) > 0 {
				return nil, faults
			}
			out[name] = clean
		}
		return out, nil
	default:
		return fault("This is not a JSON value.")
	}
}

// leaves lists the faults that have no deeper cause. An alternative whose branches all fail counts as one
// fault, unless one branch failed only inside the value: then that is the branch that was meant.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch k := e.ErrorKind.(type) {
	case *kind.AnyOf:
		return alternatives(e)
	case *kind.OneOf:
		if len(k.Subschemas) == 0 {
			return alternatives(e)
		}
		return []*jsonschema.ValidationError{e}
	case *kind.Contains, *kind.MinContains, *kind.PropertyNames:
		return []*jsonschema.ValidationError{e}
	}
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		out = append(out, leaves(cause)...)
	}
	return out
}

func alternatives(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	var meant []*jsonschema.ValidationError
	for _, branch := range e.Causes {
		inner := leaves(branch)
		inside := !slices.ContainsFunc(inner, func(l *jsonschema.ValidationError) bool {
			return len(l.InstanceLocation) <= len(e.InstanceLocation)
		})
		if inside && (meant == nil || len(inner) < len(meant)) {
			meant = inner
		}
	}
	if meant != nil {
		return meant
	}
	return []*jsonschema.ValidationError{e}
}

// faultsOf turns one of the validator's faults into ours; a missing or unknown field is a fault of its own.
func (s *schema) faultsOf(e *jsonschema.ValidationError, root string) []packsapi.Fault {
	var names []string
	message := "%s is required."
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		names = k.Missing
	case *kind.DependentRequired:
		names = k.Missing
	case *kind.AdditionalProperties:
		names, message = k.Properties, "This form has no such field."
	case *kind.FalseSchema:
		message = "This form has no such field."
		return []packsapi.Fault{{Path: s.path(root, e.InstanceLocation), Message: message}}
	default:
		return []packsapi.Fault{{Path: s.path(root, e.InstanceLocation), Message: sentence(e, s.label(e.InstanceLocation))}}
	}
	out := make([]packsapi.Fault, 0, len(names))
	for _, name := range names {
		location := append(slices.Clone(e.InstanceLocation), name)
		text := message
		if strings.Contains(message, "%s") {
			text = fmt.Sprintf(message, s.label(location))
		}
		out = append(out, packsapi.Fault{Path: s.path(root, location), Message: text})
	}
	return out
}

// path writes a location as root.medications[0].dose. Only an index of a list is written in brackets.
func (s *schema) path(root string, location []string) string {
	var b strings.Builder
	b.WriteString(root)
	at := s.shape
	for _, token := range location {
		if at != nil && at.kind == listShape && isIndex(token) {
			b.WriteString("[" + token + "]")
			at = at.items
			continue
		}
		b.WriteString("." + pathName(token))
		if at != nil {
			at = at.fields[token]
		}
	}
	return b.String()
}

// pathName keeps a client's own field name from flooding an answer or breaking its path.
func pathName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	return clip(clean)
}

func isIndex(token string) bool {
	_, err := strconv.ParseUint(token, 10, 31)
	return err == nil
}

// label is what the form calls the field at a location: its title, else its name in words.
func (s *schema) label(location []string) string {
	at := s.named(location)
	if at != nil && at.title != nil {
		return at.title.In(packsapi.DefaultLocale)
	}
	if len(location) == 0 {
		return "This"
	}
	words := strings.ReplaceAll(pathName(location[len(location)-1]), "_", " ")
	if words == "" || isIndex(words) {
		return "This"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// named follows a location through the shape, as far as the schema names it.
func (s *schema) named(location []string) *shape {
	at := s.shape
	for _, token := range location {
		if at == nil {
			return nil
		}
		if at.kind == listShape {
			at = at.items
		} else {
			at = at.fields[token]
		}
	}
	return at
}
