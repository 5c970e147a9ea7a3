package encounters

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
)

// The kinds of document an encounter holds.
const (
	kindVitals     = "VITALS"
	kindAssessment = "ASSESSMENT"
	kindPlan       = "PLAN"
	kindNote       = "NOTE"
)

// Document is something written in an encounter. It never changes; the latest of a kind counts.
type Document struct {
	ID         uuid.UUID      `json:"id" format:"uuid"`
	Kind       string         `json:"kind" enum:"VITALS,ASSESSMENT,PLAN,NOTE"`
	Content    map[string]any `json:"content" doc:"What was sent, field by field"`
	AuthoredAt time.Time      `json:"authored_at"`
	AuthorID   *uuid.UUID     `json:"author_id" format:"uuid"`
	Author     *Person        `json:"author"`

	encounterID, patientID uuid.UUID
}

// AuditSubject says whose record an answer shows.
func (d Document) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "encounter_document", EntityID: d.ID, EncounterID: d.encounterID, PatientIDs: []uuid.UUID{d.patientID}}
}

// Recorded is a document just written.
type Recorded struct {
	EncounterID uuid.UUID `json:"encounter_id" format:"uuid"`
	Document    Document  `json:"document"`
}

// record writes one document. The encounter cannot close or be cancelled between the check and the commit.
func (m *Module) record(ctx context.Context, tx db.Tx, encounterID uuid.UUID, kind string, content any) (Recorded, error) {
	encounter, err := hold(ctx, tx, encounterID)
	if err != nil {
		return Recorded{}, err
	}
	if !encountersapi.Open(encountersapi.Status(encounter.Status)) {
		return Recorded{}, errNotOpen
	}
	encoded, err := json.Marshal(content)
	if err != nil {
		return Recorded{}, err
	}
	row, err := encountersdb.New(tx).InsertDocument(ctx, encountersdb.InsertDocumentParams{
		TenantID: encounter.TenantID, ID: id.New(), FacilityID: encounter.FacilityID, EncounterID: encounter.ID, Kind: kind,
		Content: encoded, AuthorID: id.Ptr(tx.Scope().UserID), Now: tx.Now(),
	})
	if err != nil {
		return Recorded{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, recorded(kind, encounter.ID, encounter.PatientID, row.ID)); err != nil {
		return Recorded{}, err
	}
	documents, err := m.presentDocuments(ctx, tx, tx.Scope(), encounter.PatientID, []encountersdb.EncountersDocument{row})
	if err != nil {
		return Recorded{}, err
	}
	return Recorded{EncounterID: encounter.ID, Document: documents[0]}, nil
}

// recorded is the event of a new document of a kind.
func recorded(kind string, encounterID, patientID, documentID uuid.UUID) events.Event {
	switch kind {
	case kindVitals:
		return encountersapi.VitalsRecorded{EncounterID: encounterID, PatientID: patientID, DocumentID: documentID}
	case kindAssessment:
		return encountersapi.AssessmentRecorded{EncounterID: encounterID, PatientID: patientID, DocumentID: documentID}
	case kindPlan:
		return encountersapi.PlanRecorded{EncounterID: encounterID, PatientID: patientID, DocumentID: documentID}
	default:
		return encountersapi.NoteRecorded{EncounterID: encounterID, PatientID: patientID, DocumentID: documentID}
	}
}

// DocumentsInput pages through an encounter's documents.
type DocumentsInput struct {
	ByID
	httpx.PageParams
	Kind string `query:"kind" enum:"VITALS,ASSESSMENT,PLAN,NOTE"`
}

// Documents gives what was written in an encounter, the newest first.
func (m *Module) Documents(ctx context.Context, q db.DBTX, in DocumentsInput) (httpx.Page[Document], error) {
	scope, _ := db.ScopeOf(ctx)
	before := listKey{At: endOfTime, ID: uuid.Max}
	if _, err := in.After(&before); err != nil {
		return httpx.Page[Document]{}, err
	}
	encounter, err := get(ctx, q, scope, in.ID)
	if err != nil {
		return httpx.Page[Document]{}, err
	}
	queries, kind := encountersdb.New(q), text(in.Kind)
	rows, err := queries.ListDocuments(ctx, encountersdb.ListDocumentsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: in.ID, Kind: kind,
		BeforeAt: before.At, BeforeID: before.ID, MaxRows: int32(in.Limit + 1),
	})
	if err != nil {
		return httpx.Page[Document]{}, err
	}
	documents, err := m.presentDocuments(ctx, q, scope, encounter.PatientID, rows)
	if err != nil {
		return httpx.Page[Document]{}, err
	}
	page := httpx.NewPage(documents, in.Limit, func(d Document) any { return listKey{d.AuthoredAt, d.ID} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountDocuments(ctx, encountersdb.CountDocumentsParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: in.ID, Kind: kind}))
	}
	return page, err
}

// endOfTime is later than any document.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func (m *Module) presentDocuments(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID, rows []encountersdb.EncountersDocument) ([]Document, error) {
	var authorIDs []uuid.UUID
	for _, row := range rows {
		if row.AuthorID != nil {
			authorIDs = append(authorIDs, *row.AuthorID)
		}
	}
	names, err := m.names(ctx, q, scope, authorIDs)
	if err != nil {
		return nil, err
	}
	documents := make([]Document, len(rows))
	for i, row := range rows {
		d := Document{ID: row.ID, Kind: row.Kind, AuthoredAt: row.AuthoredAt, AuthorID: row.AuthorID, encounterID: row.EncounterID, patientID: patientID}
		if row.AuthorID != nil {
			d.Author = &Person{ID: *row.AuthorID, FullName: names[*row.AuthorID]}
		}
		if err := json.Unmarshal(row.Content, &d.Content); err != nil {
			return nil, fmt.Errorf("encounter document %s: %w", row.ID, err)
		}
		documents[i] = d
	}
	return documents, nil
}
