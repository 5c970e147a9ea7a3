// Package auth says who is calling and what they may do: identities, access tokens, password hashes. Who the
// users are is the iam module's business.
package auth

import (
	"context"
	"slices"

	"github.com/google/uuid"
)

// Permission is one thing a role may allow, "<module>.can_<verb>". Every module declares its own beside its routes.
type Permission struct {
	Code string
	// Says what the permission allows, for the administrator who grants it.
	Description string
	// Roles are the built-in roles that carry it.
	Roles []Role
}

// Role is the code of a built-in role.
type Role string

// The built-in roles every tenant has.
const (
	Admin         Role = "admin"
	Doctor        Role = "doctor"
	Nurse         Role = "nurse"
	Receptionist  Role = "receptionist"
	LabTechnician Role = "lab_technician"
	Pathologist   Role = "pathologist"
	Pharmacist    Role = "pharmacist"
	Radiologist   Role = "radiologist"
	Biller        Role = "biller"
	Therapist     Role = "therapist"
	Auditor       Role = "auditor" // reads everything, writes nothing
)

// BuiltInRoles in the order screens show them.
var BuiltInRoles = []Role{Admin, Doctor, Nurse, Receptionist, LabTechnician, Pathologist, Pharmacist, Radiologist, Biller, Therapist, Auditor}

// Everyone is every built-in role but the auditor: for reads the auditor needs too, add it.
var Everyone = BuiltInRoles[:len(BuiltInRoles)-1]

// EveryoneAndAuditor is every built-in role.
var EveryoneAndAuditor = BuiltInRoles

// Membership is a user's place in one facility: the roles held there and what they allow together.
type Membership struct {
	TenantID, FacilityID uuid.UUID
	Roles                []string
	Permissions          map[string]bool
}

// Account is a signed-in user with every membership, as of one session. Shared between requests: never changed.
type Account struct {
	UserID, SessionID uuid.UUID
	IsSuperuser       bool
	Memberships       []Membership
}

// Membership finds the user's place in a facility; nil when there is none.
func (a *Account) Membership(tenantID, facilityID uuid.UUID) *Membership {
	i := slices.IndexFunc(a.Memberships, func(m Membership) bool {
		return m.TenantID == tenantID && m.FacilityID == facilityID
	})
	if i < 0 {
		return nil
	}
	return &a.Memberships[i]
}

// FacilitiesWith lists the facilities of a tenant in which the user holds the permission.
func (a *Account) FacilitiesWith(tenantID uuid.UUID, permission string) []uuid.UUID {
	facilities := []uuid.UUID{}
	for _, m := range a.Memberships {
		if m.TenantID == tenantID && m.Permissions[permission] {
			facilities = append(facilities, m.FacilityID)
		}
	}
	return facilities
}

// Identity is the caller of one request: the account and the membership in whose scope it acts; no membership on
// routes that need no scope.
type Identity struct {
	*Account
	Acting *Membership
}

// Can tells whether the caller holds the permission in the facility it acts in.
func (i *Identity) Can(permission string) bool {
	return i != nil && i.Acting != nil && i.Acting.Permissions[permission]
}

type identityKey struct{}

// WithIdentity returns ctx with the caller.
func WithIdentity(ctx context.Context, i *Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, i)
}

// From gives the caller of ctx; nil for work of the system itself.
func From(ctx context.Context) *Identity {
	i, _ := ctx.Value(identityKey{}).(*Identity)
	return i
}

// Can tells whether the caller of ctx holds the permission. Work of the system itself may do everything.
func Can(ctx context.Context, permission string) bool {
	i := From(ctx)
	return i == nil || i.Can(permission)
}
