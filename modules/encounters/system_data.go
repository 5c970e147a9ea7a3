package encounters

import "encoding/json"

// What system data may be at most: a pack's own form for one encounter, not a document store.
const (
	maxSystemDataBytes = 64 << 10
	maxSystemDataDepth = 32
)

// encodeSystemData gives the object as it is stored; what is wrong with it otherwise.
func encodeSystemData(data map[string]any) (encoded json.RawMessage, fault string) {
	if data == nil {
		return json.RawMessage("{}"), ""
	}
	if deeper(data, maxSystemDataDepth) {
		return nil, "Is nested more than 32 levels deep."
	}
	encoded, err := json.Marshal(data)
	if err != nil || len(encoded) > maxSystemDataBytes {
		return nil, "Is larger than 64 KiB."
	}
	return encoded, ""
}

// deeper tells whether a decoded JSON value nests beyond limit.
func deeper(value any, limit int) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			if limit == 0 || deeper(inner, limit-1) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if limit == 0 || deeper(inner, limit-1) {
				return true
			}
		}
	}
	return false
}
