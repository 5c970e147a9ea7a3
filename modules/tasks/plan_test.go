package tasks_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/tasks"
)

// history fills a facility with the tasks of a year, nearly all of them done, and another facility with some more.
const history = `
	SET session_replication_role = replica;
	INSERT INTO tasks.task (tenant_id, id, facility_id, encounter_id, patient_id, code, title, status, assigned_to_id, assigned_at, due_at,
		started_at, completed_at, cancelled_at, created_at, updated_at)
	SELECT '%[1]s', gen_random_uuid(), CASE WHEN n %% 5 = 0 THEN gen_random_uuid() ELSE '%[2]s' END, gen_random_uuid(), gen_random_uuid(),
		CASE WHEN n %% 1500 = 1 THEN 'rare' WHEN n %% 2 = 0 THEN 'record-vitals' ELSE 'doctor-consult' END, 'A task', status,
		CASE WHEN n %% 3 = 0 THEN '%[3]s'::uuid END, CASE WHEN n %% 3 = 0 THEN at END, CASE WHEN n %% 10 > 0 THEN at + interval '1 hour' END,
		CASE WHEN status = 'DONE' THEN at END, CASE WHEN status = 'DONE' THEN at END, CASE WHEN status = 'CANCELLED' THEN at END, at, at
	FROM (SELECT n, timestamptz '%[4]s' - n * interval '15 minutes' AS at,
		CASE WHEN n %% 300 = 1 THEN 'CANCELLED' WHEN n %% 400 = 2 THEN 'OPEN' ELSE 'DONE' END AS status FROM generate_series(1, 30000) n) AS made;
	RESET session_replication_role;
	ANALYZE tasks.task;`

// A facility's tasks grow for years. However they are asked for, PostgreSQL must find a page of them by an index, and
// what is rare without going through what is not.
func TestEveryListIsReadByAnIndex(t *testing.T) {
	t.Parallel()
	known, err := library()
	if err != nil {
		t.Fatal(err)
	}
	database := testkit.NewDatabase(t)
	scope := testkit.NewScope()
	database.AsSuperuser(t, fmt.Sprintf(history, scope.TenantID, scope.FacilityID, scope.UserID, testkit.Epoch.Format(time.RFC3339)))
	m := tasks.New(tasks.Deps{Bus: events.NewBus(), Clock: clock.NewManual(testkit.Epoch), Facilities: facilities.Reader{}, Encounters: encounters.Reader{},
		Patients: patients.Reader{}, Users: iam.Reader{}, Packs: known})
	day := 24 * time.Hour
	filters := map[string]func(*tasks.ListInput){
		"done":      func(in *tasks.ListInput) { in.Status = []string{"DONE"} },
		"to do":     func(in *tasks.ListInput) { in.Status = []string{"OPEN", "IN_PROGRESS"} },
		"cancelled": func(in *tasks.ListInput) { in.Status = []string{"CANCELLED"} },
		"not done":  func(in *tasks.ListInput) { in.Status = []string{"CANCELLED", "OPEN"} },
		"mine":      func(in *tasks.ListInput) { in.Mine = true },
		"nobody's":  func(in *tasks.ListInput) { in.AssignedToID = unknown },
		"overdue":   func(in *tasks.ListInput) { in.Overdue = true },
		"tomorrow":  func(in *tasks.ListInput) { in.DueAfter = testkit.Epoch.Add(day) },
		"long ago":  func(in *tasks.ListInput) { in.DueBefore = testkit.Epoch.Add(-299 * day) },
		"rare":      func(in *tasks.ListInput) { in.Code = "rare" },
		"vitals":    func(in *tasks.ListInput) { in.Code = "record-vitals" },
		"no code":   func(in *tasks.ListInput) { in.Code = "nothing" },
		"encounter": func(in *tasks.ListInput) { in.EncounterID = unknown },
	}
	// These find few: they may read no more than a few times what there is of it.
	few := map[string]bool{"to do": true, "cancelled": true, "not done": true, "nobody's": true, "overdue": true, "tomorrow": true, "rare": true, "no code": true, "encounter": true}
	orderings := []string{"created_at", "-created_at", "due_at", "-due_at"}
	turn := 0
	for name, filter := range filters {
		for other, second := range filters {
			asked := orderings
			if turn++; name != other {
				asked = orderings[turn%4 : turn%4+1] // pairs by one of them each
			}
			for _, ordering := range asked {
				in := tasks.ListInput{Ordering: ordering}
				in.Limit = 50
				filter(&in)
				second(&in)
				what := fmt.Sprintf("%s and %s by %s", name, other, ordering)
				whole, rows := read(t, database, scope, func(ctx context.Context, tx db.Tx) error {
					_, err := m.List(ctx, tx, in)
					return err
				})
				if whole > 0 {
					t.Errorf("%s: the table was read whole", what)
				}
				if few[name] && few[other] && rows > 1000 {
					t.Errorf("%s: %d rows were read", what, rows)
				}
			}
		}
	}
}

// read runs a list and tells how often the table of tasks was read whole, and how many rows were taken by an index.
func read(t *testing.T, database *testkit.Database, scope db.Scope, list func(context.Context, db.Tx) error) (whole, rows int64) {
	t.Helper()
	ctx := db.WithScope(t.Context(), scope)
	err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		// The figures may hold those of transactions before.
		const figures = `SELECT seq_scan, coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE schemaname = 'tasks' AND relname = 'task'`
		var wholeBefore, rowsBefore int64
		if err := tx.QueryRow(ctx, figures).Scan(&wholeBefore, &rowsBefore); err != nil {
			return err
		}
		if err := list(ctx, tx); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, figures).Scan(&whole, &rows)
		whole, rows = whole-wholeBefore, rows-rowsBefore
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return whole, rows
}
