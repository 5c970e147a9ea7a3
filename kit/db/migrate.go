package db

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Roles. The owner owns every schema, table and definer function and cannot log in; the application's role
// owns nothing and is bound by row-level security.
const (
	RoleOwner = "hm_owner"
	RoleApp   = "hm_app"
)

// RiverSchema is where the job queue keeps its tables.
const RiverSchema = "river"

// migrationLock keeps two nodes from migrating at once.
const migrationLock = 0x484d_0001

// ErrSchemaUnknown: the database was migrated by a newer HM than this binary.
var ErrSchemaUnknown = errors.New("the database's schema is newer than this HM knows; start the newer version")

// ErrSchemaOld: the database needs migrating, and this connection may not.
var ErrSchemaOld = errors.New("the database's schema is older than this HM needs; run hm migrate with the owner's database URL")

// CanMigrate tells whether url's role may create roles and objects, which migrating needs.
func CanMigrate(ctx context.Context, databaseURL string) (bool, error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return false, withoutPassword(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var may bool
	err = conn.QueryRow(ctx, `SELECT (rolsuper OR rolcreaterole) AND rolname <> $1 FROM pg_roles WHERE rolname = current_user`, RoleApp).Scan(&may)
	return may, err
}

// Migrate brings the database to the newest schema as RoleOwner, creating the roles first. It returns how many
// migrations were applied. Two callers at once: one waits for the other.
func Migrate(ctx context.Context, databaseURL string, files fs.FS, appPassword string) (applied int, err error) {
	lock, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return 0, withoutPassword(err)
	}
	// Ending the session frees the lock, whatever happened.
	defer lock.Close(context.WithoutCancel(ctx))
	if _, err := lock.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
		return 0, err
	}
	if err := ensureRoles(ctx, lock, appPassword); err != nil {
		return 0, fmt.Errorf("creating the roles: %w", err)
	}
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return 0, withoutPassword(err)
	}
	config.MaxConns = 2
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET ROLE "+RoleOwner)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return 0, withoutPassword(err)
	}
	defer pool.Close()
	standard := stdlib.OpenDBFromPool(pool)
	defer standard.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, standard, files,
		goose.WithTableName("public.hm_migration"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, err
	}
	if current > target {
		return 0, ErrSchemaUnknown
	}
	if current == target {
		return 0, nil
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return len(results), fmt.Errorf("migrating: %w", err)
	}
	if err := migrateRiver(ctx, pool); err != nil {
		return len(results), fmt.Errorf("migrating the job queue: %w", err)
	}
	_, err = pool.Exec(ctx, `GRANT SELECT ON public.hm_migration TO `+RoleApp)
	return len(results), err
}

func migrateRiver(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+RiverSchema); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: RiverSchema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, `
		GRANT USAGE ON SCHEMA river TO hm_app;
		GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA river TO hm_app;
		GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA river TO hm_app;
		GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA river TO hm_app`)
	return err
}

func ensureRoles(ctx context.Context, conn *pgx.Conn, appPassword string) error {
	var database, alterApp string
	// Quoted by PostgreSQL itself: a role's password cannot be a parameter.
	err := conn.QueryRow(ctx, `SELECT current_database(), format('ALTER ROLE hm_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD %L', $1::text)`,
		appPassword).Scan(&database, &alterApp)
	if err != nil {
		return err
	}
	database = pgx.Identifier{database}.Sanitize()
	for _, statement := range []string{
		// Another database of the same cluster may be creating them at this moment.
		`DO $$ BEGIN CREATE ROLE hm_owner NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
		`DO $$ BEGIN CREATE ROLE hm_app LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
		alterApp,
		// A request that waits this long is answered with an error anyway; nothing may hold locks for ever.
		`ALTER ROLE hm_app SET statement_timeout = '20s'`,
		`ALTER ROLE hm_app SET lock_timeout = '10s'`,
		`ALTER ROLE hm_app SET idle_in_transaction_session_timeout = '30s'`,
		`DO $$ BEGIN IF NOT pg_has_role(current_user, 'hm_owner', 'MEMBER') THEN EXECUTE format('GRANT hm_owner TO %I', current_user); END IF; END $$`,
		`GRANT CREATE, CONNECT ON DATABASE ` + database + ` TO hm_owner`,
		`GRANT CONNECT ON DATABASE ` + database + ` TO hm_app`,
		`GRANT CREATE, USAGE ON SCHEMA public TO hm_owner`,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// CheckSchema compares the database with files, for a server that may not migrate.
func CheckSchema(ctx context.Context, p *Pool, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	var newest int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return err
		}
		newest = max(newest, version)
	}
	var current int64
	err = p.pool.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM public.hm_migration WHERE is_applied`).Scan(&current)
	switch {
	case err != nil && !IsUnavailable(err):
		return ErrSchemaOld
	case err != nil:
		return err
	case current > newest:
		return ErrSchemaUnknown
	case current < newest:
		return ErrSchemaOld
	}
	return nil
}

// AppURL is databaseURL with the application's role in place of its user.
func AppURL(databaseURL, appPassword string) (string, error) {
	u, err := url.Parse(databaseURL)
	if err != nil {
		return "", errors.New("the database URL cannot be read: it must look like postgres://user:password@host:5432/name")
	}
	u.User = url.UserPassword(RoleApp, appPassword)
	return u.String(), nil
}

// AppPassword derives the password of RoleApp, so that every node with the same secret knows it.
func AppPassword(secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("hm_app password"))
	return hex.EncodeToString(mac.Sum(nil))
}
