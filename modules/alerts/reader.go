package alerts

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
	"hmsoftware.com/hm/modules/iam/iamapi"
)

// Reader is alertsapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ alertsapi.Reader = Reader{}

// UnacknowledgedCritical lists the analytes of critical results that nobody has acknowledged; the test's code where a
// result names none.
func (Reader) UnacknowledgedCritical(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) ([]string, error) {
	rows, err := alertsdb.New(q).OpenOfEncounter(ctx, alertsdb.OpenOfEncounterParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: encounterID, Kind: alertsapi.KindCriticalResult})
	if err != nil {
		return nil, err
	}
	codes := []string{}
	for _, row := range rows {
		facts, err := factsOf(row)
		if err != nil {
			return nil, err
		}
		if len(facts.Codes) == 0 {
			facts.Codes = []string{facts.ServiceCode}
		}
		codes = append(codes, facts.Codes...)
	}
	slices.Sort(codes)
	return slices.Compact(codes), nil
}

// Briefs by id.
func (Reader) Briefs(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]alertsapi.Brief, error) {
	briefs := make(map[uuid.UUID]alertsapi.Brief, len(ids))
	if len(ids) == 0 {
		return briefs, nil
	}
	rows, err := alertsdb.New(q).AlertsByID(ctx, alertsdb.AlertsByIDParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: ids})
	for _, row := range rows {
		briefs[row.ID] = alertsapi.Brief{
			ID: row.ID, Kind: row.Kind, Severity: alertsapi.Severity(row.Severity), Status: alertsapi.Status(row.Status), Title: row.Title,
			PatientID: row.PatientID, EncounterID: row.EncounterID, SubjectKind: row.SubjectKind, SubjectID: row.SubjectID, RaisedAt: row.RaisedAt,
		}
	}
	return briefs, err
}

// Audience is alertsapi.Audience over the database; Users know who holds a role. It too exists before the module does.
type Audience struct{ Users iamapi.Reader }

var _ alertsapi.Audience = Audience{}

// SeesCriticalResult tells whether the caller may acknowledge a critical result, whether or not somebody has: who is to act
// on it must be able to read it, also before anybody vouches for it.
func (a Audience) SeesCriticalResult(ctx context.Context, q db.DBTX, scope db.Scope, at time.Time, r alertsapi.CriticalResult) (bool, error) {
	if !auth.Can(ctx, CanRead) {
		return false, nil
	}
	found, err := alertsdb.New(q).AlertsOfResult(ctx, alertsdb.AlertsOfResultParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: r.EncounterID, Kind: alertsapi.KindCriticalResult, ResultID: r.ResultID, OrderItemID: r.OrderItemID})
	if err != nil || len(found) == 0 {
		return false, err
	}
	if auth.Can(ctx, CanAcknowledge) && auth.Can(ctx, CanAcknowledgeCritical) {
		return true, nil
	}
	m := &Module{deps: Deps{Users: a.Users}}
	for _, row := range found {
		if isMine, err := m.isFor(ctx, q, scope, at, row); err != nil || isMine {
			return isMine, err
		}
	}
	return false, nil
}
