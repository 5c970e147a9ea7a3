package clinicaldocs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var (
	errNotFound  = errs.NotFound("clinicaldocs.not_found", "There is no such document.")
	errNotAuthor = errs.Forbidden("clinicaldocs.not_author", "This draft belongs to its author until it is finalised.")
)

// Object is a JSON object that is passed on as it is stored.
type Object json.RawMessage

// MarshalJSON gives the object itself.
func (o Object) MarshalJSON() ([]byte, error) { return o, nil }

// Schema is that of any object: the template says more.
func (Object) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// Document is a draft or a document of the record, as the API shows it.
type Document struct {
	ID              uuid.UUID          `json:"id" format:"uuid"`
	EncounterID     uuid.UUID          `json:"encounter_id" format:"uuid"`
	PatientID       uuid.UUID          `json:"patient_id" format:"uuid"`
	Pack            string             `json:"pack" doc:"The pack the template is of"`
	TemplateCode    string             `json:"template_code"`
	TemplateVersion string             `json:"template_version" doc:"The document is read with this version for ever"`
	Version         int32              `json:"version" doc:"How often a draft was saved; else the place in the chain, FINAL being 1"`
	Status          string             `json:"status" enum:"DRAFT,FINAL,AMENDED"`
	SupersedesID    *uuid.UUID         `json:"supersedes_id" format:"uuid" nullable:"true" doc:"The version that an AMENDED one took the place of"`
	SupersededByID  *uuid.UUID         `json:"superseded_by_id" format:"uuid" nullable:"true" doc:"The next version, or the document a draft was finalised as; null for the newest"`
	Payload         Object             `json:"payload"`
	Computed        Object             `json:"computed" doc:"What the template computes; null where an input is missing"`
	Summary         string             `json:"summary" doc:"One line"`
	AuthorID        uuid.UUID          `json:"author_id" format:"uuid" doc:"Who wrote the draft, finalised or amended"`
	Reason          *string            `json:"reason" doc:"Why it was amended"`
	CreatedAt       time.Time          `json:"created_at"`
	Actions         []string           `json:"actions" nullable:"false" doc:"What this user may do to it now: update, finalize, discard, amend"`
	Warnings        []rulesapi.Warning `json:"warnings,omitempty" nullable:"false" doc:"What rules had to say when it was finalised or amended; only in that answer"`

	created bool
}

// ETag changes with every saving of a draft.
func (d Document) ETag() string { return httpx.Version(d.Version).ETag() }

// WasCreated tells a new document from one that was there before.
func (d Document) WasCreated() bool { return d.created }

// AuditSubject makes reading a document a read of the patient's record.
func (d Document) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: clinicaldocsapi.Entity, EntityID: d.ID, EncounterID: d.EncounterID, PatientIDs: []uuid.UUID{d.PatientID}}
}

func present(ctx context.Context, userID uuid.UUID, row clinicaldocsdb.ClinicaldocsRecord) Document {
	return Document{
		ID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, Pack: row.Pack, TemplateCode: row.TemplateCode,
		TemplateVersion: row.TemplateVersion, Version: row.Version, Status: row.Status, SupersedesID: row.SupersedesID,
		SupersededByID: row.SupersededByID, Payload: Object(row.Payload), Computed: Object(row.Computed), Summary: row.Summary,
		AuthorID: row.AuthorID, Reason: row.Reason, CreatedAt: row.CreatedAt, Actions: actions(ctx, userID, row),
	}
}

func presentAll(ctx context.Context, userID uuid.UUID, rows []clinicaldocsdb.ClinicaldocsRecord) []Document {
	documents := make([]Document, len(rows))
	for i, row := range rows {
		documents[i] = present(ctx, userID, row)
	}
	return documents
}

// actions says what this user may do to the document now.
func actions(ctx context.Context, userID uuid.UUID, row clinicaldocsdb.ClinicaldocsRecord) []string {
	may := []string{}
	own := row.AuthorID == userID && auth.Can(ctx, CanDraft)
	switch {
	case !row.IsCurrent:
	case row.Status != clinicaldocsapi.Draft:
		if auth.Can(ctx, CanAmend) {
			may = append(may, "amend")
		}
	default:
		if own && row.EncounterOpen {
			may = append(may, "update")
		}
		if row.EncounterOpen && auth.Can(ctx, CanFinalize) && mayReadDraft(ctx, userID, row.AuthorID) {
			may = append(may, "finalize")
		}
		if own {
			may = append(may, "discard")
		}
	}
	return may
}

// mayReadDraft holds a draft to its author and to those who supervise.
func mayReadDraft(ctx context.Context, userID, authorID uuid.UUID) bool {
	return userID == authorID || auth.Can(ctx, CanReadDrafts)
}

// ByID names one document or draft.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one document or draft.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Document, error) {
	scope, _ := db.ScopeOf(ctx)
	return get(ctx, q, scope, in.ID)
}

func get(ctx context.Context, q db.DBTX, scope db.Scope, documentID uuid.UUID) (Document, error) {
	row, err := clinicaldocsdb.New(q).GetRecord(ctx, clinicaldocsdb.GetRecordParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: documentID})
	if db.IsNoRows(err) {
		return Document{}, errNotFound
	}
	if err != nil {
		return Document{}, err
	}
	if row.Status == clinicaldocsapi.Draft && !mayReadDraft(ctx, scope.UserID, row.AuthorID) {
		return Document{}, errNotAuthor
	}
	return present(ctx, scope.UserID, row), nil
}

// History gives every version of a document, oldest first.
func (m *Module) History(ctx context.Context, q db.DBTX, in ByID) (httpx.Page[Document], error) {
	scope, _ := db.ScopeOf(ctx)
	rows, err := clinicaldocsdb.New(q).History(ctx, clinicaldocsdb.HistoryParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if err != nil {
		return httpx.Page[Document]{}, err
	}
	if len(rows) == 0 {
		return httpx.Page[Document]{}, errNotFound
	}
	if rows[0].Status == clinicaldocsapi.Draft && !mayReadDraft(ctx, scope.UserID, rows[0].AuthorID) {
		return httpx.Page[Document]{}, errNotAuthor
	}
	return httpx.Page[Document]{Results: presentAll(ctx, scope.UserID, rows)}, nil
}
