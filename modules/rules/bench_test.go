package rules_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// manyRules is a pack with so many rules of one moment, none of which fires.
func manyRules(b *testing.B, n int) *packs.Library {
	b.Helper()
	var text strings.Builder
	text.WriteString("- {code: base.other, on: dispense, when: \"true\", then: {effect: warn}, severity: info, message: Another moment.}\n")
	for i := range n {
		fmt.Fprintf(&text, "- {code: base.r%03d, on: task.complete, when: \"task.code == 'code-%d' && patient.age_years < params.age\", then: {effect: block}, severity: safety, message: No., params: {age: %d}}\n", i, i, i)
	}
	library, err := packs.NewLibrary(fstest.MapFS{
		"base/pack.yaml":        {Data: []byte(`{id: base, version: 1.0.0, name: Base, kind: base, requires_hm: "^1", locales: [en], encounter_types: [], order_types: []}`)},
		"base/rules/tasks.yaml": {Data: []byte(text.String())},
	})
	if err != nil {
		b.Fatal(err)
	}
	return library
}

// BenchmarkPass is what an act pays for meeting rules: the tenant's settings, the patient and the encounter are read from
// the database, the rules evaluated. Without a rule nothing is read.
func BenchmarkPass(b *testing.B) {
	for _, n := range []int{0, 1, 50} {
		b.Run(fmt.Sprintf("%d rules", n), func(b *testing.B) {
			m := newModule(manyRules(b, n))
			testkit.InTx(b, func(ctx context.Context, tx db.Tx) {
				facilitiestest.Facility(ctx, b, tx, facilitiestest.With{})
				r := record{patientID: girl(ctx, b, tx)}
				r.encounterID = encounterstest.Encounter(ctx, b, tx, encounterstest.With{PatientID: r.patientID}).ID
				question := rulesapi.Question{Pack: "base", Moment: "task.complete", EncounterID: r.encounterID, PatientID: r.patientID,
					Facts: map[string]any{"task": map[string]any{"code": "weigh", "title": "Weigh"}}}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := m.Pass(ctx, tx, question); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
