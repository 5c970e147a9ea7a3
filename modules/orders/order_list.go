package orders

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// ListInput filters orders; filters given together must all hold.
type ListInput struct {
	httpx.PageParams
	EncounterID uuid.UUID `query:"encounter_id" format:"uuid"`
	PatientID   uuid.UUID `query:"patient_id" format:"uuid"`
	OrderType   string    `query:"order_type" maxLength:"100"`
	Status      []string  `query:"status,explode" maxItems:"20" doc:"CREATED IN_PROGRESS COMPLETED CANCELLED; several by repetition or commas"`
}

// listKey is where a page ended.
type listKey struct {
	At time.Time
	ID uuid.UUID
}

const orderColumns = `tenant_id, facility_id, id, encounter_id, patient_id, pack, order_type, priority, status, note, ordered_by_id,
	completed_at, cancelled_at, cancelled_by_id, cancel_reason, version, created_at, updated_at`

// List gives the facility's orders, the newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[ordersapi.Order], error) {
	scope, _ := db.ScopeOf(ctx)
	var page httpx.Page[ordersapi.Order]
	var after listKey
	more, err := in.After(&after)
	if err != nil {
		return page, err
	}
	where, err := filter(scope, in)
	if err != nil {
		return page, err
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM orders.order`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return page, err
		}
	}
	if more {
		where.And("(created_at, id) < (?::timestamptz, ?::uuid)", after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+orderColumns+` FROM orders.order`+where.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+limit, where.Args()...)
	if err != nil {
		return page, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[ordersdb.OrdersOrder])
	if err != nil {
		return page, err
	}
	all, err := withItems(ctx, q, scope, found)
	if err != nil {
		return page, err
	}
	shown, err := m.present(ctx, q, scope, all)
	if err != nil {
		return page, err
	}
	page = httpx.NewPage(shown, in.Limit, func(o ordersapi.Order) any { return listKey{o.CreatedAt, o.ID} })
	page.Count = count
	return page, nil
}

func filter(scope db.Scope, in ListInput) (*db.Where, error) {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.EncounterID != uuid.Nil {
		w.And("encounter_id = ?", in.EncounterID)
	}
	if in.PatientID != uuid.Nil {
		w.And("patient_id = ?", in.PatientID)
	}
	if in.OrderType != "" {
		w.And("order_type = ?", in.OrderType)
	}
	asked, err := httpx.Among("status", in.Status, statuses)
	if err != nil {
		return nil, err
	}
	if condition := db.AnyOf("status", asked, statuses); condition != "" {
		w.And(condition)
	}
	return w, nil
}

var statuses = []ordersapi.Status{ordersapi.StatusCreated, ordersapi.StatusInProgress, ordersapi.StatusCompleted, ordersapi.StatusCancelled}
