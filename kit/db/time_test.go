package db_test

import (
	"context"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
)

func TestTimesAreReadInUTC(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		var plain time.Time
		var pointer *time.Time
		sent := tx.Now().In(time.FixedZone("IST", 19_800))
		if err := tx.QueryRow(ctx, `SELECT $1::timestamptz, $1::timestamptz`, sent).Scan(&plain, &pointer); err != nil {
			t.Fatal(err)
		}
		for _, got := range []time.Time{plain, *pointer} {
			if !got.Equal(sent) || got.Location() != time.UTC {
				t.Errorf("sent %s, read %s in %s", sent, got, got.Location())
			}
		}
	})
}
