// Package iamapi is the contract of the iam module: who people are, where they work, and what happened to them.
package iamapi

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
)

// Reader tells other modules who people are.
type Reader interface {
	// Names gives the full names of those of the users who work, or once worked, for the tenant. The others are
	// absent.
	Names(ctx context.Context, q db.DBTX, tenantID uuid.UUID, userIDs []uuid.UUID) (map[uuid.UUID]string, error)
	// IsMember tells whether the user may act in the facility now.
	IsMember(ctx context.Context, q db.DBTX, userID, tenantID, facilityID uuid.UUID) (bool, error)
	// Contacts of those of the users whom the tenant lets in now. The others are absent: nobody writes to them.
	Contacts(ctx context.Context, q db.DBTX, tenantID uuid.UUID, userIDs []uuid.UUID) (map[uuid.UUID]Contact, error)
	// WithRole gives those who may act in the scope's facility now and hold the role there, by id.
	WithRole(ctx context.Context, q db.DBTX, scope db.Scope, role string) ([]uuid.UUID, error)
}

// Contact is how messages reach a user. Email is nil where none is known.
type Contact struct {
	FullName string
	Email    *string
}

// Administrator is the first person of a new tenant. Without a password the account must exist already: it is
// how one person comes to work for several tenants.
type Administrator struct {
	// UserID is an account that exists; the zero id leaves it to the names below.
	UserID             uuid.UUID
	Username, FullName string
	Email              *string
	// PasswordHash is auth.HashPassword's, made before the transaction; empty for an account that exists.
	PasswordHash string
}

// Founder writes in the transaction that founds a tenant: a tenant without roles, or whose facilities nobody
// administers, must not be seen by anybody.
type Founder interface {
	// CheckCredentials refuses a username or password that a new account may not have. at names where both stand, as
	// "body.admin".
	CheckCredentials(username, password, at string) error
	// Found gives the tenant of tx's scope its built-in roles and its first administrator, who administers each
	// of the facilities. errs.Conflict iam.username_taken, errs.NotFound iam.user_not_found.
	Found(ctx context.Context, tx db.Tx, administrator Administrator, facilityIDs []uuid.UUID) (userID uuid.UUID, err error)
}
