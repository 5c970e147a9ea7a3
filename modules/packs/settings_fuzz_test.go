package packs

import (
	"context"
	"encoding/json"
	"testing"

	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

// Whatever a tenant sets about a rule and whatever facts a trial gives, the rule comes out: it fires, it does not, or
// it could not be checked. A setting that was accepted always can be.
func FuzzRule(f *testing.F) {
	for _, c := range [][2]string{
		{`{}`, `{}`}, {`{"tasks":["record-vitals"]}`, `{"required":{"tasks":[{"code":"a","title":"b"}],"documents":[]},"facts":{"tasks":[],"documents":[],"critical_results":[]}}`},
		{`{"no_such":1}`, `{"facts":null}`}, {`{"tasks":1e999}`, `[]`}, {`{"tasks":[[[[]]]]}`, `{"facts":{"tasks":[7,null,"a",{"code":{}}]}}`}, {`null`, `{"encounter":7,"patient":[],"now":"yesterday"}`},
		{`{"tasks":"` + "\\u0000" + `"}`, `{"document":{"template_code":1,"payload":{"a":{"a":{"a":{}}}},"computed":null}}`},
	} {
		f.Add([]byte(c[0]), []byte(c[1]), "warning")
	}
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, parameters, facts []byte, severity string) {
		setting := packsapi.RuleSetting{Severity: packsapi.Severity(severity)}
		var known map[string]any
		if json.Unmarshal(parameters, &setting.Params) != nil || json.Unmarshal(facts, &known) != nil {
			t.Skip()
		}
		within(func() {
			for _, moment := range packsapi.Moments() {
				set, err := library.Rules(packsapi.Base, moment)
				if err != nil {
					t.Fatal(err)
				}
				for _, rule := range set.Rules() {
					faults := set.CheckSetting(rule.Code, setting)
					for _, fault := range faults {
						if fault.Message == "" || fault.Path == "" {
							t.Fatalf("a fault without its place: %+v", fault)
						}
					}
					firings, err := set.Evaluate(context.Background(), known, map[string]packsapi.RuleSetting{rule.Code: setting}, packsapi.DefaultLocale)
					if err != nil {
						t.Fatal(err)
					}
					for _, firing := range firings {
						if firing.Code == "" || firing.Failure == "" && firing.Message == "" {
							t.Fatalf("%+v", firing)
						}
						if _, err := json.Marshal(firing.Facts); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		})
	})
}
