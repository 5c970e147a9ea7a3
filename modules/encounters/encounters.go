package encounters

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var (
	errNotFound     = encountersapi.ErrNotFound
	errNotOpen      = encountersapi.ErrNotOpen
	errNoPatient    = errs.NotFound("patients.not_found", "There is no such patient.")
	errActiveExists = errs.Conflict("encounters.active_exists", "This patient already has an encounter under way here.")
	errInvalid      = errs.Invalid("encounters.invalid", "The encounter has faults; see errors.")
)

// DefaultType of an encounter whose creator names none.
const DefaultType = "OPD"

// Encounter as the API shows it.
type Encounter struct {
	httpx.Version     `json:"-"`
	ID                uuid.UUID            `json:"id" format:"uuid"`
	PatientID         uuid.UUID            `json:"patient_id" format:"uuid"`
	Patient           Patient              `json:"patient"`
	EncounterType     string               `json:"encounter_type" example:"OPD"`
	Pack              string               `json:"pack" example:"base" doc:"The medical system the encounter is led by"`
	Status            encountersapi.Status `json:"status" enum:"CREATED,CHECKED_IN,IN_CONSULT,CLOSED,CANCELLED"`
	Reason            *string              `json:"reason"`
	AttendingDoctorID *uuid.UUID           `json:"attending_doctor_id" format:"uuid"`
	AttendingDoctor   *Person              `json:"attending_doctor"`
	ScheduledAt       *time.Time           `json:"scheduled_at"`
	CheckedInAt       *time.Time           `json:"checked_in_at"`
	ConsultStartedAt  *time.Time           `json:"consult_started_at"`
	ClosedAt          *time.Time           `json:"closed_at"`
	CancelledAt       *time.Time           `json:"cancelled_at"`
	CancelReason      *string              `json:"cancel_reason"`
	SystemData        map[string]any       `json:"system_data" doc:"The pack's own data"`
	CreatedAt         time.Time            `json:"created_at"`
	UpdatedAt         time.Time            `json:"updated_at"`
	Actions           []string             `json:"actions" nullable:"false" doc:"What the caller may do to it now: check-in, start-consult, close, cancel, update, vitals, assessment, plan, notes"`
	Warnings          []rulesapi.Warning   `json:"warnings,omitempty" nullable:"false" doc:"What rules had to say when it was closed; only in that answer"`
}

// Patient is whose encounter it is.
type Patient struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
	MRN      string    `json:"mrn"`
}

// Person is a user of the tenant.
type Person struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
}

// AuditSubject says whose record an answer shows.
func (e Encounter) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "encounter", EntityID: e.ID, EncounterID: e.ID, PatientIDs: []uuid.UUID{e.PatientID}}
}

// CreateInput opens an encounter.
type CreateInput struct {
	Body struct {
		PatientID         uuid.UUID      `json:"patient_id" format:"uuid"`
		EncounterType     string         `json:"encounter_type,omitempty" pattern:"^[A-Z][A-Z0-9_]{0,39}$" patternDescription:"a type such as OPD" doc:"OPD IPD EMERGENCY CONSULTATION DAYCARE TELECONSULT or one the pack adds; OPD when absent"`
		Pack              string         `json:"pack,omitempty" maxLength:"64" doc:"One of the facility's packs; its first when absent"`
		Reason            string         `json:"reason,omitempty" maxLength:"2000" doc:"Why the patient comes"`
		AttendingDoctorID *uuid.UUID     `json:"attending_doctor_id,omitempty" format:"uuid" doc:"An active user of this facility"`
		ScheduledAt       *time.Time     `json:"scheduled_at,omitempty"`
		SystemData        map[string]any `json:"system_data,omitempty" doc:"The pack's own data, at most 64 KiB"`
	}
}

// Create opens an encounter. Of parallel calls for one patient exactly one succeeds where the facility allows one;
// the others are told which encounter is under way.
func (m *Module) Create(ctx context.Context, tx db.Tx, in CreateInput) (Encounter, error) {
	scope, body := tx.Scope(), in.Body
	settings, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return Encounter{}, err
	}
	patients, err := m.deps.Patients.Summaries(ctx, tx, scope, []uuid.UUID{body.PatientID})
	if err != nil {
		return Encounter{}, err
	}
	if _, known := patients[body.PatientID]; !known {
		return Encounter{}, errNoPatient
	}
	if body.Pack == "" {
		body.Pack = settings.Packs[0]
	}
	if body.EncounterType == "" {
		body.EncounterType = DefaultType
	}
	library, err := m.deps.Packs.Of(ctx, tx, scope)
	if err != nil {
		return Encounter{}, err
	}
	faults := errInvalid
	if !slices.Contains(settings.Packs, body.Pack) {
		faults = faults.At("body.pack", "This pack is not enabled in this facility.")
	} else if _, err := library.Workflow(body.Pack, body.EncounterType); err != nil {
		faults = faults.At("body.encounter_type", "This pack has no such type of encounter.")
	}
	systemData, faults := checkSystemData(faults, library, body.Pack, body.SystemData)
	if faults, err = m.checkDoctor(ctx, tx, faults, body.AttendingDoctorID); err != nil {
		return Encounter{}, err
	}
	if len(faults.Fields) > 0 {
		return Encounter{}, faults
	}
	row, err := m.insert(ctx, tx, encountersdb.InsertEncounterParams{
		TenantID: scope.TenantID, ID: id.New(), FacilityID: scope.FacilityID, PatientID: body.PatientID,
		EncounterType: body.EncounterType, Pack: body.Pack, Exclusive: !settings.SeveralActiveEncounters, Reason: text(body.Reason),
		AttendingDoctorID: body.AttendingDoctorID, ScheduledAt: body.ScheduledAt, SystemData: systemData,
		CreatedByID: id.Ptr(scope.UserID), Now: tx.Now(),
	})
	if err != nil {
		return Encounter{}, err
	}
	if err := index(ctx, tx, library, row, body.SystemData); err != nil {
		return Encounter{}, err
	}
	err = m.deps.Bus.Publish(ctx, tx, encountersapi.Created{EncounterID: row.ID, PatientID: row.PatientID, Type: row.EncounterType, Pack: row.Pack})
	if err != nil {
		return Encounter{}, err
	}
	return m.presentOne(ctx, tx, scope, row)
}

// insert writes the row, or names the encounter that is in its way. Between finding no place and looking who holds
// it the holder may have left: then there is a place again.
func (m *Module) insert(ctx context.Context, tx db.Tx, params encountersdb.InsertEncounterParams) (encountersdb.EncountersEncounter, error) {
	queries := encountersdb.New(tx)
	for range 5 {
		row, err := queries.InsertEncounter(ctx, params)
		if !db.IsNoRows(err) {
			return row, err
		}
		active, err := queries.ActiveEncounter(ctx, encountersdb.ActiveEncounterParams{
			TenantID: params.TenantID, FacilityID: params.FacilityID, PatientID: params.PatientID})
		if err == nil {
			return row, errActiveExists.With("encounter_id", active)
		}
		if !db.IsNoRows(err) {
			return row, err
		}
	}
	return encountersdb.EncountersEncounter{}, errActiveExists
}

// checkDoctor adds a fault when the user named is not an active one of this facility.
func (m *Module) checkDoctor(ctx context.Context, tx db.Tx, faults *errs.Error, userID *uuid.UUID) (*errs.Error, error) {
	if userID == nil {
		return faults, nil
	}
	member, err := m.deps.Users.IsMember(ctx, tx, *userID, tx.Scope().TenantID, tx.Scope().FacilityID)
	if err != nil || member {
		return faults, err
	}
	return faults.At("body.attending_doctor_id", "Not an active user of this facility."), nil
}

// ByID names one encounter.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one encounter.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Encounter, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := get(ctx, q, scope, in.ID)
	if err != nil {
		return Encounter{}, err
	}
	return m.presentOne(ctx, q, scope, row)
}

func get(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) (encountersdb.EncountersEncounter, error) {
	row, err := encountersdb.New(q).GetEncounter(ctx, encountersdb.GetEncounterParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: encounterID})
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return row, err
}

func lock(ctx context.Context, tx db.Tx, encounterID uuid.UUID) (encountersdb.EncountersEncounter, error) {
	row, err := encountersdb.New(tx).LockEncounter(ctx, encountersdb.LockEncounterParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, ID: encounterID})
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return row, err
}

// UpdateInput changes an encounter; absent fields stay, null clears.
type UpdateInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		Reason            httpx.Optional[string]    `json:"reason,omitzero" maxLength:"2000"`
		AttendingDoctorID httpx.Optional[uuid.UUID] `json:"attending_doctor_id,omitzero" format:"uuid"`
		SystemData        map[string]any            `json:"system_data,omitempty" doc:"Replaces the whole object; at most 64 KiB"`
	}
}

// Update changes what may change while an encounter is under way. The record of one that is over stands.
func (m *Module) Update(ctx context.Context, tx db.Tx, in UpdateInput) (Encounter, error) {
	row, err := lock(ctx, tx, in.ID)
	if err != nil {
		return Encounter{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Encounter{}, err
	}
	if !encountersapi.Open(encountersapi.Status(row.Status)) {
		return Encounter{}, errNotOpen
	}
	faults := errInvalid
	row.Reason = in.Body.Reason.Or(row.Reason)
	if row.Reason != nil {
		row.Reason = text(*row.Reason)
	}
	row.AttendingDoctorID = in.Body.AttendingDoctorID.Or(row.AttendingDoctorID)
	var library packsapi.Library
	if in.Body.SystemData != nil {
		if library, err = m.deps.Packs.Of(ctx, tx, tx.Scope()); err != nil {
			return Encounter{}, err
		}
		row.SystemData, faults = checkSystemData(faults, library, row.Pack, in.Body.SystemData)
	}
	if faults, err = m.checkDoctor(ctx, tx, faults, in.Body.AttendingDoctorID.Pointer()); err != nil {
		return Encounter{}, err
	}
	if len(faults.Fields) > 0 {
		return Encounter{}, faults
	}
	row, err = encountersdb.New(tx).UpdateEncounter(ctx, encountersdb.UpdateEncounterParams{
		Reason: row.Reason, AttendingDoctorID: row.AttendingDoctorID, SystemData: row.SystemData, Now: tx.Now(),
		TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID,
	})
	if err != nil {
		return Encounter{}, err
	}
	if library != nil {
		if err := reindex(ctx, tx, library, row, in.Body.SystemData); err != nil {
			return Encounter{}, err
		}
	}
	err = m.deps.Bus.Publish(ctx, tx, encountersapi.Updated{EncounterID: row.ID, PatientID: row.PatientID, Version: row.Version})
	if err != nil {
		return Encounter{}, err
	}
	return m.presentOne(ctx, tx, tx.Scope(), row)
}

// text gives nil for what holds no words.
func text(s string) *string {
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	return &s
}

func (m *Module) presentOne(ctx context.Context, q db.DBTX, scope db.Scope, row encountersdb.EncountersEncounter) (Encounter, error) {
	all, err := m.present(ctx, q, scope, []encountersdb.EncountersEncounter{row})
	if err != nil {
		return Encounter{}, err
	}
	return all[0], nil
}

// present shows rows with their patients' and doctors' names, which it asks for all at once.
func (m *Module) present(ctx context.Context, q db.DBTX, scope db.Scope, rows []encountersdb.EncountersEncounter) ([]Encounter, error) {
	var patientIDs, doctorIDs []uuid.UUID
	for _, row := range rows {
		patientIDs = append(patientIDs, row.PatientID)
		if row.AttendingDoctorID != nil {
			doctorIDs = append(doctorIDs, *row.AttendingDoctorID)
		}
	}
	if len(rows) == 0 {
		return []Encounter{}, nil
	}
	patients, err := m.deps.Patients.Summaries(ctx, q, scope, id.Distinct(patientIDs))
	if err != nil {
		return nil, err
	}
	names, err := m.names(ctx, q, scope, doctorIDs)
	if err != nil {
		return nil, err
	}
	encounters := make([]Encounter, len(rows))
	for i, row := range rows {
		patient := patients[row.PatientID]
		e := Encounter{
			Version: httpx.Version(row.Version), ID: row.ID, PatientID: row.PatientID,
			Patient:       Patient{ID: row.PatientID, FullName: patient.FullName, MRN: patient.MRN},
			EncounterType: row.EncounterType, Pack: row.Pack, Status: encountersapi.Status(row.Status), Reason: row.Reason,
			AttendingDoctorID: row.AttendingDoctorID, ScheduledAt: row.ScheduledAt, CheckedInAt: row.CheckedInAt,
			ConsultStartedAt: row.ConsultStartedAt, ClosedAt: row.ClosedAt, CancelledAt: row.CancelledAt, CancelReason: row.CancelReason,
			CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Actions: actions(ctx, encountersapi.Status(row.Status)),
		}
		if row.AttendingDoctorID != nil {
			e.AttendingDoctor = &Person{ID: *row.AttendingDoctorID, FullName: names[*row.AttendingDoctorID]}
		}
		if err := json.Unmarshal(row.SystemData, &e.SystemData); err != nil {
			return nil, fmt.Errorf("encounter %s: %w", row.ID, err)
		}
		encounters[i] = e
	}
	return encounters, nil
}

// names of users; asks nobody about nobody.
func (m *Module) names(ctx context.Context, q db.DBTX, scope db.Scope, userIDs []uuid.UUID) (map[uuid.UUID]string, error) {
	if len(userIDs) == 0 {
		return nil, nil
	}
	return m.deps.Users.Names(ctx, q, scope.TenantID, id.Distinct(userIDs))
}
