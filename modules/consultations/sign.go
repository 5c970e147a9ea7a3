package consultations

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var (
	errInvalid    = errs.Invalid("consultations.invalid", "The consultation has faults; see errors.")
	errPermission = errs.Forbidden("auth.permission_denied", "Your role does not allow this.")
)

// SignInput is what is signed.
type SignInput struct {
	ID   uuid.UUID `path:"id" format:"uuid" doc:"The encounter"`
	Body struct {
		Assessment  *encountersapi.Assessment `json:"assessment,omitempty"`
		Plan        *encountersapi.Plan       `json:"plan,omitempty"`
		Note        *encountersapi.Note       `json:"note,omitempty"`
		DocumentIDs []uuid.UUID               `json:"document_ids,omitempty" nullable:"false" maxItems:"50" uniqueItems:"true" doc:"Drafts of this encounter to finalise"`
		Orders      []ordersapi.Request       `json:"orders,omitempty" nullable:"false" maxItems:"50"`
		Overrides   []rulesapi.Override       `json:"overrides,omitempty" nullable:"false" maxItems:"50" doc:"Reasons to pass rules that hold any part back"`
	}
}

// Signed is what became part of the record, in the order in which it was sent.
type Signed struct {
	EncounterID uuid.UUID                   `json:"encounter_id" format:"uuid"`
	Entries     []encountersapi.Written     `json:"entries" nullable:"false" doc:"Assessment, plan and note"`
	Documents   []clinicaldocsapi.Finalized `json:"documents" nullable:"false"`
	Orders      []ordersapi.Order           `json:"orders" nullable:"false"`
	Warnings    []Warning                   `json:"warnings" nullable:"false"`
}

// Warning is said of a part that was signed nevertheless.
type Warning struct {
	Code     string `json:"code"`
	Severity string `json:"severity" enum:"info,warning,safety"`
	Message  string `json:"message"`
	Part     string `json:"part" example:"body.orders[0]" doc:"What it is said of"`
}

// Sign writes all parts. The encounter is held from the beginning, so that it is open for all of them or for none.
func (m *Module) Sign(ctx context.Context, tx db.Tx, in SignInput) (Signed, error) {
	body := in.Body
	encounter, err := m.deps.Encounters.Lock(ctx, tx, in.ID)
	if err != nil {
		return Signed{}, err
	}
	if err := m.mayWrite(ctx, in); err != nil {
		return Signed{}, err
	}
	if body.Assessment == nil && body.Plan == nil && body.Note == nil && len(body.DocumentIDs)+len(body.Orders) == 0 {
		return Signed{}, errInvalid.At("body", "There is nothing to sign.")
	}
	if !encountersapi.Open(encounter.Status) {
		return Signed{}, encountersapi.ErrNotOpen
	}
	signed := Signed{
		EncounterID: encounter.ID, Entries: []encountersapi.Written{}, Documents: []clinicaldocsapi.Finalized{}, Orders: []ordersapi.Order{}, Warnings: []Warning{},
	}
	var refused refusals
	entry := func(part string, written encountersapi.Written, err error) {
		signed.Entries = append(signed.Entries, written)
		refused.add(part, err)
	}
	if body.Assessment != nil {
		written, err := m.deps.Entries.WriteAssessment(ctx, tx, encounter.ID, *body.Assessment)
		entry("body.assessment", written, err)
	}
	if body.Plan != nil {
		written, err := m.deps.Entries.WritePlan(ctx, tx, encounter.ID, *body.Plan)
		entry("body.plan", written, err)
	}
	if body.Note != nil {
		written, err := m.deps.Entries.WriteNote(ctx, tx, encounter.ID, *body.Note)
		entry("body.note", written, err)
	}
	for i, draftID := range body.DocumentIDs {
		part := fmt.Sprintf("body.document_ids[%d]", i)
		document, warnings, err := m.finalize(ctx, tx, encounter.ID, draftID, body.Overrides)
		signed.Documents = append(signed.Documents, document)
		for _, w := range warnings {
			signed.Warnings = append(signed.Warnings, Warning{w.Code, w.Severity, w.Message, part})
		}
		refused.add(part, err)
	}
	reasons := make([]ordersapi.Override, len(body.Overrides))
	for i, o := range body.Overrides {
		reasons[i] = ordersapi.Override(o)
	}
	for i, request := range body.Orders {
		part := fmt.Sprintf("body.orders[%d]", i)
		order, err := m.deps.Orders.Place(ctx, tx, encounter.ID, request, reasons)
		for _, w := range order.Warnings {
			signed.Warnings = append(signed.Warnings, Warning{w.Code, w.Severity, w.Message, part})
		}
		order.Warnings = nil // told once, of the whole
		signed.Orders = append(signed.Orders, order)
		refused.add(part, err)
	}
	return signed, refused.answer()
}

// finalize makes a draft of this very encounter a document.
func (m *Module) finalize(ctx context.Context, tx db.Tx, encounterID, draftID uuid.UUID, overrides []rulesapi.Override) (clinicaldocsapi.Finalized, []clinicaldocsapi.Warning, error) {
	reasons := make([]clinicaldocsapi.Override, len(overrides))
	for i, o := range overrides {
		reasons[i] = clinicaldocsapi.Override(o)
	}
	document, warnings, err := m.deps.Documents.FinalizeDraft(ctx, tx, encounterID, draftID, reasons)
	if errors.Is(err, clinicaldocsapi.ErrOtherEncounter) {
		err = errInvalid.At("body", "Is a document of another encounter.")
	}
	return document, warnings, err
}

// mayWrite refuses a caller who could not write one of the parts by itself.
func (m *Module) mayWrite(ctx context.Context, in SignInput) error {
	needs := m.deps.Needs
	for _, part := range []struct {
		present    bool
		permission string
	}{
		{in.Body.Assessment != nil, needs.Assessment}, {in.Body.Plan != nil, needs.Plan}, {in.Body.Note != nil, needs.Note},
		{len(in.Body.DocumentIDs) > 0, needs.Documents}, {len(in.Body.Orders) > 0, needs.Orders},
	} {
		if part.present && !auth.Can(ctx, part.permission) {
			return errPermission
		}
	}
	return nil
}
