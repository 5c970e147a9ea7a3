package qualitycontrol

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/qualitycontrol/internal/qualitycontroldb"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

// Reader is qualitycontrolapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ qualitycontrolapi.Reader = Reader{}

// Held lists the analytes of the scope's facility that a violated rule holds back, by code.
func (Reader) Held(ctx context.Context, q db.DBTX, scope db.Scope) ([]qualitycontrolapi.Hold, error) {
	rows, err := qualitycontroldb.New(q).OpenHolds(ctx, qualitycontroldb.OpenHoldsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID})
	if err != nil {
		return nil, err
	}
	holds := make([]qualitycontrolapi.Hold, len(rows))
	for i, row := range rows {
		holds[i] = qualitycontrolapi.Hold{ID: row.ID, Analyte: row.Analyte, Rule: row.Rules[0], Since: row.OpenedAt}
	}
	return holds, nil
}

// Suspect tells what a hold casts doubt on.
func (Reader) Suspect(ctx context.Context, q db.DBTX, scope db.Scope, holdID uuid.UUID) (qualitycontrolapi.Suspect, error) {
	row, err := qualitycontroldb.New(q).GetHold(ctx, qualitycontroldb.GetHoldParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: holdID})
	if db.IsNoRows(err) {
		err = errHoldNotFound
	}
	return qualitycontrolapi.Suspect{Analyte: row.Analyte, Since: row.LastGoodRunAt, Until: row.ResolvedAt}, err
}
