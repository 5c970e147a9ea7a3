package httpx

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
)

// In a PATCH null clears, which most fields do not allow. The framework takes null for absent: what the caller asked
// for would quietly not be done.

// clearable marks the fields that null may clear; Optional is one.
type clearable interface{ mayBeNull() }

func (Optional[T]) mayBeNull() {}

// mustNotBeNull begins the sentence about a field that was to be cleared and cannot; its name follows.
const mustNotBeNull = "must not be null: "

type nullError struct{ field string }

func (e nullError) Error() string { return mustNotBeNull + e.field }

// patched remembers the type of a PATCH body with the names of the fields that null cannot clear.
func (a *API) patched(r Route, in reflect.Type) {
	body, ok := in.FieldByName("Body")
	if r.Method != http.MethodPatch || !ok || body.Type.Kind() != reflect.Struct {
		return
	}
	var names []string
	for _, field := range reflect.VisibleFields(body.Type) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" && !field.Type.Implements(reflect.TypeFor[clearable]()) {
			names = append(names, name)
		}
	}
	a.unclearable[body.Type] = names
}

// refuseNulls refuses null where a PATCH cannot clear.
func (a *API) refuseNulls(data []byte, v any) error {
	names := a.unclearable[reflect.TypeOf(v).Elem()]
	if len(names) == 0 {
		return nil
	}
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(data, &sent); err != nil {
		return err
	}
	for _, name := range names {
		if bytes.Equal(sent[name], []byte("null")) {
			return nullError{name}
		}
	}
	return nil
}
