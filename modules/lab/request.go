package lab

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// unspecified is the specimen of a service whose pack names none.
const unspecified = "unspecified"

// newRequest is what InsertRequests reads of each item.
type newRequest struct {
	OrderItemID  uuid.UUID  `json:"order_item_id"`
	Place        int        `json:"place"`
	ServiceCode  string     `json:"service_code"`
	Name         string     `json:"name"`
	Section      *string    `json:"section"`
	SpecimenType string     `json:"specimen_type"`
	Container    *string    `json:"container"`
	Instructions *string    `json:"instructions"`
	Priority     string     `json:"priority"`
	DueAt        *time.Time `json:"due_at"`
}

// request begins the laboratory's part in an order: a request for each item, as the catalogue has it today.
func (m *Module) request(ctx context.Context, tx db.Tx, e ordersapi.Created) error {
	if e.OrderType != packsapi.OrderTypeLab {
		return nil
	}
	scope := tx.Scope()
	encounter, err := m.deps.Encounters.Get(ctx, tx, scope, e.EncounterID)
	if err != nil {
		return err
	}
	shelf, err := m.shelfOf(ctx, tx, scope, encounter.Pack)
	if err != nil {
		return err
	}
	asked := make([]newRequest, len(e.Items))
	for i, item := range e.Items {
		asked[i] = requestOf(shelf, i, item)
	}
	items, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	return labdb.New(tx).InsertRequests(ctx, labdb.InsertRequestsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: e.OrderID, EncounterID: e.EncounterID, PatientID: e.PatientID,
		EncounterType: encounter.Type, Pack: encounter.Pack, Now: tx.Now(), OrderedByID: id.Ptr(scope.UserID), Items: items,
	})
}

// requestOf is what the catalogue says of an item.
func requestOf(shelf shelf, place int, item ordersapi.CreatedItem) newRequest {
	asked := newRequest{OrderItemID: item.ItemID, Place: place, ServiceCode: item.ServiceCode, Name: item.Name, Priority: item.Priority,
		DueAt: item.DueAt, SpecimenType: unspecified, Section: sectionOf(shelf.test(item.ServiceCode, item.Name))}
	service, known := shelf.catalog.Service(item.ServiceCode)
	if !known {
		return asked
	}
	asked.Instructions = words(service.Instructions.In(packsapi.DefaultLocale))
	if service.Specimen != nil {
		asked.SpecimenType, asked.Container = service.Specimen.Type, words(service.Specimen.Container)
	}
	return asked
}

// cancel ends the laboratory's part in an item that was cancelled, or that somebody said to be done without it. It refuses
// where a result was entered that nobody outside has seen: what was measured of a patient is not buried with the order.
func (m *Module) cancel(ctx context.Context, tx db.Tx, about ordersapi.AboutItem) error {
	if about.OrderType != packsapi.OrderTypeLab {
		return nil
	}
	scope, queries, now := tx.Scope(), labdb.New(tx), tx.Now()
	cancelled, err := queries.CancelRequest(ctx, labdb.CancelRequestParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderItemID: about.ItemID, Now: &now})
	if err != nil || cancelled > 0 {
		return err
	}
	// One that was entered just now is seen here: cancelling waited for it.
	left, err := queries.RequestsOf(ctx, labdb.RequestsOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderItemIds: []uuid.UUID{about.ItemID}})
	if err != nil || len(left) == 0 || !isUnreleased(left[0].Status) {
		return err
	}
	return errResultUnreleased.With("order_item_id", about.ItemID)
}

// keepResults refuses to cancel an encounter with a result, or a correction of one, that is entered and not released:
// nobody could release it any more.
func (m *Module) keepResults(ctx context.Context, tx db.Tx, encounterID uuid.UUID) error {
	unreleased, err := labdb.New(tx).UnreleasedOfEncounter(ctx, labdb.UnreleasedOfEncounterParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, EncounterID: encounterID})
	if err != nil || len(unreleased) == 0 {
		return err
	}
	return errResultUnreleased.With("order_item_id", unreleased[0])
}

// isUnreleased tells of a request whose latest version waits to be verified or released.
func isUnreleased(status string) bool { return status == requestEntered || status == requestVerified }

// seen are requests as an act read them, to be moved if they still are so.
type seen []labdb.LabRequest

func (s seen) ids() []uuid.UUID {
	ids := make([]uuid.UUID, len(s))
	for i, r := range s {
		ids[i] = r.OrderItemID
	}
	return ids
}

// refs are the items as events name them.
func (s seen) refs() []labapi.ItemRef {
	refs := make([]labapi.ItemRef, len(s))
	for i, r := range s {
		refs[i] = labapi.ItemRef{ItemID: r.OrderItemID, OrderID: r.OrderID, ServiceCode: r.ServiceCode}
	}
	return refs
}

// stage is where requests are moved to: the sample that holds them, and what was done with it.
type stage struct {
	status                  string
	sampleID                *uuid.UUID
	collectedAt, receivedAt *time.Time
}

// move takes all of the requests to a stage, or none: errChanged when somebody changed one since it was read.
func (s seen) move(ctx context.Context, tx db.Tx, to stage) error {
	if len(s) == 0 {
		return nil
	}
	versions := make([]int32, len(s))
	for i, r := range s {
		versions[i] = r.Version
	}
	moved, err := labdb.New(tx).MoveRequests(ctx, labdb.MoveRequestsParams{
		Status: to.status, SampleID: to.sampleID, CollectedAt: to.collectedAt, ReceivedAt: to.receivedAt, Now: tx.Now(),
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, OrderItemIds: s.ids(), Versions: versions,
	})
	if err == nil && moved != int64(len(s)) {
		return errChanged
	}
	return err
}
