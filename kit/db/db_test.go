package db_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// beds is a tenant table like any module's.
func beds(t *testing.T) *testkit.Database {
	t.Helper()
	d := testkit.NewDatabase(t)
	d.AsSuperuser(t, `
		CREATE SCHEMA ward; GRANT USAGE ON SCHEMA ward TO hm_app;
		CREATE TABLE ward.bed (tenant_id uuid NOT NULL, facility_id uuid NOT NULL, name text NOT NULL, PRIMARY KEY (tenant_id, facility_id, name));
		CALL hm.protect_tenant_table('ward.bed', true, 'SELECT, INSERT');`)
	return d
}

const insertBed = `INSERT INTO ward.bed (tenant_id, facility_id, name) VALUES ($1, $2, $3)`

func addBed(t *testing.T, d *testkit.Database, scope db.Scope, name string) {
	t.Helper()
	err := d.Pool.InTx(db.WithScope(t.Context(), scope), func(tx db.Tx) error {
		_, err := tx.Exec(t.Context(), insertBed, scope.TenantID, scope.FacilityID, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func countBeds(t *testing.T, q db.DBTX) (n int) {
	t.Helper()
	if err := q.QueryRow(t.Context(), `SELECT count(*) FROM ward.bed`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAStatementWithoutScopeIsRefused(t *testing.T) {
	t.Parallel()
	d := beds(t)
	if _, err := d.Pool.Read(t.Context()).Query(t.Context(), `SELECT 1`); !errors.Is(err, db.ErrNoScope) {
		t.Errorf("Read: got %v", err)
	}
	if err := d.Pool.InTx(t.Context(), func(db.Tx) error { return nil }); !errors.Is(err, db.ErrNoScope) {
		t.Errorf("InTx: got %v", err)
	}
	// Past the kit, on the pool itself, PostgreSQL refuses: the setting is not there.
	if _, err := d.Pool.Raw().Exec(t.Context(), `SELECT count(*) FROM ward.bed`); err == nil {
		t.Error("a statement without a tenant was answered")
	}
}

func TestScopesSeeOnlyTheirOwnRows(t *testing.T) {
	t.Parallel()
	d := beds(t)
	here := testkit.NewScope()
	otherFacility := db.Scope{TenantID: here.TenantID, FacilityID: uuid.New()}
	otherTenant := testkit.NewScope()
	for _, scope := range []db.Scope{here, otherFacility, otherTenant} {
		addBed(t, d, scope, "1")
	}
	for name, c := range map[string]struct {
		scope db.Scope
		want  int
	}{
		"a facility":     {here, 1},
		"a whole tenant": {db.Tenant(here.TenantID), 2},
		"the system":     {db.System(), 0},
	} {
		if got := countBeds(t, d.Pool.Read(db.WithScope(t.Context(), c.scope))); got != c.want {
			t.Errorf("%s sees %d beds, want %d", name, got, c.want)
		}
	}
}

func TestAScopeCannotWriteForAnother(t *testing.T) {
	t.Parallel()
	d := beds(t)
	err := d.Pool.InTx(db.WithScope(t.Context(), testkit.NewScope()), func(tx db.Tx) error {
		_, err := tx.Exec(t.Context(), insertBed, uuid.New(), uuid.New(), "1")
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("got %v", err)
	}
}

func TestScopeDoesNotLeakToTheConnectionsNextUser(t *testing.T) {
	t.Parallel()
	d := beds(t)
	scope := testkit.NewScope()
	addBed(t, d, scope, "1")
	for range 20 {
		if got := countBeds(t, d.Pool.Read(db.WithScope(t.Context(), scope))); got != 1 {
			t.Fatalf("sees %d", got)
		}
		if _, err := d.Pool.Raw().Exec(t.Context(), `SELECT count(*) FROM ward.bed`); err == nil {
			t.Fatal("the scope outlived its statement")
		}
	}
}

func TestAnErrorRollsBackWithWhatWasQueued(t *testing.T) {
	t.Parallel()
	d := beds(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(t.Context(), scope)
	ran := false
	failure := errors.New("no")
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		tx.AtCommit(insertBed, scope.TenantID, scope.FacilityID, "queued")
		tx.AfterCommit(func() { ran = true })
		if _, err := tx.Exec(ctx, insertBed, scope.TenantID, scope.FacilityID, "written"); err != nil {
			return err
		}
		return failure
	})
	if !errors.Is(err, failure) || ran || countBeds(t, d.Pool.Read(ctx)) != 0 {
		t.Errorf("err %v, ran %v", err, ran)
	}
}

func TestAFailingQueuedStatementFailsTheCommit(t *testing.T) {
	t.Parallel()
	d := beds(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(t.Context(), scope)
	ran := false
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		tx.AfterCommit(func() { ran = true })
		tx.AtCommit(insertBed, scope.TenantID, scope.FacilityID, "1")
		tx.AtCommit(insertBed, scope.TenantID, scope.FacilityID, "1")
		return nil
	})
	if !db.Violates(err, "bed_pkey") || ran || countBeds(t, d.Pool.Read(ctx)) != 0 {
		t.Errorf("err %v, ran %v", err, ran)
	}
}

func TestASwallowedErrorIsNotReportedAsSuccess(t *testing.T) {
	t.Parallel()
	d := beds(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(t.Context(), scope)
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		_, _ = tx.Exec(ctx, insertBed, scope.TenantID, scope.FacilityID, "1")
		_, _ = tx.Exec(ctx, insertBed, scope.TenantID, scope.FacilityID, "1")
		return nil
	})
	if err == nil {
		t.Error("a transaction that had failed inside was reported as committed")
	}
}

func TestNestedRestoresScopeAndUndoesOnlyItself(t *testing.T) {
	t.Parallel()
	d := beds(t)
	outer, inner := testkit.NewScope(), testkit.NewScope()
	ctx := db.WithScope(t.Context(), outer)
	failure := errors.New("no")
	add := func(tx db.Tx, name string) error {
		_, err := tx.Exec(ctx, insertBed, tx.Scope().TenantID, tx.Scope().FacilityID, name)
		return err
	}
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		if err := add(tx, "before"); err != nil {
			return err
		}
		if err := tx.Nested(ctx, inner, func(tx db.Tx) error {
			tx.AtCommit(insertBed, inner.TenantID, inner.FacilityID, "queued inside")
			return add(tx, "inside")
		}); err != nil {
			return err
		}
		if err := tx.Nested(ctx, inner, func(tx db.Tx) error {
			if err := add(tx, "undone"); err != nil {
				return err
			}
			return failure
		}); !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
		// Were the inner scope still set, this row would be refused.
		return add(tx, "after")
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := countBeds(t, d.Pool.Read(ctx)); got != 2 {
		t.Errorf("outside: %d beds, want 2", got)
	}
	if got := countBeds(t, d.Pool.Read(db.WithScope(ctx, inner))); got != 2 {
		t.Errorf("inside: %d beds, want 2", got)
	}
}

func TestNestedOutlivesAFailedStatement(t *testing.T) {
	t.Parallel()
	d := beds(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(t.Context(), scope)
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		if err := tx.Nested(ctx, scope, func(tx db.Tx) error {
			_, err := tx.Exec(ctx, `SELECT 1 / 0`)
			return err
		}); err == nil {
			t.Error("the failure was lost")
		}
		_, err := tx.Exec(ctx, insertBed, scope.TenantID, scope.FacilityID, "after")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := countBeds(t, d.Pool.Read(ctx)); got != 1 {
		t.Errorf("%d beds, want 1", got)
	}
}

func TestAPanicRollsBackAndGivesTheConnectionBack(t *testing.T) {
	t.Parallel()
	d := beds(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(t.Context(), scope)
	for range 40 { // more than the pool has connections
		func() {
			defer func() { _ = recover() }()
			_ = d.Pool.InTx(ctx, func(tx db.Tx) error {
				_, _ = tx.Exec(ctx, insertBed, scope.TenantID, scope.FacilityID, "1")
				panic("in the act")
			})
		}()
	}
	if got := countBeds(t, d.Pool.Read(ctx)); got != 0 {
		t.Errorf("%d beds", got)
	}
}

func TestACancelledRequestLeavesNothing(t *testing.T) {
	t.Parallel()
	d := beds(t)
	scope := testkit.NewScope()
	ctx, cancel := context.WithCancel(db.WithScope(t.Context(), scope))
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		if _, err := tx.Exec(ctx, insertBed, scope.TenantID, scope.FacilityID, "1"); err != nil {
			return err
		}
		cancel()
		_, err := tx.Exec(ctx, `SELECT pg_sleep(5)`)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := countBeds(t, d.Pool.Read(db.WithScope(t.Context(), scope))); got != 0 {
		t.Errorf("%d beds", got)
	}
}

func TestServingAsSuperuserIsRefused(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	if p, err := db.Open(t.Context(), d.OwnerURL, db.Options{}); err == nil {
		p.Close()
		t.Error("opened as a role that row-level security does not bind")
	}
}

func TestPasswordsStayOutOfErrors(t *testing.T) {
	t.Parallel()
	_, err := db.CanMigrate(t.Context(), "postgres://hm:s3cret@127.0.0.1:1/hm?connect_timeout=1")
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
}

func TestWhyThereIsNoConnectionIsOneSentence(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	elsewhere, err := url.Parse(d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.Path = "/nowhere"
	for address, says := range map[string]string{
		elsewhere.String():                            `database "nowhere" does not exist`,
		"postgres://hm:s3cret@127.0.0.1:1/hm":         "the database hm at 127.0.0.1:1 does not accept the connection: no PostgreSQL listens there",
		"postgres://hm:s3cret@/hm?host=/not/a/folder": "no PostgreSQL listens there",
	} {
		_, err := db.CanMigrate(t.Context(), address)
		if err == nil || !strings.HasSuffix(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("it should end with %q: %v", says, err)
		}
		if !db.IsUnavailable(err) && !strings.Contains(says, "exist") {
			t.Errorf("not seen as a database that is away: %v", err)
		}
	}
}
