package clinicaldocs

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
)

// CarryOver is what a new document may begin with: the last values of the fields that its template carries on.
type CarryOver struct {
	DocumentID *uuid.UUID     `json:"document_id" format:"uuid" doc:"The document they stand in; null when there is none"`
	RecordedAt *time.Time     `json:"recorded_at"`
	Values     map[string]any `json:"values" doc:"By field; those that the newest version of the template takes"`

	encounterID, patientID uuid.UUID
}

// AuditSubject says whose record an answer shows.
func (c CarryOver) AuditSubject() httpx.Subject {
	s := httpx.Subject{Entity: clinicaldocsapi.Entity, EncounterID: c.encounterID, PatientIDs: []uuid.UUID{c.patientID}}
	if c.DocumentID != nil {
		s.EntityID = *c.DocumentID
	}
	return s
}

// CarryOverInput names the document about to be written.
type CarryOverInput struct {
	EncounterID  uuid.UUID `query:"encounter_id" required:"true" format:"uuid"`
	TemplateCode string    `query:"template_code" required:"true" minLength:"1" maxLength:"64"`
}

// CarryOver gives the values of the patient's last document of the template, in its newest version, that a new one may
// begin with.
func (m *Module) CarryOver(ctx context.Context, q db.DBTX, in CarryOverInput) (CarryOver, error) {
	scope, _ := db.ScopeOf(ctx)
	encounter, err := m.encounters.Get(ctx, q, scope, in.EncounterID)
	if err != nil {
		return CarryOver{}, err
	}
	template, err := m.newestTemplate(ctx, q, scope, encounter, in.TemplateCode)
	if errors.Is(err, errUnknownTemplate) {
		return CarryOver{}, errUnknownTemplate.At("query.template_code", "The encounter's pack has no template of this code.")
	}
	if err != nil {
		return CarryOver{}, err
	}
	carried := CarryOver{Values: map[string]any{}, encounterID: encounter.ID, patientID: encounter.PatientID}
	last, err := clinicaldocsdb.New(q).CurrentPayload(ctx, clinicaldocsdb.CurrentPayloadParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientID: encounter.PatientID, TemplateCode: template.Code, Pack: template.Pack,
	})
	if db.IsNoRows(err) {
		return carried, nil
	}
	if err != nil {
		return CarryOver{}, err
	}
	payload, err := decode(last.Payload)
	if err != nil {
		return CarryOver{}, err
	}
	carried.DocumentID, carried.RecordedAt, carried.Values = &last.ID, &last.CreatedAt, template.CarryOver(payload)
	return carried, nil
}
