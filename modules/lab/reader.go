package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// Reader is labapi.Reader over the database. It has no state, so it exists before the module does. It knows neither the
// patients' nor the people's names, which their own modules tell.
type Reader struct{}

var _ labapi.Reader = Reader{}

// Samples by id.
func (Reader) Samples(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]labapi.Sample, error) {
	rows, err := labdb.New(q).SamplesByID(ctx, labdb.SamplesByIDParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: ids})
	if err != nil {
		return nil, err
	}
	samples := make(map[uuid.UUID]labapi.Sample, len(rows))
	for _, row := range rows {
		s, err := sampleOf(row)
		if err != nil {
			return nil, err
		}
		s.Custody = custodyOf(row, nil)
		samples[row.ID] = s
	}
	return samples, nil
}

// Results by id.
func (Reader) Results(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]labapi.Result, error) {
	rows, err := labdb.New(q).ResultsByID(ctx, labdb.ResultsByIDParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: ids})
	if err != nil {
		return nil, err
	}
	results := make(map[uuid.UUID]labapi.Result, len(rows))
	for _, row := range rows {
		if results[row.ID], err = told(row); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// ReleasedOf lists the newest released version of each item of an order.
func (Reader) ReleasedOf(ctx context.Context, q db.DBTX, scope db.Scope, orderID uuid.UUID) ([]labapi.Result, error) {
	rows, err := labdb.New(q).ReleasedOfOrder(ctx, labdb.ReleasedOfOrderParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: orderID})
	if err != nil {
		return nil, err
	}
	results := make([]labapi.Result, len(rows))
	for i, row := range rows {
		if results[i], err = told(row); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// told is a result as other modules read it: IsLatest says that no version supersedes it, whoever asks.
func told(row labdb.LabResultRecord) (labapi.Result, error) {
	r, err := resultOf(row)
	r.EnteredBy, r.VerifiedBy, r.ReleasedBy = person(row.EnteredByID, nil), person(row.VerifiedByID, nil), person(row.ReleasedByID, nil)
	return r, err
}

// Recent lists the current released values of a patient.
func (Reader) Recent(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID, since time.Time) ([]labapi.RecentValue, error) {
	rows, err := labdb.New(q).RecentValues(ctx, labdb.RecentValuesParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientID: patientID, Since: since})
	if err != nil {
		return nil, err
	}
	values := make([]labapi.RecentValue, len(rows))
	for i, row := range rows {
		var v labapi.Value
		if err := json.Unmarshal(row.Shown, &v); err != nil {
			return nil, fmt.Errorf("value %s of result %s: %w", row.Code, row.ResultID, err)
		}
		values[i] = labapi.RecentValue{ResultID: row.ResultID, ItemID: row.OrderItemID, Code: row.Code, LOINC: valueOf(v.LOINC),
			Number: numberOf(v.Value), Text: v.Display, Unit: valueOf(v.Unit), At: row.CollectedAt}
	}
	return values, nil
}
