package audit

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/audit/auditapi"
)

const (
	// flushEvery is how long an entry waits at most for others to be written with.
	flushEvery = 100 * time.Millisecond
	// journalSize is how many entries may wait. When the database is so slow that all places are taken, requests wait
	// for one: nothing is shown that is not at least on its way into the trail.
	journalSize = 8192
	// journalBatch is how many entries one transaction writes.
	journalBatch = 1024
)

var errJournalFull = errs.Unavailable("audit.unavailable", "What you ask for cannot be recorded just now, so it is not shown; try again in a moment.", 2*time.Second)

// Journal records what changes nothing, reads of patients' records and refusals, without a round trip in the
// request: entries wait in memory and are written together in the background. A node that is killed loses those that
// wait, up to flushEvery of reads and refusals; one that is stopped, and one whose database is away, loses none. It is
// httpx.Journal.
type Journal struct {
	pool    *db.Pool
	places  chan struct{}
	wake    chan struct{}
	writing sync.Mutex // one writer at a time, so that Flush also waits for what is under way

	mu      sync.Mutex
	waiting []line

	stop    context.CancelFunc
	stopped chan struct{}
}

var _ httpx.Journal = (*Journal)(nil)

// NewJournal makes a journal that keeps everything until it is started or flushed.
func NewJournal(pool *db.Pool) *Journal {
	return &Journal{pool: pool, places: make(chan struct{}, journalSize), wake: make(chan struct{}, 1)}
}

// Start writes in the background until Stop.
func (j *Journal) Start(ctx context.Context) {
	ctx, j.stop = context.WithCancel(context.WithoutCancel(ctx))
	j.stopped = make(chan struct{})
	go j.run(ctx)
}

// Stop writes what is left, as long as ctx allows. Call it when no request is under way any more.
func (j *Journal) Stop(ctx context.Context) error {
	if j.stop != nil {
		j.stop()
		<-j.stopped
	}
	return j.Flush(ctx)
}

// Read records whose records were shown to the caller of ctx.
func (j *Journal) Read(ctx context.Context, r httpx.ReadRecord) error {
	l := j.line(ctx, r.Operation, "read", "")
	l.outcome, l.entityType = auditapi.OK, r.Subject.Entity
	l.entityID, l.encounterID = id.Ptr(r.Subject.EntityID), id.Ptr(r.Subject.EncounterID)
	l.showing(r.Subject.PatientIDs)
	return j.add(ctx, l)
}

// Refused records that the caller of ctx was not allowed something.
func (j *Journal) Refused(ctx context.Context, r httpx.Refusal) {
	l := j.line(ctx, r.Operation, "refused", r.Code, r.Because...)
	l.outcome = auditapi.Refused
	if err := j.add(ctx, l); err != nil {
		// Only when the caller has gone and there is still no place. Ids only, so the log may keep it instead.
		slog.ErrorContext(ctx, "refusal not recorded in the audit trail", "code", l.code, "detail", string(l.detail), "actor_id", l.actorID)
	}
}

// line begins an entry of an operation, "<module>.<operation id>".
func (j *Journal) line(ctx context.Context, operation, what, reason string, rules ...string) line {
	scope, _ := db.ScopeOf(ctx)
	l := newLine(ctx, j.pool.Clock().Now())
	l.in(scope)
	module, operation, _ := strings.Cut(operation, ".")
	l.code = module + "." + what
	// Strings always marshal.
	l.detail, _ = json.Marshal(struct {
		Operation string   `json:"operation"`
		Reason    string   `json:"reason,omitempty"`
		Rules     []string `json:"rules,omitempty"`
	}{operation, reason, rules})
	return l
}

func (j *Journal) add(ctx context.Context, l line) error {
	select {
	case j.places <- struct{}{}:
	default:
		select {
		case j.places <- struct{}{}:
		case <-ctx.Done():
			return errJournalFull
		}
	}
	j.mu.Lock()
	j.waiting = append(j.waiting, l)
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default:
	}
	return nil
}

func (j *Journal) run(ctx context.Context) {
	defer close(j.stopped)
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.wake:
		}
		wait := flushEvery
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			err := j.Flush(ctx)
			if err == nil {
				failures = 0
				break
			}
			if failures++; failures == 1 {
				slog.WarnContext(ctx, "writing the audit journal failed; trying again", "error", db.Describe(err))
			}
			wait = min(time.Duration(failures)*flushEvery, 2*time.Second)
		}
	}
}

// Flush writes everything that was recorded before the call. When the database does not answer, all of it stays in
// the journal.
func (j *Journal) Flush(ctx context.Context) error {
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mu.Lock()
	left := len(j.waiting)
	j.mu.Unlock()
	for left > 0 {
		j.mu.Lock()
		batch := j.waiting[:min(left, journalBatch)]
		j.mu.Unlock()
		if err := j.write(ctx, batch); err != nil {
			if ctx.Err() != nil || db.IsUnavailable(err) {
				return err
			}
			if err := j.writeEach(ctx, batch); err != nil {
				return err
			}
		}
		left -= len(batch)
		j.mu.Lock()
		if j.waiting = j.waiting[len(batch):]; len(j.waiting) == 0 {
			j.waiting = nil
		}
		j.mu.Unlock()
		for range batch {
			<-j.places
		}
	}
	return nil
}

// writeEach saves the rest of a batch from an entry that the database will never take, which is a fault of HM: the log
// keeps that one, being ids and facts only.
func (j *Journal) writeEach(ctx context.Context, batch []line) error {
	for _, l := range batch {
		err := j.write(ctx, []line{l})
		if err != nil && (ctx.Err() != nil || db.IsUnavailable(err)) {
			return err
		}
		// There already: whether an earlier write was committed could not be known when it was cut off.
		if err != nil && !db.Violates(err, "entry_pkey") {
			slog.ErrorContext(ctx, "audit entry refused by the database", "error", db.Describe(err), "tenant_id", l.tenantID, "at", l.at,
				"code", l.code, "actor_id", l.actorID, "entity_id", l.entityID, "patient_id", l.patientID, "patient_ids", l.patientIDs, "request", l.requestID)
		}
	}
	return nil
}

// write puts a batch into one transaction, since each commit costs the disk a turn: a savepoint per tenant, in its
// scope, and one statement in it.
func (j *Journal) write(ctx context.Context, batch []line) error {
	var tenants []uuid.UUID
	ofTenant := map[uuid.UUID][]line{}
	for _, l := range batch {
		if _, seen := ofTenant[l.tenantID]; !seen {
			tenants = append(tenants, l.tenantID)
		}
		ofTenant[l.tenantID] = append(ofTenant[l.tenantID], l)
	}
	return j.pool.InTx(db.WithScope(ctx, db.Tenant(tenants[0])), func(tx db.Tx) error {
		queue(tx, ofTenant[tenants[0]])
		for _, tenantID := range tenants[1:] {
			err := tx.Nested(ctx, db.Tenant(tenantID), func(tx db.Tx) error {
				queue(tx, ofTenant[tenantID])
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
