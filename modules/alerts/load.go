package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

// Moment is when something was done in the past, and by whom.
type Moment struct {
	At time.Time
	By uuid.UUID
}

// Loaded is an alert of the past for one person: what became of it, and when. Nil did not happen.
type Loaded struct {
	ID                     uuid.UUID
	Kind                   string
	Severity               alertsapi.Severity
	Title, Detail          string
	EncounterID, PatientID uuid.UUID
	SubjectKind            string
	SubjectID, CauseID     uuid.UUID
	Facts                  Facts
	Raised                 Moment
	RecipientID            uuid.UUID
	Acknowledged, Resolved *Moment
	// Resolution is what was said when it was resolved.
	Resolution string
}

// Load writes alerts as the acts would have left them, and their events; it gives those of raising them, in their order.
// What nobody has acknowledged escalates by the built-in policy from when it was raised. tx is in the facility's scope.
func (m *Module) Load(ctx context.Context, tx db.Tx, ids *id.Source, all []Loaded) ([]alertsapi.Raised, error) {
	scope := tx.Scope()
	var rows []alertsdb.AlertsAlert
	var history []alertsdb.AlertsHistory
	var targets []alertsdb.AlertsTarget
	var past []events.Past
	raised := make([]alertsapi.Raised, len(all))
	for i, l := range all {
		row, err := l.row(scope)
		if err != nil {
			return nil, fmt.Errorf("alert %s of the load: %w", l.ID, err)
		}
		rows = append(rows, row)
		targets = append(targets, alertsdb.AlertsTarget{TenantID: scope.TenantID, ID: ids.At(l.Raised.At), FacilityID: scope.FacilityID, AlertID: l.ID, UserID: &l.RecipientID, AddedAt: l.Raised.At})
		about := alertsapi.About{AlertID: l.ID, Kind: l.Kind, Severity: l.Severity, EncounterID: &l.EncounterID, PatientID: &l.PatientID}
		told := []uuid.UUID{l.RecipientID}
		raised[i] = alertsapi.Raised{About: about, RecipientIDs: told}
		for _, line := range []struct {
			act    string
			moment *Moment
			event  events.Event
			told   []uuid.UUID
		}{
			{actRaised, &l.Raised, raised[i], told}, {actAcknowledged, l.Acknowledged, alertsapi.Acknowledged{About: about}, nil},
			{actResolved, l.Resolved, alertsapi.Resolved{About: about, RecipientIDs: told}, nil},
		} {
			if line.moment == nil {
				continue
			}
			history = append(history, alertsdb.AlertsHistory{TenantID: scope.TenantID, ID: ids.At(line.moment.At), FacilityID: scope.FacilityID,
				AlertID: l.ID, Act: line.act, At: line.moment.At, ByID: id.Ptr(line.moment.By), RecipientIds: line.told})
			past = append(past, events.Past{Event: line.event, FacilityID: scope.FacilityID, ActorID: line.moment.By, At: line.moment.At})
		}
	}
	for _, write := range []func() error{
		func() error { return db.InsertRows(ctx, tx, "alerts.alert", rows) },
		func() error { return db.InsertRows(ctx, tx, "alerts.target", targets) },
		func() error { return db.InsertRows(ctx, tx, "alerts.history", history) },
	} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return raised, m.deps.Bus.Load(ctx, tx, ids, past)
}

// row is how the moves leave the alert.
func (l Loaded) row(scope db.Scope) (alertsdb.AlertsAlert, error) {
	facts, err := json.Marshal(l.Facts)
	if err != nil {
		return alertsdb.AlertsAlert{}, err
	}
	row := alertsdb.AlertsAlert{
		TenantID: scope.TenantID, ID: l.ID, FacilityID: scope.FacilityID, Kind: l.Kind, Severity: string(l.Severity), Status: string(alertsapi.StatusOpen),
		Title: l.Title, Detail: orNull(l.Detail), EncounterID: id.Ptr(l.EncounterID), PatientID: id.Ptr(l.PatientID), SubjectKind: l.SubjectKind,
		SubjectID: l.SubjectID, CauseID: l.CauseID, Facts: facts, NextEscalationAt: builtIn[l.Kind].due(0, l.Raised.At), RaisedAt: l.Raised.At,
		RaisedByID: id.Ptr(l.Raised.By), Version: 1, UpdatedAt: l.Raised.At,
	}
	for _, step := range []struct {
		move   move
		moment *Moment
		at     **time.Time
		by     **uuid.UUID
	}{{acknowledge, l.Acknowledged, &row.AcknowledgedAt, &row.AcknowledgedByID}, {resolve, l.Resolved, &row.ResolvedAt, &row.ResolvedByID}} {
		if step.moment == nil {
			continue
		}
		to, legal := after(alertsapi.Status(row.Status), step.move)
		if !legal || step.moment.At.Before(row.UpdatedAt) {
			return row, errIllegalTransition.With("alert_status", row.Status)
		}
		row.Status, *step.at, *step.by = string(to), &step.moment.At, id.Ptr(step.moment.By)
		row.NextEscalationAt, row.Version, row.UpdatedAt = nil, row.Version+1, step.moment.At
	}
	if l.Resolved != nil {
		row.Resolution = orNull(l.Resolution)
	}
	return row, nil
}
