package clinicaldocs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
)

var errNoPatient = errs.NotFound("patients.not_found", "There is no such patient.")

// Observation is what a current document, or vital signs, say of a patient in a terminology.
type Observation struct {
	Code        string    `json:"code" example:"29463-7"`
	System      string    `json:"system" example:"loinc"`
	Value       Value     `json:"value"`
	Unit        *string   `json:"unit" example:"kg" doc:"In UCUM; null where the value has none"`
	At          time.Time `json:"at" doc:"When it was first recorded"`
	EncounterID uuid.UUID `json:"encounter_id" format:"uuid"`
	DocumentID  uuid.UUID `json:"document_id" format:"uuid"`
	Source      string    `json:"source" enum:"DOCUMENT,VITALS" doc:"DOCUMENT: document_id is a clinical document. VITALS: it is among the encounter's documents"`
	Field       string    `json:"field" example:"weight_kg" doc:"Where in the document it stands"`

	id, patientID uuid.UUID
}

// AuditSubject says whose record an answer shows.
func (o Observation) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "observation", EntityID: o.id, EncounterID: o.EncounterID, PatientIDs: []uuid.UUID{o.patientID}}
}

// Value is a number, a text, a date written YYYY-MM-DD, or true or false.
type Value struct{ any }

// MarshalJSON gives the value itself.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.any) }

// Schema of a number, a text, or true or false.
func (Value) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "A number, a text (a date as YYYY-MM-DD), or true or false", OneOf: []*huma.Schema{
		{Type: huma.TypeNumber}, {Type: huma.TypeString}, {Type: huma.TypeBoolean}}}
}

// ObservationsInput filters a patient's observations; filters given together must all hold.
type ObservationsInput struct {
	ByID
	httpx.PageParams
	Code   string    `query:"code" maxLength:"200"`
	System string    `query:"system" maxLength:"200" example:"loinc"`
	Since  time.Time `query:"since" doc:"At this time or after"`
	Until  time.Time `query:"until" doc:"Before this time"`
}

const observationColumns = `tenant_id, id, facility_id, patient_id, encounter_id, source, document_id, field, code, system, value_number,
	value_text, value_code, value_date, value_boolean, unit, at`

// Observations gives what is known of a patient in terminologies, the newest first.
func (m *Module) Observations(ctx context.Context, q db.DBTX, in ObservationsInput) (httpx.Page[Observation], error) {
	type key struct {
		At time.Time
		ID uuid.UUID
	}
	var after key
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Observation]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	known, err := m.patients.Summaries(ctx, q, scope, []uuid.UUID{in.ID})
	if err != nil {
		return httpx.Page[Observation]{}, err
	}
	if _, ours := known[in.ID]; !ours {
		return httpx.Page[Observation]{}, errNoPatient
	}
	where := in.where(scope)
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM clinicaldocs.observation`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Observation]{}, err
		}
	}
	if more {
		where.And("(at, id) < (?, ?)", after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+observationColumns+` FROM clinicaldocs.observation`+where.SQL()+` ORDER BY at DESC, id DESC LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Observation]{}, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[clinicaldocsdb.ClinicaldocsObservation])
	if err != nil {
		return httpx.Page[Observation]{}, err
	}
	observations := make([]Observation, len(found))
	for i, row := range found {
		observations[i] = Observation{
			Code: row.Code, System: row.System, Value: Value{valueOf(row)}, Unit: row.Unit, At: row.At, EncounterID: row.EncounterID,
			DocumentID: row.DocumentID, Source: row.Source, Field: row.Field, id: row.ID, patientID: row.PatientID,
		}
	}
	page := httpx.NewPage(observations, in.Limit, func(o Observation) any { return key{o.At, o.id} })
	page.Count = count
	return page, nil
}

func (in ObservationsInput) where(scope db.Scope) *db.Where {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ? AND patient_id = ?", scope.TenantID, scope.FacilityID, in.ID)
	if in.Code != "" {
		w.And("code = ?", in.Code)
	}
	if in.System != "" {
		w.And("system = ?", in.System)
	}
	if !in.Since.IsZero() {
		w.And("at >= ?", in.Since)
	}
	if !in.Until.IsZero() {
		w.And("at < ?", in.Until)
	}
	return w
}
