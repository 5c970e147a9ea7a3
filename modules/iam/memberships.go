package iam

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var (
	errMembershipNotFound = errs.NotFound("iam.membership_not_found", "There is no such membership.")
	errMembershipExists   = errs.Conflict("iam.membership_exists", "This user works in that facility already. Change the membership instead.")
)

// Membership is a person's place in a facility.
type Membership struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID `json:"id" format:"uuid"`
	UserID        uuid.UUID `json:"user_id" format:"uuid"`
	Username      string    `json:"username"`
	FullName      string    `json:"full_name"`
	FacilityID    uuid.UUID `json:"facility_id" format:"uuid"`
	Roles         []string  `json:"roles" nullable:"false"`
	IsActive      bool      `json:"is_active" doc:"False once the membership ended"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}

func presentMembership(row iamdb.ListMembershipsRow) Membership {
	return Membership{
		Version: httpx.Version(row.Version), ID: row.ID, UserID: row.UserID, Username: row.Username, FullName: row.FullName,
		FacilityID: row.FacilityID, Roles: row.Roles, IsActive: row.IsActive, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
}

// ListMembershipsInput pages through memberships.
type ListMembershipsInput struct {
	httpx.PageParams
	UserID     uuid.UUID `query:"user_id" format:"uuid"`
	FacilityID uuid.UUID `query:"facility_id" format:"uuid"`
}

// ListMemberships gives the memberships in the facilities whose people the caller may see, ended ones too.
func (m *Module) ListMemberships(ctx context.Context, q db.DBTX, in ListMembershipsInput) (httpx.Page[Membership], error) {
	var after struct{ ID uuid.UUID }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Membership]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	r := reachOf(ctx, scope.TenantID)
	filter := iamdb.ListMembershipsParams{
		TenantID: scope.TenantID, Everywhere: r.everywhere(), Visible: r.visible(), UserID: id.Ptr(in.UserID),
		FacilityID: id.Ptr(in.FacilityID), AfterID: after.ID, MaxRows: int32(in.Limit + 1),
	}
	queries := iamdb.New(q)
	rows, err := queries.ListMemberships(ctx, filter)
	if err != nil {
		return httpx.Page[Membership]{}, err
	}
	memberships := make([]Membership, len(rows))
	for i, row := range rows {
		memberships[i] = presentMembership(row)
	}
	page := httpx.NewPage(memberships, in.Limit, func(m Membership) any { return struct{ ID uuid.UUID }{m.ID} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountMemberships(ctx, iamdb.CountMembershipsParams{
			TenantID: filter.TenantID, Everywhere: filter.Everywhere, Visible: filter.Visible, UserID: filter.UserID, FacilityID: filter.FacilityID,
		}))
	}
	return page, err
}

// MembershipByID names one membership.
type MembershipByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// GetMembership gives one membership in a facility whose people the caller may see.
func (m *Module) GetMembership(ctx context.Context, q db.DBTX, in MembershipByID) (Membership, error) {
	scope, _ := db.ScopeOf(ctx)
	r := reachOf(ctx, scope.TenantID)
	rows, err := iamdb.New(q).ListMemberships(ctx, iamdb.ListMembershipsParams{
		TenantID: scope.TenantID, Everywhere: r.everywhere(), Visible: r.visible(), ID: &in.ID, MaxRows: 1,
	})
	if err != nil {
		return Membership{}, err
	}
	if len(rows) == 0 {
		return Membership{}, errMembershipNotFound
	}
	return presentMembership(rows[0]), nil
}

// CreateMembershipInput gives a person a place.
type CreateMembershipInput struct {
	Body struct {
		UserID     uuid.UUID `json:"user_id" format:"uuid"`
		FacilityID uuid.UUID `json:"facility_id" format:"uuid"`
		Roles      []string  `json:"roles" nullable:"false" maxItems:"50" doc:"Codes of roles"`
	}
}

// CreateMembership gives one of the tenant's people a place in a further facility, or in one they left.
func (m *Module) CreateMembership(ctx context.Context, tx db.Tx, in CreateMembershipInput) (Membership, error) {
	tenantID := tx.Scope().TenantID
	r := reachOf(ctx, tenantID)
	lockPeople(tx)
	if _, _, err := lockColleague(ctx, tx, r, in.Body.UserID); err != nil {
		return Membership{}, err
	}
	roles, err := m.rolesOf(ctx, tx, tenantID)
	if err != nil {
		return Membership{}, err
	}
	granted, err := r.resolveOne(roles, Grant{in.Body.FacilityID, in.Body.Roles}, "body")
	if err != nil {
		return Membership{}, err
	}
	membershipID, err := m.place(ctx, tx, in.Body.UserID, granted)
	if err != nil {
		return Membership{}, err
	}
	return m.GetMembership(ctx, tx, MembershipByID{membershipID})
}

// UpdateMembershipInput changes a place; absent fields stay.
type UpdateMembershipInput struct {
	MembershipByID
	httpx.IfMatch
	Body struct {
		Roles    *[]string `json:"roles,omitempty" maxItems:"50" doc:"All the roles held from now on"`
		IsActive *bool     `json:"is_active,omitempty" doc:"False ends the membership"`
	}
}

// UpdateMembership changes what a person is in a facility, or ends it.
func (m *Module) UpdateMembership(ctx context.Context, tx db.Tx, in UpdateMembershipInput) (Membership, error) {
	tenantID := tx.Scope().TenantID
	r := reachOf(ctx, tenantID)
	lockPeople(tx)
	queries := iamdb.New(tx)
	row, err := queries.LockMembership(ctx, iamdb.LockMembershipParams{TenantID: tenantID, ID: in.ID})
	if db.IsNoRows(err) || err == nil && !r.holds(CanManageUsers, row.FacilityID) {
		return Membership{}, errMembershipNotFound
	}
	if err != nil {
		return Membership{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Membership{}, err
	}
	before, err := m.GetMembership(ctx, tx, in.MembershipByID)
	if err != nil {
		return Membership{}, err
	}
	after := Grant{row.FacilityID, before.Roles}
	isActive := row.IsActive
	if in.Body.Roles != nil {
		after.Roles = *in.Body.Roles
	}
	if in.Body.IsActive != nil {
		isActive = *in.Body.IsActive
	}
	roles, err := m.rolesOf(ctx, tx, tenantID)
	if err != nil {
		return Membership{}, err
	}
	// What was held before is not given now, unless the membership begins anew.
	already := before.Roles
	if !row.IsActive {
		already = nil
	}
	granted, err := r.resolveOne(roles, after, "body", already...)
	if err != nil {
		return Membership{}, err
	}
	if err := m.replace(ctx, tx, row, granted, isActive); err != nil {
		return Membership{}, err
	}
	if slices.Contains(before.Roles, adminRole) && row.IsActive && (!isActive || !slices.Contains(after.Roles, adminRole)) {
		if err := m.keepAdminOf(ctx, tx, row); err != nil {
			return Membership{}, err
		}
	}
	return m.GetMembership(ctx, tx, in.MembershipByID)
}

// keepAdminOf refuses to take the last administrator away; somebody who is not let in was none.
func (m *Module) keepAdminOf(ctx context.Context, tx db.Tx, row iamdb.IamMembership) error {
	user, err := iamdb.New(tx).LockTenantUser(ctx, iamdb.LockTenantUserParams{TenantID: row.TenantID, UserID: row.UserID})
	if err != nil || !user.IsActive {
		return err
	}
	return keepAdmins(ctx, tx, []uuid.UUID{row.FacilityID})
}

// granted is a place whose roles were found and may be given.
type granted struct {
	facilityID uuid.UUID
	roleIDs    []uuid.UUID
	codes      []string
}

// resolve finds the roles of several places and refuses what the caller may not give. Every fault is named.
func (r reach) resolve(roles map[string]iamdb.ListRolesRow, grants []Grant) ([]granted, error) {
	var all []granted
	fault := errInvalid
	seen := map[uuid.UUID]bool{}
	for i, g := range grants {
		at := fmt.Sprintf("body.memberships[%d]", i)
		if seen[g.FacilityID] {
			fault = fault.At(at+".facility_id", "This facility is named twice.")
		}
		seen[g.FacilityID] = true
		one, err := r.resolveOne(roles, g, at)
		if e := errs.Of(err); e != nil && e.Kind == errs.KindInvalid {
			for _, field := range e.Fields {
				fault = fault.At(field.Location, field.Message)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	if fault != errInvalid {
		return nil, fault
	}
	return all, nil
}

// resolveOne finds the roles of one place and refuses what the caller may not give. Roles held already are not given.
func (r reach) resolveOne(roles map[string]iamdb.ListRolesRow, g Grant, at string, already ...string) (granted, error) {
	if err := r.manages(g.FacilityID); err != nil {
		return granted{}, err
	}
	found := granted{facilityID: g.FacilityID, roleIDs: []uuid.UUID{}, codes: []string{}}
	fault := errInvalid
	for i, code := range g.Roles {
		role, known := roles[code]
		if !known {
			fault = fault.At(fmt.Sprintf("%s.roles[%d]", at, i), "There is no such role.")
			continue
		}
		if slices.Contains(found.codes, code) {
			continue
		}
		if !slices.Contains(already, code) {
			if err := r.grants(role.Permissions, g.FacilityID); err != nil {
				return granted{}, err
			}
		}
		found.roleIDs, found.codes = append(found.roleIDs, role.ID), append(found.codes, code)
	}
	if fault != errInvalid {
		return granted{}, fault
	}
	slices.Sort(found.codes)
	return found, nil
}

// place gives one of the tenant's people a place, or revives one that ended.
func (m *Module) place(ctx context.Context, tx db.Tx, userID uuid.UUID, g granted) (uuid.UUID, error) {
	queries := iamdb.New(tx)
	tenantID := tx.Scope().TenantID
	row, err := queries.FindMembership(ctx, iamdb.FindMembershipParams{TenantID: tenantID, UserID: userID, FacilityID: g.facilityID})
	switch {
	case err == nil && row.IsActive:
		return row.ID, errMembershipExists
	case err == nil:
		return row.ID, m.replace(ctx, tx, row, g, true)
	case !db.IsNoRows(err):
		return uuid.Nil, err
	}
	membershipID := id.For(ctx, tx.Now())
	err = queries.InsertMembership(ctx, iamdb.InsertMembershipParams{TenantID: tenantID, ID: membershipID, UserID: userID, FacilityID: g.facilityID, Now: tx.Now()})
	if db.Violates(err, "membership_user_facility_key") {
		return uuid.Nil, errMembershipExists
	}
	if err != nil {
		return uuid.Nil, err
	}
	err = queries.AddMembershipRoles(ctx, iamdb.AddMembershipRolesParams{TenantID: tenantID, MembershipID: membershipID, RoleIds: g.roleIDs})
	if err != nil {
		return uuid.Nil, err
	}
	return membershipID, m.placed(ctx, tx, iamapi.MembershipChanged{
		MembershipID: membershipID, UserID: userID, FacilityID: g.facilityID, Roles: g.codes, IsActive: true,
	})
}

// replace makes a place what it is from now on.
func (m *Module) replace(ctx context.Context, tx db.Tx, row iamdb.IamMembership, g granted, isActive bool) error {
	queries := iamdb.New(tx)
	err := queries.SetMembershipActive(ctx, iamdb.SetMembershipActiveParams{TenantID: row.TenantID, ID: row.ID, IsActive: isActive, Now: tx.Now()})
	if err != nil {
		return err
	}
	err = queries.RemoveMembershipRoles(ctx, iamdb.RemoveMembershipRolesParams{TenantID: row.TenantID, MembershipID: row.ID, Kept: g.roleIDs})
	if err != nil {
		return err
	}
	err = queries.AddMembershipRoles(ctx, iamdb.AddMembershipRolesParams{TenantID: row.TenantID, MembershipID: row.ID, RoleIds: g.roleIDs})
	if err != nil {
		return err
	}
	return m.placed(ctx, tx, iamapi.MembershipChanged{
		MembershipID: row.ID, UserID: row.UserID, FacilityID: row.FacilityID, Roles: g.codes, IsActive: isActive,
	})
}

// placed makes a change of place known: to every node, in the user's version, and as an event.
func (m *Module) placed(ctx context.Context, tx db.Tx, e iamapi.MembershipChanged) error {
	m.invalidate(tx, change{userChange, e.UserID})
	err := iamdb.New(tx).TouchTenantUser(ctx, iamdb.TouchTenantUserParams{TenantID: tx.Scope().TenantID, UserID: e.UserID, Now: tx.Now()})
	if err != nil {
		return err
	}
	scope := tx.Scope()
	if scope.FacilityID == e.FacilityID {
		return m.bus.Publish(ctx, tx, e)
	}
	scope.FacilityID = e.FacilityID
	return tx.Nested(ctx, scope, func(tx db.Tx) error { return m.bus.Publish(db.WithScope(ctx, scope), tx, e) })
}
