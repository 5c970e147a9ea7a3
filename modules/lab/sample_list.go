package lab

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// ListSamplesInput filters samples; filters given together must all hold.
type ListSamplesInput struct {
	httpx.PageParams
	Barcode     string    `query:"barcode" maxLength:"40" doc:"As scanned"`
	Status      []string  `query:"status,explode" maxItems:"20" doc:"COLLECTED RECEIVED STORED DISCARDED REJECTED; several by repetition or commas"`
	EncounterID uuid.UUID `query:"encounter_id" format:"uuid"`
}

// pageKey is where a page of things by time ended.
type pageKey struct {
	At time.Time
	ID uuid.UUID
}

var sampleStatuses = []labapi.SampleStatus{labapi.SampleStatusCollected, labapi.SampleStatusReceived, labapi.SampleStatusStored,
	labapi.SampleStatusDiscarded, labapi.SampleStatusRejected}

// ListSamples gives the facility's samples, the newest first.
func (m *Module) ListSamples(ctx context.Context, q db.DBTX, in ListSamplesInput) (httpx.Page[labapi.Sample], error) {
	scope, _ := db.ScopeOf(ctx)
	var page httpx.Page[labapi.Sample]
	where := &db.Where{}
	where.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.Barcode != "" {
		where.And("barcode = ?", in.Barcode)
	}
	if in.EncounterID != uuid.Nil {
		where.And("encounter_id = ?", in.EncounterID)
	}
	asked, err := httpx.Among("status", in.Status, sampleStatuses)
	if err != nil {
		return page, err
	}
	// Each status by itself: the index holds them apart.
	if condition := db.AnyOf("status", asked, sampleStatuses); condition != "" {
		where.And(condition)
	}
	rows, count, err := listed[labdb.LabSampleRecord](ctx, q, in.PageParams, where, "lab.sample", "lab.sample_record", "created_at")
	if err != nil {
		return page, err
	}
	shown, err := m.presentSamples(ctx, q, scope, rows)
	if err != nil {
		return page, err
	}
	page = httpx.NewPage(shown, in.Limit, func(s labapi.Sample) any { return pageKey{s.CreatedAt, s.ID} })
	page.Count = count
	return page, nil
}

// listed reads a page of a view by time, the newest first, with one row more than the page holds. What is counted are
// the rows of the table below it.
func listed[T any](ctx context.Context, q db.DBTX, params httpx.PageParams, where *db.Where, table, view, at string) ([]T, *int64, error) {
	scope, _ := db.ScopeOf(ctx)
	var after pageKey
	more, err := params.After(&after)
	if err != nil {
		return nil, nil, err
	}
	var count *int64
	if params.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM `+table+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return nil, nil, err
		}
	}
	if more {
		where.And("("+at+", id) < (?::timestamptz, ?::uuid)", after.At, after.ID)
	}
	limit := where.Arg(params.Limit + 1)
	// The page is chosen before it is joined: of a view's joins under row-level security PostgreSQL expects hardly a row, and
	// would sort all that the facility has.
	order := ` ORDER BY ` + at + ` DESC, id DESC`
	rows, err := q.Query(ctx, `SELECT * FROM `+view+` WHERE id = ANY(ARRAY(SELECT id FROM `+table+where.SQL()+order+` LIMIT `+limit+`)) AND tenant_id = `+where.Arg(scope.TenantID)+order, where.Args()...)
	if err != nil {
		return nil, nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return found, count, err
}
