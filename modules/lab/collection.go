package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// CollectionInput filters tubes to take; filters given together must all hold.
type CollectionInput struct {
	httpx.PageParams
	EncounterType []string  `query:"encounter_type,explode" maxItems:"20" doc:"OPD IPD EMERGENCY ...; several by repetition or commas"`
	Priority      []string  `query:"priority,explode" maxItems:"20" doc:"ROUTINE URGENT STAT; several by repetition or commas"`
	DueBefore     time.Time `query:"due_before" doc:"Due before then"`
	EncounterID   uuid.UUID `query:"encounter_id" format:"uuid"`
	Q             string    `query:"q" maxLength:"200" doc:"Words in the patient's name or number, or in what was ordered"`
}

// Tube is one tube to take: the tests of an encounter that share specimen and container.
type Tube struct {
	EncounterID    uuid.UUID      `json:"encounter_id" format:"uuid"`
	Patient        labapi.Patient `json:"patient"`
	EncounterType  string         `json:"encounter_type"`
	SpecimenType   string         `json:"specimen_type"`
	Container      *string        `json:"container"`
	Priority       string         `json:"priority" enum:"ROUTINE,URGENT,STAT" doc:"The most urgent of its tests"`
	DueAt          *time.Time     `json:"due_at" doc:"When the first of its results is due"`
	OrderedAt      time.Time      `json:"ordered_at" doc:"Of the first of its tests"`
	Instructions   []string       `json:"instructions" nullable:"false" doc:"How to prepare the patient, of all its tests"`
	IsRecollection bool           `json:"is_recollection" doc:"A sample of one of its tests was rejected"`
	Items          []TubeItem     `json:"items" nullable:"false"`
}

// TubeItem is a test that a tube is for.
type TubeItem struct {
	OrderItemID uuid.UUID `json:"order_item_id" format:"uuid"`
	ServiceCode string    `json:"service_code"`
	Name        string    `json:"name"`
}

// AuditSubject says whose record it shows.
func (t Tube) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: labapi.EntitySample, EncounterID: t.EncounterID, PatientIDs: []uuid.UUID{t.Patient.ID}}
}

// tubeKey is where a page ended.
type tubeKey struct {
	Urgency             int32
	Due                 time.Time
	EncounterID         uuid.UUID
	Specimen, Container string
}

type tubeRow struct {
	EncounterID    uuid.UUID
	PatientID      uuid.UUID
	EncounterType  string
	SpecimenType   string
	Container      string
	Urgency        int32
	DueRank        time.Time
	DueAt          *time.Time
	OrderedAt      time.Time
	Instructions   []string
	IsRecollection bool
	Items          json.RawMessage
}

func (r tubeRow) key() tubeKey {
	return tubeKey{r.Urgency, r.DueRank, r.EncounterID, r.SpecimenType, r.Container}
}

const tubes = `SELECT encounter_id, patient_id, encounter_type, specimen_type, coalesce(container, '') AS container, min(urgency) AS urgency,
		min(due_rank) AS due_rank, min(due_at) AS due_at, min(ordered_at) AS ordered_at,
		coalesce(array_agg(DISTINCT instructions) FILTER (WHERE instructions IS NOT NULL), '{}') AS instructions,
		bool_or(is_recollection) AS is_recollection,
		jsonb_agg(jsonb_build_object('order_item_id', order_item_id, 'service_code', service_code, 'name', name) ORDER BY urgency, order_id, place) AS items
	FROM lab.request`

const byTube = ` GROUP BY encounter_id, patient_id, encounter_type, specimen_type, coalesce(container, '')`

// mostTubes bounds what a search by words reads: far more than a hospital has to take at once.
const mostTubes = 20_000

// CollectionList gives the tubes to take, the most urgent first, then those due first.
func (m *Module) CollectionList(ctx context.Context, q db.DBTX, in CollectionInput) (httpx.Page[Tube], error) {
	scope, _ := db.ScopeOf(ctx)
	var page httpx.Page[Tube]
	var after tubeKey
	more, err := in.After(&after)
	if err != nil {
		return page, err
	}
	where, err := waitingFor(scope, in)
	if err != nil {
		return page, err
	}
	statement := tubes + where.SQL() + byTube
	var count *int64
	if in.Count && in.Q == "" {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM (`+statement+`) AS tube`, where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return page, err
		}
	}
	statement = `SELECT * FROM (` + statement + `) AS tube`
	if more {
		statement += fmt.Sprintf(" WHERE (urgency, due_rank, encounter_id, specimen_type, container) > (%s::integer, %s::timestamptz, %s::uuid, %s::text, %s::text)",
			where.Arg(after.Urgency), where.Arg(after.Due), where.Arg(after.EncounterID), where.Arg(after.Specimen), where.Arg(after.Container))
	}
	limit := in.Limit + 1
	if in.Q != "" {
		limit = mostTubes
	}
	statement += ` ORDER BY urgency, due_rank, encounter_id, specimen_type, container LIMIT ` + where.Arg(limit)
	rows, err := q.Query(ctx, statement, where.Args()...)
	if err != nil {
		return page, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[tubeRow])
	if err != nil {
		return page, err
	}
	return m.pageOfTubes(ctx, q, scope, in, found, count)
}

// pageOfTubes shows what was found with the patients' names, and with words to look for only what has them.
func (m *Module) pageOfTubes(ctx context.Context, q db.DBTX, scope db.Scope, in CollectionInput, found []tubeRow, count *int64) (httpx.Page[Tube], error) {
	ids := make([]uuid.UUID, len(found))
	for i, row := range found {
		ids[i] = row.PatientID
	}
	patients, err := m.patients(ctx, q, scope, ids)
	if err != nil {
		return httpx.Page[Tube]{}, err
	}
	type shownTube struct {
		Tube
		key tubeKey
	}
	var shown []shownTube
	for _, row := range found {
		tube, err := tubeOf(row, patients[row.PatientID])
		if err != nil {
			return httpx.Page[Tube]{}, err
		}
		if in.Q == "" || hasWords(in.Q, textOf(tube)) {
			shown = append(shown, shownTube{tube, row.key()})
		}
	}
	if in.Q != "" && in.Count {
		n := int64(len(shown))
		count = &n
	}
	keyed := httpx.NewPage(shown, in.Limit, func(t shownTube) any { return t.key })
	page := httpx.Page[Tube]{Results: make([]Tube, len(keyed.Results)), Next: keyed.Next, Count: count}
	for i, t := range keyed.Results {
		page.Results[i] = t.Tube
	}
	return page, nil
}

func waitingFor(scope db.Scope, in CollectionInput) (*db.Where, error) {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ? AND status = 'ORDERED'", scope.TenantID, scope.FacilityID)
	priorities, err := httpx.Among("priority", in.Priority, []string{routine, urgent, stat})
	if err != nil {
		return nil, err
	}
	if len(priorities) > 0 {
		w.And("priority = ANY(?::text[])", priorities)
	}
	if types := separated(in.EncounterType); len(types) > 0 {
		w.And("encounter_type = ANY(?::text[])", types)
	}
	if !in.DueBefore.IsZero() {
		w.And("due_at < ?", in.DueBefore)
	}
	if in.EncounterID != uuid.Nil {
		w.And("encounter_id = ?", in.EncounterID)
	}
	return w, nil
}

func tubeOf(row tubeRow, patient labapi.Patient) (Tube, error) {
	t := Tube{
		EncounterID: row.EncounterID, Patient: patient, EncounterType: row.EncounterType, SpecimenType: row.SpecimenType, Container: words(row.Container),
		Priority: []string{stat, urgent, routine}[row.Urgency], DueAt: row.DueAt, OrderedAt: row.OrderedAt, Instructions: row.Instructions,
		IsRecollection: row.IsRecollection,
	}
	if err := json.Unmarshal(row.Items, &t.Items); err != nil {
		return t, fmt.Errorf("tests of a tube of encounter %s: %w", row.EncounterID, err)
	}
	return t, nil
}

func textOf(t Tube) []string {
	text := []string{t.Patient.FullName, t.Patient.MRN, t.SpecimenType}
	for _, item := range t.Items {
		text = append(text, item.ServiceCode, item.Name)
	}
	return text
}

// separated reads a parameter that may be repeated, or hold several between commas.
func separated(sent []string) []string {
	var all []string
	for _, each := range sent {
		for text := range strings.SplitSeq(each, ",") {
			if text = strings.TrimSpace(text); text != "" {
				all = append(all, text)
			}
		}
	}
	return all
}

// hasWords tells whether each word that is looked for begins a word of the texts, or is within one that has digits, such
// as a number.
func hasWords(sought string, texts []string) bool {
	var within []string
	for _, text := range texts {
		within = append(within, strings.Fields(strings.ToLower(text))...)
	}
	for _, word := range strings.Fields(strings.ToLower(sought)) {
		found := false
		for _, w := range within {
			if strings.HasPrefix(w, word) || strings.ContainsAny(w, "0123456789") && strings.Contains(w, word) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}
