package alerts

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

var (
	errNotFound          = errs.NotFound("alerts.not_found", "There is no such alert.")
	errIllegalTransition = errs.Conflict("alerts.illegal_transition", "An alert of this status cannot make this move.")
	errNotForYou         = errs.Forbidden("alerts.not_for_you", "This critical result is for its recipients and for those who may acknowledge any.")
	errInvalid           = errs.Invalid("alerts.invalid", "There are faults; see errors.")
)

// Alert as the API shows it.
type Alert struct {
	httpx.Version    `json:"-"`
	ID               uuid.UUID          `json:"id" format:"uuid"`
	Kind             string             `json:"kind" doc:"critical_result, test_overdue, sample_rejected, quality_control, or rule: and the rule's code"`
	Severity         alertsapi.Severity `json:"severity" enum:"INFO,WARNING,CRITICAL"`
	Status           alertsapi.Status   `json:"status" enum:"OPEN,ACKNOWLEDGED,RESOLVED"`
	Title            string             `json:"title"`
	Detail           *string            `json:"detail"`
	EncounterID      *uuid.UUID         `json:"encounter_id" format:"uuid"`
	PatientID        *uuid.UUID         `json:"patient_id" format:"uuid"`
	Patient          *Patient           `json:"patient"`
	Subject          Subject            `json:"subject" doc:"What it is about"`
	Facts            Facts              `json:"facts"`
	RaisedAt         time.Time          `json:"raised_at"`
	AcknowledgedAt   *time.Time         `json:"acknowledged_at"`
	AcknowledgedByID *uuid.UUID         `json:"acknowledged_by_id" format:"uuid"`
	AcknowledgedBy   *Person            `json:"acknowledged_by"`
	ResolvedAt       *time.Time         `json:"resolved_at"`
	ResolvedByID     *uuid.UUID         `json:"resolved_by_id" format:"uuid"`
	ResolvedBy       *Person            `json:"resolved_by"`
	Resolution       *string            `json:"resolution" doc:"In words; superseded, sample_collected, result_released, hold_resolved, test_cancelled or test_completed where it ended by itself"`
	Level            int32              `json:"level" doc:"How often it has escalated"`
	NextEscalationAt *time.Time         `json:"next_escalation_at"`
	Recipients       []Recipient        `json:"recipients" nullable:"false" doc:"Whom it is for now"`
	IsMine           bool               `json:"is_mine" doc:"The caller is among the recipients"`
	History          []HistoryLine      `json:"history,omitempty" nullable:"false" doc:"Oldest first; only of one alert, not in lists"`
	Actions          []string           `json:"actions" nullable:"false" doc:"What the caller may do to it now: acknowledge, resolve"`
}

// Subject is the thing that an alert is about.
type Subject struct {
	Kind string    `json:"kind" example:"lab_result" doc:"lab_result, lab_sample, order_item, control_hold, encounter"`
	ID   uuid.UUID `json:"id" format:"uuid"`
}

// Patient is whose alert it is.
type Patient struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
	MRN      string    `json:"mrn"`
}

// Person is a user of the tenant.
type Person struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
}

// Recipient is somebody whom the alert is for, and why.
type Recipient struct {
	Person
	Reason string `json:"reason" enum:"user,role,team,duty" doc:"Named, or by role, team or duty at present"`
	Of     string `json:"of" doc:"The role's code or the team's name; empty for who is named"`
}

// HistoryLine is one thing that happened to an alert.
type HistoryLine struct {
	Act        string    `json:"act" enum:"raised,repeated,corrected,sample_rejected,escalated,acknowledged,resolved"`
	At         time.Time `json:"at"`
	By         *Person   `json:"by" doc:"Null for the house itself"`
	Note       *string   `json:"note" doc:"In words; of sample_rejected the reason's code"`
	Level      int32     `json:"level"`
	Recipients []Person  `json:"recipients" nullable:"false" doc:"Who was told, as roles, teams and duties were then"`
}

// AuditSubject says whose record an answer shows; nobody's where the alert is about no patient.
func (a Alert) AuditSubject() httpx.Subject {
	s := httpx.Subject{Entity: alertsapi.EntityAlert, EntityID: a.ID}
	if a.EncounterID != nil {
		s.EncounterID = *a.EncounterID
	}
	if a.PatientID != nil {
		s.PatientIDs = []uuid.UUID{*a.PatientID}
	}
	return s
}

// ByID names one alert.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one alert with its history.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Alert, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := get(ctx, q, scope, in.ID)
	if err != nil {
		return Alert{}, err
	}
	return m.presentOne(ctx, q, scope, m.deps.Clock.Now(), row)
}

func get(ctx context.Context, q db.DBTX, scope db.Scope, alertID uuid.UUID) (alertsdb.AlertsAlert, error) {
	row, err := alertsdb.New(q).GetAlert(ctx, alertsdb.GetAlertParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: alertID})
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return row, err
}

// AcknowledgeInput may carry a note; it needs no body.
type AcknowledgeInput struct {
	ByID
	Body *Note
}

// Note is what somebody has to say.
type Note struct {
	Note string `json:"note,omitempty" maxLength:"2000"`
}

// Acknowledge says that the caller has seen the alert and takes care of it. The first one counts: for another it is too
// late (409), for the same one it changes nothing.
func (m *Module) Acknowledge(ctx context.Context, tx db.Tx, in AcknowledgeInput) (Alert, error) {
	row, err := m.begin(ctx, tx, in.ID)
	if err != nil {
		return Alert{}, err
	}
	words := ""
	if in.Body != nil {
		words = in.Body.Note
	}
	mine := row.Status == string(alertsapi.StatusAcknowledged) && equal(row.AcknowledgedByID, id.Ptr(tx.Scope().UserID))
	if !mine {
		if err := m.refuseStrangers(ctx, tx, row, acknowledge); err != nil {
			return Alert{}, err
		}
		if row, err = m.acknowledge(ctx, tx, row, words); err != nil {
			return Alert{}, err
		}
	}
	return m.presentOne(ctx, tx, tx.Scope(), tx.Now(), row)
}

// ResolveInput says how it was dealt with.
type ResolveInput struct {
	ByID
	Body struct {
		Resolution string `json:"resolution" minLength:"1" maxLength:"2000" pattern:"\\S" patternDescription:"some words" doc:"What was done about it"`
	}
}

// Resolve says that what the alert is about is dealt with. Saying it again in the same words changes nothing.
func (m *Module) Resolve(ctx context.Context, tx db.Tx, in ResolveInput) (Alert, error) {
	words := in.Body.Resolution
	if strings.TrimSpace(words) == "" {
		return Alert{}, errInvalid.At("body.resolution", "Say what was done about it.")
	}
	row, err := m.begin(ctx, tx, in.ID)
	if err != nil {
		return Alert{}, err
	}
	mine := row.Status == string(alertsapi.StatusResolved) && equal(row.ResolvedByID, id.Ptr(tx.Scope().UserID)) && equal(row.Resolution, &words)
	if !mine {
		if err := m.refuseStrangers(ctx, tx, row, resolve); err != nil {
			return Alert{}, err
		}
		if row, err = m.resolve(ctx, tx, row, words, ""); err != nil {
			return Alert{}, err
		}
	}
	return m.presentOne(ctx, tx, tx.Scope(), tx.Now(), row)
}

// begin locks an alert for a move: its encounter first, as whoever closes one or raises an alert does, since tasks of the
// encounter follow the move. It moves on closed encounters too: the patient has gone home, the result has not.
func (m *Module) begin(ctx context.Context, tx db.Tx, alertID uuid.UUID) (alertsdb.AlertsAlert, error) {
	scope := tx.Scope()
	found, err := get(ctx, tx, scope, alertID)
	if err != nil {
		return found, err
	}
	if found.EncounterID != nil {
		if _, err := m.deps.Encounters.Lock(ctx, tx, *found.EncounterID); err != nil {
			return found, err
		}
		if found.Kind == alertsapi.KindCriticalResult {
			alertsapi.HoldCritical(tx, *found.EncounterID)
		}
	}
	return alertsdb.New(tx).LockAlert(ctx, alertsdb.LockAlertParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: alertID})
}

// acknowledge makes the move on a locked alert.
func (m *Module) acknowledge(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert, words string) (alertsdb.AlertsAlert, error) {
	to, legal := after(alertsapi.Status(row.Status), acknowledge)
	if !legal {
		return row, refused(row)
	}
	row.Status, row.NextEscalationAt = string(to), nil
	row.AcknowledgedAt, row.AcknowledgedByID = timePtr(tx.Now()), id.Ptr(tx.Scope().UserID)
	row, err := save(ctx, tx, row)
	if err != nil {
		return row, err
	}
	if err := m.note(ctx, tx, row, actAcknowledged, words, nil); err != nil {
		return row, err
	}
	return row, m.deps.Bus.Publish(ctx, tx, alertsapi.Acknowledged{About: about(row)})
}

// resolve makes the move on a locked alert; code tells other modules by what it ended, where nobody ended it.
func (m *Module) resolve(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert, resolution, code string) (alertsdb.AlertsAlert, error) {
	to, legal := after(alertsapi.Status(row.Status), resolve)
	if !legal {
		return row, refused(row)
	}
	row.Status, row.NextEscalationAt, row.Resolution = string(to), nil, &resolution
	row.ResolvedAt, row.ResolvedByID = timePtr(tx.Now()), id.Ptr(tx.Scope().UserID)
	row, err := save(ctx, tx, row)
	if err != nil {
		return row, err
	}
	if err := m.note(ctx, tx, row, actResolved, resolution, nil); err != nil {
		return row, err
	}
	told, err := everTold(ctx, tx, row)
	if err != nil {
		return row, err
	}
	return row, m.deps.Bus.Publish(ctx, tx, alertsapi.Resolved{About: about(row), Resolution: code, RecipientIDs: told})
}

// everTold gives everybody who was told of an alert, and who acknowledged it, each once.
func everTold(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert) ([]uuid.UUID, error) {
	lines, err := alertsdb.New(tx).HistoryOf(ctx, alertsdb.HistoryOfParams{TenantID: row.TenantID, FacilityID: row.FacilityID, AlertID: row.ID})
	told := []uuid.UUID{}
	for _, line := range lines {
		told = append(told, line.RecipientIds...)
	}
	if row.AcknowledgedByID != nil {
		told = append(told, *row.AcknowledgedByID)
	}
	return id.Distinct(told), err
}

// refused says where the alert has come to instead, and through whom.
func refused(row alertsdb.AlertsAlert) error {
	err := errIllegalTransition.With("alert_status", row.Status)
	if row.AcknowledgedByID != nil {
		err = err.With("acknowledged_by_id", *row.AcknowledgedByID)
	}
	return err
}

// permissionTo says who may make each move.
var permissionTo = map[move]string{acknowledge: CanAcknowledge, resolve: CanResolve}

// concerns tells whether an alert is the caller's to move. A critical result is for whom it was told to and for those who
// treat: others would silence it without being able to help the patient.
func concerns(ctx context.Context, row alertsdb.AlertsAlert, isMine bool) bool {
	return row.Kind != alertsapi.KindCriticalResult || isMine || auth.Can(ctx, CanAcknowledgeCritical)
}

// refuseStrangers refuses a legal move of a locked alert to whom it does not concern.
func (m *Module) refuseStrangers(ctx context.Context, tx db.Tx, row alertsdb.AlertsAlert, wanted move) error {
	if _, legal := after(alertsapi.Status(row.Status), wanted); !legal || concerns(ctx, row, false) {
		return nil
	}
	isMine, err := m.isFor(ctx, tx, tx.Scope(), tx.Now(), row)
	if err == nil && !isMine {
		err = errNotForYou
	}
	return err
}

// isFor tells whether the caller is among an alert's recipients now.
func (m *Module) isFor(ctx context.Context, q db.DBTX, scope db.Scope, at time.Time, row alertsdb.AlertsAlert) (bool, error) {
	rows, err := alertsdb.New(q).TargetsOf(ctx, alertsdb.TargetsOfParams{TenantID: row.TenantID, FacilityID: row.FacilityID, AlertIds: []uuid.UUID{row.ID}})
	if err != nil {
		return false, err
	}
	targets := make([]target, len(rows))
	for i, row := range rows {
		targets[i] = targetOf(row)
	}
	directory, err := m.lookUp(ctx, q, scope, at, targets)
	return slices.Contains(directory.reached(targets), scope.UserID), err
}

// actions lists what the caller may do to an alert now.
func actions(ctx context.Context, row alertsdb.AlertsAlert, isMine bool) []string {
	may := []string{}
	if !concerns(ctx, row, isMine) {
		return may
	}
	for _, m := range moves {
		if _, legal := after(alertsapi.Status(row.Status), m); legal && auth.Can(ctx, permissionTo[m]) {
			may = append(may, string(m))
		}
	}
	return may
}

func factsOf(row alertsdb.AlertsAlert) (Facts, error) {
	var facts Facts
	err := json.Unmarshal(row.Facts, &facts)
	return facts, err
}
