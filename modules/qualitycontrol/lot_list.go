package qualitycontrol

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/qualitycontrol/internal/qualitycontroldb"
)

// LotsInput filters control lots; filters given together must all hold.
type LotsInput struct {
	httpx.PageParams
	IsActive string `query:"is_active" enum:"true,false" doc:"Those that are in use, or those that are not; all when absent"`
	Analyte  string `query:"analyte" maxLength:"64" doc:"Those with a target for it"`
	Material string `query:"material" maxLength:"100"`
}

// listKey is where a page of any of the module's lists ended.
type listKey struct {
	At time.Time
	ID uuid.UUID
}

// ListLots gives the facility's lots, the newest first.
func (m *Module) ListLots(ctx context.Context, q db.DBTX, in LotsInput) (httpx.Page[Lot], error) {
	scope, _ := db.ScopeOf(ctx)
	where := &db.Where{}
	where.And("l.tenant_id = ? AND l.facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.IsActive != "" {
		where.And("l.is_active = ?", in.IsActive == "true")
	}
	if in.Material != "" {
		where.And("l.material = ?", in.Material)
	}
	if in.Analyte != "" {
		where.And("EXISTS (SELECT FROM qualitycontrol.target t WHERE t.tenant_id = l.tenant_id AND t.lot_id = l.id AND t.analyte = ?)", in.Analyte)
	}
	rows, count, err := page[qualitycontroldb.QualitycontrolLot](ctx, q, where, in.PageParams, `SELECT l.tenant_id, l.facility_id, l.id, l.material, l.lot_number,
		l.level, l.expires_on, l.is_active, l.created_by_id, l.version, l.created_at, l.updated_at FROM qualitycontrol.lot l`, "l.created_at", "l.id")
	if err != nil {
		return httpx.Page[Lot]{}, err
	}
	lots, err := m.presentLots(ctx, q, scope, rows)
	if err != nil {
		return httpx.Page[Lot]{}, err
	}
	page := httpx.NewPage(lots, in.Limit, func(l Lot) any { return listKey{l.CreatedAt, l.ID} })
	page.Count = count
	return page, nil
}

// page reads one row more than a page has, the newest first by a time and an id, and counts them all where that is asked.
func page[T any](ctx context.Context, q db.DBTX, where *db.Where, in httpx.PageParams, query, at, id string) ([]T, *int64, error) {
	var after listKey
	more, err := in.After(&after)
	if err != nil {
		return nil, nil, err
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM (`+query+where.SQL()+`) AS listed`, where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return nil, nil, err
		}
	}
	if more {
		where.And("("+at+", "+id+") < (?::timestamptz, ?::uuid)", after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	found, err := q.Query(ctx, query+where.SQL()+" ORDER BY "+at+" DESC, "+id+" DESC LIMIT "+limit, where.Args()...)
	if err != nil {
		return nil, nil, err
	}
	rows, err := pgx.CollectRows(found, pgx.RowToStructByName[T])
	return rows, count, err
}

// presentLot shows one lot with what was observed.
func (m *Module) presentLot(ctx context.Context, q db.DBTX, row qualitycontroldb.QualitycontrolLot) (Lot, error) {
	scope := db.Scope{TenantID: row.TenantID, FacilityID: row.FacilityID}
	lots, err := m.presentLots(ctx, q, scope, []qualitycontroldb.QualitycontrolLot{row})
	if err != nil {
		return Lot{}, err
	}
	observed, err := qualitycontroldb.New(q).Observed(ctx, qualitycontroldb.ObservedParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotID: row.ID})
	if err != nil {
		return Lot{}, err
	}
	for _, o := range observed {
		for i := range lots[0].Targets {
			if target := &lots[0].Targets[i]; target.Analyte == o.Analyte {
				target.Observed = presentObserved(o, max(target.Mean.MinScale(), target.SD.MinScale()))
			}
		}
	}
	return lots[0], nil
}

// presentObserved tells means with one digit more than the target has, and spreads with two.
func presentObserved(row qualitycontroldb.ObservedRow, scale int) *Observed {
	mean, err := decimal.Parse(row.Mean)
	if err != nil {
		return nil
	}
	o := &Observed{Runs: row.Runs, Mean: Number{mean.Rescale(scale + 1)}}
	sd, err := decimal.Parse(row.Sd)
	if err != nil {
		return o // there is one run only
	}
	o.SD = &Number{sd.Rescale(scale + 2)}
	if cv, err := sd.Quo(mean.Abs()); err == nil {
		if cv, err = cv.Mul(decimal.MustNew(100, 0)); err == nil {
			o.CV = &Number{cv.Rescale(2)}
		}
	}
	return o
}

func (m *Module) presentLots(ctx context.Context, q db.DBTX, scope db.Scope, rows []qualitycontroldb.QualitycontrolLot) ([]Lot, error) {
	if len(rows) == 0 {
		return []Lot{}, nil
	}
	today, err := m.dayOf(ctx, q, scope, m.deps.Clock.Now())
	if err != nil {
		return nil, err
	}
	lots, ids := make([]Lot, len(rows)), make([]uuid.UUID, len(rows))
	at := map[uuid.UUID]*Lot{}
	mayRun, mayManage := auth.Can(ctx, CanRun), auth.Can(ctx, CanManage)
	for i, row := range rows {
		ids[i], at[row.ID] = row.ID, &lots[i]
		l := Lot{
			Version: httpx.Version(row.Version), ID: row.ID, Material: row.Material, LotNumber: row.LotNumber, Level: int(row.Level), ExpiresOn: row.ExpiresOn,
			IsActive: row.IsActive, IsExpired: row.ExpiresOn.Before(today), Targets: []Target{}, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Actions: []string{},
		}
		if mayRun && l.IsActive && !l.IsExpired {
			l.Actions = append(l.Actions, "run")
		}
		if mayManage {
			l.Actions = append(l.Actions, "update")
		}
		lots[i] = l
	}
	queries := qualitycontroldb.New(q)
	targets, err := queries.TargetsOfLots(ctx, qualitycontroldb.TargetsOfLotsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotIds: ids})
	if err != nil {
		return nil, err
	}
	latest, err := queries.LatestRuns(ctx, qualitycontroldb.LatestRunsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotIds: ids})
	if err != nil {
		return nil, err
	}
	open, err := queries.OpenHolds(ctx, qualitycontroldb.OpenHoldsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID})
	if err != nil {
		return nil, err
	}
	known, err := m.analytes(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, h := range open {
		held[h.Analyte] = true
	}
	type of struct {
		lotID   uuid.UUID
		analyte string
	}
	newest := map[of]*Latest{}
	for _, r := range latest {
		newest[of{r.LotID, r.Analyte}] = &Latest{RunID: r.ID, Value: Number{r.Value}, Z: distance(r.Value, r.Mean, r.Sd), Status: r.Status, Rules: r.Rules, At: r.At}
	}
	for _, t := range targets {
		lot := at[t.LotID]
		lot.Targets = append(lot.Targets, Target{
			Analyte: t.Analyte, Name: known.name(ctx, t.Analyte), Unit: t.Unit, Mean: Number{t.Mean}, SD: Number{t.Sd}, Latest: newest[of{t.LotID, t.Analyte}], IsHeld: held[t.Analyte],
		})
	}
	return lots, nil
}

// distance of a value from its mean in SD, rounded to hundredths: for people. Rules are judged on exact numbers.
func distance(value, mean, sd decimal.Decimal) Number {
	d, err := value.Sub(mean)
	if err != nil {
		return Number{}
	}
	z, err := d.Quo(sd)
	if err != nil {
		return Number{}
	}
	return Number{z.Rescale(2)}
}
