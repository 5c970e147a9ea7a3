package lab

import (
	"context"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// SuspectInput names the hold whose results are looked back on.
type SuspectInput struct {
	ByID
	httpx.PageParams
}

// SuspectResults lists what a failed control casts doubt on: the versions with a value of the held analyte that were
// entered, or vouched for, since the last good run and until the hold was resolved; the last entered first. A version that was
// superseded since is among them, because somebody may have acted on it.
func (m *Module) SuspectResults(ctx context.Context, q db.DBTX, in SuspectInput) (httpx.Page[labapi.Result], error) {
	scope, _ := db.ScopeOf(ctx)
	var page httpx.Page[labapi.Result]
	suspect, err := m.deps.Quality.Suspect(ctx, q, scope, in.ID)
	if err != nil {
		return page, err
	}
	where := &db.Where{}
	where.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if suspect.Until != nil {
		where.And("entered_at < ?", *suspect.Until)
	}
	switch {
	case suspect.Since != nil && suspect.Until != nil:
		where.And("(entered_at >= ? OR verified_at >= ? AND verified_at < ?)", *suspect.Since, *suspect.Since, *suspect.Until)
	case suspect.Since != nil:
		where.And("(entered_at >= ? OR verified_at >= ?)", *suspect.Since, *suspect.Since)
	}
	// Not EXISTS, which PostgreSQL would make a join with every value there is: a result has an analyte once, by its index.
	where.And(`(SELECT v.shown->>'withdrawn' IS NULL FROM lab.value v WHERE v.tenant_id = ? AND v.result_id = id AND v.code = ?)`, scope.TenantID, suspect.Analyte)
	rows, count, err := listed[labdb.LabResultRecord](ctx, q, in.PageParams, where, "lab.result", "lab.result_record", "entered_at")
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
