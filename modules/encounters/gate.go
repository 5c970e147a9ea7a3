package encounters

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

var errCloseBlocked = errs.Conflict("encounters.close_blocked", "The encounter cannot close yet; gate says what is missing.")

// CloseGate is what closing still needs.
type CloseGate struct {
	rulesapi.CloseGate
	encounterID, patientID uuid.UUID
}

// AuditSubject says whose record an answer shows.
func (g CloseGate) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "encounter", EntityID: g.encounterID, EncounterID: g.encounterID, PatientIDs: []uuid.UUID{g.patientID}}
}

// CloseGate tells whether the encounter could be closed now, and what stands in the way.
func (m *Module) CloseGate(ctx context.Context, q db.DBTX, in ByID) (CloseGate, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := get(ctx, q, scope, in.ID)
	if err != nil {
		return CloseGate{}, err
	}
	facts, err := m.closeFacts(ctx, q, scope, m.deps.Clock.Now(), row)
	if err != nil {
		return CloseGate{}, err
	}
	gate, err := m.deps.Gate.CloseGate(ctx, q, scope, facts)
	if err != nil {
		return CloseGate{}, err
	}
	if _, legal := after(encountersapi.Status(row.Status), closeRecord); !legal {
		gate.CanClose = false
		gate.Blocking = append(gate.Blocking, rulesapi.Blocking{
			Rule: "encounters.life_cycle", Code: errIllegalTransition.Code, Message: "Only an encounter in consultation can close."})
	}
	return CloseGate{CloseGate: gate, encounterID: row.ID, patientID: row.PatientID}, nil
}

// closeFacts gathers what the rules weigh.
func (m *Module) closeFacts(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, row encountersdb.EncountersEncounter) (rulesapi.CloseFacts, error) {
	tasks, err := m.deps.Tasks.OfEncounter(ctx, q, scope, row.ID)
	if err != nil {
		return rulesapi.CloseFacts{}, err
	}
	documents, drafts, err := m.deps.Documents.Templates(ctx, q, scope, row.ID)
	if err != nil {
		return rulesapi.CloseFacts{}, err
	}
	unacknowledged, err := m.deps.Alerts.UnacknowledgedCritical(ctx, q, scope, row.ID)
	if err != nil {
		return rulesapi.CloseFacts{}, err
	}
	facts := rulesapi.CloseFacts{
		EncounterID: row.ID, PatientID: row.PatientID, EncounterType: row.EncounterType, Pack: row.Pack, Status: row.Status,
		SystemData: row.SystemData, Now: now, Documents: documents, Drafts: drafts, UnacknowledgedCritical: unacknowledged,
	}
	for _, t := range tasks {
		facts.Tasks = append(facts.Tasks, rulesapi.TaskFact{Code: t.Code, Title: t.Title, Status: string(t.Status)})
	}
	return facts, nil
}

// passClose lets the encounter close, or says what holds it open: under this module's own code what blocks, as every
// act does what wants a reason.
func (m *Module) passClose(ctx context.Context, tx db.Tx, row encountersdb.EncountersEncounter, overrides []rulesapi.Override) ([]rulesapi.Warning, error) {
	facts, err := m.closeFacts(ctx, tx, tx.Scope(), tx.Now(), row)
	if err != nil {
		return nil, err
	}
	gate, warnings, err := m.deps.Gate.PassClose(ctx, tx, facts, overrides)
	switch refused := errs.Of(err); {
	case errors.Is(err, rulesapi.ErrBlocked):
		err = errCloseBlocked.With("gate", gate).With("rules", refused.Extra["rules"]).Because(refused.Reasons...)
	case errors.Is(err, rulesapi.ErrReasonRequired):
		err = refused.With("gate", gate)
	}
	return warnings, err
}
