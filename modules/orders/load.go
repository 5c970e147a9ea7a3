package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Moment is when something was done in the past, and by whom.
type Moment struct {
	At time.Time
	By uuid.UUID
}

// Loaded is an order of the past: what was done with its items, and when. Nil was not done.
type Loaded struct {
	ID uuid.UUID
	// Encounter it was placed in; its ID, PatientID and Pack are asked for.
	Encounter           encountersapi.Encounter
	OrderType, Priority string
	Ordered             Moment
	Items               []LoadedItem
}

// LoadedItem is one service of an order; none that stands for others, and none that asks for data.
type LoadedItem struct {
	ID                 uuid.UUID
	ServiceCode        string
	Started, Completed *Moment
}

// Load writes orders as the acts would have left them, and their events; it gives what the house is told of each when it is
// placed, in their order. tx is in the facility's scope, in which the encounters are.
func (m *Module) Load(ctx context.Context, tx db.Tx, ids *id.Source, all []Loaded) ([]ordersapi.Created, error) {
	if len(all) == 0 {
		return nil, nil
	}
	library, err := m.deps.Packs.Of(ctx, tx, tx.Scope())
	if err != nil {
		return nil, err
	}
	var rows []ordersdb.OrdersOrder
	var items []ordersdb.OrdersItem
	var past []events.Past
	told := make([]ordersapi.Created, len(all))
	for i, l := range all {
		catalog, err := library.Catalog(l.Encounter.Pack)
		if err != nil {
			return nil, unavailable(l.Encounter.Pack, err)
		}
		order, created, happened, err := l.rows(tx.Scope(), catalog)
		if err != nil {
			return nil, fmt.Errorf("order %s of the load: %w", l.ID, err)
		}
		told[i] = created
		rows, items, past = append(rows, order.OrdersOrder), append(items, order.items...), append(past, happened...)
	}
	if err := db.InsertRows(ctx, tx, `orders."order"`, rows); err != nil {
		return nil, err
	}
	if err := db.InsertRows(ctx, tx, "orders.item", items, "short_id"); err != nil {
		return nil, err
	}
	return told, m.deps.Bus.Load(ctx, tx, ids, past)
}

// rows is how the moves leave the order and its items, and what was told of it.
func (l Loaded) rows(scope db.Scope, catalog packsapi.Catalog) (order whole, created ordersapi.Created, past []events.Past, err error) {
	request := ordersapi.Request{OrderType: l.OrderType, Priority: l.Priority}
	for _, item := range l.Items {
		request.Items = append(request.Items, ordersapi.RequestItem{ServiceCode: item.ServiceCode})
	}
	lines, err := linesOf(catalog, request)
	if err != nil {
		return order, created, nil, err
	}
	if len(lines) != len(l.Items) {
		return order, created, nil, fmt.Errorf("%d items stand for %d services", len(l.Items), len(lines))
	}
	order.OrdersOrder = ordersdb.OrdersOrder{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: l.ID, EncounterID: l.Encounter.ID, PatientID: l.Encounter.PatientID,
		Pack: l.Encounter.Pack, OrderType: l.OrderType, Priority: l.Priority, OrderedByID: id.Ptr(l.Ordered.By), Version: 1,
		CreatedAt: l.Ordered.At, UpdatedAt: l.Ordered.At,
	}
	created = ordersapi.Created{About: aboutOf(order.OrdersOrder), Priority: l.Priority}
	happened := func(at Moment, e events.Event) {
		past = append(past, events.Past{Event: e, FacilityID: scope.FacilityID, ActorID: at.By, At: at.At})
	}
	var statuses []ordersapi.ItemStatus
	var last Moment
	for i, item := range l.Items {
		row := ordersdb.OrdersItem{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: item.ID, OrderID: l.ID, EncounterID: l.Encounter.ID,
			PatientID: l.Encounter.PatientID, Place: int32(i), OrderType: l.OrderType, ServiceCode: item.ServiceCode, //nolint:gosec // a few items
			Name: lines[i].service.Name.In(packsapi.DefaultLocale), Priority: lines[i].priority, Quantity: 1,
			Instructions: words(lines[i].service.Instructions.In(packsapi.DefaultLocale)), Data: json.RawMessage("{}"),
			Status: string(ordersapi.ItemStatusRequested), DueAt: lines[i].dueAt(l.Ordered.At), CreatedAt: l.Ordered.At,
		}
		created.Items = append(created.Items, ordersapi.CreatedItem{ItemID: item.ID, ServiceCode: row.ServiceCode, Name: row.Name,
			Priority: row.Priority, DueAt: row.DueAt, Tasks: lines[i].tasks(item.ID, l.Ordered.At)})
		for _, step := range []struct {
			move   move
			moment *Moment
			at     **time.Time
			by     **uuid.UUID
		}{{start, item.Started, &row.StartedAt, &row.StartedByID}, {complete, item.Completed, &row.CompletedAt, &row.CompletedByID}} {
			if step.moment == nil {
				continue
			}
			to, legal := after(ordersapi.ItemStatus(row.Status), step.move)
			if !legal || step.moment.At.Before(l.Ordered.At) {
				return order, created, nil, errIllegalTransition.With("item_status", row.Status)
			}
			row.Status, *step.at, *step.by = string(to), &step.moment.At, id.Ptr(step.moment.By)
			order.Version++
			if step.moment.At.After(last.At) {
				last = *step.moment
			}
			happened(*step.moment, itemEvent(order.OrdersOrder, row, to))
		}
		statuses, order.items = append(statuses, ordersapi.ItemStatus(row.Status)), append(order.items, row)
	}
	happened(l.Ordered, created)
	order.Status = string(derive(statuses))
	if last.At.After(order.UpdatedAt) {
		order.UpdatedAt = last.At
	}
	if order.Status == string(ordersapi.StatusCompleted) {
		order.CompletedAt = &last.At
		happened(last, orderEvent(order.OrdersOrder))
	}
	return order, created, past, nil
}
