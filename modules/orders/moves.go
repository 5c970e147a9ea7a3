package orders

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

var (
	errItemNotFound      = errs.NotFound("orders.item_not_found", "This order has no such item.")
	errIllegalTransition = errs.Conflict("orders.illegal_transition", "An order or item of this status cannot make this move.")
	errBusy              = errs.Unavailable("orders.busy", "Others are changing this order right now. Try again.", time.Second)
	// errChanged says that someone changed the order between reading and writing it.
	errChanged = errors.New("orders: changed meanwhile")
)

// Reason says why something is cancelled.
type Reason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"2000" pattern:"\\S" patternDescription:"a reason in words"`
}

// CancelInput cancels an order.
type CancelInput struct {
	ByID
	Body Reason
}

// ItemByID names one item of an order.
type ItemByID struct {
	ByID
	ItemID uuid.UUID `path:"item_id" format:"uuid"`
}

// CancelItemInput cancels one item.
type CancelItemInput struct {
	ItemByID
	Body Reason
}

// Cancel cancels what is still open of an order. What is done stays done, and so may the order be.
func (m *Module) Cancel(ctx context.Context, tx db.Tx, in CancelInput) (ordersapi.Order, error) {
	reason := words(in.Body.Reason)
	if reason == nil {
		return ordersapi.Order{}, errInvalid.At("body.reason", "Say why the order is cancelled.")
	}
	return m.act(ctx, tx, in.ID, change{to: ordersapi.ItemStatusCancelled, reason: reason, whole: true}, func(order whole) ([]ordersdb.OrdersItem, error) {
		var open []ordersdb.OrdersItem
		for _, item := range order.items {
			if isOpen(ordersapi.ItemStatus(item.Status)) {
				open = append(open, item)
			}
		}
		if len(open) == 0 && order.CancelledAt == nil {
			return nil, errIllegalTransition.With("order_status", order.Status)
		}
		return open, nil
	})
}

// CompleteItem says that an item is done.
func (m *Module) CompleteItem(ctx context.Context, tx db.Tx, in ItemByID) (ordersapi.Order, error) {
	return m.act(ctx, tx, in.ID, change{to: ordersapi.ItemStatusCompleted}, itemFor(in.ItemID, complete))
}

// CancelItem says that an item will not be done.
func (m *Module) CancelItem(ctx context.Context, tx db.Tx, in CancelItemInput) (ordersapi.Order, error) {
	reason := words(in.Body.Reason)
	if reason == nil {
		return ordersapi.Order{}, errInvalid.At("body.reason", "Say why the item is cancelled.")
	}
	return m.act(ctx, tx, in.ID, change{to: ordersapi.ItemStatusCancelled, reason: reason}, itemFor(in.ItemID, cancel))
}

// itemFor chooses one item for a move; none when what the move wants holds.
func itemFor(itemID uuid.UUID, what move) func(whole) ([]ordersdb.OrdersItem, error) {
	return func(order whole) ([]ordersdb.OrdersItem, error) {
		i := slices.IndexFunc(order.items, func(item ordersdb.OrdersItem) bool { return item.ID == itemID })
		if i < 0 {
			return nil, errItemNotFound
		}
		item := order.items[i]
		to, legal := after(ordersapi.ItemStatus(item.Status), what)
		switch {
		case !legal:
			return nil, errIllegalTransition.With("item_status", item.Status)
		case string(to) == item.Status:
			return nil, nil
		}
		return []ordersdb.OrdersItem{item}, nil
	}
}

// change is what becomes of the items that are chosen.
type change struct {
	to     ordersapi.ItemStatus
	reason *string
	// whole says that the order as such is cancelled, not items of it.
	whole bool
}

// attempts bounds how often an act begins again because others changed the order meanwhile.
const attempts = 10

// act changes items of an order and shows it.
func (m *Module) act(ctx context.Context, tx db.Tx, orderID uuid.UUID, what change, choose func(whole) ([]ordersdb.OrdersItem, error)) (ordersapi.Order, error) {
	order, err := m.change(ctx, tx, orderID, what, choose)
	if err != nil {
		return ordersapi.Order{}, err
	}
	return m.presentOne(ctx, tx, tx.Scope(), order)
}

// change changes items of an order. The house is told before the order is locked, so that tasks are locked first here as
// well as where a task leads its item; if someone was faster, everything of the attempt is undone and it begins again.
func (m *Module) change(ctx context.Context, tx db.Tx, orderID uuid.UUID, what change, choose func(whole) ([]ordersdb.OrdersItem, error)) (whole, error) {
	scope := tx.Scope()
	order, err := get(ctx, tx, scope, orderID)
	if err != nil {
		return whole{}, err
	}
	if _, err := m.deps.Encounters.Lock(ctx, tx, order.EncounterID); err != nil {
		return whole{}, err
	}
	for range attempts {
		items, err := choose(order)
		if err != nil || len(items) == 0 {
			return order, err
		}
		var changed whole
		err = tx.Nested(ctx, scope, func(tx db.Tx) error {
			changed, err = m.lead(ctx, tx, order, items, what)
			return err
		})
		if err == nil || !errors.Is(err, errChanged) {
			return changed, err
		}
		if order, err = get(ctx, tx, scope, orderID); err != nil {
			return whole{}, err
		}
	}
	return whole{}, errBusy
}

// lead takes items of an order to a status, and the order to the one that follows, telling of each.
func (m *Module) lead(ctx context.Context, tx db.Tx, order whole, items []ordersdb.OrdersItem, what change) (whole, error) {
	for _, item := range items {
		if err := m.deps.Bus.Publish(ctx, tx, itemEvent(order.OrdersOrder, item, what.to)); err != nil {
			return order, err
		}
	}
	ids, queries, now := make([]uuid.UUID, len(items)), ordersdb.New(tx), tx.Now()
	for i, item := range items {
		ids[i] = item.ID
	}
	statuses := make([]ordersapi.ItemStatus, len(order.items))
	for i, item := range order.items {
		if statuses[i] = ordersapi.ItemStatus(item.Status); slices.Contains(ids, item.ID) {
			statuses[i] = what.to
		}
	}
	before, row := order.Status, order.OrdersOrder
	row.Status = string(derive(statuses))
	if row.Status == string(ordersapi.StatusCompleted) {
		row.CompletedAt = &now
	}
	if what.whole || row.Status == string(ordersapi.StatusCancelled) {
		row.CancelledAt, row.CancelledByID, row.CancelReason = &now, id.Ptr(tx.Scope().UserID), what.reason
	}
	saved, err := queries.SaveOrder(ctx, ordersdb.SaveOrderParams{
		Status: row.Status, CompletedAt: row.CompletedAt, CancelledAt: row.CancelledAt, CancelledByID: row.CancelledByID,
		CancelReason: row.CancelReason, Now: now, TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID, Version: row.Version,
	})
	if db.IsNoRows(err) {
		return order, errChanged
	}
	if err != nil {
		return order, err
	}
	changed, err := queries.SaveItems(ctx, ordersdb.SaveItemsParams{
		Status: string(what.to), Now: now, ActorID: id.Ptr(tx.Scope().UserID), Reason: what.reason, TenantID: row.TenantID,
		FacilityID: row.FacilityID, Ids: ids,
	})
	if err != nil {
		return order, err
	}
	led := whole{saved, slices.Clone(order.items)}
	for _, item := range changed {
		led.items[item.Place] = item
	}
	if saved.Status != before {
		if over := orderEvent(saved); over != nil {
			return led, m.deps.Bus.Publish(ctx, tx, over)
		}
	}
	return led, nil
}

func itemEvent(order ordersdb.OrdersOrder, item ordersdb.OrdersItem, to ordersapi.ItemStatus) events.Event {
	about := ordersapi.AboutItem{About: aboutOf(order), ItemID: item.ID, ServiceCode: item.ServiceCode}
	switch to {
	case ordersapi.ItemStatusCompleted:
		return ordersapi.ItemCompleted{AboutItem: about}
	case ordersapi.ItemStatusCancelled:
		return ordersapi.ItemCancelled{AboutItem: about}
	default:
		return ordersapi.ItemStarted{AboutItem: about}
	}
}

// orderEvent tells of an order that is over; nothing of one that is not.
func orderEvent(order ordersdb.OrdersOrder) events.Event {
	switch ordersapi.Status(order.Status) {
	case ordersapi.StatusCompleted:
		return ordersapi.Completed{About: aboutOf(order)}
	case ordersapi.StatusCancelled:
		return ordersapi.Cancelled{About: aboutOf(order)}
	default:
		return nil
	}
}
