package packs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// seeded is one mistake made in a good pack, and where and how it must be told.
type seeded struct {
	name string
	file string
	old  string // what is replaced; empty: the file is written anew, or when there is no replacement either, removed
	new  string
	at   string // file:line
	word string // of the sentence
}

var seededFaults = []seeded{
	// pack.yaml
	{"pack.yaml is not there", "pack.yaml", "", "", "pack.yaml:1", "missing"},
	{"an unknown key", "pack.yaml", "order_types:", "ordertypes:", "pack.yaml:9", "ordertypes"},
	{"a version that is none", "pack.yaml", "version: 1.0.0", "version: one", "pack.yaml:2", "version"},
	{"an unknown parent", "pack.yaml", "extends: [base]", "extends: [tibb]", "pack.yaml:1", "does not exist"},
	{"a newer HM", "pack.yaml", "^1", "^2", "pack.yaml:6", "requires_hm"},
	{"facilities outside a site pack", "pack.yaml", "order_types: [HERBAL]", "order_types: [HERBAL]\nfacilities: [NORTH]", "pack.yaml:10", "kind site"},
	{"a type of encounter without a workflow", "pack.yaml", "[OPD, THERAPY]", "[OPD, THERAPY, SPA]", "pack.yaml:8", "has no workflow"},
	{"a word in one language only", "pack.yaml", "name: {en: Herbal medicine, hi: जड़ी-बूटी चिकित्सा}", "name: {en: Herbal medicine}", "pack.yaml:3", "no words in hi"},
	// the folder
	{"an unknown file", "templates/tongue.txt", "", "x", "templates/tongue.txt:1", "no file of this name"},
	{"an unknown folder", "pictures/a.yaml", "", "x", "pictures:1", "no folder of this name"},
	{"broken YAML", "theme.yaml", "icon: leaf", "icon: [leaf", "theme.yaml:2", "not valid YAML"},
	{"an alias", "theme.yaml", "icon: leaf", "icon: *x", "theme.yaml:2", "aliases"},
	{"a key twice", "theme.yaml", "icon: leaf", "primary: leaf", "theme.yaml:2", "second time"},
	// labels
	{"a label that one language lacks", "labels/hi.yaml", "tongue: जिह्वा\n", "", "labels/hi.yaml:1", `"tongue" is missing`},
	{"labels of a language not listed", "labels/ta.yaml", "", "tongue: நாக்கு\n", "labels/ta.yaml:1", "does not list the locale"},
	// templates
	{"an unknown keyword of a schema", "templates/tongue.yaml", "maxLength: 200", "maxLenght: 200", "templates/tongue.yaml:12", "maxLenght"},
	{"a remote reference", "templates/tongue.yaml", "#/$defs/mark", "https://example.org/mark.json", "templates/tongue.yaml:13", "same file"},
	{"a cyclic reference", "templates/tongue.yaml", "place: {type: string}", "place: {$ref: \"#/$defs/mark\"}", "templates/tongue.yaml:15", "leads back to itself"},
	{"a schema that grows too large", "templates/tongue.yaml", "mark: {type: object, properties: {place: {type: string}", exploding, "templates/tongue.yaml:5", "more than 5000 parts"},
	{"a required field that is none", "templates/tongue.yaml", "required: [dryness, heat]", "required: [dryness, warmth]", "templates/tongue.yaml:7", "warmth"},
	{"an unknown value set", "templates/tongue.yaml", "x-valueset: taste", "x-valueset: tastes", "templates/tongue.yaml:11", `no value set "tastes"`},
	{"an observation without its system", "templates/tongue.yaml", "x-obs: {code: dryness, system: hm-herbal}", "x-obs: {code: dryness}", "templates/tongue.yaml:9", `needs "system"`},
	{"one code for two fields", "templates/tongue.yaml", "title: Heat, x-carry: true", "title: Heat, x-obs: {code: dryness, system: hm-herbal}", "templates/tongue.yaml:10", "dryness and heat are both observed as dryness"},
	{"one code for a field and what is computed", "templates/tongue.yaml", "{code: grade, system: hm-herbal}", "{code: dryness, system: hm-herbal}", "templates/tongue.yaml:31", "dryness and grade are both observed as dryness"},
	{"a field on no page", "templates/tongue.yaml", ", [coating]", "", "templates/tongue.yaml:12", "stands on no page"},
	{"an unknown widget", "templates/tongue.yaml", "widget: slider", "widget: dial", "templates/tongue.yaml:21", "widget must be one of"},
	{"an unknown column", "templates/tongue.yaml", "[place, size_mm]", "[place, size]", "templates/tongue.yaml:22", `column "size"`},
	{"a condition that is no truth", "templates/tongue.yaml", "doc.dryness < 8", "doc.dryness", "templates/tongue.yaml:23", "must come out as bool"},
	{"an expression that does not parse", "templates/tongue.yaml", "total: doc.dryness + doc.heat", "total: doc.dryness +", "templates/tongue.yaml:27", "does not compile"},
	{"an expression of the wrong types", "templates/tongue.yaml", "total: doc.dryness + doc.heat", "total: doc.dryness + 0.5", "templates/tongue.yaml:27", "no matching overload"},
	{"an unknown table", "templates/tongue.yaml", "table('grade'", "table('grades'", "templates/tongue.yaml:29", "one of the template's tables"},
	{"bands out of order", "templates/tongue.yaml", "{from: 12, value: much}", "{from: 4, value: much}", "templates/tongue.yaml:25", "higher and higher"},
	{"an unknown name in a summary", "templates/tongue.yaml", "Dryness {dryness}, {grade}", "Dryness {dryness}, {grad}", "templates/tongue.yaml:32", "neither a field nor computed"},
	{"an unknown tool", "templates/tongue.yaml", "tool: balance", "tool: scales", "templates/tongue.yaml:34", `no tool "scales"`},
	{"a tool bound to nothing", "templates/tongue.yaml", "axes: [dryness, heat]", "axes: [dryness, cold]", "templates/tongue.yaml:34", `"cold"`},
	{"the same template twice", "templates/zz.yaml", "", "code: tongue\nversion: 1.0.0\ntitle: Again\nschema: {type: object, properties: {}}\n", "templates/zz.yaml:1", "already in templates/tongue.yaml"},
	// catalogue, value sets, order sets
	{"a code that is no service's", "catalog/herbs.yaml", "code: KASHAYA", "code: kashaya", "catalog/herbs.yaml:1", "capitals"},
	{"an unknown type of order", "catalog/herbs.yaml", "name: Mercurial, order_type: HERBAL", "name: Mercurial, order_type: METAL", "catalog/herbs.yaml:15", "order type METAL"},
	{"a panel of nothing", "catalog/herbs.yaml", "panel: [BLOOD, LIVER]", "panel: [BLOOD, KIDNEY]", "catalog/herbs.yaml:18", "KIDNEY"},
	{"the same service twice", "catalog/zz.yaml", "", "- {code: BLOOD, name: Blood again, order_type: LAB}\n", "catalog/zz.yaml:1", "service BLOOD is already in catalog/herbs.yaml"},
	{"data that are no schema", "catalog/herbs.yaml", "maximum: 120", "maximum: much", "catalog/herbs.yaml:10", "not valid JSON Schema"},
	{"a duration that is none", "catalog/herbs.yaml", "duplicate_within: 2d", "duplicate_within: two days", "catalog/herbs.yaml:14", "duration"},
	{"the same option twice", "valuesets/taste.yaml", "code: bitter", "code: sweet", "valuesets/taste.yaml:6", "sweet is already"},
	{"a set of an unknown service", "order_sets.yaml", "service_code: BEFORE", "service_code: AFTER", "order_sets.yaml:5", "AFTER"},
	{"a set whose data do not fit", "order_sets.yaml", "dose_ml: 60", "dose_ml: 600", "order_sets.yaml:4", "at most 120"},
	// laboratory
	{"an unknown key of an analyte", "laboratory/metals.yaml", "loinc:", "lonic:", "laboratory/metals.yaml:3", "lonic"},
	{"a mistyped LOINC code", "laboratory/metals.yaml", "5685-3", "5685-4", "laboratory/metals.yaml:3", "check digit"},
	{"a LOINC code that is none", "laboratory/metals.yaml", "5685-3", "mercury", "laboratory/metals.yaml:3", "LOINC code"},
	{"an unknown section", "laboratory/metals.yaml", "section: biochemistry", "section: alchemy", "laboratory/metals.yaml:4", "section must be one of"},
	{"an unknown unit", "laboratory/metals.yaml", "unit: ug/L", "unit: mcg/L", "laboratory/metals.yaml:5", "not a unit of UCUM"},
	{"a number without a unit", "laboratory/metals.yaml", "  unit: ug/dL\n", "", "laboratory/metals.yaml:14", `needs "unit"`},
	{"a unit of something else", "laboratory/metals.yaml", "units: [nmol/L]", "units: [nmol]", "laboratory/metals.yaml:6", "does not convert"},
	{"an amount without a molar mass", "laboratory/metals.yaml", "  molar_mass: 200.59\n", "", "laboratory/metals.yaml:6", "needs molar_mass"},
	{"the unit among the others", "laboratory/metals.yaml", "units: [nmol/L]", "units: [ug/l]", "laboratory/metals.yaml:6", "the unit itself"},
	{"a molar mass below nought", "laboratory/metals.yaml", "200.59", "-200.59", "laboratory/metals.yaml:7", "molar_mass must be"},
	{"too many decimals", "laboratory/metals.yaml", "decimals: 1", "decimals: 9", "laboratory/metals.yaml:8", "decimals must be"},
	{"nothing is possible", "laboratory/metals.yaml", "possible: {high: 1000}", "possible: {low: 5, high: 5}", "laboratory/metals.yaml:9", "ends before it begins"},
	{"a bound finer than the values", "laboratory/metals.yaml", "low: 0, high: 10", "low: 0.05, high: 10", "laboratory/metals.yaml:11", "finer than"},
	{"a bound that is no number", "laboratory/metals.yaml", "low: 0, high: 10", "low: none, high: 10", "laboratory/metals.yaml:11", "low must be a number"},
	{"bounds the wrong way round", "laboratory/metals.yaml", "low: 0, high: 10", "low: 20, high: 10", "laboratory/metals.yaml:11", "high must be above low"},
	{"a critical bound within the range", "laboratory/metals.yaml", "high: 10, critical_high: 50", "high: 50, critical_high: 50", "laboratory/metals.yaml:11", "critical_high must be above high"},
	{"a range that ends before it begins", "laboratory/metals.yaml", "age_from_days: 6570,", "age_from_days: 6570, age_to_days: 30,", "laboratory/metals.yaml:12", "ends before it begins"},
	{"two ranges for the same people", "laboratory/metals.yaml", "{sex: female, age_from_days: 6570, low: 0, high: 8", "{age_from_days: 6570, low: 0, high: 8", "laboratory/metals.yaml:12", "the one on line 11 holds too"},
	{"a pregnant man", "laboratory/metals.yaml", "sex: male, low: 0", "sex: male, pregnant: true, low: 0", "laboratory/metals.yaml:11", "for pregnancy"},
	{"an empty range", "laboratory/metals.yaml", "ranges: [{high: 5}]", "ranges: [null, {high: 5}]", "laboratory/metals.yaml:18", "A range is empty"},
	{"a range that says nothing", "laboratory/metals.yaml", "ranges: [{high: 5}]", "ranges: [{sex: male}]", "laboratory/metals.yaml:18", "at least one of"},
	{"a delta without its percent", "laboratory/metals.yaml", "percent: 50, ", "", "laboratory/metals.yaml:13", "delta.percent"},
	{"a delta without its window", "laboratory/metals.yaml", ", within: 7d", "", "laboratory/metals.yaml:13", `needs "within"`},
	{"a formula that does not compile", "laboratory/metals.yaml", "value.LEAD / 5.0", "value.LEAD / 5", "laboratory/metals.yaml:24", "does not compile"},
	{"a formula of what nobody measures", "laboratory/metals.yaml", "value.LEAD", "value.TIN", "laboratory/metals.yaml:24", `the analyte "TIN", which does not exist`},
	{"a formula of what is calculated", "laboratory/metals.yaml", "value.LEAD", "value.ANION_GAP", "laboratory/metals.yaml:24", "calculated itself"},
	{"a formula of what is no number", "laboratory/metals.yaml", "value.LEAD", "value.SPOT", "laboratory/metals.yaml:24", "is no number"},
	{"a formula of nothing", "laboratory/metals.yaml", "value.MERCURY / 10.0 + value.LEAD / 5.0", "7.0 + 1.0", "laboratory/metals.yaml:24", "names no analyte"},
	{"a condition of a formula that is no truth", "laboratory/metals.yaml", "person.age_days >= 365", "person.age_days", "laboratory/metals.yaml:25", "must come out as bool"},
	{"a condition without a formula", "laboratory/metals.yaml", "ranges: [{high: 5}]", "valid: value.LEAD > 0.0", "laboratory/metals.yaml:18", "there is none"},
	{"one choice only", "laboratory/metals.yaml", "    - {code: none, title: No spot}\n", "", "laboratory/metals.yaml:31", "two choices or more"},
	{"the same choice twice", "laboratory/metals.yaml", "code: brown", "code: none", "laboratory/metals.yaml:32", "none is already"},
	{"a bound of what is no number", "laboratory/metals.yaml", "ranges: [{text: No spot}]", "ranges: [{text: No spot, high: 3}]", "laboratory/metals.yaml:33", "in words"},
	{"a unit of what is no number", "laboratory/metals.yaml", "kind: text}", "kind: text, unit: g}", "laboratory/metals.yaml:34", `Only an analyte that is a number has "unit"`},
	{"choices of what is not coded", "laboratory/metals.yaml", "kind: text}", "kind: text, choices: [{code: a, title: A}]}", "laboratory/metals.yaml:34", "coded"},
	{"an empty section", "laboratory/metals.yaml", "section: biochemistry", "section: \"\"", "laboratory/metals.yaml:4", "here it is empty"},
	{"a kind that is forgotten", "laboratory/metals.yaml", "kind: titre", "kind: null", "laboratory/metals.yaml:35", `needs "unit"`},
	{"an unknown kind", "laboratory/metals.yaml", "kind: text}", "kind: words}", "laboratory/metals.yaml:34", "kind must be one of"},
	{"the same analyte twice", "laboratory/zz.yaml", "", "- {code: LEAD, name: Lead again, section: biochemistry, unit: ug/dL}\n", "laboratory/zz.yaml:1", "analyte LEAD is already in laboratory/metals.yaml"},
	{"a unit changed under the ranges", "laboratory/metals.yaml", "{code: CRP, decimals: 2", "{code: CRP, unit: mg/dL, units: [mg/L], decimals: 2", "laboratory/metals.yaml:37", "ranges that it inherits"},
	{"a unit changed under what can be", "laboratory/zz.yaml", "", "- {code: HGB, unit: g/L, units: [g/dL], ranges: [{low: 130}]}\n", "laboratory/zz.yaml:1", "possible that it inherits"},
	{"a unit changed under a formula", "laboratory/zz.yaml", "", "- {code: HDL, unit: mmol/L, units: [mg/dL], decimals: 2, possible: {high: 8}, ranges: [{low: 1}]}\n", "laboratory/zz.yaml:1", "the formula of LDL"},
	{"an analyte without a name", "laboratory/zz.yaml", "", "- {code: TIN, section: biochemistry, unit: ug/dL}\n", "laboratory/zz.yaml:1", `needs "name"`},
	{"a service of what nobody measures", "catalog/herbs.yaml", "[MERCURY, LEAD, BURDEN]", "[MERCURY, TIN]", "catalog/herbs.yaml:19", `the analyte "TIN", which does not exist`},
	{"analytes of what is no test", "catalog/herbs.yaml", "name: Mercurial, order_type: HERBAL,", "name: Mercurial, order_type: HERBAL, analytes: [LEAD],", "catalog/herbs.yaml:15", "ordered as LAB"},
	// rules
	{"an unknown moment", "rules/safety.yaml", "on: order.create", "on: order.made", "rules/safety.yaml:2", "on must be one of"},
	{"an unknown fact", "rules/safety.yaml", "patient.age_years", "patient.years", "rules/safety.yaml:10", "undefined field 'years'"},
	{"an unknown parameter", "rules/safety.yaml", "params.age", "params.years", "rules/safety.yaml:10", "undefined field 'years'"},
	{"a message that names nothing", "rules/safety.yaml", "over {age}", "over {limit}", "rules/safety.yaml:14", "{limit}"},
	{"a rule of another pack", "rules/safety.yaml", "code: herbal.old", "code: ayurveda.old", "rules/safety.yaml:8", "begins with its pack's id"},
	{"an expression too long to run", "rules/safety.yaml", "patient.age_years > params.age", "patient.age_years > " + strings.Repeat("1 + ", 1_000) + "1", "rules/safety.yaml:10", "does not compile"},
	{"loops inside loops", "rules/safety.yaml", "patient.age_years > params.age", "order.items.all(a, order.items.all(b, order.items.all(c, order.items.all(d, a == b && c == d))))", "rules/safety.yaml:10", "lists inside lists"},
	{"tests ordered without a result", "rules/safety.yaml", "on: result.entered", "on: order.create", "rules/safety.yaml:19", "follows a result"},
	{"tests ordered, but none named", "rules/safety.yaml", ", order: [METALS]", "", "rules/safety.yaml:19", "needs order"},
	{"a test ordered that does not exist", "rules/safety.yaml", "order: [METALS]", "order: [TIN]", "rules/safety.yaml:19", `the service "TIN", which does not exist`},
	{"a test ordered that is none", "rules/safety.yaml", "order: [METALS]", "order: [KASHAYA]", "rules/safety.yaml:19", "no single test"},
	{"a result verified at another moment", "rules/safety.yaml", "on: result.autoverify", "on: result.release", "rules/safety.yaml:25", "for result.autoverify only"},
	{"a fact that a result has not", "rules/safety.yaml", "result.is_critical", "result.is_dire", "rules/safety.yaml:24", "undefined field 'is_dire'"},
	// workflows
	{"an unknown event", "workflows/opd.yaml", "encounter.checked_in", "encounter.arrived", "workflows/opd.yaml:3", "opens_on must be one of"},
	{"a step completed by an unknown form", "workflows/opd.yaml", "{template: tongue}", "{template: pulse}", "workflows/opd.yaml:3", `"pulse", which does not exist`},
	{"closing with an unknown task", "workflows/opd.yaml", "[record-vitals, tongue]", "[record-vitals, pulse]", "workflows/opd.yaml:5", "no step opens"},
	{"closing with an unknown document", "workflows/opd.yaml", "documents: [tongue]", "documents: [pulse]", "workflows/opd.yaml:5", "no template makes"},
	{"a workflow that extends nothing", "workflows/therapy.yaml", "extends: OPD", "extends: SPA", "workflows/therapy.yaml:1", "extends SPA"},
	// data and look
	{"a field that cannot be searched", "patient.yaml", "maxLength: 100}}", "maxLength: 100}, x-search: true}", "patient.yaml:5", "can be searched"},
	{"a colour too light", "theme.yaml", "#0b6e4f", "#7fffd4", "theme.yaml:1", "contrast"},
	{"an unknown icon", "theme.yaml", "leaf", "rocket", "theme.yaml:2", "icon must be one of"},
	{"an unknown screen", "nav.yaml", "screen: queue", "screen: waiting", "nav.yaml:1", "screen must be one of"},
	{"an unknown card", "chart.yaml", "card: orders", "card: poems", "chart.yaml:7", "card must be one of"},
	{"a card with an unknown tool", "chart.yaml", "tool: balance", "tool: scales", "chart.yaml:6", `tool "scales"`},
	{"a card with an unknown form", "chart.yaml", "card: latest_document, template: tongue", "card: latest_document, template: pulse", "chart.yaml:5", `"pulse"`},
	{"a tool from an unsafe address", "tools.yaml", "https://tools.example.org", "http://tools.example.org", "tools.yaml:5", "https://"},
	{"a tool without its hash", "tools.yaml", "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC", "sha1-abc", "tools.yaml:6", "integrity"},
	// tests
	{"a test that does not come out", "tests/all.yaml", "total: 13", "total: 14", "tests/all.yaml:1", "must be 14, but is 13"},
	{"a test of faults", "tests/all.yaml", "faults: [dryness, heat, taste]", "faults: [dryness, heat]", "tests/all.yaml:5", "The faults must be at"},
	{"a test of an unknown rule", "tests/all.yaml", "rule: herbal.pair", "rule: herbal.pairs", "tests/all.yaml:6", "no rule herbal.pairs"},
	{"a test of a workflow", "tests/all.yaml", "opens: [tongue]", "opens: [pulse]", "tests/all.yaml:7", "must open pulse"},
	{"a test of a service", "tests/all.yaml", "faults: [dose_ml, taste]", "faults: [dose_ml]", "tests/all.yaml:8", "but are at dose_ml, taste"},
	{"a test of an analyte", "tests/all.yaml", "value: 2.5", "value: 2.4", "tests/all.yaml:9", "must be 2.4, but is 2.5"},
	{"a test of an analyte that is not calculated", "tests/all.yaml", "analyte: BURDEN", "analyte: LEAD", "tests/all.yaml:9", "no calculated analyte LEAD"},
	{"a test of an analyte without its value", "tests/all.yaml", ", value: null", "", "tests/all.yaml:10", "null for none"},
	{"a test that runs past its cost", "tests/all.yaml", "- {rule: herbal.pair, facts: {order: {items: [{service_code: RASA-1}, {service_code: KASHAYA}]}}, fires: true}", "- {rule: herbal.slow, facts: {order: {items: [" + strings.Repeat("{quantity: 1}, ", 60) + "]}}, fires: true}", "tests/all.yaml:6", "cost_limit"},
}

// exploding is a schema of a few lines that is many thousands of parts once its references are followed.
var exploding = func() string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "d%d: {type: object, properties: {", i)
		for k := range 6 {
			if i == 5 {
				fmt.Fprintf(&b, "p%d: {type: string}, ", k)
			} else {
				fmt.Fprintf(&b, "p%d: {$ref: \"#/$defs/d%d\"}, ", k, i+1)
			}
		}
		b.WriteString("}}\n    ")
	}
	return b.String() + "mark: {type: object, properties: {big: {$ref: \"#/$defs/d0\"}, place: {type: string}"
}()

// slowRule runs past its cost on a long order.
const slowRule = `
- code: herbal.slow
  on: order.create
  when: order.items.all(a, order.items.all(b, order.items.all(c, a.quantity + b.quantity + c.quantity > 0)))
  then: {effect: warn}
  severity: info
  message: Slow
`

func TestCheckFindsEachSeededFault(t *testing.T) {
	t.Parallel()
	library := base(t)
	if len(seededFaults) < 40 {
		t.Fatalf("only %d", len(seededFaults))
	}
	for _, s := range seededFaults {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			files := herbal()
			files["rules/slow.yaml"] = &fstest.MapFile{Data: []byte(slowRule)}
			before, isThere := files[s.file]
			switch {
			case s.old == "" && s.new == "":
				delete(files, s.file)
			case s.old == "":
				files[s.file] = &fstest.MapFile{Data: []byte(s.new)}
			case !isThere || !strings.Contains(string(before.Data), s.old):
				t.Fatalf("%s has no %q", s.file, s.old)
			default:
				files[s.file] = &fstest.MapFile{Data: []byte(strings.Replace(string(before.Data), s.old, s.new, 1))}
			}
			faults := Check(files, library)
			if !slices.ContainsFunc(faults, func(f Fault) bool {
				return fmt.Sprintf("%s:%d", f.File, f.Line) == s.at && strings.Contains(f.Message, s.word)
			}) {
				t.Errorf("want %s ... %s ..., got %v", s.at, s.word, faults)
			}
		})
	}
}
