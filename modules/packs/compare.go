package packs

import (
	"fmt"
	"maps"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// checkUse finds what would break or be lost for those who work with the packs as a facility sees them, or, without
// one, the whole tenant.
func (m *Module) checkUse(c *candidate, v *view, facility string) []Fault {
	if faults := m.checkKind(c, v); len(faults) > 0 {
		return faults
	}
	own := maps.Clone(v.own)
	own[c.ID] = c.pack
	after, faults := join(m.withBuiltIn(own), facility)
	for i := range faults {
		faults[i].File = strings.TrimPrefix(faults[i].File, c.ID+"/")
	}
	if len(faults) > 0 {
		return faults
	}
	before := v.Library
	if facility != "" {
		before, _ = join(m.withBuiltIn(v.own), facility) // what does not fit there was not in use there
	}
	return checkChange(c, before, after)
}

// checkKind finds a pack that would become of another kind than it is: whoever works in it could not go on.
func (m *Module) checkKind(c *candidate, v *view) []Fault {
	known := map[string]packsapi.Kind{} // by version
	if newest, installed := v.manifests[c.ID]; installed {
		known[newest.Pack.Version] = newest.Pack.Kind
	}
	if p := m.builtInPack(c.ID); p != nil {
		known[p.Version] = p.Kind
	}
	for _, version := range sortedKeys(known) {
		if kind := known[version]; kind != c.Kind {
			f := c.fault("kind")
			f.Message = fmt.Sprintf("The pack is of the kind %s since version %s and cannot become another: give what is of the kind %s an id of its own.", kind, version, c.Kind)
			return []Fault{f}
		}
	}
	return nil
}

// checkChange finds what a candidate would take from those who work with the packs already: a type of encounter, of
// which some may be open, a safety rule of which it does not say so, and the choices that the documents of a form version
// were written with.
func checkChange(c *candidate, before, after *Library) []Fault {
	var faults []Fault
	for _, id := range before.order {
		was, is := before.packs[id], after.packs[id]
		if is == nil {
			continue // cannot be: no pack has a fault
		}
		for _, encounterType := range sortedKeys(was.workflows) {
			if is.workflows[encounterType] == nil {
				f := c.fault("encounter_types")
				f.Message = fmt.Sprintf("The encounter type %s of the pack %s would lose its workflow, and encounters of it may be open: keep it.", encounterType, id)
				faults = append(faults, f)
			}
		}
		for _, code := range sortedKeys(was.rules) {
			if was.rules[code].Severity == packsapi.SeveritySafety && is.rules[code] == nil && !c.hides(code) {
				f := c.fault("version")
				f.Message = fmt.Sprintf("The safety rule %s of the pack %s would be lost: keep it, or say that it is meant by {code: %s, hidden: true} among the rules.", code, id, code)
				faults = append(faults, f)
			}
		}
		offered := is.choices()
		for ref, choices := range was.choices() {
			// A site pack is there to change what its facility chooses from, in other packs' forms.
			now, there := offered[ref]
			if !there || now.signature == choices.signature || c.Kind == packsapi.KindSite && now.pack != c.ID {
				continue
			}
			f, own := c.lines[ref]
			if !own || now.pack != c.ID {
				f = c.fault("version")
			}
			f.Message = fmt.Sprintf("The form %s of %s would offer other choices, and documents may have been written with it: leave its value sets as they are, or give the form a higher version.", ref, now.pack)
			faults = append(faults, f)
		}
	}
	return tidy(faults)
}

// hides tells whether the candidate says of a rule that it is meant to be gone.
func (c *candidate) hides(code string) bool {
	for _, rule := range c.lists["rules"].orEmpty().items {
		if named, _ := rule.get("code").str(); named == code && rule.get("hidden").orEmpty().scalar == true {
			return true
		}
	}
	return false
}

// fault stands where pack.yaml gives this key, or at its head.
func (c *candidate) fault(key string) Fault {
	return Fault{File: "pack.yaml", Line: max(c.pack.manifest.get(key).orEmpty().at.line, 1)}
}

// chosen is what a form's value sets offer.
type chosen struct{ pack, signature string }

// choices tells by code@version what the forms that are found under it offer.
func (r *resolved) choices() map[string]chosen {
	known := map[string]*pack{}
	for _, layer := range r.layers {
		known[layer.ID] = layer
	}
	c := &reading{packs: known}
	c.valueSets = c.readValueSets(r.list("valuesets"))
	out := map[string]chosen{}
	for _, layer := range r.layers {
		for _, form := range layer.templates {
			out[refOf(form)] = chosen{pack: layer.ID, signature: c.signature(form)}
		}
	}
	return out
}
