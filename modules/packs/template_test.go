package packs

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

const doshas = `
code: prakriti_assessment
version: 1.0.0
title: {en: Prakriti assessment, hi: प्रकृति परीक्षण}
schema:
  type: object
  additionalProperties: false
  required: [vata_score, pitta_score, kapha_score]
  properties:
    vata_score: {type: integer, minimum: 0, maximum: 30, title: {en: Vata, hi: वात}, x-obs: {code: vata-score, system: hm-ayurveda}}
    pitta_score: {type: integer, minimum: 0, maximum: 30, title: Pitta}
    kapha_score: {type: integer, minimum: 0, maximum: 30, title: Kapha}
    weight_kg: {type: number, minimum: 0, maximum: 500, title: Weight}
    vikriti_note: {type: string}
ui:
  pages: [{title: Doshas, rows: [[vata_score, pitta_score, kapha_score], [weight_kg], [vikriti_note]]}]
  fields: {vata_score: {widget: slider}}
  show_if: {vikriti_note: "doc.vata_score > 20"}
computed:
  total: doc.vata_score + doc.pitta_score + doc.kapha_score
  prakriti: "doc.vata_score >= doc.pitta_score && doc.vata_score >= doc.kapha_score ? 'Vata' : doc.pitta_score >= doc.kapha_score ? 'Pitta' : 'Kapha'"
  share: round(100.0 * double(doc.vata_score) / double(computed.total), 1)
summary: "{prakriti}-dominant (V {vata_score} P {pitta_score} K {kapha_score})"
tools: [{tool: radar, at: page, bind: {axes: [vata_score, pitta_score, kapha_score]}}]
`

// template compiles one template text, which must have no fault.
func template(t testing.TB, source string) *form {
	t.Helper()
	f, faults := readOne(source)
	for _, fault := range faults {
		t.Error(fault)
	}
	if f == nil {
		t.FailNow()
	}
	return f
}

func readOne(source string) (*form, []Fault) {
	root, faults := parseYAML("test", "t.yaml", []byte(source))
	if len(faults) > 0 {
		return nil, faults
	}
	r := &reading{pack: "test", file: "t.yaml"}
	f := r.readTemplate(root)
	return f, r.faults
}

// formOf compiles a template with these properties (YAML, two spaces deep) and computed fields.
func formOf(t testing.TB, properties, computed string) *form {
	t.Helper()
	indent := func(s string) string {
		return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ")
	}
	source := "code: t\nversion: 1.0.0\ntitle: T\nschema:\n  type: object\n  additionalProperties: false\n  properties:\n  " +
		strings.ReplaceAll(indent(properties), "\n", "\n  ") + "\n"
	if computed != "" {
		source += "computed:\n" + indent(computed) + "\n"
	}
	return template(t, source)
}

func TestDoshaTemplate(t *testing.T) {
	t.Parallel()
	f := template(t, doshas)
	payload := map[string]any{"vata_score": 20.0, "pitta_score": 10.0, "kapha_score": 5.0}
	if faults := f.Validate(payload, true); faults != nil {
		t.Error(faults)
	}
	computed, summary, err := f.Compute(payload, packsapi.About{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"total": int64(35), "prakriti": "Vata", "share": 57.1}
	if diff := cmp.Diff(want, computed); diff != "" {
		t.Error(diff)
	}
	if summary != "Vata-dominant (V 20 P 10 K 5)" {
		t.Error(summary)
	}
}

func TestFaultsNamePathAndReason(t *testing.T) {
	t.Parallel()
	f := formOf(t, `
score: {type: integer, minimum: 0, maximum: 30, title: Vata}
weight: {type: number, exclusiveMinimum: 0, multipleOf: 0.5, title: Weight}
born: {type: string, format: date, title: Born}
code: {type: string, pattern: "^[A-Z]+$", minLength: 2, maxLength: 3}
side: {type: string, enum: [left, right], title: Side}
kind: {type: string, title: Kind, oneOf: [{const: a, title: A}, {const: b, title: B}]}
lines: {type: array, minItems: 1, maxItems: 2, title: Lines, items: {type: object, required: [dose_ml], additionalProperties: false, properties: {dose_ml: {type: number, maximum: 9, title: Dose}}}}
flag: {type: boolean}
`, "")
	for name, c := range map[string]struct {
		payload string
		final   bool
		want    []packsapi.Fault
	}{
		"type":              {`{"score": "20"}`, false, []packsapi.Fault{{Path: "payload.score", Message: "Vata must be a whole number."}}},
		"fraction":          {`{"score": 2.5}`, false, []packsapi.Fault{{Path: "payload.score", Message: "Vata must be a whole number."}}},
		"whole as decimal":  {`{"score": 20.0}`, false, nil},
		"maximum":           {`{"score": 99}`, false, []packsapi.Fault{{Path: "payload.score", Message: "Vata must be at most 30."}}},
		"exclusive minimum": {`{"weight": 0}`, false, []packsapi.Fault{{Path: "payload.weight", Message: "Weight must be more than 0."}}},
		"multiple":          {`{"weight": 0.7}`, false, []packsapi.Fault{{Path: "payload.weight", Message: "Weight must be a multiple of 0.5."}}},
		"date":              {`{"born": "2026-02-30"}`, false, []packsapi.Fault{{Path: "payload.born", Message: "Born must be a date, as YYYY-MM-DD."}}},
		"pattern":           {`{"code": "ab"}`, false, []packsapi.Fault{{Path: "payload.code", Message: "Code is not written in the expected form."}}},
		"short in draft":    {`{"code": "A"}`, false, nil},
		"short in final":    {`{"code": "A"}`, true, []packsapi.Fault{{Path: "payload.code", Message: "Code must have at least 2 characters."}}},
		"long":              {`{"code": "ABCD"}`, false, []packsapi.Fault{{Path: "payload.code", Message: "Code must have at most 3 characters."}}},
		"choice":            {`{"side": "up"}`, false, []packsapi.Fault{{Path: "payload.side", Message: "Side must be one of the choices offered."}}},
		"titled choice":     {`{"kind": "c"}`, true, []packsapi.Fault{{Path: "payload.kind", Message: "Kind must be one of the choices offered."}}},
		"unknown":           {`{"colour": "blue"}`, false, []packsapi.Fault{{Path: "payload.colour", Message: "This form has no such field."}}},
		"null":              {`{"flag": null}`, false, []packsapi.Fault{{Path: "payload.flag", Message: "Flag must be true or false."}}},
		"in a list":         {`{"lines": [{"dose_ml": 1}, {"dose_ml": 10}]}`, false, []packsapi.Fault{{Path: "payload.lines[1].dose_ml", Message: "Dose must be at most 9."}}},
		"required in draft": {`{"lines": [{}]}`, false, nil},
		"required in final": {`{"lines": [{}]}`, true, []packsapi.Fault{{Path: "payload.lines[0].dose_ml", Message: "Dose is required."}}},
		"too many":          {`{"lines": [{}, {}, {}]}`, false, []packsapi.Fault{{Path: "payload.lines", Message: "Lines may have at most 2 entries."}}},
		"too few":           {`{"lines": []}`, true, []packsapi.Fault{{Path: "payload.lines", Message: "Lines needs at least 1 entry."}}},
		"NUL":               {`{"code": "A\u0000"}`, false, []packsapi.Fault{{Path: "payload.code", Message: "This contains a character that cannot be stored."}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, f.Validate(decode(t, c.payload), c.final)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// decode reads a payload as a request's body is read. It serves testing.T and rapid.T alike.
func decode(t interface {
	Helper()
	Fatal(args ...any)
}, source string) map[string]any {
	t.Helper()
	var payload map[string]any
	if err := json.Unmarshal([]byte(source), &payload); err != nil {
		t.Fatal(err)
	}
	return payload
}

func TestFaultsNeverRepeatThePayload(t *testing.T) {
	t.Parallel()
	const secret = "Zebra-4711"
	f := template(t, doshas)
	for _, final := range []bool{false, true} {
		for _, fault := range f.Validate(map[string]any{"vata_score": secret, "weight_kg": []any{secret}, "vikriti_note": 1.0}, final) {
			if strings.Contains(fault.Message, secret) || strings.Contains(fault.Path, secret) {
				t.Error(fault)
			}
		}
	}
}

func TestPayloadsThatCannotBeStored(t *testing.T) {
	t.Parallel()
	f := formOf(t, "anything: {type: array}\nnumber: {type: number}", "")
	deep := any("end")
	for range maxPayloadDepth {
		deep = []any{deep}
	}
	for name, payload := range map[string]map[string]any{
		"deep":     {"anything": deep},
		"exponent": {"number": json.Number("1e999999999")},
		"value":    {"number": struct{}{}},
		"UTF-8":    {"anything": []any{"\xff"}},
	} {
		if faults := f.Validate(payload, false); len(faults) != 1 {
			t.Errorf("%s: %v", name, faults)
		}
	}
	if faults := f.Validate(map[string]any{"number": json.Number("12.5")}, true); faults != nil {
		t.Error(faults)
	}
}

func TestTemplateFaults(t *testing.T) {
	t.Parallel()
	change := func(old, replacement string) string {
		if !strings.Contains(doshas, old) {
			t.Fatalf("the template has no %q", old)
		}
		return strings.Replace(doshas, old, replacement, 1)
	}
	for name, c := range map[string]struct {
		source string
		line   int
		say    string
	}{
		"no code":              {change("code: prakriti_assessment\n", ""), 2, `needs "code"`},
		"unknown key":          {change("summary:", "sumary:"), 23, `has no "sumary"`},
		"version":              {change("version: 1.0.0", "version: 1.0"), 3, "must be text, not a number"},
		"duplicate key":        {change("title: {", "code: x\ntitle: {"), 4, "a second time (first on line 2)"},
		"not a field":          {change("[weight_kg]", "[weight]"), 16, `names "weight"`},
		"placed nowhere":       {change(", [vikriti_note]", ""), 14, "stands on no page"},
		"placed twice":         {change("[weight_kg]", "[weight_kg, weight_kg]"), 16, "already placed on line 16"},
		"widget":               {change("slider", "sluder"), 17, "must be one of"},
		"hidden but required":  {change("{vikriti_note: \"doc.vata_score > 20\"}", "{vata_score: \"doc.kapha_score > 20\"}"), 18, "must not be hidden"},
		"show_if is no truth":  {change("doc.vata_score > 20", "doc.vata_score"), 18, "must come out as bool, not int"},
		"undefined field":      {change("total: doc.vata_score", "total: doc.vata_scor"), 20, "undefined field 'vata_scor'"},
		"wrong type":           {change("double(computed.total)", "2"), 22, "no matching overload"},
		"later computed":       {change("total: doc.vata_score", "total: computed.share"), 20, "undefined field 'share'"},
		"syntax":               {change("doc.pitta_score + doc.kapha_score\n", "doc.pitta_score +\n"), 20, "does not compile"},
		"computed over field":  {change("  total: doc", "  weight_kg: doc"), 20, "both a field and computed"},
		"summary":              {change("{prakriti}-", "{pakriti}-"), 23, "neither a field nor computed"},
		"summary brace":        {change("{prakriti}-", "{prakriti-"), 23, "without its }"},
		"tool":                 {change("radar", "sonar"), 24, "There is no tool \"sonar\""},
		"tool binding":         {change("axes: [vata_score", "axes: [vata"), 24, `names "vata"`},
		"keyword":              {change("minimum: 0, maximum: 30, title: {", "minumum: 0, title: {"), 10, `"minumum" is not a keyword`},
		"keyword value":        {change("maximum: 500", "maximum: high"), 13, "not valid JSON Schema"},
		"required no field":    {change("required: [vata_score", "required: [vata"), 8, "not among the properties"},
		"format":               {change("{type: string}", "{type: string, format: day}"), 14, "format must be one of"},
		"pattern":              {change("{type: string}", "{type: string, pattern: \"(?=x)\"}"), 14, "not valid JSON Schema"},
		"remote reference":     {change("{type: string}", "{$ref: \"https://example.org/s.json\"}"), 14, "may only point into the same file"},
		"file reference":       {change("{type: string}", "{$ref: \"file:///etc/passwd\"}"), 14, "may only point into the same file"},
		"missing reference":    {change("{type: string}", "{$ref: \"#/$defs/a\"}"), 14, "There is no #/$defs/a"},
		"cyclic reference":     {change("{type: string}", "{$ref: \"#/$defs/a\"}\n  $defs: {a: {type: object, properties: {b: {$ref: \"#/$defs/a\"}}}}"), 15, "leads back to itself"},
		"observation":          {change("code: vata-score, ", ""), 10, `x-obs needs "code"`},
		"field name":           {change("weight_kg: {", "Weight: {"), 13, "small letters"},
		"not an object schema": {change("  type: object\n", "  type: array\n"), 6, "must have type: object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, faults := readOne(c.source)
			if f != nil {
				t.Fatal("the template was taken")
			}
			for _, fault := range faults {
				if fault.Line == c.line && strings.Contains(fault.Message, c.say) {
					return
				}
			}
			t.Errorf("want %q on line %d, got %v", c.say, c.line, faults)
		})
	}
}

func TestSchemaThatExplodesIsRefused(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("code: t\nversion: 1.0.0\ntitle: T\nschema:\n  type: object\n  properties: {x: {$ref: \"#/$defs/d0\"}}\n  $defs:\n")
	for i := range 30 {
		next := "#/$defs/d" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10))
		name := "d" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		if i == 0 {
			name = "d0"
		}
		b.WriteString("    " + name + ": {allOf: [{$ref: \"" + next + "\"}, {$ref: \"" + next + "\"}]}\n")
	}
	b.WriteString("    d30: {type: string}\n")
	start := time.Now()
	f, faults := readOne(b.String())
	if f != nil || len(faults) == 0 || !strings.Contains(faults[0].Message, "references are followed") {
		t.Errorf("%v", faults)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func TestDocumentSpeaksTheLocale(t *testing.T) {
	t.Parallel()
	f := template(t, doshas)
	for locale, want := range map[string]string{"en": "Vata", "hi-IN": "वात", "ta": "Vata"} {
		d := f.Document(locale)
		var schema struct {
			Properties map[string]struct{ Title string } `json:"properties"`
		}
		if err := json.Unmarshal(d.Schema, &schema); err != nil {
			t.Fatal(err)
		}
		if got := schema.Properties["vata_score"].Title; got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
	d := f.Document("hi")
	if d.Title != "प्रकृति परीक्षण" || d.Computed[0].Name != "total" || d.Computed[2].Name != "share" {
		t.Errorf("%+v", d)
	}
	if first, second := strings.Index(string(d.Schema), "vata_score"), strings.Index(string(d.Schema), "weight_kg"); first > second {
		t.Error("the schema lost its author's order")
	}
}

// Many requests share one template; run with -race.
func TestTemplateIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	f := template(t, doshas)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			payload := map[string]any{"vata_score": float64(i), "pitta_score": 1.0, "kapha_score": 2.0}
			for range 50 {
				if faults := f.Validate(payload, true); faults != nil {
					t.Error(faults)
				}
				computed, _, err := f.Compute(payload, packsapi.About{})
				if err != nil || computed["total"] != int64(i+3) {
					t.Error(computed, err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := loadBuiltIn(builtin.Files); err != nil {
			b.Fatal(err)
		}
	}
}

// A normal document: validated whole, computed and summarised.
func BenchmarkDischargeSummary(b *testing.B) {
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		b.Fatal(err)
	}
	tmpl, err := library.Template("base", "discharge_summary", packsapi.Latest)
	if err != nil {
		b.Fatal(err)
	}
	payload := decode(b, `{"admitted_on":"2026-01-28","discharged_on":"2026-02-02","discharge_type":"home","condition":"improved",
		"diagnoses":[{"description":"Pneumonia","code":"J18.9","role":"principal"},{"description":"Diabetes","code":"E11.9"}],
		"course":"Antibiotics.","medications":[{"name":"Amoxicillin","change":"started","duration_days":5},
		{"name":"Ibuprofen","change":"stopped"},{"name":"Metformin","change":"continued"}],"advice":"Rest."}`)
	for b.Loop() {
		if faults := tmpl.Validate(payload, true); faults != nil {
			b.Fatal(faults)
		}
		if _, _, err := tmpl.Compute(payload, packsapi.About{Now: time.Now()}); err != nil {
			b.Fatal(err)
		}
	}
}

// packFiles is a small pack folder for tests of whole packs.
func packFiles(id string, files map[string]string) fstest.MapFS {
	kind, extends := "system", "extends: [base]\n"
	if id == packsapi.Base {
		kind, extends = "base", ""
	}
	out := fstest.MapFS{"pack.yaml": {Data: []byte("id: " + id + "\nversion: 1.0.0\nname: Test\nkind: " + kind + "\n" + extends +
		"requires_hm: \"^1\"\nlocales: [en]\nencounter_types: []\norder_types: []\n")}}
	for name, data := range files {
		out[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return out
}
