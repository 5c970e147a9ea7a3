// Package repertoryapi is the contract of the repertory module.
package repertoryapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// Imported says that a tenant has a new edition of its repertory.
type Imported struct {
	EditionID uuid.UUID `json:"edition_id"`
	Rubrics   int       `json:"rubrics"`
	Remedies  int       `json:"remedies"`
	Gradings  int       `json:"gradings"`
}

// EventName is repertory.imported.v1.
func (Imported) EventName() string { return "repertory.imported.v1" }

// EventKeys makes it an event of the tenant: all its facilities look rubrics up in one book.
func (e Imported) EventKeys() events.Keys {
	return events.Keys{Entity: "repertory_edition", EntityID: e.EditionID, TenantLevel: true}
}
