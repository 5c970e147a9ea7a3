package clinicaldocs

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
)

// backfillBatch is how many rows one transaction looks at.
const backfillBatch = 500

// BackfillSteps rebuild the events that drafts and documents prove to have happened.
func (m *Module) BackfillSteps() []events.BackfillStep {
	return []events.BackfillStep{m.backfillDrafts, m.backfillDocuments}
}

func (m *Module) backfillDrafts(ctx context.Context, tx db.Tx, after uuid.UUID) (uuid.UUID, int64, error) {
	rows, err := clinicaldocsdb.New(tx).DraftsAfter(ctx, clinicaldocsdb.DraftsAfterParams{TenantID: tx.Scope().TenantID, After: after, MaxRows: backfillBatch})
	if err != nil || len(rows) == 0 {
		return uuid.Nil, 0, err
	}
	var past []events.Past
	for _, row := range rows {
		about := clinicaldocsapi.About{
			DocumentID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, TemplateCode: row.TemplateCode,
			TemplateVersion: row.TemplateVersion, Version: 1,
		}
		past = append(past, events.Past{Event: clinicaldocsapi.DocumentDrafted{About: about}, FacilityID: row.FacilityID, ActorID: row.AuthorID, At: row.CreatedAt})
		if row.DiscardedAt != nil {
			about.Version = row.Version
			past = append(past, events.Past{Event: clinicaldocsapi.DraftDiscarded{About: about}, FacilityID: row.FacilityID, ActorID: row.AuthorID, At: *row.DiscardedAt})
		}
	}
	added, err := m.bus.InsertMissing(ctx, tx, past)
	return rows[len(rows)-1].ID, added, err
}

func (m *Module) backfillDocuments(ctx context.Context, tx db.Tx, after uuid.UUID) (uuid.UUID, int64, error) {
	rows, err := clinicaldocsdb.New(tx).DocumentsAfter(ctx, clinicaldocsdb.DocumentsAfterParams{TenantID: tx.Scope().TenantID, After: after, MaxRows: backfillBatch})
	if err != nil || len(rows) == 0 {
		return uuid.Nil, 0, err
	}
	past := make([]events.Past, len(rows))
	for i, row := range rows {
		about := clinicaldocsapi.About{
			DocumentID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID, TemplateCode: row.TemplateCode,
			TemplateVersion: row.TemplateVersion, Version: row.Version,
		}
		past[i] = events.Past{FacilityID: row.FacilityID, ActorID: row.AuthorID, At: row.CreatedAt}
		// The table's check holds that a row has exactly one of the two.
		if row.DraftID != nil {
			past[i].Event = clinicaldocsapi.DocumentFinalized{About: about, DraftID: *row.DraftID}
		} else {
			past[i].Event = clinicaldocsapi.DocumentAmended{About: about, SupersedesID: *row.SupersedesID}
		}
	}
	added, err := m.bus.InsertMissing(ctx, tx, past)
	return rows[len(rows)-1].ID, added, err
}
