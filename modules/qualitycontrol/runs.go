package qualitycontrol

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/qualitycontrol/internal/qualitycontroldb"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

var (
	errLotInactive     = errs.Conflict("qualitycontrol.lot_inactive", "This lot is not in use.")
	errLotExpired      = errs.Conflict("qualitycontrol.lot_expired", "This lot has expired.")
	errOutOfOrder      = errs.Conflict("qualitycontrol.run_out_of_order", "A later run of this control is there already; runs are judged one after the other.")
	errUnknownAnalyte  = errs.Invalid("qualitycontrol.unknown_analyte", "The lot has no target for this analyte.").At("body.analyte", "Not among the lot's targets.")
	errRunNotFound     = errs.NotFound("qualitycontrol.run_not_found", "There is no such run of this lot.")
	errAlreadyExcluded = errs.Conflict("qualitycontrol.already_excluded", "This run is excluded already.")
)

// errNoWords refuses what is blank only, in whatever script: a pattern knows the blanks of ASCII alone.
func errNoWords(location string) error {
	return errInvalid.At(location, "Must have words, not blanks only.")
}

// The statuses of a run.
const (
	statusInControl = "IN_CONTROL"
	statusWarning   = "WARNING"
	statusRejected  = "REJECTED"
)

// sameRun is how long ago another level may have been measured to be of the same run: levels are run one right after
// the other, at the latest in the same shift.
const sameRun = 8 * time.Hour

// longAgo is how far back a run may be entered: what is older was judged elsewhere.
const longAgo = 366 * 24 * time.Hour

// ahead is how far a device's clock may be before the server's.
const ahead = 5 * time.Minute

// RecordRunInput is one value of control material.
type RecordRunInput struct {
	ByID
	Body struct {
		Analyte string     `json:"analyte" minLength:"1" maxLength:"64"`
		Value   Number     `json:"value"`
		At      *time.Time `json:"at,omitempty" doc:"When it was measured; now when absent"`
		Comment *string    `json:"comment,omitempty" minLength:"1" maxLength:"2000"`
	}
}

// RecordRun writes down what was found, judges it, and holds the analyte where a rejecting rule is broken. Runs of an
// analyte in a facility are judged one after the other, because each depends on those before it, of all levels.
func (m *Module) RecordRun(ctx context.Context, tx db.Tx, in RecordRunInput) (Run, error) {
	body, scope := in.Body, tx.Scope()
	if why := body.Value.fault(); why != "" {
		return Run{}, errInvalid.At("body.value", why)
	}
	if body.Comment != nil {
		comment := strings.TrimSpace(*body.Comment)
		if body.Comment = &comment; comment == "" {
			return Run{}, errNoWords("body.comment")
		}
	}
	tx.Lock("qualitycontrol.runs", scope.FacilityID.String(), body.Analyte)
	queries := qualitycontroldb.New(tx)
	lot, err := queries.ShareLot(ctx, qualitycontroldb.ShareLotParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Run{}, errLotNotFound
	}
	if err != nil {
		return Run{}, err
	}
	target, err := queries.GetTarget(ctx, qualitycontroldb.GetTargetParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotID: lot.ID, Analyte: body.Analyte})
	if db.IsNoRows(err) {
		return Run{}, errUnknownAnalyte
	}
	if err != nil {
		return Run{}, err
	}
	at, err := m.timeOf(ctx, tx, lot, body.Analyte, body.At)
	if err != nil {
		return Run{}, err
	}
	now := Control{body.Value.Decimal, target.Mean, target.Sd}
	rules, err := m.judge(ctx, tx, lot, body.Analyte, at, now)
	if err != nil {
		return Run{}, err
	}
	run := qualitycontroldb.InsertRunParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.For(ctx, tx.Now()), LotID: lot.ID, Analyte: body.Analyte, Value: now.Value, Unit: target.Unit,
		Mean: now.Mean, Sd: now.SD, Status: statusOf(rules), Rules: words(rules), At: at, Comment: body.Comment, RecordedByID: id.Ptr(scope.UserID), Now: tx.Now(),
	}
	if run.Status == statusRejected {
		holdID, err := m.hold(ctx, tx, run)
		if err != nil {
			return Run{}, err
		}
		run.HoldID = &holdID
	}
	row, err := queries.InsertRun(ctx, run)
	if err != nil {
		return Run{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, qualitycontrolapi.RunRecorded{RunID: row.ID, LotID: lot.ID, Analyte: row.Analyte}); err != nil {
		return Run{}, err
	}
	if len(rules) > 0 {
		if err := m.deps.Bus.Publish(ctx, tx, qualitycontrolapi.RunViolated{RunID: row.ID, LotID: lot.ID, Analyte: row.Analyte, Rules: row.Rules, HoldID: row.HoldID}); err != nil {
			return Run{}, err
		}
	}
	return m.presentRun(ctx, tx, scope, row)
}

// timeOf checks when a run was measured against the lot and the runs before it.
func (m *Module) timeOf(ctx context.Context, tx db.Tx, lot qualitycontroldb.QualitycontrolLot, analyte string, sent *time.Time) (time.Time, error) {
	scope, at := tx.Scope(), tx.Now()
	if sent != nil {
		at = sent.UTC().Truncate(time.Microsecond)
	}
	if at.After(tx.Now().Add(ahead)) {
		return at, errInvalid.At("body.at", "Lies in the future.")
	}
	if at.Before(tx.Now().Add(-longAgo)) {
		return at, errInvalid.At("body.at", "Lies more than a year back.")
	}
	if !lot.IsActive {
		return at, errLotInactive
	}
	day, err := m.dayOf(ctx, tx, scope, at)
	if err != nil {
		return at, err
	}
	if lot.ExpiresOn.Before(day) {
		return at, errLotExpired
	}
	newest, err := qualitycontroldb.New(tx).NewestAt(ctx, qualitycontroldb.NewestAtParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotID: lot.ID, Analyte: analyte})
	switch {
	case db.IsNoRows(err):
		return at, nil
	case err != nil:
		return at, err
	case at.Before(newest) && sent != nil:
		return at, errOutOfOrder
	case at.Before(newest):
		return newest, nil // another node's clock is ahead
	}
	return at, nil
}

// judge finds the rules that a value breaks among those before it. A series ends where it was rejected and answered for,
// and where the target was another: what was wrong before has been put right, or is measured by another rod.
func (m *Module) judge(ctx context.Context, tx db.Tx, lot qualitycontroldb.QualitycontrolLot, analyte string, at time.Time, now Control) ([]Rule, error) {
	queries, scope := qualitycontroldb.New(tx), tx.Scope()
	rows, err := queries.SeriesBefore(ctx, qualitycontroldb.SeriesBeforeParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotID: lot.ID, Analyte: analyte, At: at, MaxRows: lookBack})
	if err != nil {
		return nil, err
	}
	var former, peers []Control
	for _, row := range rows {
		if row.AnsweredFor || !row.Mean.Equal(now.Mean) || !row.Sd.Equal(now.SD) {
			break
		}
		former = append(former, Control{row.Value, row.Mean, row.Sd})
	}
	// A level measured before this one's own former run belongs to that one's run.
	since := at.Add(-sameRun)
	if len(rows) > 0 && rows[0].At.After(since) {
		since = rows[0].At
	}
	others, err := queries.PeersOf(ctx, qualitycontroldb.PeersOfParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, Analyte: analyte, Material: lot.Material, Level: lot.Level, Since: since, At: at})
	if err != nil {
		return nil, err
	}
	for _, row := range others {
		if !row.AnsweredFor {
			peers = append(peers, Control{row.Value, row.Mean, row.Sd})
		}
	}
	return Judge(now, former, peers), nil
}

func statusOf(rules []Rule) string {
	status := statusInControl
	for _, rule := range rules {
		if rule.Rejects() {
			return statusRejected
		}
		status = statusWarning
	}
	return status
}

func words(rules []Rule) []string {
	all := make([]string, len(rules))
	for i, rule := range rules {
		all[i] = string(rule)
	}
	return all
}

// ExcludeRunInput says which run counts no more, and why.
type ExcludeRunInput struct {
	ByID
	RunID uuid.UUID `path:"run_id" format:"uuid"`
	Body  struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000" pattern:"\\S" patternDescription:"words"`
	}
}

// ExcludeRun leaves a run out of means and of the series that later runs are judged by. It stays where it is, and so does
// a hold that it began.
func (m *Module) ExcludeRun(ctx context.Context, tx db.Tx, in ExcludeRunInput) (Run, error) {
	reason := strings.TrimSpace(in.Body.Reason)
	if reason == "" {
		return Run{}, errNoWords("body.reason")
	}
	queries, scope := qualitycontroldb.New(tx), tx.Scope()
	row, err := queries.GetRun(ctx, qualitycontroldb.GetRunParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotID: in.ID, ID: in.RunID})
	if db.IsNoRows(err) {
		return Run{}, errRunNotFound
	}
	if err != nil {
		return Run{}, err
	}
	err = queries.InsertExclusion(ctx, qualitycontroldb.InsertExclusionParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.For(ctx, tx.Now()), RunID: row.ID, Reason: reason, ExcludedByID: id.Ptr(scope.UserID), Now: tx.Now()})
	if db.Violates(err, "exclusion_once") {
		return Run{}, errAlreadyExcluded
	}
	if err != nil {
		return Run{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, qualitycontrolapi.RunExcluded{RunID: row.ID, LotID: row.LotID, Analyte: row.Analyte}); err != nil {
		return Run{}, err
	}
	return m.presentRun(ctx, tx, scope, row)
}
