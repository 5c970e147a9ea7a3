package lab_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

// listening counts the round trips of a transaction, and keeps its statements.
type listening struct {
	db.Tx
	said []string
	args [][]any
}

func (l *listening) hear(sql string, args []any) {
	l.said, l.args = append(l.said, sql), append(l.args, args)
}

func (l *listening) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	l.hear(sql, args)
	return l.Tx.Exec(ctx, sql, args...)
}

func (l *listening) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	l.hear(sql, args)
	return l.Tx.Query(ctx, sql, args...)
}

func (l *listening) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	l.hear(sql, args)
	return l.Tx.QueryRow(ctx, sql, args...)
}

// of counts those of one schema.
func (l *listening) of(schema string) (count int) {
	for _, sql := range l.said {
		if strings.Contains(sql, " "+schema+".") {
			count++
		}
	}
	return count
}

// Entering a result is one transaction: of the laboratory's own, one statement reads the test, one the former values, one
// writes version and values, one reads what is answered. No analyte costs a statement of its own.
func TestEnteringCostsFewStatements(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		heard := &listening{Tx: tx}
		must[labapi.Result](t)(b.Enter(ctx, heard, entering(item, "NA", 140, "K", 4, "CL", 101, "HCO3", 24)))
		t.Logf("%d statements, %d of them the laboratory's", len(heard.said), heard.of("lab"))
		if own := heard.of("lab"); own != 4 {
			t.Errorf("the laboratory sends %d statements, not 4:\n%s", own, strings.Join(heard.said, "\n---\n"))
		}
		if len(heard.said) > 25 {
			t.Errorf("%d statements in all:\n%s", len(heard.said), strings.Join(heard.said, "\n---\n"))
		}
	})
}

// manyTubes leaves 2,000 tubes to take and 1,000 tests at work beside 20,000 that are done.
func manyTubes(ctx context.Context, t testing.TB, d *testkit.Database) {
	t.Helper()
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		for i := range 200 {
			patient := patientstest.Patient(ctx, t, tx, patientstest.With{FullName: fmt.Sprintf("Patient %c%d", 'A'+i%26, i), MRN: fmt.Sprintf("MRN-%04d", i)})
			encounter := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patient})
			scope, sample := tx.Scope(), uuid.New()
			_, err := tx.Exec(ctx, `
				INSERT INTO lab.sample (tenant_id, facility_id, id, barcode, status, encounter_id, patient_id, specimen_type, collected_at, received_at, created_at, updated_at)
				VALUES ($1, $2, $3, $4, 'RECEIVED', $5, $6, 'serum', $7, $7, $7, $7)`, scope.TenantID, scope.FacilityID, sample, fmt.Sprint("B", i), encounter.ID, patient, tx.Now())
			if err != nil {
				t.Fatal(err)
			}
			_, err = tx.Exec(ctx, `
				INSERT INTO lab.request (tenant_id, facility_id, order_item_id, order_id, place, encounter_id, patient_id, encounter_type, pack, service_code, name,
					section, specimen_type, container, priority, status, ordered_at, due_at, updated_at, sample_id, collected_at, received_at, entered_at,
					latest_version, latest_result_id, released_at, released_result_id)
				SELECT $1, $2, gen_random_uuid(), gen_random_uuid(), 0, $3, $4, 'OPD', 'base', 'RENAL', 'Renal function', 'electrolytes', 'serum',
					'tube ' || n % 10, (ARRAY['ROUTINE','URGENT','STAT'])[1 + n % 10 % 3],
					CASE WHEN n <= 10 THEN 'ORDERED' WHEN n <= 15 THEN 'RECEIVED' ELSE 'RELEASED' END, $5::timestamptz, $5 + n * interval '1 minute', $5,
					CASE WHEN n > 10 THEN $6::uuid END, CASE WHEN n > 10 THEN $5 END, CASE WHEN n > 10 THEN $5 END, CASE WHEN n > 15 THEN $5 END,
					(n > 15)::integer, CASE WHEN n > 15 THEN $6::uuid END, CASE WHEN n > 15 THEN $5 END, CASE WHEN n > 15 THEN $6::uuid END
				FROM generate_series(1, 115) AS n`, scope.TenantID, scope.FacilityID, encounter.ID, patient, tx.Now(), sample)
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	d.AsSuperuser(t, "ANALYZE lab.request, lab.sample")
}

// plan explains the one statement of the laboratory among those that were heard.
func (l *listening) plan(ctx context.Context, t testing.TB) string {
	t.Helper()
	for i, sql := range l.said {
		if !strings.Contains(sql, "lab.request") && !strings.Contains(sql, "lab.result_record") || strings.Contains(sql, "count(*)") {
			continue
		}
		rows, err := l.Tx.Query(ctx, "EXPLAIN "+sql, l.args[i]...)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, "\n")
	}
	t.Fatal("the laboratory was not asked")
	return ""
}

// Of results and samples a page is found by its index alone, and only what stands on it is joined.
func TestAPageOfResultsIsChosenBeforeItIsJoined(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		must[labapi.Result](t)(b.Enter(ctx, tx, entering(item, "NA", 140, "K", 4, "CL", 101, "HCO3", 24)))
		heard := &listening{Tx: tx}
		if page := must[httpx.Page[labapi.Result]](t)(b.ListResults(ctx, heard, lab.ListResultsInput{PageParams: httpx.PageParams{Limit: 50}})); len(page.Results) != 1 {
			t.Fatalf("%d results are listed", len(page.Results))
		}
		if plan := heard.plan(ctx, t); strings.HasPrefix(plan, "Limit") || !strings.Contains(plan, "->  Limit") {
			t.Errorf("the plan:\n%s", plan)
		}
	})
}

func TestTheCollectionListOfTwoThousandTubesComesFromItsIndex(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	manyTubes(ctx, t, d)
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		heard := &listening{Tx: tx}
		begun := time.Now()
		page := must[httpx.Page[lab.Tube]](t)(b.CollectionList(ctx, heard, lab.CollectionInput{PageParams: first(50)}))
		t.Logf("the first page of %d tubes takes %s", *page.Count, time.Since(begun))
		if *page.Count != 2000 || len(page.Results) != 50 || page.Next == nil {
			t.Fatalf("%d of %d", len(page.Results), *page.Count)
		}
		if plan := heard.plan(ctx, t); !strings.Contains(plan, "request_waiting") || strings.Contains(plan, "Seq Scan") {
			t.Errorf("the plan:\n%s", plan)
		}
		heard = &listening{Tx: tx}
		begun = time.Now()
		if work := must[httpx.Page[lab.Work]](t)(b.Worklist(ctx, heard, lab.WorklistInput{PageParams: httpx.PageParams{Limit: 50}})); len(work.Results) != 50 {
			t.Errorf("%d are at work", len(work.Results))
		}
		t.Logf("the first page of 1,000 at work takes %s", time.Since(begun))
		if plan := heard.plan(ctx, t); !strings.Contains(plan, "request_waiting") {
			t.Errorf("the worklist's plan:\n%s", plan)
		}
		// All pages together are every tube once, in order.
		seen, in := map[string]bool{}, lab.CollectionInput{PageParams: httpx.PageParams{Limit: 200}}
		urgency := map[string]int{"STAT": 0, "URGENT": 1, "ROUTINE": 2}
		last, lastDue := 0, time.Time{}
		for {
			page := must[httpx.Page[lab.Tube]](t)(b.CollectionList(ctx, tx, in))
			for _, tube := range page.Results {
				if now := urgency[tube.Priority]; now < last || now == last && tube.DueAt.Before(lastDue) {
					t.Fatalf("%s due %s after %d due %s", tube.Priority, tube.DueAt, last, lastDue)
				}
				last, lastDue = urgency[tube.Priority], *tube.DueAt
				seen[tube.EncounterID.String()+text(tube.Container)] = true
			}
			if page.Next == nil {
				break
			}
			in.Cursor = *page.Next
		}
		if len(seen) != 2000 {
			t.Errorf("the pages have %d tubes", len(seen))
		}
		found := must[httpx.Page[lab.Tube]](t)(b.CollectionList(ctx, tx, lab.CollectionInput{PageParams: first(5), Q: "mrn-0042 renal"}))
		if *found.Count != 10 || len(found.Results) != 5 || found.Results[0].Patient.MRN != "MRN-0042" {
			t.Errorf("the search finds %d", *found.Count)
		}
	})
}

func TestTheCollectionListIsFiltered(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		b.order(ctx, t, tx, "STAT", "BLOOD")
		b.order(ctx, t, tx, "ROUTINE", "RENAL", "POTASSIUM")
		b.order(ctx, t, tx, "ROUTINE", "SALIVA")
		list := func(change func(*lab.CollectionInput)) []string {
			in := lab.CollectionInput{PageParams: first(10)}
			change(&in)
			shown := []string{}
			for _, tube := range must[httpx.Page[lab.Tube]](t)(b.CollectionList(ctx, tx, in)).Results {
				shown = append(shown, tube.SpecimenType+" "+tube.Priority)
			}
			return shown
		}
		want(t, list(func(*lab.CollectionInput) {}), "blood STAT", "serum ROUTINE", "saliva ROUTINE")
		want(t, list(func(in *lab.CollectionInput) { in.Priority = []string{"ROUTINE,URGENT"} }), "serum ROUTINE", "saliva ROUTINE")
		want(t, list(func(in *lab.CollectionInput) { in.EncounterType = []string{"IPD"} }))
		want(t, list(func(in *lab.CollectionInput) { in.DueBefore = testkit.Epoch.Add(time.Hour) }), "blood STAT")
		want(t, list(func(in *lab.CollectionInput) { in.Q = "nair potassium" }), "serum ROUTINE")
		_, err := b.CollectionList(ctx, tx, lab.CollectionInput{PageParams: first(10), Priority: []string{"SOON"}})
		wantFaults(t, err, "request.invalid", "query.priority")
		page := must[httpx.Page[lab.Tube]](t)(b.CollectionList(ctx, tx, lab.CollectionInput{PageParams: first(10), Priority: []string{"ROUTINE"}}))
		if tube := page.Results[0]; len(tube.Items) != 2 || tube.Items[0].ServiceCode != "RENAL" || tube.Patient.FullName != "Meera Nair" || len(tube.Instructions) != 1 || tube.Instructions[0] != "Rest for ten minutes" {
			t.Errorf("the tube is %+v", tube)
		}
	})
}

// What stands beside an empty cell is what the entry will be compared with: also the released version of a test on the same
// page that is being corrected, and nothing of a later sample.
func TestTheFormerValueIsTheOneThatAnEntryIsComparedWith(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		early, yesterday := taking(b.ask(ctx, t, tx, "POTASSIUM")...), tx.Now().AddDate(0, 0, -1)
		early.Body.CollectedAt = &yesterday
		must[labapi.Sample](t)(b.Receive(ctx, tx, byID(must[labapi.Sample](t)(b.Collect(ctx, tx, early)).ID)))
		released := b.released(ctx, t, tx, "POTASSIUM", "K", 3.6)
		correcting := entering(released.OrderItemID, "K", 3.8)
		correcting.Body.CorrectionReason = "Misread"
		must[labapi.Result](t)(b.Enter(ctx, tx, correcting))
		late := b.received(ctx, t, tx, "POTASSIUM")
		formers := map[uuid.UUID]*labapi.FormerValue{}
		for _, work := range must[httpx.Page[lab.Work]](t)(b.Worklist(ctx, tx, lab.WorklistInput{PageParams: first(10)})).Results {
			formers[work.OrderItemID] = work.Analytes[0].Former
		}
		if f := formers[late]; len(formers) != 3 || f == nil || f.ResultID != released.ID {
			t.Errorf("the later test is shown %+v", f)
		}
		if formers[released.OrderItemID] != nil || formers[early.Body.OrderItemIDs[0]] != nil {
			t.Errorf("shown of itself, or of a later sample: %+v", formers)
		}
	})
}

func TestTheWorklistHasAllThatABenchNeeds(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		former := b.released(ctx, t, tx, "POTASSIUM", "K", 3.6)
		_, ids := b.order(ctx, t, tx, "STAT", "RENAL")
		sample := b.receive(ctx, t, tx, ids...)
		entered := b.enter(ctx, t, tx, b.received(ctx, t, tx, "BLOOD"), "HGB", 13)
		work := func(change func(*lab.WorklistInput)) []lab.Work {
			in := lab.WorklistInput{PageParams: first(10)}
			change(&in)
			return must[httpx.Page[lab.Work]](t)(b.Worklist(ctx, tx, in)).Results
		}
		all := work(func(*lab.WorklistInput) {})
		if len(all) != 2 || all[0].OrderItemID != ids[0] || all[1].Result == nil || all[1].Result.ID != entered.ID {
			t.Fatalf("at work: %+v", all)
		}
		renal := all[0]
		if renal.Status != "RECEIVED" || renal.Result != nil || renal.Sample.Barcode != sample.Barcode || renal.Patient.FullName != "Meera Nair" || len(renal.Analytes) != 5 || renal.IsOverdue {
			t.Errorf("renal is %+v", renal)
		}
		k := renal.Analytes[1]
		if k.Code != "K" || string(k.ReferenceLow) != "3.5" || string(k.CriticalHigh) != "6.5" || k.Former == nil || k.Former.ResultID != former.ID || text(k.Unit) != "mmol/L" || k.Decimals != 1 {
			t.Errorf("potassium is %+v", k)
		}
		if gap := renal.Analytes[4]; !gap.Calculated || gap.Former != nil || string(gap.CriticalLow) != "null" {
			t.Errorf("the gap is %+v", gap)
		}
		for name, c := range map[string]struct {
			change func(*lab.WorklistInput)
			count  int
		}{
			"section":  {func(in *lab.WorklistInput) { in.Section = "haematology" }, 1},
			"status":   {func(in *lab.WorklistInput) { in.Status = []string{"ENTERED", "VERIFIED"} }, 1},
			"priority": {func(in *lab.WorklistInput) { in.Priority = []string{"STAT"} }, 1},
			"words":    {func(in *lab.WorklistInput) { in.Q = sample.Barcode }, 1},
			"none":     {func(in *lab.WorklistInput) { in.Q = "nobody" }, 0},
		} {
			if got := work(c.change); len(got) != c.count {
				t.Errorf("by %s there are %d", name, len(got))
			}
		}
		page := must[httpx.Page[lab.Work]](t)(b.Worklist(ctx, tx, lab.WorklistInput{PageParams: first(1)}))
		next := must[httpx.Page[lab.Work]](t)(b.Worklist(ctx, tx, lab.WorklistInput{PageParams: httpx.PageParams{Limit: 1, Cursor: *page.Next}}))
		if *page.Count != 2 || len(next.Results) != 1 || next.Results[0].OrderItemID == page.Results[0].OrderItemID || next.Next != nil {
			t.Errorf("the pages are %+v and %+v", page, next)
		}
	})
}

func TestResultsAreListedByWhatIsAskedFor(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		released := b.released(ctx, t, tx, "POTASSIUM", "K", 3.6)
		b.enter(ctx, t, tx, released.OrderItemID, "K", 3.9)
		other := b.enter(ctx, t, tx, b.received(ctx, t, tx, "BLOOD"), "HGB", 13)
		for name, c := range map[string]struct {
			in    lab.ListResultsInput
			count int
		}{
			"all":       {lab.ListResultsInput{}, 3},
			"item":      {lab.ListResultsInput{OrderItemID: other.OrderItemID}, 1},
			"encounter": {lab.ListResultsInput{EncounterID: b.encounter.ID}, 3},
			"patient":   {lab.ListResultsInput{PatientID: b.encounter.PatientID, Latest: true}, 2},
			"nobody":    {lab.ListResultsInput{PatientID: uuid.New()}, 0},
			"status":    {lab.ListResultsInput{Status: []string{"RELEASED"}}, 1},
			"statuses":  {lab.ListResultsInput{Status: []string{"ENTERED,VERIFIED"}}, 2},
		} {
			c.in.PageParams = first(10)
			page := must[httpx.Page[labapi.Result]](t)(b.ListResults(ctx, tx, c.in))
			if len(page.Results) != c.count || *page.Count != int64(c.count) {
				t.Errorf("by %s there are %d, counted %d", name, len(page.Results), *page.Count)
			}
		}
	})
}
