// Package clinicaldocsapi is the contract of the clinicaldocs module.
package clinicaldocsapi

import (
	"context"

	"github.com/google/uuid"

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
	// FinalTemplates gives, in alphabetical order, the codes of the templates of which the encounter has a
	// document that is FINAL or AMENDED. None is an empty list, also for an encounter that does not exist.
	FinalTemplates(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) ([]string, error)
}
