package packs

import (
	"strings"
	"testing"
)

// changed gives the files with one of them replaced in part.
func changed(content files, name, old, with string) files {
	out := files{}
	for file, text := range content {
		out[file] = text
	}
	out[name] = []byte(strings.Replace(string(out[name]), old, with, 1))
	return out
}

// clinicFiles is a pack with a type of encounter and a form of its own, whose choices are a value set.
func clinicFiles(version string) files {
	out := small("camp", version, "base", "")
	out["pack.yaml"] = []byte(strings.Replace(string(out["pack.yaml"]), "[OPD]", "[OPD, CAMP]", 1))
	out["workflows/camp.yaml"] = []byte("{encounter_type: CAMP, steps: [], close: {tasks: [], documents: []}}\n")
	out["valuesets/taste.yaml"] = []byte("{code: taste, title: Taste, options: [{code: sweet, title: Sweet}, {code: bitter, title: Bitter}]}\n")
	out["templates/tongue.yaml"] = []byte("code: tongue\nversion: 1.0.0\ntitle: Tongue\nschema: {type: object, properties: {taste: {type: string, title: Taste, x-valueset: taste}}}\n")
	return out
}

// changeFaults are what an upgrade is told beside the faults of its files.
func changeFaults(t *testing.T, m *Module, v *view, upgrade files) []Fault {
	t.Helper()
	c, faults, err := newCandidate(upgrade)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	return m.checkUse(c, v, "")
}

func TestAnUpgradeKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	m := module(t)
	v := tenantOf(t, m, "", clinicFiles("1.0.0"))
	next := clinicFiles("1.1.0")
	asSite := changed(next, "pack.yaml", "kind: specialty", "kind: site")
	noCamp := changed(next, "pack.yaml", ", CAMP", "")
	delete(noCamp, "workflows/camp.yaml")
	newer := changed(changed(next, "valuesets/taste.yaml", "Bitter", "Sour"), "templates/tongue.yaml", "1.0.0", "1.1.0")
	for name, c := range map[string]struct {
		upgrade files
		file    string
		words   string
	}{
		"nothing is lost":             {next, "", ""},
		"another kind":                {asSite, "pack.yaml", "kind specialty"},
		"a workflow is gone":          {noCamp, "pack.yaml", "CAMP"},
		"other choices":               {changed(next, "valuesets/taste.yaml", "Bitter", "Sour"), "templates/tongue.yaml", "tongue@1.0.0"},
		"another choice":              {changed(next, "valuesets/taste.yaml", "options: [", "options: [{code: salty, title: Salty}, "), "templates/tongue.yaml", "tongue@1.0.0"},
		"other choices in a new form": {newer, "", ""},
	} {
		faults := changeFaults(t, m, v, c.upgrade)
		if c.file == "" && len(faults) > 0 || c.file != "" && (len(faults) != 1 || faults[0].File != c.file || !strings.Contains(faults[0].Message, c.words)) {
			t.Errorf("%s: %v", name, faults)
		}
	}
	if faults := changeFaults(t, m, v, asSite); faults[0].Line != 4 {
		t.Errorf("the kind is at line %d", faults[0].Line)
	}
	// A safety rule goes only where the pack says so.
	const rule = "- {code: camp.held, on: encounter.close, when: encounter.status == 'CREATED', then: {effect: block}, severity: safety, message: Held.}\n"
	guarded := clinicFiles("1.0.0")
	guarded["rules/held.yaml"] = []byte(rule)
	kept, hidden := changed(guarded, "pack.yaml", "1.0.0", "1.1.0"), clinicFiles("1.1.0")
	hidden["rules/held.yaml"] = []byte("- {code: camp.held, hidden: true}\n")
	for name, c := range map[string]struct {
		upgrade files
		lost    bool
	}{
		"kept": {kept, false}, "left out": {clinicFiles("1.1.0"), true}, "hidden": {hidden, false},
		"milder":          {changed(kept, "rules/held.yaml", "severity: safety", "severity: warning"), false},
		"by another name": {changed(kept, "rules/held.yaml", "camp.held", "camp.open"), true},
	} {
		faults := changeFaults(t, m, tenantOf(t, m, "", guarded), c.upgrade)
		if c.lost != (len(faults) == 1 && faults[0].File == "pack.yaml" && strings.Contains(faults[0].Message, "camp.held")) || !c.lost && len(faults) > 0 {
			t.Errorf("a safety rule %s: %v", name, faults)
		}
	}
	// The built-in pack of the id counts as the one before.
	asSystem := changed(small("eye", "9.0.0", "base", ""), "pack.yaml", "kind: specialty", "kind: system")
	if faults := changeFaults(t, m, v, asSystem); len(faults) != 1 || faults[0].Line != 4 {
		t.Error(faults)
	}
}

func TestASitePackMayChangeTheChoicesOfOthersOnly(t *testing.T) {
	t.Parallel()
	m := module(t)
	site := small("clinic", "1.0.0", "camp", "")
	site["pack.yaml"] = []byte("id: clinic\nversion: 1.0.0\nname: Clinic\nkind: site\nextends: [camp]\nrequires_hm: \"^1\"\nlocales: [en]\n")
	site["valuesets/taste.yaml"] = []byte("{code: taste, options: [{code: salty, title: Salty}]}\n")
	site["valuesets/smell.yaml"] = []byte("{code: smell, title: Smell, options: [{code: sweet, title: Sweet}]}\n")
	site["templates/nose.yaml"] = []byte("code: nose\nversion: 1.0.0\ntitle: Nose\nschema: {type: object, properties: {smell: {type: string, title: Smell, x-valueset: smell}}}\n")
	if faults := changeFaults(t, m, tenantOf(t, m, "", clinicFiles("1.0.0")), site); len(faults) > 0 {
		t.Error(faults)
	}
	v := tenantOf(t, m, "", clinicFiles("1.0.0"), site)
	next := changed(changed(site, "pack.yaml", "1.0.0", "1.1.0"), "valuesets/taste.yaml", "Salty", "Sharp")
	if faults := changeFaults(t, m, v, next); len(faults) > 0 {
		t.Error(faults)
	}
	faults := changeFaults(t, m, v, changed(next, "valuesets/smell.yaml", "Sweet", "Foul"))
	if len(faults) != 1 || faults[0].File != "templates/nose.yaml" {
		t.Error(faults)
	}
}
