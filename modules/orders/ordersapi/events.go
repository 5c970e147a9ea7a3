package ordersapi

import (
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// Entity and EntityItem are what events and the audit trail call an order and one of its lines.
const (
	Entity     = "order"
	EntityItem = "order_item"
)

// About is what every event of an order says: which, and whose.
type About struct {
	OrderID     uuid.UUID `json:"order_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	OrderType   string    `json:"order_type"`
}

// EventKeys files the event under the order, its encounter and its patient.
func (a About) EventKeys() events.Keys {
	return events.Keys{Entity: Entity, EntityID: a.OrderID, PatientID: a.PatientID, EncounterID: a.EncounterID}
}

func (a About) entry(code, title string) events.TimelineEntry {
	return events.TimelineEntry{Type: "ORDER", Code: code, Title: title, Meta: map[string]any{"order_id": a.OrderID, "order_type": a.OrderType}}
}

// Created says that something was ordered.
type Created struct {
	About
	Priority string        `json:"priority"`
	Items    []CreatedItem `json:"items"`
}

// CreatedItem is one line of a new order, with the work that it asks of people.
type CreatedItem struct {
	ItemID      uuid.UUID `json:"item_id"`
	ServiceCode string    `json:"service_code"`
	// Name is what the catalogue calls the service, Priority the item's own, DueAt when it is due by the service's
	// turn-around; nil where its pack says nothing.
	Name     string     `json:"name"`
	Priority string     `json:"priority"`
	DueAt    *time.Time `json:"due_at"`
	Tasks    []ItemTask `json:"tasks"`
}

// ItemTask is a task that an item asks for. Code is unique in the encounter: see TaskCode.
type ItemTask struct {
	Code  string     `json:"code"`
	Title string     `json:"title"`
	Role  string     `json:"role"`
	DueAt *time.Time `json:"due_at"`
}

// EventName is orders.created.v1.
func (Created) EventName() string { return "orders.created.v1" }

// Timeline is ORDER_CREATED.
func (e Created) Timeline() events.TimelineEntry {
	t := e.entry("ORDER_CREATED", "Order placed")
	codes := make([]string, len(e.Items))
	for i, item := range e.Items {
		codes[i] = item.ServiceCode
	}
	t.Meta["priority"], t.Meta["service_codes"] = e.Priority, codes
	return t
}

// Completed says that every item of an order is done, but for those cancelled.
type Completed struct{ About }

// EventName is orders.completed.v1.
func (Completed) EventName() string { return "orders.completed.v1" }

// Timeline is ORDER_COMPLETED.
func (e Completed) Timeline() events.TimelineEntry {
	return e.entry("ORDER_COMPLETED", "Order completed")
}

// Cancelled says that every item of an order was cancelled.
type Cancelled struct{ About }

// EventName is orders.cancelled.v1.
func (Cancelled) EventName() string { return "orders.cancelled.v1" }

// Timeline is ORDER_CANCELLED.
func (e Cancelled) Timeline() events.TimelineEntry {
	return e.entry("ORDER_CANCELLED", "Order cancelled")
}

// AboutItem is what every event of one item says. The tasks of the item are those whose code ends in "-" and ShortID.
type AboutItem struct {
	About
	ItemID      uuid.UUID `json:"item_id"`
	ServiceCode string    `json:"service_code"`
}

// EventKeys files the event under the item, its encounter and its patient.
func (a AboutItem) EventKeys() events.Keys {
	return events.Keys{Entity: EntityItem, EntityID: a.ItemID, PatientID: a.PatientID, EncounterID: a.EncounterID}
}

// ItemStarted says that someone began with an item.
type ItemStarted struct{ AboutItem }

// EventName is orders.item_started.v1.
func (ItemStarted) EventName() string { return "orders.item_started.v1" }

// ItemCompleted says that an item is done. What is still to do of its tasks need not be done any more.
type ItemCompleted struct{ AboutItem }

// EventName is orders.item_completed.v1.
func (ItemCompleted) EventName() string { return "orders.item_completed.v1" }

// ItemCancelled says that an item will not be done, and so none of its tasks.
type ItemCancelled struct{ AboutItem }

// EventName is orders.item_cancelled.v1.
func (ItemCancelled) EventName() string { return "orders.item_cancelled.v1" }
