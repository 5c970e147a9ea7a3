package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// VerifyInput vouches for a result.
type VerifyInput struct {
	ByID
	Body *Verification
}

// Verification is the body of it, which may be left out.
type Verification struct {
	CriticalNotice *Notice `json:"critical_notice,omitempty" doc:"The call about a critical value; needed for one"`
}

// Notice is the call about a critical value.
type Notice struct {
	NotifiedTo string `json:"notified_to" minLength:"1" maxLength:"200" pattern:"\\S" patternDescription:"the name of whom you called" doc:"Whom you told: a name, and best their role" example:"Dr Rao, ward 3"`
	ReadBack   bool   `json:"read_back" doc:"That whom you called read the value back to you"`
}

// ReleaseInput releases a result.
type ReleaseInput struct {
	ByID
	Body *rulesapi.Reasons
}

// Verify vouches for the latest version of a result.
func (m *Module) Verify(ctx context.Context, tx db.Tx, in VerifyInput) (labapi.Result, error) {
	row, codes, s, err := m.toMove(ctx, tx, in.ByID)
	if err != nil {
		return labapi.Result{}, err
	}
	params := labdb.VerifyResultParams{VerifiedByID: id.Ptr(tx.Scope().UserID)}
	if in.Body != nil && in.Body.CriticalNotice != nil {
		notice := in.Body.CriticalNotice
		now, to := tx.Now(), words(notice.NotifiedTo)
		if s.isNoticed = to != nil && notice.ReadBack; s.isNoticed {
			params.NotifiedTo, params.NotifiedAt, params.NotifiedByID = to, &now, id.Ptr(tx.Scope().UserID)
		}
	}
	if err := mayVerify(s); err != nil {
		return labapi.Result{}, withHeld(err, codes)
	}
	if err := m.vouch(ctx, tx, row, params); err != nil {
		return labapi.Result{}, err
	}
	return m.GetResult(ctx, tx, in.ByID)
}

// vouch tells the house and writes that a result is verified, by whom params say.
func (m *Module) vouch(ctx context.Context, tx db.Tx, row labdb.LabResultRecord, params labdb.VerifyResultParams) error {
	told := labapi.ResultVerified{AboutResult: aboutOf(row), Rule: valueOf(params.VerifiedByRule), CriticalNotified: params.NotifiedAt != nil}
	if err := m.deps.Bus.Publish(ctx, tx, told); err != nil {
		return err
	}
	now := tx.Now()
	params.TenantID, params.FacilityID, params.OrderItemID, params.ID = row.TenantID, row.FacilityID, row.OrderItemID, &row.ID
	params.Version, params.Now = row.RequestVersion, &now
	verified, err := labdb.New(tx).VerifyResult(ctx, params)
	if err == nil && verified == 0 {
		err = errChanged
	}
	return err
}

// Release lets everyone who cares for the patient see a verified result. What is written is told of after, unlike
// elsewhere: whoever hears of it, such as the report, reads it. No task moves with it, so nobody waits in a circle.
func (m *Module) Release(ctx context.Context, tx db.Tx, in ReleaseInput) (labapi.Result, error) {
	row, codes, s, err := m.toMove(ctx, tx, in.ByID)
	if err != nil {
		return labapi.Result{}, err
	}
	if err := mayRelease(s); err != nil {
		return labapi.Result{}, withHeld(err, codes)
	}
	result, err := resultOf(row)
	if err != nil {
		return labapi.Result{}, err
	}
	said, err := m.deps.Gate.Pass(ctx, tx, rulesapi.Question{
		Pack: row.Pack, Moment: packsapi.MomentResultRelease, EncounterID: row.EncounterID, PatientID: row.PatientID, SubjectID: row.OrderItemID,
		Facts: factsOfRow(row, result.Values, codes), Overrides: in.Body.Given(),
	})
	if err != nil {
		return labapi.Result{}, err
	}
	now := tx.Now()
	released, err := labdb.New(tx).ReleaseResult(ctx, labdb.ReleaseResultParams{
		TenantID: row.TenantID, FacilityID: row.FacilityID, OrderItemID: row.OrderItemID, Version: row.RequestVersion, ID: &row.ID, Now: &now,
		ReleasedByID: id.Ptr(tx.Scope().UserID),
	})
	if err == nil && released == 0 {
		err = errChanged
	}
	if err != nil {
		return labapi.Result{}, err
	}
	err = m.deps.Bus.Publish(ctx, tx, labapi.ResultReleased{
		AboutResult: aboutOf(row), IsCorrection: row.ReleasedResultID != nil, CorrectsID: row.ReleasedResultID, Abnormal: row.IsAbnormal})
	if err != nil {
		return labapi.Result{}, err
	}
	shown, err := m.GetResult(ctx, tx, in.ByID)
	shown.Warnings = warningsOf(said)
	return shown, err
}

// toMove reads a version about to be moved, with its encounter held, and what decides on it: codes are those of its
// analytes that quality control holds back.
func (m *Module) toMove(ctx context.Context, tx db.Tx, in ByID) (row labdb.LabResultRecord, codes []string, s standing, err error) {
	if row, err = getResult(ctx, tx, tx.Scope(), in.ID); err != nil {
		return row, nil, s, err
	}
	if _, err = m.hold(ctx, tx, row.EncounterID); err != nil {
		return row, nil, s, err
	}
	isHeld, codes, err := m.heldOf(ctx, tx, row)
	s = standingOf(ctx, row, isHeld)
	if err == nil {
		s.isOfAnother, err = m.isOfAnotherNow(ctx, tx, row)
	}
	return row, codes, s, err
}

func (m *Module) isOfAnotherNow(ctx context.Context, tx db.Tx, row labdb.LabResultRecord) (bool, error) {
	patients, err := m.deps.Patients.Summaries(ctx, tx, tx.Scope(), []uuid.UUID{row.PatientID})
	if err != nil {
		return false, err
	}
	facility, err := m.deps.Facilities.Settings(ctx, tx, row.TenantID, row.FacilityID)
	if err != nil {
		return false, err
	}
	return isOfAnother(row, patients[row.PatientID], facility.Zone), nil
}

// isOfAnother tells whether the sex or the date of birth of the patient was put right since a version was judged: its
// ranges and flags may not be theirs.
func isOfAnother(row labdb.LabResultRecord, patient patientsapi.Summary, zone *time.Location) bool {
	person := measuredOf(patient, row.CollectedAt, row.Pregnant, zone)
	return person.Sex != row.Sex || person.AgeDays != int(row.AgeDays)
}

// heldOf gives the analytes of a result that quality control holds back.
func (m *Module) heldOf(ctx context.Context, tx db.Tx, row labdb.LabResultRecord) (bool, []string, error) {
	held, err := m.held(ctx, tx, tx.Scope())
	if err != nil || len(held) == 0 {
		return false, []string{}, err
	}
	shelf, err := m.shelfOf(ctx, tx, tx.Scope(), row.Pack)
	if err != nil {
		return false, nil, err
	}
	var values []labapi.Value
	if err := json.Unmarshal(row.Shown, &values); err != nil {
		return false, nil, fmt.Errorf("values of result %s: %w", row.ID, err)
	}
	codes := shelf.affected(codesOf(values), held)
	return len(codes) > 0, codes, nil
}

// withHeld adds to a refusal by quality control which analytes it holds.
func withHeld(err error, codes []string) error {
	if errors.Is(err, errHeld) {
		return errHeld.With("held", codes)
	}
	return err
}

func aboutOf(row labdb.LabResultRecord) labapi.AboutResult {
	return labapi.AboutResult{
		ResultID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, SampleID: row.SampleID,
		ItemRef: labapi.ItemRef{ItemID: row.OrderItemID, OrderID: row.OrderID, ServiceCode: row.ServiceCode},
		Version: int(row.Version), OrderedByID: row.OrderedByID,
	}
}
