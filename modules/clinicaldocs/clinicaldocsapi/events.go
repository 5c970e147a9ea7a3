package clinicaldocsapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// About is what every event of a document says: which, whose, and after which template.
type About struct {
	DocumentID      uuid.UUID `json:"document_id"`
	EncounterID     uuid.UUID `json:"encounter_id"`
	PatientID       uuid.UUID `json:"patient_id"`
	TemplateCode    string    `json:"template_code"`
	TemplateVersion string    `json:"template_version"`
	// Version counts the savings of a draft, and the places in the chain of what was finalised.
	Version int32 `json:"version"`
}

// EventKeys files the event under the document, its encounter and its patient.
func (a About) EventKeys() events.Keys {
	return events.Keys{Entity: Entity, EntityID: a.DocumentID, PatientID: a.PatientID, EncounterID: a.EncounterID}
}

func (a About) entry(code, title string) events.TimelineEntry {
	return events.TimelineEntry{Type: "DOCUMENT", Code: code, Title: title, Meta: map[string]any{
		"document_id": a.DocumentID, "template_code": a.TemplateCode, "template_version": a.TemplateVersion, "version": a.Version,
	}}
}

// DocumentDrafted says that someone began a document.
type DocumentDrafted struct{ About }

// EventName is clinicaldocs.document_drafted.v1.
func (DocumentDrafted) EventName() string { return "clinicaldocs.document_drafted.v1" }

// Timeline is DOCUMENT_DRAFTED.
func (e DocumentDrafted) Timeline() events.TimelineEntry {
	return e.entry("DOCUMENT_DRAFTED", "Document drafted")
}

// DraftReplaced says that a draft has new content. It is no milestone of the encounter, so not on its timeline.
type DraftReplaced struct{ About }

// EventName is clinicaldocs.draft_replaced.v1.
func (DraftReplaced) EventName() string { return "clinicaldocs.draft_replaced.v1" }

// DraftDiscarded says that a draft will not become a document.
type DraftDiscarded struct{ About }

// EventName is clinicaldocs.draft_discarded.v1.
func (DraftDiscarded) EventName() string { return "clinicaldocs.draft_discarded.v1" }

// DocumentFinalized says that a draft became a document of the record: DocumentID is the FINAL row.
type DocumentFinalized struct {
	About
	DraftID uuid.UUID `json:"draft_id"`
}

// EventName is clinicaldocs.document_finalized.v1.
func (DocumentFinalized) EventName() string { return "clinicaldocs.document_finalized.v1" }

// Timeline is DOCUMENT_FINALIZED.
func (e DocumentFinalized) Timeline() events.TimelineEntry {
	return e.entry("DOCUMENT_FINALIZED", "Document finalised")
}

// DocumentAmended says that a document has a newer version: DocumentID is the AMENDED row.
type DocumentAmended struct {
	About
	SupersedesID uuid.UUID `json:"supersedes_id"`
}

// EventName is clinicaldocs.document_amended.v1.
func (DocumentAmended) EventName() string { return "clinicaldocs.document_amended.v1" }

// Timeline is DOCUMENT_AMENDED.
func (e DocumentAmended) Timeline() events.TimelineEntry {
	return e.entry("DOCUMENT_AMENDED", "Document amended")
}
