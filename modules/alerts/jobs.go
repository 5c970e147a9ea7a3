package alerts

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

const (
	// escalateEvery is how late an escalation may be.
	escalateEvery = 20 * time.Second
	// escalateBatch is how many alerts are read at once.
	escalateBatch = 200
)

func (m *Module) schedule() {
	m.deps.Bus.Periodic("alerts.escalate", escalateEvery, m.Escalate)
}

// Escalate tells the next people of what nobody has acknowledged in time, in all tenants. It may run beside itself, and
// again: each step of an alert is taken once.
func (m *Module) Escalate(ctx context.Context, pool *db.Pool) error {
	ctx = db.WithScope(ctx, db.System())
	var faults error
	for {
		due, err := alertsdb.New(pool.Read(ctx)).Due(ctx, alertsdb.DueParams{At: m.deps.Clock.Now(), Most: escalateBatch})
		if err != nil {
			return errors.Join(faults, err)
		}
		failed := false
		for _, one := range due {
			ctx := db.WithScope(ctx, db.Scope{TenantID: one.TenantID, FacilityID: one.FacilityID})
			if err := pool.InTx(ctx, func(tx db.Tx) error { return m.escalate(ctx, tx, one.ID) }); err != nil {
				faults, failed = errors.Join(faults, err), true
			}
		}
		// One that fails would come again at once: it waits for the next run, and the others are not held up by it.
		if len(due) < escalateBatch || failed {
			return faults
		}
	}
}

// escalate takes an alert's next step if it is due. Whoever comes second waits for its lock and finds it taken.
func (m *Module) escalate(ctx context.Context, tx db.Tx, alertID uuid.UUID) error {
	scope := tx.Scope()
	row, err := alertsdb.New(tx).LockAlert(ctx, alertsdb.LockAlertParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: alertID})
	if err != nil || row.NextEscalationAt == nil || row.NextEscalationAt.After(tx.Now()) {
		return err
	}
	escalation, err := m.inForce(ctx, tx, scope.TenantID, row.Kind)
	if err != nil {
		return err
	}
	known, err := alertsdb.New(tx).TargetsOf(ctx, alertsdb.TargetsOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, AlertIds: []uuid.UUID{row.ID}})
	if err != nil {
		return err
	}
	before := row.Level
	var told []uuid.UUID
	// A step that reaches nobody, because the team is gone or the role is nobody's, is no reason to wait.
	for first := true; len(told) == 0; first = false {
		step, more := escalation.at(int(row.Level))
		if !more || !first && int(row.Level) >= len(escalation.steps) {
			break
		}
		row.Level++
		if told, err = m.tellNext(ctx, tx, row, step, known); err != nil {
			return err
		}
	}
	if row.Level > before && len(told) == 0 {
		if told, err = m.tell(ctx, tx, row, []target{forRole(auth.Admin)}); err != nil {
			return err
		}
	}
	row.NextEscalationAt = escalation.due(int(row.Level), tx.Now())
	if row, err = save(ctx, tx, row); err != nil || row.Level == before {
		return err
	}
	if err := m.note(ctx, tx, row, actEscalated, "", told); err != nil {
		return err
	}
	return m.deps.Bus.Publish(ctx, tx, alertsapi.Escalated{About: about(row), Level: int(row.Level), RecipientIDs: told})
}

// tellNext gives whom a step reaches. Who is a recipient by the same target already is told again, not added again.
func (m *Module) tellNext(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert, step Step, known []alertsdb.AlertsTarget) ([]uuid.UUID, error) {
	next, err := m.targetOf(ctx, tx, step)
	if err != nil || next == nil {
		return nil, err
	}
	for _, other := range known {
		if next.same(targetOf(other)) {
			directory, err := m.lookUp(ctx, tx, tx.Scope(), tx.Now(), []target{*next})
			return directory.people(*next), err
		}
	}
	return m.tell(ctx, tx, row, []target{*next})
}

// targetOf says whom a step means in this facility; nil where its team is not here.
func (m *Module) targetOf(ctx context.Context, tx db.Tx, step Step) (*target, error) {
	team := func(code string) (*target, error) {
		row, err := alertsdb.New(tx).TeamByCode(ctx, alertsdb.TeamByCodeParams{TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, Code: code})
		if db.IsNoRows(err) {
			return nil, nil
		}
		return &target{ID: id.New(), TeamID: &row.ID}, err
	}
	switch {
	case step.ToRole != nil:
		t := forRole(*step.ToRole)
		return &t, nil
	case step.ToTeam != nil:
		return team(*step.ToTeam)
	}
	t, err := team(*step.ToDuty)
	if err != nil {
		return nil, err
	}
	if t == nil {
		role := forRole(*step.ToDuty)
		t = &role
	}
	t.OnDuty = true
	return t, nil
}
