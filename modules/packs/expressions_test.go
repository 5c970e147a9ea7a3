package packs

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// computeOne computes one expression over a fixed set of fields.
func computeOne(t testing.TB, expression, payload string, about packsapi.About) any {
	t.Helper()
	f := formOf(t, `
i: {type: integer}
n: {type: number}
s: {type: string}
b: {type: boolean}
on: {type: string, format: date}
ints: {type: array, items: {type: integer}}
numbers: {type: array, items: {type: number}}
rows: {type: array, items: {type: object, properties: {dose: {type: number}, name: {type: string}}}}
group: {type: object, properties: {score: {type: integer}}}
free: {type: object}
`, "out: "+quote(expression))
	computed, _, err := f.Compute(decode(t, payload), about)
	if err != nil {
		t.Fatal(err)
	}
	return computed["out"]
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func TestExpressions(t *testing.T) {
	t.Parallel()
	kolkata := time.FixedZone("IST", 5*3600+1800)
	years := int64(42)
	about := packsapi.About{
		Now:       time.Date(2026, 2, 1, 1, 0, 0, 0, kolkata), // still 31 January in UTC
		Patient:   packsapi.PatientFacts{AgeYears: &years, Gender: "female", SystemSpecificData: map[string]any{"ayurveda": map[string]any{"prakriti": "vata", "score": 3.0}}},
		Encounter: packsapi.EncounterFacts{EncounterType: "OPD"},
	}
	for _, c := range []struct {
		expression, payload string
		want                any
	}{
		// types follow the schema
		{"doc.i + 1", `{"i": 20}`, int64(21)},
		{"doc.i / 2", `{"i": 7.0}`, int64(3)},
		{"doc.n / 2.0", `{"n": 7}`, 3.5},
		{"doc.s + '!'", `{"s": "ok"}`, "ok!"},
		{"!doc.b", `{"b": false}`, true},
		{"doc.group.score * 2", `{"group": {"score": 4}}`, int64(8)},
		{"doc.rows.map(r, r.dose)", `{"rows": [{"dose": 1}, {"dose": 2.5}]}`, []any{1.0, 2.5}},
		{"doc.free.x > 1.0", `{"free": {"x": 2}}`, true},
		// what is missing gives null
		{"doc.i + 1", `{}`, nil},
		{"doc.i + 1", `{"i": null}`, nil},
		{"doc.i + 1", `{"i": "twenty"}`, nil},
		{"doc.group.score", `{}`, nil},
		{"doc.rows[0].dose", `{"rows": []}`, nil},
		{"doc.rows.map(r, r.dose)", `{"rows": [{"dose": 1}, {}]}`, nil},
		{"patient.age_days", `{}`, nil},
		{"doc.free.y", `{"free": {"x": 2}}`, nil},
		{"has(doc.i) ? doc.i : 0", `{}`, int64(0)},
		{"has(doc.group.score)", `{"group": {}}`, false},
		{"doc.b || has(doc.i)", `{"i": 1}`, true}, // one true side decides, as in every CEL
		{"null", `{}`, nil},
		// what has no value gives null
		{"doc.i / 0", `{"i": 1}`, nil},
		{"doc.n / 0.0", `{"n": 1}`, nil},
		{"sqrt(doc.n)", `{"n": -1}`, nil},
		{"log10(doc.n)", `{"n": 0}`, nil},
		{"doc.i * 9223372036854775807", `{"i": 2}`, nil},
		// the functions
		{"round(doc.n, 2)", `{"n": 1.005}`, 1.01},
		{"round(doc.n, 1)", `{"n": 2.25}`, 2.3},
		{"round(doc.n, 1)", `{"n": -2.25}`, -2.3},
		{"round(doc.n, 0)", `{"n": 0.4}`, 0.0},
		{"round(doc.n, 0)", `{"n": -0.4}`, 0.0},
		{"round(doc.i, -2)", `{"i": 1250}`, 1300.0},
		{"round(doc.n, 13)", `{"n": 1}`, nil},
		{"round(doc.n, 12)", `{"n": 1e300}`, 1e300},
		{"sum(doc.ints)", `{"ints": [1, 2, 3]}`, int64(6)},
		{"sum(doc.numbers) / 2.0", `{"numbers": []}`, 0.0},
		{"sum(doc.numbers)", `{"numbers": [1, 2.5]}`, 3.5},
		{"sum([doc.i, doc.i])", `{"i": 2}`, int64(4)},
		{"sum([double(doc.i), doc.n])", `{"i": 2, "n": 0.5}`, 2.5},
		{"sum([doc.i, doc.i])", `{}`, nil},
		{"sum(doc.rows.map(r, r.dose))", `{"rows": [{"dose": 1}, {"dose": 2}]}`, 3.0},
		{"pow(doc.n, 2)", `{"n": 1.5}`, 2.25},
		{"pow(2, doc.i)", `{"i": 10}`, 1024.0},
		{"pow(doc.n, 0.5)", `{"n": -1}`, nil},
		{"sqrt(16)", `{}`, 4.0},
		{"log10(doc.n)", `{"n": 1000}`, 3.0},
		{"days_between(doc.on, '2026-03-01')", `{"on": "2026-02-27"}`, int64(2)},
		{"days_between('2026-03-01', doc.on)", `{"on": "2026-02-27"}`, int64(-2)},
		{"days_between(now, doc.on)", `{"on": "2026-02-02"}`, int64(1)}, // by the facility's date, not UTC's
		{"days_between(doc.on, 'tomorrow')", `{"on": "2026-02-02"}`, nil},
		// who and where
		{"patient.age_years >= 40 && patient.gender == 'female'", `{}`, true},
		{"patient.system_specific_data.ayurveda.prakriti", `{}`, "vata"},
		{"encounter.encounter_type", `{}`, "OPD"},
		{"now", `{}`, "2026-01-31T19:30:00Z"},
		// a published formula: Mosteller's body surface area, sqrt(cm*kg/3600), 1987
		{"round(sqrt(doc.n * double(doc.i) / 3600.0), 2)", `{"n": 70, "i": 170}`, 1.82},
	} {
		if diff := cmp.Diff(c.want, computeOne(t, c.expression, c.payload, about)); diff != "" {
			t.Errorf("%s over %s: %s", c.expression, c.payload, diff)
		}
	}
}

func TestMinusNoughtIsNought(t *testing.T) {
	t.Parallel()
	v, ok := computeOne(t, "round(doc.n, 0)", `{"n": -0.4}`, packsapi.About{}).(float64)
	if !ok || math.Signbit(v) {
		t.Error(v)
	}
}

func TestComputedNullIsMissingToThoseAfterIt(t *testing.T) {
	t.Parallel()
	f := formOf(t, "height_cm: {type: number}\nweight_kg: {type: number}", `
height_m: doc.height_cm / 100.0
bmi: round(doc.weight_kg / pow(computed.height_m, 2), 1)
known: has(computed.bmi)
`)
	for payload, want := range map[string]map[string]any{
		`{"height_cm": 170, "weight_kg": 70}`: {"height_m": 1.7, "bmi": 24.2, "known": true},
		`{"weight_kg": 70}`:                   {"height_m": nil, "bmi": nil, "known": false},
		`{"height_cm": 0, "weight_kg": 70}`:   {"height_m": 0.0, "bmi": nil, "known": false},
	} {
		computed, _, err := f.Compute(decode(t, payload), packsapi.About{})
		if diff := cmp.Diff(want, computed); err != nil || diff != "" {
			t.Error(payload, err, diff)
		}
	}
}

func TestRunawayExpressionIsStopped(t *testing.T) {
	t.Parallel()
	f := formOf(t, "ints: {type: array, items: {type: integer}}",
		"out: doc.ints.all(a, doc.ints.all(b, doc.ints.all(c, a + b + c >= 0)))")
	ints := make([]any, 200)
	for i := range ints {
		ints[i] = float64(i)
	}
	start := time.Now()
	_, _, err := f.Compute(map[string]any{"ints": ints}, packsapi.About{})
	if !errors.Is(err, errCost) {
		t.Error(err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %v to stop", took)
	}
}

func TestExpressionsThatAreTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"long":   strings.Repeat("1 + ", maxExpressionLength) + "1",
		"deep":   strings.Repeat("(", 500) + "1" + strings.Repeat(")", 500),
		"object": "doc",
	} {
		_, faults := readOne("code: t\nversion: 1.0.0\ntitle: T\nschema: {type: object, properties: {a: {type: integer}}}\ncomputed: {out: \"" + source + "\"}")
		if len(faults) != 1 || !strings.Contains(faults[0].Message, "does not compile") {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	f := template(t, `
code: t
version: 1.0.0
title: T
schema:
  type: object
  properties:
    state: {type: string, oneOf: [{const: better, title: Better}]}
    tags: {type: array, items: {type: string}}
    done: {type: boolean}
    at: {type: object, properties: {site: {type: string}}}
    note: {type: string}
summary: "{state}: {tags} ({done}) at {at.site} {note}"
`)
	for payload, want := range map[string]string{
		`{"state": "better", "tags": ["a", "b"], "done": true, "at": {"site": "arm"}, "note": "x\n y"}`: "Better: a, b (yes) at arm x y",
		`{"state": "better"}`: "Better: – (–) at – –",
		`{}`:                  "",
	} {
		if _, got, err := f.Compute(decode(t, payload), packsapi.About{}); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", payload, got, want, err)
		}
	}
	_, long, err := f.Compute(map[string]any{"note": strings.Repeat("ü", 5000)}, packsapi.About{})
	if err != nil || len([]rune(long)) != maxSummary {
		t.Error(len([]rune(long)), err)
	}
}
