package labprint

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// errAltered: what a report tells is never told otherwise, not even by what was written past the application.
var errAltered = errs.Conflict("labprint.content_altered", "The results of this report are not what they were when it was issued, so it is not printed. Tell whoever runs the installation.")

// shelf is everything that some reports are printed from, read in one transaction.
type shelf struct {
	zone     *time.Location
	layout   Layout
	rows     []labprintdb.ReportsRow
	results  map[uuid.UUID]labapi.Result
	samples  map[uuid.UUID]labapi.Sample
	patients map[uuid.UUID]patientsapi.Summary
	names    map[uuid.UUID]string
	library  packsapi.Library
	packs    map[uuid.UUID]string        // of the encounters
	awaiting map[uuid.UUID][]waitingTest // of the orders, by the order's id
}

type waitingTest struct{ code, name string }

// gather reads the reports in the order of ids, and refuses where one is not of the scope's facility.
func (m *Module) gather(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (*shelf, error) {
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return nil, err
	}
	s := &shelf{zone: settings.Zone, packs: map[uuid.UUID]string{}, awaiting: map[uuid.UUID][]waitingTest{}}
	if s.layout, err = m.layoutOf(ctx, q, scope); err != nil {
		return nil, err
	}
	if s.rows, err = labprintdb.New(q).Reports(ctx, labprintdb.ReportsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: ids}); err != nil {
		return nil, err
	}
	if len(s.rows) != len(ids) {
		return nil, errNotFound
	}
	slices.SortFunc(s.rows, func(a, b labprintdb.ReportsRow) int {
		return slices.Index(ids, a.LabprintReport.ID) - slices.Index(ids, b.LabprintReport.ID)
	})
	var resultIDs, sampleIDs, patientIDs, people []uuid.UUID
	for _, row := range s.rows {
		patientIDs = append(patientIDs, row.LabprintReport.PatientID)
		resultIDs = append(append(resultIDs, row.LabprintReport.ResultIds...), row.LabprintReport.FormerIds...)
		if by := row.LabprintReport.OrderedByID; by != nil {
			people = append(people, *by)
		}
	}
	resultIDs = withoutNil(id.Distinct(resultIDs))
	if s.results, err = m.deps.Lab.Results(ctx, q, scope, resultIDs); err != nil {
		return nil, err
	}
	for _, row := range s.rows {
		r := row.LabprintReport
		results := make([]labapi.Result, len(r.ResultIds))
		for i, resultID := range r.ResultIds {
			results[i] = s.results[resultID]
			sampleIDs = append(sampleIDs, results[i].SampleID)
			for _, by := range []*uuid.UUID{results[i].VerifiedByID, results[i].ReleasedByID} {
				if by != nil {
					people = append(people, *by)
				}
			}
		}
		if !isDigestOf(r.ContentDigest, results, formersOf(r.FormerIds, s.results)) {
			slog.ErrorContext(ctx, "a laboratory report is not printed: its results are not what they were when it was issued", "report_id", r.ID)
			return nil, errAltered
		}
		if _, known := s.packs[r.EncounterID]; !known {
			encounter, err := m.deps.Encounters.Get(ctx, q, scope, r.EncounterID)
			if err != nil {
				return nil, err
			}
			s.packs[r.EncounterID] = encounter.Pack
		}
	}
	if err := m.gatherAwaited(ctx, q, scope, s); err != nil {
		return nil, err
	}
	if s.samples, err = m.deps.Lab.Samples(ctx, q, scope, id.Distinct(sampleIDs)); err != nil {
		return nil, err
	}
	if s.patients, err = m.deps.Patients.Summaries(ctx, q, scope, id.Distinct(patientIDs)); err != nil {
		return nil, err
	}
	if s.names, err = m.deps.Users.Names(ctx, q, scope.TenantID, id.Distinct(people)); err != nil {
		return nil, err
	}
	s.library, err = m.deps.Packs.Of(ctx, q, scope)
	return s, err
}

// gatherAwaited finds the tests of the orders that the newest versions of their reports do not tell of. What was awaited
// when an older version was issued is of no use to anybody.
func (m *Module) gatherAwaited(ctx context.Context, q db.DBTX, scope db.Scope, s *shelf) error {
	told := map[uuid.UUID][]uuid.UUID{}
	for _, row := range s.rows {
		if r := row.LabprintReport; r.Version == row.Newest {
			told[r.OrderID] = r.ItemIds
		}
	}
	ordered, err := m.deps.Orders.ItemsOf(ctx, q, scope, slices.Collect(maps.Keys(told)))
	for _, item := range ordered {
		if item.Status != ordersapi.ItemStatusCompleted && !slices.Contains(told[item.OrderID], item.ItemID) {
			s.awaiting[item.OrderID] = append(s.awaiting[item.OrderID], waitingTest{code: item.ServiceCode, name: item.Name})
		}
	}
	return err
}
