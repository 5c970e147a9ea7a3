package iam

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// Reader is iamapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ iamapi.Reader = Reader{}

// Names gives the full names of those who work, or worked, for the tenant.
func (Reader) Names(ctx context.Context, q db.DBTX, tenantID uuid.UUID, userIDs []uuid.UUID) (map[uuid.UUID]string, error) {
	names := make(map[uuid.UUID]string, len(userIDs))
	if len(userIDs) == 0 {
		return names, nil
	}
	rows, err := iamdb.New(q).NamesOf(ctx, iamdb.NamesOfParams{TenantID: tenantID, UserIds: userIDs})
	for _, row := range rows {
		names[row.ID] = row.FullName
	}
	return names, err
}

// IsMember tells whether the user may act in the facility now.
func (Reader) IsMember(ctx context.Context, q db.DBTX, userID, tenantID, facilityID uuid.UUID) (bool, error) {
	return iamdb.New(q).IsMember(ctx, iamdb.IsMemberParams{TenantID: tenantID, UserID: userID, FacilityID: facilityID})
}

// Contacts of those whom the tenant lets in now.
func (Reader) Contacts(ctx context.Context, q db.DBTX, tenantID uuid.UUID, userIDs []uuid.UUID) (map[uuid.UUID]iamapi.Contact, error) {
	contacts := make(map[uuid.UUID]iamapi.Contact, len(userIDs))
	if len(userIDs) == 0 {
		return contacts, nil
	}
	rows, err := iamdb.New(q).ContactsOf(ctx, iamdb.ContactsOfParams{TenantID: tenantID, UserIds: userIDs})
	for _, row := range rows {
		contacts[row.ID] = iamapi.Contact{FullName: row.FullName, Email: row.Email}
	}
	return contacts, err
}

// WithRole gives those who may act in the scope's facility now and hold the role there, by id.
func (Reader) WithRole(ctx context.Context, q db.DBTX, scope db.Scope, role string) ([]uuid.UUID, error) {
	return iamdb.New(q).WithRole(ctx, iamdb.WithRoleParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Code: role})
}
