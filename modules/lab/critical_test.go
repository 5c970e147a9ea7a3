package lab_test

import (
	"context"
	"fmt"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func TestAVersionSaysWhetherItIsCriticalByTheSameValues(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		var same []string
		events.Within(b.bus, "test.hear", func(_ context.Context, _ db.Tx, e labapi.ResultEntered) error {
			same = append(same, fmt.Sprint(e.SameCritical))
			return nil
		})
		item := b.received(ctx, t, tx, "RENAL")
		b.enter(ctx, t, tx, item, "NA", 140, "K", 7.4)
		b.enter(ctx, t, tx, item, "NA", 141)
		b.enter(ctx, t, tx, item, "K", 7.5)
		b.enter(ctx, t, tx, item, "K", 4)
		b.enter(ctx, t, tx, item, "K", 4.1)
		want(t, same, "false", "true", "false", "false", "false")
	})
}
