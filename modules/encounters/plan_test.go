package encounters_test

import (
	"fmt"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

// history fills a facility with the encounters of a year, nearly all of them closed, and others with some more.
const history = `
	SET session_replication_role = replica;
	INSERT INTO encounters.encounter (tenant_id, id, facility_id, patient_id, encounter_type, pack, status, exclusive, attending_doctor_id,
		checked_in_at, consult_started_at, closed_at, cancelled_at, cancel_reason, created_at, updated_at)
	SELECT '%[1]s', gen_random_uuid(), CASE WHEN n %% 5 = 0 THEN gen_random_uuid() ELSE '%[2]s' END, gen_random_uuid(),
		CASE WHEN n %% 1500 = 1 THEN 'RARE' WHEN n %% 4 = 0 THEN 'IPD' ELSE 'OPD' END, 'base', status, true, CASE WHEN n %% 3 = 0 THEN '%[3]s'::uuid END,
		CASE WHEN status = 'CLOSED' THEN at END, CASE WHEN status = 'CLOSED' THEN at END, CASE WHEN status = 'CLOSED' THEN at END,
		CASE WHEN status = 'CANCELLED' THEN at END, CASE WHEN status = 'CANCELLED' THEN 'Left' END, at, at
	FROM (SELECT n, timestamptz '%[4]s' - n * interval '15 minutes' AS at,
		CASE WHEN n %% 300 = 1 THEN 'CANCELLED' WHEN n %% 400 = 2 THEN 'CREATED' ELSE 'CLOSED' END AS status FROM generate_series(1, 30000) n) AS made;
	RESET session_replication_role;
	ANALYZE encounters.encounter;`

// A facility's encounters grow for years. However they are asked for, PostgreSQL must find a page of them by an index,
// and what is rare without going through what is not.
func TestEveryListIsReadByAnIndex(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	scope, doctor := testkit.NewScope(), id.New()
	database.AsSuperuser(t, fmt.Sprintf(history, scope.TenantID, scope.FacilityID, doctor, testkit.Epoch.Format(time.RFC3339)))
	h, ctx := newHouse(t), db.WithScope(t.Context(), scope)
	filters := map[string]func(*encounters.ListInput){
		"all":         func(*encounters.ListInput) {},
		"closed":      func(in *encounters.ListInput) { in.Status = []string{"CLOSED"} },
		"cancelled":   func(in *encounters.ListInput) { in.Status = []string{"CANCELLED"} },
		"under way":   func(in *encounters.ListInput) { in.Status = []string{"CREATED,CHECKED_IN", "IN_CONSULT"} },
		"not closed":  func(in *encounters.ListInput) { in.Status = []string{"CANCELLED", "CREATED"} },
		"rare":        func(in *encounters.ListInput) { in.EncounterType = "RARE" },
		"none":        func(in *encounters.ListInput) { in.EncounterType = "NONE" },
		"outpatients": func(in *encounters.ListInput) { in.EncounterType = "OPD" },
		"doctor":      func(in *encounters.ListInput) { in.AttendingDoctorID = doctor },
		"nobody's":    func(in *encounters.ListInput) { in.AttendingDoctorID = id.New() },
		"patient":     func(in *encounters.ListInput) { in.PatientID = id.New() },
		"day":         func(in *encounters.ListInput) { in.Date = testkit.Epoch.AddDate(0, 0, -200).Format(time.DateOnly) },
	}
	// These find few: they may read no more than a few times what there is of it.
	few := map[string]bool{"cancelled": true, "under way": true, "not closed": true, "rare": true, "none": true, "nobody's": true, "patient": true, "day": true}
	// The figures may hold those of transactions before.
	const figures = `SELECT seq_scan, coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE schemaname = 'encounters' AND relname = 'encounter'`
	err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		for name, filter := range filters {
			for other, second := range filters {
				var in encounters.ListInput
				in.Limit = 50
				filter(&in)
				second(&in)
				var wholeBefore, rowsBefore, whole, rows int64
				if err := tx.QueryRow(ctx, figures).Scan(&wholeBefore, &rowsBefore); err != nil {
					return err
				}
				if _, err := h.encounters.List(ctx, tx, in); err != nil {
					return err
				}
				if err := tx.QueryRow(ctx, figures).Scan(&whole, &rows); err != nil {
					return err
				}
				if whole > wholeBefore {
					t.Errorf("%s and %s: the table was read whole", name, other)
				}
				if rows -= rowsBefore; few[name] && few[other] && rows > 1000 {
					t.Errorf("%s and %s: %d rows were read", name, other, rows)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
