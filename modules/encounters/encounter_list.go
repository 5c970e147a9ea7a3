package encounters

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
)

var errQuery = errs.Invalid("request.invalid", "The request has faults; see errors.")

// ListInput filters encounters; filters given together must all hold.
type ListInput struct {
	httpx.PageParams
	PatientID         uuid.UUID `query:"patient_id" format:"uuid"`
	Status            []string  `query:"status,explode" maxItems:"20" doc:"CREATED CHECKED_IN IN_CONSULT CLOSED CANCELLED; several by repetition or commas"`
	EncounterType     string    `query:"encounter_type" maxLength:"40"`
	AttendingDoctorID uuid.UUID `query:"attending_doctor_id" format:"uuid"`
	Date              string    `query:"date" format:"date" doc:"A day in the facility's time zone: encounters made or scheduled on it"`
	Data              []string  `query:"data,explode" maxItems:"10" doc:"pack.field:value of system_data, such as ayurveda.ritu:varsha, for fields that the pack lets people search (x-search); given several times all must hold"`
}

// listKey is where a page ended.
type listKey struct {
	At time.Time
	ID uuid.UUID
}

const encounterColumns = `tenant_id, id, facility_id, patient_id, encounter_type, pack, status, exclusive, reason, attending_doctor_id,
	scheduled_at, checked_in_at, consult_started_at, closed_at, cancelled_at, cancel_reason, system_data, created_by_id,
	checked_in_by_id, consult_started_by_id, closed_by_id, cancelled_by_id, version, created_at, updated_at`

// List gives the facility's encounters, the newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Encounter], error) {
	scope, _ := db.ScopeOf(ctx)
	var after listKey
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Encounter]{}, err
	}
	where, err := m.filter(ctx, q, scope, in)
	if err != nil {
		return httpx.Page[Encounter]{}, err
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM encounters.encounter`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Encounter]{}, err
		}
	}
	if more {
		where.And("(created_at, id) < (?, ?)", after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+encounterColumns+` FROM encounters.encounter`+where.SQL()+
		` ORDER BY created_at DESC, id DESC LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Encounter]{}, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[encountersdb.EncountersEncounter])
	if err != nil {
		return httpx.Page[Encounter]{}, err
	}
	encounters, err := m.present(ctx, q, scope, found)
	if err != nil {
		return httpx.Page[Encounter]{}, err
	}
	page := httpx.NewPage(encounters, in.Limit, func(e Encounter) any { return listKey{e.CreatedAt, e.ID} })
	page.Count = count
	return page, nil
}

func (m *Module) filter(ctx context.Context, q db.DBTX, scope db.Scope, in ListInput) (*db.Where, error) {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.PatientID != uuid.Nil {
		w.And("patient_id = ?", in.PatientID)
	}
	asked, err := httpx.Among("status", in.Status, statuses)
	if err != nil {
		return nil, err
	}
	if condition := db.AnyOf("status", asked, statuses, encountersapi.StatusCancelled); condition != "" {
		w.And(condition)
	}
	if in.EncounterType != "" {
		w.And("encounter_type = ?", in.EncounterType)
	}
	if in.AttendingDoctorID != uuid.Nil {
		w.And("attending_doctor_id = ?", in.AttendingDoctorID)
	}
	if in.Date != "" {
		date, err := clock.ParseDate(in.Date)
		if err != nil {
			return nil, errQuery.At("query.date", "A date is written YYYY-MM-DD.")
		}
		settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
		if err != nil {
			return nil, err
		}
		from, until := date.In(settings.Zone), date.AddDays(1).In(settings.Zone)
		w.And("(created_at >= ? AND created_at < ? OR scheduled_at >= ? AND scheduled_at < ?)", from, until, from, until)
	}
	return w, m.having(ctx, q, scope, w, in.Data)
}

// statuses of an encounter. Those under way and those cancelled are few beside the closed ones and have indexes of their
// own.
var statuses = []encountersapi.Status{encountersapi.StatusCreated, encountersapi.StatusCheckedIn, encountersapi.StatusInConsult,
	encountersapi.StatusClosed, encountersapi.StatusCancelled}
