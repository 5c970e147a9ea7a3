package packs

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// What a pack folder may hold at most.
const (
	maxFiles     = 2_000
	maxPackBytes = 64 << 20
)

// folders are the folders of a pack that are understood, each with the ending of its files.
var folders = map[string]string{"templates": ".yaml", "workflows": ".yaml", "rules": ".yaml", "labels": ".yaml", "tests": ".yaml"}

// pack is one loaded pack version: compiled, immutable, and not yet joined with the packs it extends.
type pack struct {
	packsapi.Pack
	templates []*form
	workflows []*workflow
	rules     []*rule
	examples  []example
}

// load reads and compiles one pack folder; its tests too when they are to be run. With any fault there is no
// pack.
func load(folder fs.FS, withTests bool) (*pack, []Fault) {
	files, faults := listFiles(folder)
	if len(faults) > 0 {
		return nil, faults
	}
	out := &pack{}
	manifest := readFile(folder, "pack.yaml", &faults, func(r *reading, root *node) {
		out.Pack = r.readManifest(root)
	})
	if !manifest || out.ID == "" {
		return nil, tidy(faults)
	}
	out.Labels = map[string]map[string]string{}
	labelLines := map[string]map[string]int{}
	for _, file := range files {
		if path.Dir(file) == "tests" && !withTests {
			continue
		}
		readFile(folder, file, &faults, func(r *reading, root *node) {
			switch path.Dir(file) {
			case "templates":
				if f := r.readTemplate(root, out.ID); f != nil {
					out.templates = append(out.templates, f)
				}
			case "workflows":
				if w := r.readWorkflow(root); w != nil {
					out.workflows = append(out.workflows, w)
				}
			case "rules":
				out.rules = append(out.rules, r.readRules(root, out.ID)...)
			case "labels":
				r.readLabels(root, strings.TrimSuffix(path.Base(file), ".yaml"), out, labelLines)
			case "tests":
				out.examples = append(out.examples, r.readExamples(root)...)
			}
		})
	}
	faults = append(faults, out.checkUnique()...)
	faults = append(faults, out.checkLabels(labelLines)...)
	if len(faults) > 0 {
		return nil, tidy(faults)
	}
	slices.SortFunc(out.templates, func(a, b *form) int {
		return cmp.Or(strings.Compare(a.code, b.code), compareVersions(a.version, b.version))
	})
	slices.SortFunc(out.rules, func(a, b *rule) int { return strings.Compare(a.Code, b.Code) })
	return out, nil
}

// listFiles walks the folder and refuses what does not belong to a pack.
func listFiles(folder fs.FS) ([]string, []Fault) {
	var files []string
	var faults []Fault
	var total int64
	refuse := func(file, format string, args ...any) {
		faults = append(faults, Fault{File: file, Line: 1, Message: fmt.Sprintf(format, args...)})
	}
	tooMany := errors.New("too many files")
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if entry.IsDir() {
			if _, known := folders[name]; !known {
				refuse(name, "A pack has no folder of this name.")
				return fs.SkipDir
			}
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if total += info.Size(); len(files) >= maxFiles || total > maxPackBytes {
			refuse(name, "A pack has at most %d files and %d MiB.", maxFiles, maxPackBytes>>20)
			return tooMany
		}
		ending, known := folders[path.Dir(name)]
		switch {
		case name == "pack.yaml":
		case !info.Mode().IsRegular():
			refuse(name, "Only plain files are allowed in a pack.")
		case !known || path.Ext(name) != ending:
			refuse(name, "A pack has no file of this name.")
		default:
			files = append(files, name)
		}
		return nil
	})
	if err != nil && !errors.Is(err, tooMany) {
		refuse(".", "The folder cannot be read: %s.", err)
	}
	return files, faults
}

// readFile parses one file and hands it over; false when it cannot be parsed.
func readFile(folder fs.FS, file string, faults *[]Fault, then func(*reading, *node)) bool {
	info, err := fs.Stat(folder, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		*faults = append(*faults, Fault{File: file, Line: 1, Message: "The file is missing."})
		return false
	case err == nil && info.Size() > maxFileBytes:
		*faults = append(*faults, Fault{File: file, Line: 1, Message: fmt.Sprintf("The file is larger than %d KiB.", maxFileBytes>>10)})
		return false
	}
	source, err := fs.ReadFile(folder, file)
	if err != nil {
		*faults = append(*faults, Fault{File: file, Line: 1, Message: "The file cannot be read."})
		return false
	}
	root, broken := parseYAML(file, source)
	if len(broken) > 0 {
		*faults = append(*faults, broken...)
		return false
	}
	r := &reading{file: file}
	then(r, root)
	*faults = append(*faults, r.faults...)
	return true
}

func (r *reading) readManifest(root *node) packsapi.Pack {
	if !r.mapping(root, "pack.yaml", "id", "version", "name", "kind", "extends", "requires_hm", "locales",
		"encounter_types", "order_types", "sign_off") {
		return packsapi.Pack{}
	}
	r.need(root, "pack.yaml", "id", "version", "name", "kind", "requires_hm", "locales")
	p := packsapi.Pack{
		ID:      r.match(root.get("id"), "id", slugPattern, "a slug such as ayurveda"),
		Version: r.match(root.get("version"), "version", versionPattern, "a version such as 1.0.0"),
		Name:    r.words(root.get("name"), "name"),
		Kind:    packsapi.Kind(r.oneOf(root.get("kind"), "kind", "base", "system", "specialty", "site")),
		Extends: r.texts(root.get("extends"), "extends"),
		Locales: r.texts(root.get("locales"), "locales"),

		RequiresHM:     r.oneOf(root.get("requires_hm"), "requires_hm", "^1"),
		EncounterTypes: r.texts(root.get("encounter_types"), "encounter_types"),
		OrderTypes:     r.texts(root.get("order_types"), "order_types"),
	}
	for _, key := range []string{"encounter_types", "order_types"} {
		for _, item := range root.get(key).orEmpty().items {
			r.match(item, "Each of "+key, typePattern, "capitals, such as OPD")
		}
	}
	for _, item := range root.get("locales").orEmpty().items {
		r.match(item, "Each of locales", localePattern, "a locale such as en or hi")
	}
	if s := root.get("sign_off"); r.mapping(s, "sign_off", "clinician", "date") {
		p.SignOff = packsapi.SignOff{Clinician: r.text(s.get("clinician"), "clinician"), Date: r.text(s.get("date"), "date")}
	}
	if (p.Kind == packsapi.KindBase) != (p.ID == packsapi.Base) {
		r.fault(root.line, "The pack named %s, and only it, is of kind base.", packsapi.Base)
	}
	if p.Kind != packsapi.KindBase && len(p.Extends) == 0 {
		r.fault(root.line, "A pack extends at least one other: extends: [%s].", packsapi.Base)
	}
	return p
}

func (r *reading) readLabels(root *node, locale string, p *pack, lines map[string]map[string]int) {
	if !slices.Contains(p.Locales, locale) {
		r.fault(1, "pack.yaml does not list the locale %q.", clip(locale))
		return
	}
	if !r.mappingOf(root, "A file of labels", "words") {
		return
	}
	words, at := map[string]string{}, map[string]int{}
	for _, f := range root.fields {
		if !fieldPattern.MatchString(f.key) {
			r.fault(f.line, "A label's key is made of small letters, digits and _; %q is not.", clip(f.key))
			continue
		}
		words[f.key], at[f.key] = r.text(f.value, "The label "+f.key), f.line
	}
	p.Labels[locale], lines[locale] = words, at
}

// checkLabels finds keys that one locale has and another lacks.
func (p *pack) checkLabels(lines map[string]map[string]int) []Fault {
	var faults []Fault
	for _, locale := range p.Locales {
		file := "labels/" + locale + ".yaml"
		if _, ok := p.Labels[locale]; !ok && len(p.Labels) > 0 {
			faults = append(faults, Fault{File: file, Line: 1, Message: "The file is missing or empty, although pack.yaml lists its locale."})
			continue
		}
		for _, other := range slices.Sorted(maps.Keys(p.Labels)) {
			for _, key := range slices.Sorted(maps.Keys(p.Labels[other])) {
				if _, ok := p.Labels[locale][key]; !ok {
					faults = append(faults, Fault{File: file, Line: 1, Message: fmt.Sprintf(
						"The label %q is missing (labels/%s.yaml has it on line %d).", key, other, lines[other][key])})
				}
			}
		}
	}
	return faults
}

// checkUnique finds codes given twice.
func (p *pack) checkUnique() []Fault {
	var faults []Fault
	templates := map[string]string{}
	for _, f := range p.templates {
		ref := f.code + "@" + f.version
		if first, twice := templates[ref]; twice {
			faults = append(faults, Fault{File: f.file, Line: 1, Message: fmt.Sprintf("The template %s is already in %s.", ref, first)})
		}
		templates[ref] = f.file
	}
	rules := map[string]*rule{}
	for _, r := range p.rules {
		if first, twice := rules[r.Code]; twice {
			faults = append(faults, Fault{File: r.file, Line: r.line, Message: fmt.Sprintf("The rule %s is already in %s on line %d.", r.Code, first.file, first.line)})
		}
		rules[r.Code] = r
	}
	return faults
}

// tidy sorts faults by place and drops repetitions.
func tidy(faults []Fault) []Fault {
	slices.SortFunc(faults, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(faults)
}

// compareVersions orders checked versions.
func compareVersions(a, b string) int {
	var x, y [3]int
	_, _ = fmt.Sscanf(a, "%d.%d.%d", &x[0], &x[1], &x[2]) // both match versionPattern
	_, _ = fmt.Sscanf(b, "%d.%d.%d", &y[0], &y[1], &y[2])
	return slices.Compare(x[:], y[:])
}
