// Package auditapi is the contract of the audit module. Most modules need nothing of it: what they publish is
// recorded with the event, and what they show of a patient is recorded by their answers' AuditSubject.
package auditapi

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
)

// Outcome says how what was tried ended.
type Outcome string

// The outcomes. Refused is a rule's or a permission's no; Failed is an attempt that did not come off.
const (
	OK      Outcome = "ok"
	Refused Outcome = "refused"
	Failed  Outcome = "failed"
)

// Codes of what has no event of its own. Events carry their name without its version, and reads and refusals the
// module's name with ".read" and ".refused".
const (
	SignedIn     = "iam.signed_in"
	SignInFailed = "iam.sign_in_failed"
	SignedOut    = "iam.signed_out"
	Exported     = "audit.exported"
)

// Entry is one line of the trail. Who, where and when are taken from the transaction and its request.
type Entry struct {
	// Code is "<module>.<what>", such as iam.signed_in.
	Code string
	// Outcome is OK when left empty.
	Outcome Outcome
	// EntityType and EntityID say what it was done to; both may be left out.
	EntityType string
	EntityID   uuid.UUID
	// PatientIDs are those whose records it touched.
	PatientIDs  []uuid.UUID
	EncounterID uuid.UUID
	// ActorID is who did it, when the transaction's scope has no user yet: at sign-in.
	ActorID uuid.UUID
	// TenantLevel entries belong to no one facility, so every facility's auditor sees them.
	TenantLevel bool
	// Detail holds ids and facts; never names, clinical text or what was typed as a password.
	Detail map[string]any
}

// Recorder writes what has no event.
type Recorder interface {
	// Record queues e in tx, so that it is durable exactly when what it tells of is, at no extra round trip. It belongs
	// to the tenant of tx's scope; a system scope's entries belong to the platform, tenant zero.
	Record(ctx context.Context, tx db.Tx, e Entry) error
}
