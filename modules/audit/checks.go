package audit

import (
	"context"
	"encoding/base64"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
)

const (
	// answerWithin is how long a request waits for its verification. A long trail takes longer: the verification goes
	// on, and who asks again gets its result.
	answerWithin = 10 * time.Second
	// keepResult is how long a result that nobody waited for is kept.
	keepResult = 2 * time.Minute
	// checkTime is the longest a verification in the background may take; hm audit verify has no limit.
	checkTime = 30 * time.Minute
)

var (
	errVerifying = errs.Unavailable("audit.verifying", "The trail is long and still being verified. Ask again in a moment.", 5*time.Second)
	errNoted     = errs.Invalid("audit.invalid_seal", "A noted seal has a size and a root; see errors.")
)

// VerifyInput may name a seal that was written down earlier.
type VerifyInput struct {
	TreeSize int64  `query:"tree_size" minimum:"0" doc:"Size of a tree noted earlier, which the present one must contain; with root_hash"`
	RootHash string `query:"root_hash" maxLength:"44" doc:"Its root, base64"`
}

func (in VerifyInput) noted() (*Noted, error) {
	if in.TreeSize == 0 && in.RootHash == "" {
		return nil, nil //nolint:nilnil // nothing was noted
	}
	if in.TreeSize == 0 {
		return nil, errNoted.At("query.tree_size", "Say the size the root belongs to.")
	}
	root, err := base64.StdEncoding.DecodeString(in.RootHash)
	if err != nil || len(root) != tlog.HashSize {
		return nil, errNoted.At("query.root_hash", "Must be the base64 of 32 bytes.")
	}
	return &Noted{TreeSize: in.TreeSize, RootHash: tlog.Hash(root)}, nil
}

// Verify checks the whole trail of the caller's tenant. What is broken is named by id only, in every facility.
func (m *Module) Verify(ctx context.Context, _ db.DBTX, in VerifyInput) (Report, error) {
	noted, err := in.noted()
	if err != nil {
		return Report{}, err
	}
	if err := m.journal.Flush(ctx); err != nil {
		return Report{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	key := checkKey{tenantID: scope.TenantID, in: in}
	c := m.checking.begin(key, func(ctx context.Context) (Report, error) { return verify(ctx, m.pool, m.signer, scope.TenantID, noted) })
	timer := time.NewTimer(answerWithin)
	defer timer.Stop()
	select {
	case <-c.done:
		return c.report, c.err
	case <-timer.C:
	case <-ctx.Done():
	}
	if m.checking.leave(c) {
		return c.report, c.err
	}
	return Report{}, errVerifying
}

type checkKey struct {
	tenantID uuid.UUID
	in       VerifyInput
}

// check is one verification under way, or its result while nobody has taken it.
type check struct {
	waiting int
	done    chan struct{}
	ended   time.Time
	report  Report
	err     error
}

// checks runs one verification of a tenant at a time, however many ask for it.
type checks struct {
	clock  clock.Clock
	ctx    context.Context //nolint:containedctx // verifications outlive the requests that ask for them
	stop   context.CancelFunc
	active sync.WaitGroup

	mu      sync.Mutex
	running map[checkKey]*check
}

func newChecks(c clock.Clock) *checks {
	ctx, stop := context.WithCancel(context.Background())
	return &checks{clock: c, ctx: ctx, stop: stop, running: map[checkKey]*check{}}
}

// begin joins the verification under way, takes a result nobody waited for, or starts anew.
func (cs *checks) begin(key checkKey, work func(context.Context) (Report, error)) *check {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for old, c := range cs.running {
		if !c.ended.IsZero() && cs.clock.Now().Sub(c.ended) >= keepResult {
			delete(cs.running, old)
		}
	}
	if c := cs.running[key]; c != nil {
		if c.ended.IsZero() {
			c.waiting++
		} else {
			delete(cs.running, key)
		}
		return c
	}
	c := &check{waiting: 1, done: make(chan struct{})}
	cs.running[key] = c
	cs.active.Go(func() {
		ctx, cancel := context.WithTimeout(cs.ctx, checkTime)
		defer cancel()
		report, err := work(ctx)
		cs.mu.Lock()
		defer cs.mu.Unlock()
		c.report, c.err, c.ended = report, err, cs.clock.Now()
		if c.waiting > 0 {
			delete(cs.running, key)
		}
		close(c.done)
	})
	return c
}

// leave gives up waiting, unless the result has come just now.
func (cs *checks) leave(c *check) (ended bool) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c.waiting--
	return !c.ended.IsZero()
}

// end stops what is under way.
func (cs *checks) end() {
	cs.stop()
	cs.active.Wait()
}
