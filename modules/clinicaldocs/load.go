package clinicaldocs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// Loaded is a document of the past: a draft of its author, who finalised it unless FinalizedAt is nil. An encounter
// has one document of a template at most.
type Loaded struct {
	DraftID uuid.UUID
	// DocumentID is what the draft becomes.
	DocumentID   uuid.UUID
	Encounter    encountersapi.Encounter // as it was when the document was written
	Patient      patientsapi.Facts
	TemplateCode string
	Payload      map[string]any
	AuthorID     uuid.UUID
	DraftedAt    time.Time
	FinalizedAt  *time.Time
	// EncounterOver says that the encounter has ended, so that a draft can only be discarded.
	EncounterOver bool
}

// loadedDocument is a row of clinicaldocs.document, FINAL.
type loadedDocument struct {
	TenantID, FacilityID, ID, ChainID   uuid.UUID
	Version                             int32
	Status                              string
	DraftID, EncounterID, PatientID     uuid.UUID
	Pack, TemplateCode, TemplateVersion string
	Payload, Computed                   json.RawMessage
	Summary                             string
	AuthorID                            uuid.UUID
	CreatedAt                           time.Time
}

// loadedLatest is a row of clinicaldocs.latest.
type loadedLatest struct {
	TenantID, FacilityID, EncounterID uuid.UUID
	TemplateCode                      string
	PatientID, DocumentID             uuid.UUID
	FinalizedAt                       time.Time
}

var errLoadOrder = errors.New("a document is finalised after it was drafted")

// Load writes documents as Draft and Finalize would have left them, and their events. The templates are the newest;
// rules are not asked. tx is in the facility's scope, in which the encounters are.
func (m *Module) Load(ctx context.Context, tx db.Tx, settings facilitiesapi.Settings, ids *id.Source, all []Loaded) error {
	var drafts []clinicaldocsdb.ClinicaldocsDraft
	var documents []loadedDocument
	var latest []loadedLatest
	var observations []clinicaldocsdb.ClinicaldocsObservation
	var past []events.Past
	for _, l := range all {
		draft, final, found, err := m.loadedRows(ctx, tx, settings, l)
		if err != nil {
			return fmt.Errorf("document %s of the load: %w", l.DraftID, err)
		}
		drafts, past = append(drafts, draft), append(past, l.past(draft.FacilityID, l.DraftID, draft.TemplateVersion)...)
		if final != nil {
			documents = append(documents, *final)
			from := origin{fromDocument, final.EncounterID, final.PatientID, final.ID, final.CreatedAt}
			observations = append(observations, rowsOf(tx.Scope(), ids, from, found)...)
			latest = append(latest, loadedLatest{
				TenantID: final.TenantID, FacilityID: final.FacilityID, EncounterID: final.EncounterID, TemplateCode: final.TemplateCode,
				PatientID: final.PatientID, DocumentID: final.ID, FinalizedAt: final.CreatedAt,
			})
		}
	}
	if err := db.InsertRows(ctx, tx, "clinicaldocs.draft", drafts); err != nil {
		return err
	}
	if err := db.InsertRows(ctx, tx, "clinicaldocs.document", documents); err != nil {
		return err
	}
	if err := db.InsertRows(ctx, tx, "clinicaldocs.latest", latest); err != nil {
		return err
	}
	if err := db.InsertRows(ctx, tx, "clinicaldocs.observation", observations); err != nil {
		return err
	}
	return m.bus.Load(ctx, tx, ids, past)
}

// LoadVitals writes the observations that recording these vital signs would have left.
func (m *Module) LoadVitals(ctx context.Context, tx db.Tx, ids *id.Source, all []encountersapi.Measured) error {
	var observations []clinicaldocsdb.ClinicaldocsObservation
	for _, v := range all {
		from := origin{fromVitals, v.EncounterID, v.PatientID, v.DocumentID, v.At}
		observations = append(observations, rowsOf(tx.Scope(), ids, from, observedVitals(v.Values))...)
	}
	return db.InsertRows(ctx, tx, "clinicaldocs.observation", observations)
}

// rowsOf are observations as the load writes them.
func rowsOf(scope db.Scope, ids *id.Source, from origin, values []observed) []clinicaldocsdb.ClinicaldocsObservation {
	rows := make([]clinicaldocsdb.ClinicaldocsObservation, len(values))
	for i, v := range values {
		rows[i] = clinicaldocsdb.ClinicaldocsObservation{
			TenantID: scope.TenantID, ID: ids.At(from.at), FacilityID: scope.FacilityID, PatientID: from.patientID, EncounterID: from.encounterID,
			Source: from.source, DocumentID: from.documentID, Field: v.Field, Code: v.Code, System: v.System, ValueNumber: v.Number,
			ValueText: v.Text, ValueCode: v.Choice, ValueBoolean: v.Boolean, Unit: v.Unit, At: from.at,
		}
		if v.Date != nil {
			if day, err := clock.ParseDate(*v.Date); err == nil { // its form took it for one
				rows[i].ValueDate = &day
			}
		}
	}
	return rows
}

// loadedRows are the draft, and the document it became.
func (m *Module) loadedRows(ctx context.Context, tx db.Tx, settings facilitiesapi.Settings, l Loaded) (clinicaldocsdb.ClinicaldocsDraft, *loadedDocument, []observed, error) {
	var draft clinicaldocsdb.ClinicaldocsDraft
	scope := tx.Scope()
	template, err := m.newestTemplate(ctx, tx, scope, l.Encounter, l.TemplateCode)
	if err != nil {
		return draft, nil, nil, err
	}
	fillAt := func(at time.Time, final bool) (content, error) {
		encoded, err := checked(template, l.Payload, final)
		if err != nil {
			return content{}, err
		}
		about, err := aboutOf(l.Encounter, settings, l.Patient, at)
		if err != nil {
			return content{}, err
		}
		return compute(template, about, l.Payload, encoded)
	}
	c, err := fillAt(l.DraftedAt, false)
	if err != nil {
		return draft, nil, nil, err
	}
	draft = clinicaldocsdb.ClinicaldocsDraft{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: l.DraftID, EncounterID: l.Encounter.ID, PatientID: l.Encounter.PatientID,
		Pack: template.Pack, TemplateCode: template.Code, TemplateVersion: template.Version, Payload: c.payload, Computed: c.computed,
		Summary: c.summary, AuthorID: l.AuthorID, Version: 1, EncounterOpen: l.FinalizedAt != nil || !l.EncounterOver, CreatedAt: l.DraftedAt, UpdatedAt: l.DraftedAt,
	}
	if l.FinalizedAt == nil {
		return draft, nil, nil, nil
	}
	if l.FinalizedAt.Before(l.DraftedAt) {
		return draft, nil, nil, errLoadOrder
	}
	if c, err = fillAt(*l.FinalizedAt, true); err != nil {
		return draft, nil, nil, err
	}
	draft.FinalizedAt, draft.UpdatedAt = l.FinalizedAt, *l.FinalizedAt
	return draft, &loadedDocument{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: l.DocumentID, ChainID: l.DocumentID, Version: 1, Status: clinicaldocsapi.Final,
		DraftID: draft.ID, EncounterID: draft.EncounterID, PatientID: draft.PatientID, Pack: draft.Pack, TemplateCode: draft.TemplateCode,
		TemplateVersion: draft.TemplateVersion, Payload: c.payload, Computed: c.computed, Summary: c.summary, AuthorID: l.AuthorID, CreatedAt: *l.FinalizedAt,
	}, observedIn(template, c), nil
}

// past are the events of a draft, and of what it became.
func (l Loaded) past(facilityID, draftID uuid.UUID, templateVersion string) []events.Past {
	about := clinicaldocsapi.About{
		DocumentID: draftID, EncounterID: l.Encounter.ID, PatientID: l.Encounter.PatientID, TemplateCode: l.TemplateCode,
		TemplateVersion: templateVersion, Version: 1,
	}
	past := []events.Past{{Event: clinicaldocsapi.DocumentDrafted{About: about}, FacilityID: facilityID, ActorID: l.AuthorID, At: l.DraftedAt}}
	if l.FinalizedAt != nil {
		about.DocumentID = l.DocumentID
		past = append(past, events.Past{
			Event: clinicaldocsapi.DocumentFinalized{About: about, DraftID: draftID}, FacilityID: facilityID, ActorID: l.AuthorID, At: *l.FinalizedAt,
		})
	}
	return past
}
