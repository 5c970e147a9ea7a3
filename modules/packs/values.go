package packs

import (
	"fmt"
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// objectVal is an object of a known shape as CEL sees it. The rules of a moment all look at the same facts: made into
// CEL's values once, no rule converts them again at every step of every list.
type objectVal struct {
	shape  *shape
	fields map[string]any
}

// celCast is cast with the result as CEL has it.
func (s *shape) celCast(adapter types.Adapter, v any) (out any, ok bool) {
	switch s.kind {
	case boolShape:
		b, ok := v.(bool)
		return types.Bool(b), ok
	case intShape:
		if i, ok := castInt(v); ok {
			return types.Int(i.(int64)), true //nolint:errcheck,forcetypeassert // castInt gives nothing else
		}
		return nil, false
	case doubleShape:
		if f, ok := castDouble(v); ok {
			return types.Double(f.(float64)), true //nolint:errcheck,forcetypeassert // castDouble gives nothing else
		}
		return nil, false
	case textShape:
		t, ok := v.(string)
		return types.String(t), ok
	case timeShape:
		if t, ok := s.cast(v); ok {
			return types.Timestamp{Time: t.(time.Time)}, true //nolint:errcheck,forcetypeassert // cast gives nothing else
		}
		return nil, false
	case listShape:
		in, ok := v.([]any)
		if !ok || s.items == nil {
			return s.cast(v)
		}
		items := make([]ref.Val, 0, len(in))
		for _, item := range in {
			if element, ok := s.items.celCast(adapter, item); ok {
				items = append(items, adapter.NativeToValue(element))
			}
		}
		return types.NewRefValList(adapter, items), true
	case objectShape:
		in, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		out := &objectVal{shape: s, fields: make(map[string]any, len(s.fields))}
		for name, f := range s.fields {
			if item := in[name]; item != nil {
				if element, ok := f.celCast(adapter, item); ok {
					out.fields[name] = element
				}
			}
		}
		return out, true
	default:
		return castAny(v) // of no declared type: CEL converts it when it is looked at
	}
}

// ConvertToNative implements ref.Val.
func (o *objectVal) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fmt.Errorf("an object of facts is not a %s", to)
}

// ConvertToType implements ref.Val.
func (o *objectVal) ConvertToType(to ref.Type) ref.Val {
	return types.NewErr("an object of facts cannot become a %s", to.TypeName())
}

// Equal implements ref.Val: two objects are equal when they show the same.
func (o *objectVal) Equal(other ref.Val) ref.Val {
	same, ok := other.(*objectVal)
	if !ok {
		return types.False
	}
	a, errA := native(o, 0)
	b, errB := native(same, 0)
	return types.Bool(errA == nil && errB == nil && reflect.DeepEqual(a, b))
}

// Type implements ref.Val.
func (o *objectVal) Type() ref.Type { return types.NewObjectType(o.shape.name) }

// Value implements ref.Val: what a field is looked up in.
func (o *objectVal) Value() any { return o.fields }
