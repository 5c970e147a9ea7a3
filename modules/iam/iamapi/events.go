package iamapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// An event of a user belongs to the facility that was acted in, and to the tenant as a whole when that was none: the
// auditors of one facility need not see who comes and goes in another.

func ofUser(userID uuid.UUID) events.Keys {
	return events.Keys{Entity: "user", EntityID: userID}
}

// UserCreated says that somebody new works for the tenant.
type UserCreated struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName is iam.user_created.v1.
func (UserCreated) EventName() string { return "iam.user_created.v1" }

// EventKeys names the user.
func (e UserCreated) EventKeys() events.Keys { return ofUser(e.UserID) }

// UserUpdated says which fields of a user's account changed, never to what.
type UserUpdated struct {
	UserID uuid.UUID `json:"user_id"`
	Fields []string  `json:"fields"`
}

// EventName is iam.user_updated.v1.
func (UserUpdated) EventName() string { return "iam.user_updated.v1" }

// EventKeys names the user.
func (e UserUpdated) EventKeys() events.Keys { return ofUser(e.UserID) }

// UserDisabled says that the tenant no longer lets the user in.
type UserDisabled struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName is iam.user_disabled.v1.
func (UserDisabled) EventName() string { return "iam.user_disabled.v1" }

// EventKeys names the user.
func (e UserDisabled) EventKeys() events.Keys { return ofUser(e.UserID) }

// UserEnabled says that the tenant lets the user in again.
type UserEnabled struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName is iam.user_enabled.v1.
func (UserEnabled) EventName() string { return "iam.user_enabled.v1" }

// EventKeys names the user.
func (e UserEnabled) EventKeys() events.Keys { return ofUser(e.UserID) }

// PasswordChanged says that the user has another password and that the other sessions ended.
type PasswordChanged struct {
	UserID uuid.UUID `json:"user_id"`
	// ByAdministrator is false when the users changed it themselves.
	ByAdministrator bool `json:"by_administrator"`
}

// EventName is iam.password_changed.v1.
func (PasswordChanged) EventName() string { return "iam.password_changed.v1" }

// EventKeys names the user.
func (e PasswordChanged) EventKeys() events.Keys { return ofUser(e.UserID) }

// OTPChanged says that the user's second factor was switched on or off.
type OTPChanged struct {
	UserID  uuid.UUID `json:"user_id"`
	Enabled bool      `json:"enabled"`
	// ByAdministrator is true when it was taken off for a user who lost the device.
	ByAdministrator bool `json:"by_administrator"`
}

// EventName is iam.otp_changed.v1.
func (OTPChanged) EventName() string { return "iam.otp_changed.v1" }

// EventKeys names the user.
func (e OTPChanged) EventKeys() events.Keys { return ofUser(e.UserID) }

// RoleChanged says that a role was made, or that its name or permissions changed.
type RoleChanged struct {
	RoleID  uuid.UUID `json:"role_id"`
	Code    string    `json:"code"`
	Added   []string  `json:"added"`
	Removed []string  `json:"removed"`
}

// EventName is iam.role_changed.v1.
func (RoleChanged) EventName() string { return "iam.role_changed.v1" }

// EventKeys names the role.
func (e RoleChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "role", EntityID: e.RoleID, TenantLevel: true}
}

// MembershipChanged says what a user now is in a facility, to which it belongs.
type MembershipChanged struct {
	MembershipID uuid.UUID `json:"membership_id"`
	UserID       uuid.UUID `json:"user_id"`
	FacilityID   uuid.UUID `json:"facility_id"`
	Roles        []string  `json:"roles"`
	IsActive     bool      `json:"is_active"`
}

// EventName is iam.membership_changed.v1.
func (MembershipChanged) EventName() string { return "iam.membership_changed.v1" }

// EventKeys names the membership.
func (e MembershipChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "membership", EntityID: e.MembershipID}
}

// SignedIn says that a session began. Every tenant that lets the user in is told.
type SignedIn struct {
	UserID    uuid.UUID `json:"user_id"`
	SessionID uuid.UUID `json:"session_id"`
	Address   string    `json:"address"`
}

// EventName is iam.signed_in.v1.
func (SignedIn) EventName() string { return "iam.signed_in.v1" }

// EventKeys names the user.
func (e SignedIn) EventKeys() events.Keys { return ofUser(e.UserID) }

// SignedOut says that the user ended a session.
type SignedOut struct {
	UserID    uuid.UUID `json:"user_id"`
	SessionID uuid.UUID `json:"session_id"`
}

// EventName is iam.signed_out.v1.
func (SignedOut) EventName() string { return "iam.signed_out.v1" }

// EventKeys names the user.
func (e SignedOut) EventKeys() events.Keys { return ofUser(e.UserID) }

// SessionEnded says that a session was ended against whoever held it: a refresh token was used twice, so one of
// the two who used it had stolen it.
type SessionEnded struct {
	UserID    uuid.UUID `json:"user_id"`
	SessionID uuid.UUID `json:"session_id"`
	Reason    string    `json:"reason"`
}

// EventName is iam.session_ended.v1.
func (SessionEnded) EventName() string { return "iam.session_ended.v1" }

// EventKeys names the user.
func (e SessionEnded) EventKeys() events.Keys { return ofUser(e.UserID) }
