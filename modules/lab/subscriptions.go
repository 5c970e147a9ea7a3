package lab

import (
	"context"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// Subscribe listens to other modules. Call it once all of them exist.
func (m *Module) Subscribe() {
	const follows = "lab.follow_orders"
	events.Within(m.deps.Bus, follows, m.request)
	events.Within(m.deps.Bus, follows, func(ctx context.Context, tx db.Tx, e ordersapi.ItemCancelled) error {
		return m.cancel(ctx, tx, e.AboutItem)
	})
	// By hand: what a release completes was released before anybody hears of it here.
	events.Within(m.deps.Bus, follows, func(ctx context.Context, tx db.Tx, e ordersapi.ItemCompleted) error {
		return m.cancel(ctx, tx, e.AboutItem)
	})
	events.Within(m.deps.Bus, "lab.keep_results", func(ctx context.Context, tx db.Tx, e encountersapi.Cancelled) error {
		return m.keepResults(ctx, tx, e.EncounterID)
	})
	events.Within(m.deps.Bus, "lab.follow_rules", m.followRule)
	m.schedule()
}
