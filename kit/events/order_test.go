package events_test

import (
	"errors"
	"testing"

	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
)

func TestADatabaseThatCountsTransactionsAnewIsRefused(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	if err := events.CheckOrder(t.Context(), d.Pool); err != nil {
		t.Fatal(err)
	}
	// As after restoring a dump of a cluster that had come to this transaction.
	d.AsSuperuser(t, `UPDATE events.relay SET xid = '900000000000'`)
	if err := events.CheckOrder(t.Context(), d.Pool); !errors.Is(err, events.ErrRestoredBehind) {
		t.Errorf("got %v", err)
	}
}
