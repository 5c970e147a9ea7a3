package lab

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// EnterInput enters a result.
type EnterInput struct {
	Body struct {
		OrderItemID      uuid.UUID           `json:"order_item_id" format:"uuid"`
		Values           []PostedValue       `json:"values" nullable:"false" minItems:"1" maxItems:"200"`
		Comment          string              `json:"comment,omitempty" maxLength:"4000" doc:"To the result as a whole; printed"`
		CorrectionReason string              `json:"correction_reason,omitempty" maxLength:"1000" doc:"Why it is entered again"`
		ExpectedVersion  *int                `json:"expected_version,omitempty" minimum:"0" doc:"The version that you saw, 0 for none: refused with lab.result_changed where another is the latest. A sample that was rejected leaves none"`
		Overrides        []rulesapi.Override `json:"overrides,omitempty" nullable:"false" maxItems:"50" doc:"Reasons to pass rules that held this back"`
	}
}

// PostedValue is what somebody typed of one analyte.
type PostedValue struct {
	Code  string          `json:"code" minLength:"1" maxLength:"64" example:"HGB" doc:"Of an analyte of the test; those left out stay as the version before told them"`
	Value json.RawMessage `json:"value" doc:"A number, or a text: a choice's code, words, 1:80, <0.5, >1000. Null withdraws what the version before told"`
	Unit  string          `json:"unit,omitempty" maxLength:"50" doc:"UCUM; the analyte's own when absent"`
	// Comment is as the version before had it when it is absent.
	Comment httpx.Optional[string] `json:"comment,omitzero" maxLength:"1000" doc:"As the version before had it when absent; null or empty for none"`
}

// entering is what an entry knows of its test.
type entering struct {
	labdb.LabRequest
	collectedAt time.Time
	pregnant    bool
	shelf       shelf
	analytes    []*packsapi.Analyte
	patient     patientsapi.Summary
	measured    packsapi.Measured
	before      toldBefore
	// autoverifies says that rules may verify what is entered now.
	autoverifies bool
}

// Enter writes the next version of a test's result, with all that the version before told: judged by the ranges of whom it was measured of, calculated where it
// follows from others, critical where it must be told at once.
func (m *Module) Enter(ctx context.Context, tx db.Tx, in EnterInput) (labapi.Result, error) {
	e, err := m.toEnter(ctx, tx, in.Body.OrderItemID)
	if err != nil {
		return labapi.Result{}, err
	}
	if seen := in.Body.ExpectedVersion; seen != nil && *seen != e.before.version {
		return labapi.Result{}, errResultChanged.With("latest_version", e.before.version)
	}
	values, err := readValues(e, in.Body.Values, strings.TrimSpace(in.Body.CorrectionReason))
	if err != nil {
		return labapi.Result{}, err
	}
	formers, err := m.formers(ctx, tx, e, values)
	if err != nil {
		return labapi.Result{}, err
	}
	found := judge(e, values, formers)
	held, err := m.held(ctx, tx, tx.Scope())
	if err != nil {
		return labapi.Result{}, err
	}
	facts := factsOf(e, found, e.shelf.affected(codesOf(found.values), held))
	said, err := m.deps.Gate.Pass(ctx, tx, rulesapi.Question{
		Pack: e.Pack, Moment: packsapi.MomentResultEntered, EncounterID: e.EncounterID, PatientID: e.PatientID, SubjectID: e.OrderItemID,
		Facts: facts, Overrides: in.Body.Overrides,
	})
	if err != nil {
		return labapi.Result{}, err
	}
	resultID, err := m.write(ctx, tx, e, found, strings.TrimSpace(in.Body.Comment), strings.TrimSpace(in.Body.CorrectionReason))
	if err != nil {
		return labapi.Result{}, err
	}
	if e.autoverifies && e.LatestVersion == 0 && !found.isCritical() && len(found.missing(e)) == 0 {
		if err := m.autoverify(ctx, tx, e, resultID, facts); err != nil {
			return labapi.Result{}, err
		}
	}
	row, err := getResult(ctx, tx, tx.Scope(), resultID)
	if err != nil {
		return labapi.Result{}, err
	}
	shown, err := m.presentResultsOf(ctx, tx, tx.Scope(), []labdb.LabResultRecord{row}, map[uuid.UUID]patientsapi.Summary{e.PatientID: e.patient})
	if err != nil {
		return labapi.Result{}, err
	}
	shown[0].Warnings = warningsOf(said)
	return shown[0], nil
}

// toEnter reads what an entry must know, or says why nothing can be entered.
func (m *Module) toEnter(ctx context.Context, tx db.Tx, itemID uuid.UUID) (entering, error) {
	scope := tx.Scope()
	row, err := labdb.New(tx).EntryOf(ctx, labdb.EntryOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderItemID: itemID})
	if db.IsNoRows(err) {
		err = errItemNotFound
	}
	if err != nil {
		return entering{}, err
	}
	e := entering{LabRequest: row.LabRequest, pregnant: row.Pregnant != nil && *row.Pregnant,
		autoverifies: valueOf(row.Autoverification) == autoverificationOn}
	if err := mayEnter(e.Status); err != nil {
		return e, err
	}
	e.collectedAt = *row.SampleCollectedAt
	if _, err := m.hold(ctx, tx, e.EncounterID); err != nil {
		return e, err
	}
	if e.shelf, err = m.shelfOf(ctx, tx, scope, e.Pack); err != nil {
		return e, err
	}
	e.analytes = e.shelf.test(e.ServiceCode, e.Name)
	if e.before, err = m.toldBefore(ctx, tx, e); err != nil {
		return e, err
	}
	patients, err := m.deps.Patients.Summaries(ctx, tx, scope, []uuid.UUID{e.PatientID})
	if err != nil {
		return e, err
	}
	facility, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return e, err
	}
	e.patient = patients[e.PatientID]
	e.measured = measuredOf(e.patient, e.collectedAt, e.pregnant, facility.Zone)
	return e, nil
}

// measuredOf is of whom a sample was taken, as ranges know them. Days are those of the facility's calendar.
func measuredOf(patient patientsapi.Summary, collectedAt time.Time, pregnant bool, zone *time.Location) packsapi.Measured {
	person := packsapi.Measured{AgeDays: -1, Sex: patient.Gender, Pregnant: pregnant}
	if patient.DateOfBirth != nil {
		person.AgeDays = max(0, patient.DateOfBirth.DaysUntil(clock.DateOf(collectedAt.In(zone))))
	}
	return person
}

// write tells the house and writes the version, if the test is still as it was read.
func (m *Module) write(ctx context.Context, tx db.Tx, e entering, found findings, comment, reason string) (uuid.UUID, error) {
	scope, now := tx.Scope(), tx.Now()
	resultID := id.For(ctx, now)
	isCorrection := e.ReleasedResultID != nil
	told := labapi.ResultEntered{
		AboutResult: labapi.AboutResult{ResultID: resultID, EncounterID: e.EncounterID, PatientID: e.PatientID, SampleID: *e.SampleID,
			ItemRef: seen{e.LabRequest}.refs()[0], Version: int(e.LatestVersion) + 1, OrderedByID: e.OrderedByID},
		Critical: found.criticalCodes(), SupersedesID: e.LatestResultID, FormerReleased: isCorrection,
		SameCritical: found.isCritical() && e.before.isCriticalAlike(found),
	}
	if err := m.deps.Bus.Publish(ctx, tx, told); err != nil {
		return resultID, err
	}
	shown, err := json.Marshal(found.values)
	if err != nil {
		return resultID, err
	}
	critical, err := json.Marshal(found.critical)
	if err != nil {
		return resultID, err
	}
	if e.LatestVersion == 0 {
		reason = "" // the first corrects nothing
	}
	written, err := labdb.New(tx).EnterResult(ctx, labdb.EnterResultParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, CollectedAt: e.collectedAt, Shown: shown, ID: &resultID, Now: &now,
		OrderItemID: e.OrderItemID, Version: e.LabRequest.Version, SupersedesID: e.LatestResultID, IsCorrection: isCorrection,
		CorrectionReason: words(reason), Comment: words(comment), IsCritical: found.isCritical(), IsAbnormal: found.isAbnormal(),
		CriticalReasons: critical, Missing: found.missing(e), AgeDays: int32(e.measured.AgeDays), Sex: e.measured.Sex, Pregnant: e.pregnant, EnteredByID: id.Ptr(scope.UserID), //nolint:gosec // a lifetime
	})
	if err == nil && written == 0 {
		err = errChanged
	}
	return resultID, err
}

func patientOf(p patientsapi.Summary) labapi.Patient {
	patient := labapi.Patient{ID: p.ID, FullName: p.FullName, MRN: p.MRN, Gender: p.Gender}
	if p.DateOfBirth != nil {
		born := p.DateOfBirth.String()
		patient.DateOfBirth = &born
	}
	return patient
}

func warningsOf(said []rulesapi.Warning) []labapi.Warning {
	var warnings []labapi.Warning
	for _, w := range said {
		warnings = append(warnings, labapi.Warning(w))
	}
	return warnings
}
