package alerts

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
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
