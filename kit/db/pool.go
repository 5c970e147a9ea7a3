// Package db is the only door to PostgreSQL. A transaction and its tenant are one object: InTx and Read take
// the scope from the context and send it in the same round trip as the first statement, so that no
// statement can run without one.
package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"hmsoftware.com/hm/kit/clock"
)

// ErrNoScope is a programming fault: a statement without a tenant.
var ErrNoScope = errors.New("db: no scope in the context")

// DBTX is what sqlc's generated queries run on.
type DBTX interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Pool is a set of connections as the application's role.
type Pool struct {
	pool  *pgxpool.Pool
	clock clock.Clock
}

// Options of Open. Zero values mean the defaults.
type Options struct {
	MaxConns int32 // 16
	Clock    clock.Clock
}

// Unconnected is a pool without a database, for building what only describes itself. Every statement on it panics.
func Unconnected() *Pool { return &Pool{clock: clock.System} }

// Open connects to url and checks that the role is one that row-level security binds.
func Open(ctx context.Context, url string, o Options) (*Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database URL cannot be read: %w", withoutPassword(err))
	}
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	config.MaxConns = o.MaxConns
	config.MaxConnIdleTime = 5 * time.Minute
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		registerCodecs(conn.TypeMap())
		return nil
	}
	var lines lines
	lines.watch(config)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, withoutPassword(err)
	}
	lines.pool.Store(pool)
	p := &Pool{pool: pool, clock: o.Clock}
	if err := p.refusePowerfulRole(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return p, nil
}

// refusePowerfulRole keeps the server from ever serving as a role that row-level security does not bind.
func (p *Pool) refusePowerfulRole(ctx context.Context) error {
	var role string
	var powerful bool
	err := p.pool.QueryRow(ctx, `SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user`).Scan(&role, &powerful)
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) {
		return explainConnect(refused.Config, err)
	}
	if err != nil {
		return withoutPassword(err)
	}
	if powerful {
		return fmt.Errorf("role %q bypasses row-level security; HM refuses to serve with it", role)
	}
	return nil
}

// Close waits for borrowed connections and ends them all.
func (p *Pool) Close() { p.pool.Close() }

// Ping asks the database for an answer.
func (p *Pool) Ping(ctx context.Context) error { return p.pool.Ping(ctx) }

// Raw is the pool underneath, for River and for metrics. Statements on it carry no scope and so see no tenant's rows.
func (p *Pool) Raw() *pgxpool.Pool { return p.pool }

// Clock is the clock transactions take their time from.
func (p *Pool) Clock() clock.Clock { return p.clock }

// WithClock gives the same connections with another clock, for seeding what happened in the past.
func (p *Pool) WithClock(c clock.Clock) *Pool { return &Pool{pool: p.pool, clock: c} }

// Read gives a DBTX for single-statement reads. Each statement is one implicit transaction in one round trip:
// the scope first, then the statement, one Sync.
func (p *Pool) Read(ctx context.Context) DBTX {
	scope, ok := ScopeOf(ctx)
	return reader{pool: p.pool, scope: scope, ok: ok}
}

type reader struct {
	pool  *pgxpool.Pool
	scope Scope
	ok    bool
}

func (r reader) send(ctx context.Context, sql string, args []any) (*pipeline, error) {
	if !r.ok {
		return nil, ErrNoScope
	}
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	batch := &pgx.Batch{}
	batch.Queue(setScope, r.scope.args()...)
	batch.Queue(sql, args...)
	return sendPipeline(ctx, conn.Conn(), batch, 1, conn.Release), nil
}

func (r reader) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	p, err := r.send(ctx, sql, args)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	return p.exec()
}

func (r reader) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	p, err := r.send(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return p.query()
}

func (r reader) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	p, err := r.send(ctx, sql, args)
	if err != nil {
		return failedRow{err}
	}
	return pipelineRow{p}
}
