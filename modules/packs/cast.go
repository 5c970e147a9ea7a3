package packs

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// cast gives a JSON value the type its shape says. What does not fit, and null, is absent: a validated value
// always fits, and an expression over anything else must come out as null, never as an error.
func (s *shape) cast(v any) (out any, ok bool) {
	switch s.kind {
	case boolShape:
		b, ok := v.(bool)
		return b, ok
	case intShape:
		return castInt(v)
	case doubleShape:
		return castDouble(v)
	case textShape:
		t, ok := v.(string)
		return t, ok
	case timeShape:
		switch t := v.(type) {
		case time.Time:
			return t, !t.IsZero()
		case string:
			parsed, err := time.Parse(time.RFC3339, t)
			return parsed, err == nil
		}
		return nil, false
	case listShape:
		in, ok := v.([]any)
		if !ok {
			return nil, false
		}
		out := make([]any, 0, len(in))
		for _, item := range in {
			element := any(nil)
			if s.items == nil {
				element, ok = castAny(item)
			} else {
				element, ok = s.items.cast(item)
			}
			if ok {
				out = append(out, element)
			}
		}
		return out, true
	case objectShape:
		in, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		out := make(map[string]any, len(in))
		for name, f := range s.fields {
			if item, present := in[name]; present && item != nil {
				if cast, ok := f.cast(item); ok {
					out[name] = cast
				}
			}
		}
		return out, true
	default:
		return castAny(v)
	}
}

// castAny gives a value of no declared type the types CEL gives JSON: every number is a double.
func castAny(v any) (any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, false
	case bool, string, time.Time:
		return v, true
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			if cast, ok := castAny(item); ok {
				out = append(out, cast)
			}
		}
		return out, true
	case []string:
		out := make([]any, len(v))
		for i := range v {
			out[i] = v[i]
		}
		return out, true
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			if cast, ok := castAny(item); ok {
				out[name] = cast
			}
		}
		return out, true
	default:
		return castDouble(v)
	}
}

func castInt(v any) (any, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case float64:
		if v != math.Trunc(v) || math.Abs(v) >= 1<<63 {
			return nil, false
		}
		return int64(v), true
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return i, true
		}
		if f, err := v.Float64(); err == nil {
			return castInt(f)
		}
	}
	return nil, false
}

func castDouble(v any) (any, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return f, true
		}
	}
	return nil, false
}
