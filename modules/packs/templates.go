package packs

import (
	"cmp"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// The words a template's layout is made of; the web app knows how to draw each.
var (
	widgets = []string{"text", "textarea", "number", "choice", "chips", "date", "datetime", "checkbox", "slider",
		"score_grid", "table", "laterality", "radio"}
	tools = []string{"radar", "score_grid", "trend", "body_map", "rubric_grid", "growth_chart", "refraction_grid",
		"waveform", "time_grid", "cycle_planner", "pulse_pad", "quadrant"}
)

// form is one compiled template version. It is immutable.
type form struct {
	pack, code, version string
	title               packsapi.Text
	schema              *schema
	pages               []page
	fields              map[string]fieldUI
	showIf              map[string]string
	computed            []computedField
	environment         *environment
	summarySource       packsapi.Text
	summary             map[string][]segment // by locale
	tables              map[string]*table
	tools               []formTool
	observations        []*observation
	carried             []string
}

type page struct {
	title packsapi.Text
	rows  [][]string
}

type fieldUI struct {
	widget             string
	placeholder, help  packsapi.Text
	minLabel, maxLabel packsapi.Text
	lines              int
	columns            []string
	config             map[string]any
}

// formTool is a tool as it stands in a form.
type formTool struct {
	packsapi.Tool
	title packsapi.Text
}

type computedField struct {
	name       string
	expression *expression
	title      packsapi.Text
	unit       string
	hidden     bool
	observed   *observation
}

// segment is a piece of a summary: words, or the value found at path.
type segment struct {
	words string
	path  []string
}

var templateKeys = []string{"code", "version", "title", "schema", "ui", "tables", "computed", "summary", "tools"}

// readTemplate compiles a template file; nil when it has faults.
func (r *reading) readTemplate(root *node) *form {
	before := len(r.faults)
	if !r.mapping(root, "A template", templateKeys...) {
		return nil
	}
	r.need(root, "A template", "code", "version", "title", "schema")
	f := &form{
		pack:    root.at.pack,
		code:    r.slug(root.get("code"), "code"),
		version: r.match(root.get("version"), "version", versionPattern, "a version such as 1.0.0"),
		title:   r.words(root.get("title"), "title"),
		fields:  map[string]fieldUI{}, showIf: map[string]string{}, summary: map[string][]segment{},
	}
	if s := root.get("schema"); s != nil {
		f.schema = r.compileSchema(s, "schema")
	}
	if f.schema == nil {
		return nil // what follows speaks of its fields
	}
	computedShape := &shape{kind: objectShape, name: "hm.computed", fields: map[string]*shape{}}
	f.tables = r.readTables(root.get("tables"))
	var err error
	f.environment, err = newEnvironment(map[string]*shape{
		"doc": f.schema.shape, "computed": computedShape,
		"patient": patientShape, "encounter": encounterShape, "now": {kind: timeShape},
	}, tableFunctions(f.tables)...)
	if err != nil {
		r.fault(root.at, "The template's expressions cannot be prepared: %s.", err)
		return nil
	}
	r.readComputed(f, root.get("computed"), computedShape)
	r.readUI(f, root.get("ui"))
	r.readSummary(f, root.get("summary"))
	r.readTools(f, root.get("tools"))
	f.observations = r.readObservations(f.schema.source)
	r.distinct(f)
	f.carried = r.readCarried(f.schema.source)
	if len(r.faults) > before {
		return nil
	}
	return f
}

func (r *reading) readComputed(f *form, n *node, known *shape) {
	if n == nil || n.kind == nothing {
		return
	}
	if n.kind != mapping {
		r.fault(n.at, "computed must be a mapping of names to CEL expressions.")
		return
	}
	for _, c := range n.fields {
		if !fieldPattern.MatchString(c.key) {
			r.fault(c.at, "A computed field's name is made of small letters, digits and _; %q is not.", clip(c.key))
			continue
		}
		if f.schema.shape.fields[c.key] != nil {
			r.fault(c.at, "%q is both a field and computed.", c.key)
			continue
		}
		what := "The computed field " + c.key
		value := c.value
		out := computedField{name: c.key}
		if value.kind == mapping {
			r.mapping(value, what, "value", "title", "unit", "x-obs")
			r.need(value, what, "value")
			out.title, out.unit = r.words(value.get("title"), "title"), r.text(value.get("unit"), "unit")
			if o := value.get("x-obs"); o != nil && r.observation(o) {
				out.observed = observationOf(o)
				out.observed.title = out.title
			}
			value = value.get("value")
		}
		e := r.expression(f.environment, value, what)
		if e == nil {
			known.fields[c.key] = anyValue // so that its mistake is told once, not again by all who use it
			continue
		}
		out.expression = e
		f.computed = append(f.computed, out)
		known.fields[c.key] = shapeOfType(e.result)
	}
}

func (r *reading) readUI(f *form, n *node) {
	if n == nil || n.kind == nothing {
		f.pages = []page{{title: f.title, rows: oneFieldPerRow(f.schema.source)}}
		return
	}
	if !r.mapping(n, "ui", "pages", "fields", "show_if") {
		return
	}
	placed := map[string]place{}
	for _, p := range r.items(n.get("pages"), "pages") {
		if !r.mapping(p, "A page", "title", "rows") {
			continue
		}
		r.need(p, "A page", "title", "rows")
		out := page{title: r.words(p.get("title"), "title"), rows: [][]string{}}
		for _, row := range r.items(p.get("rows"), "rows") {
			names := r.texts(row, "a row")
			for _, name := range names {
				if !f.isComputed(name) && !r.known(f, name, row.at, "The row") {
					continue
				}
				if first, twice := placed[name]; twice {
					r.fault(row.at, "The field %q is already placed on line %d.", name, first.line)
				}
				placed[name] = row.at
			}
			out.rows = append(out.rows, names)
		}
		f.pages = append(f.pages, out)
	}
	for _, property := range f.schema.source.get("properties").fields {
		if _, ok := placed[property.key]; !ok {
			r.fault(property.at, "The field %q stands on no page.", property.key)
		}
	}
	r.readFields(f, n.get("fields"))
	r.readShowIf(f, n.get("show_if"))
}

func (r *reading) readFields(f *form, n *node) {
	if !r.mappingOf(n, "fields", "field settings") {
		return
	}
	for _, field := range n.fields {
		if f.isComputed(field.key) {
			r.readComputedUI(f, field)
			continue
		}
		if !r.known(f, field.key, field.at, "ui.fields") ||
			!r.mapping(field.value, "A field's settings", "widget", "placeholder", "help", "lines", "min_label", "max_label", "columns", "config") {
			continue
		}
		ui := fieldUI{
			widget:      r.oneOf(field.value.get("widget"), "widget", widgets...),
			placeholder: r.words(field.value.get("placeholder"), "placeholder"),
			help:        r.words(field.value.get("help"), "help"),
			minLabel:    r.words(field.value.get("min_label"), "min_label"),
			maxLabel:    r.words(field.value.get("max_label"), "max_label"),
			columns:     r.readColumns(f.schema.shape.fields[field.key], field.value.get("columns")),
		}
		if lines := field.value.get("lines"); lines != nil {
			ui.lines = int(r.integer(lines, "lines", 1, 40))
		}
		if r.mappingOf(field.value.get("config"), "config", "settings") {
			ui.config = asMap(field.value.get("config").plain())
		}
		f.fields[field.key] = ui
	}
}

// readComputedUI reads how a computed value is shown.
func (r *reading) readComputedUI(f *form, n field) {
	if !r.mapping(n.value, "The settings of a computed field", "title", "unit", "hidden") {
		return
	}
	i := slices.IndexFunc(f.computed, func(c computedField) bool { return c.name == n.key })
	c := &f.computed[i]
	if title := r.words(n.value.get("title"), "title"); title != nil {
		c.title = title
	}
	c.unit = cmp.Or(r.text(n.value.get("unit"), "unit"), c.unit)
	c.hidden = r.truth(n.value.get("hidden"), "hidden")
}

// readColumns reads which fields of an entry a table shows.
func (r *reading) readColumns(of *shape, n *node) []string {
	if n == nil {
		return nil
	}
	for _, item := range r.items(n, "columns") {
		name, _ := item.str()
		if of == nil || of.kind != listShape || of.items == nil || of.items.fields[name] == nil {
			r.fault(item.at, "The column %q is not a field of the list's entries.", clip(name))
		}
	}
	return r.texts(n, "columns")
}

// readShowIf compiles the conditions. A field that the schema always requires must not be hidden: nobody
// could then finish the form.
func (r *reading) readShowIf(f *form, n *node) {
	if !r.mappingOf(n, "show_if", "conditions") {
		return
	}
	var required []string
	for _, item := range f.schema.source.get("required").orEmpty().items {
		name, _ := item.str()
		required = append(required, name)
	}
	for _, c := range n.fields {
		if !r.known(f, c.key, c.at, "show_if") {
			continue
		}
		if slices.Contains(required, c.key) {
			r.fault(c.at, "The field %q is required and must not be hidden; require it with if and then.", c.key)
		}
		if e := r.expression(f.environment, c.value, "The condition of "+c.key, boolType); e != nil {
			f.showIf[c.key] = e.source
		}
	}
}

func (r *reading) readSummary(f *form, n *node) {
	f.summarySource = r.words(n, "summary")
	for locale, source := range f.summarySource {
		segments, broken := parsePlaceholders(source)
		if broken != "" {
			r.fault(n.at, "The summary %s.", broken)
			continue
		}
		for _, s := range segments {
			if s.path == nil {
				continue
			}
			if !f.isComputed(s.path[0]) && f.schema.named(s.path) == nil {
				r.fault(n.at, "The summary names {%s}, which is neither a field nor computed.", clip(strings.Join(s.path, ".")))
			}
		}
		f.summary[locale] = segments
	}
}

// known reports a name that is not a field of the form.
func (r *reading) known(f *form, name string, at place, what string) bool {
	if f.schema.source.get("properties").get(name) == nil {
		r.fault(at, "%s names %q, which is not a field of the schema.", what, clip(name))
		return false
	}
	return true
}

// mappingOf checks that n is a mapping whose keys the caller looks at itself.
func (r *reading) mappingOf(n *node, what, values string) bool {
	if n == nil || n.kind == nothing {
		return false
	}
	if n.kind != mapping {
		r.fault(n.at, "%s must be a mapping of names to %s.", what, values)
		return false
	}
	return true
}

// expression compiles the CEL text of a node, its faults at their own lines.
func (r *reading) expression(env *environment, n *node, what string, want ...*celType) *expression {
	source := r.text(n, what)
	if source == "" {
		if n != nil && n.kind == nothing {
			r.fault(n.at, "%s is empty.", what)
		}
		return nil
	}
	e, issues := env.compile(source, want...)
	for _, i := range issues {
		r.fault(n.at.down(i.line-1), "%s does not compile: %s.", what, strings.TrimSuffix(i.message, "."))
	}
	return e
}

// orEmpty lets a chain of lookups go on through what is absent.
func (n *node) orEmpty() *node {
	if n == nil {
		return &node{}
	}
	return n
}

func (f *form) isComputed(name string) bool {
	return slices.ContainsFunc(f.computed, func(c computedField) bool { return c.name == name })
}

// oneFieldPerRow is the layout of a template that gives none.
func oneFieldPerRow(schema *node) [][]string {
	var rows [][]string
	for _, p := range schema.get("properties").fields {
		rows = append(rows, []string{p.key})
	}
	return rows
}
