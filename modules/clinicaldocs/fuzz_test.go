package clinicaldocs

import (
	"encoding/json"
	"reflect"
	"testing"

	"hmsoftware.com/hm/kit/testkit"
)

// A merge patch does what RFC 7396 says: applied twice it is as applied once, it leaves its arguments alone, and an
// empty one changes nothing.
func FuzzMergePatch(f *testing.F) {
	for _, c := range [][2]string{
		{`{"a":"b"}`, `{"a":"c"}`}, {`{"a":"b"}`, `{"b":null}`}, {`{"a":["b"]}`, `{"a":"c"}`}, {`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`}, {`["a"]`, `{"a":{"b":{"c":null}}}`},
		{`{"e":null}`, `{"a":1}`}, {`null`, `7`}, {`{}`, `{"a":{"bb":{"ccc":null}}}`}, {`{"a":1,"a":2}`, `{"a":{}}`},
	} {
		f.Add([]byte(c[0]), []byte(c[1]))
	}
	read := func(data []byte) (v any, ok bool) { return v, json.Unmarshal(data, &v) == nil }
	f.Fuzz(func(t *testing.T, targetText, patchText []byte) {
		target, ok := read(targetText)
		patch, okToo := read(patchText)
		if !ok || !okToo {
			t.Skip()
		}
		testkit.Within(func() {
			once := mergePatch(target, patch)
			if twice := mergePatch(once, patch); !reflect.DeepEqual(once, twice) {
				t.Fatalf("once %v, twice %v", once, twice)
			}
			if _, object := once.(map[string]any); object && !reflect.DeepEqual(mergePatch(once, map[string]any{}), once) {
				t.Fatal("an empty patch changes something")
			}
			before, _ := read(targetText)
			asked, _ := read(patchText)
			if !reflect.DeepEqual(before, target) || !reflect.DeepEqual(asked, patch) {
				t.Fatal("an argument was changed")
			}
			if changes, object := patch.(map[string]any); object {
				for name, change := range changes {
					if value, there := once.(map[string]any)[name]; change == nil && there {
						t.Fatalf("%q was to be removed and is %v", name, value)
					}
				}
			}
		})
	})
}
