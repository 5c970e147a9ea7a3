package encounters

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var errIllegalTransition = errs.Conflict("encounters.illegal_transition", "An encounter of this status cannot make this move.")

// permissionTo says who may make each move.
var permissionTo = map[move]string{checkIn: CanCheckIn, startConsult: CanStartConsult, closeRecord: CanClose, cancel: CanCancel}

// additions are what may be done while an encounter is under way, named as their routes are.
var additions = []struct{ action, permission string }{
	{"update", CanUpdate}, {"vitals", CanRecordVitals}, {"assessment", CanRecordAssessment}, {"plan", CanRecordPlan}, {"notes", CanRecordNote},
}

// actions lists what the caller may do to an encounter of this status.
func actions(ctx context.Context, status encountersapi.Status) []string {
	may := []string{}
	for _, m := range movesFrom(status) {
		if auth.Can(ctx, permissionTo[m]) {
			may = append(may, string(m))
		}
	}
	if encountersapi.Open(status) {
		for _, a := range additions {
			if auth.Can(ctx, a.permission) {
				may = append(may, a.action)
			}
		}
	}
	return may
}

// begin locks the encounter for a move and refuses an illegal one.
func begin(ctx context.Context, tx db.Tx, encounterID uuid.UUID, m move) (encountersdb.EncountersEncounter, error) {
	row, err := lock(ctx, tx, encounterID)
	if err != nil {
		return row, err
	}
	if _, legal := after(encountersapi.Status(row.Status), m); !legal {
		return row, errIllegalTransition.With("encounter_status", row.Status)
	}
	return row, nil
}

// finish tells the house and shows the encounter as it is now.
func (m *Module) finish(ctx context.Context, tx db.Tx, row encountersdb.EncountersEncounter, err error, happened events.Event) (Encounter, error) {
	if err != nil {
		return Encounter{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, happened); err != nil {
		return Encounter{}, err
	}
	return m.presentOne(ctx, tx, tx.Scope(), row)
}

// CheckIn says that the patient is here.
func (m *Module) CheckIn(ctx context.Context, tx db.Tx, in ByID) (Encounter, error) {
	row, err := begin(ctx, tx, in.ID, checkIn)
	if err != nil {
		return Encounter{}, err
	}
	row, err = encountersdb.New(tx).CheckInEncounter(ctx, encountersdb.CheckInEncounterParams{
		Now: tx.Now(), ActorID: id.Ptr(tx.Scope().UserID), TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID})
	return m.finish(ctx, tx, row, err, encountersapi.CheckedIn{EncounterID: row.ID, PatientID: row.PatientID})
}

// StartConsultInput may name who sees the patient; it needs no body.
type StartConsultInput struct {
	ByID
	Body *Attending
}

// Attending says who sees the patient.
type Attending struct {
	AttendingDoctorID *uuid.UUID `json:"attending_doctor_id,omitempty" format:"uuid" doc:"An active user of this facility; when absent the one already named, else the caller"`
}

// StartConsult says that a doctor sees the patient now.
func (m *Module) StartConsult(ctx context.Context, tx db.Tx, in StartConsultInput) (Encounter, error) {
	row, err := begin(ctx, tx, in.ID, startConsult)
	if err != nil {
		return Encounter{}, err
	}
	doctorID := row.AttendingDoctorID
	if in.Body != nil && in.Body.AttendingDoctorID != nil {
		doctorID = in.Body.AttendingDoctorID
		faults, err := m.checkDoctor(ctx, tx, errInvalid, doctorID)
		if err != nil {
			return Encounter{}, err
		}
		if len(faults.Fields) > 0 {
			return Encounter{}, faults
		}
	}
	if doctorID == nil {
		doctorID = id.Ptr(tx.Scope().UserID)
	}
	row, err = encountersdb.New(tx).StartConsult(ctx, encountersdb.StartConsultParams{
		Now: tx.Now(), ActorID: id.Ptr(tx.Scope().UserID), AttendingDoctorID: doctorID,
		TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID})
	return m.finish(ctx, tx, row, err, encountersapi.ConsultStarted{EncounterID: row.ID, PatientID: row.PatientID, AttendingDoctorID: doctorID})
}

// CloseInput may say why rules that hold the encounter open are passed; it needs no body.
type CloseInput struct {
	ByID
	Body *rulesapi.Reasons
}

// Close ends an encounter whose record is complete. The rules are asked under the lock: what they count cannot change
// before the close is written, and nothing can be added after.
func (m *Module) Close(ctx context.Context, tx db.Tx, in CloseInput) (Encounter, error) {
	row, err := begin(ctx, tx, in.ID, closeRecord)
	if err != nil {
		return Encounter{}, err
	}
	warnings, err := m.passClose(ctx, tx, row, in.Body.Given())
	if err != nil {
		return Encounter{}, err
	}
	row, err = encountersdb.New(tx).CloseEncounter(ctx, encountersdb.CloseEncounterParams{
		Now: tx.Now(), ActorID: id.Ptr(tx.Scope().UserID), TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID})
	closed, err := m.finish(ctx, tx, row, err, encountersapi.Closed{EncounterID: row.ID, PatientID: row.PatientID})
	closed.Warnings = warnings
	return closed, err
}

// CancelInput says why.
type CancelInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

// Cancel ends an encounter that will not take place, or broke off.
func (m *Module) Cancel(ctx context.Context, tx db.Tx, in CancelInput) (Encounter, error) {
	reason := text(in.Body.Reason)
	if reason == nil {
		return Encounter{}, errInvalid.At("body.reason", "Say why the encounter is cancelled.")
	}
	row, err := begin(ctx, tx, in.ID, cancel)
	if err != nil {
		return Encounter{}, err
	}
	row, err = encountersdb.New(tx).CancelEncounter(ctx, encountersdb.CancelEncounterParams{
		Now: tx.Now(), ActorID: id.Ptr(tx.Scope().UserID), CancelReason: *reason,
		TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID})
	return m.finish(ctx, tx, row, err, encountersapi.Cancelled{EncounterID: row.ID, PatientID: row.PatientID})
}
