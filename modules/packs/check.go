package packs

import (
	"io/fs"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Check says everything that is wrong with a pack folder: what does not parse or compile, what names
// something that does not exist, and every example under tests/ that does not come out as it says. Nothing
// means the pack can be installed. Beside are the packs it may extend; nil for the base pack. A pack of the same
// id there is replaced by this one. The fault of another pack that would no longer fit names that pack's file as
// ayurveda/rules/herbs.yaml.
func Check(folder fs.FS, beside *Library) []Fault {
	faults, _ := check(folder, beside, nil)
	return faults
}

// check says what is wrong with a pack folder and, when that is nothing, what is doubtful in it; without the
// permissions that there are it looks for faults only.
func check(folder fs.FS, beside *Library, permissions []string) (faults, doubts []Fault) {
	p, faults := load(folder, true)
	if len(faults) > 0 {
		return faults, nil
	}
	all := []*pack{p}
	if beside != nil {
		for _, other := range beside.sources {
			if other.ID != p.ID {
				all = append(all, other)
			}
		}
	}
	facility := ""
	if len(p.facilities) > 0 {
		facility = p.facilities[0]
	}
	library, faults := joinAll(all, facility, false)
	check := &reading{pack: p.ID, packs: map[string]*pack{p.ID: p}}
	for _, f := range faults {
		if own, ok := strings.CutPrefix(f.File, p.ID+"/"); ok {
			f.File = own
		}
		check.faults = append(check.faults, f)
	}
	if p.Kind == packsapi.KindSite && len(faults) == 0 {
		for _, id := range p.Extends {
			runExamples(check, p.examples, library.packs[id])
			break // one view is enough: what the packs over it add is not the site's to test
		}
	}
	if r := library.packs[p.ID]; r != nil && len(faults) == 0 {
		runExamples(check, p.examples, r)
	}
	if len(check.faults) > 0 {
		return tidy(check.faults), nil
	}
	if permissions == nil {
		return nil, nil
	}
	return nil, library.doubt(p, permissions)
}
