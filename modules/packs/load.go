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
	maxListItems = 5_000
)

// folders are the folders of a pack that are understood; their files end in .yaml.
var folders = []string{"templates", "workflows", "rules", "labels", "catalog", "laboratory", "valuesets", "tests"}

// topFiles are the files beside pack.yaml.
var topFiles = []string{"patient.yaml", "encounter.yaml", "order_sets.yaml", "theme.yaml", "nav.yaml", "chart.yaml", "tools.yaml"}

// pack is one loaded pack version: parsed and immutable, and not yet joined with the packs it extends. Its content
// stays a tree, because what it means shows only when it is laid over the packs below.
type pack struct {
	packsapi.Pack
	// facilities are the codes of the facilities a site pack is for; none means the whole tenant.
	facilities []string
	manifest   *node
	templates  []*node
	workflows  []*node
	// lists are the parts that merge by code, each as one list of all its files: rules, catalog, laboratory, valuesets,
	// order_sets, nav, chart, tools.
	lists map[string]*node
	// parts are the parts that merge by key: patient, encounter, theme.
	parts    map[string]*node
	labelAt  map[string]map[string]int
	examples []example
	memo     memo
	// proved is set for the packs of the binary: their tests have compiled everything in them.
	proved bool
}

// load reads one pack folder; its tests too when they are to be run. With any fault there is no pack.
func load(folder fs.FS, withTests bool) (*pack, []Fault) {
	files, faults := listFiles(folder)
	if len(faults) > 0 {
		return nil, faults
	}
	out := &pack{lists: map[string]*node{}, parts: map[string]*node{}, labelAt: map[string]map[string]int{}}
	manifest := readFile(folder, "", "pack.yaml", &faults, func(r *reading, root *node) {
		r.readManifest(root, out)
	})
	if !manifest || out.ID == "" {
		return nil, tidy(faults)
	}
	out.Labels = map[string]map[string]string{}
	for _, file := range files {
		if path.Dir(file) == "tests" && !withTests {
			continue
		}
		readFile(folder, out.ID, file, &faults, func(r *reading, root *node) { out.take(r, file, root) })
	}
	faults = append(faults, out.checkUnique()...)
	faults = append(faults, out.checkLabels()...)
	if len(faults) > 0 {
		return nil, tidy(faults)
	}
	return out, nil
}

// take puts one file's content where it belongs.
func (p *pack) take(r *reading, file string, root *node) {
	name := strings.TrimSuffix(path.Base(file), ".yaml")
	folder := path.Dir(file)
	if folder == "." {
		folder = name
	}
	switch folder {
	case "templates":
		if r.mapping(root, "A template", templateKeys...) {
			p.templates = append(p.templates, root)
		}
	case "workflows":
		if r.mapping(root, "A workflow", workflowKeys...) {
			replaceWhole(root.get("steps"), "completed_by")
			p.workflows = append(p.workflows, root)
		}
	case "labels":
		r.readLabels(root, name, p)
	case "tests":
		p.examples = append(p.examples, r.readExamples(root)...)
	case "patient", "encounter", "theme":
		if r.mappingOf(root, file, "values") {
			p.parts[folder] = root
		}
	case "valuesets":
		if root.kind == mapping {
			root = &node{at: root.at, kind: list, items: []*node{root}}
		}
		p.takeList(r, folder, root)
	default:
		replaceWhole(root, "then")
		p.takeList(r, folder, root)
	}
}

// replaceWhole marks what means something only as a whole, so that no override is mixed with what it overrides: a
// rule's effect, how a step is completed.
func replaceWhole(items *node, key string) {
	for _, item := range items.orEmpty().items {
		if v := item.get(key); v != nil {
			v.replaces = true
		}
	}
}

// takeList appends a file's entries to the list they belong to. Each must be known by a code of its own: by it,
// packs are laid over each other.
func (p *pack) takeList(r *reading, part string, root *node) {
	if root.kind == nothing {
		return
	}
	if root.kind != list {
		r.fault(root.at, "A file of %s must be a list.", partNames[part])
		return
	}
	all := p.lists[part]
	if all == nil {
		all = &node{at: root.at, kind: list}
		p.lists[part] = all
	}
	for _, item := range root.items {
		if item.kind != mapping {
			r.fault(item.at, "Each of the %s must be a mapping.", partNames[part])
			continue
		}
		code := item.get("code")
		if code == nil || code.kind == nothing {
			r.fault(item.at, "Each of the %s needs \"code\".", partNames[part])
			continue
		}
		if _, ok := code.str(); !ok {
			r.fault(code.at, "code must be text, not %s; put it in quotes.", code.kind)
			continue
		}
		all.items = append(all.items, item)
	}
	if len(all.items) > maxListItems {
		r.fault(root.at, "A pack has at most %d %s.", maxListItems, partNames[part])
	}
}

// partNames are the parts that merge by code, in words.
var partNames = map[string]string{"rules": "rules", "catalog": "services", "laboratory": "analytes", "valuesets": "value sets",
	"order_sets": "order sets", "nav": "entries of the menu", "chart": "cards of the chart", "tools": "tools"}

var singular = map[string]string{"rules": "rule", "catalog": "service", "laboratory": "analyte", "valuesets": "value set",
	"order_sets": "order set", "nav": "entry of the menu", "chart": "card", "tools": "tool"}

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
			if !slices.Contains(folders, name) {
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
		known := slices.Contains(folders, path.Dir(name)) && path.Ext(name) == ".yaml" || slices.Contains(topFiles, name)
		switch {
		case !info.Mode().IsRegular():
			refuse(name, "Only plain files are allowed in a pack.")
		case name == "pack.yaml":
		case !known:
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
func readFile(folder fs.FS, pack, file string, faults *[]Fault, then func(*reading, *node)) bool {
	refuse := func(format string, args ...any) bool {
		*faults = append(*faults, Fault{File: file, Line: 1, Message: fmt.Sprintf(format, args...)})
		return false
	}
	info, err := fs.Stat(folder, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refuse("The file is missing.")
	case err == nil && info.Size() > maxFileBytes:
		return refuse("The file is larger than %d KiB.", maxFileBytes>>10)
	}
	source, err := fs.ReadFile(folder, file)
	if err != nil {
		return refuse("The file cannot be read.")
	}
	root, broken := parseYAML(pack, file, source)
	if len(broken) > 0 {
		*faults = append(*faults, broken...)
		return false
	}
	r := &reading{pack: pack, file: file}
	then(r, root)
	*faults = append(*faults, r.faults...)
	return true
}

func (r *reading) readManifest(root *node, out *pack) {
	if !r.mapping(root, "pack.yaml", "id", "version", "name", "kind", "extends", "requires_hm", "locales",
		"encounter_types", "order_types", "sign_off", "facilities") {
		return
	}
	r.need(root, "pack.yaml", "id", "version", "name", "kind", "requires_hm", "locales")
	out.manifest = root
	out.Pack = packsapi.Pack{
		ID:      r.match(root.get("id"), "id", slugPattern, "a slug such as ayurveda"),
		Version: r.match(root.get("version"), "version", versionPattern, "a version such as 1.0.0"),
		Kind:    packsapi.Kind(r.oneOf(root.get("kind"), "kind", "base", "system", "specialty", "site")),
		Extends: r.texts(root.get("extends"), "extends"),
		Locales: r.texts(root.get("locales"), "locales"),

		RequiresHM:     r.oneOf(root.get("requires_hm"), "requires_hm", "^1"),
		EncounterTypes: r.texts(root.get("encounter_types"), "encounter_types"),
		OrderTypes:     r.texts(root.get("order_types"), "order_types"),
	}
	p := &out.Pack
	root.belongTo(p.ID)
	r.pack, r.packs = p.ID, map[string]*pack{p.ID: out}
	p.Name = r.words(root.get("name"), "name") // once it is known which languages it must have
	for _, key := range []string{"encounter_types", "order_types"} {
		r.once(root.get(key), key)
		for _, item := range root.get(key).orEmpty().items {
			r.match(item, "Each of "+key, typePattern, "capitals, such as OPD")
		}
	}
	r.once(root.get("locales"), "locales")
	r.once(root.get("extends"), "extends")
	for _, item := range root.get("locales").orEmpty().items {
		r.match(item, "Each of locales", localePattern, "a locale such as en or hi")
	}
	if s := root.get("sign_off"); r.mapping(s, "sign_off", "clinician", "date") {
		p.SignOff = packsapi.SignOff{Clinician: r.text(s.get("clinician"), "clinician"), Date: r.text(s.get("date"), "date")}
	}
	if (p.Kind == packsapi.KindBase) != (p.ID == packsapi.Base) {
		r.fault(root.at, "The pack named %s, and only it, is of kind base.", packsapi.Base)
	}
	if p.Kind != packsapi.KindBase && len(p.Extends) == 0 {
		r.fault(root.at, "A pack extends at least one other: extends: [%s].", packsapi.Base)
	}
	out.facilities = r.texts(root.get("facilities"), "facilities")
	if f := root.get("facilities"); f != nil && p.Kind != packsapi.KindSite {
		r.fault(f.at, "Only a pack of kind site names facilities; others are chosen by the facility.")
	}
}

// once refuses a list of texts that says something twice.
func (r *reading) once(n *node, what string) {
	seen := map[string]bool{}
	for _, item := range n.orEmpty().items {
		s, _ := item.str()
		if seen[s] {
			r.fault(item.at, "%s names %q twice.", what, clip(s))
		}
		seen[s] = true
	}
}

// checkUnique finds codes given twice.
func (p *pack) checkUnique() []Fault {
	r := &reading{pack: p.ID}
	templates := map[string]string{}
	for _, n := range p.templates {
		code, _ := n.get("code").str()
		version, _ := n.get("version").str()
		ref := code + "@" + version
		if first, twice := templates[ref]; twice && code != "" {
			r.fault(n.at, "The template %s is already in %s.", clip(ref), first)
		}
		templates[ref] = n.at.file
	}
	workflows := map[string]string{}
	for _, n := range p.workflows {
		encounterType, _ := n.get("encounter_type").str()
		if first, twice := workflows[encounterType]; twice && encounterType != "" {
			r.fault(n.at, "The workflow of %s is already in %s.", clip(encounterType), first)
		}
		workflows[encounterType] = n.at.file
	}
	for _, part := range slices.Sorted(maps.Keys(p.lists)) {
		r.uniqueCodes(p.lists[part], singular[part])
	}
	return r.faults
}

// uniqueCodes finds entries of one list that have the same code, in lists within them too.
func (r *reading) uniqueCodes(n *node, what string) {
	seen := map[string]place{}
	for _, item := range n.items {
		if item.kind != mapping {
			continue
		}
		code := itemKey(item)
		if first, twice := seen[code]; twice && code != "" {
			where := fmt.Sprintf("line %d", first.line)
			if first.file != item.at.file {
				where = first.file + " on " + where
			}
			r.fault(item.at, "The %s %s is already in %s.", what, clip(code), where)
		}
		seen[code] = item.at
		for _, f := range item.fields {
			if f.value.kind == list {
				r.uniqueCodes(f.value, "code")
			}
		}
	}
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
