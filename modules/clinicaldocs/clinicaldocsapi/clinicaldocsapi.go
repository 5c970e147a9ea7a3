// Package clinicaldocsapi is the contract of the clinicaldocs module.
package clinicaldocsapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
)

// Entity is what events and the audit trail call a clinical document.
const Entity = "clinical_document"

// The states of a document. A draft may change and belongs to its author; FINAL and AMENDED rows never change.
const (
	Draft   = "DRAFT"
	Final   = "FINAL"
	Amended = "AMENDED"
)

// Reader tells other modules which documents an encounter has.
type Reader interface {
	// Templates gives, each in alphabetical order, the codes of the templates of which the encounter has a document that
	// is FINAL or AMENDED, and of those of which somebody has a draft. None is an empty list, also for an encounter that
	// does not exist.
	Templates(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) (final, drafts []string, err error)
	// Observations gives the newest value of each code of a patient since a time.
	Observations(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID, since time.Time) ([]Observation, error)
}

// Observation is what a current document, or vital signs, say of a patient in a terminology.
type Observation struct {
	Code, System string
	// Value is a float64, a string or a bool; a date is written YYYY-MM-DD.
	Value any
	Unit  string
	At    time.Time
}

// RecentDays is how far back rules look at a patient's results.
const RecentDays = 365

// Fact is the observation as rules know it, one of facts.recent_results: value only where it is a number, text in
// any case. Days are those of the calendar in now's zone: what was found yesterday evening is a day ago this morning.
func (o Observation) Fact(now time.Time) map[string]any {
	fact := map[string]any{
		"code": o.Code, "system": o.System, "unit": o.Unit, "text": fmt.Sprint(o.Value), "comparator": "", "superseded": false,
		"days_ago": int64(clock.DateOf(o.At.In(now.Location())).DaysUntil(clock.DateOf(now))),
	}
	if number, ok := o.Value.(float64); ok {
		fact["value"] = number
	}
	return fact
}

// Override is a caller's reason to pass a rule that holds a document back.
type Override struct{ Rule, Reason string }

// Warning is what a rule said of a document that it let pass.
type Warning struct{ Code, Severity, Message string }

// ErrOtherEncounter is the answer to finalising a document as part of an encounter that is not its own.
var ErrOtherEncounter = errors.New("a document of another encounter")

// Finalized is a document that became part of the record.
type Finalized struct {
	ID              uuid.UUID `json:"id" format:"uuid"`
	EncounterID     uuid.UUID `json:"encounter_id" format:"uuid"`
	TemplateCode    string    `json:"template_code"`
	TemplateVersion string    `json:"template_version"`
	Version         int32     `json:"version"`
	Status          string    `json:"status" enum:"FINAL"`
	Summary         string    `json:"summary"`
}

// Finalizer writes in the transaction that signs a consultation: its documents become part of the record together, or
// none of them.
type Finalizer interface {
	// FinalizeDraft makes a draft of this encounter a document. One that was finalised before gives the document it
	// became, without asking the rules again. One of another encounter is ErrOtherEncounter before anything else is
	// asked of it: nothing is held, and nothing is told of its content.
	FinalizeDraft(ctx context.Context, tx db.Tx, encounterID, draftID uuid.UUID, overrides []Override) (Finalized, []Warning, error)
}
