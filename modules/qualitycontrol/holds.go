package qualitycontrol

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/qualitycontrol/internal/qualitycontroldb"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

var (
	errHoldNotFound    = errs.NotFound("qualitycontrol.hold_not_found", "There is no such hold.")
	errAlreadyResolved = errs.Conflict("qualitycontrol.already_resolved", "This hold is resolved already.")
)

const (
	holdOpen     = "OPEN"
	holdResolved = "RESOLVED"
)

// Hold keeps patient results of an analyte back, as the API shows it.
type Hold struct {
	httpx.Version  `json:"-"`
	ID             uuid.UUID  `json:"id" format:"uuid"`
	Analyte        string     `json:"analyte"`
	Name           string     `json:"name" doc:"The analyte's, in the caller's language"`
	LotID          uuid.UUID  `json:"lot_id" format:"uuid" doc:"Of the run that began it"`
	Material       string     `json:"material"`
	LotNumber      string     `json:"lot_number"`
	Level          int        `json:"level"`
	RunID          uuid.UUID  `json:"run_id" format:"uuid" doc:"The run that began it"`
	Rules          []string   `json:"rules" nullable:"false" doc:"Those that it broke, the gravest first"`
	RunCount       int        `json:"run_count" doc:"How many runs were rejected while it was open"`
	Status         string     `json:"status" enum:"OPEN,RESOLVED"`
	OpenedAt       time.Time  `json:"opened_at"`
	LastViolatedAt time.Time  `json:"last_violated_at"`
	LastGoodRunAt  *time.Time `json:"last_good_run_at" doc:"The newest run before the violation that was not rejected, of the level that broke a rule or, where it had none, of any: what was measured since is suspect. Null where there was none"`
	HasGoodRun     *bool      `json:"has_good_run_since" doc:"Whether each level that was rejected was run well afterwards, before it was resolved; null of holds resolved before this was asked"`
	ResolvedAt     *time.Time `json:"resolved_at"`
	ResolvedByID   *uuid.UUID `json:"resolved_by_id" format:"uuid"`
	ResolvedBy     *Person    `json:"resolved_by"`
	Reason         *string    `json:"reason" doc:"What was wrong, and what was done about it"`
	Actions        []string   `json:"actions" nullable:"false" doc:"What the caller may do to it now: resolve"`
}

// hold gives the hold under which a rejected run stands: the open one of its analyte, else a new one. Runs of an analyte
// come one after the other; a resolver who is faster makes JoinHold find none.
func (m *Module) hold(ctx context.Context, tx db.Tx, run qualitycontroldb.InsertRunParams) (uuid.UUID, error) {
	queries := qualitycontroldb.New(tx)
	open, err := queries.JoinHold(ctx, qualitycontroldb.JoinHoldParams{At: run.At, TenantID: run.TenantID, FacilityID: run.FacilityID, Analyte: run.Analyte})
	if !db.IsNoRows(err) {
		return open, err
	}
	made := id.For(ctx, tx.Now())
	return made, queries.InsertHold(ctx, qualitycontroldb.InsertHoldParams{
		TenantID: run.TenantID, FacilityID: run.FacilityID, ID: made, Analyte: run.Analyte, LotID: run.LotID, RunID: run.ID, Rules: run.Rules, Now: tx.Now(), At: run.At})
}

// HoldsInput filters holds; filters given together must all hold.
type HoldsInput struct {
	httpx.PageParams
	Status  []string `query:"status,explode" maxItems:"20" doc:"OPEN RESOLVED; several by repetition or commas"`
	Analyte string   `query:"analyte" maxLength:"64"`
}

const selectHolds = `SELECT h.* FROM qualitycontrol.hold_record h`

var holdStatuses = []string{holdOpen, holdResolved}

// ListHolds gives the facility's holds, the newest first.
func (m *Module) ListHolds(ctx context.Context, q db.DBTX, in HoldsInput) (httpx.Page[Hold], error) {
	scope, _ := db.ScopeOf(ctx)
	asked, err := httpx.Among("status", in.Status, holdStatuses)
	if err != nil {
		return httpx.Page[Hold]{}, err
	}
	where := &db.Where{}
	where.And("h.tenant_id = ? AND h.facility_id = ?", scope.TenantID, scope.FacilityID)
	if condition := db.AnyOf("h.status", asked, holdStatuses); condition != "" {
		where.And(condition)
	}
	if in.Analyte != "" {
		where.And("h.analyte = ?", in.Analyte)
	}
	rows, count, err := page[qualitycontroldb.QualitycontrolHoldRecord](ctx, q, where, in.PageParams, selectHolds, "h.opened_at", "h.id")
	if err != nil {
		return httpx.Page[Hold]{}, err
	}
	holds, err := m.presentHolds(ctx, q, scope, rows)
	if err != nil {
		return httpx.Page[Hold]{}, err
	}
	page := httpx.NewPage(holds, in.Limit, func(h Hold) any { return listKey{h.OpenedAt, h.ID} })
	page.Count = count
	return page, nil
}

// GetHold gives one hold.
func (m *Module) GetHold(ctx context.Context, q db.DBTX, in ByID) (Hold, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := qualitycontroldb.New(q).GetHold(ctx, qualitycontroldb.GetHoldParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Hold{}, errHoldNotFound
	}
	if err != nil {
		return Hold{}, err
	}
	holds, err := m.presentHolds(ctx, q, scope, []qualitycontroldb.QualitycontrolHoldRecord{row})
	if err != nil {
		return Hold{}, err
	}
	return holds[0], nil
}

// ResolveHoldInput says why patient results may go on.
type ResolveHoldInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000" pattern:"\\S" patternDescription:"words" doc:"What was wrong, and what was done about it"`
	}
}

// ResolveHold lets patient results of the analyte go on. Whether a control was good again by then is written beside the
// reason; it is no condition, because an analyte may be given up, or its controls be what was wrong. With If-Match it is refused when a further run was rejected
// since the caller looked.
func (m *Module) ResolveHold(ctx context.Context, tx db.Tx, in ResolveHoldInput) (Hold, error) {
	reason := strings.TrimSpace(in.Body.Reason)
	if reason == "" {
		return Hold{}, errNoWords("body.reason")
	}
	queries, scope := qualitycontroldb.New(tx), tx.Scope()
	row, err := queries.LockHold(ctx, qualitycontroldb.LockHoldParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Hold{}, errHoldNotFound
	}
	if err != nil {
		return Hold{}, err
	}
	if row.Status == holdResolved {
		return Hold{}, errAlreadyResolved
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Hold{}, err
	}
	seen, err := queries.GetHold(ctx, qualitycontroldb.GetHoldParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: row.ID})
	if err != nil {
		return Hold{}, err
	}
	if err := queries.ResolveHold(ctx, qualitycontroldb.ResolveHoldParams{
		Now: tx.Now(), ResolvedByID: id.Ptr(scope.UserID), Reason: reason, ResolvedAfterGoodRun: seen.HasGoodRunSince != nil && *seen.HasGoodRunSince, TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: row.ID}); err != nil {
		return Hold{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, qualitycontrolapi.HoldResolved{HoldID: row.ID, Analyte: row.Analyte}); err != nil {
		return Hold{}, err
	}
	return m.GetHold(ctx, tx, in.ByID)
}

func (m *Module) presentHolds(ctx context.Context, q db.DBTX, scope db.Scope, rows []qualitycontroldb.QualitycontrolHoldRecord) ([]Hold, error) {
	users := make([]*uuid.UUID, len(rows))
	for i, row := range rows {
		users[i] = row.ResolvedByID
	}
	person, err := m.people(ctx, q, scope, users)
	if err != nil {
		return nil, err
	}
	known, err := m.analytes(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	mayResolve := auth.Can(ctx, CanResolve)
	holds := make([]Hold, len(rows))
	for i, row := range rows {
		holds[i] = Hold{
			Version: httpx.Version(row.Version), ID: row.ID, Analyte: row.Analyte, Name: known.name(ctx, row.Analyte), LotID: row.LotID, Material: row.Material, LotNumber: row.LotNumber, Level: int(row.Level),
			RunID: row.RunID, Rules: row.Rules, RunCount: int(row.RunCount), Status: row.Status, OpenedAt: row.OpenedAt, LastViolatedAt: row.LastViolatedAt,
			LastGoodRunAt: row.LastGoodRunAt, HasGoodRun: row.HasGoodRunSince,
			ResolvedAt: row.ResolvedAt, ResolvedByID: row.ResolvedByID, ResolvedBy: person(row.ResolvedByID), Reason: row.Reason, Actions: []string{},
		}
		if mayResolve && row.Status == holdOpen {
			holds[i].Actions = []string{"resolve"}
		}
	}
	return holds, nil
}
