// Package tenantsapi is the contract of the tenants module.
package tenantsapi

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
)

// Reader tells which tenants there are.
type Reader interface {
	// All gives every tenant's id, for work that the installation does for each.
	All(ctx context.Context, q db.DBTX) ([]uuid.UUID, error)
	// ByCode finds a tenant; errs.NotFound tenants.not_found.
	ByCode(ctx context.Context, q db.DBTX, code string) (uuid.UUID, error)
}

// Created says that the installation has a new tenant.
type Created struct {
	TenantID uuid.UUID `json:"tenant_id"`
}

// EventName is tenants.created.v1.
func (Created) EventName() string { return "tenants.created.v1" }

// EventKeys names the tenant.
func (e Created) EventKeys() events.Keys {
	return events.Keys{Entity: "tenant", EntityID: e.TenantID, TenantLevel: true}
}

// Updated says that a tenant was renamed, closed or opened again. A closed tenant lets nobody in.
type Updated struct {
	TenantID uuid.UUID `json:"tenant_id"`
	IsActive bool      `json:"is_active"`
}

// EventName is tenants.updated.v1.
func (Updated) EventName() string { return "tenants.updated.v1" }

// EventKeys names the tenant.
func (e Updated) EventKeys() events.Keys {
	return events.Keys{Entity: "tenant", EntityID: e.TenantID, TenantLevel: true}
}
