package alerts

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// onResultEntered raises the alert of a critical result, at once: before anybody has verified it. A newer version takes
// the place of what was raised for former ones; where it is critical no more and nobody outside had seen them, the alert
// is over, else who acknowledges it must read that it was corrected. One whose critical values are the same changes nothing
// of what people were told.
func (m *Module) onResultEntered(ctx context.Context, tx db.Tx, e labapi.ResultEntered) error {
	if len(e.Critical) == 0 && e.SupersedesID == nil {
		return nil
	}
	encounter, err := m.deps.Encounters.Lock(ctx, tx, e.EncounterID)
	if err != nil {
		return err
	}
	alertsapi.HoldCritical(tx, e.EncounterID)
	if e.SameCritical {
		return m.sayCorrected(ctx, tx, e)
	}
	if len(e.Critical) > 0 {
		if err := m.raiseCritical(ctx, tx, encounter, e); err != nil {
			return err
		}
	}
	if e.SupersedesID == nil {
		return nil
	}
	if len(e.Critical) > 0 || !e.FormerReleased {
		return m.end(ctx, tx, alertsapi.KindCriticalResult, []uuid.UUID{e.ItemID}, resolutionSuperseded, e.ResultID)
	}
	return m.sayCorrected(ctx, tx, e)
}

// sayCorrected writes into the history of a test's critical results that there is another version, whose critical values
// are the same, or are none any more.
func (m *Module) sayCorrected(ctx context.Context, tx db.Tx, e labapi.ResultEntered) error {
	rows, err := m.unresolved(ctx, tx, alertsapi.KindCriticalResult, []uuid.UUID{e.ItemID})
	for _, row := range rows {
		if err := m.note(ctx, tx, row, actCorrected, "", nil); err != nil {
			return err
		}
	}
	return err
}

func (m *Module) raiseCritical(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, e labapi.ResultEntered) error {
	targets, err := m.firstOf(ctx, tx, auth.Doctor, e.OrderedByID, encounter.AttendingDoctorID)
	if err != nil {
		return err
	}
	name, err := m.serviceName(ctx, tx, encounter, e.ServiceCode)
	if err != nil {
		return err
	}
	return m.raise(ctx, tx, cause{
		kind: alertsapi.KindCriticalResult, severity: alertsapi.SeverityCritical, title: "Critical result: " + name,
		detail: strings.Join(e.Critical, ", "), encounterID: &e.EncounterID, patientID: &e.PatientID,
		subjectKind: labapi.EntityResult, subjectID: e.ResultID, causeID: e.ItemID, targets: targets,
		facts: Facts{ServiceCode: e.ServiceCode, ServiceName: name, Codes: e.Critical, OrderItemID: e.ItemID.String()},
	})
}

// onSampleRejected asks for another sample, where tests still need one.
func (m *Module) onSampleRejected(ctx context.Context, tx db.Tx, e labapi.SampleRejected) error {
	if len(e.Items) == 0 {
		return nil
	}
	encounter, err := m.deps.Encounters.Lock(ctx, tx, e.EncounterID)
	if err != nil {
		return err
	}
	if err := m.sayRejected(ctx, tx, e); err != nil {
		return err
	}
	targets := []target{forRole(auth.Nurse)}
	if works, err := m.works(ctx, tx, e.CollectedByID); err != nil {
		return err
	} else if works {
		targets = append([]target{forUser(*e.CollectedByID)}, targets...)
	}
	codes, items := make([]string, len(e.Items)), make([]uuid.UUID, len(e.Items))
	for i, item := range e.Items {
		codes[i], items[i] = item.ServiceCode, item.ItemID
	}
	name, err := m.serviceName(ctx, tx, encounter, codes[0])
	if err != nil {
		return err
	}
	return m.raise(ctx, tx, cause{
		kind: alertsapi.KindSampleRejected, severity: alertsapi.SeverityWarning, title: "Sample rejected: " + name,
		encounterID: &e.EncounterID, patientID: &e.PatientID, subjectKind: labapi.EntitySample, subjectID: e.SampleID, causeID: e.Items[0].ItemID,
		targets: targets, facts: Facts{ServiceCode: codes[0], ServiceName: name, Codes: codes, OrderItemIDs: items, ReasonCode: e.ReasonCode},
	})
}

// sayRejected tells whoever was told of a critical result from the sample that the laboratory did not keep to it.
// The alert stays: the value was told, and only the next sample says what is true.
func (m *Module) sayRejected(ctx context.Context, tx db.Tx, e labapi.SampleRejected) error {
	items := make([]uuid.UUID, len(e.Items))
	for i, item := range e.Items {
		items[i] = item.ItemID
	}
	alertsapi.HoldCritical(tx, e.EncounterID)
	rows, err := m.unresolved(ctx, tx, alertsapi.KindCriticalResult, items)
	if err != nil {
		return err
	}
	for _, row := range rows {
		facts, err := factsOf(row)
		if err != nil {
			return err
		}
		facts.ReasonCode = e.ReasonCode
		if row.Facts, err = json.Marshal(facts); err != nil {
			return err
		}
		if row, err = save(ctx, tx, row); err != nil {
			return err
		}
		if err := m.note(ctx, tx, row, actRejected, e.ReasonCode, nil); err != nil {
			return err
		}
		told, err := everTold(ctx, tx, row)
		if err != nil {
			return err
		}
		if err := m.deps.Bus.Publish(ctx, tx, alertsapi.Voided{About: about(row), ReasonCode: e.ReasonCode, RecipientIDs: told}); err != nil {
			return err
		}
	}
	return nil
}

// onTestOverdue tells the laboratory of what somebody waits for. Routine tests stand in its lists.
func (m *Module) onTestOverdue(ctx context.Context, tx db.Tx, e labapi.TestOverdue) error {
	if e.Priority != "STAT" && e.Priority != "URGENT" {
		return nil
	}
	encounter, err := m.deps.Encounters.Lock(ctx, tx, e.EncounterID)
	if err != nil {
		return err
	}
	name, err := m.serviceName(ctx, tx, encounter, e.ServiceCode)
	if err != nil {
		return err
	}
	return m.raise(ctx, tx, cause{
		kind: alertsapi.KindTestOverdue, severity: alertsapi.SeverityWarning, title: "Overdue " + e.Priority + " test: " + name,
		encounterID: &e.EncounterID, patientID: &e.PatientID, subjectKind: "order_item", subjectID: e.ItemID, causeID: e.ItemID,
		targets: []target{forRole(auth.LabTechnician)},
		facts:   Facts{ServiceCode: e.ServiceCode, ServiceName: name, Priority: e.Priority, OrderItemID: e.ItemID.String()},
	})
}

// onRunViolated tells of controls that hold patients' results back; what only warns, the chart shows.
func (m *Module) onRunViolated(ctx context.Context, tx db.Tx, e qualitycontrolapi.RunViolated) error {
	if e.HoldID == nil {
		return nil
	}
	return m.raise(ctx, tx, cause{
		kind: alertsapi.KindQualityControl, severity: alertsapi.SeverityWarning, title: "Quality control failed: " + e.Analyte,
		detail: strings.Join(e.Rules, ", "), subjectKind: "control_hold", subjectID: *e.HoldID, causeID: *e.HoldID,
		targets: []target{forRole(auth.Pathologist)}, facts: Facts{Analyte: e.Analyte, Rules: e.Rules, LotID: e.LotID.String()},
	})
}

// severityOf says how much of an alert a rule of this severity raises.
var severityOf = map[packsapi.Severity]alertsapi.Severity{
	packsapi.SeverityInfo: alertsapi.SeverityInfo, packsapi.SeverityWarning: alertsapi.SeverityWarning, packsapi.SeveritySafety: alertsapi.SeverityCritical,
}

// placeholder is where a rule's message has the patient's data.
var placeholder = regexp.MustCompile(`\s*\{[^}]*\}`)

// onRuleFired raises what a pack's rule asks for. The title is the rule's message without the patient's data: a firing
// has that, for who may read it.
func (m *Module) onRuleFired(ctx context.Context, tx db.Tx, e rulesapi.RuleFired) error {
	if e.Effect != string(packsapi.EffectRaiseAlert) {
		return nil
	}
	rule, err := packsapi.FindRule(ctx, tx, m.deps.Packs, tx.Scope(), e.Pack, e.Moment, e.Rule)
	if err != nil || rule == nil {
		return err
	}
	if _, err := m.deps.Encounters.Lock(ctx, tx, e.EncounterID); err != nil {
		return err
	}
	role := rule.Then.To
	if role == "" {
		role = string(auth.Doctor)
	}
	title := strings.TrimSpace(placeholder.ReplaceAllString(rule.Message.In(packsapi.DefaultLocale), " …"))
	if runes := []rune(title); len(runes) > 500 {
		title = string(runes[:499]) + "…"
	}
	if title == "" {
		title = e.Rule
	}
	c := cause{
		kind: alertsapi.KindRulePrefix + e.Rule, severity: severityOf[packsapi.Severity(e.Severity)], title: title,
		encounterID: &e.EncounterID, patientID: &e.PatientID, subjectKind: "encounter", subjectID: e.EncounterID, causeID: e.EncounterID,
		targets: []target{forRole(role)}, facts: Facts{Rule: e.Rule},
	}
	if e.SubjectID != uuid.Nil {
		c.subjectKind, c.subjectID, c.causeID = subjectAt(e.Moment), e.SubjectID, e.SubjectID
	}
	return m.raise(ctx, tx, c)
}

// subjectAt says what the subject of a rule's moment is.
func subjectAt(moment string) string {
	if moment == packsapi.MomentResultAutoverify {
		return labapi.EntityResult
	}
	return "order_item"
}

// firstOf is for the first of some people who works here now, and for a role when none of them does.
func (m *Module) firstOf(ctx context.Context, tx db.Tx, otherwise auth.Role, candidates ...*uuid.UUID) ([]target, error) {
	for _, userID := range candidates {
		works, err := m.works(ctx, tx, userID)
		if err != nil {
			return nil, err
		}
		if works {
			return []target{forUser(*userID)}, nil
		}
	}
	return []target{forRole(otherwise)}, nil
}

func (m *Module) works(ctx context.Context, tx db.Tx, userID *uuid.UUID) (bool, error) {
	if userID == nil {
		return false, nil
	}
	return m.deps.Users.IsMember(ctx, tx, *userID, tx.Scope().TenantID, tx.Scope().FacilityID)
}

// serviceName says what a test is called; its code where the pack has it no more.
func (m *Module) serviceName(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, code string) (string, error) {
	library, err := m.deps.Packs.Of(ctx, tx, tx.Scope())
	if err != nil {
		return "", err
	}
	if catalog, err := library.Catalog(encounter.Pack); err == nil {
		if service, known := catalog.Service(code); known {
			return service.Name.In(packsapi.DefaultLocale), nil
		}
	}
	return code, nil
}
