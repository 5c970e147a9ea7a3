// Package rulesapi is the contract of the rules module.
package rulesapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
)

// ErrBlocked is the answer to an act that a rule holds back; add the rules with With("rules", answer.Blocking).
var ErrBlocked = errs.Conflict("rules.blocked", "A rule holds this back; rules says which and why.")

// Gate asks the rules whether an act may pass.
type Gate interface {
	// Ask gives the rules that fire for any other act, under the tenant's settings.
	Ask(ctx context.Context, q db.DBTX, scope db.Scope, question Question) (Answer, error)
	// CloseGate says whether the encounter may close under the tenant's rules, and what still stands in the way.
	CloseGate(ctx context.Context, q db.DBTX, scope db.Scope, facts CloseFacts) (CloseGate, error)
}

// Question is an act about to happen.
type Question struct {
	// Pack whose rules count, and the moment, as packs name it: "document.finalize".
	Pack, Moment string
	// Facts under the names that the moment's rules use.
	Facts map[string]any
}

// Answer is what the rules say to it. An act with anything in Blocking must not pass; the lists are never nil.
type Answer struct {
	Blocking, Warnings []Fired
}

// CloseFacts are what the caller knows of an encounter that is about to close.
type CloseFacts struct {
	EncounterID         uuid.UUID
	EncounterType, Pack string
	Status              string
	// SystemData is the pack's own data of the encounter, a JSON object or nothing.
	SystemData json.RawMessage
	// Patient facts that rules may weigh. A nil birth date leaves the age unknown.
	DateOfBirth *clock.Date
	Gender      string
	// Now in the facility's own time zone, by which days are counted.
	Now   time.Time
	Tasks []TaskFact
	// Documents are the template codes that have a current FINAL or AMENDED document.
	Documents []string
	// UnacknowledgedCritical are the codes of critical results that nobody has acknowledged.
	UnacknowledgedCritical []string
}

// TaskFact is a task of the encounter.
type TaskFact struct{ Code, Title, Status string }

// CloseGate is the answer. Its lists are never nil.
type CloseGate struct {
	CanClose         bool       `json:"can_close"`
	MissingTasks     []string   `json:"missing_tasks" nullable:"false" doc:"Codes of required tasks that are not done"`
	MissingDocuments []string   `json:"missing_documents" nullable:"false" doc:"Codes of templates that still need a final document"`
	Blocking         []Blocking `json:"blocking" nullable:"false" doc:"Every rule that holds the encounter open"`
	// Fired are the same rules with why, for the problem document of a refused close.
	Fired []Fired `json:"-"`
}

// Blocking is one rule that holds the act back.
type Blocking struct {
	Rule    string `json:"rule" example:"base.required_tasks"`
	Code    string `json:"code" example:"rules.blocked" doc:"rules.blocked, or rules.not_evaluated for a safety rule that could not be checked"`
	Message string `json:"message"`
}

// Fired is one rule that fired, as every act that meets rules answers it.
type Fired struct {
	Code        string         `json:"code"`
	Severity    string         `json:"severity" enum:"info,warning,safety"`
	Message     string         `json:"message"`
	Overridable bool           `json:"overridable"`
	Facts       map[string]any `json:"facts"`
}

// Tuned says that a tenant changed how a rule works for it.
type Tuned struct {
	// OverrideID is the tenant's override of the rule.
	OverrideID uuid.UUID `json:"override_id"`
	Code       string    `json:"code"`
	Version    int32     `json:"version"`
}

// EventName is rules.tuned.v1.
func (Tuned) EventName() string { return "rules.tuned.v1" }

// EventKeys makes it an event of the tenant: a rule holds in all its facilities.
func (e Tuned) EventKeys() events.Keys {
	return events.Keys{Entity: "rule", EntityID: e.OverrideID, TenantLevel: true}
}
