package orders

import (
	"context"
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
	items := make([]ordersapi.RecentItem, len(rows))
	for i, row := range rows {
		items[i] = ordersapi.RecentItem{OrderID: row.OrderID, ItemID: row.ID, OrderType: row.OrderType, ServiceCode: row.ServiceCode,
			Status: ordersapi.ItemStatus(row.Status), OrderedAt: row.CreatedAt}
	}
	return items, nil
}
