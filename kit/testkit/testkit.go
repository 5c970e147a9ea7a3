// Package testkit gives tests a real PostgreSQL: a template database made once per test process, a rolled-back
// transaction per test, and a whole database where a commit matters.
package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/embedpg"
	"hmsoftware.com/hm/migrations"
)

// Secret stands in for the installation's secret in tests.
var Secret = []byte("a secret for tests, long enough to be one")

// Epoch is the time at which every test's clock stands until it is moved.
var Epoch = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

const template = "hm_template"

var cluster struct {
	once   sync.Once
	server *embedpg.Server
	folder string
	err    error
	shared *db.Pool
	number atomic.Int64
}

// Main runs a package's tests and then ends the PostgreSQL they used. Call it from TestMain; after is what else the
// package leaves behind.
func Main(m *testing.M, after ...func()) {
	code := m.Run()
	for _, clean := range after {
		clean()
	}
	if cluster.shared != nil {
		cluster.shared.Close()
	}
	if cluster.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if err := cluster.server.Stop(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "testkit: stopping PostgreSQL:", err)
		}
		cancel()
	}
	if cluster.folder != "" {
		_ = os.RemoveAll(cluster.folder)
	}
	os.Exit(code)
}

func start(t testing.TB) {
	t.Helper()
	cluster.once.Do(func() { cluster.err = startCluster() })
	if cluster.err != nil {
		t.Fatalf("testkit: %v", cluster.err)
	}
}

func startCluster() (err error) {
	ctx := context.Background()
	if cluster.folder, err = os.MkdirTemp("", "hm-test-"); err != nil {
		return err
	}
	// PostgreSQL runs as another user when the test runs as root.
	if err := os.Chmod(cluster.folder, 0o755); err != nil { //nolint:gosec // holds test data only
		return err
	}
	if cluster.server, err = embedpg.Start(ctx, embedpg.Options{DataDir: cluster.folder, Ephemeral: true}); err != nil {
		return err
	}
	if err := execute(ctx, cluster.server.URL(), "CREATE DATABASE "+template); err != nil {
		return err
	}
	if _, err := db.Migrate(ctx, databaseURL(template), migrations.Files); err != nil {
		return err
	}
	shared, err := newDatabase(ctx)
	if err != nil {
		return err
	}
	cluster.shared, err = openApp(ctx, shared, clock.NewManual(Epoch))
	return err
}

func execute(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

func newDatabase(ctx context.Context) (ownerURL string, err error) {
	name := fmt.Sprintf("hm_test_%d", cluster.number.Add(1))
	return databaseURL(name), execute(ctx, cluster.server.URL(), fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template))
}

func databaseURL(name string) string {
	u, err := url.Parse(cluster.server.URL())
	if err != nil {
		panic(err)
	}
	u.Path = "/" + name
	return u.String()
}

func openApp(ctx context.Context, ownerURL string, c clock.Clock) (*db.Pool, error) {
	appURL, err := db.EnsureLogin(ctx, ownerURL, Secret)
	if err != nil {
		return nil, err
	}
	return db.Open(ctx, appURL, db.Options{Clock: c})
}

// Database is a whole database of a test's own.
type Database struct {
	// Pool connects as the application's role.
	Pool *db.Pool
	// OwnerURL connects as the superuser, to look behind row-level security and to break things.
	OwnerURL string
	Clock    *clock.Manual
}

// NewDatabase clones the template for one test, for what depends on a commit.
func NewDatabase(t testing.TB) *Database {
	t.Helper()
	start(t)
	ctx := context.Background()
	ownerURL, err := newDatabase(ctx)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	d := &Database{OwnerURL: ownerURL, Clock: clock.NewManual(Epoch)}
	if d.Pool, err = openApp(ctx, ownerURL, d.Clock); err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(d.Pool.Close)
	return d
}

// AsSuperuser runs a statement past row-level security and grants; what a database administrator could do.
func (d *Database) AsSuperuser(t testing.TB, sql string, args ...any) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.OwnerURL)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		t.Fatalf("testkit: %s: %v", sql, err)
	}
}

var errRollback = errors.New("testkit: rolled back")

// InTx runs fn in a transaction of a tenant and facility of its own, and rolls it back. Parallel tests share one
// database and never see each other.
func InTx(t testing.TB, fn func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	InScope(t, NewScope(), fn)
}

// NewScope is a tenant, facility and user that nobody else has.
func NewScope() db.Scope {
	return db.Scope{TenantID: uuid.New(), FacilityID: uuid.New(), UserID: uuid.New()}
}

// InScope is InTx in a given scope.
func InScope(t testing.TB, scope db.Scope, fn func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	start(t)
	ctx := db.WithScope(t.Context(), scope)
	err := cluster.shared.InTx(ctx, func(tx db.Tx) error {
		fn(ctx, tx)
		return errRollback
	})
	if !errors.Is(err, errRollback) {
		t.Fatalf("testkit: %v", err)
	}
}
