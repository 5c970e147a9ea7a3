package packs

import (
	"slices"
)

// readTools reads where signature tools stand in a form and what they are given.
func (r *reading) readTools(f *form, n *node) {
	for _, t := range r.items(n, "tools") {
		if !r.mapping(t, "A tool", "tool", "at", "field", "page", "title", "bind", "config") {
			continue
		}
		r.need(t, "A tool", "tool", "at")
		out := formTool{title: r.words(t.get("title"), "title")}
		out.Tool.Tool, out.At = r.text(t.get("tool"), "tool"), r.oneOf(t.get("at"), "at", "page", "field")
		if name := out.Tool.Tool; name != "" && !slices.Contains(tools, name) && !slices.Contains(r.tools, name) && !r.faulty(t.at.pack, "tools.yaml") {
			r.fault(t.get("tool").at, "There is no tool %q: it is neither built in nor in tools.yaml.", clip(name))
		}
		r.readToolPlace(f, t, &out)
		out.Bind, out.Config = map[string]any{}, map[string]any{}
		if r.mappingOf(t.get("bind"), "bind", "fields") {
			r.readBindings(f, t.get("bind"))
			out.Bind = asMap(t.get("bind").plain())
		}
		if r.mappingOf(t.get("config"), "config", "settings") {
			out.Config = asMap(t.get("config").plain())
		}
		f.tools = append(f.tools, out)
	}
}

// readToolPlace reads at, field and page: a tool edits a field, or shows what it binds on a page.
func (r *reading) readToolPlace(f *form, t *node, out *formTool) {
	switch out.At {
	case "field":
		r.need(t, "A tool at a field", "field")
		if out.Field = r.text(t.get("field"), "field"); out.Field != "" {
			r.known(f, out.Field, t.get("field").at, "The tool")
		}
		if p := t.get("page"); p != nil {
			r.fault(p.at, "A tool at a field stands where its field stands, and has no page.")
		}
	case "page":
		if n := t.get("field"); n != nil {
			r.fault(n.at, "A tool at a page edits no field; it has bind.")
		}
		if p := t.get("page"); p != nil {
			page := int(r.integer(p, "page", 0, int64(max(len(f.pages)-1, 0))))
			out.Page = &page
		}
	}
}

// readBindings checks that what a tool is bound to are fields or computed values.
func (r *reading) readBindings(f *form, n *node) {
	for _, b := range n.fields {
		values := b.value.items
		if b.value.kind != list {
			values = []*node{b.value}
		}
		for _, item := range values {
			name, ok := item.str()
			if !ok {
				r.fault(item.at, "The tool's binding %s must name fields or computed values; settings stand under config.", clip(b.key))
				continue
			}
			if !f.isComputed(name) {
				r.known(f, name, item.at, "The tool's binding "+clip(b.key))
			}
		}
	}
}
