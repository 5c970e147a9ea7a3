package audit

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

const (
	// sealEvery is how long a committed entry waits for its seal, beside open transactions.
	sealEvery = time.Second
	// sealBatch is how many entries one transaction seals.
	sealBatch = 2000
	// brokenEvery is how often the log says again that a tree cannot be sealed.
	brokenEvery = 10 * time.Minute
)

// errTreeBroken is a tree that does not fit its newest seal: somebody changed it.
var errTreeBroken = errors.New("the audit tree was tampered with")

// Schedule makes workers seal.
func (m *Module) Schedule() {
	m.bus.Loop("audit.seal", sealEvery, m.SealAll)
}

// SealAll seals what every tenant's tree has waiting, a batch each, and tells whether there is more. A broken tree is
// left alone, loudly: sealing on top of it would put our own signature under what was changed.
func (m *Module) SealAll(ctx context.Context, pool *db.Pool) (more bool, err error) {
	tenants, err := auditdb.New(pool.Read(db.WithScope(ctx, db.System()))).UnsealedTenants(ctx)
	if err != nil {
		return false, err
	}
	for _, tenantID := range tenants {
		sealed, err := m.seal(ctx, pool, tenantID)
		if errors.Is(err, errTreeBroken) {
			m.complain(ctx, tenantID, err)
			continue
		}
		if err != nil {
			return false, err
		}
		more = more || sealed == sealBatch
	}
	return more, nil
}

func (m *Module) complain(ctx context.Context, tenantID uuid.UUID, err error) {
	now := m.pool.Clock().Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if last, before := m.refused[tenantID]; before && now.Sub(last) < brokenEvery {
		return
	}
	m.refused[tenantID] = now
	slog.ErrorContext(ctx, "the audit trail of a tenant cannot be sealed; run hm audit verify", "tenant_id", tenantID, "error", db.Describe(err))
}

// sealLock is the advisory lock's key for a tenant's tree. Two tenants whose keys collide wait for each other, no more.
func sealLock(tenantID uuid.UUID) int64 {
	const sealing = 0x5ea1_5ea1_5ea1_5ea1
	return int64(binary.BigEndian.Uint64(tenantID[:8]) ^ binary.BigEndian.Uint64(tenantID[8:]) ^ sealing) //nolint:gosec // any 64 bits do
}

// seal appends the tenant's next entries to its tree and signs the new root. Writers are never waited for nor kept
// waiting: it reads what is committed for good and only inserts rows of its own.
func (m *Module) seal(ctx context.Context, pool *db.Pool, tenantID uuid.UUID) (sealed int, err error) {
	ctx = db.WithScope(ctx, db.Tenant(tenantID))
	err = pool.InTx(ctx, func(tx db.Tx) error {
		queries := auditdb.New(tx)
		// A statement of its own: what follows must see what the sealer before committed.
		if mine, err := queries.TryLock(ctx, sealLock(tenantID)); err != nil || !mine {
			return err
		}
		head, tree := auditdb.AuditSeal{TenantID: tenantID, LastXid: pgtype.Uint64{Valid: true}}, frontier{}
		row, err := queries.NewestSeal(ctx, tenantID)
		first := db.IsNoRows(err)
		if err != nil && !first {
			return err
		}
		if !first {
			head = row
		}
		entries, err := queries.EntriesToSeal(ctx, auditdb.EntriesToSealParams{
			TenantID: tenantID, AfterXid: head.LastXid, AfterID: head.LastEntryID, MaxRows: sealBatch,
		})
		if err != nil || len(entries) == 0 {
			return err
		}
		next := auditdb.AuditSeal{TenantID: tenantID, SealedAt: tx.Now(), PreviousHash: noSeal[:]}
		if !first {
			if tree, err = m.signer.checkHead(ctx, queries, tenantID, &head); err != nil {
				return err
			}
			previous := sealHash(&head)
			next.PreviousHash = previous[:]
		}
		digests, err := events.Digests(ctx, tx, tenantID, eventIDs(entries))
		if err != nil {
			return err
		}
		leaves := grow(&tree, entries, digests)
		leaves.TenantID = tenantID
		if err := queries.InsertLeaves(ctx, leaves); err != nil {
			if db.Violates(err, "leaf_pkey") || db.Violates(err, "leaf_entry_key") {
				return fmt.Errorf("%w: there are leaves behind its newest seal", errTreeBroken)
			}
			return err
		}
		last, root := entries[len(entries)-1], tree.root()
		next.TreeSize, next.RootHash, next.LastXid, next.LastEntryID = tree.size, root[:], last.Xid, last.ID
		m.signer.sign(&next)
		sealed = len(entries)
		return queries.InsertSeal(ctx, auditdb.InsertSealParams(next))
	})
	return sealed, err
}

// grow appends entries to the tree and gives the rows of their leaves.
func grow(tree *frontier, entries []auditdb.AuditEntry, digests map[uuid.UUID]events.Digest) auditdb.InsertLeavesParams {
	var hasher leafHasher
	leaves := auditdb.InsertLeavesParams{
		LeafIndexes: make([]int64, len(entries)), EntryIds: make([]uuid.UUID, len(entries)),
		EventHashes: make([][]byte, len(entries)), Hashes: make([][]byte, len(entries)),
	}
	for i := range entries {
		e := &entries[i]
		var eventHash []byte
		if e.EventID != nil {
			// Absent when the event was deleted within this second: then verifying will miss it too.
			if digest, found := digests[*e.EventID]; found {
				eventHash = digest[:]
			}
		}
		leaves.LeafIndexes[i], leaves.EntryIds[i], leaves.EventHashes[i] = tree.size, e.ID, eventHash
		leaves.Hashes[i] = tree.push(hasher.hash(e, eventHash))
	}
	return leaves
}
