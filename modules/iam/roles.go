package iam

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var (
	errRoleNotFound  = errs.NotFound("iam.role_not_found", "There is no such role.")
	errRoleCodeTaken = errs.Conflict("iam.role_code_taken", "Another role has this code.")
	errRoleBuiltIn   = errs.Conflict("iam.role_built_in", "Built-in roles cannot be changed. Make one of your own beside it.")
)

// adminRole is the built-in role that a facility never lacks.
const adminRole = string(auth.Admin)

// Role is what a person may be in a facility.
type Role struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID `json:"id" format:"uuid"`
	Code          string    `json:"code"`
	Name          string    `json:"name"`
	BuiltIn       bool      `json:"built_in" doc:"The same in every tenant; cannot be changed"`
	Permissions   []string  `json:"permissions" nullable:"false"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}

func presentRole(row iamdb.ListRolesRow) Role {
	return Role{
		Version: httpx.Version(row.Version), ID: row.ID, Code: row.Code, Name: row.Name, BuiltIn: row.BuiltIn, Permissions: row.Permissions,
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
}

// rolesOf gives all the tenant's roles by code.
func (m *Module) rolesOf(ctx context.Context, q db.DBTX, tenantID uuid.UUID) (map[string]iamdb.ListRolesRow, error) {
	rows, err := iamdb.New(q).ListRoles(ctx, iamdb.ListRolesParams{TenantID: tenantID, MaxRows: math.MaxInt32})
	roles := make(map[string]iamdb.ListRolesRow, len(rows))
	for _, row := range rows {
		roles[row.Code] = row
	}
	return roles, err
}

// ListRolesInput pages through roles.
type ListRolesInput struct{ httpx.PageParams }

// ListRoles gives the tenant's roles by code.
func (m *Module) ListRoles(ctx context.Context, q db.DBTX, in ListRolesInput) (httpx.Page[Role], error) {
	var after struct{ Code string }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Role]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	queries := iamdb.New(q)
	rows, err := queries.ListRoles(ctx, iamdb.ListRolesParams{TenantID: scope.TenantID, AfterCode: after.Code, MaxRows: int32(in.Limit + 1)})
	if err != nil {
		return httpx.Page[Role]{}, err
	}
	roles := make([]Role, len(rows))
	for i, row := range rows {
		roles[i] = presentRole(row)
	}
	page := httpx.NewPage(roles, in.Limit, func(r Role) any { return struct{ Code string }{r.Code} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountRoles(ctx, scope.TenantID))
	}
	return page, err
}

// RoleByID names one role.
type RoleByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// GetRole gives one role.
func (m *Module) GetRole(ctx context.Context, q db.DBTX, in RoleByID) (Role, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := iamdb.New(q).GetRole(ctx, iamdb.GetRoleParams{TenantID: scope.TenantID, ID: in.ID})
	if db.IsNoRows(err) {
		return Role{}, errRoleNotFound
	}
	return presentRole(iamdb.ListRolesRow(row)), err
}

// CreateRoleInput is a role of the tenant's own.
type CreateRoleInput struct {
	Body struct {
		Code        string   `json:"code" pattern:"^[a-z][a-z0-9_]{0,39}$" patternDescription:"small letters, digits and _, at most 40" doc:"Unique in the tenant"`
		Name        string   `json:"name" minLength:"1" maxLength:"100"`
		Permissions []string `json:"permissions" nullable:"false" maxItems:"500" doc:"Codes of permissions"`
	}
}

// CreateRole makes a role of the tenant's own, of permissions the caller holds.
func (m *Module) CreateRole(ctx context.Context, tx db.Tx, in CreateRoleInput) (Role, error) {
	permissions, err := m.knownPermissions(in.Body.Permissions)
	if err != nil {
		return Role{}, err
	}
	scope := tx.Scope()
	if err := reachOf(ctx, scope.TenantID).grants(permissions, scope.FacilityID); err != nil {
		return Role{}, err
	}
	roleID, err := m.insertRole(ctx, tx, in.Body.Code, in.Body.Name, false, permissions)
	if err != nil {
		return Role{}, err
	}
	return m.GetRole(ctx, tx, RoleByID{roleID})
}

func (m *Module) insertRole(ctx context.Context, tx db.Tx, code, name string, builtIn bool, permissions []string) (uuid.UUID, error) {
	queries := iamdb.New(tx)
	roleID, tenantID := id.For(ctx, tx.Now()), tx.Scope().TenantID
	err := queries.InsertRole(ctx, iamdb.InsertRoleParams{TenantID: tenantID, ID: roleID, Code: code, Name: name, BuiltIn: builtIn, Now: tx.Now()})
	if db.Violates(err, "role_code_key") {
		return uuid.Nil, errRoleCodeTaken
	}
	if err != nil {
		return uuid.Nil, err
	}
	err = queries.AddRolePermissions(ctx, iamdb.AddRolePermissionsParams{TenantID: tenantID, RoleID: roleID, Permissions: permissions})
	if err != nil {
		return uuid.Nil, err
	}
	return roleID, m.bus.Publish(ctx, tx, iamapi.RoleChanged{RoleID: roleID, Code: code, Added: permissions, Removed: []string{}})
}

// UpdateRoleInput changes a role of the tenant's own; absent fields stay.
type UpdateRoleInput struct {
	RoleByID
	httpx.IfMatch
	Body struct {
		Name        *string   `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Permissions *[]string `json:"permissions,omitempty" maxItems:"500" doc:"All that the role allows from now on"`
	}
}

// UpdateRole changes what a role allows wherever it is held: the caller must manage roles in all of those facilities
// and hold there what is added.
func (m *Module) UpdateRole(ctx context.Context, tx db.Tx, in UpdateRoleInput) (Role, error) {
	scope := tx.Scope()
	queries := iamdb.New(tx)
	lockPeople(tx)
	row, err := queries.GetRole(ctx, iamdb.GetRoleParams{TenantID: scope.TenantID, ID: in.ID})
	if db.IsNoRows(err) {
		return Role{}, errRoleNotFound
	}
	if err != nil {
		return Role{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Role{}, err
	}
	if row.BuiltIn {
		return Role{}, errRoleBuiltIn
	}
	name, permissions := row.Name, row.Permissions
	if in.Body.Name != nil {
		name = *in.Body.Name
	}
	if in.Body.Permissions != nil {
		if permissions, err = m.knownPermissions(*in.Body.Permissions); err != nil {
			return Role{}, err
		}
	}
	r := reachOf(ctx, scope.TenantID)
	held, err := queries.FacilitiesUsingRole(ctx, iamdb.FacilitiesUsingRoleParams{TenantID: scope.TenantID, RoleID: in.ID})
	if err != nil {
		return Role{}, err
	}
	for _, facilityID := range append(held, scope.FacilityID) {
		if !r.holds(CanManageRoles, facilityID) {
			return Role{}, errBeyondReach
		}
		if err := r.grants(without(permissions, row.Permissions), facilityID); err != nil {
			return Role{}, err
		}
	}
	if err := m.changeRole(ctx, tx, iamdb.ListRolesRow(row), name, permissions); err != nil {
		return Role{}, err
	}
	return m.GetRole(ctx, tx, in.RoleByID)
}

// changeRole makes a role what it is from now on, on every node.
func (m *Module) changeRole(ctx context.Context, tx db.Tx, row iamdb.ListRolesRow, name string, permissions []string) error {
	queries := iamdb.New(tx)
	added, removed := without(permissions, row.Permissions), without(row.Permissions, permissions)
	if name == row.Name && len(added) == 0 && len(removed) == 0 {
		return nil
	}
	err := queries.UpdateRole(ctx, iamdb.UpdateRoleParams{TenantID: row.TenantID, ID: row.ID, Name: name, Now: tx.Now()})
	if err != nil {
		return err
	}
	err = queries.AddRolePermissions(ctx, iamdb.AddRolePermissionsParams{TenantID: row.TenantID, RoleID: row.ID, Permissions: added})
	if err != nil {
		return err
	}
	err = queries.RemoveRolePermissions(ctx, iamdb.RemoveRolePermissionsParams{TenantID: row.TenantID, RoleID: row.ID, Permissions: removed})
	if err != nil {
		return err
	}
	m.invalidate(tx, change{tenantChange, row.TenantID})
	return m.bus.Publish(ctx, tx, iamapi.RoleChanged{RoleID: row.ID, Code: row.Code, Added: added, Removed: removed})
}

// without gives what is in some and not in others.
func without(some, others []string) []string {
	rest := []string{}
	for _, s := range some {
		if !slices.Contains(others, s) {
			rest = append(rest, s)
		}
	}
	return rest
}

// knownPermissions sorts the codes and names every one that no module declares.
func (m *Module) knownPermissions(codes []string) ([]string, error) {
	fault := errInvalid
	for i, code := range codes {
		known := slices.ContainsFunc(m.permissions, func(p auth.Permission) bool { return p.Code == code })
		if !known {
			fault = fault.At(fmt.Sprintf("body.permissions[%d]", i), "There is no such permission.")
		}
	}
	if fault != errInvalid {
		return nil, fault
	}
	sorted := slices.Clone(codes)
	slices.Sort(sorted)
	return slices.Compact(sorted), nil
}

// Permission is one thing a role may allow.
type Permission struct {
	Code        string `json:"code" example:"patients.can_create"`
	Module      string `json:"module" example:"patients"`
	Description string `json:"description"`
}

// ListPermissionsInput pages through permissions.
type ListPermissionsInput struct{ httpx.PageParams }

// ListPermissions gives every permission that a role may carry, by code.
func (m *Module) ListPermissions(_ context.Context, _ db.DBTX, in ListPermissionsInput) (httpx.Page[Permission], error) {
	var after struct{ Code string }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Permission]{}, err
	}
	start := sort.Search(len(m.permissions), func(i int) bool { return m.permissions[i].Code > after.Code })
	permissions := []Permission{}
	for _, p := range m.permissions[start:min(start+in.Limit+1, len(m.permissions))] {
		module, _, _ := strings.Cut(p.Code, ".")
		permissions = append(permissions, Permission{Code: p.Code, Module: module, Description: p.Description})
	}
	page := httpx.NewPage(permissions, in.Limit, func(p Permission) any { return struct{ Code string }{p.Code} })
	if in.Count {
		count := int64(len(m.permissions))
		page.Count = &count
	}
	return page, nil
}
