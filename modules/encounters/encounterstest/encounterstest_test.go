package encounterstest_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestEncounterOfEveryStatusIsARow(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		for _, status := range []encountersapi.Status{encountersapi.StatusCreated, encountersapi.StatusCheckedIn, encountersapi.StatusInConsult,
			encountersapi.StatusClosed, encountersapi.StatusCancelled} {
			want := encounterstest.Encounter(ctx, t, tx, encounterstest.With{Status: status})
			got, err := (encounters.Reader{}).Get(ctx, tx, tx.Scope(), want.ID)
			if err != nil || got.Status != status || got.PatientID != want.PatientID {
				t.Errorf("%s: got %+v, %v", status, got, err)
			}
		}
	})
}
