package lab

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// followRule does what a rule asks of the laboratory: further tests on what a result says, or that a result is verified.
func (m *Module) followRule(ctx context.Context, tx db.Tx, e rulesapi.RuleFired) error {
	switch packsapi.Effect(e.Effect) {
	case packsapi.EffectOrderTests:
		return m.orderTests(ctx, tx, e)
	case packsapi.EffectAutoVerify:
		return m.verifyByRule(ctx, tx, e)
	default:
		return nil
	}
}

// orderTests places the tests that a rule asks for on an item's result, each once for the item however often its result is
// corrected, and none that the encounter asks for already or has of the same day. A test that a rule ordered calls for no further ones: rules
// make no loops.
func (m *Module) orderTests(ctx context.Context, tx db.Tx, e rulesapi.RuleFired) error {
	scope := tx.Scope()
	rule, err := packsapi.FindRule(ctx, tx, m.deps.Packs, tx.Scope(), e.Pack, e.Moment, e.Rule)
	if err != nil || rule == nil {
		return err
	}
	found, err := labdb.New(tx).RequestsOf(ctx, labdb.RequestsOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderItemIds: []uuid.UUID{e.SubjectID}})
	if err != nil || len(found) == 0 || found[0].ReflexOfID != nil {
		return err
	}
	first := found[0]
	// As the house: whoever enters a result need not be allowed to order. What cannot be placed is left out, and the
	// result stands; nothing of the attempt remains.
	scope.UserID = uuid.Nil
	asHouse := db.WithScope(auth.WithIdentity(ctx, nil), scope)
	err = tx.Nested(asHouse, scope, func(tx db.Tx) error { return m.placeReflex(asHouse, tx, first, rule) })
	if refusal := errs.Of(err); refusal != nil {
		slog.WarnContext(ctx, "tests that a rule asks for were not ordered", "rule", e.Rule, "order_item_id", first.OrderItemID, "refusal", refusal.Code)
		return nil
	}
	return err
}

// answersFor is how much older than the sample of a result another may be, whose answer stands for the test that the
// result calls for.
const answersFor = 24 * time.Hour

func (m *Module) placeReflex(ctx context.Context, tx db.Tx, first labdb.LabRequest, rule *packsapi.Rule) error {
	scope, queries, now := tx.Scope(), labdb.New(tx), tx.Now()
	// Two results of one encounter that call for the same test take turns: the second sees what the first placed.
	tx.Lock("lab.reflex", first.EncounterID.String())
	there, err := queries.ServicesOfEncounter(ctx, labdb.ServicesOfEncounterParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID,
		EncounterID: first.EncounterID, Since: first.CollectedAt.Add(-answersFor)})
	if err != nil {
		return err
	}
	request := ordersapi.Request{OrderType: packsapi.OrderTypeLab, Priority: first.Priority}
	for _, service := range rule.Then.Order {
		if slices.Contains(there, service) {
			continue
		}
		isNew, err := queries.InsertReflex(ctx, labdb.InsertReflexParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID,
			OrderItemID: first.OrderItemID, ServiceCode: service, Rule: rule.Code, Now: now})
		if err != nil {
			return err
		}
		if isNew == 1 {
			request.Items = append(request.Items, ordersapi.RequestItem{ServiceCode: service})
		}
	}
	if len(request.Items) == 0 {
		return nil
	}
	order, err := m.deps.Orders.PlaceFurther(ctx, tx, first.EncounterID, request)
	if err != nil {
		return err
	}
	placed, err := queries.MarkReflex(ctx, labdb.MarkReflexParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: order.ID,
		ReflexOfID: &first.OrderItemID, OrderedByID: first.OrderedByID, Now: now})
	if err != nil {
		return err
	}
	return m.addToSample(ctx, tx, first, placed)
}

// addToSample does tests from a tube that the laboratory has already, where they are made of the same: nobody draws blood
// twice for what is there.
func (m *Module) addToSample(ctx context.Context, tx db.Tx, first labdb.LabRequest, placed []labdb.LabRequest) error {
	fits := seen(slices.DeleteFunc(placed, func(r labdb.LabRequest) bool {
		return r.SpecimenType != first.SpecimenType || valueOf(r.Container) != valueOf(first.Container)
	}))
	if len(fits) == 0 || first.SampleID == nil || first.ReceivedAt == nil {
		return nil
	}
	scope := tx.Scope()
	sample, err := labdb.New(tx).HoldSample(ctx, labdb.HoldSampleParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: *first.SampleID})
	if err != nil || sample.Status != string(labapi.SampleStatusReceived) && sample.Status != string(labapi.SampleStatusStored) {
		return err
	}
	about := labapi.AboutSample{SampleID: *first.SampleID, EncounterID: first.EncounterID, PatientID: first.PatientID, Items: fits.refs()}
	if err := m.deps.Bus.Publish(ctx, tx, labapi.SampleCollected{AboutSample: about}); err != nil {
		return err
	}
	if err := m.deps.Bus.Publish(ctx, tx, labapi.SampleReceived{AboutSample: about}); err != nil {
		return err
	}
	now := tx.Now()
	if err := fits.move(ctx, tx, stage{status: requestReceived, sampleID: first.SampleID, collectedAt: &sample.CollectedAt, receivedAt: &now}); err != nil {
		return err
	}
	return labdb.New(tx).InsertSampleItems(ctx, labdb.InsertSampleItemsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, SampleID: *first.SampleID, OrderItemIds: fits.ids(), Now: now})
}
