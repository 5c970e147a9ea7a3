package packs

import (
	"errors"
	"sync"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// lateForm is a form that is compiled when it is first used. The built-in packs hold many forms, all proved by their
// tests before the binary is made, and a server that starts should not wait for those nobody has asked for yet.
type lateForm struct {
	pack, code, version string
	template            *packsapi.Template // this form, as other modules know it
	once                sync.Once
	compile             func() *form
	made                *form
}

func newLateForm(n *node, compile func() *form) *lateForm {
	code, _ := n.get("code").str()
	version, _ := n.get("version").str()
	l := &lateForm{pack: n.at.pack, code: code, version: version, compile: compile}
	l.template = packsapi.NewTemplate(l.pack, code, version, textOf(n.get("title")), l)
	return l
}

// form compiles the form, once; nil when it has faults.
func (l *lateForm) form() *form {
	l.once.Do(func() { l.made, l.compile = l.compile(), nil })
	return l.made
}

// errNoForm cannot happen to a pack that was checked when it came.
var errNoForm = errors.New("packs: the form has faults")

// Validate implements packsapi.Form.
func (l *lateForm) Validate(payload map[string]any, final bool) []packsapi.Fault {
	f := l.form()
	if f == nil {
		return []packsapi.Fault{{Path: "payload", Message: "This form has faults and cannot be used."}}
	}
	return f.Validate(payload, final)
}

// Compute implements packsapi.Form.
func (l *lateForm) Compute(payload map[string]any, about packsapi.About) (map[string]any, string, error) {
	f := l.form()
	if f == nil {
		return nil, "", errNoForm
	}
	return f.Compute(payload, about)
}

// Document implements packsapi.Form.
func (l *lateForm) Document(locale string) packsapi.TemplateDocument {
	f := l.form()
	if f == nil {
		return packsapi.TemplateDocument{Pack: l.pack, Code: l.code, Version: l.version}
	}
	return f.Document(locale)
}

// Observed implements packsapi.Form.
func (l *lateForm) Observed(payload, computed map[string]any) []packsapi.ObservedValue {
	f := l.form()
	if f == nil {
		return nil
	}
	return f.Observed(payload, computed)
}

// CarryOver implements packsapi.Form.
func (l *lateForm) CarryOver(previous map[string]any) map[string]any {
	f := l.form()
	if f == nil {
		return nil
	}
	return f.CarryOver(previous)
}
