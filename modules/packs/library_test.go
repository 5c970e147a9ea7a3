package packs

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

var builtInLibrary = sync.OnceValues(func() (*Library, error) { return NewLibrary(builtin.Files) })

// base is the built-in packs.
func base(t testing.TB) *Library {
	t.Helper()
	library, err := builtInLibrary()
	if err != nil {
		t.Fatal(err)
	}
	return library
}

func TestBaseWorkflows(t *testing.T) {
	t.Parallel()
	library := base(t)
	for _, encounterType := range []string{"OPD", "IPD", "EMERGENCY", "CONSULTATION", "DAYCARE", "TELECONSULT"} {
		w, err := library.Workflow(packsapi.Base, encounterType)
		if err != nil {
			t.Fatal(encounterType, err)
		}
		var opened []string
		for _, s := range w.Steps {
			if opens, err := s.Opens("encounter.created", nil); err == nil && opens {
				opened = append(opened, s.Code)
			}
		}
		if !slices.Equal(opened, []string{"record-vitals", "doctor-consult"}) || !slices.Equal(w.Close.Tasks, opened) || len(w.Close.Documents) != 0 {
			t.Errorf("%s: opens %v, closes with %+v", encounterType, opened, w.Close)
		}
		for kind, want := range map[string]string{"VITALS": "record-vitals", "ASSESSMENT": "doctor-consult"} {
			if got := w.CompletedBy(packsapi.Completion{Kind: kind}); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %s completes %v", encounterType, kind, got)
			}
		}
		if got := w.CompletedBy(packsapi.Completion{Kind: "PLAN"}); got != nil {
			t.Error(got)
		}
		if got := w.CompletedBy(packsapi.Completion{}); got != nil {
			t.Error(got)
		}
	}
	if _, err := library.Workflow(packsapi.Base, "SPA"); !errors.Is(err, packsapi.ErrUnknownWorkflow) {
		t.Error(err)
	}
}

func TestUnknownThingsAreNotFound(t *testing.T) {
	t.Parallel()
	library := base(t)
	if _, err := library.Template("nowhere", "progress_note", packsapi.Latest); !errors.Is(err, packsapi.ErrUnknownPack) {
		t.Error(err)
	}
	if _, err := library.Template(packsapi.Base, "poem", packsapi.Latest); !errors.Is(err, packsapi.ErrUnknownTemplate) {
		t.Error(err)
	}
	if _, err := library.Template(packsapi.Base, "progress_note", "9.0.0"); !errors.Is(err, packsapi.ErrUnknownTemplate) {
		t.Error(err)
	}
	rules, err := library.Rules(packsapi.Base, "dispense")
	if err != nil || len(rules.Rules()) != 0 {
		t.Error(rules, err)
	}
}

const note = "code: progress_note\nversion: %\ntitle: Note of %\nschema: {type: object, additionalProperties: false, properties: {pulse: {type: string}}}\n"

// ayurveda is a pack over base that takes over a template, adds to a workflow and has a rule.
func ayurveda() fstest.MapFS {
	files := packFiles("ayurveda", map[string]string{
		"templates/note_1.yaml":  strings.ReplaceAll(note, "%", "1.0.0"),
		"templates/note_10.yaml": strings.ReplaceAll(note, "%", "1.10.0"),
		"templates/note_2.yaml":  strings.ReplaceAll(note, "%", "1.2.0"),
		"workflows/opd.yaml": `encounter_type: OPD
steps:
  - {code: assess-prakriti, title: Assess prakriti, role: doctor, opens_on: encounter.checked_in, due_in: 30m, completed_by: {template: progress_note}, order: -1}
  - {code: record-vitals, title: Record nadi and vitals}
  - {code: prescribe, title: Prescribe, role: doctor, opens_on: document.finalized, when: "event.template_code == 'progress_note'", optional: true}
  - {code: doctor-consult, hidden: true}
close: {tasks: [assess-prakriti]}
`,
		"workflows/therapy.yaml": "encounter_type: THERAPY\nextends: OPD\nsteps: [{code: give-therapy, title: Give the therapy, role: therapist, opens_on: encounter.created}]\nclose: {tasks: [give-therapy], documents: [progress_note]}\n",
		"rules/r.yaml":           "- {code: ayurveda.quiet, on: encounter.close, when: \"false\", then: {effect: warn}, severity: info, message: Never}\n",
		"labels/en.yaml":         "diagnosis: Nidana\n",
	})
	files["pack.yaml"].Data = []byte(strings.Replace(string(files["pack.yaml"].Data), "encounter_types: []", "encounter_types: [OPD, THERAPY]", 1))
	return files
}

// withBase lays pack folders beside the built-in base, and no other built-in.
func withBase(t testing.TB, folders map[string]fstest.MapFS) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(builtin.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(name, packsapi.Base+"/") {
			return err
		}
		data, err := fs.ReadFile(builtin.Files, name)
		all[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, folder := range folders {
		for name, file := range folder {
			all[id+"/"+name] = file
		}
	}
	return all
}

func TestPackOverBase(t *testing.T) {
	t.Parallel()
	library, err := NewLibrary(withBase(t, map[string]fstest.MapFS{"ayurveda": ayurveda()}))
	if err != nil {
		t.Fatal(err)
	}
	packs := library.Packs()
	if len(packs) != 2 || packs[0].ID != packsapi.Base || packs[1].Labels["en"]["diagnosis"] != "Nidana" {
		t.Fatal(packs)
	}
	for version, want := range map[string]string{packsapi.Latest: "ayurveda@1.10.0", "1.2.0": "ayurveda@1.2.0", "1.0.0": "ayurveda@1.0.0"} {
		got, err := library.Template("ayurveda", "progress_note", version)
		if err != nil || got.Pack+"@"+got.Version != want {
			t.Errorf("%q: %+v %v", version, got, err)
		}
	}
	if got, err := library.Template("ayurveda", "referral_letter", packsapi.Latest); err != nil || got.Pack != packsapi.Base {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := library.Template(packsapi.Base, "progress_note", packsapi.Latest); err != nil || got.Pack != packsapi.Base {
		t.Errorf("base sees another pack's template: %+v %v", got, err)
	}
	templates, err := library.Templates("ayurveda")
	below, errBelow := library.Templates(packsapi.Base)
	if err != nil || errBelow != nil || len(templates) != len(below) { // it takes one over and adds none
		t.Error(templates, err, errBelow)
	}
	for _, tmpl := range templates {
		if tmpl.Code == "progress_note" && tmpl.Ref() != "progress_note@1.10.0" {
			t.Error("not the newest:", tmpl.Ref())
		}
	}
	rules, err := library.Rules("ayurveda", packsapi.MomentEncounterClose)
	if err != nil || len(rules.Rules()) != 4 || rules.Rules()[0].Code != "ayurveda.quiet" {
		t.Error(rules, err)
	}
}

func TestWorkflowOverridesByCode(t *testing.T) {
	t.Parallel()
	library, err := NewLibrary(withBase(t, map[string]fstest.MapFS{"ayurveda": ayurveda()}))
	if err != nil {
		t.Fatal(err)
	}
	codes := func(encounterType string) ([]string, *packsapi.Workflow) {
		w, err := library.Workflow("ayurveda", encounterType)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range w.Steps {
			out = append(out, s.Code)
		}
		return out, w
	}
	opd, w := codes("OPD")
	if !slices.Equal(opd, []string{"assess-prakriti", "record-vitals", "prescribe"}) || !slices.Equal(w.Close.Tasks, []string{"assess-prakriti"}) {
		t.Error(opd, w.Close)
	}
	vitals, _ := w.Step("record-vitals")
	if vitals.Title.In("en") != "Record nadi and vitals" || vitals.Role != "nurse" || vitals.CompletedBy.Kind != "VITALS" {
		t.Errorf("the override lost what it did not give: %+v", vitals)
	}
	prescribe, _ := w.Step("prescribe")
	for code, want := range map[string]bool{"progress_note": true, "referral_letter": false} {
		got, err := prescribe.Opens("document.finalized", map[string]any{"event": map[string]any{"template_code": code}})
		if err != nil || got != want {
			t.Error(code, got, err)
		}
	}
	if _, err := prescribe.Opens("document.finalized", nil); err == nil {
		t.Error("a condition without its facts was decided")
	}
	if got := w.CompletedBy(packsapi.Completion{Template: "progress_note"}); !slices.Equal(got, []string{"assess-prakriti"}) {
		t.Error(got)
	}
	therapy, w := codes("THERAPY")
	if !slices.Equal(therapy, []string{"assess-prakriti", "record-vitals", "prescribe", "give-therapy"}) || w.Close.Documents[0] != "progress_note" {
		t.Error(therapy, w.Close)
	}
	if ipd, _ := codes("IPD"); !slices.Equal(ipd, []string{"record-vitals", "doctor-consult"}) {
		t.Error("base's own workflow changed:", ipd)
	}
}

func TestLibraryRefusesPacksThatExtendNothingOrEachOther(t *testing.T) {
	t.Parallel()
	extends := func(id, other string) fstest.MapFS {
		files := packFiles(id, nil)
		files["pack.yaml"].Data = []byte(strings.Replace(string(files["pack.yaml"].Data), "[base]", "["+other+"]", 1))
		return files
	}
	for name, folders := range map[string]map[string]fstest.MapFS{
		"nothing":    {"a": extends("a", "b")},
		"each other": {"a": extends("a", "b"), "b": extends("b", "a")},
		"itself":     {"a": extends("a", "a")},
	} {
		if _, err := NewLibrary(withBase(t, folders)); err == nil {
			t.Error(name, "was taken")
		}
	}
	if _, err := NewLibrary(withBase(t, map[string]fstest.MapFS{"a": packFiles("base", nil)})); err == nil || !strings.Contains(err.Error(), "already a pack base") {
		t.Error(err)
	}
}
