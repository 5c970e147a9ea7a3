package orders

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

var errNotFound = errs.NotFound("orders.not_found", "There is no such order.")

// whole is an order with its items in their places.
type whole struct {
	ordersdb.OrdersOrder
	items []ordersdb.OrdersItem
}

// ByID names one order.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one order.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (ordersapi.Order, error) {
	scope, _ := db.ScopeOf(ctx)
	order, err := get(ctx, q, scope, in.ID)
	if err != nil {
		return ordersapi.Order{}, err
	}
	return m.presentOne(ctx, q, scope, order)
}

func get(ctx context.Context, q db.DBTX, scope db.Scope, orderID uuid.UUID) (whole, error) {
	rows, err := ordersdb.New(q).GetOrder(ctx, ordersdb.GetOrderParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: orderID})
	if err != nil {
		return whole{}, err
	}
	if len(rows) == 0 {
		return whole{}, errNotFound
	}
	order := whole{OrdersOrder: rows[0].OrdersOrder, items: make([]ordersdb.OrdersItem, len(rows))}
	for i, row := range rows {
		order.items[i] = row.OrdersItem
	}
	return order, nil
}

// withItems gives each order its items, which it asks for all at once.
func withItems(ctx context.Context, q db.DBTX, scope db.Scope, rows []ordersdb.OrdersOrder) ([]whole, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	all, place, ids := make([]whole, len(rows)), make(map[uuid.UUID]int, len(rows)), make([]uuid.UUID, len(rows))
	for i, row := range rows {
		all[i].OrdersOrder, place[row.ID], ids[i] = row, i, row.ID
	}
	items, err := ordersdb.New(q).ItemsOfOrders(ctx, ordersdb.ItemsOfOrdersParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderIds: ids})
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		of := &all[place[item.OrderID]]
		of.items = append(of.items, item)
	}
	return all, nil
}

func (m *Module) presentOne(ctx context.Context, q db.DBTX, scope db.Scope, order whole) (ordersapi.Order, error) {
	all, err := m.present(ctx, q, scope, []whole{order})
	if err != nil {
		return ordersapi.Order{}, err
	}
	return all[0], nil
}

// present shows orders with their patients' and orderers' names, which it asks for all at once.
func (m *Module) present(ctx context.Context, q db.DBTX, scope db.Scope, rows []whole) ([]ordersapi.Order, error) {
	if len(rows) == 0 {
		return []ordersapi.Order{}, nil
	}
	var patientIDs, userIDs []uuid.UUID
	for _, row := range rows {
		patientIDs = append(patientIDs, row.PatientID)
		if row.OrderedByID != nil {
			userIDs = append(userIDs, *row.OrderedByID)
		}
	}
	patients, err := m.deps.Patients.Summaries(ctx, q, scope, id.Distinct(patientIDs))
	if err != nil {
		return nil, err
	}
	var names map[uuid.UUID]string
	if len(userIDs) > 0 {
		if names, err = m.deps.Users.Names(ctx, q, scope.TenantID, id.Distinct(userIDs)); err != nil {
			return nil, err
		}
	}
	mayCancel, mayComplete := auth.Can(ctx, CanCancel), auth.Can(ctx, CanComplete)
	all := make([]ordersapi.Order, len(rows))
	for i, row := range rows {
		patient := patients[row.PatientID]
		o := ordersapi.Order{
			Version: httpx.Version(row.Version), ID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID,
			Patient: ordersapi.Patient{ID: row.PatientID, FullName: patient.FullName, MRN: patient.MRN}, Pack: row.Pack, OrderType: row.OrderType,
			Priority: row.Priority, Status: ordersapi.Status(row.Status), Note: row.Note, Items: make([]ordersapi.Item, len(row.items)),
			OrderedByID: row.OrderedByID, CompletedAt: row.CompletedAt, CancelledAt: row.CancelledAt, CancelReason: row.CancelReason,
			CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Actions: []string{},
		}
		if row.OrderedByID != nil {
			o.OrderedBy = &ordersapi.Person{ID: *row.OrderedByID, FullName: names[*row.OrderedByID]}
		}
		for j, item := range row.items {
			if o.Items[j], err = presentItem(item, mayComplete, mayCancel); err != nil {
				return nil, err
			}
			if isOpen(o.Items[j].Status) && mayCancel {
				o.Actions = []string{string(cancel)}
			}
		}
		all[i] = o
	}
	return all, nil
}

func presentItem(row ordersdb.OrdersItem, mayComplete, mayCancel bool) (ordersapi.Item, error) {
	item := ordersapi.Item{
		ID: row.ID, ServiceCode: row.ServiceCode, Name: row.Name, PanelCode: row.PanelCode, Status: ordersapi.ItemStatus(row.Status),
		Priority: row.Priority, Quantity: int(row.Quantity), Instructions: row.Instructions, DueAt: row.DueAt, StartedAt: row.StartedAt,
		CompletedAt: row.CompletedAt, CancelledAt: row.CancelledAt, CancelReason: row.CancelReason, Actions: []string{},
	}
	if err := json.Unmarshal(row.Data, &item.Data); err != nil {
		return item, fmt.Errorf("data of order item %s: %w", row.ID, err)
	}
	if isOpen(item.Status) && mayComplete {
		item.Actions = append(item.Actions, string(complete))
	}
	if isOpen(item.Status) && mayCancel {
		item.Actions = append(item.Actions, string(cancel))
	}
	return item, nil
}
