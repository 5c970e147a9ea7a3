package rules_test

import (
	"context"
	"maps"
	"testing"
	"testing/fstest"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules"
)

// sited is a base pack with a rule, and a site pack that brings one more.
func sited(t *testing.T) packsapi.Reader {
	t.Helper()
	library, err := packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml":          {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [OPD], order_types: []}`)},
		"base/workflows/opd.yaml": {Data: []byte("{encounter_type: OPD, steps: [], close: {tasks: [], documents: []}}")},
		"base/rules/all.yaml":     {Data: []byte("- {code: base.any, on: task.complete, when: \"true\", then: {effect: warn}, severity: info, message: Any.}\n")},
		"clinic/pack.yaml":        {Data: []byte(`{id: clinic, version: 3.1.0, name: Clinic, kind: site, extends: [base], requires_hm: "^1", locales: [en]}`)},
		"clinic/rules/all.yaml":   {Data: []byte("- {code: clinic.late, on: task.complete, params: {code: late}, when: task.code == params.code, then: {effect: warn}, severity: warning, message: Late.}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return library
}

func TestARuleOfASitePackIsReadTunedAndTried(t *testing.T) {
	t.Parallel()
	withPacks(t, sited(t), func(ctx context.Context, tx db.Tx, m *rules.Module) {
		const code = "clinic.late"
		rule, err := m.Get(ctx, tx, rules.ByCode{Code: code})
		if err != nil || rule.Pack != "clinic" || rule.On != packsapi.MomentTaskComplete {
			t.Fatalf("%+v, %v", rule, err)
		}
		tuned := tune(ctx, t, tx, m, code, func(in *rules.TuneInput) { in.Body.Parameters = map[string]any{"code": "later"} })
		if tuned.Parameters["code"] != "later" || tuned.Defaults.Parameters["code"] != "late" {
			t.Errorf("%+v", tuned)
		}
		try := rules.TryInput{ByCode: rules.ByCode{Code: code}}
		try.Body.Facts = map[string]any{"task": map[string]any{"code": "later", "title": "Later"}}
		if trial, err := m.Try(ctx, tx, try); err != nil || !trial.Fires {
			t.Errorf("%+v, %v", trial, err)
		}
		r := record{patientID: girl(ctx, t, tx)}
		r.encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: r.patientID}).ID
		if _, err := m.Pass(ctx, tx, r.completing("later")); err != nil {
			t.Fatal(err)
		}
		versions := map[string]string{}
		for _, f := range firings(ctx, t, tx, m, rules.FiringsInput{}) {
			versions[f.Rule] = f.PackVersion
		}
		if !maps.Equal(versions, map[string]string{code: "3.1.0", "base.any": "1.0.0"}) {
			t.Errorf("the firings are of %v", versions)
		}
		tune(ctx, t, tx, m, code, func(in *rules.TuneInput) { in.Body.Enabled = ptr(false) })
		warnings, err := m.Pass(ctx, tx, r.completing("later"))
		if err != nil || len(warnings) != 1 || warnings[0].Code != "base.any" {
			t.Errorf("%+v, %v", warnings, err)
		}
	})
}
