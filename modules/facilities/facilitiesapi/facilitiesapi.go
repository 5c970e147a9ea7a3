// Package facilitiesapi is the contract of the facilities module.
package facilitiesapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
)

// Settings are what other modules ask of a facility.
type Settings struct {
	ID         uuid.UUID
	Code, Name string
	Zone       *time.Location
	// MRNPattern is how the facility numbers its patients (see patients.Pattern).
	MRNPattern string
	// SeveralActiveEncounters allows a patient more than one encounter under way here.
	SeveralActiveEncounters bool
	// Packs in order; the first is the default of new encounters.
	Packs []string
}

// Reader gives settings to other modules.
type Reader interface {
	// Settings of a facility of the scope's tenant; errs.NotFound for any other.
	Settings(ctx context.Context, q db.DBTX, tenantID, facilityID uuid.UUID) (Settings, error)
	// OfTenant gives the settings of every facility of the scope's tenant, by code.
	OfTenant(ctx context.Context, q db.DBTX, tenantID uuid.UUID) ([]Settings, error)
}

// Created says that a tenant has a new facility.
type Created struct {
	FacilityID uuid.UUID `json:"facility_id"`
}

// EventName is facilities.created.v1.
func (Created) EventName() string { return "facilities.created.v1" }

// EventKeys makes it an event of the tenant: the creator acts in another facility.
func (e Created) EventKeys() events.Keys {
	return events.Keys{Entity: "facility", EntityID: e.FacilityID, TenantLevel: true}
}

// Updated says that a facility's settings changed.
type Updated struct {
	FacilityID uuid.UUID `json:"facility_id"`
	Version    int32     `json:"version"`
}

// EventName is facilities.updated.v1.
func (Updated) EventName() string { return "facilities.updated.v1" }

// EventKeys makes it an event of the tenant, since every node keeps settings.
func (e Updated) EventKeys() events.Keys {
	return events.Keys{Entity: "facility", EntityID: e.FacilityID, TenantLevel: true}
}

// Opener writes in the transaction that founds a tenant: a tenant without a facility must not be seen by anybody.
type Opener interface {
	// Open makes a facility of the tenant of tx's scope, with the usual settings. errs.Conflict
	// facilities.code_taken.
	Open(ctx context.Context, tx db.Tx, code, name string) (facilityID uuid.UUID, err error)
}
