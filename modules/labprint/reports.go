package labprint

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
)

// entity is what events and the audit trail call a report.
const entity = "lab_report"

var errNotFound = errs.NotFound("labprint.not_found", "There is no such report.")

// Report is one version of the report of an order.
type Report struct {
	ID          uuid.UUID    `json:"id" format:"uuid"`
	Number      string       `json:"number" example:"MAIN-L26-000042" doc:"Of the order: all versions of its report have it"`
	OrderID     uuid.UUID    `json:"order_id" format:"uuid"`
	EncounterID uuid.UUID    `json:"encounter_id" format:"uuid"`
	PatientID   uuid.UUID    `json:"patient_id" format:"uuid"`
	Version     int          `json:"version"`
	IsCorrected bool         `json:"is_corrected" doc:"It tells otherwise what the version before it told"`
	IsCurrent   bool         `json:"is_current" doc:"No newer version has replaced it"`
	ReplacesID  *uuid.UUID   `json:"replaces_id" format:"uuid" doc:"The version before it"`
	IssuedAt    time.Time    `json:"issued_at"`
	ResultIDs   []uuid.UUID  `json:"result_ids" nullable:"false"`
	Tests       []ReportTest `json:"tests" nullable:"false"`
}

// ETag changes once: when a newer version replaces this one. All else of a report never does.
func (r Report) ETag() string {
	if r.IsCurrent {
		return `"current"`
	}
	return `"replaced"`
}

// ReportTest is one test that a report tells of.
type ReportTest struct {
	OrderItemID uuid.UUID  `json:"order_item_id" format:"uuid"`
	ResultID    uuid.UUID  `json:"result_id" format:"uuid"`
	CorrectsID  *uuid.UUID `json:"corrects_id" format:"uuid" doc:"The released result that it corrects"`
	ServiceCode string     `json:"service_code"`
	Name        string     `json:"name"`
}

// AuditSubject says whose record an answer shows.
func (r Report) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: entity, EntityID: r.ID, EncounterID: r.EncounterID, PatientIDs: []uuid.UUID{r.PatientID}}
}

func present(row labprintdb.LabprintReport, newest int32) Report {
	r := Report{
		ID: row.ID, Number: row.Number, OrderID: row.OrderID, EncounterID: row.EncounterID, PatientID: row.PatientID, Version: int(row.Version),
		IsCorrected: row.IsCorrected, IsCurrent: row.Version == newest, ReplacesID: row.ReplacesID, IssuedAt: row.IssuedAt, ResultIDs: row.ResultIds,
		Tests: make([]ReportTest, len(row.ItemIds)),
	}
	for i, item := range row.ItemIds {
		r.Tests[i] = ReportTest{OrderItemID: item, ResultID: row.ResultIds[i], CorrectsID: id.Ptr(row.FormerIds[i]), ServiceCode: row.ServiceCodes[i], Name: row.ServiceNames[i]}
	}
	return r
}

// ListInput narrows the list.
type ListInput struct {
	httpx.PageParams
	OrderID     uuid.UUID `query:"order_id" format:"uuid"`
	EncounterID uuid.UUID `query:"encounter_id" format:"uuid"`
	PatientID   uuid.UUID `query:"patient_id" format:"uuid"`
}

type reportKey struct {
	At time.Time
	ID uuid.UUID
}

// List gives reports, the newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Report], error) {
	scope, _ := db.ScopeOf(ctx)
	params := labprintdb.ListReportsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: id.Ptr(in.OrderID), EncounterID: id.Ptr(in.EncounterID), PatientID: id.Ptr(in.PatientID),
		MaxRows: int32(in.Limit + 1),
	}
	var after reportKey
	if more, err := in.After(&after); err != nil {
		return httpx.Page[Report]{}, err
	} else if more {
		params.BeforeAt, params.BeforeID = &after.At, &after.ID
	}
	queries := labprintdb.New(q)
	rows, err := queries.ListReports(ctx, params)
	if err != nil {
		return httpx.Page[Report]{}, err
	}
	reports := make([]Report, len(rows))
	for i, row := range rows {
		reports[i] = present(row.LabprintReport, row.Newest)
	}
	page := httpx.NewPage(reports, in.Limit, func(r Report) any { return reportKey{r.IssuedAt, r.ID} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountReports(ctx, labprintdb.CountReportsParams{
			TenantID: params.TenantID, FacilityID: params.FacilityID, OrderID: params.OrderID, EncounterID: params.EncounterID, PatientID: params.PatientID,
		}))
	}
	return page, err
}

// ByID names one report, or one sample.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one version of a report.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Report, error) {
	scope, _ := db.ScopeOf(ctx)
	rows, err := labprintdb.New(q).Reports(ctx, labprintdb.ReportsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: []uuid.UUID{in.ID}})
	if err != nil {
		return Report{}, err
	}
	if len(rows) == 0 {
		return Report{}, errNotFound
	}
	return present(rows[0].LabprintReport, rows[0].Newest), nil
}
