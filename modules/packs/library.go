package packs

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Library holds packs joined with those they extend. It is immutable and safe for concurrent use; a tenant's
// own packs come as a library that begins with these.
type Library struct {
	order []string
	packs map[string]*resolved
}

// resolved is a pack as it is used: its own content over that of the packs it extends, by code.
type resolved struct {
	own       *pack
	chain     []string // the packs whose content it has, itself last
	templates map[string][]*packsapi.Template
	workflows map[string]*packsapi.Workflow
	rules     map[string]*rule
	moments   map[string]ruleSet
}

var (
	_ packsapi.Library = (*Library)(nil)
	_ packsapi.Reader  = (*Library)(nil)
)

// NewLibrary loads every pack folder in root. The error lists every fault with file and line.
func NewLibrary(root fs.FS) (*Library, error) {
	entries, err := fs.ReadDir(root, ".")
	if err != nil {
		return nil, fmt.Errorf("packs: reading the packs: %w", err)
	}
	var loaded []*pack
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		folder, err := fs.Sub(root, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("packs: reading the pack %s: %w", entry.Name(), err)
		}
		p, faults := load(folder, false)
		if len(faults) > 0 {
			return nil, faultError(entry.Name(), faults)
		}
		loaded = append(loaded, p)
	}
	l := &Library{packs: map[string]*resolved{}}
	for len(loaded) > 0 {
		i := slices.IndexFunc(loaded, func(p *pack) bool { return l.hasAll(p.Extends) })
		if i < 0 {
			return nil, fmt.Errorf("packs: %s extends a pack that is not there, or itself", loaded[0].ID)
		}
		if faults := l.add(loaded[i]); len(faults) > 0 {
			return nil, faultError(loaded[i].ID, faults)
		}
		loaded = slices.Delete(loaded, i, i+1)
	}
	return l, nil
}

func faultError(name string, faults []Fault) error {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.String()
	}
	return fmt.Errorf("packs: the pack %s is faulty:\n%s", name, strings.Join(lines, "\n"))
}

func (l *Library) hasAll(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return l.packs[id] == nil })
}

// add joins a pack with those it extends, which the library has.
func (l *Library) add(p *pack) []Fault {
	if l.packs[p.ID] != nil {
		return []Fault{{File: "pack.yaml", Line: 1, Message: fmt.Sprintf("There is already a pack %s.", p.ID)}}
	}
	r := &resolved{own: p, templates: map[string][]*packsapi.Template{}, workflows: map[string]*packsapi.Workflow{},
		rules: map[string]*rule{}, moments: map[string]ruleSet{}}
	inherited := map[string]*packsapi.Workflow{}
	for _, id := range p.Extends {
		under := l.packs[id]
		for _, link := range under.chain {
			if !slices.Contains(r.chain, link) {
				r.chain = append(r.chain, link)
			}
		}
		maps.Copy(r.templates, under.templates)
		maps.Copy(inherited, under.workflows)
		maps.Copy(r.rules, under.rules)
	}
	r.chain = append(r.chain, p.ID)
	for code, versions := range p.ownTemplates() {
		r.templates[code] = versions
	}
	var faults []Fault
	r.workflows, faults = resolveWorkflows(p.workflows, inherited, p.ID)
	for _, rule := range p.rules {
		r.rules[rule.Code] = rule
	}
	for _, code := range slices.Sorted(maps.Keys(r.rules)) {
		rule := r.rules[code]
		r.moments[rule.On] = append(r.moments[rule.On], rule)
	}
	faults = append(faults, r.checkReferences()...)
	if len(faults) > 0 {
		return tidy(faults)
	}
	l.packs[p.ID] = r
	l.order = append(l.order, p.ID)
	return nil
}

// ownTemplates gives each of the pack's templates in all its versions, oldest first.
func (p *pack) ownTemplates() map[string][]*packsapi.Template {
	out := map[string][]*packsapi.Template{}
	for _, f := range p.templates {
		out[f.code] = append(out[f.code], packsapi.NewTemplate(f.pack, f.code, f.version, f.title, f))
	}
	return out
}

// checkReferences finds what workflows name and no pack of the chain has.
func (r *resolved) checkReferences() []Fault {
	var faults []Fault
	for _, w := range r.own.workflows {
		check := reading{file: w.file}
		if !slices.Contains(r.own.EncounterTypes, w.encounterType) {
			check.fault(w.line, "pack.yaml does not list the encounter type %s.", w.encounterType)
		}
		for _, s := range w.steps {
			if code := s.CompletedBy.Template; code != "" && r.templates[code] == nil {
				check.fault(s.line, "The step %q is completed by the template %q, which does not exist.", s.Code, code)
			}
		}
		for _, code := range w.close.Documents {
			if r.templates[code] == nil {
				check.fault(w.closeLine, "Closing needs the document %q, which no template makes.", clip(code))
			}
		}
		faults = append(faults, check.faults...)
	}
	for _, encounterType := range r.own.EncounterTypes {
		if r.workflows[encounterType] == nil {
			faults = append(faults, Fault{File: "pack.yaml", Line: 1,
				Message: fmt.Sprintf("The encounter type %s has no workflow.", encounterType)})
		}
	}
	return faults
}

func (l *Library) pack(id string) (*resolved, error) {
	if r, ok := l.packs[id]; ok {
		return r, nil
	}
	return nil, packsapi.ErrUnknownPack
}

// Of implements packsapi.Reader: these packs, whoever asks.
func (l *Library) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) { return l, nil }

// Packs implements packsapi.Library.
func (l *Library) Packs() []packsapi.Pack {
	out := make([]packsapi.Pack, len(l.order))
	for i, id := range l.order {
		out[i] = l.packs[id].own.Pack
	}
	return out
}

// Template implements packsapi.Library.
func (l *Library) Template(packID, code, version string) (*packsapi.Template, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	// A version that the pack itself does not have may be one of a pack it extends, from before it took the
	// template over.
	for _, link := range slices.Backward(r.chain) {
		versions := l.packs[link].templates[code]
		if link == packID {
			versions = r.templates[code]
		}
		if version == packsapi.Latest && len(versions) > 0 {
			return versions[len(versions)-1], nil
		}
		for _, t := range versions {
			if t.Version == version {
				return t, nil
			}
		}
	}
	return nil, packsapi.ErrUnknownTemplate
}

// Templates implements packsapi.Library.
func (l *Library) Templates(packID string) ([]*packsapi.Template, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	out := make([]*packsapi.Template, 0, len(r.templates))
	for _, code := range slices.Sorted(maps.Keys(r.templates)) {
		versions := r.templates[code]
		out = append(out, versions[len(versions)-1])
	}
	return out, nil
}

// Workflow implements packsapi.Library.
func (l *Library) Workflow(packID, encounterType string) (*packsapi.Workflow, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	if w, ok := r.workflows[encounterType]; ok {
		return w, nil
	}
	return nil, packsapi.ErrUnknownWorkflow
}

// Rules implements packsapi.Library.
func (l *Library) Rules(packID, moment string) (packsapi.RuleSet, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	return r.moments[moment], nil
}
