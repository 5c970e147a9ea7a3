package packs

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	measured "github.com/govalues/decimal"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// example is one entry of a tests/ file: a template's payload, a rule's facts, a workflow's event, the data of a service
// or the values that an analyte follows from, and what must come of it.
type example struct {
	at place

	template, rule, workflow, service, analyte string

	payload  map[string]any
	draft    bool
	about    packsapi.About
	computed map[string]any
	summary  string
	faults   []string
	expects  map[string]bool // which of computed, summary and faults the entry gives

	facts   map[string]any
	params  map[string]any
	fires   bool
	why     map[string]any
	message string

	event string
	opens []string

	values map[string]measured.Decimal
	person packsapi.Measured
	value  any // nil: none comes of it
}

func (r *reading) readExamples(root *node) []example {
	var out []example
	for _, n := range r.items(root, "A file of tests") {
		before := len(r.faults)
		e := example{at: n.at, expects: map[string]bool{}}
		switch {
		case n.get("template") != nil:
			r.readTemplateExample(n, &e)
		case n.get("rule") != nil:
			r.readRuleExample(n, &e)
		case n.get("workflow") != nil:
			r.readWorkflowExample(n, &e)
		case n.get("service") != nil:
			r.readServiceExample(n, &e)
		case n.get("analyte") != nil:
			r.readAnalyteExample(n, &e)
		default:
			r.fault(n.at, "A test names a template, a rule, a workflow, a service or an analyte.")
		}
		if len(r.faults) == before {
			out = append(out, e)
		}
	}
	return out
}

func (r *reading) readTemplateExample(n *node, e *example) {
	if !r.mapping(n, "A test", "template", "payload", "draft", "patient", "encounter", "now", "computed", "summary", "faults") {
		return
	}
	r.need(n, "A test", "payload")
	e.template = r.text(n.get("template"), "template")
	e.payload = asMap(n.get("payload").plain())
	e.draft = r.truth(n.get("draft"), "draft")
	e.computed = asMap(n.get("computed").plain())
	e.summary = r.text(n.get("summary"), "summary")
	e.faults = r.texts(n.get("faults"), "faults")
	for _, key := range []string{"computed", "summary", "faults"} {
		e.expects[key] = n.get(key) != nil
	}
	if !e.expects["computed"] && !e.expects["summary"] && !e.expects["faults"] {
		r.fault(n.at, "A test of a template says which computed, summary or faults must come out.")
	}
	patient, encounter := asMap(n.get("patient").plain()), asMap(n.get("encounter").plain())
	e.about.Patient.Gender, _ = patient["gender"].(string)
	e.about.Patient.SystemSpecificData = asMap(patient["system_specific_data"])
	if years, ok := patient["age_years"].(int64); ok {
		e.about.Patient.AgeYears = &years
	}
	if days, ok := patient["age_days"].(int64); ok {
		e.about.Patient.AgeDays = &days
	}
	e.about.Encounter.EncounterType, _ = encounter["encounter_type"].(string)
	e.about.Encounter.SystemData = asMap(encounter["system_data"])
	if now := r.text(n.get("now"), "now"); now != "" {
		parsed, err := time.Parse(time.RFC3339, now)
		if err != nil {
			r.fault(n.get("now").at, "now must be a time such as 2026-01-31T09:30:00Z.")
		}
		e.about.Now = parsed
	}
}

func (r *reading) readRuleExample(n *node, e *example) {
	if !r.mapping(n, "A test", "rule", "facts", "params", "fires", "why", "message") {
		return
	}
	r.need(n, "A test", "facts", "fires")
	e.rule = r.text(n.get("rule"), "rule")
	e.facts = asMap(n.get("facts").plain())
	e.params = asMap(n.get("params").plain())
	e.fires = r.truth(n.get("fires"), "fires")
	e.why = asMap(n.get("why").plain())
	e.message = r.text(n.get("message"), "message")
}

func (r *reading) readWorkflowExample(n *node, e *example) {
	if !r.mapping(n, "A test", "workflow", "event", "facts", "opens") {
		return
	}
	r.need(n, "A test", "event", "opens")
	e.workflow = r.text(n.get("workflow"), "workflow")
	e.event = r.oneOf(n.get("event"), "event", openingEvents...)
	e.facts = asMap(n.get("facts").plain())
	e.opens = r.texts(n.get("opens"), "opens")
}

func (r *reading) readServiceExample(n *node, e *example) {
	if !r.mapping(n, "A test", "service", "data", "draft", "faults") {
		return
	}
	r.need(n, "A test", "faults")
	e.service = r.text(n.get("service"), "service")
	e.payload = asMap(n.get("data").plain())
	e.draft = r.truth(n.get("draft"), "draft")
	e.faults = r.texts(n.get("faults"), "faults")
}

// runExamples runs the tests of a pack in it, or in a pack that it lays itself over, and reports each that does not
// come out.
func runExamples(check *reading, examples []example, in *resolved) {
	for _, e := range examples {
		switch {
		case e.template != "":
			e.runTemplate(check, in)
		case e.rule != "":
			e.runRule(check, in)
		case e.service != "":
			e.runService(check, in)
		case e.analyte != "":
			e.runAnalyte(check, in)
		default:
			e.runWorkflow(check, in)
		}
	}
}

func (e *example) runTemplate(check *reading, r *resolved) {
	t := r.form(e.template)
	if t == nil {
		check.fault(e.at, "There is no template %s.", clip(e.template))
		return
	}
	found := t.Validate(e.payload, !e.draft)
	if e.expects["faults"] {
		e.compareFaults(check, found, "payload")
	} else if len(found) > 0 {
		check.fault(e.at, "The payload has a fault at %s: %s", found[0].Path, found[0].Message)
	}
	computed, summary, err := t.Compute(e.payload, e.about)
	if err != nil {
		check.fault(e.at, "The computed fields failed: %s.", err)
		return
	}
	compareAll(check, e.at, "computed", e.computed, computed)
	if e.expects["summary"] && summary != e.summary {
		check.fault(e.at, "The summary must be %q, but is %q.", e.summary, summary)
	}
}

// compareFaults compares where faults are with where they must be.
func (e *example) compareFaults(check *reading, found []packsapi.Fault, root string) {
	paths := []string{}
	for _, f := range found {
		paths = append(paths, strings.TrimPrefix(strings.TrimPrefix(f.Path, root), "."))
	}
	paths = slices.Compact(paths)
	wanted := slices.Sorted(slices.Values(e.faults))
	if !slices.Equal(paths, wanted) {
		check.fault(e.at, "The faults must be at %s, but are at %s.", names(wanted), names(paths))
	}
}

func (e *example) runService(check *reading, r *resolved) {
	s, ok := r.catalog.Service(e.service)
	if !ok {
		check.fault(e.at, "There is no service %s.", clip(e.service))
		return
	}
	e.compareFaults(check, s.ValidateData(e.payload, !e.draft), "data")
}

func (e *example) runRule(check *reading, r *resolved) {
	rule, ok := r.rules[e.rule]
	if !ok {
		check.fault(e.at, "There is no rule %s.", clip(e.rule))
		return
	}
	set := ruleSet{rule}
	for _, f := range set.CheckSetting(e.rule, packsapi.RuleSetting{Params: e.params}) {
		check.fault(e.at, "%s: %s", f.Path, f.Message)
	}
	firings, err := set.Evaluate(context.Background(), e.facts,
		map[string]packsapi.RuleSetting{e.rule: {Params: e.params}}, packsapi.DefaultLocale)
	switch {
	case err != nil:
		check.fault(e.at, "The rule failed: %s.", err)
	case len(firings) > 0 && firings[0].Failure != "":
		check.fault(e.at, "The rule could not be evaluated on these facts (%s).", firings[0].Failure)
	case e.fires != (len(firings) > 0):
		check.fault(e.at, "The rule must come out as fires: %t, but does not.", e.fires)
	case len(firings) > 0:
		compareAll(check, e.at, "why", e.why, firings[0].Facts)
		if e.message != "" && firings[0].Message != e.message {
			check.fault(e.at, "The message must be %q, but is %q.", e.message, firings[0].Message)
		}
	}
}

func (e *example) runWorkflow(check *reading, r *resolved) {
	w, ok := r.workflows[e.workflow]
	if !ok {
		check.fault(e.at, "There is no workflow for %s.", clip(e.workflow))
		return
	}
	opened := []string{}
	for _, s := range w.Steps {
		opens, err := s.Opens(e.event, e.facts)
		if err != nil {
			check.fault(e.at, "The when of the step %s could not be decided on these facts.", s.Code)
		}
		if opens {
			opened = append(opened, s.Code)
		}
	}
	if !slices.Equal(opened, e.opens) {
		check.fault(e.at, "The event must open %s, but opens %s.", names(e.opens), names(opened))
	}
}

// compareAll compares the keys that are asked for; others are free.
func compareAll(check *reading, at place, what string, wanted, got map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		value, ok := got[name]
		if !ok && wanted[name] != nil {
			check.fault(at, "There is no %s value %s.", what, clip(name))
			continue
		}
		if !same(wanted[name], value) {
			check.fault(at, "The %s value %s must be %s, but is %s.", what, clip(name), show(wanted[name]), show(value))
		}
	}
}

// same compares as a reader of the test would: 3 and 3.0 are the same, and so are numbers that differ only
// in the last bits of a double.
func same(a, b any) bool {
	x, okX := castDouble(a)
	y, okY := castDouble(b)
	if okX && okY {
		f, g := x.(float64), y.(float64)
		return math.Abs(f-g) <= 1e-9*math.Max(1, math.Max(math.Abs(f), math.Abs(g)))
	}
	return show(a) == show(b)
}

func show(v any) string {
	encoded, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(encoded)
}

func names(all []string) string {
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, ", ")
}
