package labtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/lab/labtest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestATestOfEveryStatusIsOneOfTheLaboratory(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		for _, status := range []string{"ORDERED", "COLLECTED", "RECEIVED", "ENTERED", "VERIFIED", "RELEASED"} {
			for _, critical := range []bool{false, true} {
				made := labtest.Make(ctx, t, tx, labtest.With{Status: status, IsCritical: critical})
				samples, err := lab.Reader{}.Samples(ctx, tx, tx.Scope(), []uuid.UUID{made.SampleID})
				if err != nil || (len(samples) == 1) != (status != "ORDERED") {
					t.Errorf("%s has %d samples, %v", status, len(samples), err)
				}
				results, err := lab.Reader{}.Results(ctx, tx, tx.Scope(), []uuid.UUID{made.ResultID})
				if r, there := results[made.ResultID]; err != nil || there != (made.ResultID != uuid.Nil) || there && (string(r.Status) != status || r.IsCritical != critical || !r.IsLatest) {
					t.Errorf("%s has %+v, %v", status, results, err)
				}
			}
		}
	})
}

func TestTheReaderTellsWhatIsReleased(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		order := id.New()
		second := labtest.Make(ctx, t, tx, labtest.With{OrderID: order, Place: 1, Status: "RELEASED"})
		first := labtest.Make(ctx, t, tx, labtest.With{OrderID: order, Place: 0, Status: "RELEASED"})
		labtest.Make(ctx, t, tx, labtest.With{OrderID: order, Place: 2, Status: "VERIFIED"})
		released, err := lab.Reader{}.ReleasedOf(ctx, tx, tx.Scope(), order)
		if err != nil || len(released) != 2 || released[0].ID != first.ResultID || released[1].ID != second.ResultID {
			t.Errorf("released %+v, %v", released, err)
		}
		recent, err := lab.Reader{}.Recent(ctx, tx, tx.Scope(), first.PatientID, tx.Now().Add(-time.Hour))
		if err != nil || len(recent) != 1 || recent[0].Code != "K" || *recent[0].Number != 4.1 || recent[0].ItemID != first.ItemID {
			t.Errorf("recent %+v, %v", recent, err)
		}
		if late, err := (lab.Reader{}).Recent(ctx, tx, tx.Scope(), first.PatientID, tx.Now().Add(time.Hour)); err != nil || len(late) != 0 {
			t.Errorf("later %+v, %v", late, err)
		}
		var none map[uuid.UUID]labapi.Sample
		if none, err = (lab.Reader{}).Samples(ctx, tx, db.Scope{TenantID: uuid.New()}, []uuid.UUID{first.SampleID}); err != nil || len(none) != 0 {
			t.Errorf("another tenant's: %+v, %v", none, err)
		}
	})
}
