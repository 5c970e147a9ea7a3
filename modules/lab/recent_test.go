package lab_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// What lies beyond the instrument's reach is known by its bound, and what a later sample has no value of is not of today.
func TestRulesKnowWhatIsBoundedAndWhatIsOfYesterday(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		early, earlier := taking(b.ask(ctx, t, tx, "RENAL")...), tx.Now().Add(-time.Minute)
		early.Body.CollectedAt = &earlier
		must[labapi.Sample](t)(b.Receive(ctx, tx, byID(must[labapi.Sample](t)(b.Collect(ctx, tx, early)).ID)))
		first := b.enter(ctx, t, tx, early.Body.OrderItemIDs[0], "NA", 140, "K", 4, "CL", 101, "HCO3", 24)
		b.release(ctx, t, tx, b.verify(ctx, t, tx, first.ID).ID)
		b.released(ctx, t, tx, "RENAL", "NA", ">180", "CL", 101, "HCO3", 24)
		recent := must[[]labapi.RecentValue](t)(lab.Reader{}.Recent(ctx, tx, tx.Scope(), b.encounter.PatientID, testkit.Epoch.Add(-time.Hour)))
		got := []string{}
		for _, v := range recent {
			line := v.Code + " " + v.Comparator + strconv.FormatFloat(*v.Number, 'f', -1, 64)
			if v.Superseded {
				line += " superseded"
			}
			got = append(got, line)
		}
		want(t, got, "NA >180", "CL 101", "HCO3 24", "NA 140", "K 4 superseded", "CL 101", "HCO3 24", "GAP 15 superseded")
		item := b.received(ctx, t, tx, "RENAL")
		_, err := b.Enter(ctx, tx, entering(item, "NA", "<90"))
		wantCode(t, err, "rules.reason_required")
	})
}
