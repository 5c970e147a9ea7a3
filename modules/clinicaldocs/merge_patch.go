package clinicaldocs

import "maps"

// mergePatch applies a JSON merge patch (RFC 7396) to a JSON value: objects merge, null removes, anything else
// replaces. Neither argument is changed.
func mergePatch(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged := map[string]any{}
	if object, ok := target.(map[string]any); ok {
		merged = maps.Clone(object)
	}
	for name, change := range changes {
		if change == nil {
			delete(merged, name)
		} else {
			merged[name] = mergePatch(merged[name], change)
		}
	}
	return merged
}
