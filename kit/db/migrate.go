package db

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Roles. The owner owns every schema, table and definer function; the application's role owns nothing and is bound
// by row-level security. Neither can log in: each database has a login of its own that is a member of RoleApp and may
// connect to that database only, so that two installations in one cluster share nothing.
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

// ErrNotGranted: the login was made, but not as a member of the application's role.
var ErrNotGranted = errors.New("the database URL's role is no member of " + RoleApp + ": GRANT " + RoleApp + " TO it")

// CanMigrate tells whether url's role may create roles and objects, which migrating needs. It is the first
// connection of a start, so its error says what is wrong with the URL.
func CanMigrate(ctx context.Context, databaseURL string) (bool, error) {
	conn, err := connect(ctx, databaseURL)
	if err != nil {
		return false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var may bool
	err = conn.QueryRow(ctx, `SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user`).Scan(&may)
	return may, err
}

func connect(ctx context.Context, databaseURL string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, errors.New("the database URL cannot be read: it must look like postgres://user:password@host:5432/name")
	}
	config.ConnectTimeout = 5 * time.Second
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, explainConnect(&config.Config, err)
	}
	return conn, nil
}

// Migrate brings the database to the newest schema as RoleOwner, creating the roles first. It returns how many
// migrations were applied. Two callers at once: one waits for the other.
func Migrate(ctx context.Context, databaseURL string, files fs.FS) (applied int, err error) {
	lock, err := connect(ctx, databaseURL)
	if err != nil {
		return 0, err
	}
	// Ending the session frees the lock, whatever happened.
	defer lock.Close(context.WithoutCancel(ctx))
	if _, err := lock.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
		return 0, err
	}
	if err := ensureRoles(ctx, lock); err != nil {
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

func ensureRoles(ctx context.Context, conn *pgx.Conn) error {
	var database string
	if err := conn.QueryRow(ctx, `SELECT current_database()`).Scan(&database); err != nil {
		return err
	}
	database = pgx.Identifier{database}.Sanitize()
	for _, statement := range []string{
		// Another database of the same cluster may be creating them at this moment.
		`DO $$ BEGIN CREATE ROLE hm_owner NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
		`DO $$ BEGIN CREATE ROLE hm_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
		`DO $$ BEGIN IF NOT pg_has_role(current_user, 'hm_owner', 'MEMBER') THEN EXECUTE format('GRANT hm_owner TO %I', current_user); END IF; END $$`,
		`GRANT CREATE, CONNECT ON DATABASE ` + database + ` TO hm_owner`,
		`GRANT CREATE, USAGE ON SCHEMA public TO hm_owner`,
		// hm_app is one role for every installation of the cluster, and without this anybody may connect: a login must
		// reach the database of its own installation only. That of this one keeps what it has.
		`DO $$ DECLARE login text := 'hm_login_' || (SELECT oid FROM pg_database WHERE datname = current_database());
		BEGIN
			IF EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
				EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login);
			END IF;
		END $$`,
		`REVOKE CONNECT ON DATABASE ` + database + ` FROM PUBLIC, hm_app`,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// EnsureLogin makes the database's login, a member of RoleApp, and gives the URL that uses it. The password is
// derived from the installation's secret, so every node of the installation knows it.
func EnsureLogin(ctx context.Context, ownerURL string, secret []byte) (appURL string, err error) {
	conn, err := connect(ctx, ownerURL)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("database login"))
	password := hex.EncodeToString(mac.Sum(nil))
	var login, database string
	var exists bool
	err = conn.QueryRow(ctx, `SELECT 'hm_login_' || d.oid, EXISTS (SELECT FROM pg_roles WHERE rolname = 'hm_login_' || d.oid), d.datname FROM pg_database d WHERE d.datname = current_database()`).
		Scan(&login, &exists, &database)
	if err != nil {
		return "", err
	}
	verb := "ALTER"
	if !exists {
		verb = "CREATE"
	}
	// No part comes from outside: a name made of an oid, hexadecimal digits, and the database's name in quotes.
	for _, statement := range []string{
		fmt.Sprintf(`%s ROLE %s LOGIN INHERIT NOCREATEROLE NOCREATEDB PASSWORD '%s'`, verb, login, password),
		fmt.Sprintf(`GRANT hm_app TO %s`, login),
		fmt.Sprintf(`GRANT CONNECT ON DATABASE %s TO %s`, pgx.Identifier{database}.Sanitize(), login),
		// A request that waits this long is answered with an error anyway; nothing may hold locks for ever.
		fmt.Sprintf(`ALTER ROLE %s SET statement_timeout = '20s'`, login),
		fmt.Sprintf(`ALTER ROLE %s SET lock_timeout = '10s'`, login),
		// Nothing here lets a transaction wait; one that does was left behind by a line that fell silent, with its locks.
		fmt.Sprintf(`ALTER ROLE %s SET idle_in_transaction_session_timeout = '10s'`, login),
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("making the login of the application: %w", err)
		}
	}
	u, err := url.Parse(ownerURL)
	if err != nil {
		return "", errors.New("the database URL must look like postgres://user:password@host:5432/name")
	}
	u.User = url.UserPassword(login, password)
	return u.String(), nil
}

// Secret settles which secret an installation uses: given, or the one kept in the database. The database keeps a
// fingerprint either way, so that a node with another secret is told so instead of refusing everyone's sign-in. A
// new secret is kept in the database only with keep.
func Secret(ctx context.Context, ownerURL string, given []byte, keep bool) (secret []byte, err error) {
	conn, err := connect(ctx, ownerURL)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
		return nil, err
	}
	var stored, fingerprint []byte
	err = conn.QueryRow(ctx, `SELECT secret, fingerprint FROM hm.installation`).Scan(&stored, &fingerprint)
	if err != nil && !IsNoRows(err) {
		return nil, err
	}
	secret = given
	if len(secret) == 0 {
		secret = stored
	}
	if IsNoRows(err) {
		if len(secret) == 0 {
			secret = make([]byte, 32)
			rand.Read(secret)
		}
		var inDatabase []byte
		if keep {
			inDatabase = secret
		}
		_, err = conn.Exec(ctx, `INSERT INTO hm.installation (secret, fingerprint) VALUES ($1, $2)`, inDatabase, fingerprintOf(secret))
		return secret, err
	}
	if len(secret) == 0 || !hmac.Equal(fingerprint, fingerprintOf(secret)) {
		return nil, ErrOtherSecret
	}
	return secret, nil
}

// CheckSecret compares the secret with the database's fingerprint, for a server that may not migrate and so was
// told it by hand.
func CheckSecret(ctx context.Context, p *Pool, secret []byte) error {
	var fingerprint []byte
	err := p.pool.QueryRow(ctx, `SELECT fingerprint FROM hm.installation`).Scan(&fingerprint)
	switch {
	case IsNoRows(err):
		return ErrSchemaOld // migrating is what settles the secret
	case err == nil && !hmac.Equal(fingerprint, fingerprintOf(secret)):
		return ErrOtherSecret
	}
	return err
}

// ErrOtherSecret: the database was set up with a secret that this node was not given.
var ErrOtherSecret = errors.New("this database was set up with another secret key: give HM_SECRET_KEY, or the data folder whose secret.key it was")

func fingerprintOf(secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("fingerprint"))
	return mac.Sum(nil)
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
	case isForbidden(err):
		return ErrNotGranted
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

// Vacuum gives every table fresh statistics and visibility maps, after so much was written that plans made by the old
// ones would be bad. ownerURL is a login that may become RoleOwner.
func Vacuum(ctx context.Context, ownerURL string) error {
	conn, err := connect(ctx, ownerURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	// As the owner of HM's tables and of nothing else; PostgreSQL skips the others.
	for _, statement := range []string{"SET ROLE " + RoleOwner, "SET client_min_messages = error", "SET maintenance_work_mem = '256MB'", "VACUUM (ANALYZE)"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
