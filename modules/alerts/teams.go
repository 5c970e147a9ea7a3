package alerts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

var (
	errTeamNotFound = errs.NotFound("alerts.team_not_found", "There is no such team.")
	errTeamTaken    = errs.Conflict("alerts.team_code_taken", "Another team of this facility has this code.")
)

// Team is people of a facility who are told together.
type Team struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID `json:"id" format:"uuid"`
	Code          string    `json:"code" example:"rapid_response" doc:"By which policies name it"`
	Name          string    `json:"name"`
	IsActive      bool      `json:"is_active" doc:"One that is not reaches nobody"`
	Members       []Person  `json:"members" nullable:"false"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}

// CreateTeamInput makes a team.
type CreateTeamInput struct {
	Body struct {
		Code      string      `json:"code" pattern:"^[a-z][a-z0-9_]{0,39}$" patternDescription:"small letters, digits and _, at most 40"`
		Name      string      `json:"name" minLength:"1" maxLength:"200" pattern:"\\S" patternDescription:"a name"`
		MemberIDs []uuid.UUID `json:"member_ids,omitempty" maxItems:"200" doc:"Active users of this facility"`
	}
}

// CreateTeam makes a team.
func (m *Module) CreateTeam(ctx context.Context, tx db.Tx, in CreateTeamInput) (Team, error) {
	if slices.Contains(auth.BuiltInRoles, auth.Role(in.Body.Code)) {
		return Team{}, errInvalid.At("body.code", "A role has this code; duties could not tell them apart.")
	}
	members, err := m.checkMembers(ctx, tx, in.Body.MemberIDs)
	if err != nil {
		return Team{}, err
	}
	row, err := alertsdb.New(tx).InsertTeam(ctx, alertsdb.InsertTeamParams{
		TenantID: tx.Scope().TenantID, ID: id.For(ctx, tx.Now()), FacilityID: tx.Scope().FacilityID, Code: in.Body.Code,
		Name: in.Body.Name, Now: tx.Now()})
	if db.Violates(err, "team_code") {
		return Team{}, errTeamTaken
	}
	if err != nil {
		return Team{}, err
	}
	return m.finishTeam(ctx, tx, row, members)
}

// UpdateTeamInput changes a team; absent fields stay.
type UpdateTeamInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		Name      *string      `json:"name,omitempty" minLength:"1" maxLength:"200" pattern:"\\S" patternDescription:"a name"`
		IsActive  *bool        `json:"is_active,omitempty"`
		MemberIDs *[]uuid.UUID `json:"member_ids,omitempty" maxItems:"200" doc:"All of its members from now on"`
	}
}

// UpdateTeam changes a team.
func (m *Module) UpdateTeam(ctx context.Context, tx db.Tx, in UpdateTeamInput) (Team, error) {
	scope, queries := tx.Scope(), alertsdb.New(tx)
	row, err := queries.LockTeam(ctx, alertsdb.LockTeamParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Team{}, errTeamNotFound
	}
	if err != nil {
		return Team{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Team{}, err
	}
	members, err := m.memberIDs(ctx, tx, scope, row.ID)
	if err != nil {
		return Team{}, err
	}
	if in.Body.MemberIDs != nil {
		if members, err = m.checkMembers(ctx, tx, *in.Body.MemberIDs); err != nil {
			return Team{}, err
		}
	}
	if in.Body.Name != nil {
		row.Name = *in.Body.Name
	}
	if in.Body.IsActive != nil {
		row.IsActive = *in.Body.IsActive
	}
	row, err = queries.SaveTeam(ctx, alertsdb.SaveTeamParams{
		Name: row.Name, IsActive: row.IsActive, Now: tx.Now(), TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: row.ID})
	if err != nil {
		return Team{}, err
	}
	return m.finishTeam(ctx, tx, row, members)
}

func (m *Module) finishTeam(ctx context.Context, tx db.Tx, row alertsdb.AlertsTeam, members []uuid.UUID) (Team, error) {
	err := alertsdb.New(tx).SetTeamMembers(ctx, alertsdb.SetTeamMembersParams{
		TenantID: row.TenantID, FacilityID: row.FacilityID, TeamID: row.ID, UserIds: members})
	if err != nil {
		return Team{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, alertsapi.TeamChanged{TeamID: row.ID, MemberIDs: members, IsActive: row.IsActive}); err != nil {
		return Team{}, err
	}
	teams, err := m.presentTeams(ctx, tx, tx.Scope(), []alertsdb.AlertsTeam{row})
	if err != nil {
		return Team{}, err
	}
	return teams[0], nil
}

// checkMembers refuses anyone but active users of this facility.
func (m *Module) checkMembers(ctx context.Context, tx db.Tx, userIDs []uuid.UUID) ([]uuid.UUID, error) {
	faults := errInvalid
	for i, userID := range userIDs {
		works, err := m.works(ctx, tx, &userID)
		if err != nil {
			return nil, err
		}
		if !works {
			faults = faults.At(fmt.Sprintf("body.member_ids[%d]", i), "Not an active user of this facility.")
		}
	}
	if len(faults.Fields) > 0 {
		return nil, faults
	}
	return append([]uuid.UUID{}, id.Distinct(userIDs)...), nil
}

func (m *Module) memberIDs(ctx context.Context, q db.DBTX, scope db.Scope, teamID uuid.UUID) ([]uuid.UUID, error) {
	rows, err := alertsdb.New(q).MembersOf(ctx, alertsdb.MembersOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, TeamIds: []uuid.UUID{teamID}})
	members := []uuid.UUID{}
	for _, row := range rows {
		members = append(members, row.UserID)
	}
	return members, err
}

// GetTeam gives one team.
func (m *Module) GetTeam(ctx context.Context, q db.DBTX, in ByID) (Team, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := alertsdb.New(q).GetTeam(ctx, alertsdb.GetTeamParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Team{}, errTeamNotFound
	}
	if err != nil {
		return Team{}, err
	}
	teams, err := m.presentTeams(ctx, q, scope, []alertsdb.AlertsTeam{row})
	if err != nil {
		return Team{}, err
	}
	return teams[0], nil
}

// ListTeamsInput pages through teams.
type ListTeamsInput struct{ httpx.PageParams }

// ListTeams gives the facility's teams, by code.
func (m *Module) ListTeams(ctx context.Context, q db.DBTX, in ListTeamsInput) (httpx.Page[Team], error) {
	var after struct{ Code string }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Team]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	queries := alertsdb.New(q)
	rows, err := queries.ListTeams(ctx, alertsdb.ListTeamsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, AfterCode: after.Code, MaxRows: int32(in.Limit + 1)})
	if err != nil {
		return httpx.Page[Team]{}, err
	}
	teams, err := m.presentTeams(ctx, q, scope, rows)
	if err != nil {
		return httpx.Page[Team]{}, err
	}
	page := httpx.NewPage(teams, in.Limit, func(t Team) any { return struct{ Code string }{t.Code} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountTeams(ctx, alertsdb.CountTeamsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID}))
	}
	return page, err
}

func (m *Module) presentTeams(ctx context.Context, q db.DBTX, scope db.Scope, rows []alertsdb.AlertsTeam) ([]Team, error) {
	teams := make([]Team, len(rows))
	if len(rows) == 0 {
		return teams, nil
	}
	ids := make([]uuid.UUID, len(rows))
	at := map[uuid.UUID]int{}
	for i, row := range rows {
		ids[i], at[row.ID] = row.ID, i
		teams[i] = Team{Version: httpx.Version(row.Version), ID: row.ID, Code: row.Code, Name: row.Name, IsActive: row.IsActive,
			Members: []Person{}, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt}
	}
	members, err := alertsdb.New(q).MembersOf(ctx, alertsdb.MembersOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, TeamIds: ids})
	if err != nil {
		return nil, err
	}
	var userIDs []uuid.UUID
	for _, member := range members {
		userIDs = append(userIDs, member.UserID)
	}
	names, err := m.names(ctx, q, scope, userIDs)
	for _, member := range members {
		team := &teams[at[member.TeamID]]
		team.Members = append(team.Members, *names.of(&member.UserID))
	}
	return teams, err
}
