// Package ordersapi is the contract of the orders module.
package ordersapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
)

// Status is how far an order has come. It follows from its items.
type Status string

// The statuses of an order.
const (
	StatusCreated    Status = "CREATED"
	StatusInProgress Status = "IN_PROGRESS"
	StatusCompleted  Status = "COMPLETED"
	StatusCancelled  Status = "CANCELLED"
)

// ItemStatus is how far one line of an order has come.
type ItemStatus string

// The statuses of an item.
const (
	ItemStatusRequested  ItemStatus = "REQUESTED"
	ItemStatusInProgress ItemStatus = "IN_PROGRESS"
	ItemStatusCompleted  ItemStatus = "COMPLETED"
	ItemStatusCancelled  ItemStatus = "CANCELLED"
)

// Reader tells other modules what was ordered.
type Reader interface {
	// Recent lists the items ordered for a patient since a time, except those cancelled; newest first, at most 500.
	Recent(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID, since time.Time) ([]RecentItem, error)
	// ItemsOf lists the items of some orders of the scope's facility, except those cancelled, as each order has them.
	ItemsOf(ctx context.Context, q db.DBTX, scope db.Scope, orderIDs []uuid.UUID) ([]RecentItem, error)
}

// RecentDays is how far back rules look at a patient's orders.
const RecentDays = 365

// RecentItem is one item that was ordered for a patient.
type RecentItem struct {
	OrderID, ItemID              uuid.UUID
	OrderType, ServiceCode, Name string
	Status                       ItemStatus
	OrderedAt                    time.Time
}

// Fact is the item as rules know it, one of facts.active_orders. Days are those of the calendar in now's zone.
func (r RecentItem) Fact(now time.Time) map[string]any {
	return map[string]any{
		"order_type": r.OrderType, "service_code": r.ServiceCode, "status": string(r.Status),
		"days_ago": int64(clock.DateOf(r.OrderedAt.In(now.Location())).DaysUntil(clock.DateOf(now))),
	}
}

// ShortID is what the tasks of an item are told apart by: its first eight characters. The ids of items are random, not
// in the order of time, so that those of one order differ there.
func ShortID(itemID uuid.UUID) string { return itemID.String()[:8] }

// TaskCode is the code of an item's task in its encounter.
func TaskCode(code string, itemID uuid.UUID) string { return code + "-" + ShortID(itemID) }
