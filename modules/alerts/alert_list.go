package alerts

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

// severities from the gravest.
var severities = []alertsapi.Severity{alertsapi.SeverityCritical, alertsapi.SeverityWarning, alertsapi.SeverityInfo}

// ListInput filters alerts; filters given together must all hold.
type ListInput struct {
	httpx.PageParams
	Status      []string  `query:"status,explode" maxItems:"20" doc:"OPEN ACKNOWLEDGED RESOLVED; several by repetition or commas"`
	Severity    []string  `query:"severity,explode" maxItems:"20" doc:"INFO WARNING CRITICAL; several by repetition or commas"`
	Kind        string    `query:"kind" maxLength:"210"`
	EncounterID uuid.UUID `query:"encounter_id" format:"uuid"`
	PatientID   uuid.UUID `query:"patient_id" format:"uuid"`
	Mine        bool      `query:"mine" doc:"Those for the caller: by name, role, team or duty, now"`
}

const alertColumns = `tenant_id, id, facility_id, kind, severity, status, title, detail, encounter_id, patient_id, subject_kind, subject_id,
	cause_id, facts, level, next_escalation_at, raised_at, raised_by_id, acknowledged_at, acknowledged_by_id, resolved_at, resolved_by_id,
	resolution, version, updated_at`

// isMine is true of an alert with a target that reaches the caller: the arguments are the user, the user's roles, now, and
// the roles and teams of which somebody is on duty. Who is not on duty is reached for one all the same while nobody is.
const isMine = `EXISTS (SELECT FROM alerts.target t WHERE t.tenant_id = a.tenant_id AND t.alert_id = a.id AND (
	t.user_id = @user
	OR (t.role = ANY(@roles) OR EXISTS (SELECT FROM alerts.team_member m JOIN alerts.team team ON team.tenant_id = m.tenant_id AND team.id = m.team_id
			WHERE m.tenant_id = t.tenant_id AND m.team_id = t.team_id AND m.user_id = @user AND team.is_active))
		AND (NOT t.on_duty
			OR EXISTS (SELECT FROM alerts.duty d WHERE ` + onDutyFor + ` AND d.user_id = @user)
			OR NOT COALESCE(t.role = ANY(@staffed_roles), t.team_id = ANY(@staffed_teams)))))`

const onDutyFor = `d.tenant_id = t.tenant_id AND d.facility_id = t.facility_id AND d.starts_at <= @now AND d.ends_at > @now
				AND (d.role = t.role OR d.team_id = t.team_id)`

// List gives the facility's alerts, the newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Alert], error) {
	type key struct {
		At time.Time
		ID uuid.UUID
	}
	var after key
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Alert]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	now := m.deps.Clock.Now()
	where, err := m.where(ctx, q, scope, now, in)
	if err != nil {
		return httpx.Page[Alert]{}, err
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM alerts.alert a`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Alert]{}, err
		}
	}
	if more {
		where.And("(raised_at, id) < (?::timestamptz, ?::uuid)", after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+alertColumns+` FROM alerts.alert a`+where.SQL()+` ORDER BY raised_at DESC, id DESC LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Alert]{}, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[alertsdb.AlertsAlert])
	if err != nil {
		return httpx.Page[Alert]{}, err
	}
	alerts, err := m.present(ctx, q, scope, now, found, nil)
	if err != nil {
		return httpx.Page[Alert]{}, err
	}
	page := httpx.NewPage(alerts, in.Limit, func(a Alert) any { return key{a.RaisedAt, a.ID} })
	page.Count = count
	return page, nil
}

func (m *Module) where(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, in ListInput) (*db.Where, error) {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	asked, err := httpx.Among("status", in.Status, statuses)
	if err != nil {
		return nil, err
	}
	if condition := db.AnyOf("status", asked, statuses, statuses...); condition != "" {
		w.And(condition)
	}
	grave, err := httpx.Among("severity", in.Severity, severities)
	if err != nil {
		return nil, err
	}
	if condition := db.AnyOf("severity", grave, severities); condition != "" {
		w.And(condition)
	}
	if in.Kind != "" {
		w.And("kind = ?", in.Kind)
	}
	if in.EncounterID != uuid.Nil {
		w.And("encounter_id = ?", in.EncounterID)
	}
	if in.PatientID != uuid.Nil {
		w.And("patient_id = ?", in.PatientID)
	}
	if in.Mine {
		there, err := m.staffedAt(ctx, q, scope, now)
		if err != nil {
			return nil, err
		}
		w.And(mine(w, scope.UserID, rolesOf(ctx), now, there))
	}
	return w, nil
}

// rolesOf gives the caller's roles in the facility.
func rolesOf(ctx context.Context) []string {
	if identity := auth.From(ctx); identity != nil && identity.Acting != nil {
		return identity.Acting.Roles
	}
	return []string{}
}

// mine fills in isMine.
func mine(w *db.Where, userID uuid.UUID, roles []string, now time.Time, there staffed) string {
	return strings.NewReplacer("@user", w.Arg(userID)+"::uuid", "@roles", w.Arg(roles)+"::text[]", "@now", w.Arg(now)+"::timestamptz",
		"@staffed_roles", w.Arg(there.roles)+"::text[]", "@staffed_teams", w.Arg(there.teams)+"::uuid[]").Replace(isMine)
}

// staffed are the roles and teams of which somebody is on duty who belongs to them still.
type staffed struct {
	roles []string
	teams []uuid.UUID
}

func (m *Module) staffedAt(ctx context.Context, q db.DBTX, scope db.Scope, at time.Time) (staffed, error) {
	there := staffed{roles: []string{}, teams: []uuid.UUID{}}
	duties, err := alertsdb.New(q).DutiesAt(ctx, alertsdb.DutiesAtParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, At: at})
	if err != nil || len(duties) == 0 {
		return there, err
	}
	targets := make([]target, len(duties))
	for i, duty := range duties {
		targets[i] = target{Role: duty.Role, TeamID: duty.TeamID}
	}
	directory, err := m.lookUp(ctx, q, scope, at, targets)
	if err != nil {
		return there, err
	}
	for i, duty := range duties {
		switch {
		case !slices.Contains(directory.people(targets[i]), duty.UserID):
		case duty.Role != nil:
			there.roles = append(there.roles, *duty.Role)
		default:
			there.teams = append(there.teams, *duty.TeamID)
		}
	}
	return there, nil
}
