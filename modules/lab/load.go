package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// Moment is when something was done in the past, and by whom.
type Moment struct {
	At time.Time
	By uuid.UUID
}

// Loaded is what the laboratory did with an order of the past. Samples and results stand in the order of time.
type Loaded struct {
	// Order is what the house was told when it was placed.
	Order               ordersapi.Created
	Ordered             Moment
	EncounterType, Pack string
	Patient             patientsapi.Summary
	Samples             []LoadedSample
	Results             []LoadedResult
}

// LoadedSample is a tube and what was done with it. Nil was not done.
type LoadedSample struct {
	ID        uuid.UUID
	Barcode   string
	Items     []uuid.UUID
	Collected Moment
	Received  *Moment
	Rejected  *LoadedRejection
}

// LoadedRejection says why a sample could not be used.
type LoadedRejection struct {
	Moment
	Code, Reason string
}

// LoadedResult is a version of a result. Nil was not done; a version that others follow was released or not at all verified.
type LoadedResult struct {
	ID, ItemID         uuid.UUID
	Values             []PostedValue
	CorrectionReason   string
	Entered            Moment
	Verified, Released *Moment
	// NotifiedTo was called, where a value is critical, when it was verified.
	NotifiedTo string
}

// LoadedOutcome is what the house is told of a loaded version.
type LoadedOutcome struct {
	// Name of the test.
	Name                  string
	Entered               labapi.ResultEntered
	Released              *labapi.ResultReleased
	EnteredAt, ReleasedAt Moment // ReleasedAt where it was
}

// resultRow and valueRow are what the statements that enter and verify write.
type resultRow struct {
	TenantID, FacilityID, ID, OrderItemID, SampleID, EncounterID, PatientID uuid.UUID
	Version                                                                 int32
	SupersedesID                                                            *uuid.UUID
	IsCorrection                                                            bool
	CorrectionReason                                                        *string
	Status                                                                  string
	IsCritical, IsAbnormal                                                  bool
	CriticalReasons                                                         json.RawMessage
	Missing                                                                 []string
	AgeDays                                                                 int32
	Sex                                                                     string
	Pregnant                                                                bool
	EnteredAt                                                               time.Time
	EnteredByID                                                             *uuid.UUID
	NotifiedTo                                                              *string
	NotifiedAt                                                              *time.Time
	NotifiedByID                                                            *uuid.UUID
	VerifiedAt                                                              *time.Time
	VerifiedByID                                                            *uuid.UUID
	ReleasedAt                                                              *time.Time
	ReleasedByID                                                            *uuid.UUID
}

type valueRow struct {
	TenantID, FacilityID, ResultID uuid.UUID
	Place                          int32
	OrderItemID, PatientID         uuid.UUID
	Code                           string
	CollectedAt                    time.Time
	Shown                          json.RawMessage
}

type sampleRow struct {
	TenantID, FacilityID, ID uuid.UUID
	Barcode, Status          string
	EncounterID, PatientID   uuid.UUID
	SpecimenType             string
	Container                *string
	CollectedAt              time.Time
	CollectedByID            *uuid.UUID
	ReceivedAt               *time.Time
	ReceivedByID             *uuid.UUID
	RejectedAt               *time.Time
	RejectedByID             *uuid.UUID
	RejectionCode, Reason    *string
	Version                  int32
	CreatedAt, UpdatedAt     time.Time
}

type sampleItemRow struct {
	TenantID, FacilityID, SampleID, OrderItemID uuid.UUID
	CreatedAt                                   time.Time
}

// loading gathers the rows of some orders.
type loading struct {
	scope    db.Scope
	zone     *time.Location
	shelves  *shelves
	requests []labdb.LabRequest
	samples  []sampleRow
	tubes    []sampleItemRow
	results  []resultRow
	values   []valueRow
	past     []events.Past
	outcomes []LoadedOutcome
}

// Load writes what the laboratory did with orders as the acts would have left it, and their events; it gives what the house
// is told of each version, in their order. Values are judged as they are when they are entered, but not against those
// before: a load has no deltas. tx is in the facility's scope, in which the orders are.
func (m *Module) Load(ctx context.Context, tx db.Tx, settings facilitiesapi.Settings, ids *id.Source, all []Loaded) ([]LoadedOutcome, error) {
	if len(all) == 0 {
		return nil, nil
	}
	shelves, err := m.shelves(ctx, tx, tx.Scope())
	if err != nil {
		return nil, err
	}
	l := loading{scope: tx.Scope(), zone: settings.Zone, shelves: shelves}
	for _, order := range all {
		if err := l.add(order); err != nil {
			return nil, fmt.Errorf("order %s of the load: %w", order.Order.OrderID, err)
		}
	}
	for _, write := range []func() error{
		func() error { return db.InsertRows(ctx, tx, "lab.sample", l.samples) },
		func() error { return db.InsertRows(ctx, tx, "lab.request", l.requests, "urgency", "due_rank") },
		func() error { return db.InsertRows(ctx, tx, "lab.sample_item", l.tubes) },
		func() error { return db.InsertRows(ctx, tx, "lab.result", l.results) },
		func() error { return db.InsertRows(ctx, tx, "lab.value", l.values) },
	} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return l.outcomes, m.deps.Bus.Load(ctx, tx, ids, l.past)
}

func (l *loading) happened(at Moment, e events.Event) {
	l.past = append(l.past, events.Past{Event: e, FacilityID: l.scope.FacilityID, ActorID: at.By, At: at.At})
}

// add leads each test of an order through its samples and results.
func (l *loading) add(order Loaded) error {
	shelf, err := l.shelves.of(order.Pack)
	if err != nil {
		return err
	}
	tests := map[uuid.UUID]*labdb.LabRequest{}
	for i, item := range order.Order.Items {
		asked := requestOf(shelf, i, item)
		tests[item.ItemID] = &labdb.LabRequest{
			TenantID: l.scope.TenantID, FacilityID: l.scope.FacilityID, OrderItemID: item.ItemID, OrderID: order.Order.OrderID, Place: int32(i), //nolint:gosec // a few items
			EncounterID: order.Order.EncounterID, PatientID: order.Order.PatientID, EncounterType: order.EncounterType, Pack: order.Pack,
			ServiceCode: asked.ServiceCode, Name: asked.Name, Section: asked.Section, SpecimenType: asked.SpecimenType, Container: asked.Container,
			Instructions: asked.Instructions, Priority: asked.Priority, Status: requestOrdered, OrderedAt: order.Ordered.At,
			OrderedByID: id.Ptr(order.Ordered.By), DueAt: asked.DueAt, Version: 1, UpdatedAt: order.Ordered.At,
		}
	}
	taken := map[uuid.UUID]LoadedSample{}
	for _, s := range order.Samples {
		if err := l.sample(tests, s); err != nil {
			return err
		}
		taken[s.ID] = s
	}
	for _, r := range order.Results {
		test := tests[r.ItemID]
		if test == nil || test.SampleID == nil {
			return errItemNotFound
		}
		if err := mayEnter(test.Status); err != nil {
			return err
		}
		e := entering{LabRequest: *test, collectedAt: taken[*test.SampleID].Collected.At, shelf: shelf, analytes: shelf.test(test.ServiceCode, test.Name), patient: order.Patient}
		e.measured = measuredOf(order.Patient, e.collectedAt, false, l.zone)
		if err := l.result(test, e, r); err != nil {
			return fmt.Errorf("result %s: %w", r.ID, err)
		}
	}
	for _, item := range order.Order.Items {
		l.requests = append(l.requests, *tests[item.ItemID])
	}
	return nil
}

func (l *loading) sample(tests map[uuid.UUID]*labdb.LabRequest, s LoadedSample) error {
	row := sampleRow{TenantID: l.scope.TenantID, FacilityID: l.scope.FacilityID, ID: s.ID, Barcode: s.Barcode, Status: string(labapi.SampleStatusCollected),
		CollectedAt: s.Collected.At, CollectedByID: id.Ptr(s.Collected.By), Version: 1, CreatedAt: s.Collected.At, UpdatedAt: s.Collected.At}
	var asked seen
	for _, itemID := range s.Items {
		test := tests[itemID]
		if test == nil {
			return errItemNotFound
		}
		if test.Status != requestOrdered {
			return errAlreadyCollected
		}
		asked = append(asked, *test)
		l.tubes = append(l.tubes, sampleItemRow{l.scope.TenantID, l.scope.FacilityID, s.ID, itemID, s.Collected.At})
		test.Status, test.SampleID, test.CollectedAt, test.UpdatedAt = requestCollected, &row.ID, &row.CollectedAt, s.Collected.At
		test.Version++
		if s.Received != nil {
			test.Status, test.ReceivedAt, test.UpdatedAt = requestReceived, &s.Received.At, s.Received.At
			test.Version++
		}
		if s.Rejected != nil {
			test.Status, test.SampleID, test.CollectedAt, test.ReceivedAt, test.IsRecollection = requestOrdered, nil, nil, nil, true
			test.UpdatedAt = s.Rejected.At
			test.Version++
		}
	}
	specimen, err := oneTube(asked, "")
	if err != nil {
		return err
	}
	row.SpecimenType, row.Container, row.EncounterID, row.PatientID = specimen, asked[0].Container, asked[0].EncounterID, asked[0].PatientID
	about := labapi.AboutSample{SampleID: s.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Items: asked.refs()}
	l.happened(s.Collected, labapi.SampleCollected{AboutSample: about})
	if s.Received != nil {
		row.Status, row.ReceivedAt, row.ReceivedByID = string(labapi.SampleStatusReceived), &s.Received.At, id.Ptr(s.Received.By)
		row.Version, row.UpdatedAt = row.Version+1, s.Received.At
		l.happened(*s.Received, labapi.SampleReceived{AboutSample: about})
	}
	if r := s.Rejected; r != nil {
		row.Status, row.RejectedAt, row.RejectedByID = string(labapi.SampleStatusRejected), &r.At, id.Ptr(r.By)
		row.RejectionCode, row.Reason, row.Version, row.UpdatedAt = &r.Code, &r.Reason, row.Version+1, r.At
		l.happened(r.Moment, labapi.SampleRejected{AboutSample: about, ReasonCode: r.Code, CollectedByID: row.CollectedByID, OrderedByID: asked[0].OrderedByID})
	}
	l.samples = append(l.samples, row)
	return nil
}

// result writes the next version of a test, which tells each analyte that it measures anew.
func (l *loading) result(test *labdb.LabRequest, e entering, r LoadedResult) error {
	values, err := readValues(e, r.Values, r.CorrectionReason)
	if err != nil {
		return err
	}
	found := judge(e, values, nil)
	critical, err := json.Marshal(found.critical)
	if err != nil {
		return err
	}
	row := resultRow{
		TenantID: test.TenantID, FacilityID: test.FacilityID, ID: r.ID, OrderItemID: test.OrderItemID, SampleID: *test.SampleID,
		EncounterID: test.EncounterID, PatientID: test.PatientID, Version: test.LatestVersion + 1, SupersedesID: test.LatestResultID,
		IsCorrection: test.ReleasedResultID != nil, CorrectionReason: words(r.CorrectionReason), Status: string(labapi.ResultStatusEntered),
		IsCritical: found.isCritical(), IsAbnormal: found.isAbnormal(), CriticalReasons: critical, Missing: found.missing(e),
		AgeDays: int32(e.measured.AgeDays), Sex: e.measured.Sex, EnteredAt: r.Entered.At, EnteredByID: id.Ptr(r.Entered.By), //nolint:gosec // a lifetime
	}
	for i, v := range found.values {
		shown, err := json.Marshal(v)
		if err != nil {
			return err
		}
		l.values = append(l.values, valueRow{row.TenantID, row.FacilityID, r.ID, int32(i), row.OrderItemID, row.PatientID, v.Code, e.collectedAt, shown}) //nolint:gosec // some analytes
	}
	about := labapi.AboutResult{ResultID: r.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, SampleID: row.SampleID,
		ItemRef: seen{*test}.refs()[0], Version: int(row.Version), OrderedByID: test.OrderedByID}
	told := LoadedOutcome{Name: test.Name, EnteredAt: r.Entered, Entered: labapi.ResultEntered{AboutResult: about, Critical: found.criticalCodes(),
		SupersedesID: row.SupersedesID, FormerReleased: row.IsCorrection}}
	l.happened(r.Entered, told.Entered)
	test.Status, test.LatestVersion, test.LatestResultID, test.EnteredAt, test.VerifiedAt = requestEntered, row.Version, &row.ID, &row.EnteredAt, nil
	test.Version, test.UpdatedAt = test.Version+1, r.Entered.At
	if v := r.Verified; v != nil {
		row.Status, row.VerifiedAt, row.VerifiedByID = string(labapi.ResultStatusVerified), &v.At, id.Ptr(v.By)
		if row.IsCritical {
			row.NotifiedTo, row.NotifiedAt, row.NotifiedByID = words(r.NotifiedTo), &v.At, id.Ptr(v.By)
		}
		test.Status, test.VerifiedAt, test.Version, test.UpdatedAt = requestVerified, &v.At, test.Version+1, v.At
		l.happened(*v, labapi.ResultVerified{AboutResult: about, CriticalNotified: row.NotifiedTo != nil})
	}
	if done := r.Released; done != nil {
		row.Status, row.ReleasedAt, row.ReleasedByID = string(labapi.ResultStatusReleased), &done.At, id.Ptr(done.By)
		told.ReleasedAt = *done
		told.Released = &labapi.ResultReleased{AboutResult: about, IsCorrection: row.IsCorrection, CorrectsID: test.ReleasedResultID, Abnormal: row.IsAbnormal}
		test.Status, test.ReleasedResultID, test.Version, test.UpdatedAt = requestReleased, &row.ID, test.Version+1, done.At
		if test.ReleasedAt == nil {
			test.ReleasedAt = &done.At
		}
		l.happened(*done, *told.Released)
	}
	l.results, l.outcomes = append(l.results, row), append(l.outcomes, told)
	return nil
}
