package iam

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var (
	errEscalation       = errs.Forbidden("iam.escalation", "You cannot give more than you may do yourself in that facility.")
	errBeyondReach      = errs.Forbidden("iam.beyond_reach", "This also concerns facilities where you may not do this.")
	errFacilityNotFound = errs.NotFound("iam.facility_not_found", "There is no such facility.")
	errLastAdmin        = errs.Conflict("iam.last_admin", "Somebody must remain who administers the facility. Give somebody else the role admin first.")
	errSharedAccount    = errs.Conflict("iam.shared_account", "This account is not yours alone to change. Its owner changes it, or you end the memberships.")
	errOwnAccount       = errs.Conflict("iam.own_account", "You cannot do this to yourself.")
)

// reach is what the caller may do to people and roles of a tenant: it ends where the caller's own memberships do.
// The system itself reaches everywhere.
type reach struct {
	identity *auth.Identity
	tenantID uuid.UUID
}

func reachOf(ctx context.Context, tenantID uuid.UUID) reach {
	return reach{auth.From(ctx), tenantID}
}

// everywhere tells that there is no limit within the tenant.
func (r reach) everywhere() bool { return r.identity == nil }

// visible lists the facilities whose people the caller may see; of no meaning for the system.
func (r reach) visible() []uuid.UUID {
	facilities := []uuid.UUID{}
	if r.everywhere() {
		return facilities
	}
	for _, m := range r.identity.Memberships {
		if m.TenantID == r.tenantID && (m.Permissions[CanReadUsers] || m.Permissions[CanManageUsers]) {
			facilities = append(facilities, m.FacilityID)
		}
	}
	return facilities
}

// holds tells whether the caller holds the permission in that facility.
func (r reach) holds(permission string, facilityID uuid.UUID) bool {
	if r.everywhere() {
		return true
	}
	m := r.identity.Membership(r.tenantID, facilityID)
	return m != nil && m.Permissions[permission]
}

// manages refuses a facility in which the caller may not manage people. One that the caller does not belong to is
// answered as if there were none.
func (r reach) manages(facilityID uuid.UUID) error {
	switch {
	case r.holds(CanManageUsers, facilityID):
		return nil
	case r.identity.Membership(r.tenantID, facilityID) == nil:
		return errFacilityNotFound
	}
	return errEscalation
}

// grants refuses to give permissions in a facility that the caller does not hold there, so that nobody rises by
// their own hand or a friend's. Who may grant any role answers for the whole facility: an administrator must be
// able to appoint a doctor without being one.
func (r reach) grants(permissions []string, facilityID uuid.UUID) error {
	if r.holds(CanGrantAnyRole, facilityID) {
		return nil
	}
	for _, permission := range permissions {
		if !r.holds(permission, facilityID) {
			return errEscalation
		}
	}
	return nil
}

// isCaller tells whether it is about the caller.
func (r reach) isCaller(userID uuid.UUID) bool {
	return r.identity != nil && r.identity.UserID == userID
}

// places is where a user works or worked in the tenant.
type places []iamdb.PlacesOfRow

// seenBy tells whether one of the places is a facility where the caller holds the permission.
func (p places) seenBy(r reach, permission string) bool {
	return slices.ContainsFunc(p, func(place iamdb.PlacesOfRow) bool { return r.holds(permission, place.FacilityID) })
}

// managedBy refuses unless the caller manages people everywhere the user works: what concerns the account as a whole
// reaches all of them.
func (p places) managedBy(r reach) error {
	for _, place := range p {
		if place.IsActive && !r.holds(CanManageUsers, place.FacilityID) {
			return errBeyondReach
		}
	}
	return nil
}

// controlledBy refuses unless the caller may also do, or grant, all that the user may: whoever sets a password can
// sign in with it.
func (p places) controlledBy(r reach) error {
	for _, place := range p {
		if !place.IsActive {
			continue
		}
		if err := r.grants(place.Permissions, place.FacilityID); err != nil {
			return err
		}
	}
	return nil
}

// administered lists the facilities the user administers now.
func (p places) administered() []uuid.UUID {
	facilities := []uuid.UUID{}
	for _, place := range p {
		if place.IsActive && place.IsAdmin {
			facilities = append(facilities, place.FacilityID)
		}
	}
	return facilities
}

// lockPeople lets one change of places happen at a time in a tenant: two administrators who dismiss each other at
// once must not both succeed.
func lockPeople(tx db.Tx) { tx.Lock("iam.people", tx.Scope().TenantID.String()) }

// keepAdmins refuses a change that left one of the facilities without an administrator.
func keepAdmins(ctx context.Context, tx db.Tx, facilityIDs []uuid.UUID) error {
	if len(facilityIDs) == 0 {
		return nil
	}
	kept, err := iamdb.New(tx).HasAdmin(ctx, iamdb.HasAdminParams{TenantID: tx.Scope().TenantID, FacilityIds: facilityIDs})
	if err == nil && !kept {
		err = errLastAdmin
	}
	return err
}
