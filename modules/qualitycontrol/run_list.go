package qualitycontrol

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/qualitycontrol/internal/qualitycontroldb"
)

// Run of control material as the API shows it.
type Run struct {
	ID           uuid.UUID  `json:"id" format:"uuid"`
	LotID        uuid.UUID  `json:"lot_id" format:"uuid"`
	Analyte      string     `json:"analyte"`
	Name         string     `json:"name" doc:"The analyte's, in the caller's language"`
	Value        Number     `json:"value"`
	Unit         string     `json:"unit"`
	Mean         Number     `json:"mean" doc:"The target it was judged by"`
	SD           Number     `json:"sd"`
	Z            Number     `json:"z" doc:"How many SD it lies from the mean, to hundredths"`
	Status       string     `json:"status" enum:"IN_CONTROL,WARNING,REJECTED"`
	Rules        []string   `json:"rules" nullable:"false" enum:"1-2s,1-3s,2-2s,R-4s,4-1s,10x" doc:"Those it broke, the gravest first; 1-2s only where it stands alone"`
	HoldID       *uuid.UUID `json:"hold_id" format:"uuid" doc:"The hold that it began, or that was open already"`
	At           time.Time  `json:"at"`
	Comment      *string    `json:"comment"`
	RecordedByID *uuid.UUID `json:"recorded_by_id" format:"uuid"`
	RecordedBy   *Person    `json:"recorded_by"`
	RecordedAt   time.Time  `json:"recorded_at"`
	Excluded     *Exclusion `json:"excluded" doc:"Why it counts no more; null while it does"`
	Actions      []string   `json:"actions" nullable:"false" doc:"What the caller may do to it now: exclude"`
}

// Exclusion says why a run counts no more.
type Exclusion struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	By     *Person   `json:"by"`
}

// Person is a user of the tenant.
type Person struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
}

// RunsInput filters the runs of a lot; filters given together must all hold.
type RunsInput struct {
	ByID
	httpx.PageParams
	Analyte string    `query:"analyte" maxLength:"64"`
	Status  []string  `query:"status,explode" maxItems:"20" doc:"IN_CONTROL WARNING REJECTED; several by repetition or commas"`
	Since   time.Time `query:"since" doc:"Measured at this time or after"`
	Until   time.Time `query:"until" doc:"Measured before this time"`
}

var runStatuses = []string{statusInControl, statusWarning, statusRejected}

// ListRuns gives a lot's runs, the last measured first; excluded ones too.
func (m *Module) ListRuns(ctx context.Context, q db.DBTX, in RunsInput) (httpx.Page[Run], error) {
	scope, _ := db.ScopeOf(ctx)
	if _, err := qualitycontroldb.New(q).GetLot(ctx, qualitycontroldb.GetLotParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID}); db.IsNoRows(err) {
		return httpx.Page[Run]{}, errLotNotFound
	} else if err != nil {
		return httpx.Page[Run]{}, err
	}
	asked, err := httpx.Among("status", in.Status, runStatuses)
	if err != nil {
		return httpx.Page[Run]{}, err
	}
	where := &db.Where{}
	where.And("tenant_id = ? AND facility_id = ? AND lot_id = ?", scope.TenantID, scope.FacilityID, in.ID)
	if in.Analyte != "" {
		where.And("analyte = ?", in.Analyte)
	}
	if condition := db.AnyOf("status", asked, runStatuses); condition != "" {
		where.And(condition)
	}
	if !in.Since.IsZero() {
		where.And("at >= ?", in.Since)
	}
	if !in.Until.IsZero() {
		where.And("at < ?", in.Until)
	}
	rows, count, err := page[qualitycontroldb.QualitycontrolRun](ctx, q, where, in.PageParams, `SELECT tenant_id, facility_id, id, lot_id, analyte, value, unit, mean, sd,
		status, rules, hold_id, at, comment, recorded_by_id, recorded_at FROM qualitycontrol.run`, "at", "id")
	if err != nil {
		return httpx.Page[Run]{}, err
	}
	runs, err := m.presentRuns(ctx, q, scope, rows)
	if err != nil {
		return httpx.Page[Run]{}, err
	}
	page := httpx.NewPage(runs, in.Limit, func(r Run) any { return listKey{r.At, r.ID} })
	page.Count = count
	return page, nil
}

func (m *Module) presentRun(ctx context.Context, q db.DBTX, scope db.Scope, row qualitycontroldb.QualitycontrolRun) (Run, error) {
	runs, err := m.presentRuns(ctx, q, scope, []qualitycontroldb.QualitycontrolRun{row})
	if err != nil {
		return Run{}, err
	}
	return runs[0], nil
}

func (m *Module) presentRuns(ctx context.Context, q db.DBTX, scope db.Scope, rows []qualitycontroldb.QualitycontrolRun) ([]Run, error) {
	if len(rows) == 0 {
		return []Run{}, nil
	}
	ids := make([]uuid.UUID, len(rows))
	users := []*uuid.UUID{}
	for i, row := range rows {
		ids[i], users = row.ID, append(users, row.RecordedByID)
	}
	excluded, err := qualitycontroldb.New(q).ExclusionsOf(ctx, qualitycontroldb.ExclusionsOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, RunIds: ids})
	if err != nil {
		return nil, err
	}
	for _, e := range excluded {
		users = append(users, e.ExcludedByID)
	}
	person, err := m.people(ctx, q, scope, users)
	if err != nil {
		return nil, err
	}
	exclusions := map[uuid.UUID]*Exclusion{}
	for _, e := range excluded {
		exclusions[e.RunID] = &Exclusion{Reason: e.Reason, At: e.ExcludedAt, By: person(e.ExcludedByID)}
	}
	known, err := m.analytes(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	mayExclude := auth.Can(ctx, CanManage)
	runs := make([]Run, len(rows))
	for i, row := range rows {
		runs[i] = Run{
			ID: row.ID, LotID: row.LotID, Analyte: row.Analyte, Name: known.name(ctx, row.Analyte), Value: Number{row.Value}, Unit: row.Unit, Mean: Number{row.Mean}, SD: Number{row.Sd},
			Z: distance(row.Value, row.Mean, row.Sd), Status: row.Status, Rules: row.Rules, HoldID: row.HoldID, At: row.At, Comment: row.Comment,
			RecordedByID: row.RecordedByID, RecordedBy: person(row.RecordedByID), RecordedAt: row.RecordedAt, Excluded: exclusions[row.ID], Actions: []string{},
		}
		if mayExclude && runs[i].Excluded == nil {
			runs[i].Actions = []string{"exclude"}
		}
	}
	return runs, nil
}

// people asks for names all at once, and gives who an id is; nil for none.
func (m *Module) people(ctx context.Context, q db.DBTX, scope db.Scope, ids []*uuid.UUID) (func(*uuid.UUID) *Person, error) {
	var asked []uuid.UUID
	for _, id := range ids {
		if id != nil {
			asked = append(asked, *id)
		}
	}
	var names map[uuid.UUID]string
	if len(asked) > 0 {
		var err error
		if names, err = m.deps.Users.Names(ctx, q, scope.TenantID, id.Distinct(asked)); err != nil {
			return nil, err
		}
	}
	return func(id *uuid.UUID) *Person {
		if id == nil {
			return nil
		}
		return &Person{ID: *id, FullName: names[*id]}
	}, nil
}
