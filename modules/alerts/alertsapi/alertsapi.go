// Package alertsapi is the contract of the alerts module.
package alertsapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
)

// Severity says how much depends on an alert.
type Severity string

// The severities. A critical one reaches people in their quiet hours.
const (
	SeverityInfo     Severity = "INFO"
	SeverityWarning  Severity = "WARNING"
	SeverityCritical Severity = "CRITICAL"
)

// Status is how far an alert has come.
type Status string

// The statuses. RESOLVED can follow OPEN too.
const (
	StatusOpen         Status = "OPEN"
	StatusAcknowledged Status = "ACKNOWLEDGED"
	StatusResolved     Status = "RESOLVED"
)

// The kinds of alert that the house itself raises; rules add theirs, "rule:" and the rule's code.
const (
	KindCriticalResult = "critical_result"
	KindTestOverdue    = "test_overdue"
	KindSampleRejected = "sample_rejected"
	KindQualityControl = "quality_control"
	KindRulePrefix     = "rule:"
	EntityAlert        = "alert"
)

// Reader tells other modules of alerts.
type Reader interface {
	// UnacknowledgedCritical lists the codes of the critical results of an encounter that nobody has acknowledged, each
	// once, by code: while there are any, the encounter cannot close.
	UnacknowledgedCritical(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) ([]string, error)
	// Briefs by id, for those who tell people of alerts; unknown and foreign ids are absent.
	Briefs(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]Brief, error)
}

// Audience tells who may know of what is not released, because they are to act on it.
type Audience interface {
	// SeesCriticalResult tells whether the caller is a recipient, at a time, of the alert of a critical result, or may acknowledge any.
	SeesCriticalResult(ctx context.Context, q db.DBTX, scope db.Scope, at time.Time, r CriticalResult) (bool, error)
}

// CriticalResult names a version of a result.
type CriticalResult struct{ ResultID, OrderItemID, EncounterID uuid.UUID }

// HoldCritical makes whoever raises, acknowledges or ends alerts of an encounter's critical results, or moves the task that
// waits for them, take turns until the end of tx. The order of locks is: the encounter, this, the task, the alerts.
func HoldCritical(tx db.Tx, encounterID uuid.UUID) {
	tx.Lock("alerts.critical", tx.Scope().TenantID.String(), encounterID.String())
}

// Brief is what a notice says of an alert. PatientID and EncounterID are nil where it is nobody's, as a control's.
type Brief struct {
	ID                     uuid.UUID
	Kind                   string
	Severity               Severity
	Status                 Status
	Title                  string // without the patient's name
	PatientID, EncounterID *uuid.UUID
	SubjectKind            string
	SubjectID              uuid.UUID
	RaisedAt               time.Time
}

// About is what every event of an alert says.
type About struct {
	AlertID     uuid.UUID  `json:"alert_id"`
	Kind        string     `json:"kind"`
	Severity    Severity   `json:"severity"`
	EncounterID *uuid.UUID `json:"encounter_id"`
	PatientID   *uuid.UUID `json:"patient_id"`
}

// EventKeys files the event under the alert, and its encounter and patient where it has them.
func (a About) EventKeys() events.Keys {
	keys := events.Keys{Entity: EntityAlert, EntityID: a.AlertID}
	if a.EncounterID != nil {
		keys.EncounterID = *a.EncounterID
	}
	if a.PatientID != nil {
		keys.PatientID = *a.PatientID
	}
	return keys
}

func (a About) entry(code, title string) events.TimelineEntry {
	return events.TimelineEntry{Type: "ALERT", Code: code, Title: title, Meta: map[string]any{"alert_id": a.AlertID, "kind": a.Kind, "severity": a.Severity}}
}

// Raised says that somebody must look at something. RecipientIDs are told of it.
type Raised struct {
	About
	RecipientIDs []uuid.UUID `json:"recipient_ids"`
}

// EventName is alerts.raised.v1.
func (Raised) EventName() string { return "alerts.raised.v1" }

// Timeline is ALERT_RAISED.
func (e Raised) Timeline() events.TimelineEntry { return e.entry("ALERT_RAISED", "Alert raised") }

// Escalated says that nobody has acknowledged an alert in time, and who is told of it now.
type Escalated struct {
	About
	Level        int         `json:"level"`
	RecipientIDs []uuid.UUID `json:"recipient_ids"`
}

// EventName is alerts.escalated.v1.
func (Escalated) EventName() string { return "alerts.escalated.v1" }

// Acknowledged says that somebody has seen an alert and takes care of it.
type Acknowledged struct{ About }

// EventName is alerts.acknowledged.v1.
func (Acknowledged) EventName() string { return "alerts.acknowledged.v1" }

// Timeline is ALERT_ACKNOWLEDGED.
func (e Acknowledged) Timeline() events.TimelineEntry {
	return e.entry("ALERT_ACKNOWLEDGED", "Alert acknowledged")
}

// ResolutionSuperseded is how an alert ends whose result was entered again.
const ResolutionSuperseded = "superseded"

// Voided says that the sample of a critical result was rejected since: nobody knows what holds until another is measured.
// RecipientIDs are those who were told of the alert until then.
type Voided struct {
	About
	ReasonCode   string      `json:"reason_code"`
	RecipientIDs []uuid.UUID `json:"recipient_ids"`
}

// EventName is alerts.voided.v1.
func (Voided) EventName() string { return "alerts.voided.v1" }

// Resolved says that an alert is over. Resolution is a code, where it ended by itself; what a person said of it stays in
// the alert. RecipientIDs are those who were told of it until then.
type Resolved struct {
	About
	Resolution   string      `json:"resolution,omitempty"`
	RecipientIDs []uuid.UUID `json:"recipient_ids"`
}

// EventName is alerts.resolved.v1.
func (Resolved) EventName() string { return "alerts.resolved.v1" }
