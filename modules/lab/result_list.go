package lab

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// ListResultsInput filters results; filters given together must all hold.
type ListResultsInput struct {
	httpx.PageParams
	OrderItemID uuid.UUID `query:"order_item_id" format:"uuid"`
	EncounterID uuid.UUID `query:"encounter_id" format:"uuid"`
	PatientID   uuid.UUID `query:"patient_id" format:"uuid"`
	Status      []string  `query:"status,explode" maxItems:"20" doc:"ENTERED VERIFIED RELEASED; several by repetition or commas"`
	Latest      bool      `query:"latest" doc:"Only the latest version of each test that you may see; with status=RELEASED the latest released one, also while a correction is under way"`
}

var resultStatuses = []labapi.ResultStatus{labapi.ResultStatusEntered, labapi.ResultStatusVerified, labapi.ResultStatusReleased}

// ListResults gives the facility's results, the newest first.
func (m *Module) ListResults(ctx context.Context, q db.DBTX, in ListResultsInput) (httpx.Page[labapi.Result], error) {
	scope, _ := db.ScopeOf(ctx)
	var page httpx.Page[labapi.Result]
	where := &db.Where{}
	where.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	for _, filter := range []struct {
		column string
		asked  uuid.UUID
	}{{"order_item_id", in.OrderItemID}, {"encounter_id", in.EncounterID}, {"patient_id", in.PatientID}} {
		if filter.asked != uuid.Nil {
			where.And(filter.column+" = ?", filter.asked)
		}
	}
	asked, err := httpx.Among("status", in.Status, resultStatuses)
	if err != nil {
		return page, err
	}
	if condition := db.AnyOf("status", asked, resultStatuses); condition != "" {
		where.And(condition)
	}
	// Who asks for what is released asks for what holds: a correction under way hides nothing.
	latest := "is_latest"
	if slices.Equal(asked, []labapi.ResultStatus{labapi.ResultStatusReleased}) {
		latest = "is_latest_released"
	}
	if !labapi.SeesUnreleased(ctx) {
		where.And("status = 'RELEASED'")
		latest = "is_latest_released"
	}
	table := "lab.result"
	if in.Latest {
		where.And(latest)
		table = "lab.result_record"
	}
	rows, count, err := listed[labdb.LabResultRecord](ctx, q, in.PageParams, where, table, "lab.result_record", "entered_at")
	if err != nil {
		return page, err
	}
	shown, err := m.presentResults(ctx, q, scope, rows)
	if err != nil {
		return page, err
	}
	page = httpx.NewPage(shown, in.Limit, func(r labapi.Result) any { return pageKey{r.EnteredAt, r.ID} })
	page.Count = count
	return page, nil
}
