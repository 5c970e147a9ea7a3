package orders

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// followLaboratory listens to the laboratory: an item of its begins with the sample and is done with the result that
// everyone may see. A person may complete it before.
func (m *Module) followLaboratory() {
	const follows = "orders.follow_laboratory"
	events.Within(m.deps.Bus, follows, func(ctx context.Context, tx db.Tx, e labapi.SampleCollected) error {
		return m.leadItems(ctx, tx, e.Items, start, ordersapi.ItemStatusInProgress)
	})
	events.Within(m.deps.Bus, follows, func(ctx context.Context, tx db.Tx, e labapi.ResultReleased) error {
		return m.leadItems(ctx, tx, []labapi.ItemRef{e.ItemRef}, complete, ordersapi.ItemStatusCompleted)
	})
}

// leadItems makes one move with items of one or more orders. What is over or holds already stays as it is: a sample is
// taken again for an item that was begun, and a corrected result is released for one that is done.
func (m *Module) leadItems(ctx context.Context, tx db.Tx, items []labapi.ItemRef, what move, to ordersapi.ItemStatus) error {
	wanted := map[uuid.UUID][]uuid.UUID{}
	for _, item := range items {
		wanted[item.OrderID] = append(wanted[item.OrderID], item.ItemID)
	}
	ids := make([]uuid.UUID, 0, len(wanted))
	for orderID := range wanted {
		ids = append(ids, orderID)
	}
	// In the order of their ids, so that two who lead several never wait for each other.
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	for _, orderID := range ids {
		_, err := m.change(ctx, tx, orderID, change{to: to}, func(order whole) ([]ordersdb.OrdersItem, error) {
			return slices.DeleteFunc(slices.Clone(order.items), func(item ordersdb.OrdersItem) bool {
				_, legal := after(ordersapi.ItemStatus(item.Status), what)
				return !slices.Contains(wanted[orderID], item.ID) || !legal || item.Status == string(to)
			}), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
