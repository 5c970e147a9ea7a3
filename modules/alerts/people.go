package alerts

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

// target is whom an alert is for: one of user, role and team.
type target struct {
	ID     uuid.UUID  `json:"id"`
	UserID *uuid.UUID `json:"user_id"`
	Role   *string    `json:"role"`
	TeamID *uuid.UUID `json:"team_id"`
	OnDuty bool       `json:"on_duty"`
}

func forUser(userID uuid.UUID) target { return target{ID: id.New(), UserID: &userID} }

func forRole[R ~string](role R) target {
	code := string(role)
	return target{ID: id.New(), Role: &code}
}

// same tells whether both are for the same people.
func (t target) same(other target) bool {
	return t.OnDuty == other.OnDuty && equal(t.UserID, other.UserID) && equal(t.Role, other.Role) && equal(t.TeamID, other.TeamID)
}

func equal[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func targetOf(row alertsdb.AlertsTarget) target {
	return target{ID: row.ID, UserID: row.UserID, Role: row.Role, TeamID: row.TeamID, OnDuty: row.OnDuty}
}

// directory knows who holds which role, belongs to which team and is on duty at one time in one facility. It asks for
// what targets name, each thing once.
type directory struct {
	roles  map[string][]uuid.UUID
	teams  map[uuid.UUID]alertsdb.AlertsTeam
	within map[uuid.UUID][]uuid.UUID
	duties []alertsdb.AlertsDuty
}

// lookUp makes the directory of some targets.
func (m *Module) lookUp(ctx context.Context, q db.DBTX, scope db.Scope, at time.Time, targets []target) (directory, error) {
	d := directory{roles: map[string][]uuid.UUID{}, teams: map[uuid.UUID]alertsdb.AlertsTeam{}, within: map[uuid.UUID][]uuid.UUID{}}
	queries := alertsdb.New(q)
	var teamIDs []uuid.UUID
	onDuty := false
	for _, t := range targets {
		onDuty = onDuty || t.OnDuty
		if t.TeamID != nil {
			teamIDs = append(teamIDs, *t.TeamID)
		}
		if t.Role == nil || d.roles[*t.Role] != nil {
			continue
		}
		holders, err := m.deps.Users.WithRole(ctx, q, scope, *t.Role)
		if err != nil {
			return d, err
		}
		d.roles[*t.Role] = append([]uuid.UUID{}, holders...)
	}
	if teamIDs = id.Distinct(teamIDs); len(teamIDs) > 0 {
		teams, err := queries.TeamsByID(ctx, alertsdb.TeamsByIDParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: teamIDs})
		if err != nil {
			return d, err
		}
		for _, team := range teams {
			d.teams[team.ID] = team
		}
		members, err := queries.MembersOf(ctx, alertsdb.MembersOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, TeamIds: teamIDs})
		if err != nil {
			return d, err
		}
		for _, member := range members {
			d.within[member.TeamID] = append(d.within[member.TeamID], member.UserID)
		}
	}
	if !onDuty {
		return d, nil
	}
	var err error
	d.duties, err = queries.DutiesAt(ctx, alertsdb.DutiesAtParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, At: at})
	return d, err
}

// people gives whom a target reaches, by id. Who is on duty and has left the role or team is nobody's duty any more.
func (d directory) people(t target) []uuid.UUID {
	var all []uuid.UUID
	switch {
	case t.UserID != nil:
		return []uuid.UUID{*t.UserID}
	case t.Role != nil:
		all = d.roles[*t.Role]
	case d.teams[*t.TeamID].IsActive:
		all = d.within[*t.TeamID]
	}
	if !t.OnDuty {
		return all
	}
	var onDuty []uuid.UUID
	for _, duty := range d.duties {
		if equal(duty.Role, t.Role) && equal(duty.TeamID, t.TeamID) && slices.Contains(all, duty.UserID) {
			onDuty = append(onDuty, duty.UserID)
		}
	}
	if len(onDuty) == 0 {
		return all
	}
	return id.Distinct(onDuty)
}

// reached gives everybody whom some targets reach, each once.
func (d directory) reached(targets []target) []uuid.UUID {
	people := []uuid.UUID{}
	for _, t := range targets {
		people = append(people, d.people(t)...)
	}
	return id.Distinct(people)
}
