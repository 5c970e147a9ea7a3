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

// Library holds packs joined with those they extend, as one facility or a whole tenant sees them. It is immutable
// and safe for concurrent use.
type Library struct {
	sources []*pack // what it was joined from
	order   []string
	packs   map[string]*resolved
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
	l, faults := join(loaded, "")
	if len(faults) > 0 {
		id, _, _ := strings.Cut(faults[0].File, "/")
		return nil, faultError(id, faults)
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

// join makes a library of loaded packs, in any order, for the facility of this code; empty for the whole tenant.
// A fault names its file with its pack, as ayurveda/pack.yaml. A pack with faults is not in the library, nor are
// those that extend it, and a site pack with faults is not laid over any other.
// The forms of packs that are proved are compiled when they are first used.
func join(packs []*pack, facility string) (*Library, []Fault) {
	return joinAll(packs, facility, true)
}

// joinAll is join; unless late, every form is compiled at once.
func joinAll(packs []*pack, facility string, late bool) (*Library, []Fault) {
	l := &Library{sources: packs, packs: map[string]*resolved{}}
	j := &joint{library: l, packs: map[string]*pack{}, late: late}
	for _, p := range packs {
		if j.packs[p.ID] != nil {
			j.fault(p, "There is already a pack %s.", p.ID)
			continue
		}
		j.packs[p.ID] = p
	}
	waiting, sites := j.checkExtends()
	for _, p := range sites {
		if len(p.facilities) == 0 {
			j.sites = append(j.sites, p)
		}
	}
	for _, p := range sites {
		if slices.Contains(p.facilities, facility) && facility != "" {
			j.sites = append(j.sites, p)
		}
	}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(p *pack) bool {
			return !slices.ContainsFunc(p.Extends, func(id string) bool { return l.packs[id] == nil })
		})
		if i < 0 { // what is left extends a pack that was left out for its own faults, which have been told
			break
		}
		if r, ok := j.resolve(waiting[i]); ok {
			l.packs[r.own.ID] = r
			l.order = append(l.order, r.own.ID)
		}
		waiting = slices.Delete(waiting, i, i+1)
	}
	return l, tidy(j.faults)
}

// joint is a library being joined.
type joint struct {
	library *Library
	packs   map[string]*pack
	late    bool
	sites   []*pack // those that count here, tenant-wide ones first, each group by id
	faults  []Fault
}

func (j *joint) fault(p *pack, format string, args ...any) {
	r := &reading{}
	r.fault(place{pack: p.ID, file: "pack.yaml", line: 1}, format, args...)
	j.faults = append(j.faults, r.faults...)
}

// checkExtends finds packs that extend what is not there, themselves, or a site pack; it gives the others, those
// that can be used and those that only lay themselves over them, each by kind and id.
func (j *joint) checkExtends() (usable, sites []*pack) {
	kinds := []packsapi.Kind{packsapi.KindBase, packsapi.KindSystem, packsapi.KindSpecialty, packsapi.KindSite}
	for _, kind := range kinds {
		for _, id := range slices.Sorted(maps.Keys(j.packs)) {
			p := j.packs[id]
			if p.Kind != kind || !j.extendsWell(p) {
				continue
			}
			if kind == packsapi.KindSite {
				sites = append(sites, p)
			} else {
				usable = append(usable, p)
			}
		}
	}
	return usable, sites
}

func (j *joint) extendsWell(p *pack) bool {
	for _, id := range p.Extends {
		other := j.packs[id]
		switch {
		case other == nil:
			j.fault(p, "It extends %q, which does not exist.", clip(id))
			return false
		case other.Kind == packsapi.KindSite:
			j.fault(p, "It extends %q, which is a site pack: only packs of other kinds can be extended.", clip(id))
			return false
		}
		if path := j.pathTo(other, p.ID, nil); path != nil {
			j.fault(p, "It extends %q, which extends it.", clip(id))
			return false
		}
	}
	return true
}

// pathTo finds how a pack extends another, however far down.
func (j *joint) pathTo(p *pack, id string, seen []string) []string {
	if p == nil || slices.Contains(seen, p.ID) {
		return nil
	}
	seen = append(seen, p.ID)
	if p.ID == id {
		return seen
	}
	for _, next := range p.Extends {
		if path := j.pathTo(j.packs[next], id, seen); path != nil {
			return path
		}
	}
	return nil
}

// chainOf lists the packs that a pack's content comes from, the lowest first and itself last.
func (j *joint) chainOf(p *pack) []*pack {
	var chain []*pack
	for _, id := range p.Extends {
		for _, link := range j.library.packs[id].chain {
			if !slices.Contains(chain, link) {
				chain = append(chain, link)
			}
		}
	}
	return append(chain, p)
}

// resolve joins a pack with those it extends, which the library has, and with the site packs over it. Site packs
// that do not fit are left out one by one, so that their faults never take the pack itself away.
func (j *joint) resolve(p *pack) (*resolved, bool) {
	chain := j.chainOf(p)
	var sites []*pack
	for _, site := range j.sites {
		if slices.ContainsFunc(chain, func(link *pack) bool { return slices.Contains(site.Extends, link.ID) }) {
			sites = append(sites, site)
		}
	}
	r, faults := resolve(p, chain, sites, j.packs, j.late)
	if len(faults) == 0 {
		return r, true
	}
	if len(sites) == 0 {
		j.faults = append(j.faults, faults...)
		return nil, false
	}
	plain, faults := resolve(p, chain, nil, j.packs, j.late)
	if len(faults) > 0 {
		j.faults = append(j.faults, faults...)
		return nil, false
	}
	var taken []*pack
	for _, site := range sites {
		tried, faults := resolve(p, chain, append(slices.Clone(taken), site), j.packs, j.late)
		j.faults = append(j.faults, faults...)
		if len(faults) == 0 {
			plain, taken = tried, append(taken, site)
		}
	}
	return plain, true
}

// Of implements packsapi.Reader for a library that is the same for everybody.
func (l *Library) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) { return l, nil }

func (l *Library) pack(id string) (*resolved, error) {
	if r, ok := l.packs[id]; ok {
		return r, nil
	}
	return nil, packsapi.ErrUnknownPack
}

// Packs implements packsapi.Library. Site packs are not among them: nobody works in one.
func (l *Library) Packs() []packsapi.Pack {
	out := make([]packsapi.Pack, len(l.order))
	for i, id := range l.order {
		out[i] = l.packs[id].own.Pack
	}
	return out
}

// Pack implements packsapi.Library.
func (l *Library) Pack(id string) (packsapi.Pack, error) {
	r, err := l.pack(id)
	if err != nil {
		return packsapi.Pack{}, err
	}
	return r.own.Pack, nil
}

// Template implements packsapi.Library.
func (l *Library) Template(packID, code, version string) (*packsapi.Template, error) {
	r, err := l.pack(packID)
	if err != nil {
		return l.siteTemplate(packID, code, version)
	}
	// A version that the uppermost layer with this code does not have may be one of a layer below it, from before
	// it took the template over.
	if f := r.form(code + "@" + version); f != nil {
		return f.template, nil
	}
	return nil, packsapi.ErrUnknownTemplate
}

// siteTemplate finds a form that a site pack brings. Nobody works in a site pack, but what was written with its forms
// names it.
func (l *Library) siteTemplate(site, code, version string) (*packsapi.Template, error) {
	err := packsapi.ErrUnknownPack
	for _, id := range l.order {
		r := l.packs[id]
		i := slices.IndexFunc(r.layers, func(p *pack) bool { return p.ID == site })
		if i < 0 {
			continue
		}
		err = packsapi.ErrUnknownTemplate
		versions := r.templates[i][code]
		if version == packsapi.Latest && len(versions) > 0 {
			return versions[len(versions)-1].template, nil
		}
		for _, f := range versions {
			if f.version == version {
				return f.template, nil
			}
		}
	}
	return nil, err
}

// Templates implements packsapi.Library.
func (l *Library) Templates(packID string) ([]*packsapi.Template, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	newest := map[string]*packsapi.Template{}
	for _, layer := range r.templates {
		for code, versions := range layer {
			newest[code] = versions[len(versions)-1].template
		}
	}
	out := make([]*packsapi.Template, 0, len(newest))
	for _, code := range slices.Sorted(maps.Keys(newest)) {
		out = append(out, newest[code])
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

// Catalog implements packsapi.Library.
func (l *Library) Catalog(packID string) (packsapi.Catalog, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	return r.catalog, nil
}

// Laboratory implements packsapi.Library.
func (l *Library) Laboratory(packID string) (packsapi.Laboratory, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	return r.laboratory, nil
}

// PatientData implements packsapi.Library.
func (l *Library) PatientData(packID string) (*packsapi.DataForm, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	return r.patient, nil
}

// EncounterData implements packsapi.Library.
func (l *Library) EncounterData(packID string) (*packsapi.DataForm, error) {
	r, err := l.pack(packID)
	if err != nil {
		return nil, err
	}
	return r.encounter, nil
}

// Presentation implements packsapi.Library.
func (l *Library) Presentation(packID, locale string) (packsapi.Presentation, error) {
	r, err := l.pack(packID)
	if err != nil {
		return packsapi.Presentation{}, err
	}
	return r.present(locale), nil
}
