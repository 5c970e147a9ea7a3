package httpx

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Optional is a field of a PATCH body: absent leaves the stored value, null clears it, a value sets it. Tag it
// `json:"name,omitzero"`.
type Optional[T any] struct {
	Present bool
	Null    bool
	Value   T
}

// Some is a field that is present.
func Some[T any](value T) Optional[T] { return Optional[T]{Present: true, Value: value} }

// UnmarshalJSON is only called when the field is present.
func (o *Optional[T]) UnmarshalJSON(data []byte) error {
	o.Present = true
	if bytes.Equal(data, []byte("null")) {
		o.Null = true
		return nil
	}
	return json.Unmarshal(data, &o.Value)
}

// MarshalJSON writes what was read, for the fingerprint of a request.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.Present || o.Null {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// Pointer gives nil for null and absent.
func (o Optional[T]) Pointer() *T {
	if !o.Present || o.Null {
		return nil
	}
	return &o.Value
}

// Or gives the value to store: the sent one when present, else the stored one.
func (o Optional[T]) Or(stored *T) *T {
	if o.Present {
		return o.Pointer()
	}
	return stored
}

// Schema is that of T, or null.
func (o Optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := *huma.SchemaFromType(r, reflect.TypeFor[T]())
	s.Nullable = true
	return &s
}
