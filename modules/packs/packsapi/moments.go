package packsapi

// CloseFacts are the facts of MomentEncounterClose.
type CloseFacts struct {
	About
	// Required is what the workflow asks for, with titles for the message.
	Required struct {
		Tasks     []Named
		Documents []Named
	}
	Tasks           []TaskFact
	Documents       []DocumentFact
	CriticalResults []CriticalResultFact
}

// Named is a code with the words people know it by.
type Named struct{ Code, Title string }

// TaskFact is a task of the encounter.
type TaskFact struct{ Code, Title, Status string }

// DocumentFact is a clinical document of the encounter: FINAL for a signed one, DRAFT for one that is begun.
type DocumentFact struct{ TemplateCode, Status string }

// CriticalResultFact is a critical laboratory result of the encounter.
type CriticalResultFact struct {
	Code         string
	Acknowledged bool
}

// Map gives the facts under the names rules use: encounter, patient, now, required, facts.
func (c CloseFacts) Map() map[string]any {
	named := func(all []Named) []any {
		list := make([]any, len(all))
		for i, n := range all {
			list[i] = map[string]any{"code": n.Code, "title": n.Title}
		}
		return list
	}
	tasks := make([]any, len(c.Tasks))
	for i, t := range c.Tasks {
		tasks[i] = map[string]any{"code": t.Code, "title": t.Title, "status": t.Status}
	}
	documents := make([]any, len(c.Documents))
	for i, d := range c.Documents {
		documents[i] = map[string]any{"template_code": d.TemplateCode, "status": d.Status}
	}
	results := make([]any, len(c.CriticalResults))
	for i, r := range c.CriticalResults {
		results[i] = map[string]any{"code": r.Code, "acknowledged": r.Acknowledged}
	}
	return map[string]any{
		"encounter": c.Encounter.Map(),
		"patient":   c.Patient.Map(),
		"now":       c.Now,
		"required":  map[string]any{"tasks": named(c.Required.Tasks), "documents": named(c.Required.Documents)},
		"facts":     map[string]any{"tasks": tasks, "documents": documents, "critical_results": results},
	}
}

// ClinicalFacts are what is known of the patient when something is ordered or signed.
type ClinicalFacts struct {
	// RecentResults are the patient's observations, the newest first.
	RecentResults []ResultFact
	// ActiveOrders are lines ordered before and not cancelled.
	ActiveOrders []ActiveOrderFact
}

// ResultFact is one observation: a number, or a text or code. Comparator is < or > where Value is only a bound;
// Superseded says that a later sample of the same service gave no value of it.
type ResultFact struct {
	Code, System string
	Value        *float64
	Comparator   string
	Text         string
	Unit         string
	Superseded   bool
	DaysAgo      int
}

// ActiveOrderFact is one line of an earlier order.
type ActiveOrderFact struct {
	OrderType, ServiceCode, Status string
	DaysAgo                        int
}

// Map gives the facts under the names rules use: recent_results, active_orders.
func (c ClinicalFacts) Map() map[string]any {
	results := make([]any, len(c.RecentResults))
	for i, r := range c.RecentResults {
		m := map[string]any{"code": r.Code, "system": r.System, "text": r.Text, "unit": r.Unit, "comparator": r.Comparator, "superseded": r.Superseded, "days_ago": r.DaysAgo}
		if r.Value != nil {
			m["value"] = *r.Value
		}
		results[i] = m
	}
	orders := make([]any, len(c.ActiveOrders))
	for i, o := range c.ActiveOrders {
		orders[i] = map[string]any{"order_type": o.OrderType, "service_code": o.ServiceCode, "status": o.Status, "days_ago": o.DaysAgo}
	}
	return map[string]any{"recent_results": results, "active_orders": orders}
}

// FinalizeFacts are the facts of MomentDocumentFinalize.
type FinalizeFacts struct {
	About
	TemplateCode string
	Payload      map[string]any
	Computed     map[string]any
}

// Map gives the facts under the names rules use, but for what else the record says, which is gathered where a rule asks
// for it: encounter, patient, now, document.
func (f FinalizeFacts) Map() map[string]any {
	return map[string]any{
		"encounter": f.Encounter.Map(),
		"patient":   f.Patient.Map(),
		"now":       f.Now,
		"document":  map[string]any{"template_code": f.TemplateCode, "payload": f.Payload, "computed": f.Computed},
	}
}

// OrderFacts are the facts of MomentOrderCreate.
type OrderFacts struct {
	About
	OrderType, Priority, Note string
	Items                     []OrderItemFact
	Clinical                  ClinicalFacts
}

// OrderItemFact is one line of the order being made.
type OrderItemFact struct {
	ServiceCode, Name, Priority string
	// Synonyms are what else the catalogue calls the service, its family among them.
	Synonyms []string
	Quantity int
	Data     map[string]any
}

// Map gives the facts under the names rules use: encounter, patient, now, order, facts.
func (o OrderFacts) Map() map[string]any {
	items := make([]any, len(o.Items))
	for i, item := range o.Items {
		synonyms := make([]any, len(item.Synonyms))
		for j, s := range item.Synonyms {
			synonyms[j] = s
		}
		m := map[string]any{
			"service_code": item.ServiceCode, "name": item.Name, "synonyms": synonyms, "priority": item.Priority, "quantity": item.Quantity,
		}
		if item.Data != nil {
			m["data"] = item.Data
		}
		items[i] = m
	}
	return map[string]any{
		"encounter": o.Encounter.Map(),
		"patient":   o.Patient.Map(),
		"now":       o.Now,
		"order":     map[string]any{"order_type": o.OrderType, "priority": o.Priority, "note": o.Note, "items": items},
		"facts":     o.Clinical.Map(),
	}
}
