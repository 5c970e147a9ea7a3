package audit

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
)

// A write that was cut off at its commit may have been committed: writing it again is no fault and no second entry.
// Not parallel: it holds the process's log.
func TestWritingWhatIsThereAlreadyIsNoFault(t *testing.T) {
	database, scope := testkit.NewDatabase(t), testkit.NewScope()
	ctx := db.WithScope(context.Background(), scope)
	journal := NewJournal(database.Pool)
	journal.Refused(ctx, httpx.Refusal{Operation: "patients.get-api-patients", Code: "auth.permission_denied"})
	if err := journal.write(ctx, journal.waiting); err != nil {
		t.Fatal(err)
	}
	journal.Refused(ctx, httpx.Refusal{Operation: "patients.post-api-patients", Code: "auth.permission_denied"})
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	err := journal.Flush(ctx)
	slog.SetDefault(before)
	if err != nil || log.Len() != 0 {
		t.Errorf("%v, logged: %s", err, log.String())
	}
	var entries int
	if err := database.Pool.Read(ctx).QueryRow(ctx, `SELECT count(*) FROM audit.entry`).Scan(&entries); err != nil || entries != 2 {
		t.Errorf("%d entries, %v", entries, err)
	}
}
