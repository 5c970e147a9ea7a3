package packs

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

const maxSummary = 300

// parsePlaceholders splits "{a} of {b.c}". Broken says what is wrong, as the end of a sentence.
func parsePlaceholders(source string) (segments []segment, broken string) {
	for rest := source; rest != ""; {
		open := strings.IndexAny(rest, "{}")
		if open < 0 {
			return append(segments, segment{words: rest}), ""
		}
		if rest[open] == '}' {
			return nil, "has a } without its {"
		}
		end := strings.IndexAny(rest[open+1:], "{}")
		if end < 0 || rest[open+1+end] == '{' {
			return nil, "has a { without its }"
		}
		path := strings.Split(rest[open+1:open+1+end], ".")
		if slices.ContainsFunc(path, func(p string) bool { return !fieldPattern.MatchString(p) }) {
			return nil, "has a placeholder that is not a name"
		}
		if open > 0 {
			segments = append(segments, segment{words: rest[:open]})
		}
		segments = append(segments, segment{path: path})
		rest = rest[open+end+2:]
	}
	return segments, ""
}

// Validate implements packsapi.Form.
func (f *form) Validate(payload map[string]any, final bool) []packsapi.Fault {
	if payload == nil {
		payload = map[string]any{}
	}
	return f.schema.validate(payload, "payload", final)
}

// Compute implements packsapi.Form.
func (f *form) Compute(payload map[string]any, about packsapi.About) (map[string]any, string, error) {
	facts := f.environment.facts(map[string]any{
		"doc": payload, "patient": about.Patient.Map(), "encounter": about.Encounter.Map(), "now": about.Now,
	})
	if facts["doc"] == nil {
		facts["doc"] = map[string]any{}
	}
	known := make(map[string]any, len(f.computed)) // without nulls: a computed null is a missing input again
	facts["computed"] = known
	out := make(map[string]any, len(f.computed))
	spending := newBudget()
	for _, c := range f.computed {
		v, err := c.expression.valueWithin(spending, facts)
		if errors.Is(err, errCost) {
			return nil, "", errCost
		}
		if err != nil {
			v = nil
		}
		out[c.name] = v
		if v != nil {
			known[c.name] = v
		}
	}
	return out, f.summarise(facts), nil
}

// summarise fills in the summary. It is empty when nothing it names is known yet.
func (f *form) summarise(facts map[string]any) string {
	var b strings.Builder
	found := false
	for _, s := range f.summary[packsapi.DefaultLocale] {
		if s.path == nil {
			b.WriteString(s.words)
			continue
		}
		value, at := lookup(facts["computed"], s.path), (*shape)(nil)
		if value == nil {
			value, at = lookup(facts["doc"], s.path), f.schema.named(s.path)
		}
		words := spoken(value, at)
		if words == "" {
			words = "–"
		} else {
			found = true
		}
		b.WriteString(words)
	}
	if !found && b.Len() > 0 && len(f.summary) > 0 {
		return ""
	}
	line := strings.Join(strings.Fields(b.String()), " ")
	if utf8.RuneCountInString(line) > maxSummary {
		line = string([]rune(line)[:maxSummary-1]) + "…"
	}
	return line
}

func lookup(v any, path []string) any {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// spoken writes a value as a person reads it: a coded choice by its title, a list with commas.
func spoken(v any, at *shape) string {
	switch v := v.(type) {
	case string:
		if at != nil {
			if title, ok := at.choices[v]; ok {
				return title.In(packsapi.DefaultLocale)
			}
		}
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var items []string
		for _, item := range v {
			var of *shape
			if at != nil {
				of = at.items
			}
			if s := spoken(item, of); s != "" {
				items = append(items, s)
			}
		}
		return strings.Join(items, ", ")
	default:
		return ""
	}
}

// Document implements packsapi.Form.
func (f *form) Document(locale string) packsapi.TemplateDocument {
	d := packsapi.TemplateDocument{
		Code: f.code, Version: f.version, Pack: f.pack, Title: f.title.In(locale),
		Schema: schemaJSON(f.schema.source, locale),
		UI: packsapi.UI{Pages: make([]packsapi.Page, len(f.pages)),
			Fields: make(map[string]packsapi.Field, len(f.fields)), ShowIf: f.showIf},
		Computed: make([]packsapi.Expression, len(f.computed)),
		Summary:  f.summarySource.In(locale),
		Tables:   make(map[string][]packsapi.Band, len(f.tables)),
		Tools:    make([]packsapi.Tool, len(f.tools)),
	}
	for i, p := range f.pages {
		d.UI.Pages[i] = packsapi.Page{Title: p.title.In(locale), Rows: p.rows}
	}
	for name, field := range f.fields {
		d.UI.Fields[name] = packsapi.Field{Widget: field.widget, Placeholder: field.placeholder.In(locale),
			Help: field.help.In(locale), Lines: field.lines, MinLabel: field.minLabel.In(locale), MaxLabel: field.maxLabel.In(locale),
			Columns: field.columns, Config: asMap(inLocale(field.config, locale))}
	}
	for i, c := range f.computed {
		d.Computed[i] = packsapi.Expression{Name: c.name, Expression: c.expression.source, Title: c.title.In(locale), Unit: c.unit}
	}
	for _, c := range f.computed {
		if c.title != nil || c.unit != "" || c.hidden {
			d.UI.Fields[c.name] = packsapi.Field{Title: c.title.In(locale), Unit: c.unit, Hidden: c.hidden}
		}
	}
	for name, t := range f.tables {
		d.Tables[name] = t.bands
	}
	for i, t := range f.tools {
		d.Tools[i] = t.Tool
		d.Tools[i].Title = t.title.In(locale)
		d.Tools[i].Config = asMap(inLocale(t.Config, locale))
	}
	return d
}
