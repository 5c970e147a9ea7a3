package patients

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

var (
	errNotFound        = errs.NotFound("patients.not_found", "There is no such patient.")
	errInvalid         = errs.Invalid("patients.invalid", "The patient's details have faults; see errors.")
	errIdentifierTaken = errs.Conflict("patients.identifier_taken", "Another patient of this facility has one of these identifiers.")
)

// Patient as the API shows one.
type Patient struct {
	httpx.Version      `json:"-"`
	ID                 uuid.UUID    `json:"id" format:"uuid"`
	TenantID           uuid.UUID    `json:"tenant_id" format:"uuid"`
	FacilityID         uuid.UUID    `json:"facility_id" format:"uuid"`
	MRN                string       `json:"mrn" example:"MAIN-26-000042"`
	FullName           string       `json:"full_name"`
	DateOfBirth        *clock.Date  `json:"date_of_birth" format:"date"`
	BirthDateEstimated bool         `json:"birth_date_estimated" doc:"The date of birth was reckoned from an age"`
	Gender             string       `json:"gender" enum:"male,female,other,unknown"`
	Phone              *string      `json:"phone"`
	Email              *string      `json:"email"`
	Address            *string      `json:"address"`
	BloodGroup         *string      `json:"blood_group" enum:"A+,A-,B+,B-,AB+,AB-,O+,O-"`
	Identifiers        []Identifier `json:"identifiers" nullable:"false"`
	SystemSpecificData SystemData   `json:"system_specific_data" doc:"What each pack keeps of the patient, by pack"`
	CreatedAt          time.Time    `json:"created_at"`
	UpdatedAt          time.Time    `json:"updated_at"`
}

// Identifier is a number that someone else gave the patient: ABHA, passport, an insurer's.
type Identifier struct {
	System string `json:"system" minLength:"1" maxLength:"100" example:"abha"`
	Value  string `json:"value" minLength:"1" maxLength:"100" example:"91-1234-5678-9012"`
}

// SystemData is what packs keep of a patient: an object for each pack, as it is stored.
type SystemData json.RawMessage

// MarshalJSON gives it as stored.
func (s SystemData) MarshalJSON() ([]byte, error) { return s, nil }

// Schema of an object of objects.
func (SystemData) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}}
}

// AuditSubject makes the reading of a record audited.
func (p Patient) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "patient", EntityID: p.ID, PatientIDs: []uuid.UUID{p.ID}}
}

func present(row patientsdb.PatientsPatient) (Patient, error) {
	identifiers := []Identifier{}
	if string(row.Identifiers) != "[]" { // as most have it
		if err := json.Unmarshal(row.Identifiers, &identifiers); err != nil {
			return Patient{}, err
		}
	}
	return Patient{
		Version: httpx.Version(row.Version), ID: row.ID, TenantID: row.TenantID, FacilityID: row.FacilityID, MRN: row.Mrn, FullName: row.FullName,
		DateOfBirth: row.DateOfBirth, BirthDateEstimated: row.BirthDateEstimated, Gender: row.Gender, Phone: row.Phone, Email: row.Email,
		Address: row.Address, BloodGroup: row.BloodGroup, Identifiers: identifiers, SystemSpecificData: SystemData(row.SystemSpecificData),
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}, nil
}

func presentAll(rows []patientsdb.PatientsPatient) ([]Patient, error) {
	patients := make([]Patient, len(rows))
	for i, row := range rows {
		var err error
		if patients[i], err = present(row); err != nil {
			return nil, err
		}
	}
	return patients, nil
}

// RegisterInput is a new patient.
type RegisterInput struct {
	Body struct {
		FullName string                 `json:"full_name" minLength:"1" maxLength:"255"`
		Gender   string                 `json:"gender" enum:"male,female,other,unknown"`
		MRN      httpx.Optional[string] `json:"mrn,omitzero" maxLength:"64" doc:"Made by the facility's pattern when absent"`
		Attributes
	}
}

// Register takes a patient into the facility. The MRN, when not given, is the next of the facility's pattern; a
// number is never given twice, though one may be left out when a registration fails.
func (m *Module) Register(ctx context.Context, tx db.Tx, in RegisterInput) (Patient, error) {
	scope := tx.Scope()
	settings, err := m.facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return Patient{}, err
	}
	forms, err := m.forms(ctx, tx, in.Body.Attributes)
	if err != nil {
		return Patient{}, err
	}
	e := registering(settings, forms, tx.Now(), in)
	row := *e.row
	if e.faults != nil {
		return Patient{}, e.faults
	}
	row, err = m.insert(ctx, tx, settings, patientsdb.InsertPatientParams{
		TenantID: scope.TenantID, ID: id.New(), FacilityID: scope.FacilityID, Mrn: row.Mrn, FullName: row.FullName,
		DateOfBirth: row.DateOfBirth, BirthDateEstimated: row.BirthDateEstimated, Gender: row.Gender, Phone: row.Phone, PhoneDigits: row.PhoneDigits,
		Email: row.Email, Address: row.Address, BloodGroup: row.BloodGroup, Identifiers: row.Identifiers,
		SystemSpecificData: row.SystemSpecificData, Now: tx.Now(),
	}, e.numbers)
	if err != nil {
		return Patient{}, err
	}
	if err := index(ctx, tx, forms, row); err != nil {
		return Patient{}, err
	}
	if err := m.bus.Publish(ctx, tx, patientsapi.Registered{PatientID: row.ID}); err != nil {
		return Patient{}, err
	}
	return present(row)
}

// registering reads a new patient's record.
func registering(settings facilitiesapi.Settings, forms packForms, now time.Time, in RegisterInput) *edit {
	row := patientsdb.PatientsPatient{Gender: in.Body.Gender, Identifiers: json.RawMessage(`[]`), SystemSpecificData: json.RawMessage(`{}`)}
	e := editing(&row, settings, forms, now)
	e.fullName(in.Body.FullName)
	if given := in.Body.MRN.Pointer(); given != nil && *given != "" {
		e.mrn(*given)
	}
	e.attributes(in.Body.Attributes)
	return e
}

// ByID names one patient.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one patient of the facility.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Patient, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := patientsdb.New(q).GetPatient(ctx, patientsdb.GetPatientParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Patient{}, errNotFound
	}
	if err != nil {
		return Patient{}, err
	}
	return present(row)
}

// UpdateInput corrects a record; absent fields stay, null clears.
type UpdateInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		FullName *string `json:"full_name,omitempty" minLength:"1" maxLength:"255"`
		Gender   *string `json:"gender,omitempty" enum:"male,female,other,unknown"`
		MRN      *string `json:"mrn,omitempty" minLength:"1" maxLength:"64"`
		Attributes
	}
}

// Update corrects a patient's record. A correction that changes nothing leaves no trace.
func (m *Module) Update(ctx context.Context, tx db.Tx, in UpdateInput) (Patient, error) {
	scope := tx.Scope()
	queries := patientsdb.New(tx)
	row, err := queries.LockPatient(ctx, patientsdb.LockPatientParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Patient{}, errNotFound
	}
	if err != nil {
		return Patient{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Patient{}, err
	}
	settings, err := m.facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return Patient{}, err
	}
	forms, err := m.forms(ctx, tx, in.Body.Attributes)
	if err != nil {
		return Patient{}, err
	}
	before := row
	e := editing(&row, settings, forms, tx.Now())
	if in.Body.FullName != nil {
		e.fullName(*in.Body.FullName)
	}
	if in.Body.Gender != nil {
		row.Gender = *in.Body.Gender
	}
	if in.Body.MRN != nil {
		e.mrn(*in.Body.MRN)
	}
	e.attributes(in.Body.Attributes)
	if e.faults != nil {
		return Patient{}, e.faults
	}
	changed, err := differences(before, row)
	if err != nil {
		return Patient{}, err
	}
	if len(changed) == 0 {
		return present(before)
	}
	if row, err = m.store(ctx, tx, before, row, e.numbers); err != nil {
		return Patient{}, err
	}
	if slices.Contains(changed, "system_specific_data") {
		if err := reindex(ctx, tx, forms, row); err != nil {
			return Patient{}, err
		}
	}
	if err := m.bus.Publish(ctx, tx, patientsapi.Updated{PatientID: row.ID, Version: row.Version, Changed: changed}); err != nil {
		return Patient{}, err
	}
	return present(row)
}

// store writes a changed record with its outside numbers and its search entry.
func (m *Module) store(ctx context.Context, tx db.Tx, before, row patientsdb.PatientsPatient, outside numbers) (patientsdb.PatientsPatient, error) {
	queries := patientsdb.New(tx)
	if string(before.Identifiers) != string(row.Identifiers) {
		err := queries.DeleteIdentifiers(ctx, patientsdb.DeleteIdentifiersParams{TenantID: row.TenantID, FacilityID: row.FacilityID, PatientID: row.ID})
		if err != nil {
			return row, err
		}
		err = queries.InsertIdentifiers(ctx, patientsdb.InsertIdentifiersParams{
			TenantID: row.TenantID, FacilityID: row.FacilityID, Systems: outside.systems, Values: outside.values, PatientID: row.ID,
		})
		if db.Violates(err, "identifier_key") {
			return row, errIdentifierTaken
		}
		if err != nil {
			return row, err
		}
	}
	entry, err := entryOfRow(row)
	if err != nil {
		return row, err
	}
	row, err = queries.UpdatePatient(ctx, patientsdb.UpdatePatientParams{
		KeyVersion: keyVersion, SortName: entry.sortName, Keys: entry.keys, TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID,
		Mrn: row.Mrn, MrnSeries: row.MrnSeries, MrnNumber: row.MrnNumber, FullName: row.FullName, DateOfBirth: row.DateOfBirth,
		BirthDateEstimated: row.BirthDateEstimated, Gender: row.Gender, Phone: row.Phone, PhoneDigits: row.PhoneDigits, Email: row.Email,
		Address: row.Address, BloodGroup: row.BloodGroup, Identifiers: row.Identifiers, SystemSpecificData: row.SystemSpecificData, Now: tx.Now(),
	})
	if db.Violates(err, "patient_mrn_key") {
		return row, errMRNTaken
	}
	return row, err
}

// differences names the fields of the API in which two states of a record differ.
func differences(a, b patientsdb.PatientsPatient) ([]string, error) {
	before, err := present(a)
	if err != nil {
		return nil, err
	}
	after, err := present(b)
	if err != nil {
		return nil, err
	}
	changed := []string{}
	for _, field := range []struct {
		name string
		a, b any
	}{
		{"mrn", before.MRN, after.MRN},
		{"full_name", before.FullName, after.FullName},
		{"date_of_birth", before.DateOfBirth, after.DateOfBirth},
		{"birth_date_estimated", before.BirthDateEstimated, after.BirthDateEstimated},
		{"gender", before.Gender, after.Gender},
		{"phone", before.Phone, after.Phone},
		{"email", before.Email, after.Email},
		{"address", before.Address, after.Address},
		{"blood_group", before.BloodGroup, after.BloodGroup},
		{"identifiers", before.Identifiers, after.Identifiers},
		{"system_specific_data", decoded(before.SystemSpecificData), decoded(after.SystemSpecificData)},
	} {
		if !reflect.DeepEqual(field.a, field.b) {
			changed = append(changed, field.name)
		}
	}
	return changed, nil
}
