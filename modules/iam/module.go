package iam

import (
	"crypto/cipher"
	"slices"
	"strings"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/audit/auditapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/tenants/tenantsapi"
)

// The module's permissions.
const (
	CanReadUsers    = "iam.can_read_users"
	CanManageUsers  = "iam.can_manage_users"
	CanReadRoles    = "iam.can_read_roles"
	CanManageRoles  = "iam.can_manage_roles"
	CanGrantAnyRole = "iam.can_grant_any_role"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanReadUsers, Description: "See the people of one's facilities and their roles", Roles: auth.EveryoneAndAuditor},
	{Code: CanManageUsers, Description: "Take people on, change their accounts and places, let them in or not", Roles: []auth.Role{auth.Admin}},
	{Code: CanReadRoles, Description: "See roles and what they allow", Roles: []auth.Role{auth.Admin, auth.Auditor}},
	{Code: CanManageRoles, Description: "Make roles and change what they allow", Roles: []auth.Role{auth.Admin}},
	{Code: CanGrantAnyRole, Description: "Give roles and permissions one does not hold oneself", Roles: []auth.Role{auth.Admin}},
}

// Module is the iam module. It is httpx.Authenticator for every route and iamapi.Founder for new tenants.
type Module struct {
	bus         *events.Bus
	pool        *db.Pool
	clock       clock.Clock
	tokens      *auth.Tokens
	throttleKey []byte
	otpSeal     cipher.AEAD
	accounts    *accounts
	tenants     tenantsapi.Reader
	audit       auditapi.Recorder
	permissions []auth.Permission
}

// Deps are what the module needs of others.
type Deps struct {
	Bus  *events.Bus
	Pool *db.Pool
	// Secret of the installation; keys for each purpose are derived from it.
	Secret []byte
	// Permissions of every module, for the built-in roles and GET /api/permissions.
	Permissions []auth.Permission
	Tenants     tenantsapi.Reader
	// Audit is told of failures to sign in, which are no event: nothing happened.
	Audit auditapi.Recorder
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[iamapi.UserCreated](d.Bus, "iam")
	events.Declare[iamapi.UserUpdated](d.Bus, "iam")
	events.Declare[iamapi.UserDisabled](d.Bus, "iam")
	events.Declare[iamapi.UserEnabled](d.Bus, "iam")
	events.Declare[iamapi.PasswordChanged](d.Bus, "iam")
	events.Declare[iamapi.OTPChanged](d.Bus, "iam")
	events.Declare[iamapi.RoleChanged](d.Bus, "iam")
	events.Declare[iamapi.MembershipChanged](d.Bus, "iam")
	events.Declare[iamapi.SignedIn](d.Bus, "iam")
	events.Declare[iamapi.SignedOut](d.Bus, "iam")
	events.Declare[iamapi.SessionEnded](d.Bus, "iam")
	permissions := slices.Clone(d.Permissions)
	slices.SortFunc(permissions, func(a, b auth.Permission) int { return strings.Compare(a.Code, b.Code) })
	return &Module{
		bus: d.Bus, pool: d.Pool, clock: d.Pool.Clock(), tokens: auth.NewTokens(d.Secret, d.Pool.Clock()),
		throttleKey: auth.DeriveKey(d.Secret, "sign-in throttle"), otpSeal: newSeal(auth.DeriveKey(d.Secret, "one-time password secrets")),
		accounts: newAccounts(), tenants: d.Tenants, audit: d.Audit, permissions: permissions,
	}
}
