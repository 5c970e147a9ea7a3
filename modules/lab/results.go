package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// GetResult gives one version of a result. One that is not released is for the laboratory, and a critical one for those who
// are to act on it: its status says that nobody vouches for it yet.
func (m *Module) GetResult(ctx context.Context, q db.DBTX, in ByID) (labapi.Result, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := getResult(ctx, q, scope, in.ID)
	if err != nil {
		return labapi.Result{}, err
	}
	if row.ReleasedAt == nil && !labapi.SeesUnreleased(ctx) {
		sees := false
		if row.IsCritical {
			sees, err = m.deps.Alarmed.SeesCriticalResult(ctx, q, scope, m.deps.Clock.Now(), alertsapi.CriticalResult{
				ResultID: row.ID, OrderItemID: row.OrderItemID, EncounterID: row.EncounterID})
		}
		if err == nil && !sees {
			err = errResultNotFound
		}
		if err != nil {
			return labapi.Result{}, err
		}
	}
	return m.presentResult(ctx, q, scope, row)
}

func getResult(ctx context.Context, q db.DBTX, scope db.Scope, resultID uuid.UUID) (labdb.LabResultRecord, error) {
	row, err := labdb.New(q).GetResult(ctx, labdb.GetResultParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: resultID})
	if db.IsNoRows(err) {
		err = errResultNotFound
	}
	return row, err
}

// HistoryInput names any version of a result.
type HistoryInput struct{ ByID }

// ResultHistory is every version of a result.
type ResultHistory struct {
	Results []labapi.Result `json:"results" nullable:"false"`
}

// AuditSubject says whose record it shows.
func (h ResultHistory) AuditSubject() httpx.Subject {
	if len(h.Results) == 0 {
		return httpx.Subject{Entity: labapi.EntityResult}
	}
	return h.Results[len(h.Results)-1].AuditSubject()
}

// History gives every version that the caller may see, the oldest first.
func (m *Module) History(ctx context.Context, q db.DBTX, in HistoryInput) (ResultHistory, error) {
	scope, _ := db.ScopeOf(ctx)
	rows, err := labdb.New(q).HistoryOf(ctx, labdb.HistoryOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if err != nil {
		return ResultHistory{}, err
	}
	if !labapi.SeesUnreleased(ctx) {
		rows = slices.DeleteFunc(rows, func(r labdb.LabResultRecord) bool { return r.ReleasedAt == nil })
	}
	// A version that the caller may not see leads nowhere, as one that is not there.
	if !slices.ContainsFunc(rows, func(r labdb.LabResultRecord) bool { return r.ID == in.ID }) {
		return ResultHistory{}, errResultNotFound
	}
	shown, err := m.presentResults(ctx, q, scope, rows)
	return ResultHistory{Results: shown}, err
}

func (m *Module) presentResult(ctx context.Context, q db.DBTX, scope db.Scope, row labdb.LabResultRecord) (labapi.Result, error) {
	all, err := m.presentResults(ctx, q, scope, []labdb.LabResultRecord{row})
	if err != nil {
		return labapi.Result{}, err
	}
	return all[0], nil
}

// presentResults shows results with names, which it asks for all at once.
func (m *Module) presentResults(ctx context.Context, q db.DBTX, scope db.Scope, rows []labdb.LabResultRecord) ([]labapi.Result, error) {
	var patientIDs []uuid.UUID
	for _, row := range rows {
		patientIDs = append(patientIDs, row.PatientID)
	}
	patients, err := m.summaries(ctx, q, scope, patientIDs)
	if err != nil {
		return nil, err
	}
	return m.presentResultsOf(ctx, q, scope, rows, patients)
}

// presentResultsOf is presentResults for who knows the patients already.
func (m *Module) presentResultsOf(ctx context.Context, q db.DBTX, scope db.Scope, rows []labdb.LabResultRecord, patients map[uuid.UUID]patientsapi.Summary) ([]labapi.Result, error) {
	var userIDs []uuid.UUID
	waits := false
	for _, row := range rows {
		userIDs = appendKnown(userIDs, row.EnteredByID, row.VerifiedByID, row.ReleasedByID)
		waits = waits || row.ReleasedAt == nil && row.IsLatest
	}
	people, err := m.people(ctx, q, scope, userIDs)
	if err != nil {
		return nil, err
	}
	var held map[string]bool
	sees := labapi.SeesUnreleased(ctx)
	if waits && sees {
		if held, err = m.held(ctx, q, scope); err != nil {
			return nil, err
		}
	}
	shelves, err := m.shelves(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	facility, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return nil, err
	}
	all := make([]labapi.Result, len(rows))
	for i, row := range rows {
		if all[i], err = resultOf(row); err != nil {
			return nil, err
		}
		r := &all[i]
		if !sees && row.ReleasedAt != nil {
			r.IsLatest = row.IsLatestReleased // of those that the caller knows of
		}
		patient := patients[row.PatientID]
		r.Patient, r.PersonChanged = patientOf(patient), isOfAnother(row, patient, facility.Zone)
		r.EnteredBy, r.VerifiedBy, r.ReleasedBy = person(row.EnteredByID, people), person(row.VerifiedByID, people), person(row.ReleasedByID, people)
		if row.ReleasedAt == nil && row.IsLatest && len(held) > 0 {
			shelf, err := shelves.of(row.Pack)
			if err != nil {
				return nil, err
			}
			r.Held = shelf.affected(codesOf(r.Values), held)
		}
		r.Actions = resultActions(ctx, row, len(r.Held) > 0, r.PersonChanged)
	}
	return all, nil
}

// resultOf is a result without what others know: its patient, the people, what is held, what the caller may do.
func resultOf(row labdb.LabResultRecord) (labapi.Result, error) {
	r := labapi.Result{
		Version: httpx.Version(row.RequestVersion), ID: row.ID, OrderItemID: row.OrderItemID, OrderID: row.OrderID, EncounterID: row.EncounterID,
		PatientID: row.PatientID, Patient: labapi.Patient{ID: row.PatientID}, SampleID: row.SampleID, Barcode: row.Barcode,
		SpecimenType: row.SpecimenType, CollectedAt: row.CollectedAt, ServiceCode: row.ServiceCode, Name: row.Name, Priority: row.Priority,
		ResultVersion: int(row.Version), IsLatest: row.IsLatest, IsCorrection: row.IsCorrection, SupersedesID: row.SupersedesID,
		CorrectionReason: row.CorrectionReason, JudgedFor: labapi.JudgedFor{Sex: row.Sex, Pregnant: row.Pregnant}, Status: labapi.ResultStatus(row.Status),
		IsVoid: row.VoidedAt != nil, VoidCode: row.VoidCode, VoidReason: row.VoidReason, Values: []labapi.Value{}, Missing: row.Missing, Comment: row.Comment,
		IsCritical: row.IsCritical, CriticalReasons: []labapi.CriticalReason{}, EnteredAt: row.EnteredAt, EnteredByID: row.EnteredByID,
		VerifiedAt: row.VerifiedAt, VerifiedByID: row.VerifiedByID, VerifiedByRule: row.VerifiedByRule, ReleasedAt: row.ReleasedAt,
		ReleasedByID: row.ReleasedByID, Held: []string{}, Actions: []string{},
	}
	if row.AgeDays >= 0 {
		age := int(row.AgeDays)
		r.JudgedFor.AgeDays = &age
	}
	if row.NotifiedAt != nil {
		r.CriticalNotice = &labapi.CriticalNotice{NotifiedTo: valueOf(row.NotifiedTo), ReadBack: true, NotifiedAt: *row.NotifiedAt, NotifiedByID: row.NotifiedByID}
	}
	if err := json.Unmarshal(row.Shown, &r.Values); err != nil {
		return r, fmt.Errorf("values of result %s: %w", row.ID, err)
	}
	if err := json.Unmarshal(row.CriticalReasons, &r.CriticalReasons); err != nil {
		return r, fmt.Errorf("critical values of result %s: %w", row.ID, err)
	}
	return r, nil
}

// standingOf is what decides on a version's moves by this caller.
func standingOf(ctx context.Context, row labdb.LabResultRecord, isHeld bool) standing {
	caller, _ := db.ScopeOf(ctx)
	return standing{
		status: labapi.ResultStatus(row.Status), isLatest: row.IsLatest, isCancelled: row.RequestStatus == requestCancelled,
		isCritical: row.IsCritical, isHeld: isHeld,
		byEnterer: row.FourEyes && slices.Contains(row.EnteredByIds, caller.UserID),
		isVoid:    row.VoidedAt != nil,
	}
}

func resultActions(ctx context.Context, row labdb.LabResultRecord, isHeld, isOfAnother bool) []string {
	actions, s := []string{}, standingOf(ctx, row, isHeld)
	s.isNoticed = true // it can be given with the move
	s.isOfAnother = isOfAnother
	if auth.Can(ctx, CanVerify) && mayVerify(s) == nil {
		actions = append(actions, string(verify))
	}
	if auth.Can(ctx, CanRelease) && mayRelease(s) == nil {
		actions = append(actions, string(release))
	}
	if auth.Can(ctx, CanEnter) && s.isLatest && mayEnter(row.RequestStatus) == nil {
		actions = append(actions, string(correct))
	}
	return actions
}

func codesOf(values []labapi.Value) []string {
	codes := make([]string, len(values))
	for i, v := range values {
		codes[i] = v.Code
	}
	return codes
}

// isAbnormal tells whether a value is flagged other than N.
func isAbnormal(v labapi.Value) bool { return v.Flag != nil && *v.Flag != measure.FlagNormal }
