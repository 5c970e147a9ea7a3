package patients

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

// ListInput finds patients.
type ListInput struct {
	httpx.PageParams
	Q     string   `query:"q" doc:"Name in any spelling or script, MRN or its last digits, phone or its last digits, identifier; best first"`
	MRN   string   `query:"mrn" doc:"The MRN, in any case"`
	Phone string   `query:"phone" doc:"The whole phone number, however written"`
	Data  []string `query:"data,explode" maxItems:"10" doc:"pack.field:value of system_specific_data, such as ayurveda.prakriti:Vata, for fields that the pack lets people search (x-search); given several times all must hold. Not with q"`
}

// newest is the keyset of a list by time: everything is before it.
type newest struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

var endOfTime = newest{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max}

func byNewest(p Patient) any { return newest{p.CreatedAt, p.ID} }

// List finds the facility's patients: by a question, best first; by MRN or phone; or all, newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Patient], error) {
	in.Q, in.MRN, in.Phone = strings.TrimSpace(in.Q), normaliseMRN(in.MRN), strings.TrimSpace(in.Phone)
	if in.Q != "" && len(in.Data) > 0 {
		return httpx.Page[Patient]{}, errQuery.At("query.data", "Cannot be asked together with q.")
	}
	if in.Q != "" {
		return m.search(ctx, q, in)
	}
	if len(in.Data) > 0 {
		return m.listHaving(ctx, q, in)
	}
	scope, _ := db.ScopeOf(ctx)
	before := endOfTime
	if _, err := in.After(&before); err != nil {
		return httpx.Page[Patient]{}, err
	}
	queries := patientsdb.New(q)
	var rows []patientsdb.PatientsPatient
	var err error
	maxRows := int32(in.Limit + 1) //nolint:gosec // at most 201
	switch {
	case in.MRN != "":
		params := patientsdb.ListPatientsByMRNParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Mrn: in.MRN}
		if in.Phone != "" {
			digits := phoneDigits(in.Phone)
			params.PhoneDigits = &digits
		}
		rows, err = queries.ListPatientsByMRN(ctx, params)
	case in.Phone != "":
		rows, err = queries.ListPatientsByPhone(ctx, patientsdb.ListPatientsByPhoneParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, PhoneDigits: phoneDigits(in.Phone),
			BeforeCreatedAt: before.At, BeforeID: before.ID, MaxRows: maxRows,
		})
	default:
		rows, err = queries.ListPatients(ctx, patientsdb.ListPatientsParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, BeforeCreatedAt: before.At, BeforeID: before.ID, MaxRows: maxRows,
		})
	}
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	patients, err := presentAll(rows)
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	page := httpx.NewPage(patients, in.Limit, byNewest)
	if in.Count {
		page.Count, err = m.count(ctx, queries, scope, in, len(rows))
	}
	return page, err
}

const patientColumns = `tenant_id, id, facility_id, mrn, mrn_series, mrn_number, full_name, date_of_birth, birth_date_estimated, gender, phone,
	phone_digits, email, address, blood_group, identifiers, system_specific_data, version, created_at, updated_at`

// listHaving finds patients by what packs keep of them, newest first.
func (m *Module) listHaving(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Patient], error) {
	scope, _ := db.ScopeOf(ctx)
	var before newest
	more, err := in.After(&before)
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	where := &db.Where{}
	where.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.MRN != "" {
		where.And("mrn = ?", in.MRN)
	}
	if in.Phone != "" {
		where.And("phone_digits = ?", phoneDigits(in.Phone))
	}
	if err := m.having(ctx, q, where, in.Data); err != nil {
		return httpx.Page[Patient]{}, err
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM patients.patient`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Patient]{}, err
		}
	}
	if more {
		where.And("(created_at, id) < (?, ?)", before.At, before.ID)
	}
	limit := where.Arg(in.Limit + 1)
	found, err := q.Query(ctx, `SELECT `+patientColumns+` FROM patients.patient`+where.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	rows, err := pgx.CollectRows(found, pgx.RowToStructByName[patientsdb.PatientsPatient])
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	patients, err := presentAll(rows)
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	page := httpx.NewPage(patients, in.Limit, byNewest)
	page.Count = count
	return page, nil
}

func (m *Module) count(ctx context.Context, queries *patientsdb.Queries, scope db.Scope, in ListInput, seen int) (*int64, error) {
	switch {
	case in.MRN != "":
		return httpx.Counted(int64(seen), nil)
	case in.Phone != "":
		return httpx.Counted(queries.CountPatientsByPhone(ctx, patientsdb.CountPatientsByPhoneParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, PhoneDigits: phoneDigits(in.Phone),
		}))
	}
	return httpx.Counted(queries.CountPatients(ctx, patientsdb.CountPatientsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID}))
}

// best is the keyset of a search: worth first, then the name, which SQL looks up so that it is in no address.
type best struct {
	Score int32     `json:"score"`
	ID    uuid.UUID `json:"id"`
}

func (m *Module) search(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Patient], error) {
	scope, _ := db.ScopeOf(ctx)
	var after best
	continued, err := in.After(&after)
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	asked := ask(scope.FacilityID, in.Q)
	if in.Phone != "" {
		asked.require(byPhone, phoneDigits(in.Phone))
	}
	if in.MRN != "" {
		asked.require(byMRN, compact(in.MRN))
	}
	params := asked.params()
	params.TenantID, params.FacilityID = scope.TenantID, scope.FacilityID
	params.MaxRows = int32(in.Limit + 1) //nolint:gosec // at most 201
	if continued {
		params.AfterScore, params.AfterID = after.Score, &after.ID
	}
	found, err := patientsdb.New(q).SearchPatients(ctx, params)
	if err != nil {
		return httpx.Page[Patient]{}, err
	}
	scores := make(map[uuid.UUID]int32, len(found))
	patients := make([]Patient, len(found))
	total := int64(0)
	for i, row := range found {
		if patients[i], err = present(row.PatientsPatient); err != nil {
			return httpx.Page[Patient]{}, err
		}
		scores[patients[i].ID], total = row.Score, row.Total
	}
	page := httpx.NewPage(patients, in.Limit, func(p Patient) any { return best{scores[p.ID], p.ID} })
	if in.Count {
		page.Count = &total
	}
	return page, nil
}

// entryOfRow makes the search entry of a stored patient.
func entryOfRow(row patientsdb.PatientsPatient) (entry, error) {
	var identifiers []Identifier
	if err := json.Unmarshal(row.Identifiers, &identifiers); err != nil {
		return entry{}, err
	}
	return entryOf(row.FacilityID, findable{row.FullName, row.Mrn, row.Phone, row.DateOfBirth, numbersOf(identifiers).values}), nil
}
