package tasks

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// openingStep is a workflow step as InsertWorkflowTasks takes it.
type openingStep struct {
	ID    uuid.UUID  `json:"id"`
	Code  string     `json:"code"`
	Title string     `json:"title"`
	DueAt *time.Time `json:"due_at"`
	// OutlivesEncounter is said of the laboratory's work: closing the encounter does not end it.
	OutlivesEncounter bool `json:"outlives_encounter"`
}

// open makes the tasks that an event opens in the encounter's workflow. One that is there already stays as it is.
func (m *Module) open(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, moment string, happened events.Event) error {
	workflow, err := m.workflow(ctx, tx, encounter)
	if err != nil {
		return err
	}
	var facts map[string]any
	var opening []openingStep
	for _, step := range workflow.Steps {
		if step.OpensOn != moment {
			continue
		}
		if step.When != "" && facts == nil {
			if facts, err = m.facts(ctx, tx, encounter, happened); err != nil {
				return err
			}
		}
		opens, err := step.Opens(moment, facts)
		if err != nil {
			// A needless task does less harm than a missing one.
			slog.WarnContext(ctx, "a workflow step's condition could not be decided; its task opens", "pack", workflow.Pack, "step", step.Code)
			opens = true
		}
		if opens {
			opening = append(opening, openingOf(step, tx.Now()))
		}
	}
	return m.insert(ctx, tx, encounter, opening)
}

// insert makes tasks, in one statement. One that is there already stays as it is.
func (m *Module) insert(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, opening []openingStep) error {
	if len(opening) == 0 {
		return nil
	}
	encoded, err := json.Marshal(opening)
	if err != nil {
		return err
	}
	rows, err := tasksdb.New(tx).InsertWorkflowTasks(ctx, tasksdb.InsertWorkflowTasksParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, EncounterID: encounter.ID, PatientID: encounter.PatientID,
		CreatedByID: id.Ptr(tx.Scope().UserID), Now: tx.Now(), Steps: encoded,
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := m.deps.Bus.Publish(ctx, tx, createdEvent(row)); err != nil {
			return err
		}
	}
	return nil
}

// workflow is what the encounter goes through. Whatever a pack taught when it was opened is still there, so its absence is
// a fault of ours and no "not found" for the caller.
func (m *Module) workflow(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter) (*packsapi.Workflow, error) {
	library, err := m.deps.Packs.Of(ctx, tx, tx.Scope())
	if err != nil {
		return nil, err
	}
	workflow, err := library.Workflow(encounter.Pack, encounter.Type)
	if err != nil {
		return nil, fmt.Errorf("the workflow %s of pack %s is gone: %s", encounter.Type, encounter.Pack, err)
	}
	return workflow, nil
}

func openingOf(step packsapi.Step, now time.Time) openingStep {
	o := openingStep{ID: id.New(), Code: step.Code, Title: step.Title.In(packsapi.DefaultLocale)}
	if step.DueIn > 0 {
		due := now.Add(step.DueIn)
		o.DueAt = &due
	}
	return o
}

// facts are what a step's condition may ask: the event as it was published, the encounter, the patient.
func (m *Module) facts(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, happened events.Event) (map[string]any, error) {
	scope := tx.Scope()
	known, err := m.deps.Patients.Facts(ctx, tx, scope, encounter.PatientID)
	if err != nil {
		return nil, err
	}
	settings, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return nil, err
	}
	patient, err := packsapi.PatientOf(known.DateOfBirth, known.Gender, known.SystemSpecificData, tx.Now().In(settings.Zone))
	if err != nil {
		return nil, err
	}
	about, err := packsapi.EncounterOf(encounter.Type, encounter.Pack, string(encounter.Status), encounter.SystemData)
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(happened)
	if err != nil {
		return nil, err
	}
	event := map[string]any{}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	return map[string]any{"event": event, "encounter": about.Map(), "patient": patient.Map()}, nil
}

// completeBy completes the tasks whose workflow step says that this act does. The act's own module holds the
// encounter's lock.
func (m *Module) completeBy(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, act packsapi.Completion) error {
	workflow, err := m.workflow(ctx, tx, encounter)
	if err != nil {
		return err
	}
	codes := workflow.CompletedBy(act)
	if len(codes) == 0 {
		return nil
	}
	return m.leadAll(ctx, tx, encounter, complete, tasksdb.LockTasksToDoParams{OnlyCodes: true, Codes: codes})
}

// leadAll makes one move with every task of the encounter that is still to do, or those of some codes.
func (m *Module) leadAll(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, what move, which tasksdb.LockTasksToDoParams) error {
	which.TenantID, which.FacilityID, which.EncounterID = tx.Scope().TenantID, tx.Scope().FacilityID, encounter.ID
	rows, err := tasksdb.New(tx).LockTasksToDo(ctx, which)
	if err != nil {
		return err
	}
	for _, row := range rows {
		through, legal := path(tasksapi.Status(row.Status), what)
		if !legal {
			continue
		}
		if _, err := m.lead(ctx, tx, encounter, row, through, follows); err != nil {
			return err
		}
	}
	return nil
}
