package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// WorklistInput filters tests at work; filters given together must all hold.
type WorklistInput struct {
	httpx.PageParams
	Section  string   `query:"section" maxLength:"64" doc:"Of the test's first analyte: the bench"`
	Status   []string `query:"status,explode" maxItems:"20" doc:"RECEIVED ENTERED VERIFIED; several by repetition or commas; all three when absent"`
	Priority []string `query:"priority,explode" maxItems:"20" doc:"ROUTINE URGENT STAT; several by repetition or commas"`
	Q        string   `query:"q" maxLength:"200" doc:"Words in the patient's name or number, the barcode, or what was ordered"`
}

// Work is one test at work, with all that a bench needs for it.
type Work struct {
	OrderItemID uuid.UUID      `json:"order_item_id" format:"uuid"`
	EncounterID uuid.UUID      `json:"encounter_id" format:"uuid"`
	Status      string         `json:"status" enum:"RECEIVED,ENTERED,VERIFIED"`
	Sample      WorkSample     `json:"sample"`
	Patient     labapi.Patient `json:"patient"`
	ServiceCode string         `json:"service_code"`
	Name        string         `json:"name"`
	Section     *string        `json:"section"`
	Priority    string         `json:"priority" enum:"ROUTINE,URGENT,STAT"`
	DueAt       *time.Time     `json:"due_at"`
	IsOverdue   bool           `json:"is_overdue"`
	Pregnant    *bool          `json:"pregnant"`
	Analytes    []WorkAnalyte  `json:"analytes" nullable:"false"`
	Result      *labapi.Result `json:"result" doc:"The latest version; null where nothing is entered yet"`
}

// WorkSample is the tube that a test is done from.
type WorkSample struct {
	ID           uuid.UUID  `json:"id" format:"uuid"`
	Barcode      string     `json:"barcode"`
	SpecimenType string     `json:"specimen_type"`
	CollectedAt  time.Time  `json:"collected_at"`
	ReceivedAt   *time.Time `json:"received_at"`
}

// WorkAnalyte is one cell to fill: what is measured, and what is usual for this person.
type WorkAnalyte struct {
	AnalyteInfo
	ReferenceLow  json.RawMessage     `json:"reference_low" doc:"A number or null"`
	ReferenceHigh json.RawMessage     `json:"reference_high" doc:"A number or null"`
	ReferenceText *string             `json:"reference_text"`
	CriticalLow   json.RawMessage     `json:"critical_low" doc:"A number or null; it is critical itself"`
	CriticalHigh  json.RawMessage     `json:"critical_high" doc:"A number or null; it is critical itself"`
	Former        *labapi.FormerValue `json:"former" doc:"The last released value of this patient"`
}

// AuditSubject says whose record it shows.
func (w Work) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: labapi.EntityResult, EncounterID: w.EncounterID, PatientIDs: []uuid.UUID{w.Patient.ID}}
}

// workKey is where a page ended.
type workKey struct {
	Urgency int32
	Due     time.Time
	ItemID  uuid.UUID
}

type workRow struct {
	labdb.LabRequest
	Barcode           string
	SampleSpecimen    string
	SampleCollectedAt time.Time
	Pregnant          *bool
}

const workColumns = `r.tenant_id, r.facility_id, r.order_item_id, r.order_id, r.place, r.encounter_id, r.patient_id, r.encounter_type, r.pack, r.service_code,
	r.name, r.section, r.specimen_type, r.container, r.instructions, r.priority, r.status, r.ordered_at, r.ordered_by_id, r.due_at, r.sample_id,
	r.is_recollection, r.collected_at, r.received_at, r.entered_at, r.verified_at, r.released_at, r.cancelled_at, r.latest_version, r.latest_result_id,
	r.released_result_id, r.reflex_of_id, r.overdue_told_at, r.version, r.updated_at, r.urgency, r.due_rank,
	s.barcode, s.specimen_type AS sample_specimen, s.collected_at AS sample_collected_at, s.pregnant`

var workStatuses = []string{requestReceived, requestEntered, requestVerified}

// Worklist gives the tests at work, the most urgent first, then those due first.
func (m *Module) Worklist(ctx context.Context, q db.DBTX, in WorklistInput) (httpx.Page[Work], error) {
	scope, _ := db.ScopeOf(ctx)
	var page httpx.Page[Work]
	var after workKey
	more, err := in.After(&after)
	if err != nil {
		return page, err
	}
	where, err := atWork(scope, in)
	if err != nil {
		return page, err
	}
	const from = ` FROM lab.request r JOIN lab.sample s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id`
	var count *int64
	if in.Count && in.Q == "" {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM lab.request r`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return page, err
		}
	}
	if more {
		where.And("(r.urgency, r.due_rank, r.order_item_id) > (?::integer, ?::timestamptz, ?::uuid)", after.Urgency, after.Due, after.ItemID)
	}
	limit := in.Limit + 1
	if in.Q != "" {
		limit = mostTubes
	}
	rows, err := q.Query(ctx, `SELECT `+workColumns+from+where.SQL()+` ORDER BY r.urgency, r.due_rank, r.order_item_id LIMIT `+where.Arg(limit), where.Args()...)
	if err != nil {
		return page, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[workRow])
	if err != nil {
		return page, err
	}
	return m.pageOfWork(ctx, q, scope, in, found, count)
}

func atWork(scope db.Scope, in WorklistInput) (*db.Where, error) {
	w := &db.Where{}
	w.And("r.tenant_id = ? AND r.facility_id = ?", scope.TenantID, scope.FacilityID)
	statuses, err := httpx.Among("status", in.Status, workStatuses)
	if err != nil {
		return nil, err
	}
	if len(statuses) == 0 {
		statuses = workStatuses
	}
	// The words themselves, by which PostgreSQL knows that the index of what waits holds them all.
	if condition := db.AnyOf("r.status", statuses, append([]string{requestOrdered}, workStatuses...)); condition != "" {
		w.And(condition)
	}
	priorities, err := httpx.Among("priority", in.Priority, []string{routine, urgent, stat})
	if err != nil {
		return nil, err
	}
	if len(priorities) > 0 {
		w.And("r.priority = ANY(?::text[])", priorities)
	}
	if in.Section != "" {
		w.And("r.section = ?", in.Section)
	}
	return w, nil
}

// pageOfWork cuts the page, by words where they are looked for, and then asks for what its rows need.
func (m *Module) pageOfWork(ctx context.Context, q db.DBTX, scope db.Scope, in WorklistInput, found []workRow, count *int64) (httpx.Page[Work], error) {
	var page httpx.Page[Work]
	ids := make([]uuid.UUID, len(found))
	for i, row := range found {
		ids[i] = row.PatientID
	}
	summaries, err := m.summaries(ctx, q, scope, ids)
	if err != nil {
		return page, err
	}
	if in.Q != "" {
		found = withWords(found, in.Q, summaries)
		if in.Count {
			n := int64(len(found))
			count = &n
		}
	}
	cut := httpx.NewPage(found, in.Limit, func(r workRow) any { return workKey{r.Urgency, r.DueRank, r.OrderItemID} })
	shown, err := m.presentWork(ctx, q, scope, cut.Results, summaries)
	return httpx.Page[Work]{Results: shown, Next: cut.Next, Count: count}, err
}

func withWords(rows []workRow, sought string, patients map[uuid.UUID]patientsapi.Summary) []workRow {
	var kept []workRow
	for _, row := range rows {
		p := patients[row.PatientID]
		if hasWords(sought, []string{p.FullName, p.MRN, row.Barcode, row.ServiceCode, row.Name}) {
			kept = append(kept, row)
		}
	}
	return kept
}

func (m *Module) presentWork(ctx context.Context, q db.DBTX, scope db.Scope, rows []workRow, patients map[uuid.UUID]patientsapi.Summary) ([]Work, error) {
	shown := make([]Work, len(rows))
	if len(rows) == 0 {
		return shown, nil
	}
	shelves, err := m.shelves(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	facility, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return nil, err
	}
	tests := make([][]*packsapi.Analyte, len(rows))
	for i, row := range rows {
		shelf, err := shelves.of(row.Pack)
		if err != nil {
			return nil, err
		}
		tests[i] = shelf.test(row.ServiceCode, row.Name)
	}
	formers, err := formersOf(ctx, q, scope, rows, tests)
	if err != nil {
		return nil, err
	}
	results, err := m.latestOf(ctx, q, scope, rows, patients)
	if err != nil {
		return nil, err
	}
	now := m.deps.Clock.Now()
	for i, row := range rows {
		patient := patients[row.PatientID]
		person := measuredOf(patient, row.SampleCollectedAt, row.Pregnant != nil && *row.Pregnant, facility.Zone)
		shown[i] = Work{
			OrderItemID: row.OrderItemID, EncounterID: row.EncounterID, Status: row.Status, Patient: patientOf(patient), ServiceCode: row.ServiceCode,
			Name: row.Name, Section: row.Section, Priority: row.Priority, DueAt: row.DueAt, Pregnant: row.Pregnant,
			IsOverdue: row.DueAt != nil && row.ReleasedAt == nil && row.DueAt.Before(now), Result: results[row.OrderItemID],
			Sample: WorkSample{ID: *row.SampleID, Barcode: row.Barcode, SpecimenType: row.SampleSpecimen, CollectedAt: row.SampleCollectedAt, ReceivedAt: row.ReceivedAt},
		}
		for _, a := range tests[i] {
			shown[i].Analytes = append(shown[i].Analytes, workAnalyte(a, person, formers[formerKey{row.OrderItemID, a.Code}]))
		}
	}
	return shown, nil
}

func workAnalyte(a *packsapi.Analyte, person packsapi.Measured, former *labapi.FormerValue) WorkAnalyte {
	w := WorkAnalyte{AnalyteInfo: analyteInfo(a), CriticalLow: orJSONNull(nil), CriticalHigh: orJSONNull(nil), Former: former}
	fits := measure.RangeFor(a, person)
	w.ReferenceLow, w.ReferenceHigh, w.ReferenceText = rangeShown(fits)
	if fits != nil {
		w.CriticalLow, w.CriticalHigh = number(fits.CriticalLow), number(fits.CriticalHigh)
	}
	return w
}

type formerKey struct {
	itemID uuid.UUID
	code   string
}

// formersOf gives the last released value of each analyte of each test at hand, of a sample taken before its own.
func formersOf(ctx context.Context, q db.DBTX, scope db.Scope, rows []workRow, tests [][]*packsapi.Analyte) (map[formerKey]*labapi.FormerValue, error) {
	var patientIDs, itemIDs []uuid.UUID
	var befores []time.Time
	known := map[string]*packsapi.Analyte{}
	var codes []string
	for i, row := range rows {
		patientIDs, itemIDs, befores = append(patientIDs, row.PatientID), append(itemIDs, row.OrderItemID), append(befores, row.SampleCollectedAt)
		for _, a := range tests[i] {
			if known[a.Code] == nil {
				known[a.Code], codes = a, append(codes, a.Code)
			}
		}
	}
	found, err := labdb.New(q).FormerValuesOf(ctx, labdb.FormerValuesOfParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientIds: patientIDs, Befores: befores, Codes: codes, OrderItemIds: itemIDs})
	if err != nil {
		return nil, err
	}
	formers := make(map[formerKey]*labapi.FormerValue, len(found))
	for _, row := range found {
		f, err := formerOf(known[row.Code], row)
		if err != nil {
			return nil, err
		}
		formers[formerKey{row.OrderItemID, row.Code}] = &f.shown
	}
	return formers, nil
}

// latestOf gives the latest version of each test that has one; not one of a sample that was rejected, for which the test is
// done anew.
func (m *Module) latestOf(ctx context.Context, q db.DBTX, scope db.Scope, rows []workRow, patients map[uuid.UUID]patientsapi.Summary) (map[uuid.UUID]*labapi.Result, error) {
	var ids []uuid.UUID
	for _, row := range rows {
		if row.Status != requestReceived {
			ids = appendKnown(ids, row.LatestResultID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	records, err := labdb.New(q).ResultsByID(ctx, labdb.ResultsByIDParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: ids})
	if err != nil {
		return nil, err
	}
	shown, err := m.presentResultsOf(ctx, q, scope, records, patients)
	if err != nil {
		return nil, fmt.Errorf("results of the worklist: %w", err)
	}
	latest := make(map[uuid.UUID]*labapi.Result, len(shown))
	for i := range shown {
		latest[shown[i].OrderItemID] = &shown[i]
	}
	return latest, nil
}
