package rules

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Firing is a rule that fired on an act that passed.
type Firing struct {
	ID          uuid.UUID      `json:"id" format:"uuid"`
	EncounterID uuid.UUID      `json:"encounter_id" format:"uuid"`
	PatientID   uuid.UUID      `json:"patient_id" format:"uuid"`
	Moment      string         `json:"moment" example:"order.create"`
	Rule        string         `json:"rule" example:"ayurveda.rasa_needs_renal_tests"`
	Pack        string         `json:"pack" doc:"The pack that brings the rule"`
	PackVersion string         `json:"pack_version"`
	Effect      string         `json:"effect" enum:"block,warn,require_reason,open_task,raise_alert,notify,order_tests,auto_verify"`
	Severity    string         `json:"severity" enum:"info,warning,safety" doc:"As it was in force"`
	Outcome     string         `json:"outcome" enum:"warned,overridden,task_opened,task_open_already,task_not_opened,alert_raised,alert_recorded,notification_recorded,tests_ordered,auto_verified" doc:"task_open_already: the task that it asks for still waits to be done; task_not_opened: the encounter was over; alert_recorded: before there were alerts"`
	Message     string         `json:"message"`
	Reason      *string        `json:"reason" doc:"Why it was passed; null unless it was overridden"`
	Failure     *string        `json:"failure" enum:"missing_fact,cost_limit,error" doc:"Why it could not be checked; null when it could"`
	Facts       map[string]any `json:"facts" doc:"What made it fire"`
	ActorID     *uuid.UUID     `json:"actor_id" format:"uuid"`
	At          time.Time      `json:"at"`
}

// AuditSubject says whose record an answer shows.
func (f Firing) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "rule_firing", EntityID: f.ID, EncounterID: f.EncounterID, PatientIDs: []uuid.UUID{f.PatientID}}
}

// FiringsInput filters firings; filters given together must all hold.
type FiringsInput struct {
	httpx.PageParams
	EncounterID uuid.UUID `query:"encounter_id" format:"uuid"`
	PatientID   uuid.UUID `query:"patient_id" format:"uuid"`
	Rule        string    `query:"rule" maxLength:"200"`
	Since       time.Time `query:"since" doc:"At this time or after"`
	Until       time.Time `query:"until" doc:"Before this time"`
}

const firingColumns = `id, encounter_id, patient_id, moment, rule, pack, pack_version, effect, severity, outcome, message, reason, failure,
	facts, actor_id, at`

// notOfTheBench leaves out what rules said of results before they are released: words and facts that tell their values.
// What they say of a result as it is released is of moment result.release.
const notOfTheBench = `moment NOT IN ('` + packsapi.MomentResultEntered + `', '` + packsapi.MomentResultAutoverify + `')`

// Firings gives the rules that fired in the facility, the newest first; those on results as they are entered and
// autoverified only to who sees unreleased results. Rules of acts that were refused are not among them: those acts are
// undone, and the audit trail has their rules.
func (m *Module) Firings(ctx context.Context, q db.DBTX, in FiringsInput) (httpx.Page[Firing], error) {
	type key struct {
		At time.Time
		ID uuid.UUID
	}
	var after key
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Firing]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	where := in.where(scope)
	if !labapi.SeesUnreleased(ctx) {
		where.And(notOfTheBench)
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM rules.firing`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Firing]{}, err
		}
	}
	if more {
		where.And("(at, id) < (?, ?)", after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+firingColumns+` FROM rules.firing`+where.SQL()+` ORDER BY at DESC, id DESC LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Firing]{}, err
	}
	firings, err := pgx.CollectRows(rows, pgx.RowToStructByName[Firing])
	if err != nil {
		return httpx.Page[Firing]{}, err
	}
	page := httpx.NewPage(firings, in.Limit, func(f Firing) any { return key{f.At, f.ID} })
	page.Count = count
	return page, nil
}

func (in FiringsInput) where(scope db.Scope) *db.Where {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.EncounterID != uuid.Nil {
		w.And("encounter_id = ?", in.EncounterID)
	}
	if in.PatientID != uuid.Nil {
		w.And("patient_id = ?", in.PatientID)
	}
	if in.Rule != "" {
		w.And("rule = ?", in.Rule)
	}
	if !in.Since.IsZero() {
		w.And("at >= ?", in.Since)
	}
	if !in.Until.IsZero() {
		w.And("at < ?", in.Until)
	}
	return w
}
