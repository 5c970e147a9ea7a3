package tasks_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

func TestBackfillRebuildsATasksStory(t *testing.T) {
	t.Parallel()
	h, nodes := newHouse(t), twoNodes(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(context.Background(), scope)
	var lived, imported uuid.UUID
	err := nodes[0].InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		h.hire(ctx, t, tx)
		lived = encounterstest.Encounter(ctx, t, tx, encounterstest.With{}).ID
		task := h.create(ctx, t, tx, lived, "x")
		for _, move := range []string{"assign", "complete", "reopen"} {
			if _, err := h.act(ctx, tx, task.ID, move); err != nil {
				return err
			}
		}
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		imported = other.ID
		_, err := tx.Exec(ctx, `INSERT INTO tasks.task (tenant_id, id, facility_id, encounter_id, patient_id, code, title, status, assigned_to_id,
				created_at, assigned_at, started_at, completed_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, 'old', 'Old', 'DONE', $6, $7, $7::timestamptz + interval '1 min', $7::timestamptz + interval '2 min', $7::timestamptz + interval '3 min', $7)`,
			scope.TenantID, uuid.New(), scope.FacilityID, other.ID, other.PatientID, h.nurse, tx.Now().AddDate(0, 0, -1))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for round, expected := range []int64{4, 0} {
		added, err := events.Backfill(context.Background(), nodes[1], []uuid.UUID{scope.TenantID}, h.tasks.BackfillSteps()...)
		if err != nil || added != expected {
			t.Fatalf("round %d: added %d, want %d (%v)", round, added, expected, err)
		}
	}
	wantTold(ctx, t, nodes[0], lived, "created x", "assigned x", "started x", "done x", "reopened x")
	wantTold(ctx, t, nodes[0], imported, "created old", "assigned old", "started old", "done old")
}
