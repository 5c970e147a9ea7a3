package orders

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// Subscribe listens to other modules. Call it once all of them exist.
func (m *Module) Subscribe() {
	const follows, ends = "orders.follow_item_tasks", "orders.cancel_with_encounter"
	events.Within(m.deps.Bus, follows, func(ctx context.Context, tx db.Tx, e tasksapi.Started) error {
		return m.follow(ctx, tx, e.EncounterID, e.Code, start)
	})
	events.Within(m.deps.Bus, follows, func(ctx context.Context, tx db.Tx, e tasksapi.Done) error {
		return m.follow(ctx, tx, e.EncounterID, e.Code, complete)
	})
	m.followLaboratory()
	events.Within(m.deps.Bus, ends, func(ctx context.Context, tx db.Tx, e encountersapi.Cancelled) error {
		return m.cancelWith(ctx, tx, e.EncounterID)
	})
}

// itemsTask is the code of a task that an item asked for: it ends in the item's short id.
var itemsTask = regexp.MustCompile(`^.+-([0-9a-f]{8})$`)

// follow moves the item that a task belongs to: with the first that is begun, and with the last that is done. The task
// is locked by whoever tells of it, the order here.
func (m *Module) follow(ctx context.Context, tx db.Tx, encounterID uuid.UUID, taskCode string, what move) error {
	match := itemsTask.FindStringSubmatch(taskCode)
	if match == nil {
		return nil
	}
	scope, queries := tx.Scope(), ordersdb.New(tx)
	found, err := queries.OrderOfItem(ctx, ordersdb.OrderOfItemParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: encounterID, ShortID: &match[1]})
	if db.IsNoRows(err) {
		return nil
	}
	if err != nil || what == complete && found.OrderType == packsapi.OrderTypeLab {
		return err // the laboratory's work is done when its result is released, not when a list of tasks is empty
	}
	order, err := lock(ctx, tx, found.OrderID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(order.items, func(item ordersdb.OrdersItem) bool { return item.ID == found.ItemID })
	to, legal := after(ordersapi.ItemStatus(order.items[i].Status), what)
	if !legal || string(to) == order.items[i].Status {
		return nil // a person was ahead of the tasks, or a task is done again
	}
	if what == complete {
		if left, err := m.leftToDo(ctx, tx, encounterID, found.ItemID); err != nil || left {
			return err
		}
	}
	_, err = m.lead(ctx, tx, order, order.items[i:i+1], change{to: to})
	return err
}

// leftToDo tells whether a task of an item still waits for someone.
func (m *Module) leftToDo(ctx context.Context, tx db.Tx, encounterID, itemID uuid.UUID) (bool, error) {
	tasks, err := m.deps.Tasks.OfEncounter(ctx, tx, tx.Scope(), encounterID)
	return slices.ContainsFunc(tasks, func(t tasksapi.Task) bool {
		return strings.HasSuffix(t.Code, ordersapi.TaskCode("", itemID)) && (t.Status == tasksapi.StatusOpen || t.Status == tasksapi.StatusInProgress)
	}), err
}

// cancelWith cancels what is still open of the orders of an encounter that was cancelled. Nobody else moves them
// meanwhile: whoever does holds the encounter.
func (m *Module) cancelWith(ctx context.Context, tx db.Tx, encounterID uuid.UUID) error {
	scope, reason := tx.Scope(), "The encounter was cancelled."
	ids, err := ordersdb.New(tx).OrdersUnderWay(ctx, ordersdb.OrdersUnderWayParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: encounterID})
	if err != nil {
		return err
	}
	for _, orderID := range ids {
		order, err := lock(ctx, tx, orderID)
		if err != nil {
			return err
		}
		open := slices.DeleteFunc(slices.Clone(order.items), func(item ordersdb.OrdersItem) bool { return !isOpen(ordersapi.ItemStatus(item.Status)) })
		if _, err := m.lead(ctx, tx, order, open, change{to: ordersapi.ItemStatusCancelled, reason: &reason, whole: true}); err != nil {
			return err
		}
	}
	return nil
}

// lock reads an order as nobody can change it until the end of tx.
func lock(ctx context.Context, tx db.Tx, orderID uuid.UUID) (whole, error) {
	scope := tx.Scope()
	row, err := ordersdb.New(tx).LockOrder(ctx, ordersdb.LockOrderParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: orderID})
	if err != nil {
		return whole{}, err
	}
	all, err := withItems(ctx, tx, scope, []ordersdb.OrdersOrder{row})
	if err != nil {
		return whole{}, err
	}
	return all[0], nil
}
