// Package rulesapi is the contract of the rules module.
package rulesapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
)

// The answers to an act that a rule holds back. Both carry `rules`: every rule in the way, as []Fired.
var (
	ErrBlocked        = errs.Conflict("rules.blocked", "A rule holds this back; rules says which and why.")
	ErrReasonRequired = errs.Conflict("rules.reason_required", "A rule wants a reason for this; rules says which. Send it again with overrides.")
)

// Gate asks the rules whether an act may pass.
type Gate interface {
	// Pass decides an act about to happen, inside its transaction: ErrBlocked or ErrReasonRequired, else what rules
	// had to say. It records every rule that fired and every override, and does what they ask for. Call it once per act,
	// after the encounter is locked and before anything is written.
	Pass(ctx context.Context, tx db.Tx, question Question) ([]Warning, error)
	// CloseGate says whether the encounter may close under the tenant's rules, and what still stands in the way. It
	// only asks: nothing is recorded.
	CloseGate(ctx context.Context, q db.DBTX, scope db.Scope, facts CloseFacts) (CloseGate, error)
	// PassClose is Pass for closing. With ErrBlocked and ErrReasonRequired it gives the gate as it stands under the
	// overrides, for the caller's own answer.
	PassClose(ctx context.Context, tx db.Tx, facts CloseFacts, overrides []Override) (CloseGate, []Warning, error)
}

// Question is an act about to happen.
type Question struct {
	// Pack whose rules count, and the moment, as packs name it: "document.finalize".
	Pack, Moment string
	// EncounterID and PatientID are whose record the act is about.
	EncounterID, PatientID uuid.UUID
	// SubjectID is what the act is about within it, where the moment has one: for result.entered and result.release the
	// order's item, for result.autoverify the result.
	SubjectID uuid.UUID
	// Facts that the moment adds, under the names its rules use: document, order, task. What every moment knows is added
	// where it is absent: encounter, patient, now, and facts with recent_results and active_orders.
	Facts map[string]any
	// Overrides as the caller sent them. One of a rule that does not hold this act back says nothing.
	Overrides []Override
}

// Override is a caller's reason to pass a rule: the body field `overrides` of every act that meets rules.
type Override struct {
	Rule   string `json:"rule" minLength:"1" maxLength:"200" example:"ayurveda.rasa_needs_renal_tests" doc:"The rule's code, as the refusal named it"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000" pattern:"\\S" patternDescription:"a reason in words"`
}

// Reasons is the whole body of an act that takes nothing else. It may be left out.
type Reasons struct {
	Overrides []Override `json:"overrides,omitempty" maxItems:"50" doc:"Reasons to pass rules that allow it"`
}

// Given are the overrides sent; none without a body.
func (r *Reasons) Given() []Override {
	if r == nil {
		return nil
	}
	return r.Overrides
}

// Warning is a rule that fired and let the act pass without a reason: it warns, or says which task, alert or notice the
// act calls for. It is the field `warnings` of the act's answer.
type Warning struct {
	Code     string `json:"code"`
	Severity string `json:"severity" enum:"info,warning,safety"`
	Message  string `json:"message"`
}

// CloseFacts are what the caller knows of an encounter that is about to close.
type CloseFacts struct {
	EncounterID, PatientID uuid.UUID
	EncounterType, Pack    string
	Status                 string
	// SystemData is the pack's own data of the encounter, a JSON object or nothing.
	SystemData json.RawMessage
	Now        time.Time
	Tasks      []TaskFact
	// Documents are the template codes that have a current FINAL or AMENDED document.
	Documents []string
	// Drafts are the template codes of documents that somebody began and has neither signed nor discarded.
	Drafts []string
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
}

// Blocking is one rule that holds the act back.
type Blocking struct {
	Rule    string `json:"rule" example:"base.required_tasks"`
	Code    string `json:"code" example:"rules.blocked" doc:"rules.blocked, rules.reason_required where a reason passes it, or rules.not_evaluated for a safety rule that could not be checked"`
	Message string `json:"message"`
}

// Fired is one rule that fired, as every act that meets rules answers it.
type Fired struct {
	Code     string `json:"code"`
	Severity string `json:"severity" enum:"info,warning,safety"`
	Message  string `json:"message"`
	// Overridable by this caller: sending the act again with a reason passes it.
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

// RuleFired says that a rule that fired asks for more than words: a task, an alert, a notice, further tests, that a result
// be verified. What exactly, the pack's rule says.
type RuleFired struct {
	FiringID    uuid.UUID `json:"firing_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	// Pack whose rules were asked, which need not be the one that brings the rule.
	Pack   string `json:"pack"`
	Moment string `json:"moment"`
	Rule   string `json:"rule"`
	Effect string `json:"effect"`
	// Severity as it was in force.
	Severity string `json:"severity"`
	// SubjectID is what the act was about within the record, as Question has it; the zero id where it had none.
	SubjectID uuid.UUID `json:"subject_id"`
}

// EventName is rules.fired.v1.
func (RuleFired) EventName() string { return "rules.fired.v1" }

// EventKeys files it under the encounter's and the patient's record.
func (e RuleFired) EventKeys() events.Keys {
	return events.Keys{Entity: "rule_firing", EntityID: e.FiringID, EncounterID: e.EncounterID, PatientID: e.PatientID}
}
