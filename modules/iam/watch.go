package iam

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// A change takes effect on every node within a second: a poll every 300 ms, and an account is trusted for no more
// than 900 ms after the last poll that succeeded.
const (
	watchEvery = 300 * time.Millisecond
	trustedFor = 900 * time.Millisecond
	// longestGap is how long a node may have heard nothing and still keep what it knows. Rows are kept for an
	// hour; a machine that slept longer must not believe that nothing happened.
	longestGap = time.Minute
)

// change says whose accounts must be read again.
type change struct {
	kind      string
	subjectID uuid.UUID
}

const (
	userChange     = "user"
	sessionChange  = "session"
	tenantChange   = "tenant"   // what the tenant's roles allow
	everyoneChange = "everyone" // who is let in by a tenant, whose people cannot be told by what is remembered of them
)

func (c change) concerns(account *auth.Account) bool {
	switch c.kind {
	case userChange:
		return account.UserID == c.subjectID
	case everyoneChange:
		return true
	case tenantChange:
		return slices.ContainsFunc(account.Memberships, func(m auth.Membership) bool { return m.TenantID == c.subjectID })
	}
	return account.SessionID == c.subjectID
}

// invalidate tells every node, this one at once, to read accounts again when tx commits.
func (m *Module) invalidate(tx db.Tx, changes ...change) {
	for _, c := range changes {
		tx.AtCommit(`INSERT INTO iam.invalidation (id, kind, subject_id) VALUES ($1, $2, $3)`, id.New(), c.kind, c.subjectID)
	}
	tx.AfterCommit(func() { m.accounts.drop(changes...) })
}

// Watch follows changes until ctx ends. Every node that authenticates runs it once; without it nothing is
// remembered and every request asks the database.
func (m *Module) Watch(ctx context.Context) {
	ctx = db.WithScope(ctx, db.System())
	var w watcher
	failing := false
	for ctx.Err() == nil {
		began := time.Now()
		err := m.listen(ctx, &w)
		switch {
		case err == nil:
			m.accounts.heard(began)
			failing = false
		case ctx.Err() == nil && !failing:
			failing = true
			slog.WarnContext(ctx, "cannot hear of changed accounts; asking the database for each request", "error", db.Describe(err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(watchEvery - min(time.Since(began), watchEvery)):
		}
	}
}

func sinceHeard(at time.Time) time.Duration { return time.Since(at) }

// watcher is how far a node has heard: everything below the horizon, the oldest transaction that was still running at
// the last poll, and of what is above it, the rows seen.
type watcher struct {
	horizon string
	at      time.Time // by the database's clock, which goes on while this machine sleeps
	seen    map[uuid.UUID]bool
}

// listen drops the accounts of every change since the last call.
func (m *Module) listen(ctx context.Context, w *watcher) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	queries := iamdb.New(m.pool.Read(ctx))
	if w.horizon == "" {
		now, err := queries.Horizon(ctx)
		if err != nil {
			return err
		}
		m.accounts.dropAll()
		w.horizon, w.at = now.Horizon, now.At
		return nil
	}
	rows, err := queries.Invalidations(ctx, w.horizon)
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	var changes []change
	for _, row := range rows {
		if row.ID == nil {
			continue
		}
		if !w.seen[*row.ID] {
			changes = append(changes, change{*row.Kind, *row.SubjectID})
		}
		seen[*row.ID] = true
	}
	if rows[0].At.Sub(w.at) > longestGap {
		m.accounts.dropAll()
	} else if len(changes) > 0 {
		m.accounts.drop(changes...)
	}
	w.horizon, w.at, w.seen = rows[0].Horizon, rows[0].At, seen
	return nil
}
