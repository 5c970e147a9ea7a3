package tasks

import (
	"context"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// openByRule opens the task that a rule asks for, in the rule's own words. Each firing asks anew: a task of this code
// that was done, or called off, is to be done again, and one that waits already goes on waiting.
func (m *Module) openByRule(ctx context.Context, tx db.Tx, e rulesapi.RuleFired) error {
	if e.Effect != string(packsapi.EffectOpenTask) {
		return nil
	}
	encounter, underWay, err := m.underWay(ctx, tx, e.EncounterID)
	if err != nil || !underWay {
		return err
	}
	rule, err := packsapi.FindRule(ctx, tx, m.deps.Packs, tx.Scope(), e.Pack, e.Moment, e.Rule)
	if err != nil || rule == nil || rule.Then.Task == nil {
		return err
	}
	asked := rule.Then.Task
	row, err := tasksdb.New(tx).LockTaskByCode(ctx, tasksdb.LockTaskByCodeParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, EncounterID: encounter.ID, Code: asked.Code})
	if db.IsNoRows(err) {
		return m.insert(ctx, tx, encounter, []openingStep{{ID: id.New(), Code: asked.Code, Title: asked.Title.In(packsapi.DefaultLocale)}})
	}
	if err != nil || toDo(tasksapi.Status(row.Status)) {
		return err
	}
	_, err = m.openAgain(ctx, tx, encounter, row)
	return err
}

// openAgain makes a locked task that is over one that nobody has begun. It stays whose it was, unless they have left.
func (m *Module) openAgain(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, row tasksdb.TasksTask) (tasksdb.TasksTask, error) {
	if row.AssignedToID != nil {
		stays, err := m.deps.Users.IsMember(ctx, tx, *row.AssignedToID, row.TenantID, row.FacilityID)
		if err != nil {
			return row, err
		}
		if !stays {
			if row, err = m.assignTo(ctx, tx, row, nil); err != nil {
				return row, err
			}
		}
	}
	return m.lead(ctx, tx, encounter, row, []tasksapi.Status{tasksapi.StatusOpen}, follows)
}
