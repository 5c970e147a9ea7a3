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
	values := make([]labapi.RecentValue, 0, len(rows))
	seen := laterResults{of: map[string]int{}, telling: map[[2]string]int{}}
	for start := 0; start < len(rows); {
		end := start
		for end < len(rows) && rows[end].ResultID == rows[start].ResultID {
			row := rows[end]
			end++
			var v labapi.Value
			if err := json.Unmarshal(row.Shown, &v); err != nil {
				return nil, fmt.Errorf("value %s of result %s: %w", row.Code, row.ResultID, err)
			}
			if v.Withdrawn {
				continue
			}
			number, comparator := numberOf(v)
			values = append(values, labapi.RecentValue{ResultID: row.ResultID, ItemID: row.OrderItemID, Code: row.Code, LOINC: valueOf(v.LOINC),
				Number: number, Comparator: comparator, Text: v.Display, Unit: valueOf(v.Unit), Superseded: seen.lack(row.ServiceCode, row.Code), At: row.CollectedAt})
			seen.telling[[2]string{row.ServiceCode, row.Code}]++
		}
		seen.of[rows[start].ServiceCode]++
		start = end
	}
	return values, nil
}

// laterResults counts, while results are read the newest first, those of each service, and those that told an analyte.
type laterResults struct {
	of      map[string]int
	telling map[[2]string]int
}

// lack tells whether a later result of the service told nothing of the analyte.
func (l laterResults) lack(service, analyte string) bool {
	return l.telling[[2]string{service, analyte}] < l.of[service]
}
