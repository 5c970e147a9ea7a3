package httpx

import (
	"bytes"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
)

// Answers are long lists of flat records full of UUIDs and times. encoding/json makes several small objects of each,
// and checks again what every MarshalJSON wrote; here the same bytes are appended to one buffer. What this encoder
// does not know it leaves to encoding/json, value by value.

// appendValue appends v, which is addressable, as JSON.
type appendValue func(b []byte, v reflect.Value) ([]byte, error)

// errNotKnown: a type that only encoding/json can write.
var errNotKnown = errors.New("httpx: a type for encoding/json")

// encoder writes values of one type.
type encoder struct {
	write appendValue // nil: encoding/json does it all
	size  atomic.Int64
}

var encoders sync.Map // of *encoder by reflect.Type

// encode is json.Marshal, faster.
func encode[T any](value *T) ([]byte, error) {
	kind := reflect.TypeFor[T]()
	known, ok := encoders.Load(kind)
	if !ok {
		e := &encoder{}
		if write, err := (&compiler{building: map[reflect.Type]*appendValue{}}).of(kind); err == nil {
			e.write = write
		}
		known, _ = encoders.LoadOrStore(kind, e)
	}
	e := known.(*encoder) //nolint:forcetypeassert // nothing else is stored
	if e.write == nil {
		return json.Marshal(value)
	}
	last := e.size.Load()
	text, err := e.write(make([]byte, 0, last+last/8+64), reflect.ValueOf(value).Elem())
	e.size.Store(int64(len(text)))
	return text, err
}

// compiler makes the encoder of a type out of those of its parts.
type compiler struct {
	// building are the types under way, which may hold themselves.
	building map[reflect.Type]*appendValue
}

var (
	marshalerType     = reflect.TypeFor[json.Marshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
)

func (c *compiler) of(t reflect.Type) (appendValue, error) {
	if under, ok := c.building[t]; ok {
		return func(b []byte, v reflect.Value) ([]byte, error) { return (*under)(b, v) }, nil
	}
	var write appendValue
	c.building[t] = &write
	defer delete(c.building, t)
	var err error
	write, err = c.make(t)
	return write, err
}

func (c *compiler) make(t reflect.Type) (appendValue, error) {
	switch t {
	case reflect.TypeFor[uuid.UUID]():
		return appendUUID, nil
	case reflect.TypeFor[time.Time]():
		return appendTime, nil
	case reflect.TypeFor[clock.Date]():
		return appendDate, nil
	}
	if t.Kind() == reflect.Pointer {
		return c.pointer(t)
	}
	switch {
	case t.Kind() == reflect.Interface || t.Kind() == reflect.Map:
		return appendByStandard, nil
	case t.Implements(marshalerType):
		return appendMarshaler, nil
	case reflect.PointerTo(t).Implements(marshalerType), !t.Implements(textMarshalerType) && reflect.PointerTo(t).Implements(textMarshalerType):
		// Whether encoding/json calls it depends on where the value lies.
		return nil, errNotKnown
	case t.Implements(textMarshalerType):
		return appendByStandard, nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendBool(b, v.Bool()), nil }, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendInt(b, v.Int(), 10), nil }, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendUint(b, v.Uint(), 10), nil }, nil
	case reflect.String:
		return func(b []byte, v reflect.Value) ([]byte, error) { return appendString(b, v.String()) }, nil
	case reflect.Float32, reflect.Float64:
		return appendByStandard, nil
	case reflect.Slice:
		return c.slice(t)
	case reflect.Struct:
		return c.structure(t)
	}
	return nil, errNotKnown
}

func (c *compiler) pointer(t reflect.Type) (appendValue, error) {
	write, err := c.of(t.Elem())
	return func(b []byte, v reflect.Value) ([]byte, error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		return write(b, v.Elem())
	}, err
}

func (c *compiler) slice(t reflect.Type) (appendValue, error) {
	if t.Elem().Kind() == reflect.Uint8 {
		return appendByStandard, nil // base64
	}
	write, err := c.of(t.Elem())
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = write(b, v.Index(i)); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	}, err
}

// member is a field of a struct, or of one embedded in it.
type member struct {
	label string // `"name":`
	index []int
	write appendValue
	omit  func(reflect.Value) bool
}

func (c *compiler) structure(t reflect.Type) (appendValue, error) {
	members, err := c.members(t, nil)
	seen := map[string]bool{}
	for _, m := range members {
		if seen[m.label] {
			return nil, errNotKnown // which one counts is a matter of depth
		}
		seen[m.label] = true
	}
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		b = append(b, '{')
		first := true
		for i := range members {
			m := &members[i]
			field := v.Field(m.index[0])
			for _, at := range m.index[1:] {
				field = field.Field(at)
			}
			if m.omit != nil && m.omit(field) {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(b, m.label...)
			if b, err = m.write(b, field); err != nil {
				return b, err
			}
		}
		return append(b, '}'), nil
	}, err
}

func (c *compiler) members(t reflect.Type, within []int) ([]member, error) {
	var members []member
	for i := range t.NumField() {
		field := t.Field(i)
		tag := field.Tag.Get("json")
		if tag == "-" || !field.IsExported() && !field.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		index := append(append([]int(nil), within...), i)
		if field.Anonymous && name == "" {
			if field.Type.Kind() != reflect.Struct || field.Type.Implements(marshalerType) || field.Type.Implements(textMarshalerType) {
				return nil, errNotKnown
			}
			inner, err := c.members(field.Type, index)
			if err != nil {
				return nil, err
			}
			members = append(members, inner...)
			continue
		}
		if !field.IsExported() {
			return nil, errNotKnown
		}
		if name == "" {
			name = field.Name
		}
		label, err := appendString(nil, name)
		if err != nil {
			return nil, err
		}
		m := member{label: string(label) + ":", index: index}
		if m.omit, err = omission(field.Type, options); err != nil {
			return nil, err
		}
		if m.write, err = c.of(field.Type); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, nil
}

// omission tells which values of a field are left out.
func omission(t reflect.Type, options string) (func(reflect.Value) bool, error) {
	switch options {
	case "":
		return nil, nil //nolint:nilnil // none are
	case "omitempty":
		switch t.Kind() {
		case reflect.Slice, reflect.Map, reflect.String, reflect.Array:
			return func(v reflect.Value) bool { return v.Len() == 0 }, nil
		case reflect.Struct:
			return nil, nil //nolint:nilnil // none are
		}
		return reflect.Value.IsZero, nil
	case "omitzero":
		if zeroer := reflect.TypeFor[interface{ IsZero() bool }](); t.Implements(zeroer) || reflect.PointerTo(t).Implements(zeroer) {
			return nil, errNotKnown
		}
		return reflect.Value.IsZero, nil
	}
	return nil, errNotKnown
}

func appendUUID(b []byte, v reflect.Value) ([]byte, error) {
	id := v.Addr().Interface().(*uuid.UUID) //nolint:forcetypeassert // make looked
	b = append(b, '"')
	for i, part := range [...][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return append(b, '"'), nil
}

func appendTime(b []byte, v reflect.Value) ([]byte, error) {
	b, err := v.Addr().Interface().(*time.Time).AppendText(append(b, '"')) //nolint:forcetypeassert // make looked
	return append(b, '"'), err
}

func appendDate(b []byte, v reflect.Value) ([]byte, error) {
	b, err := v.Addr().Interface().(*clock.Date).AppendText(append(b, '"')) //nolint:forcetypeassert // make looked
	return append(b, '"'), err
}

// appendByStandard leaves a value to encoding/json.
func appendByStandard(b []byte, v reflect.Value) ([]byte, error) {
	if kind := v.Kind(); (kind == reflect.Map || kind == reflect.Interface) && v.IsNil() {
		return append(b, "null"...), nil
	}
	text, err := json.Marshal(v.Interface())
	return append(b, text...), err
}

// appendMarshaler appends what a value says of itself, as encoding/json does: without white space.
func appendMarshaler(b []byte, v reflect.Value) ([]byte, error) {
	// By its address, where a copy would have to be made for the interface.
	text, err := v.Addr().Interface().(json.Marshaler).MarshalJSON() //nolint:forcetypeassert // make looked
	if err != nil {
		return b, err
	}
	if len(text) <= 2 && (string(text) == "{}" || string(text) == "[]") {
		return append(b, text...), nil
	}
	compacted := bytes.NewBuffer(make([]byte, 0, len(text)+16))
	if err := json.Compact(compacted, text); err != nil {
		return b, err
	}
	if bytes.ContainsAny(compacted.Bytes(), "<>&\u2028\u2029") {
		plain := compacted.Bytes()
		compacted = &bytes.Buffer{}
		json.HTMLEscape(compacted, plain)
	}
	return append(b, compacted.Bytes()...), nil
}

// appendString appends a JSON string. What needs escaping is rare and left to encoding/json.
func appendString(b []byte, s string) ([]byte, error) {
	plain, ascii := true, true
	for i := range len(s) {
		c := s[i]
		ascii = ascii && c < utf8.RuneSelf
		plain = plain && c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	if !plain || !ascii && (!utf8.ValidString(s) || strings.ContainsAny(s, "\u2028\u2029")) {
		text, err := json.Marshal(s)
		return append(b, text...), err
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"'), nil
}
