package orders

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/orders/internal/ordersdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// CreateInput orders something in an encounter.
type CreateInput struct {
	Body struct {
		EncounterID uuid.UUID `json:"encounter_id" format:"uuid"`
		ordersapi.Request
		Overrides []rulesapi.Override `json:"overrides,omitempty" nullable:"false" maxItems:"50" doc:"Reasons to pass rules that held this order back"`
	}
}

// Create orders services of the encounter's pack.
func (m *Module) Create(ctx context.Context, tx db.Tx, in CreateInput) (ordersapi.Order, error) {
	return m.place(ctx, tx, in.Body.EncounterID, in.Body.Request, in.Body.Overrides, encountersapi.Open)
}

// Place implements ordersapi.Placer.
func (m *Module) Place(ctx context.Context, tx db.Tx, encounterID uuid.UUID, request ordersapi.Request, overrides []ordersapi.Override) (ordersapi.Order, error) {
	reasons := make([]rulesapi.Override, len(overrides))
	for i, o := range overrides {
		reasons[i] = rulesapi.Override{Rule: o.Rule, Reason: o.Reason}
	}
	return m.place(ctx, tx, encounterID, request, reasons, encountersapi.Open)
}

// PlaceFurther implements ordersapi.Placer.
func (m *Module) PlaceFurther(ctx context.Context, tx db.Tx, encounterID uuid.UUID, request ordersapi.Request) (ordersapi.Order, error) {
	return m.place(ctx, tx, encounterID, request, nil, func(s encountersapi.Status) bool { return s != encountersapi.StatusCancelled })
}

func (m *Module) place(ctx context.Context, tx db.Tx, encounterID uuid.UUID, request ordersapi.Request, overrides []rulesapi.Override,
	takes func(encountersapi.Status) bool) (ordersapi.Order, error) {
	encounter, err := m.deps.Encounters.Lock(ctx, tx, encounterID)
	if err != nil {
		return ordersapi.Order{}, err
	}
	if !takes(encounter.Status) {
		return ordersapi.Order{}, encountersapi.ErrNotOpen
	}
	library, err := m.deps.Packs.Of(ctx, tx, tx.Scope())
	if err != nil {
		return ordersapi.Order{}, err
	}
	catalog, err := library.Catalog(encounter.Pack)
	if err != nil {
		return ordersapi.Order{}, unavailable(encounter.Pack, err)
	}
	request.Priority = cmp.Or(request.Priority, routine)
	lines, err := linesOf(catalog, request)
	if err != nil {
		return ordersapi.Order{}, err
	}
	said, err := m.deps.Gate.Pass(ctx, tx, rulesapi.Question{
		Pack: encounter.Pack, Moment: packsapi.MomentOrderCreate, EncounterID: encounter.ID, PatientID: encounter.PatientID,
		Facts: map[string]any{"order": factOf(request, lines)}, Overrides: overrides,
	})
	if err != nil {
		return ordersapi.Order{}, err
	}
	warnings, err := repetitions(ctx, tx, encounter.PatientID, lines)
	if err != nil {
		return ordersapi.Order{}, err
	}
	order, err := m.insert(ctx, tx, encounter, request, lines)
	if err != nil {
		return ordersapi.Order{}, err
	}
	for _, w := range said {
		order.Warnings = append(order.Warnings, ordersapi.Warning(w))
	}
	order.Warnings = append(order.Warnings, warnings...)
	return order, nil
}

// factOf is the order as rules know it.
func factOf(request ordersapi.Request, lines []line) any {
	facts := packsapi.OrderFacts{OrderType: request.OrderType, Priority: request.Priority, Note: request.Note}
	for _, l := range lines {
		facts.Items = append(facts.Items, packsapi.OrderItemFact{
			ServiceCode: l.service.Code, Name: l.service.Name.In(packsapi.DefaultLocale), Synonyms: l.service.Synonyms, Priority: l.priority,
			Quantity: l.quantity, Data: l.data,
		})
	}
	return facts.Map()["order"]
}

// insert writes the order with its items and tells the house, where the tasks of the items are opened.
func (m *Module) insert(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, request ordersapi.Request, lines []line) (ordersapi.Order, error) {
	scope, now, queries := tx.Scope(), tx.Now(), ordersdb.New(tx)
	row, err := queries.InsertOrder(ctx, ordersdb.InsertOrderParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.For(ctx, now), EncounterID: encounter.ID, PatientID: encounter.PatientID,
		Pack: encounter.Pack, OrderType: request.OrderType, Priority: request.Priority, Note: words(request.Note),
		OrderedByID: id.Ptr(scope.UserID), Now: now,
	})
	if err != nil {
		return ordersapi.Order{}, err
	}
	made := ordersapi.Created{About: aboutOf(row), Priority: row.Priority}
	items, err := json.Marshal(newItems(lines, now, &made))
	if err != nil {
		return ordersapi.Order{}, err
	}
	inserted, err := queries.InsertItems(ctx, ordersdb.InsertItemsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID,
		OrderType: row.OrderType, Items: items, Now: now,
	})
	if err != nil {
		return ordersapi.Order{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, made); err != nil {
		return ordersapi.Order{}, err
	}
	return m.presentOne(ctx, tx, scope, whole{row, inserted})
}

// newItem is what InsertItems reads.
type newItem struct {
	ID           uuid.UUID      `json:"id"`
	ServiceCode  string         `json:"service_code"`
	Name         string         `json:"name"`
	PanelCode    *string        `json:"panel_code"`
	Priority     string         `json:"priority"`
	Quantity     int            `json:"quantity"`
	Instructions *string        `json:"instructions"`
	Data         map[string]any `json:"data"`
	DueAt        *time.Time     `json:"due_at"`
}

// newItems names the items, and tells of them in the event.
func newItems(lines []line, now time.Time, made *ordersapi.Created) []newItem {
	items, taken := make([]newItem, len(lines)), map[string]bool{}
	for i, l := range lines {
		itemID := uuid.New()
		for taken[ordersapi.ShortID(itemID)] {
			itemID = uuid.New()
		}
		taken[ordersapi.ShortID(itemID)] = true
		items[i] = newItem{
			ID: itemID, ServiceCode: l.service.Code, Name: l.service.Name.In(packsapi.DefaultLocale), PanelCode: l.panel, Priority: l.priority,
			Quantity: l.quantity, Instructions: words(cmp.Or(l.instructions, l.service.Instructions.In(packsapi.DefaultLocale))),
			Data: l.data, DueAt: l.dueAt(now),
		}
		made.Items = append(made.Items, ordersapi.CreatedItem{ItemID: itemID, ServiceCode: l.service.Code, Name: items[i].Name,
			Priority: l.priority, DueAt: items[i].DueAt, Tasks: l.tasks(itemID, now)})
	}
	return items
}

// words gives nil for what holds none.
func words(s string) *string {
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	return &s
}

// unavailable turns a pack that is gone into a fault of the installation: the encounter was opened with it.
func unavailable(pack string, err error) error {
	if errors.Is(err, packsapi.ErrUnknownPack) {
		return errors.New("orders: the pack " + pack + ", with which an encounter was opened, is gone")
	}
	return err
}

func aboutOf(row ordersdb.OrdersOrder) ordersapi.About {
	return ordersapi.About{OrderID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, OrderType: row.OrderType}
}
