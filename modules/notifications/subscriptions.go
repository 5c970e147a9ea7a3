package notifications

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/labprintapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// Subscribe listens to other modules. Call it once all of them exist. Each listener may run again: a cause tells a
// person once.
func (m *Module) Subscribe() {
	events.After(m.deps.Bus, "notifications.tell_of_alert", m.AlertRaised)
	events.After(m.deps.Bus, "notifications.tell_of_escalation", m.AlertEscalated)
	events.After(m.deps.Bus, "notifications.tell_of_superseded_alert", m.AlertResolved)
	events.After(m.deps.Bus, "notifications.tell_of_voided_alert", m.AlertVoided)
	events.After(m.deps.Bus, "notifications.tell_of_result", m.ResultReleased)
	events.After(m.deps.Bus, "notifications.tell_of_corrected_report", m.ReportIssued)
	events.After(m.deps.Bus, "notifications.tell_of_rule", m.RuleFired)
}

// AlertRaised tells an alert's recipients.
func (m *Module) AlertRaised(ctx context.Context, tx db.Tx, e alertsapi.Raised) error {
	return m.tellOfAlert(ctx, tx, e.About, kindOfAlert(e.Kind), 0, e.RecipientIDs)
}

// AlertEscalated tells whom an alert came to because nobody acknowledged it.
func (m *Module) AlertEscalated(ctx context.Context, tx db.Tx, e alertsapi.Escalated) error {
	return m.tellOfAlert(ctx, tx, e.About, kindEscalation, e.Level, e.RecipientIDs)
}

// AlertResolved tells those who were told of a critical result that it was entered again: they may be acting on it.
func (m *Module) AlertResolved(ctx context.Context, tx db.Tx, e alertsapi.Resolved) error {
	if e.Kind != alertsapi.KindCriticalResult || e.Resolution != alertsapi.ResolutionSuperseded {
		return nil
	}
	e.Severity = alertsapi.SeverityCritical // whatever the tenant makes of the alert: it was told, and it is wrong
	return m.tellOfAlert(ctx, tx, e.About, kindSuperseded, supersededLevel, e.RecipientIDs)
}

// AlertVoided tells those who were told of a critical result that its sample was rejected: they may be acting on it.
func (m *Module) AlertVoided(ctx context.Context, tx db.Tx, e alertsapi.Voided) error {
	e.Severity = alertsapi.SeverityCritical
	return m.tellOfAlert(ctx, tx, e.About, kindVoided, voidedLevel, e.RecipientIDs)
}

// These keep the notices apart from those of the alert's escalations.
const (
	supersededLevel = -1
	voidedLevel     = -2
)

func (m *Module) tellOfAlert(ctx context.Context, tx db.Tx, about alertsapi.About, kind string, level int, to []uuid.UUID) error {
	n := newsOfAlert(about, kind, level)
	n.to = to
	briefs, err := m.deps.Alerts.Briefs(ctx, tx, tx.Scope(), []uuid.UUID{about.AlertID})
	if err != nil {
		return err
	}
	brief, found := briefs[about.AlertID]
	if found && isOver(kind, brief) {
		return nil
	}
	n.title = brief.Title
	return m.tell(ctx, tx, n)
}

// isOver tells whether somebody has taken care of an alert since it was raised or came to others: what is told of it now
// would stand beside, or after, the message that it does not hold. Those messages themselves are told always.
func isOver(kind string, alert alertsapi.Brief) bool {
	return alert.Status != alertsapi.StatusOpen && (kind == kindEscalation || kind == kindOfAlert(alert.Kind))
}

// kindOfAlert is how notifications call a kind of alert: one for all rules.
func kindOfAlert(kind string) string {
	if strings.HasPrefix(kind, alertsapi.KindRulePrefix) {
		return kindRuleAlert
	}
	return kind
}

// ResultReleased tells who ordered a test, and of a correction who sees the patient too; not of what that person released.
func (m *Module) ResultReleased(ctx context.Context, tx db.Tx, e labapi.ResultReleased) error {
	to, err := m.receivers(ctx, tx, e)
	if err != nil || len(to) == 0 {
		return err
	}
	results, err := m.deps.Laboratory.Results(ctx, tx, tx.Scope(), []uuid.UUID{e.ResultID})
	if err != nil {
		return err
	}
	title, isCritical := e.ServiceCode, false
	if result, found := results[e.ResultID]; found {
		title, isCritical = result.Name, result.IsCritical
	}
	n := newsOfResult(e, title)
	if isCritical {
		n.severity = alertsapi.SeverityCritical // who acknowledged it may have known no more than that it is
	}
	n.to = to
	return m.tell(ctx, tx, n)
}

// receivers are who must hear of a released result: who ordered it, else who sees the patient, else the doctors, for those
// who work here now. A correction goes to the first two.
func (m *Module) receivers(ctx context.Context, tx db.Tx, e labapi.ResultReleased) ([]uuid.UUID, error) {
	scope := tx.Scope()
	encounter, err := m.deps.Encounters.Get(ctx, tx, scope, e.EncounterID)
	if err != nil {
		return nil, err
	}
	var to []uuid.UUID
	for _, userID := range []*uuid.UUID{e.OrderedByID, encounter.AttendingDoctorID} {
		if userID == nil || len(to) > 0 && !e.IsCorrection {
			continue
		}
		works, err := m.deps.Users.IsMember(ctx, tx, *userID, scope.TenantID, scope.FacilityID)
		if err != nil {
			return nil, err
		}
		if works {
			to = append(to, *userID)
		}
	}
	if len(to) == 0 {
		if to, err = m.deps.Users.WithRole(ctx, tx, scope, string(auth.Doctor)); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(to, func(userID uuid.UUID) bool { return userID == scope.UserID }), nil
}

func newsOfAlert(about alertsapi.About, kind string, level int) news {
	n := news{
		cause: fmt.Sprintf("alert:%s:%d", about.AlertID, level), kind: kind, severity: about.Severity, subjectKind: alertsapi.EntityAlert,
		subjectID: about.AlertID, alertID: about.AlertID,
	}
	if about.EncounterID != nil {
		n.encounterID = *about.EncounterID
	}
	if about.PatientID != nil {
		n.patientID = *about.PatientID
	}
	return n
}

func newsOfResult(e labapi.ResultReleased, title string) news {
	n := news{
		cause: "result:" + e.ResultID.String(), kind: kindResultReleased, severity: alertsapi.SeverityInfo, title: title, service: e.ServiceCode,
		subjectKind: labapi.EntityResult, subjectID: e.ResultID, encounterID: e.EncounterID, patientID: e.PatientID,
	}
	if e.Abnormal {
		n.severity = alertsapi.SeverityWarning
	}
	if e.IsCorrection {
		n.kind, n.severity = kindResultCorrected, alertsapi.SeverityWarning
	}
	return n
}

// ReportIssued tells who read or printed the version that this one corrects.
func (m *Module) ReportIssued(ctx context.Context, tx db.Tx, e labprintapi.ReportIssued) error {
	if !e.IsCorrected {
		return nil
	}
	return m.tell(ctx, tx, news{
		cause: "report:" + e.ReportID.String(), kind: kindReportCorrected, severity: alertsapi.SeverityWarning, subjectKind: e.EventKeys().Entity,
		subjectID: e.ReportID, encounterID: e.EncounterID, patientID: e.PatientID, to: e.ReaderIDs,
	})
}

// inBraces is what a rule's message leaves to the facts, which may be clinical and stay in the record.
var inBraces = regexp.MustCompile(`\s*\{[^{}]*\}`)

// RuleFired tells the role to which a pack's rule gives notice.
func (m *Module) RuleFired(ctx context.Context, tx db.Tx, e rulesapi.RuleFired) error {
	if e.Effect != string(packsapi.EffectNotify) {
		return nil
	}
	rule, err := packsapi.FindRule(ctx, tx, m.deps.Packs, tx.Scope(), e.Pack, e.Moment, e.Rule)
	if err != nil || rule == nil || rule.Then.To == "" {
		return err
	}
	people, err := m.deps.Users.WithRole(ctx, tx, tx.Scope(), rule.Then.To)
	if err != nil {
		return err
	}
	n := news{
		cause: "rule:" + e.FiringID.String(), kind: kindRuleNotice, severity: alertsapi.SeverityInfo,
		title: strings.TrimSpace(inBraces.ReplaceAllString(rule.Message.In(packsapi.DefaultLocale), " …")), subjectKind: "rule_firing", subjectID: e.FiringID,
		encounterID: e.EncounterID, patientID: e.PatientID, to: people,
	}
	if packsapi.Severity(e.Severity) != packsapi.SeverityInfo {
		n.severity = alertsapi.SeverityWarning
	}
	return m.tell(ctx, tx, n)
}
