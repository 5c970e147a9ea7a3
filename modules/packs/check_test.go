package packs

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestCheckFindsNothingInAGoodPack(t *testing.T) {
	t.Parallel()
	for _, fault := range Check(ayurveda(), base(t)) {
		t.Error(fault)
	}
}

func TestCheckFindsFaultsByFileAndLine(t *testing.T) {
	t.Parallel()
	library := base(t)
	set := func(name, data string) func(fstest.MapFS) {
		return func(f fstest.MapFS) { f[name] = &fstest.MapFile{Data: []byte(data)} }
	}
	change := func(name, old, replacement string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			before := string(f[name].Data)
			if !strings.Contains(before, old) {
				t.Fatalf("%s has no %q", name, old)
			}
			f[name] = &fstest.MapFile{Data: []byte(strings.Replace(before, old, replacement, 1))}
		}
	}
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		want   string // file:line: and the start of the message
	}{
		"no pack.yaml":   {func(f fstest.MapFS) { delete(f, "pack.yaml") }, "pack.yaml:1: The file is missing."},
		"unknown folder": {set("poems/a.yaml", "x"), "poems:1: A pack has no folder of this name."},
		"unknown file":   {set("templates/a.txt", "x"), "templates/a.txt:1: A pack has no file of this name."},
		"symbolic link": {func(f fstest.MapFS) {
			f["templates/l.yaml"] = &fstest.MapFile{Data: []byte("pack.yaml"), Mode: fs.ModeSymlink}
		}, "templates/l.yaml:1: Only plain files"},
		"huge file":           {set("labels/en.yaml", strings.Repeat("#", maxFileBytes+1)), "labels/en.yaml:1: The file is larger than 1024 KiB."},
		"not UTF-8":           {set("labels/en.yaml", "a: \xff"), "labels/en.yaml:1: The file is not UTF-8 text."},
		"broken YAML":         {set("labels/en.yaml", "a: b\nc: [d\n"), "labels/en.yaml:2: The file is not valid YAML"},
		"two documents":       {set("labels/en.yaml", "a: b\n---\nc: d\n"), "labels/en.yaml:1: The file must hold exactly one"},
		"alias":               {set("labels/en.yaml", "a: &x b\nc: *x\n"), "labels/en.yaml:1: Anchors, aliases"},
		"tag":                 {set("labels/en.yaml", "a: !!binary b\n"), "labels/en.yaml:1: Tags and directives"},
		"number or code":      {set("labels/en.yaml", "a: b\ncode: 1E50\n"), "labels/en.yaml:2: 1E50 may be read as a number or as text"},
		"deep flow":           {set("labels/en.yaml", "a: "+strings.Repeat("[", 100_000)), "labels/en.yaml:1: The file nests more than"},
		"deep block":          {set("labels/en.yaml", strings.Repeat("- ", 100_000)+"x"), "labels/en.yaml:1: The file nests more than"},
		"pack version":        {change("pack.yaml", "1.0.0", "1.0"), "pack.yaml:2: version must be text, not a number"},
		"pack kind":           {change("pack.yaml", "kind: system", "kind: base"), "pack.yaml:1: The pack named base, and only it"},
		"extends nothing":     {change("pack.yaml", "extends: [base]", "extends: [tibb]"), `pack.yaml:1: It extends "tibb"`},
		"newer HM":            {change("pack.yaml", "^1", "^2"), "pack.yaml:6: requires_hm must be one of ^1."},
		"locale without file": {change("pack.yaml", "locales: [en]", "locales: [en, hi]"), "labels/hi.yaml:1: The file is missing or empty"},
		"label of no locale":  {set("labels/fr.yaml", "a: b"), `labels/fr.yaml:1: pack.yaml does not list the locale "fr".`},
		"label missing": {func(f fstest.MapFS) {
			change("pack.yaml", "locales: [en]", "locales: [en, hi]")(f)
			set("labels/hi.yaml", "rasa: रस")(f)
		}, `labels/hi.yaml:1: The label "diagnosis" is missing`},
		"template twice":       {set("templates/z.yaml", strings.ReplaceAll(note, "%", "1.2.0")), "templates/z.yaml:1: The template progress_note@1.2.0 is already in"},
		"rule twice":           {set("rules/z.yaml", string(ayurveda()["rules/r.yaml"].Data)), "rules/z.yaml:1: The rule ayurveda.quiet is already in"},
		"workflow twice":       {set("workflows/z.yaml", "encounter_type: OPD"), "workflows/z.yaml:1: The workflow of OPD is already in"},
		"workflow not listed":  {set("workflows/z.yaml", "encounter_type: SPA\nextends: OPD"), "workflows/z.yaml:1: pack.yaml does not list the encounter type SPA."},
		"type without":         {change("pack.yaml", "[OPD, THERAPY]", "[OPD, THERAPY, SPA]"), "pack.yaml:8: The encounter type SPA has no workflow."},
		"extends no workflow":  {change("workflows/therapy.yaml", "extends: OPD", "extends: SPA"), "workflows/therapy.yaml:1: The workflow extends SPA"},
		"extends itself":       {change("workflows/therapy.yaml", "extends: OPD", "extends: THERAPY"), "workflows/therapy.yaml:1: The workflow extends itself"},
		"step without a role":  {change("workflows/opd.yaml", "title: Prescribe, role: doctor", "title: Prescribe"), `workflows/opd.yaml:5: The step "prescribe" needs`},
		"unknown event":        {change("workflows/opd.yaml", "encounter.checked_in", "encounter.check_in"), "workflows/opd.yaml:3: opens_on must be one of"},
		"unknown kind":         {change("workflows/opd.yaml", "{template: progress_note}", "{kind: POEM}"), "workflows/opd.yaml:3: kind must be one of"},
		"unknown template":     {change("workflows/opd.yaml", "{template: progress_note}", "{template: poem}"), `workflows/opd.yaml:3: The step "assess-prakriti" is completed by the template "poem"`},
		"due in":               {change("workflows/opd.yaml", "30m", "30x"), "workflows/opd.yaml:3: due_in must be a duration"},
		"when":                 {change("workflows/opd.yaml", "event.template_code", "evnt.template_code"), "workflows/opd.yaml:5: The step's when does not compile: undeclared reference to 'evnt'"},
		"close without step":   {change("workflows/opd.yaml", "tasks: [assess-prakriti]", "tasks: [doctor-consult]"), `workflows/opd.yaml:7: Closing needs the task "doctor-consult"`},
		"close without form":   {change("workflows/therapy.yaml", "documents: [progress_note]", "documents: [poem]"), `workflows/therapy.yaml:4: Closing needs the document "poem"`},
		"test of nothing":      {set("tests/t.yaml", "- {payload: {}}"), "tests/t.yaml:1: A test names a template, a rule, a workflow, a service or an analyte."},
		"test of no template":  {set("tests/t.yaml", "- {template: poem, payload: {}, faults: []}"), "tests/t.yaml:1: There is no template poem."},
		"test of faults":       {set("tests/t.yaml", "\n- {template: progress_note@1.0.0, payload: {pulse: 1}, faults: []}"), "tests/t.yaml:2: The faults must be at none, but are at pulse."},
		"test of computed":     {set("tests/t.yaml", "- {template: progress_note, payload: {}, computed: {total: 1}}"), "tests/t.yaml:1: There is no computed value total."},
		"test of a rule":       {set("tests/t.yaml", "- {rule: ayurveda.quiet, facts: {}, fires: true}"), "tests/t.yaml:1: The rule must come out as fires: true"},
		"test of a base rule":  {set("tests/t.yaml", "- {rule: base.required_tasks, facts: {}, fires: true}"), "tests/t.yaml:1: The rule could not be evaluated on these facts (missing_fact)."},
		"test of a workflow":   {set("tests/t.yaml", "- {workflow: OPD, event: encounter.created, opens: []}"), "tests/t.yaml:1: The event must open none, but opens record-vitals."},
		"test of no parameter": {set("tests/t.yaml", "- {rule: ayurveda.quiet, facts: {}, params: {a: 1}, fires: false}"), "tests/t.yaml:1: params.a: The rule has no such parameter."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := ayurveda()
			c.change(files)
			faults := Check(files, library)
			for _, f := range faults {
				if strings.HasPrefix(f.String(), c.want) {
					return
				}
			}
			t.Errorf("want %s, got %v", c.want, faults)
		})
	}
}
