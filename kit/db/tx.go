package db

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"hmsoftware.com/hm/kit/clock"
)

// Tx is a transaction in one scope. Acts receive it; nothing but InTx begins one.
type Tx interface {
	DBTX
	// Now is the transaction's one time, the same for everything it writes. It is fixed when it is first asked for: an
	// act that locks first and asks then is later than the one it waited for, and a timeline is in the order in which
	// things came about.
	Now() time.Time
	// Scope is whose rows this transaction sees.
	Scope() Scope
	// Lock makes those who name the same take turns, each until the end of its transaction. What says which turn it is,
	// as "rules.override", so that no two modules mean the same; of, whose. It travels with the next statement.
	Lock(what string, of ...string)
	// AtCommit queues a statement that is sent together with COMMIT, in one round trip, in order of queueing.
	// A failure of it rolls everything back.
	AtCommit(sql string, args ...any)
	// Flush sends what AtCommit has queued now, for an act that must read its own events.
	Flush(ctx context.Context) error
	// AfterCommit runs f once the transaction is durable; never after a rollback.
	AfterCommit(f func())
	// Nested runs fn in a savepoint under scope; an error undoes only what fn did. The scope is restored on
	// exit, since a setting survives RELEASE.
	Nested(ctx context.Context, scope Scope, fn func(tx Tx) error) error

	sealed()
}

type statement struct {
	sql  string
	args []any
}

type transaction struct {
	conn       *pgxpool.Conn
	scope      Scope
	now        *moment
	begun      bool
	savepoints int
	prelude    []statement
	atCommit   []statement
	after      []func()
}

// moment is a time that is fixed when it is first asked for. A transaction shares it with its savepoints.
type moment struct {
	clock clock.Clock
	at    time.Time
}

func (m *moment) fixed() time.Time {
	if m.at.IsZero() {
		m.at = m.clock.Now()
	}
	return m.at
}

// InTx runs fn in a transaction under the scope of ctx. BEGIN and the scope travel with fn's first statement; what
// was queued with AtCommit travels with COMMIT. An error or a panic of fn rolls back.
func (p *Pool) InTx(ctx context.Context, fn func(tx Tx) error) (err error) {
	scope, ok := ScopeOf(ctx)
	if !ok {
		return ErrNoScope
	}
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	tx := &transaction{conn: conn, scope: scope, now: &moment{clock: p.clock}}
	committed := false
	defer func() {
		if !committed {
			tx.rollback(ctx)
		}
		conn.Release()
		if committed {
			for _, f := range tx.after {
				f()
			}
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.commit(ctx); err != nil {
		return err
	}
	committed = true
	return nil
}

func (t *transaction) Now() time.Time { return t.now.fixed() }
func (t *transaction) Scope() Scope   { return t.scope }
func (t *transaction) sealed()        {}

func (t *transaction) Lock(what string, of ...string) {
	named := sha256.New()
	for _, part := range append([]string{what}, of...) {
		named.Write(append([]byte(part), 0))
	}
	key := int64(binary.BigEndian.Uint64(named.Sum(nil))) //nolint:gosec // any number is a key
	t.prelude = append(t.prelude, statement{"SELECT pg_advisory_xact_lock($1)", []any{key}})
}

func (t *transaction) AtCommit(sql string, args ...any) {
	t.atCommit = append(t.atCommit, statement{sql, args})
}

func (t *transaction) AfterCommit(f func()) { t.after = append(t.after, f) }

// opening starts a batch with whatever must precede the next statement, and counts it.
func (t *transaction) opening() (*pgx.Batch, int) {
	batch := &pgx.Batch{}
	if !t.begun {
		t.begun = true
		batch.Queue("BEGIN")
		batch.Queue(setScope, t.scope.args()...)
	}
	for _, s := range t.prelude {
		batch.Queue(s.sql, s.args...)
	}
	t.prelude = nil
	return batch, batch.Len()
}

// ready tells that nothing need precede the next statement.
func (t *transaction) ready() bool { return t.begun && len(t.prelude) == 0 }

func (t *transaction) first(ctx context.Context, sql string, args []any) *pipeline {
	batch, skip := t.opening()
	batch.Queue(sql, args...)
	return sendPipeline(ctx, t.conn.Conn(), batch, skip, nil)
}

func (t *transaction) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if t.ready() {
		return t.conn.Exec(ctx, sql, args...)
	}
	return t.first(ctx, sql, args).exec()
}

func (t *transaction) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if t.ready() {
		return t.conn.Query(ctx, sql, args...)
	}
	return t.first(ctx, sql, args).query()
}

func (t *transaction) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if t.ready() {
		return t.conn.QueryRow(ctx, sql, args...)
	}
	return pipelineRow{t.first(ctx, sql, args)}
}

func (t *transaction) Flush(ctx context.Context) error {
	_, err := t.flush(ctx)
	return err
}

// flush sends queued statements and what closes them, in one round trip.
func (t *transaction) flush(ctx context.Context, last ...statement) (pgconn.CommandTag, error) {
	batch, _ := t.opening()
	for _, s := range append(t.atCommit, last...) {
		batch.Queue(s.sql, s.args...)
	}
	t.atCommit = nil
	if batch.Len() == 0 {
		return pgconn.CommandTag{}, nil
	}
	results := t.conn.SendBatch(ctx, batch)
	var tag pgconn.CommandTag
	for range batch.Len() {
		var err error
		if tag, err = results.Exec(); err != nil {
			_ = results.Close()
			return tag, err
		}
	}
	return tag, results.Close()
}

func (t *transaction) commit(ctx context.Context) error {
	if !t.begun && len(t.atCommit) == 0 {
		return nil
	}
	tag, err := t.flush(ctx, statement{sql: "COMMIT"})
	if err != nil {
		return inDoubt(err)
	}
	// A transaction that failed inside answers COMMIT with ROLLBACK: success must never be reported for it.
	if tag.String() != "COMMIT" {
		return fmt.Errorf("db: commit answered %q", tag.String())
	}
	return nil
}

// ErrInDoubt: the connection was lost while PostgreSQL was committing. Whether it did, nobody here knows.
var ErrInDoubt = errors.New("db: whether the transaction was committed is not known")

// inDoubt marks a failure to commit unless PostgreSQL itself said that a statement failed, which undoes everything.
func inDoubt(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Severity != "FATAL" && pg.Severity != "PANIC" {
		return err
	}
	return fmt.Errorf("%w: %w", ErrInDoubt, err)
}

func (t *transaction) rollback(ctx context.Context) {
	if !t.begun || t.conn.Conn().IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if _, err := t.conn.Exec(ctx, "ROLLBACK"); err != nil {
		// Its state is unknown: the pool must not lend it again.
		_ = t.conn.Conn().Close(ctx)
	}
}

func (t *transaction) Nested(ctx context.Context, scope Scope, fn func(tx Tx) error) error {
	t.savepoints++
	name := fmt.Sprintf("s%d", t.savepoints)
	queued, after, outer := len(t.atCommit), len(t.after), t.scope
	batch, _ := t.opening()
	batch.Queue("SAVEPOINT " + name)
	if scope != outer {
		batch.Queue(setScope, scope.args()...)
	}
	if err := t.conn.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	inner := &transaction{conn: t.conn, scope: scope, now: t.now, begun: true, savepoints: t.savepoints}
	err := fn(inner)
	t.savepoints = inner.savepoints
	if err == nil && scope != outer {
		// Statements queued under another scope must run under it.
		_, err = inner.flush(ctx)
	}
	batch = &pgx.Batch{}
	if err != nil {
		// Alone: a batch is parsed before it runs, and after a statement of fn failed nothing else can be parsed.
		if _, err := t.conn.Exec(ctx, "ROLLBACK TO SAVEPOINT "+name); err != nil {
			return err
		}
		t.atCommit, t.after = t.atCommit[:queued], t.after[:after]
	} else {
		t.atCommit = append(t.atCommit, inner.atCommit...)
		t.after = append(t.after, inner.after...)
	}
	batch.Queue("RELEASE SAVEPOINT " + name)
	if scope != outer {
		batch.Queue(setScope, outer.args()...)
	}
	if closeErr := t.conn.SendBatch(ctx, batch).Close(); err == nil {
		err = closeErr
	}
	return err
}
