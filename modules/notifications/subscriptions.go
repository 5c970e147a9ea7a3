package notifications

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
)

// Subscribe listens to other modules. Call it once all of them exist. Each listener may run again: a cause tells a
// person once.
func (m *Module) Subscribe() {
	events.After(m.deps.Bus, "notifications.tell_of_alert", m.AlertRaised)
	events.After(m.deps.Bus, "notifications.tell_of_escalation", m.AlertEscalated)
}

// AlertRaised tells an alert's recipients.
func (m *Module) AlertRaised(ctx context.Context, tx db.Tx, e alertsapi.Raised) error {
	return m.tellOfAlert(ctx, tx, e.About, kindOfAlert(e.Kind), 0, e.RecipientIDs)
}

// AlertEscalated tells whom an alert came to because nobody acknowledged it.
func (m *Module) AlertEscalated(ctx context.Context, tx db.Tx, e alertsapi.Escalated) error {
	return m.tellOfAlert(ctx, tx, e.About, kindEscalation, e.Level, e.RecipientIDs)
}

func (m *Module) tellOfAlert(ctx context.Context, tx db.Tx, about alertsapi.About, kind string, level int, to []uuid.UUID) error {
	n := news{
		cause: fmt.Sprintf("alert:%s:%d", about.AlertID, level), kind: kind, severity: about.Severity, subjectKind: alertsapi.EntityAlert,
		subjectID: about.AlertID, alertID: about.AlertID, to: to,
	}
	if about.EncounterID != nil {
		n.encounterID = *about.EncounterID
	}
	if about.PatientID != nil {
		n.patientID = *about.PatientID
	}
	if m.deps.Alerts != nil {
		briefs, err := m.deps.Alerts.Briefs(ctx, tx, tx.Scope(), []uuid.UUID{about.AlertID})
		if err != nil {
			return err
		}
		brief, found := briefs[about.AlertID]
		if found && brief.Status != alertsapi.StatusOpen && kind == kindEscalation {
			return nil // somebody has taken care of it since
		}
		n.title = brief.Title
	}
	return m.tell(ctx, tx, n)
}

// kindOfAlert is how notifications call a kind of alert: one for all rules.
func kindOfAlert(kind string) string {
	if strings.HasPrefix(kind, alertsapi.KindRulePrefix) {
		return kindRuleAlert
	}
	return kind
}
