package alerts

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

// What ends an alert by itself; the words of `resolution` then.
const (
	resolutionSuperseded = alertsapi.ResolutionSuperseded
	resolutionCollected  = "sample_collected"
	resolutionReleased   = "result_released"
	resolutionResolved   = "hold_resolved"
	resolutionCancelled  = "test_cancelled"
	resolutionCompleted  = "test_completed"
)

// Facts say what an alert is about, in codes: never a value.
type Facts struct {
	ServiceCode string   `json:"service_code,omitempty"`
	ServiceName string   `json:"service_name,omitempty" doc:"In the language of the house; English"`
	Codes       []string `json:"codes,omitempty" nullable:"false" doc:"Analytes that are critical, or tests that still need another sample"`
	// OrderItemIDs are of Codes' tests, in the same order.
	OrderItemIDs []uuid.UUID `json:"order_item_ids,omitempty" nullable:"false" doc:"Of the tests that still need another sample"`
	ReasonCode   string      `json:"reason_code,omitempty" doc:"Why the sample was rejected; of a critical result, that it was since it was entered"`
	Priority     string      `json:"priority,omitempty" doc:"Of the test that is late"`
	Analyte      string      `json:"analyte,omitempty" doc:"Whose control is out of limits"`
	Rules        []string    `json:"rules,omitempty" nullable:"false" doc:"The rules of quality control that were violated"`
	Rule         string      `json:"rule,omitempty" doc:"The pack's rule that asked for the alert"`
	OrderItemID  string      `json:"order_item_id,omitempty"`
	LotID        string      `json:"lot_id,omitempty"`
}

// cause is why an alert is raised.
type cause struct {
	kind                   string
	severity               alertsapi.Severity // unless the tenant's policy has another
	title, detail          string
	encounterID, patientID *uuid.UUID
	subjectKind            string
	subjectID, causeID     uuid.UUID
	facts                  Facts
	targets                []target
}

// acts of an alert's history.
const (
	actRaised       = "raised"
	actRepeated     = "repeated"
	actCorrected    = "corrected"
	actRejected     = "sample_rejected"
	actEscalated    = "escalated"
	actAcknowledged = "acknowledged"
	actResolved     = "resolved"
)

// raise tells people of a cause. While an alert of its kind and subject is open there is no second one: that it happened
// again stands in the history of the first.
func (m *Module) raise(ctx context.Context, tx db.Tx, c cause) error {
	scope, now := tx.Scope(), tx.Now()
	escalation, err := m.inForce(ctx, tx, scope.TenantID, c.kind)
	if err != nil {
		return err
	}
	facts, err := json.Marshal(c.facts)
	if err != nil {
		return err
	}
	params := alertsdb.InsertAlertParams{
		TenantID: scope.TenantID, ID: id.For(ctx, now), FacilityID: scope.FacilityID, Kind: c.kind, Severity: string(c.severity), Title: c.title,
		Detail: orNull(c.detail), EncounterID: c.encounterID, PatientID: c.patientID, SubjectKind: c.subjectKind, SubjectID: c.subjectID,
		CauseID: c.causeID, Facts: facts, NextEscalationAt: escalation.due(0, now), Now: now, RaisedByID: id.Ptr(scope.UserID),
	}
	if escalation.severity != nil {
		params.Severity = string(*escalation.severity)
	}
	queries := alertsdb.New(tx)
	row, err := queries.InsertAlert(ctx, params)
	if db.IsNoRows(err) {
		open, err := queries.LockOpenOfSubject(ctx, alertsdb.LockOpenOfSubjectParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, SubjectID: c.subjectID, Kind: c.kind})
		if err == nil {
			return m.note(ctx, tx, open, actRepeated, "", nil)
		}
		if !db.IsNoRows(err) {
			return err
		}
		// Somebody acknowledged it while this one waited for it.
		row, err = queries.InsertAlert(ctx, params)
		if err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	told, err := m.tell(ctx, tx, row, c.targets)
	if err != nil {
		return err
	}
	if len(told) == 0 {
		// Nobody holds the role, or who should hear of it has left: somebody must all the same.
		if told, err = m.tell(ctx, tx, row, []target{forRole(auth.Admin)}); err != nil {
			return err
		}
	}
	if err := m.note(ctx, tx, row, actRaised, "", told); err != nil {
		return err
	}
	return m.deps.Bus.Publish(ctx, tx, alertsapi.Raised{About: about(row), RecipientIDs: told})
}

// tell adds people to those whom an alert is for, and gives whom that reaches now.
func (m *Module) tell(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert, targets []target) ([]uuid.UUID, error) {
	if len(targets) == 0 {
		return []uuid.UUID{}, nil
	}
	list, err := json.Marshal(targets)
	if err != nil {
		return nil, err
	}
	err = alertsdb.New(tx).InsertTargets(ctx, alertsdb.InsertTargetsParams{
		TenantID: row.TenantID, FacilityID: row.FacilityID, AlertID: row.ID, Level: row.Level, Targets: list, Now: tx.Now()})
	if err != nil {
		return nil, err
	}
	directory, err := m.lookUp(ctx, tx, tx.Scope(), tx.Now(), targets)
	return directory.reached(targets), err
}

// note adds a line to an alert's history.
func (m *Module) note(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert, act, words string, told []uuid.UUID) error {
	if told == nil {
		told = []uuid.UUID{}
	}
	return alertsdb.New(tx).InsertHistory(ctx, alertsdb.InsertHistoryParams{
		TenantID: row.TenantID, ID: id.For(ctx, tx.Now()), FacilityID: row.FacilityID, AlertID: row.ID, Act: act, At: tx.Now(),
		ByID: id.Ptr(tx.Scope().UserID), Note: orNull(words), Level: row.Level, RecipientIds: told})
}

// end resolves what is over by itself: the alerts of a kind that come from some causes, but for one.
func (m *Module) end(ctx context.Context, tx db.Tx, kind string, causes []uuid.UUID, resolution string, but uuid.UUID) error {
	if len(causes) == 0 {
		return nil
	}
	rows, err := m.unresolved(ctx, tx, kind, causes)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.SubjectID == but {
			continue
		}
		if _, err := m.resolve(ctx, tx, row, resolution, resolution); err != nil {
			return err
		}
	}
	return nil
}

// endWaiting strikes tests from the alerts of an encounter's rejected samples, and resolves those that no test waits for
// any more.
func (m *Module) endWaiting(ctx context.Context, tx db.Tx, encounterID uuid.UUID, items []uuid.UUID, resolution string) error {
	rows, err := alertsdb.New(tx).LockUnresolvedOfEncounter(ctx, alertsdb.LockUnresolvedOfEncounterParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, EncounterID: encounterID, Kind: alertsapi.KindSampleRejected})
	if err != nil {
		return err
	}
	for _, row := range rows {
		facts, err := factsOf(row)
		if err != nil {
			return err
		}
		wait := facts
		wait.Codes, wait.OrderItemIDs = nil, nil
		for i, item := range facts.OrderItemIDs {
			if !slices.Contains(items, item) {
				wait.Codes, wait.OrderItemIDs = append(wait.Codes, facts.Codes[i]), append(wait.OrderItemIDs, item)
			}
		}
		switch len(wait.OrderItemIDs) {
		case len(facts.OrderItemIDs):
			continue
		case 0:
			_, err = m.resolve(ctx, tx, row, resolution, resolution)
		default:
			if row.Facts, err = json.Marshal(wait); err == nil {
				_, err = save(ctx, tx, row)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *Module) unresolved(ctx context.Context, tx db.Tx, kind string, causes []uuid.UUID) ([]alertsdb.AlertsAlert, error) {
	return alertsdb.New(tx).LockUnresolvedOfCauses(ctx, alertsdb.LockUnresolvedOfCausesParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, CauseIds: causes, Kind: kind})
}

// save writes where a locked alert has come to.
func save(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert) (alertsdb.AlertsAlert, error) {
	return alertsdb.New(tx).SaveAlert(ctx, alertsdb.SaveAlertParams{
		Severity: row.Severity, Status: row.Status, Facts: row.Facts, Level: row.Level, NextEscalationAt: row.NextEscalationAt,
		AcknowledgedAt: row.AcknowledgedAt, AcknowledgedByID: row.AcknowledgedByID, ResolvedAt: row.ResolvedAt,
		ResolvedByID: row.ResolvedByID, Resolution: row.Resolution, Now: tx.Now(), TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID})
}

func about(row alertsdb.AlertsAlert) alertsapi.About {
	return alertsapi.About{AlertID: row.ID, Kind: row.Kind, Severity: alertsapi.Severity(row.Severity), EncounterID: row.EncounterID, PatientID: row.PatientID}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func timePtr(t time.Time) *time.Time { return &t }
