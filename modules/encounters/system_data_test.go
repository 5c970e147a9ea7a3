package encounters_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

// inAyurvedicFacility has encounters of the ayurveda pack, whose own data have a form.
func inAyurvedicFacility(t *testing.T, fn func(ctx context.Context, tx db.Tx, h house, create func(data map[string]any) (encounters.Encounter, error))) {
	t.Helper()
	inFacility(t, facilitiestest.With{SeveralActiveEncounters: true}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		if _, err := tx.Exec(ctx, `UPDATE facilities.facility SET packs = '{base,ayurveda}' WHERE tenant_id = $1`, tx.Scope().TenantID); err != nil {
			t.Fatal(err)
		}
		fn(ctx, tx, h, func(data map[string]any) (encounters.Encounter, error) {
			var in encounters.CreateInput
			in.Body.PatientID, in.Body.Pack, in.Body.SystemData = patientID, "ayurveda", data
			return h.encounters.Create(ctx, tx, in)
		})
	})
}

func TestSystemDataAreCheckedByThePack(t *testing.T) {
	t.Parallel()
	inAyurvedicFacility(t, func(ctx context.Context, tx db.Tx, h house, create func(map[string]any) (encounters.Encounter, error)) {
		_, err := create(map[string]any{"ritu": "winter", "colour": "red"})
		wantFaults(t, err, "body.system_data.colour", "body.system_data.ritu")
		e, err := create(map[string]any{"ritu": "varsha"})
		if err != nil {
			t.Fatal(err)
		}
		in := encounters.UpdateInput{ByID: byID(e.ID)}
		in.Body.SystemData = map[string]any{"bala": 7.0}
		_, err = h.encounters.Update(ctx, tx, in)
		wantFaults(t, err, "body.system_data.bala")
	})
}

func TestEncountersAreFoundByTheirSystemData(t *testing.T) {
	t.Parallel()
	inAyurvedicFacility(t, func(ctx context.Context, tx db.Tx, h house, create func(map[string]any) (encounters.Encounter, error)) {
		var made []encounters.Encounter
		for _, data := range []map[string]any{{"ritu": "varsha", "course": "Basti"}, {"ritu": "varsha"}, {"ritu": "sharad"}, nil} {
			e, err := create(data)
			if err != nil {
				t.Fatal(err)
			}
			made = append(made, e)
		}
		found := func(asked ...string) int {
			t.Helper()
			page, err := h.encounters.List(ctx, tx, encounters.ListInput{Data: asked, PageParams: httpx.PageParams{Limit: 50, Count: true}})
			if err != nil || int(*page.Count) != len(page.Results) {
				t.Fatalf("got %+v, %v", page, err)
			}
			return len(page.Results)
		}
		want := func(counts map[string]int) {
			t.Helper()
			for asked, n := range counts {
				if got := found(asked); got != n {
					t.Errorf("%s: found %d, want %d", asked, got, n)
				}
			}
		}
		want(map[string]int{"ayurveda.ritu:varsha": 2, "ayurveda.ritu:sharad": 1, "ayurveda.ritu:grishma": 0, "ayurveda.course:basti": 1})
		if n := found("ayurveda.ritu:varsha", "ayurveda.course:BASTI"); n != 1 {
			t.Errorf("both: found %d", n)
		}
		in := encounters.UpdateInput{ByID: byID(made[0].ID)}
		in.Body.SystemData = map[string]any{"ritu": "sharad"}
		if _, err := h.encounters.Update(ctx, tx, in); err != nil {
			t.Fatal(err)
		}
		want(map[string]int{"ayurveda.ritu:varsha": 1, "ayurveda.ritu:sharad": 2, "ayurveda.course:basti": 0})
		for _, asked := range []string{"ritu:varsha", "ayurveda.bala:avara", "ayurveda.ritu:winter", "base.ritu:varsha"} {
			_, err := h.encounters.List(ctx, tx, encounters.ListInput{Data: []string{asked}, PageParams: httpx.PageParams{Limit: 50}})
			wantFaults(t, err, "query.data")
		}
	})
}
