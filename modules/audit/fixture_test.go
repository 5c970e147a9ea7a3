package audit_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/audit/auditapi"
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

// people is iamapi.Reader over a map.
type people map[uuid.UUID]string

func (p people) Names(_ context.Context, _ db.DBTX, _ uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	for _, userID := range ids {
		if name, known := p[userID]; known {
			names[userID] = name
		}
	}
	return names, nil
}

func (people) IsMember(context.Context, db.DBTX, uuid.UUID, uuid.UUID, uuid.UUID) (bool, error) {
	return true, nil
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
}

func newTrail(t testing.TB) *trail {
	t.Helper()
	database := testkit.NewDatabase(t)
	tr := &trail{t: t, db: database, bus: events.NewBus(), journal: audit.NewJournal(database.Pool), scope: testkit.NewScope()}
	tr.Module = audit.New(audit.Deps{Bus: tr.bus, Pool: database.Pool, Journal: tr.journal, Secret: testkit.Secret,
		Users: people{tr.scope.UserID: "Asha Rao"}})
	events.Declare[bedMoved](tr.bus, "wards")
	tr.Subscribe()
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
	subject := httpx.Subject{Entity: "patient"}
	for _, patientID := range patientIDs {
		subject.PatientIDs = append(subject.PatientIDs, patientID.String())
	}
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
		tr.seal()
	}
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
	const held = `SELECT count(*) FROM audit.entry WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())`
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
	for _, table := range []string{"audit.entry", "audit.entry_patient", "audit.leaf", "audit.seal", "events.event"} {
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
