package clinicaldocs

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var _ clinicaldocsapi.Finalizer = (*Module)(nil)

// FinalizeDraft implements clinicaldocsapi.Finalizer.
func (m *Module) FinalizeDraft(ctx context.Context, tx db.Tx, encounterID, draftID uuid.UUID, overrides []clinicaldocsapi.Override) (clinicaldocsapi.Finalized, []clinicaldocsapi.Warning, error) {
	scope := tx.Scope()
	record, err := clinicaldocsdb.New(tx).GetRecord(ctx, clinicaldocsdb.GetRecordParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: draftID})
	if db.IsNoRows(err) {
		err = errNotFound
	} else if err == nil && record.EncounterID != encounterID {
		err = clinicaldocsapi.ErrOtherEncounter
	}
	if err != nil {
		return clinicaldocsapi.Finalized{}, nil, err
	}
	var in FinalizeInput
	in.Body.DocumentID = draftID
	for _, o := range overrides {
		in.Body.Overrides = append(in.Body.Overrides, rulesapi.Override{Rule: o.Rule, Reason: o.Reason})
	}
	d, err := m.Finalize(ctx, tx, in)
	if err != nil {
		return clinicaldocsapi.Finalized{}, nil, err
	}
	warnings := make([]clinicaldocsapi.Warning, len(d.Warnings))
	for i, w := range d.Warnings {
		warnings[i] = clinicaldocsapi.Warning(w)
	}
	return clinicaldocsapi.Finalized{
		ID: d.ID, EncounterID: d.EncounterID, TemplateCode: d.TemplateCode, TemplateVersion: d.TemplateVersion, Version: d.Version,
		Status: d.Status, Summary: d.Summary,
	}, warnings, nil
}
