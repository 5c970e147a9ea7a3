package orders

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// Reader is ordersapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ ordersapi.Reader = Reader{}

// Recent lists the items ordered for a patient since a time, except those cancelled.
func (Reader) Recent(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID, since time.Time) ([]ordersapi.RecentItem, error) {
	rows, err := ordersdb.New(q).RecentItems(ctx, ordersdb.RecentItemsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientID: patientID, Since: since})
	if err != nil {
		return nil, err
	}
	return presentRecent(rows), nil
}

// ItemsOf lists the items of some orders, except those cancelled.
func (Reader) ItemsOf(ctx context.Context, q db.DBTX, scope db.Scope, orderIDs []uuid.UUID) ([]ordersapi.RecentItem, error) {
	rows, err := ordersdb.New(q).ItemsOfOrders(ctx, ordersdb.ItemsOfOrdersParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderIds: orderIDs})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(presentRecent(rows), func(item ordersapi.RecentItem) bool { return item.Status == ordersapi.ItemStatusCancelled }), nil
}

func presentRecent(rows []ordersdb.OrdersItem) []ordersapi.RecentItem {
	items := make([]ordersapi.RecentItem, len(rows))
	for i, row := range rows {
		items[i] = ordersapi.RecentItem{OrderID: row.OrderID, ItemID: row.ID, OrderType: row.OrderType, ServiceCode: row.ServiceCode, Name: row.Name,
			Status: ordersapi.ItemStatus(row.Status), OrderedAt: row.CreatedAt}
	}
	return items
}
