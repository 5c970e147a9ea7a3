package alerts

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

var errDutyNotFound = errs.NotFound("alerts.duty_not_found", "There is no such duty.")

// longestDuty keeps a slip of the year from putting somebody on duty for ever.
const longestDuty = 31 * 24 * time.Hour

// Duty is somebody who answers for a role or a team at a time.
type Duty struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID  `json:"id" format:"uuid"`
	User          Person     `json:"user"`
	Role          *string    `json:"role" doc:"Either a role or a team"`
	TeamID        *uuid.UUID `json:"team_id" format:"uuid"`
	TeamName      *string    `json:"team_name"`
	StartsAt      time.Time  `json:"starts_at"`
	EndsAt        time.Time  `json:"ends_at"`
	IsNow         bool       `json:"is_now"`
	CreatedAt     time.Time  `json:"created_at"`
}

// CreateDutyInput puts somebody on duty.
type CreateDutyInput struct {
	Body struct {
		UserID   uuid.UUID  `json:"user_id" format:"uuid" doc:"Who holds the role here, or belongs to the team"`
		Role     *string    `json:"role,omitempty" pattern:"^[a-z][a-z0-9_]{0,59}$" doc:"Either a role or a team"`
		TeamID   *uuid.UUID `json:"team_id,omitempty" format:"uuid"`
		StartsAt time.Time  `json:"starts_at"`
		EndsAt   time.Time  `json:"ends_at" doc:"After starts_at, at most 31 days"`
	}
}

// CreateDuty puts somebody on duty. Several may be on the same duty at once: all of them are told.
func (m *Module) CreateDuty(ctx context.Context, tx db.Tx, in CreateDutyInput) (Duty, error) {
	body, scope := in.Body, tx.Scope()
	faults := checkTimes(body.StartsAt, body.EndsAt)
	if (body.Role == nil) == (body.TeamID == nil) {
		faults = faults.At("body", "Name either a role or a team.")
	} else if fits, err := m.fits(ctx, tx, body.UserID, body.Role, body.TeamID); err != nil {
		return Duty{}, err
	} else if !fits {
		faults = faults.At("body.user_id", "Not an active user of this facility with this role or in this team.")
	}
	if len(faults.Fields) > 0 {
		return Duty{}, faults
	}
	row, err := alertsdb.New(tx).InsertDuty(ctx, alertsdb.InsertDutyParams{
		TenantID: scope.TenantID, ID: id.For(ctx, tx.Now()), FacilityID: scope.FacilityID, UserID: body.UserID, Role: body.Role, TeamID: body.TeamID,
		StartsAt: body.StartsAt.UTC(), EndsAt: body.EndsAt.UTC(), CreatedByID: id.Ptr(scope.UserID), Now: tx.Now()})
	return m.finishDuty(ctx, tx, row, err)
}

func checkTimes(startsAt, endsAt time.Time) *errs.Error {
	faults := errInvalid
	if !endsAt.After(startsAt) {
		faults = faults.At("body.ends_at", "Must be after starts_at.")
	} else if endsAt.Sub(startsAt) > longestDuty {
		faults = faults.At("body.ends_at", "At most 31 days after starts_at.")
	}
	return faults
}

// fits tells whether a person can be on duty for a role or a team.
func (m *Module) fits(ctx context.Context, tx db.Tx, userID uuid.UUID, role *string, teamID *uuid.UUID) (bool, error) {
	works, err := m.works(ctx, tx, &userID)
	if err != nil || !works {
		return false, err
	}
	var all []uuid.UUID
	if role != nil {
		all, err = m.deps.Users.WithRole(ctx, tx, tx.Scope(), *role)
	} else {
		all, err = m.memberIDs(ctx, tx, tx.Scope(), *teamID)
	}
	return slices.Contains(all, userID), err
}

func (m *Module) finishDuty(ctx context.Context, tx db.Tx, row alertsdb.AlertsDuty, err error) (Duty, error) {
	if err != nil {
		return Duty{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, alertsapi.DutyChanged{DutyID: row.ID, UserID: row.UserID}); err != nil {
		return Duty{}, err
	}
	return m.presentDuty(ctx, tx, tx.Scope(), tx.Now(), row)
}

func (m *Module) presentDuty(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, row alertsdb.AlertsDuty) (Duty, error) {
	duties, err := m.presentDuties(ctx, q, scope, now, []alertsdb.AlertsDuty{row})
	if err != nil {
		return Duty{}, err
	}
	return duties[0], nil
}

// UpdateDutyInput moves a duty; absent times stay.
type UpdateDutyInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		StartsAt *time.Time `json:"starts_at,omitempty"`
		EndsAt   *time.Time `json:"ends_at,omitempty"`
	}
}

// UpdateDuty moves a duty, as when somebody is relieved early.
func (m *Module) UpdateDuty(ctx context.Context, tx db.Tx, in UpdateDutyInput) (Duty, error) {
	row, err := lockDuty(ctx, tx, in.ID)
	if err != nil {
		return Duty{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Duty{}, err
	}
	if in.Body.StartsAt != nil {
		row.StartsAt = in.Body.StartsAt.UTC()
	}
	if in.Body.EndsAt != nil {
		row.EndsAt = in.Body.EndsAt.UTC()
	}
	if faults := checkTimes(row.StartsAt, row.EndsAt); len(faults.Fields) > 0 {
		return Duty{}, faults
	}
	row, err = alertsdb.New(tx).SaveDuty(ctx, alertsdb.SaveDutyParams{
		StartsAt: row.StartsAt, EndsAt: row.EndsAt, Now: tx.Now(), TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID})
	return m.finishDuty(ctx, tx, row, err)
}

func lockDuty(ctx context.Context, tx db.Tx, dutyID uuid.UUID) (alertsdb.AlertsDuty, error) {
	row, err := alertsdb.New(tx).LockDuty(ctx, alertsdb.LockDutyParams{TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, ID: dutyID})
	if db.IsNoRows(err) {
		err = errDutyNotFound
	}
	return row, err
}

// DeleteDuty takes a duty back.
func (m *Module) DeleteDuty(ctx context.Context, tx db.Tx, in ByID) (httpx.NoContent, error) {
	row, err := lockDuty(ctx, tx, in.ID)
	if err != nil {
		return httpx.NoContent{}, err
	}
	if _, err := alertsdb.New(tx).DeleteDuty(ctx, alertsdb.DeleteDutyParams{TenantID: row.TenantID, FacilityID: row.FacilityID, ID: row.ID}); err != nil {
		return httpx.NoContent{}, err
	}
	return httpx.NoContent{}, m.deps.Bus.Publish(ctx, tx, alertsapi.DutyChanged{DutyID: row.ID, UserID: row.UserID, IsRemoved: true})
}

// GetDuty gives one duty.
func (m *Module) GetDuty(ctx context.Context, q db.DBTX, in ByID) (Duty, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := alertsdb.New(q).GetDuty(ctx, alertsdb.GetDutyParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Duty{}, errDutyNotFound
	}
	if err != nil {
		return Duty{}, err
	}
	return m.presentDuty(ctx, q, scope, m.deps.Clock.Now(), row)
}

// ListDutiesInput filters duties; filters given together must all hold.
type ListDutiesInput struct {
	httpx.PageParams
	Since  time.Time `query:"since" doc:"Those that end after this time"`
	Until  time.Time `query:"until" doc:"Those that start before this time"`
	Role   string    `query:"role" maxLength:"60"`
	TeamID uuid.UUID `query:"team_id" format:"uuid"`
	UserID uuid.UUID `query:"user_id" format:"uuid"`
}

const dutyColumns = `tenant_id, id, facility_id, user_id, role, team_id, starts_at, ends_at, created_by_id, version, created_at, updated_at`

// ListDuties gives the facility's duties in the order in which they start.
func (m *Module) ListDuties(ctx context.Context, q db.DBTX, in ListDutiesInput) (httpx.Page[Duty], error) {
	type key struct {
		At time.Time
		ID uuid.UUID
	}
	var after key
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Duty]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	where := in.where(scope)
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM alerts.duty`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Duty]{}, err
		}
	}
	if more {
		where.And("(starts_at, id) > (?::timestamptz, ?::uuid)", after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+dutyColumns+` FROM alerts.duty`+where.SQL()+` ORDER BY starts_at, id LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Duty]{}, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[alertsdb.AlertsDuty])
	if err != nil {
		return httpx.Page[Duty]{}, err
	}
	duties, err := m.presentDuties(ctx, q, scope, m.deps.Clock.Now(), found)
	if err != nil {
		return httpx.Page[Duty]{}, err
	}
	page := httpx.NewPage(duties, in.Limit, func(d Duty) any { return key{d.StartsAt, d.ID} })
	page.Count = count
	return page, nil
}

func (in ListDutiesInput) where(scope db.Scope) *db.Where {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if !in.Since.IsZero() {
		w.And("ends_at > ?", in.Since)
	}
	if !in.Until.IsZero() {
		w.And("starts_at < ?", in.Until)
	}
	if in.Role != "" {
		w.And("role = ?", in.Role)
	}
	if in.TeamID != uuid.Nil {
		w.And("team_id = ?", in.TeamID)
	}
	if in.UserID != uuid.Nil {
		w.And("user_id = ?", in.UserID)
	}
	return w
}

func (m *Module) presentDuties(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, rows []alertsdb.AlertsDuty) ([]Duty, error) {
	var userIDs, teamIDs []uuid.UUID
	for _, row := range rows {
		userIDs = append(userIDs, row.UserID)
		if row.TeamID != nil {
			teamIDs = append(teamIDs, *row.TeamID)
		}
	}
	names, err := m.names(ctx, q, scope, userIDs)
	if err != nil {
		return nil, err
	}
	teamNames := map[uuid.UUID]string{}
	if len(teamIDs) > 0 {
		teams, err := alertsdb.New(q).TeamsByID(ctx, alertsdb.TeamsByIDParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: id.Distinct(teamIDs)})
		if err != nil {
			return nil, err
		}
		for _, team := range teams {
			teamNames[team.ID] = team.Name
		}
	}
	duties := make([]Duty, len(rows))
	for i, row := range rows {
		duties[i] = Duty{
			Version: httpx.Version(row.Version), ID: row.ID, User: *names.of(&row.UserID), Role: row.Role, TeamID: row.TeamID, StartsAt: row.StartsAt,
			EndsAt: row.EndsAt, IsNow: !row.StartsAt.After(now) && row.EndsAt.After(now), CreatedAt: row.CreatedAt,
		}
		if row.TeamID != nil {
			duties[i].TeamName = orNull(teamNames[*row.TeamID])
		}
	}
	return duties, nil
}
