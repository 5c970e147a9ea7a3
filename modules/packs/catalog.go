package packs

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

var serviceCodePattern = regexp.MustCompile(`^[A-Z0-9][A-Z0-9._-]{0,63}$`)

const serviceCodeForm = "a service's code: capitals, digits, dots, dashes and underscores"

// catalog implements packsapi.Catalog.
type catalog struct {
	services []*packsapi.Service
	byCode   map[string]*packsapi.Service
	sets     []packsapi.OrderSet
}

// Service implements packsapi.Catalog.
func (c *catalog) Service(code string) (*packsapi.Service, bool) {
	s, ok := c.byCode[code]
	return s, ok
}

// Services implements packsapi.Catalog.
func (c *catalog) Services() []*packsapi.Service { return slices.Clone(c.services) }

// OrderSets implements packsapi.Catalog.
func (c *catalog) OrderSets() []packsapi.OrderSet { return slices.Clone(c.sets) }

// byOrder sorts what has an order and a code.
func byOrder(items []*node) []*node {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b *node) int {
		return cmp.Or(cmp.Compare(orderOf(a), orderOf(b)), strings.Compare(itemKey(a), itemKey(b)))
	})
	return items
}

// readCatalog reads the merged services and order sets, and finds what they name and is not there.
func (r *reading) readCatalog(of *resolved) *catalog {
	out := &catalog{byCode: map[string]*packsapi.Service{}}
	first := of.firstOf("catalog")
	nodes := byOrder(of.list("catalog").orEmpty().items)
	for _, n := range nodes {
		s := compiled(r, n, "service "+r.signature(n), func() *packsapi.Service { return r.readService(n, first[itemKey(n)]) })
		if s != nil {
			out.services = append(out.services, s)
			out.byCode[s.Code] = s
		}
	}
	broken := func(pack string) bool { return r.faulty(pack, "catalog/") }
	for _, n := range nodes {
		s := out.byCode[itemKey(n)]
		if s == nil {
			continue
		}
		if !slices.Contains(of.orderTypes, s.OrderType) {
			r.fault(n.get("order_type").orEmpty().at, "The order type %s is neither in pack.yaml nor in a pack that this one extends.", clip(s.OrderType))
		}
		r.checkAnalytes(n, s, of.laboratory)
		for i, code := range s.Panel {
			at := n.get("panel").items[min(i, len(n.get("panel").items)-1)].at
			member := out.byCode[code]
			switch {
			case member == nil:
				if !broken(at.pack) {
					r.fault(at, "The panel %s names the service %q, which does not exist.", s.Code, clip(code))
				}
			case len(member.Panel) > 0:
				r.fault(at, "The panel %s names %s, which is a panel itself.", s.Code, code)
			case member.OrderType != s.OrderType:
				r.fault(at, "The panel %s names %s, which is ordered as %s.", s.Code, code, member.OrderType)
			}
		}
	}
	first = of.firstOf("order_sets")
	for _, n := range byOrder(of.list("order_sets").orEmpty().items) {
		out.sets = append(out.sets, r.readOrderSet(n, first[itemKey(n)], out, broken))
	}
	return out
}

// firstOf says which pack brings each entry of a list.
func (r *resolved) firstOf(part string) map[string]string {
	first := map[string]string{}
	for _, layer := range r.layers {
		for _, n := range layer.lists[part].orEmpty().items {
			if code := itemKey(n); first[code] == "" {
				first[code] = layer.ID
			}
		}
	}
	return first
}

func (r *reading) readService(n *node, pack string) *packsapi.Service {
	before := len(r.faults)
	if !r.mapping(n, "A service", "code", "name", "order_type", "synonyms", "specimen", "analytes", "panel", "tat", "data",
		"tasks", "instructions", "duplicate_within", "order", "hidden") {
		return nil
	}
	r.need(n, "A service", "code", "name", "order_type")
	r.integer(n.get("order"), "order", -100_000, 100_000)
	r.truth(n.get("hidden"), "hidden")
	s := &packsapi.Service{
		Pack: pack, Code: r.match(n.get("code"), "code", serviceCodePattern, serviceCodeForm),
		Name: r.words(n.get("name"), "name"), OrderType: r.match(n.get("order_type"), "order_type", typePattern, "capitals, such as LAB"),
		Synonyms: r.texts(n.get("synonyms"), "synonyms"), Analytes: r.codes(n.get("analytes"), "analytes"),
		Panel: r.codes(n.get("panel"), "panel"), Instructions: r.words(n.get("instructions"), "instructions"),
		DuplicateWithin: r.duration(n.get("duplicate_within"), "duplicate_within"),
		TurnAround:      r.readTurnAround(n.get("tat")),
	}
	if p := n.get("panel"); p != nil && len(s.Panel) == 0 && len(r.faults) == before {
		r.fault(p.at, "A panel names at least one service.")
	}
	if sp := n.get("specimen"); r.mapping(sp, "specimen", "type", "container") {
		r.need(sp, "specimen", "type")
		s.Specimen = &packsapi.Specimen{Type: r.text(sp.get("type"), "type"), Container: r.text(sp.get("container"), "container")}
	}
	for _, t := range r.items(n.get("tasks"), "tasks") {
		if !r.mapping(t, "A task", "code", "title", "role", "due_in", "order", "hidden") {
			continue
		}
		r.need(t, "A task", "code", "title", "role")
		s.Tasks = append(s.Tasks, packsapi.ServiceTask{Code: r.slug(t.get("code"), "code"), Title: r.words(t.get("title"), "title"),
			Role: r.slug(t.get("role"), "role"), DueIn: r.duration(t.get("due_in"), "due_in")})
	}
	if len(s.Panel) > 0 && (len(s.Tasks) > 0 || n.get("data") != nil) {
		r.fault(n.at, "A panel has no tasks and no data of its own: it is ordered as the services it names.")
	}
	if n.get("data") != nil {
		s.Data = r.readDataForm(n.get("data"), "data")
	}
	if len(r.faults) > before {
		return nil
	}
	return s
}

func (r *reading) codes(n *node, what string) []string {
	r.once(n, what)
	for _, item := range n.orEmpty().items {
		r.match(item, "Each of "+what, serviceCodePattern, serviceCodeForm)
	}
	return r.texts(n, what)
}

func (r *reading) readTurnAround(n *node) packsapi.TurnAround {
	if !r.mapping(n, "tat", "routine", "urgent", "stat") {
		return packsapi.TurnAround{}
	}
	return packsapi.TurnAround{Routine: r.duration(n.get("routine"), "routine"), Urgent: r.duration(n.get("urgent"), "urgent"),
		Stat: r.duration(n.get("stat"), "stat")}
}

const maxQuantity = 1_000

func (r *reading) readOrderSet(n *node, pack string, c *catalog, broken func(string) bool) packsapi.OrderSet {
	out := packsapi.OrderSet{Pack: pack}
	if !r.mapping(n, "An order set", "code", "name", "items", "order", "hidden") {
		return out
	}
	r.need(n, "An order set", "code", "name", "items")
	out.Code, out.Name = r.slugOrService(n.get("code")), r.words(n.get("name"), "name")
	items := r.items(n.get("items"), "items")
	if n.get("items") != nil && len(items) == 0 {
		r.fault(n.get("items").at, "An order set names at least one service.")
	}
	for _, item := range items {
		if !r.mapping(item, "An item", "service_code", "quantity", "instructions", "data", "priority") {
			continue
		}
		r.need(item, "An item", "service_code")
		i := packsapi.OrderSetItem{ServiceCode: r.text(item.get("service_code"), "service_code"), Quantity: 1,
			Instructions: r.words(item.get("instructions"), "instructions"),
			Priority:     r.oneOf(item.get("priority"), "priority", "routine", "urgent", "stat"), Data: asMap(item.get("data").plain())}
		if item.get("quantity") != nil {
			i.Quantity = int(r.integer(item.get("quantity"), "quantity", 1, maxQuantity))
		}
		if s := c.byCode[i.ServiceCode]; s != nil {
			for _, f := range s.ValidateData(i.Data, false) {
				r.fault(item.get("data").orEmpty().at.or(item.at), "The data of %s do not fit its form: %s: %s", s.Code, f.Path, f.Message)
			}
		} else if i.ServiceCode != "" && !broken(item.at.pack) {
			r.fault(item.get("service_code").at, "The order set %q names the service %q, which does not exist.", clip(out.Code), clip(i.ServiceCode))
		}
		out.Items = append(out.Items, i)
	}
	return out
}

// slugOrService reads an order set's code, which may be written like a slug or like a service's.
func (r *reading) slugOrService(n *node) string {
	s := r.text(n, "code")
	if s != "" && (len(s) > maxSlug || !slugPattern.MatchString(s) && !serviceCodePattern.MatchString(s)) {
		r.fault(n.at, "code must be a slug such as chest-pain, of at most %d characters.", maxSlug)
		return ""
	}
	return s
}

// dataForm implements packsapi.DataEngine over a schema.
type dataForm struct{ *schema }

// Validate implements packsapi.DataEngine.
func (d dataForm) Validate(data map[string]any, final bool) []packsapi.Fault {
	if data == nil {
		data = map[string]any{}
	}
	return d.validate(data, "data", final)
}

// Document implements packsapi.DataEngine.
func (d dataForm) Document(locale string) json.RawMessage { return schemaJSON(d.source, locale) }

// readDataForm compiles the form of a patient's, an encounter's or an order item's data; nil when there is none.
func (r *reading) readDataForm(n *node, what string) *packsapi.DataForm {
	if n == nil || n.kind == nothing {
		return nil
	}
	return compiled(r, n, "data "+r.signature(n), func() *packsapi.DataForm {
		s := r.compileSchema(n, what)
		if s == nil {
			return nil
		}
		return packsapi.NewDataForm(r.readSearch(s), dataForm{s})
	})
}

// readSearch finds the fields that can be searched.
func (r *reading) readSearch(s *schema) []packsapi.SearchField {
	var out []packsapi.SearchField
	for _, f := range s.source.get("properties").fields {
		mark := f.value.get("x-search")
		if mark == nil || !r.truth(mark, "x-search") {
			continue
		}
		at := s.shape.fields[f.key]
		search := packsapi.SearchField{Name: f.key, Title: at.title}
		for _, c := range append(f.value.get("oneOf").orEmpty().items, f.value.get("enum").orEmpty().items...) {
			value := c
			if c.kind == mapping {
				value = c.get("const")
			}
			if code, ok := value.str(); ok {
				search.Codes = append(search.Codes, code)
			}
		}
		switch at.kind {
		case textShape:
			search.Kind = packsapi.SearchText
			if len(search.Codes) > 0 {
				search.Kind = packsapi.SearchCode
			}
		case intShape:
			search.Kind = packsapi.SearchInteger
		case doubleShape:
			search.Kind = packsapi.SearchNumber
		case boolShape:
			search.Kind = packsapi.SearchBoolean
		default:
			r.fault(mark.at, "Only a text, a number, a choice or true and false can be searched; %q is none of them.", f.key)
			continue
		}
		out = append(out, search)
	}
	return out
}
