package labprint

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
	"hmsoftware.com/hm/modules/labprint/labprintapi"
)

// Issue makes the next version of the order's report, from what is released of it now.
func (m *Module) Issue(ctx context.Context, tx db.Tx, e labapi.ResultReleased) error {
	scope, queries := tx.Scope(), labprintdb.New(tx)
	// One release of the order after the other from here on: the later one sees what the earlier one released.
	tx.Lock("labprint.issue", e.OrderID.String())
	former, err := queries.NewestReport(ctx, labprintdb.NewestReportParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: e.OrderID})
	first := db.IsNoRows(err)
	if err != nil && !first {
		return err
	}
	results, err := m.deps.Lab.ReleasedOf(ctx, tx, scope, e.OrderID)
	if err != nil {
		return err
	}
	if len(results) == 0 {
		return fmt.Errorf("labprint: order %s has a released result and none is found", e.OrderID)
	}
	row := labprintdb.InsertReportParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.For(ctx, tx.Now()), OrderID: e.OrderID, EncounterID: e.EncounterID, PatientID: e.PatientID,
		Version: former.Version + 1, Number: former.Number, OrderedByID: e.OrderedByID, IssuedByID: id.Ptr(scope.UserID), Now: tx.Now(),
	}
	if !first {
		row.ReplacesID = &former.ID
	} else if row.Number, err = m.nextNumber(ctx, tx); err != nil {
		return err
	}
	for _, r := range results {
		corrects := uuid.Nil
		if i := slices.Index(former.ItemIds, r.OrderItemID); i >= 0 {
			if corrects = former.FormerIds[i]; former.ResultIds[i] != r.ID {
				corrects, row.IsCorrected = former.ResultIds[i], true
			}
		} else if e.CorrectsID != nil && r.ID == e.ResultID {
			corrects, row.IsCorrected = *e.CorrectsID, true // released before there were reports
		}
		row.ItemIds, row.ResultIds, row.FormerIds = append(row.ItemIds, r.OrderItemID), append(row.ResultIds, r.ID), append(row.FormerIds, corrects)
		row.ServiceCodes, row.ServiceNames = append(row.ServiceCodes, r.ServiceCode), append(row.ServiceNames, r.Name)
	}
	corrected, err := m.deps.Lab.Results(ctx, tx, scope, withoutNil(row.FormerIds))
	if err != nil {
		return err
	}
	row.ContentDigest = digestOf(results, formersOf(row.FormerIds, corrected))
	if err := queries.InsertReport(ctx, row); err != nil {
		return err
	}
	readers, err := queries.ReadersOfOrder(ctx, labprintdb.ReadersOfOrderParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: e.OrderID})
	if err != nil {
		return err
	}
	return m.deps.Bus.Publish(ctx, tx, labprintapi.ReportIssued{
		ReportID: row.ID, OrderID: e.OrderID, EncounterID: e.EncounterID, PatientID: e.PatientID, Version: int(row.Version), IsCorrected: row.IsCorrected, ReaderIDs: readers,
	})
}

// nextNumber counts the reports of the facility's year: MAIN-L26-000042.
func (m *Module) nextNumber(ctx context.Context, tx db.Tx) (string, error) {
	scope := tx.Scope()
	settings, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return "", err
	}
	year := tx.Now().In(settings.Zone).Year()
	number, err := labprintdb.New(tx).NextNumber(ctx, labprintdb.NextNumberParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Year: int32(year)}) //nolint:gosec // a year
	return fmt.Sprintf("%s-L%02d-%06d", settings.Code, year%100, number), err
}
