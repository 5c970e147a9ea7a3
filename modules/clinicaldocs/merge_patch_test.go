package clinicaldocs_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/clinicaldocs"
)

// The examples of RFC 7396, appendix A.
func TestMergePatchDoesWhatItsRFCShows(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		if got := clinicaldocs.MergePatch(parse(t, c[0]), parse(t, c[1])); !reflect.DeepEqual(got, parse(t, c[2])) {
			t.Errorf("%s patched by %s gives %v, want %s", c[0], c[1], got, c[2])
		}
	}
}

func TestMergePatchIsIdempotentAndChangesNoArgument(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target, patch := jsonValue(3).Draw(t, "target"), jsonValue(3).Draw(t, "patch")
		before, _ := json.Marshal([]any{target, patch})
		once := clinicaldocs.MergePatch(target, patch)
		if twice := clinicaldocs.MergePatch(once, patch); !reflect.DeepEqual(once, twice) {
			t.Errorf("once %v, twice %v", once, twice)
		}
		if after, _ := json.Marshal([]any{target, patch}); string(before) != string(after) {
			t.Errorf("the arguments were %s and are %s", before, after)
		}
	})
}

func jsonValue(depth int) *rapid.Generator[any] {
	leaf := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Float64Range(-9, 9).AsAny(), rapid.StringMatching(`[a-c]{0,2}`).AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaf...)
	}
	object := rapid.MapOfN(rapid.StringMatching(`[a-d]`), jsonValue(depth-1), 0, 4).AsAny()
	list := rapid.SliceOfN(jsonValue(depth-1), 0, 3).AsAny()
	return rapid.OneOf(append(leaf, object, object, list)...)
}

func parse(t testing.TB, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
