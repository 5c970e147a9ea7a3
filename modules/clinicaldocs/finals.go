package clinicaldocs

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var (
	errNotCurrent = errs.Conflict("clinicaldocs.not_current", "Only the newest FINAL or AMENDED version of a document can be amended.")
	errAmendment  = errs.Invalid("clinicaldocs.amendment_invalid", "Send the whole payload or a payload_patch, and not both.")
)

// FinalizeInput names the draft.
type FinalizeInput struct {
	httpx.IfMatch
	Body struct {
		DocumentID uuid.UUID           `json:"document_id" format:"uuid" doc:"A draft"`
		Overrides  []rulesapi.Override `json:"overrides,omitempty" maxItems:"50" doc:"Reasons to pass rules that allow it"`
	}
}

// Finalize makes a draft a document of the record: a new row, whose author is the caller. A draft that was finalised
// before gives the document it became.
func (m *Module) Finalize(ctx context.Context, tx db.Tx, in FinalizeInput) (Document, error) {
	scope, queries := tx.Scope(), clinicaldocsdb.New(tx)
	encounter, draft, err := m.lockDraft(ctx, tx, in.Body.DocumentID)
	if err != nil {
		return Document{}, err
	}
	if !mayReadDraft(ctx, scope.UserID, draft.AuthorID) {
		return Document{}, errNotAuthor
	}
	if draft.FinalizedAt != nil {
		row, err := queries.DocumentOfDraft(ctx, clinicaldocsdb.DocumentOfDraftParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, DraftID: draft.ID})
		return present(ctx, scope.UserID, row), err
	}
	if err := in.Check(httpx.Version(draft.Version)); err != nil {
		return Document{}, err
	}
	if !encountersapi.Open(encounter.Status) {
		return Document{}, encountersapi.ErrNotOpen
	}
	payload, err := decode(draft.Payload)
	if err != nil {
		return Document{}, err
	}
	template, err := m.template(ctx, tx, scope, draft.Pack, draft.TemplateCode, draft.TemplateVersion)
	if err != nil {
		return Document{}, err
	}
	c, err := m.fill(ctx, tx, template, encounter, payload, tx.Now(), true)
	if err != nil {
		return Document{}, err
	}
	warnings, err := m.pass(ctx, tx, encounter, c, in.Body.Overrides)
	if err != nil {
		return Document{}, err
	}
	final := clinicaldocsdb.InsertFinalParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.New(), DraftID: draft.ID, EncounterID: draft.EncounterID,
		PatientID: draft.PatientID, Pack: draft.Pack, TemplateCode: draft.TemplateCode, TemplateVersion: draft.TemplateVersion,
		Payload: c.payload, Computed: c.computed, Summary: c.summary, AuthorID: scope.UserID, Now: tx.Now(),
	}
	if err := queries.InsertFinal(ctx, final); err != nil {
		return Document{}, err
	}
	if err := queries.MarkFinalized(ctx, clinicaldocsdb.MarkFinalizedParams{TenantID: scope.TenantID, ID: draft.ID, Now: tx.Now()}); err != nil {
		return Document{}, err
	}
	err = queries.NoteFinal(ctx, clinicaldocsdb.NoteFinalParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: final.EncounterID, TemplateCode: final.TemplateCode,
		PatientID: final.PatientID, DocumentID: final.ID, Now: tx.Now(),
	})
	if err != nil {
		return Document{}, err
	}
	from := origin{fromDocument, final.EncounterID, final.PatientID, final.ID, tx.Now()}
	if err := observe(ctx, tx, from, observedIn(template, c)); err != nil {
		return Document{}, err
	}
	document, err := get(ctx, tx, scope, final.ID)
	if err != nil {
		return Document{}, err
	}
	document.created, document.Warnings = true, warnings
	return document, m.bus.Publish(ctx, tx, clinicaldocsapi.DocumentFinalized{About: eventOf(document), DraftID: draft.ID})
}

// AmendInput corrects a document.
type AmendInput struct {
	Body struct {
		DocumentID   uuid.UUID           `json:"document_id" format:"uuid" doc:"The newest version"`
		Payload      map[string]any      `json:"payload,omitempty" doc:"The whole payload; this or payload_patch"`
		PayloadPatch map[string]any      `json:"payload_patch,omitempty" doc:"What changes, as a JSON merge patch (RFC 7396): null removes"`
		Reason       string              `json:"reason" minLength:"1" maxLength:"1000" pattern:"\\S" patternDescription:"a reason in words"`
		Overrides    []rulesapi.Override `json:"overrides,omitempty" maxItems:"50" doc:"Reasons to pass rules that allow it"`
	}
}

// Amend supersedes the newest version of a document. Of two at once one wins. The encounter may be closed: that is
// when errors are found.
func (m *Module) Amend(ctx context.Context, tx db.Tx, in AmendInput) (Document, error) {
	body, scope, queries := in.Body, tx.Scope(), clinicaldocsdb.New(tx)
	if (body.Payload == nil) == (body.PayloadPatch == nil) {
		return Document{}, errAmendment.At("body.payload", "Give payload or payload_patch.")
	}
	present, err := queries.GetRecord(ctx, clinicaldocsdb.GetRecordParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: body.DocumentID})
	if db.IsNoRows(err) {
		return Document{}, errNotFound
	}
	if err != nil {
		return Document{}, err
	}
	if present.Status == clinicaldocsapi.Draft || !present.IsCurrent {
		return Document{}, errNotCurrent
	}
	payload, err := amended(present, body.Payload, body.PayloadPatch)
	if err != nil {
		return Document{}, err
	}
	// Held as every act that meets rules holds it; its status does not matter.
	encounter, err := m.encounters.Lock(ctx, tx, present.EncounterID)
	if err != nil {
		return Document{}, err
	}
	template, err := m.template(ctx, tx, scope, present.Pack, present.TemplateCode, present.TemplateVersion)
	if err != nil {
		return Document{}, err
	}
	// What follows from the payload follows as of the day it was found: the patient's age then, not at the correction.
	found, err := queries.FirstOfChain(ctx, clinicaldocsdb.FirstOfChainParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ChainID: present.ChainID})
	if err != nil {
		return Document{}, err
	}
	c, err := m.fill(ctx, tx, template, encounter, payload, found, true)
	if err != nil {
		return Document{}, err
	}
	warnings, err := m.pass(ctx, tx, encounter, c, body.Overrides)
	if err != nil {
		return Document{}, err
	}
	next := clinicaldocsdb.InsertAmendedParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.New(), ChainID: present.ChainID, Version: present.Version + 1,
		SupersedesID: present.ID, EncounterID: present.EncounterID, PatientID: present.PatientID, Pack: present.Pack,
		TemplateCode: present.TemplateCode, TemplateVersion: present.TemplateVersion, Payload: c.payload, Computed: c.computed,
		Summary: c.summary, AuthorID: scope.UserID, Reason: body.Reason, Now: tx.Now(),
	}
	err = queries.InsertAmended(ctx, next)
	if db.Violates(err, "document_supersedes_once") || db.Violates(err, "document_place_in_chain") {
		return Document{}, errNotCurrent
	}
	if err != nil {
		return Document{}, err
	}
	err = queries.NoteAmended(ctx, clinicaldocsdb.NoteAmendedParams{
		TenantID: scope.TenantID, EncounterID: next.EncounterID, TemplateCode: next.TemplateCode, DocumentID: next.ID, SupersedesID: present.ID,
	})
	if err != nil {
		return Document{}, err
	}
	if err := observeAmended(ctx, tx, present, next.ID, found, observedIn(template, c)); err != nil {
		return Document{}, err
	}
	document, err := get(ctx, tx, scope, next.ID)
	if err != nil {
		return Document{}, err
	}
	document.created, document.Warnings = true, warnings
	return document, m.bus.Publish(ctx, tx, clinicaldocsapi.DocumentAmended{About: eventOf(document), SupersedesID: present.ID})
}

// amended gives the payload a document is to have.
func amended(present clinicaldocsdb.ClinicaldocsRecord, whole, patch map[string]any) (map[string]any, error) {
	if whole != nil {
		return whole, nil
	}
	stored, err := decode(present.Payload)
	if err != nil {
		return nil, err
	}
	// A patch that is an object gives an object.
	payload, _ := mergePatch(stored, patch).(map[string]any)
	return payload, nil
}
