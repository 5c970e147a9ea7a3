package audit_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/audit/auditapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// bedMoved is an event of a module that exists in these tests only.
type bedMoved struct {
	BedID     uuid.UUID `json:"bed_id"`
	PatientID uuid.UUID `json:"patient_id"`
	Floor     int       `json:"floor"`
	Whole     bool      `json:"-"`
}

func (bedMoved) EventName() string { return "wards.bed_moved.v1" }

func (e bedMoved) EventKeys() events.Keys {
	return events.Keys{Entity: "bed", EntityID: e.BedID, PatientID: e.PatientID, TenantLevel: e.Whole}
}

// people is as much of iamapi.Reader as the trail asks for: names by id.
type people struct {
	iamapi.Reader
	names map[uuid.UUID]string
}

func (p people) Names(_ context.Context, _ db.DBTX, _ uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	for _, userID := range ids {
		if name, known := p.names[userID]; known {
			names[userID] = name
		}
	}
	return names, nil
}

// trail is an audit module on a whole database.
type trail struct {
	*audit.Module
	t       testing.TB
	db      *testkit.Database
	bus     *events.Bus
	journal *audit.Journal
	scope   db.Scope
	ctx     context.Context
	// earlier makes mixture write what an earlier version did: a copy of each event in audit.entry.
	earlier bool
}

func newTrail(t testing.TB) *trail {
	t.Helper()
	database := testkit.NewDatabase(t)
	tr := &trail{t: t, db: database, bus: events.NewBus(), journal: audit.NewJournal(database.Pool), scope: testkit.NewScope()}
	tr.Module = audit.New(audit.Deps{Bus: tr.bus, Pool: database.Pool, Journal: tr.journal, Secret: testkit.Secret,
		Users: people{names: map[uuid.UUID]string{tr.scope.UserID: "Asha Rao"}}})
	events.Declare[bedMoved](tr.bus, "wards")
	tr.ctx = db.WithScope(context.Background(), tr.scope)
	return tr
}

// act commits one transaction in a scope.
func (tr *trail) act(scope db.Scope, fn func(ctx context.Context, tx db.Tx) error) {
	tr.t.Helper()
	ctx := db.WithScope(context.Background(), scope)
	if err := tr.db.Pool.InTx(ctx, func(tx db.Tx) error { return fn(ctx, tx) }); err != nil {
		tr.t.Fatal(err)
	}
}

// move publishes an event about a patient.
func (tr *trail) move(patientID uuid.UUID) {
	tr.t.Helper()
	tr.db.Clock.Advance(time.Second)
	tr.act(tr.scope, func(ctx context.Context, tx db.Tx) error {
		return tr.bus.Publish(ctx, tx, bedMoved{BedID: uuid.New(), PatientID: patientID, Floor: 3})
	})
}

// look records that patients' records were read.
func (tr *trail) look(patientIDs ...uuid.UUID) {
	tr.t.Helper()
	tr.db.Clock.Advance(time.Second)
	subject := httpx.Subject{Entity: "patient", PatientIDs: patientIDs}
	if err := tr.journal.Read(tr.ctx, httpx.ReadRecord{Operation: "patients.get-api-patients", Subject: subject}); err != nil {
		tr.t.Fatal(err)
	}
	if err := tr.journal.Flush(tr.ctx); err != nil {
		tr.t.Fatal(err)
	}
}

// record writes an entry without an event.
func (tr *trail) record(e auditapi.Entry) {
	tr.t.Helper()
	tr.db.Clock.Advance(time.Second)
	tr.act(tr.scope, func(ctx context.Context, tx db.Tx) error { return audit.Recorder{}.Record(ctx, tx, e) })
}

// mixture writes entries of every kind, eight for each seal.
func (tr *trail) mixture(seals int) {
	tr.t.Helper()
	for range seals {
		patientID, other := uuid.New(), uuid.New()
		tr.move(patientID)
		tr.move(other)
		tr.look(patientID)
		tr.look(patientID, other, uuid.New())
		tr.record(auditapi.Entry{Code: auditapi.SignInFailed, Outcome: auditapi.Failed, TenantLevel: true, Detail: map[string]any{"attempt": 3}})
		tr.journal.Refused(tr.ctx, httpx.Refusal{Operation: "patients.post-api-patients", Code: "auth.permission_denied"})
		if err := tr.journal.Flush(tr.ctx); err != nil {
			tr.t.Fatal(err)
		}
		tr.record(auditapi.Entry{Code: auditapi.SignedIn, EntityType: "user", EntityID: tr.scope.UserID, ActorID: tr.scope.UserID})
		tr.move(other)
		if tr.earlier {
			tr.copyEvents()
		}
		tr.seal()
	}
	if tr.earlier {
		tr.leavesAsRows()
	}
}

// copyEvents makes entries of events that are not sealed yet, as an earlier version did.
func (tr *trail) copyEvents() {
	tr.t.Helper()
	conn := tr.tamper()
	const copies = `INSERT INTO audit.entry (tenant_id, id, xid, at, facility_id, actor_id, code, entity_type, entity_id, patient_id, encounter_id, outcome, request_id, origin, event_id)
		SELECT tenant_id, gen_random_uuid(), xid, at, facility_id, actor_id, code, entity_type, entity_id, patient_id, encounter_id, outcome, request_id, origin, event_id
		FROM audit.record WHERE event_name IS NOT NULL`
	if _, err := conn.Exec(context.Background(), copies); err != nil {
		tr.t.Fatal(err)
	}
	if _, err := conn.Exec(context.Background(), `UPDATE events.event SET origin = NULL`); err != nil {
		tr.t.Fatal(err)
	}
}

// leavesAsRows stores the tree as an earlier version did.
func (tr *trail) leavesAsRows() {
	tr.t.Helper()
	conn := tr.tamper()
	for _, leaf := range leaves(tr.t, conn, tr.scope.TenantID) {
		if leaf.First < 0 {
			continue
		}
		change(tr.t, conn, 1, `INSERT INTO audit.leaf (tenant_id, leaf_index, entry_id, event_hash, hashes) VALUES ($1, $2, $3, $4, $5)`,
			tr.scope.TenantID, leaf.LeafIndex, leaf.EntryID, leaf.EventHash, leaf.Hashes)
	}
	if _, err := conn.Exec(context.Background(), `DELETE FROM audit.batch`); err != nil {
		tr.t.Fatal(err)
	}
}

// leafRow is a leaf, with the first of its batch and where in it its hashes begin; First is -1 for a row of its own.
type leafRow struct {
	LeafIndex int64
	EntryID   uuid.UUID
	EventHash []byte
	Hashes    []byte
	First     int64
	Offset    int
}

// leaves takes the stored tree apart.
func leaves(t testing.TB, conn *pgx.Conn, tenantID uuid.UUID) []leafRow {
	t.Helper()
	rows, err := conn.Query(context.Background(), `SELECT leaf_index, entry_id, event_hash, hashes, -1::bigint, 0 FROM audit.leaf WHERE tenant_id = $1 ORDER BY leaf_index`, tenantID)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[leafRow])
	if err != nil {
		t.Fatal(err)
	}
	rows, err = conn.Query(context.Background(), `SELECT first_leaf, record_ids, event_hashes, hashes FROM audit.batch WHERE tenant_id = $1 ORDER BY first_leaf`, tenantID)
	if err != nil {
		t.Fatal(err)
	}
	var first int64
	var ids, events, hashes []byte
	_, err = pgx.ForEachRow(rows, []any{&first, &ids, &events, &hashes}, func() error {
		offset := 0
		for i := range len(ids) / 16 {
			leaf := leafRow{LeafIndex: first + int64(i), EntryID: uuid.UUID(ids[16*i : 16*i+16]), First: first, Offset: offset}
			if events != nil && !bytes.Equal(events[32*i:32*i+32], make([]byte, 32)) {
				leaf.EventHash = bytes.Clone(events[32*i : 32*i+32])
			}
			size := 32 * int(tlog.StoredHashCount(leaf.LeafIndex+1)-tlog.StoredHashCount(leaf.LeafIndex))
			leaf.Hashes = bytes.Clone(hashes[offset : offset+size])
			offset += size
			all = append(all, leaf)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// tableOf tells which table a record is a row of.
func tableOf(t testing.TB, conn *pgx.Conn, recordID uuid.UUID) string {
	t.Helper()
	if one[bool](t, conn, `SELECT EXISTS (SELECT FROM audit.entry WHERE id = $1)`, recordID) {
		return "audit.entry"
	}
	return "events.event"
}

// seal seals everything that is committed, with one seal. First it waits until nothing holds that back: an open
// transaction does, even of another test, in another database of the same server.
func (tr *trail) seal() {
	tr.t.Helper()
	tr.db.Clock.Advance(time.Second)
	conn, err := pgx.Connect(context.Background(), tr.db.OwnerURL)
	if err != nil {
		tr.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	const held = `SELECT count(*) FROM audit.record WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())`
	for deadline := time.Now().Add(time.Minute); one[int](tr.t, conn, held) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			tr.t.Fatal("the seal is held back")
		}
	}
	for more := true; more; {
		if more, err = tr.SealAll(context.Background(), tr.db.Pool); err != nil {
			tr.t.Fatal(err)
		}
	}
}

// verify reads the whole trail again.
func (tr *trail) verify() audit.Report {
	tr.t.Helper()
	report, err := audit.VerifyTenant(context.Background(), tr.db.Pool, testkit.Secret, tr.scope.TenantID, nil)
	if err != nil {
		tr.t.Fatal(err)
	}
	return report
}

// superuser connects past row-level security and grants.
func (tr *trail) superuser() *pgx.Conn {
	tr.t.Helper()
	conn, err := pgx.Connect(context.Background(), tr.db.OwnerURL)
	if err != nil {
		tr.t.Fatal(err)
	}
	tr.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// tamper lets the database's superuser change what never changes, for the rest of the test.
func (tr *trail) tamper() *pgx.Conn {
	tr.t.Helper()
	conn := tr.superuser()
	for _, table := range []string{"audit.entry", "audit.mention", "audit.batch", "audit.leaf", "audit.seal", "events.event"} {
		if _, err := conn.Exec(context.Background(), "ALTER TABLE "+table+" DISABLE TRIGGER ALL"); err != nil {
			tr.t.Fatal(err)
		}
	}
	return conn
}

// change runs a superuser's statement, which must hit exactly so many rows.
func change(t testing.TB, conn *pgx.Conn, rows int64, sql string, args ...any) {
	t.Helper()
	tag, err := conn.Exec(context.Background(), sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if tag.RowsAffected() != rows {
		t.Fatalf("%s: %d rows, want %d", sql, tag.RowsAffected(), rows)
	}
}

// one reads a single value as the superuser.
func one[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var value T
	if err := conn.QueryRow(context.Background(), sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}
