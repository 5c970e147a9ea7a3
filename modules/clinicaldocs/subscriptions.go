package clinicaldocs

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

// Subscribe listens to other modules. Call it once all of them exist.
func (m *Module) Subscribe() {
	events.Within(m.bus, "clinicaldocs.end_drafts", func(ctx context.Context, tx db.Tx, e encountersapi.Closed) error {
		return endDrafts(ctx, tx, e.EncounterID)
	})
	events.Within(m.bus, "clinicaldocs.end_drafts", func(ctx context.Context, tx db.Tx, e encountersapi.Cancelled) error {
		return endDrafts(ctx, tx, e.EncounterID)
	})
	events.Within(m.bus, "clinicaldocs.observe_vitals", m.observeVitals)
}

// endDrafts remembers that what is unfinished can no longer be finished, so that every answer's actions say so.
func endDrafts(ctx context.Context, tx db.Tx, encounterID uuid.UUID) error {
	return clinicaldocsdb.New(tx).EndDraftsOfEncounter(ctx, clinicaldocsdb.EndDraftsOfEncounterParams{TenantID: tx.Scope().TenantID, EncounterID: encounterID})
}
