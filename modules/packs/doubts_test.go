package packs

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	builtin "hmsoftware.com/hm/packs"
)

var somePermissions = []string{"rules.can_override", "lab.can_verify"}

// doubtful is one slip in a good pack that is no fault, and where and how it must be told.
type doubtful struct{ name, file, old, new, at, word string }

var seededDoubts = []doubtful{
	{"a role of a step", "workflows/opd.yaml", "role: doctor", "role: docter", "workflows/opd.yaml:3", "Did you mean doctor?"},
	{"a role of a service's task", "catalog/herbs.yaml", "role: pharmacist", "role: herbalist", "catalog/herbs.yaml:12", `"herbalist" does not come with HM`},
	{"a role that a rule tells", "rules/safety.yaml", "{effect: warn}", "{effect: notify, to: nurze}", "rules/safety.yaml:12", "Did you mean nurse?"},
	{"a role of a rule's task", "rules/safety.yaml", "{effect: warn}", "{effect: open_task, task: {code: ask, title: Ask, role: elder}}", "rules/safety.yaml:12", `"elder"`},
	{"a permission", "rules/safety.yaml", "overridable_by: rules.can_override", "overridable_by: rules.can_overide", "rules/safety.yaml:7", "Did you mean rules.can_override?"},
	{"a label", "labels/en.yaml", "diagnosis: Pattern", "diagnoses: Pattern", "labels/en.yaml:1", "Did you mean diagnosis?"},
	{"a label of a type of encounter", "labels/en.yaml", "encounter_type_therapy", "encounter_type_theraphy", "labels/en.yaml:4", "encounter type THERAPHY"},
	{"a label of a type of order", "labels/en.yaml", "order_type_herbal", "order_type_herb", "labels/en.yaml:3", "order type HERB"},
	{"a code of recent results", "rules/safety.yaml", "patient.age_years > params.age", "facts.recent_results.exists(r, r.code == '2160-1')", "rules/safety.yaml:10", "Did you mean 2160-0?"},
	{"codes in a list", "rules/safety.yaml", "patient.age_years > params.age", "facts.recent_results.exists(r, r.code in ['dryness', 'wetness'])", "rules/safety.yaml:10", `"wetness"`},
	{"codes in a parameter", "rules/safety.yaml", "when: patient.age_years > params.age\n  params: {age: 90}", "when: facts.recent_results.exists(r, r.code in params.codes)\n  params: {age: 90, codes: [HGB, HBG]}", "rules/safety.yaml:10", `"HBG"`},
	{"an analyte of a result", "rules/safety.yaml", "v.code == 'SPOT'", "v.code == 'SPOTS'", "rules/safety.yaml:18", `result.values[].code is never "SPOTS"`},
	{"a flag", "rules/safety.yaml", "v.flag == 'A'", "v.flag in ['A', 'HIGH']", "rules/safety.yaml:18", `result.values[].flag is never "HIGH"`},
	{"a service of an order", "rules/safety.yaml", "patient.age_years > params.age", "order.items.exists(i, i.service_code == 'RASA-2')", "rules/safety.yaml:10", "Did you mean RASA-1?"},
	{"a service of a result", "rules/safety.yaml", "== 'METALS'", "== 'METAL'", "rules/safety.yaml:24", "Did you mean METALS?"},
	{"a type of order", "rules/safety.yaml", "patient.age_years > params.age", "order.order_type == 'HERBALS'", "rules/safety.yaml:10", "Did you mean HERBAL?"},
	{"a bound above what is possible", "laboratory/metals.yaml", "possible: {high: 1000}", "possible: {high: 20}", "laboratory/metals.yaml:11", "critical_high is 50.0, but above 20.0"},
	{"a critical bound that pregnancy loses", "laboratory/metals.yaml", "    - {sex: female, age_from_days: 6570,", "    - {sex: female, pregnant: true, high: 9}\n    - {sex: female, age_from_days: 6570,", "laboratory/metals.yaml:12", "give critical_high here too"},
	{"a calculated value without its inputs", "catalog/herbs.yaml", "[MERCURY, LEAD, BURDEN]", "[MERCURY, BURDEN]", "catalog/herbs.yaml:19", "calculated from LEAD"},
	{"a specimen", "catalog/herbs.yaml", "specimen: {type: blood, container: EDTA}, analytes: [MERCURY", "specimen: {type: bloood, container: EDTA}, analytes: [MERCURY", "catalog/herbs.yaml:19", "Did you mean blood?"},
	{"a trend of what nobody observes", "chart.yaml", "code: dryness, system", "code: drynes, system", "chart.yaml:4", "Did you mean dryness?"},
}

func doubtsOf(t *testing.T, folder fs.FS) []Fault {
	t.Helper()
	found, faults, err := CheckFolder(folder, somePermissions)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	return found.Doubts
}

func TestCheckTellsEachSeededDoubt(t *testing.T) {
	t.Parallel()
	if doubts := doubtsOf(t, herbal()); len(doubts) > 0 {
		t.Fatalf("without a slip: %v", doubts)
	}
	for _, s := range seededDoubts {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			files := herbal()
			before := string(files[s.file].Data)
			if !strings.Contains(before, s.old) {
				t.Fatalf("%s has no %q", s.file, s.old)
			}
			files[s.file] = &fstest.MapFile{Data: []byte(strings.Replace(before, s.old, s.new, 1))}
			if strings.HasPrefix(s.file, "labels/") { // each language has the same keys
				hindi := string(files["labels/hi.yaml"].Data)
				oldKey, _, _ := strings.Cut(s.old, ":")
				newKey, _, _ := strings.Cut(s.new, ":")
				files["labels/hi.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(hindi, oldKey, newKey, 1))}
			}
			doubts := doubtsOf(t, files)
			if !slices.ContainsFunc(doubts, func(f Fault) bool {
				return fmt.Sprintf("%s:%d", f.File, f.Line) == s.at && strings.Contains(f.Message, s.word)
			}) {
				t.Errorf("want %s ... %s ..., got %v", s.at, s.word, doubts)
			}
		})
	}
}

func TestTheBuiltInPacksLeaveNoDoubt(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"base", "allopathy", "ayurveda", "homeopathy", "eye", "cardiac"} {
		folder, err := fs.Sub(builtin.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range doubtsOf(t, folder) {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestVitalSignsAreKnownByTheirCodes reads what encounters observes them as.
func TestVitalSignsAreKnownByTheirCodes(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../encounters/measurements.go")
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, found := range regexp.MustCompile(`"([0-9]+-[0-9])"`).FindAllStringSubmatch(string(source), -1) {
		codes = append(codes, found[1])
	}
	if !slices.Equal(codes, vitalCodes) {
		t.Errorf("encounters observes %v, known are %v", codes, vitalCodes)
	}
}
