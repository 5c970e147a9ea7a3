package audit

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/iam/iamapi"
)

// The module's permissions.
const (
	CanRead   = "audit.can_read"
	CanVerify = "audit.can_verify"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See and export who did, saw or was refused what", Roles: []auth.Role{auth.Admin, auth.Auditor}},
	{Code: CanVerify, Description: "Check that the audit trail was not tampered with", Roles: []auth.Role{auth.Admin, auth.Auditor}},
}

// Module is the audit module.
type Module struct {
	bus      *events.Bus
	pool     *db.Pool
	journal  *Journal
	users    iamapi.Reader
	signer   signer
	checking *checks

	mu      sync.Mutex
	refused map[uuid.UUID]time.Time // when a tenant's broken tree was last logged

	brokenTrees atomic.Int64
}

// Deps are what the module needs of others.
type Deps struct {
	Bus     *events.Bus
	Pool    *db.Pool
	Journal *Journal
	Users   iamapi.Reader
	// Secret is the installation's; the key of the seals is derived from it.
	Secret []byte
}

// New makes the module.
func New(d Deps) *Module {
	return &Module{
		bus: d.Bus, pool: d.Pool, journal: d.Journal, users: d.Users, signer: newSigner(d.Secret), checking: newChecks(d.Pool.Clock()),
		refused: map[uuid.UUID]time.Time{},
	}
}

// BrokenTrees is how many tenants' trees are sealed no more because they were found tampered with, as of this node's
// last look; nodes that do jobs look about every second. Altered rows that sealing does not come upon are for
// verifying to find.
func (m *Module) BrokenTrees() int64 { return m.brokenTrees.Load() }

// Stop ends verifications under way and writes what the journal still holds. Call it when no request is under way any
// more, and before the pool is closed.
func (m *Module) Stop(ctx context.Context) error {
	m.checking.end()
	return m.journal.Stop(ctx)
}
