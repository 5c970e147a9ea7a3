package audit

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"testing"

	"github.com/google/uuid"

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

// Entries that are written in one statement keep each its own patients: none, one, or a list.
func TestEachEntryKeepsItsPatients(t *testing.T) {
	t.Parallel()
	database, scope := testkit.NewDatabase(t), testkit.NewScope()
	ctx := db.WithScope(context.Background(), scope)
	journal := NewJournal(database.Pool)
	want := map[uuid.UUID][]uuid.UUID{}
	for _, count := range []int{2, 0, 5, 1, 0, 3} {
		subject := httpx.Subject{Entity: "patient"}
		for range count {
			subject.PatientIDs = append(subject.PatientIDs, uuid.New())
		}
		if err := journal.Read(ctx, httpx.ReadRecord{Operation: "patients.get-api-patients", Subject: subject}); err != nil {
			t.Fatal(err)
		}
		l := journal.waiting[len(journal.waiting)-1]
		want[l.id] = l.patientIDs
		if l.patientID != nil {
			want[l.id] = []uuid.UUID{*l.patientID}
		}
		if len(want[l.id]) != count {
			t.Fatalf("%d patients instead of %d", len(want[l.id]), count)
		}
	}
	if err := journal.write(ctx, journal.waiting); err != nil {
		t.Fatal(err)
	}
	rows, err := database.Pool.Read(ctx).Query(ctx, `SELECT id, patient_id, patient_ids FROM audit.entry`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var entryID uuid.UUID
		var one *uuid.UUID
		var many []uuid.UUID
		if err := rows.Scan(&entryID, &one, &many); err != nil {
			t.Fatal(err)
		}
		if one != nil {
			many = append(many, *one)
		}
		if !slices.Equal(many, want[entryID]) {
			t.Errorf("entry has %v, want %v", many, want[entryID])
		}
		delete(want, entryID)
	}
	if err := rows.Err(); err != nil || len(want) != 0 {
		t.Errorf("%d entries missing, %v", len(want), err)
	}
}
