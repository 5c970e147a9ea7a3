package lab

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// CollectInput takes a sample.
type CollectInput struct {
	Body struct {
		OrderItemIDs []uuid.UUID `json:"order_item_ids" nullable:"false" minItems:"1" maxItems:"100" doc:"The tests that the tube is for, of one encounter"`
		Barcode      string      `json:"barcode,omitempty" maxLength:"40" pattern:"^[!-~]*$" patternDescription:"printable ASCII without blanks" doc:"Of a label that is there already; made when absent"`
		SpecimenType string      `json:"specimen_type,omitempty" maxLength:"100" doc:"What was taken; the tests' own when absent"`
		CollectedAt  *time.Time  `json:"collected_at,omitempty" doc:"Now when absent; not in the future"`
		Pregnant     *bool       `json:"pregnant,omitempty" doc:"Whether the patient is pregnant, where that was asked: some ranges depend on it"`
	}
}

// ahead is how far a clock of another machine may be before ours.
const ahead = time.Minute

// longAgo bounds how old a sample may be when it is told of.
const longAgo = 30 * 24 * time.Hour

// Collect takes one tube for tests of one encounter.
func (m *Module) Collect(ctx context.Context, tx db.Tx, in CollectInput) (labapi.Sample, error) {
	scope := tx.Scope()
	asked, err := m.toCollect(ctx, tx, in.Body.OrderItemIDs)
	if err != nil {
		return labapi.Sample{}, err
	}
	if _, err := m.hold(ctx, tx, asked[0].EncounterID); err != nil {
		return labapi.Sample{}, err
	}
	specimen, err := oneTube(asked, in.Body.SpecimenType)
	if err != nil {
		return labapi.Sample{}, err
	}
	now := tx.Now()
	at := now
	if in.Body.CollectedAt != nil {
		at = in.Body.CollectedAt.UTC().Truncate(time.Microsecond)
	}
	if at.After(now.Add(ahead)) || at.Before(now.Add(-longAgo)) {
		return labapi.Sample{}, errInvalid.At("body.collected_at", "Must be within the last 30 days, and not in the future.")
	}
	if err := m.weigh(ctx, tx, in, asked[0].PatientID, at); err != nil {
		return labapi.Sample{}, err
	}
	sampleID := id.For(ctx, now)
	about := labapi.AboutSample{SampleID: sampleID, EncounterID: asked[0].EncounterID, PatientID: asked[0].PatientID, Items: asked.refs()}
	if err := m.deps.Bus.Publish(ctx, tx, labapi.SampleCollected{AboutSample: about}); err != nil {
		return labapi.Sample{}, err
	}
	err = m.insertSample(ctx, tx, in.Body.Barcode, labdb.InsertSampleParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: sampleID, EncounterID: asked[0].EncounterID, PatientID: asked[0].PatientID,
		SpecimenType: specimen, Container: asked[0].Container, Pregnant: in.Body.Pregnant, CollectedAt: at, CollectedByID: id.Ptr(scope.UserID), Now: now,
	})
	if err != nil {
		return labapi.Sample{}, err
	}
	if err := asked.move(ctx, tx, stage{status: requestCollected, sampleID: &sampleID, collectedAt: &at}); err != nil {
		return labapi.Sample{}, err
	}
	err = labdb.New(tx).InsertSampleItems(ctx, labdb.InsertSampleItemsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, SampleID: sampleID, OrderItemIds: asked.ids(), Now: now})
	if err != nil {
		return labapi.Sample{}, err
	}
	return m.GetSample(ctx, tx, ByID{sampleID})
}

// weigh holds what is said of the patient against what is known: nobody's blood is taken before they are born, and no man
// is pregnant. Both decide by which range a result is judged.
func (m *Module) weigh(ctx context.Context, tx db.Tx, in CollectInput, patientID uuid.UUID, at time.Time) error {
	scope, pregnant := tx.Scope(), in.Body.Pregnant != nil && *in.Body.Pregnant
	if in.Body.CollectedAt == nil && !pregnant && in.Body.Barcode == "" {
		return nil
	}
	patients, err := m.summaries(ctx, tx, scope, []uuid.UUID{patientID})
	if err != nil {
		return err
	}
	patient := patients[patientID]
	if pregnant && patient.Gender == "male" {
		return errInvalid.At("body.pregnant", "The patient is male. If that is wrong, put it right with the patient first.")
	}
	if in.Body.Barcode != "" && strings.EqualFold(strings.TrimSpace(in.Body.Barcode), patient.MRN) {
		return errInvalid.At("body.barcode", "Is the patient's own number, as on the wristband. Scan the label of the tube.")
	}
	if patient.DateOfBirth == nil || in.Body.CollectedAt == nil {
		return nil
	}
	facility, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err == nil && patient.DateOfBirth.DaysUntil(clock.DateOf(at.In(facility.Zone))) < 0 {
		err = errInvalid.At("body.collected_at", "Is before the patient was born.")
	}
	return err
}

// toCollect reads the tests that a tube is wanted for, or says why one of them wants none.
func (m *Module) toCollect(ctx context.Context, tx db.Tx, itemIDs []uuid.UUID) (seen, error) {
	scope := tx.Scope()
	wanted := id.Distinct(slices.Clone(itemIDs))
	found, err := labdb.New(tx).RequestsOf(ctx, labdb.RequestsOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderItemIds: wanted})
	if err != nil {
		return nil, err
	}
	if len(found) != len(wanted) {
		return nil, errItemNotFound
	}
	for _, r := range found {
		switch {
		case r.EncounterID != found[0].EncounterID:
			return nil, errDifferentEncounters.At("body.order_item_ids", "Are of different encounters.")
		case r.Status == requestCancelled:
			return nil, errItemNotOpen.With("order_item_id", r.OrderItemID)
		case r.Status != requestOrdered:
			return nil, errAlreadyCollected.With("order_item_id", r.OrderItemID).With("sample_id", r.SampleID)
		}
	}
	return found, nil
}

// oneTube gives the specimen that all of the tests are made of: they share it and its container. What somebody says to
// have taken must be it; serum and plasma are drawn as blood.
func oneTube(asked seen, taken string) (string, error) {
	specimen, container := asked[0].SpecimenType, valueOf(asked[0].Container)
	for _, r := range asked[1:] {
		if r.SpecimenType != specimen || valueOf(r.Container) != container {
			return "", errSpecimenMismatch.At("body.order_item_ids", fmt.Sprintf("%s is made of %s; %s of %s.",
				asked[0].ServiceCode, tube(asked[0]), r.ServiceCode, tube(r)))
		}
	}
	taken = strings.TrimSpace(taken)
	switch {
	case taken == "" || strings.EqualFold(taken, specimen):
		return specimen, nil
	case specimen == unspecified:
		return taken, nil
	case strings.EqualFold(taken, "blood") && (specimen == "serum" || specimen == "plasma"):
		return specimen, nil
	}
	return "", errSpecimenMismatch.At("body.specimen_type", "These tests are made of "+specimen+".")
}

// tube gives "blood in EDTA".
func tube(r labdb.LabRequest) string {
	if r.Container == nil {
		return r.SpecimenType
	}
	return r.SpecimenType + " in " + *r.Container
}

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// madeUp bounds how often a number that somebody used for a barcode of their own is passed over.
const madeUp = 100

// insertSample writes the sample under the barcode given, or under one that it makes: the day and a number of four
// digits or more. An even count of digits is short in Code 128, which writes them in pairs.
func (m *Module) insertSample(ctx context.Context, tx db.Tx, given string, sample labdb.InsertSampleParams) error {
	queries := labdb.New(tx)
	if sample.Barcode = given; given != "" {
		inserted, err := queries.InsertSample(ctx, sample)
		if err == nil && inserted == 0 {
			err = errBarcodeTaken
		}
		return err
	}
	facility, err := m.deps.Facilities.Settings(ctx, tx, sample.TenantID, sample.FacilityID)
	if err != nil {
		return err
	}
	today := sample.Now.In(facility.Zone)
	for range madeUp {
		number, err := queries.NextBarcode(ctx, labdb.NextBarcodeParams{TenantID: sample.TenantID, FacilityID: sample.FacilityID, Day: clock.DateOf(today)})
		if err != nil {
			return err
		}
		sample.Barcode = barcodeOf(today, number)
		if inserted, err := queries.InsertSample(ctx, sample); err != nil || inserted == 1 {
			return err
		}
	}
	return errBarcodeTaken
}

// barcodeOf gives 2611220001, the first of that day.
func barcodeOf(day time.Time, number int32) string {
	if number > 9999 {
		return day.Format("060102") + fmt.Sprintf("%06d", number)
	}
	return day.Format("060102") + fmt.Sprintf("%04d", number)
}
