package lab_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func TestATestFindsItsWay(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "RENAL")
		sample := b.collect(ctx, t, tx, items...)
		if sample.Status != labapi.SampleStatusCollected || sample.Barcode != "2603100001" || sample.SpecimenType != "serum" || text(sample.Container) != "plain" {
			t.Errorf("collected %+v", sample)
		}
		b.Receive(ctx, tx, byID(sample.ID))
		entered := b.enter(ctx, t, tx, items[0], "NA", 140, "K", 4.1, "CL", 101, "HCO3", 24)
		if entered.Status != labapi.ResultStatusEntered || entered.ResultVersion != 1 || entered.IsCritical || len(entered.Values) != 5 {
			t.Errorf("entered %+v", entered)
		}
		if gap := value(t, entered, "GAP"); string(gap.Value) != "15" || text(gap.Flag) != "N" || !gap.Calculated {
			t.Errorf("the gap is %+v", gap)
		}
		verified := b.verify(ctx, t, tx, entered.ID)
		released := b.release(ctx, t, tx, verified.ID)
		if released.Status != labapi.ResultStatusReleased || released.ReleasedBy.FullName != "Technician Rao" || released.VerifiedAt == nil {
			t.Errorf("released %+v", released)
		}
		want(t, told(ctx, t, tx, b.encounter.ID), "sample_collected", "sample_received", "result_entered 1", "result_verified 1", "result_released 1")
	})
}

// told gives the events of the laboratory in the encounter, "result_entered 1", in order.
func told(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID) []string {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	recorded, err := events.OfEncounter(ctx, tx, encounterID)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, r := range recorded {
		if name, ours := strings.CutPrefix(strings.TrimSuffix(r.Name, ".v1"), "lab."); ours {
			var about struct {
				Version int `json:"version"`
			}
			if err := json.Unmarshal(r.Payload, &about); err != nil {
				t.Fatal(err)
			}
			if about.Version > 0 {
				name = fmt.Sprintf("%s %d", name, about.Version)
			}
			all = append(all, name)
		}
	}
	return all
}
