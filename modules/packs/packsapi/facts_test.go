package packsapi_test

import (
	"reflect"
	"testing"
	"time"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// TestRulesSeeWordsWithoutTheBlanksAroundThem: "penicillin " must stop penicillin.
func TestRulesSeeWordsWithoutTheBlanksAroundThem(t *testing.T) {
	t.Parallel()
	facts, err := packsapi.PatientOf(nil, "female", []byte(`{"allopathy": {"allergies": [{"substance": " penicillin\t"}, {"substance": " "}], "pregnant": true}, "note": "a b "}`), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"allopathy": map[string]any{"allergies": []any{map[string]any{"substance": "penicillin"}, map[string]any{"substance": ""}}, "pregnant": true},
		"note":      "a b",
	}
	if !reflect.DeepEqual(facts.SystemSpecificData, want) {
		t.Errorf("got %v, want %v", facts.SystemSpecificData, want)
	}
}
