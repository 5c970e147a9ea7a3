package lab

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// RejectInput rejects a sample.
type RejectInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" pattern:"\\S" patternDescription:"a reason" doc:"A code of GET /api/lab/rejection-reasons, or words of one's own"`
		Note   string `json:"note,omitempty" maxLength:"500" doc:"More to a coded reason"`
	}
}

// StoreInput stores a sample.
type StoreInput struct {
	ByID
	Body struct {
		Location string `json:"location" minLength:"1" maxLength:"200" pattern:"\\S" patternDescription:"a place" example:"Fridge 2, rack A, B7"`
	}
}

// RejectionReason is why samples are rejected.
type RejectionReason struct {
	Code  string `json:"code" example:"HAEMOLYSED"`
	Title string `json:"title"`
}

// otherReason is the code of words of one's own.
const otherReason = "OTHER"

var rejectionReasons = []RejectionReason{
	{"HAEMOLYSED", "Haemolysed"},
	{"CLOTTED", "Clotted"},
	{"INSUFFICIENT", "Too little"},
	{"WRONG_CONTAINER", "Wrong container or anticoagulant"},
	{"UNLABELLED", "Not labelled"},
	{"MISLABELLED", "Labelled for somebody else, or illegibly"},
	{"LIPAEMIC", "Lipaemic"},
	{"ICTERIC", "Icteric"},
	{"CONTAMINATED", "Contaminated, or diluted by an infusion"},
	{"LEAKED", "Leaked or broken"},
	{"TOO_OLD", "Too long on the way"},
	{"WRONG_TEMPERATURE", "Carried too warm or too cold"},
	{"NOT_PREPARED", "Patient not prepared, not fasting"},
	{"LOST", "Lost before it was received"},
	{"TAKEN_IN_ERROR", "Taken in error"},
	{otherReason, "Another reason"},
}

// RejectionReasons lists the codes.
func (m *Module) RejectionReasons(context.Context, db.DBTX, struct{}) (RejectionReasonList, error) {
	return RejectionReasonList{Results: rejectionReasons}, nil
}

// RejectionReasonList is all of them.
type RejectionReasonList struct {
	Results []RejectionReason `json:"results" nullable:"false"`
}

// Receive says that the laboratory has the sample.
func (m *Module) Receive(ctx context.Context, tx db.Tx, in ByID) (labapi.Sample, error) {
	return m.moveSample(ctx, tx, in.ID, receive, func(row *labdb.LabSampleRecord, items seen, about labapi.AboutSample) (events.Event, stage, error) {
		now := tx.Now()
		row.ReceivedAt, row.ReceivedByID = &now, id.Ptr(tx.Scope().UserID)
		return labapi.SampleReceived{AboutSample: about},
			stage{status: requestReceived, sampleID: &row.ID, collectedAt: &row.CollectedAt, receivedAt: &now}, nil
	})
}

// Reject says that the laboratory cannot use the sample. Its tests wait for another. What was entered from it stays to be
// read and is worth nothing: nobody can verify it any more, and the next version is of the next sample.
func (m *Module) Reject(ctx context.Context, tx db.Tx, in RejectInput) (labapi.Sample, error) {
	return m.moveSample(ctx, tx, in.ID, reject, func(row *labdb.LabSampleRecord, items seen, about labapi.AboutSample) (events.Event, stage, error) {
		now, code, reason := tx.Now(), otherReason, strings.TrimSpace(in.Body.Reason)
		if reason == "" {
			return nil, stage{}, errNoWords("body.reason")
		}
		if i := slices.IndexFunc(rejectionReasons, func(r RejectionReason) bool { return strings.EqualFold(r.Code, reason) }); i >= 0 {
			code, reason = rejectionReasons[i].Code, rejectionReasons[i].Title
		}
		if note := strings.TrimSpace(in.Body.Note); note != "" {
			reason += ": " + note
		}
		if utf8.RuneCountInString(reason) > 1000 {
			return nil, stage{}, errInvalid.At("body.note", "Is too long together with the reason.")
		}
		row.RejectedAt, row.RejectedByID, row.RejectionCode, row.Reason = &now, id.Ptr(tx.Scope().UserID), &code, &reason
		told := labapi.SampleRejected{AboutSample: about, ReasonCode: code, CollectedByID: row.CollectedByID}
		if len(items) > 0 {
			told.OrderedByID = items[0].OrderedByID
		}
		return told, stage{status: requestOrdered}, nil
	})
}

// Store says where the sample is kept.
func (m *Module) Store(ctx context.Context, tx db.Tx, in StoreInput) (labapi.Sample, error) {
	return m.moveSample(ctx, tx, in.ID, store, func(row *labdb.LabSampleRecord, _ seen, about labapi.AboutSample) (events.Event, stage, error) {
		now, location := tx.Now(), strings.TrimSpace(in.Body.Location)
		if location == "" {
			return nil, stage{}, errNoWords("body.location")
		}
		row.StoredAt, row.StoredByID, row.StorageLocation = &now, id.Ptr(tx.Scope().UserID), &location
		return labapi.SampleStored{AboutSample: about}, stage{}, nil
	})
}

// Discard says that the sample is no more, once every test of it has its result.
func (m *Module) Discard(ctx context.Context, tx db.Tx, in ByID) (labapi.Sample, error) {
	return m.moveSample(ctx, tx, in.ID, discard, func(row *labdb.LabSampleRecord, _ seen, about labapi.AboutSample) (events.Event, stage, error) {
		now := tx.Now()
		row.DiscardedAt, row.DiscardedByID = &now, id.Ptr(tx.Scope().UserID)
		return labapi.SampleDiscarded{AboutSample: about}, stage{}, nil
	})
}

// moveSample makes one move: what changes of the row, what the house is told, and where the tests go that still wait for
// this sample. Whoever told the house first, and finds the sample or a test changed then, has lost the race.
func (m *Module) moveSample(ctx context.Context, tx db.Tx, sampleID uuid.UUID, what sampleMove,
	change func(row *labdb.LabSampleRecord, items seen, about labapi.AboutSample) (events.Event, stage, error)) (labapi.Sample, error) {
	scope := tx.Scope()
	row, err := getSample(ctx, tx, scope, sampleID)
	if err != nil {
		return labapi.Sample{}, err
	}
	if what == receive || what == reject {
		_, err = m.hold(ctx, tx, row.EncounterID)
	} else { // what is left of a cancelled visit is put away and thrown away like the rest
		_, err = m.deps.Encounters.Lock(ctx, tx, row.EncounterID)
	}
	if err != nil {
		return labapi.Sample{}, err
	}
	to, legal := afterMove(labapi.SampleStatus(row.Status), what)
	if !legal {
		return labapi.Sample{}, errIllegalTransition.With("sample_status", row.Status)
	}
	all, err := labdb.New(tx).RequestsOfSample(ctx, labdb.RequestsOfSampleParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, SampleID: &sampleID})
	if err != nil {
		return labapi.Sample{}, err
	}
	if what == reject {
		if err := mayReject(ctx, tx, all); err != nil {
			return labapi.Sample{}, err
		}
	}
	waiting := seen(slices.DeleteFunc(all, func(r labdb.LabRequest) bool { return r.Status == requestCancelled }))
	about := labapi.AboutSample{SampleID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Items: waiting.refs()}
	event, next, err := change(&row, waiting, about)
	if err != nil {
		return labapi.Sample{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, event); err != nil {
		return labapi.Sample{}, err
	}
	if next.status != "" {
		if err := waiting.move(ctx, tx, next); err != nil {
			return labapi.Sample{}, err
		}
	}
	saved, err := labdb.New(tx).SaveSample(ctx, labdb.SaveSampleParams{
		Status: string(to), ReceivedAt: row.ReceivedAt, ReceivedByID: row.ReceivedByID, RejectedAt: row.RejectedAt, RejectedByID: row.RejectedByID,
		RejectionCode: row.RejectionCode, Reason: row.Reason, StoredAt: row.StoredAt, StoredByID: row.StoredByID, StorageLocation: row.StorageLocation,
		DiscardedAt: row.DiscardedAt, DiscardedByID: row.DiscardedByID, Now: tx.Now(),
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: sampleID, Version: row.Version,
	})
	if err != nil {
		return labapi.Sample{}, err
	}
	if saved == 0 {
		return labapi.Sample{}, errChanged
	}
	if what == discard {
		if err := mayDiscard(ctx, tx, sampleID); err != nil {
			return labapi.Sample{}, err
		}
	}
	row.Status, row.Version = string(to), row.Version+1
	return m.presentSample(ctx, tx, scope, row)
}

// mayReject refuses where somebody vouched for a result of one of the tests, or it went out: others may have acted on it,
// and it is corrected.
func mayReject(ctx context.Context, tx db.Tx, all seen) error {
	if !slices.ContainsFunc(all, func(r labdb.LabRequest) bool { return r.LatestVersion > 0 }) {
		return nil
	}
	vouched, err := labdb.New(tx).CountVouchedFor(ctx, labdb.CountVouchedForParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, OrderItemIds: all.ids()})
	if err == nil && vouched > 0 {
		err = errResultsEntered
	}
	return err
}

// mayDiscard refuses where a test waits for what is measured of the sample. It is asked once the sample is written: a rule
// that adds a test to it holds it, and is either seen here or finds it gone.
func mayDiscard(ctx context.Context, tx db.Tx, sampleID uuid.UUID) error {
	tests, err := labdb.New(tx).RequestsOfSample(ctx, labdb.RequestsOfSampleParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, SampleID: &sampleID})
	if err != nil {
		return err
	}
	tests = slices.DeleteFunc(tests, func(r labdb.LabRequest) bool { return r.Status != requestReceived })
	if len(tests) > 0 {
		return errTestsWaiting.With("order_item_ids", seen(tests).ids())
	}
	return nil
}
