package packs

import (
	"fmt"
	"io/fs"
	"slices"
)

// Check says everything that is wrong with a pack folder: what does not parse or compile, what names
// something that does not exist, and every example under tests/ that does not come out as it says. Nothing
// means the pack can be installed. Beside are the packs it may extend; nil for the base pack.
func Check(folder fs.FS, beside *Library) []Fault {
	p, faults := load(folder, true)
	if len(faults) > 0 {
		return faults
	}
	within := &Library{packs: map[string]*resolved{}}
	if beside != nil {
		for _, id := range beside.order {
			if id != p.ID { // a newer version of a pack is checked in place of the one there is
				within.order = append(within.order, id)
				within.packs[id] = beside.packs[id]
			}
		}
	}
	for _, id := range p.Extends {
		if within.packs[id] == nil {
			faults = append(faults, Fault{File: "pack.yaml", Line: 1, Message: fmt.Sprintf("It extends %q, which does not exist.", clip(id))})
		} else if slices.Contains(within.packs[id].chain, p.ID) {
			faults = append(faults, Fault{File: "pack.yaml", Line: 1, Message: fmt.Sprintf("It extends %q, which extends it.", clip(id))})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	if faults := within.add(p); len(faults) > 0 {
		return faults
	}
	return tidy(runExamples(within.packs[p.ID]))
}
