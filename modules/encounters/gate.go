package encounters

import (
	"context"
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
	gate, err := m.gate(ctx, q, scope, m.deps.Clock.Now(), row)
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

// gate gathers what the rules weigh and asks them.
func (m *Module) gate(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, row encountersdb.EncountersEncounter) (rulesapi.CloseGate, error) {
	tasks, err := m.deps.Tasks.OfEncounter(ctx, q, scope, row.ID)
	if err != nil {
		return rulesapi.CloseGate{}, err
	}
	documents, err := m.deps.Documents.FinalTemplates(ctx, q, scope, row.ID)
	if err != nil {
		return rulesapi.CloseGate{}, err
	}
	patients, err := m.deps.Patients.Summaries(ctx, q, scope, []uuid.UUID{row.PatientID})
	if err != nil {
		return rulesapi.CloseGate{}, err
	}
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return rulesapi.CloseGate{}, err
	}
	patient := patients[row.PatientID]
	facts := rulesapi.CloseFacts{
		EncounterID: row.ID, EncounterType: row.EncounterType, Pack: row.Pack, Status: row.Status, SystemData: row.SystemData,
		DateOfBirth: patient.DateOfBirth, Gender: patient.Gender, Now: now.In(settings.Zone), Documents: documents,
	}
	for _, t := range tasks {
		facts.Tasks = append(facts.Tasks, rulesapi.TaskFact{Code: t.Code, Title: t.Title, Status: string(t.Status)})
	}
	return m.deps.Gate.CloseGate(ctx, q, scope, facts)
}
