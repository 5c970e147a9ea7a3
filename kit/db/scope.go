package db

import (
	"context"

	"github.com/google/uuid"
)

// Scope is whose rows a statement may see and write. PostgreSQL enforces it: every statement travels with
// its scope, and row-level security compares against it.
type Scope struct {
	TenantID   uuid.UUID
	FacilityID uuid.UUID
	// UserID is who acts; zero for the system itself.
	UserID uuid.UUID
	// TenantWide lets work that belongs to no one facility (seeding, sealing, jobs) see them all.
	TenantWide bool
}

// System is the scope of work outside every tenant, such as signing in: it sees no tenant's rows.
func System() Scope { return Scope{} }

// Tenant is the scope of work for a whole tenant.
func Tenant(tenantID uuid.UUID) Scope { return Scope{TenantID: tenantID, TenantWide: true} }

type scopeKey struct{}

// WithScope returns ctx with the scope that InTx and Read will take.
func WithScope(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// ScopeOf gives the scope of ctx; false when there is none.
func ScopeOf(ctx context.Context) (Scope, bool) {
	s, ok := ctx.Value(scopeKey{}).(Scope)
	return s, ok
}

// setScope is transaction-local on purpose: a session setting would leak to another tenant behind a pooler.
const setScope = `SELECT set_config('app.tenant_id', $1, true), set_config('app.facility_id', $2, true), set_config('app.tenant_wide', $3, true)`

func (s Scope) args() []any {
	wide := "off"
	if s.TenantWide {
		wide = "on"
	}
	return []any{s.TenantID.String(), s.FacilityID.String(), wide}
}
