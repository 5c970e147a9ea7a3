package packs

import (
	"maps"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// resolved is a pack as it is used: its own content over that of the packs it extends, and under that of the site
// packs laid over it.
type resolved struct {
	own    *pack
	chain  []*pack // the packs whose content it has, itself last
	layers []*pack // the chain and the site packs over it

	templates      []map[string][]*lateForm // by layer, then by code, oldest version first
	workflows      map[string]*packsapi.Workflow
	rules          map[string]*rule
	moments        map[string]ruleSet
	laboratory     *laboratory
	catalog        *catalog
	patient        *packsapi.DataForm
	encounter      *packsapi.DataForm
	encounterTypes []string
	orderTypes     []string
	look
}

// resolve lays the layers over each other and compiles what comes of them. With any fault it is of no use.
func resolve(p *pack, chain, sites []*pack, all map[string]*pack, late bool) (*resolved, []Fault) {
	r := &resolved{own: p, chain: chain, layers: append(slices.Clone(chain), sites...)}
	c := &reading{packs: all, late: late}
	r.encounterTypes, r.orderTypes = r.types()
	c.valueSets = c.readValueSets(r.list("valuesets"))
	r.look = c.readLook(r)
	r.compileTemplates(c)
	r.compileRules(c)
	r.compileWorkflows(c)
	r.laboratory = c.readLaboratory(r)
	r.catalog = c.readCatalog(r)
	r.patient = c.readDataForm(r.part("patient", r.overOwn()), "patient.yaml")
	r.encounter = c.readDataForm(r.part("encounter", r.layers), "encounter.yaml")
	r.checkOrdered(c)
	r.checkReferences(c)
	if len(c.faults) > 0 {
		return nil, tidy(c.faults)
	}
	return r, nil
}

// overOwn is the pack itself and the site packs over it: whose data of the patient are the pack's own.
func (r *resolved) overOwn() []*pack { return r.layers[len(r.chain)-1:] }

// list gives a part that merges by code over all layers; nil when none has it.
func (r *resolved) list(part string) *node {
	var out *node
	for _, layer := range r.layers {
		out = merge(out, layer.lists[part])
	}
	return settle(out)
}

// part gives a part that merges by key over these layers; nil when none has it.
func (r *resolved) part(name string, layers []*pack) *node {
	var out *node
	for _, layer := range layers {
		out = merge(out, layer.parts[name])
	}
	return settle(out)
}

// types gives the types of encounters and orders that the pack works with. A pack that lists encounter types means
// just those, and one that lists none takes what the packs it extends have; types of orders are always added.
func (r *resolved) types() (encounters, orders []string) {
	add := func(to []string, types []string) []string {
		for _, t := range types {
			if !slices.Contains(to, t) {
				to = append(to, t)
			}
		}
		return to
	}
	for i, layer := range r.layers {
		if i < len(r.chain) && len(layer.EncounterTypes) > 0 {
			encounters = nil
		}
		encounters, orders = add(encounters, layer.EncounterTypes), add(orders, layer.OrderTypes)
	}
	return encounters, orders
}

func (r *resolved) compileTemplates(c *reading) {
	r.templates = make([]map[string][]*lateForm, len(r.layers))
	for i, layer := range r.layers {
		byCode := map[string][]*lateForm{}
		for _, n := range layer.templates {
			f := compiled(c, n, c.signature(n), func() *lateForm {
				late := c.only(n)
				return newLateForm(n, func() *form { return late.readTemplate(n) })
			})
			if !(layer.proved && c.late) && f.form() == nil {
				c.readTemplate(n) // once more, to tell its faults
				continue
			}
			byCode[f.code] = append(byCode[f.code], f)
		}
		for _, versions := range byCode {
			slices.SortFunc(versions, func(a, b *lateForm) int { return compareVersions(a.version, b.version) })
		}
		r.templates[i] = byCode
	}
}

// form finds a template by code, or code@version; nil when there is none.
func (r *resolved) form(ref string) *lateForm {
	code, version, _ := strings.Cut(ref, "@")
	for _, layer := range slices.Backward(r.templates) {
		versions := layer[code]
		if version == packsapi.Latest && len(versions) > 0 {
			return versions[len(versions)-1]
		}
		for _, f := range versions {
			if f.version == version {
				return f
			}
		}
	}
	return nil
}

// hasTemplate says whether any layer has a template of this code.
func (r *resolved) hasTemplate(code string) bool {
	return slices.ContainsFunc(r.templates, func(layer map[string][]*lateForm) bool { return layer[code] != nil })
}

func (r *resolved) compileRules(c *reading) {
	r.rules, r.moments = map[string]*rule{}, map[string]ruleSet{}
	first := r.firstOf("rules")
	for _, n := range r.list("rules").orEmpty().items {
		compiled := compiled(c, n, "", func() *rule { return c.readRule(n, first[itemKey(n)]) })
		if compiled != nil {
			r.rules[compiled.Code] = compiled
		}
	}
	for _, code := range slices.Sorted(maps.Keys(r.rules)) {
		rule := r.rules[code]
		r.moments[rule.On] = append(r.moments[rule.On], rule)
	}
}

// checkOrdered finds services that a rule orders and that are no tests.
func (r *resolved) checkOrdered(c *reading) {
	for _, n := range r.list("rules").orEmpty().items {
		rule := r.rules[itemKey(n)]
		if rule == nil {
			continue
		}
		for i, code := range rule.Then.Order {
			items := n.get("then").get("order").orEmpty().items
			at := items[min(i, len(items)-1)].at
			switch s := r.catalog.byCode[code]; {
			case s == nil && !c.faulty(at.pack, "catalog/"):
				c.fault(at, "The rule %s orders the service %q, which does not exist.", rule.Code, clip(code))
			case s != nil && (s.OrderType != packsapi.OrderTypeLab || len(s.Panel) > 0):
				c.fault(at, "The rule %s orders %s, which is no single test of the laboratory.", rule.Code, code)
			}
		}
	}
}

// checkReferences finds what the pack names and no layer has.
func (r *resolved) checkReferences(c *reading) {
	r.checkCards(c)
	manifest := func(p *pack) place { return place{pack: p.ID, file: "pack.yaml", line: 1} }
	for _, layer := range r.layers {
		if layer != r.own && slices.Contains(r.chain, layer) {
			continue // checked when it was joined itself
		}
		for _, n := range layer.workflows {
			encounterType, _ := n.get("encounter_type").str()
			if encounterType != "" && !slices.Contains(r.encounterTypes, encounterType) && !slices.Contains(layer.EncounterTypes, encounterType) {
				c.fault(n.at, "pack.yaml does not list the encounter type %s.", clip(encounterType))
			}
		}
		for _, encounterType := range layer.EncounterTypes {
			if r.workflows[encounterType] == nil && !c.faulty(layer.ID, "workflows/") {
				at := manifest(layer)
				for _, item := range layer.manifest.get("encounter_types").orEmpty().items {
					if s, _ := item.str(); s == encounterType {
						at = item.at
					}
				}
				c.fault(at, "The encounter type %s has no workflow.", encounterType)
			}
		}
	}
}

// faulty says whether a fault has been told of these files of a pack: what follows from it need not be.
func (r *reading) faulty(pack, prefix string) bool {
	return slices.ContainsFunc(r.faults, func(f Fault) bool { return strings.HasPrefix(f.File, pack+"/"+prefix) })
}
