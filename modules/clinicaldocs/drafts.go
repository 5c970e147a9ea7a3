package clinicaldocs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

var (
	errNotADraft = errs.Conflict("clinicaldocs.not_a_draft", "Only a draft can be changed, finalised or discarded; amend a document instead.")
	errDiscarded = errs.Conflict("clinicaldocs.discarded", "The draft that this key made was discarded. Begin a new one with another key.")
	errKeyReused = errs.Conflict("idempotency.key_reused", "This idempotency_key was used for another draft of this encounter.")
)

// DraftInput begins a document.
type DraftInput struct {
	Body struct {
		EncounterID    uuid.UUID      `json:"encounter_id" format:"uuid"`
		TemplateCode   string         `json:"template_code" minLength:"1" maxLength:"100" example:"progress_note"`
		Payload        map[string]any `json:"payload" doc:"By the template's schema; what it requires may still be missing"`
		IdempotencyKey string         `json:"idempotency_key,omitempty" minLength:"1" maxLength:"200" doc:"The same key on the same encounter is the same draft"`
	}
}

// Draft begins a document on an open encounter, after the newest version of a template.
func (m *Module) Draft(ctx context.Context, tx db.Tx, in DraftInput) (Document, error) {
	body, scope, queries := in.Body, tx.Scope(), clinicaldocsdb.New(tx)
	encounter, err := m.encounters.Lock(ctx, tx, body.EncounterID)
	if err != nil {
		return Document{}, err
	}
	row := clinicaldocsdb.InsertDraftParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.New(), EncounterID: encounter.ID, PatientID: encounter.PatientID,
		AuthorID: scope.UserID, Now: tx.Now(),
	}
	if body.IdempotencyKey != "" {
		row.IdempotencyKey = &body.IdempotencyKey
		if row.RequestHash, err = requestHash(body.TemplateCode, body.Payload); err != nil {
			return Document{}, err
		}
		// Before every check: what was accepted once is answered alike even when it would be refused today.
		if earlier, err := replay(ctx, tx, row); earlier != nil || err != nil {
			return value(earlier), err
		}
	}
	if !encountersapi.Open(encounter.Status) {
		return Document{}, encountersapi.ErrNotOpen
	}
	template, err := m.newestTemplate(ctx, tx, tx.Scope(), encounter, body.TemplateCode)
	if err != nil {
		return Document{}, err
	}
	c, err := m.fill(ctx, tx, template, encounter, body.Payload, tx.Now(), false)
	if err != nil {
		return Document{}, err
	}
	row.Pack, row.TemplateCode, row.TemplateVersion = template.Pack, template.Code, template.Version
	row.Payload, row.Computed, row.Summary = c.payload, c.computed, c.summary
	_, err = queries.InsertDraft(ctx, row)
	if db.IsNoRows(err) {
		earlier, err := replay(ctx, tx, row)
		return value(earlier), err
	}
	if err != nil {
		return Document{}, err
	}
	document, err := get(ctx, tx, scope, row.ID)
	if err != nil {
		return Document{}, err
	}
	document.created = true
	return document, m.bus.Publish(ctx, tx, clinicaldocsapi.DocumentDrafted{About: eventOf(document)})
}

func value(d *Document) Document {
	if d == nil {
		return Document{}
	}
	return *d
}

// replay gives the draft this author already made with the key; nil when there is none.
func replay(ctx context.Context, tx db.Tx, row clinicaldocsdb.InsertDraftParams) (*Document, error) {
	earlier, err := clinicaldocsdb.New(tx).DraftOfKey(ctx, clinicaldocsdb.DraftOfKeyParams{
		TenantID: row.TenantID, FacilityID: row.FacilityID, EncounterID: row.EncounterID, AuthorID: row.AuthorID, IdempotencyKey: *row.IdempotencyKey,
	})
	switch {
	case db.IsNoRows(err):
		return nil, nil
	case err != nil:
		return nil, err
	case !bytes.Equal(earlier.RequestHash, row.RequestHash):
		return nil, errKeyReused
	case earlier.DiscardedAt != nil:
		return nil, errDiscarded
	}
	document, err := get(ctx, tx, tx.Scope(), earlier.ID)
	return &document, err
}

// requestHash is the same for the same template and payload, however its fields are ordered.
func requestHash(templateCode string, payload map[string]any) ([]byte, error) {
	text, err := json.Marshal([]any{templateCode, payload})
	hash := sha256.Sum256(text)
	return hash[:], err
}

// ReplaceInput gives a draft its new content.
type ReplaceInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		Payload map[string]any `json:"payload" doc:"The whole payload; it replaces the present one"`
	}
}

// Replace saves one's own draft. It keeps the template version it was begun with.
func (m *Module) Replace(ctx context.Context, tx db.Tx, in ReplaceInput) (Document, error) {
	encounter, draft, err := m.lockDraft(ctx, tx, in.ID)
	if err != nil {
		return Document{}, err
	}
	if err := checkOwn(tx, draft); err != nil {
		return Document{}, err
	}
	if err := in.Check(httpx.Version(draft.Version)); err != nil {
		return Document{}, err
	}
	if !encountersapi.Open(encounter.Status) {
		return Document{}, encountersapi.ErrNotOpen
	}
	template, err := m.template(ctx, tx, tx.Scope(), draft.Pack, draft.TemplateCode, draft.TemplateVersion)
	if err != nil {
		return Document{}, err
	}
	c, err := m.fill(ctx, tx, template, encounter, in.Body.Payload, tx.Now(), false)
	if err != nil {
		return Document{}, err
	}
	err = clinicaldocsdb.New(tx).ReplaceDraft(ctx, clinicaldocsdb.ReplaceDraftParams{
		TenantID: draft.TenantID, ID: draft.ID, Payload: c.payload, Computed: c.computed, Summary: c.summary, Now: tx.Now(),
	})
	if err != nil {
		return Document{}, err
	}
	document, err := get(ctx, tx, tx.Scope(), draft.ID)
	if err != nil {
		return Document{}, err
	}
	return document, m.bus.Publish(ctx, tx, clinicaldocsapi.DraftReplaced{About: eventOf(document)})
}

// Discard gives up one's own draft, also one left behind by a closed encounter. The row stays, out of sight.
func (m *Module) Discard(ctx context.Context, tx db.Tx, in ByID) (httpx.NoContent, error) {
	_, draft, err := m.lockDraft(ctx, tx, in.ID)
	if err != nil {
		return httpx.NoContent{}, err
	}
	if err := checkOwn(tx, draft); err != nil {
		return httpx.NoContent{}, err
	}
	document, err := get(ctx, tx, tx.Scope(), draft.ID)
	if err != nil {
		return httpx.NoContent{}, err
	}
	err = clinicaldocsdb.New(tx).MarkDiscarded(ctx, clinicaldocsdb.MarkDiscardedParams{TenantID: draft.TenantID, ID: draft.ID, Now: tx.Now()})
	if err != nil {
		return httpx.NoContent{}, err
	}
	return httpx.NoContent{}, m.bus.Publish(ctx, tx, clinicaldocsapi.DraftDiscarded{About: eventOf(document)})
}

// lockDraft holds the encounter as it is, then the draft. The id of a document of the record is no draft.
func (m *Module) lockDraft(ctx context.Context, tx db.Tx, draftID uuid.UUID) (encountersapi.Encounter, clinicaldocsdb.ClinicaldocsDraft, error) {
	scope, queries := tx.Scope(), clinicaldocsdb.New(tx)
	var draft clinicaldocsdb.ClinicaldocsDraft
	record, err := queries.GetRecord(ctx, clinicaldocsdb.GetRecordParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: draftID})
	if db.IsNoRows(err) {
		return encountersapi.Encounter{}, draft, errNotFound
	}
	if err != nil {
		return encountersapi.Encounter{}, draft, err
	}
	if record.Status != clinicaldocsapi.Draft {
		return encountersapi.Encounter{}, draft, errNotADraft
	}
	// The encounter first, as everybody does: a close takes its lock and then the drafts'.
	encounter, err := m.encounters.Lock(ctx, tx, record.EncounterID)
	if err != nil {
		return encounter, draft, err
	}
	draft, err = queries.LockDraft(ctx, clinicaldocsdb.LockDraftParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: draftID})
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return encounter, draft, err
}

// checkOwn refuses another's draft, and one that has become a document.
func checkOwn(tx db.Tx, draft clinicaldocsdb.ClinicaldocsDraft) error {
	if draft.AuthorID != tx.Scope().UserID {
		return errNotAuthor
	}
	if draft.FinalizedAt != nil {
		return errNotADraft
	}
	return nil
}

func eventOf(d Document) clinicaldocsapi.About {
	return clinicaldocsapi.About{
		DocumentID: d.ID, EncounterID: d.EncounterID, PatientID: d.PatientID, TemplateCode: d.TemplateCode,
		TemplateVersion: d.TemplateVersion, Version: d.Version,
	}
}
