package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var _ iamapi.Founder = (*Module)(nil)

// Found gives the tenant of tx's scope its built-in roles and its first administrator.
func (m *Module) Found(ctx context.Context, tx db.Tx, administrator iamapi.Administrator, facilityIDs []uuid.UUID) (uuid.UUID, error) {
	lockPeople(tx)
	if err := m.ensureRoles(ctx, tx); err != nil {
		return uuid.Nil, err
	}
	userID, err := m.founder(ctx, tx, administrator)
	if err != nil {
		return uuid.Nil, err
	}
	if err := m.takeOn(ctx, tx, userID); err != nil {
		return uuid.Nil, err
	}
	for _, facilityID := range facilityIDs {
		if err := m.administer(ctx, tx, userID, facilityID); err != nil {
			return uuid.Nil, err
		}
	}
	return userID, nil
}

// founder makes the administrator's account, or finds it when no password says that it is new.
func (m *Module) founder(ctx context.Context, tx db.Tx, administrator iamapi.Administrator) (uuid.UUID, error) {
	if administrator.UserID != uuid.Nil {
		return administrator.UserID, nil
	}
	if administrator.PasswordHash != "" {
		return m.insertAccount(ctx, tx, newAccount{
			username: administrator.Username, fullName: administrator.FullName, email: administrator.Email, passwordHash: administrator.PasswordHash,
		})
	}
	account, err := iamdb.New(tx).FindAccount(ctx, administrator.Username)
	if db.IsNoRows(err) {
		return uuid.Nil, errUserNotFound
	}
	return account.ID, err
}

// administer makes one of the tenant's people an administrator of a facility.
func (m *Module) administer(ctx context.Context, tx db.Tx, userID, facilityID uuid.UUID) error {
	roles, err := m.rolesOf(ctx, tx, tx.Scope().TenantID)
	if err != nil {
		return err
	}
	_, err = m.place(ctx, tx, userID, granted{facilityID: facilityID, roleIDs: []uuid.UUID{roles[adminRole].ID}, codes: []string{adminRole}})
	return err
}

// EnsureRoles gives every tenant the built-in roles as the code has them today. Tenants where nothing is to change
// are not written to.
func (m *Module) EnsureRoles(ctx context.Context, pool *db.Pool) error {
	tenantIDs, err := m.tenants.All(ctx, pool.Read(db.WithScope(ctx, db.System())))
	if err != nil {
		return err
	}
	for _, tenantID := range tenantIDs {
		ctx := db.WithScope(ctx, db.Tenant(tenantID))
		err := pool.InTx(ctx, func(tx db.Tx) error {
			lockPeople(tx)
			return m.ensureRoles(ctx, tx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *Module) ensureRoles(ctx context.Context, tx db.Tx) error {
	existing, err := m.rolesOf(ctx, tx, tx.Scope().TenantID)
	if err != nil {
		return err
	}
	for _, role := range auth.BuiltInRoles {
		permissions := m.permissionsOf(role)
		row, exists := existing[string(role)]
		if exists {
			err = m.changeRole(ctx, tx, row, nameOf(role), permissions)
		} else {
			_, err = m.insertRole(ctx, tx, string(role), nameOf(role), true, permissions)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// permissionsOf gathers what the modules let a built-in role do, sorted.
func (m *Module) permissionsOf(role auth.Role) []string {
	codes := []string{}
	for _, p := range m.permissions {
		if slices.Contains(p.Roles, role) {
			codes = append(codes, p.Code)
		}
	}
	return codes
}

// nameOf gives "Lab technician" for lab_technician.
func nameOf(role auth.Role) string {
	words := strings.ReplaceAll(string(role), "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// SuperuserInput names one who runs the installation.
type SuperuserInput struct{ Username, FullName, Password string }

// CreateSuperuser makes an account that may found tenants and belongs to none. It manages its own transaction, since
// the password is hashed before it.
func (m *Module) CreateSuperuser(ctx context.Context, in SuperuserInput) (userID uuid.UUID, err error) {
	hash, err := newPasswordHash(ctx, in.Username, in.Password, "superuser")
	if err != nil {
		return uuid.Nil, err
	}
	if in.FullName == "" {
		in.FullName = in.Username
	}
	err = m.pool.InTx(db.WithScope(ctx, db.System()), func(tx db.Tx) error {
		userID, err = m.insertAccount(ctx, tx, newAccount{username: in.Username, fullName: in.FullName, passwordHash: hash, isSuperuser: true})
		return err
	})
	return userID, err
}

// RevokeSuperuser makes a superuser an ordinary account again. One that no tenant lets in is closed by it.
func (m *Module) RevokeSuperuser(ctx context.Context, username string) error {
	return m.pool.InTx(db.WithScope(ctx, db.System()), func(tx db.Tx) error {
		queries := iamdb.New(tx)
		userID, err := queries.SetSuperuser(ctx, iamdb.SetSuperuserParams{Username: username, IsSuperuser: false, Now: tx.Now()})
		if db.IsNoRows(err) {
			return errUserNotFound
		}
		if err != nil {
			return err
		}
		m.invalidate(tx, change{userChange, userID})
		return queries.EndSessionsOfClosed(ctx, iamdb.EndSessionsOfClosedParams{UserID: userID, Now: tx.Now()})
	})
}
