package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

const (
	// sealEvery is how long a committed record waits for its seal, beside open transactions.
	sealEvery = time.Second
	// sealBatch is how many records one transaction seals.
	sealBatch = 4000
	// brokenEvery is how often the log says again that a tree cannot be sealed, and how often that is tried.
	brokenEvery = 10 * time.Minute
)

// errTreeBroken is a tree that does not fit its newest seal: somebody changed it.
var errTreeBroken = errors.New("the audit tree was tampered with")

// Schedule makes workers seal.
func (m *Module) Schedule() {
	m.bus.Loop("audit.seal", sealEvery, m.SealAll)
}

// SealAll seals what was committed since the last call, in the trees of all tenants, and tells whether there is more.
// Writers are never waited for nor kept waiting: it reads what is committed for good and only inserts rows of its own. A
// broken tree is left alone, loudly: sealing on top of it would put our own signature under what was changed.
func (m *Module) SealAll(ctx context.Context, pool *db.Pool) (more bool, err error) {
	ctx = db.WithScope(ctx, db.System())
	now, err := auditdb.New(pool.Read(ctx)).SealerPlace(ctx)
	if err == nil {
		m.brokenTrees.Store(int64(len(now.Behind)))
	}
	if err != nil || !now.Waiting && !slices.ContainsFunc(now.Behind, m.triedLongAgo) {
		return false, err
	}
	err = pool.InTx(ctx, func(tx db.Tx) error {
		queries := auditdb.New(tx)
		at, err := queries.LockSealer(ctx)
		if db.IsNoRows(err) {
			return nil // another node has it
		}
		if err != nil {
			return err
		}
		records, err := tail(ctx, tx, at)
		if err != nil {
			return err
		}
		if len(records) > 0 {
			last := &records[len(records)-1]
			at.Xid, at.ID, more = last.Xid, last.ID, len(records) == sealBatch
		}
		s := sealing{module: m, behind: at.Behind}
		for _, ofTenant := range byTenant(records) {
			if err := s.tenant(ctx, tx, ofTenant); err != nil {
				return err
			}
		}
		if err := s.catchUp(ctx, tx, at); err != nil {
			return err
		}
		return queries.MoveSealer(ctx, auditdb.MoveSealerParams{Xid: at.Xid, ID: at.ID, Behind: s.behind})
	})
	return more && err == nil, err
}

// tail reads the next records of all tenants.
func tail(ctx context.Context, q db.DBTX, at auditdb.LockSealerRow) ([]auditdb.AuditRecord, error) {
	rows, err := q.Query(ctx, `SELECT * FROM audit.tail($1, $2, $3)`, at.Xid, at.ID, sealBatch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[auditdb.AuditRecord])
}

// byTenant parts records, keeping their order.
func byTenant(records []auditdb.AuditRecord) [][]*auditdb.AuditRecord {
	var parts [][]*auditdb.AuditRecord
	indexes := map[uuid.UUID]int{}
	for i := range records {
		r := &records[i]
		index, seen := indexes[r.TenantID]
		if !seen {
			index = len(parts)
			indexes[r.TenantID], parts = index, append(parts, nil)
		}
		parts[index] = append(parts[index], r)
	}
	return parts
}

// sealing is one run of the sealer.
type sealing struct {
	module *Module
	behind []uuid.UUID
}

// tenant makes a tenant's records findable and seals them.
func (s *sealing) tenant(ctx context.Context, tx db.Tx, records []*auditdb.AuditRecord) error {
	err := s.tenantBy(ctx, tx, records, insertMentions)
	if db.Violates(err, "mention_pkey") {
		// The sealer's place was taken back, and some are there.
		err = s.tenantBy(ctx, tx, records, insertMentions+" ON CONFLICT DO NOTHING")
	}
	return err
}

func (s *sealing) tenantBy(ctx context.Context, tx db.Tx, records []*auditdb.AuditRecord, inserting string) error {
	tenantID := records[0].TenantID
	whole := !slices.Contains(s.behind, tenantID)
	err := tx.Nested(ctx, db.Tenant(tenantID), func(tx db.Tx) error {
		if whole {
			if err := s.module.grow(ctx, tx, tenantID, records); err != nil {
				return err
			}
		}
		return makeFindable(ctx, tx, tenantID, records, inserting)
	})
	if whole && errors.Is(err, errTreeBroken) {
		s.module.complain(ctx, tenantID, err)
		s.behind = append(s.behind, tenantID)
		return tx.Nested(ctx, db.Tenant(tenantID), func(tx db.Tx) error { return makeFindable(ctx, tx, tenantID, records, inserting) })
	}
	return err
}

// insertMentions is for records that nobody has sealed: asking of each row whether it is there already would make it cost
// two thirds more.
const insertMentions = `INSERT INTO audit.mention (tenant_id, subject_id, at, record_id)
	SELECT $1, * FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[])`

// makeFindable writes the mentions of a tenant's records.
func makeFindable(ctx context.Context, tx db.Tx, tenantID uuid.UUID, records []*auditdb.AuditRecord, inserting string) error {
	subjects, times, ids := columnsOf(mentionsOf(records))
	_, err := tx.Exec(ctx, inserting, tenantID, subjects, times, ids)
	return err
}

// catchUp seals what the trees that were found broken lack, a batch each, if they are whole again.
func (s *sealing) catchUp(ctx context.Context, tx db.Tx, upTo auditdb.LockSealerRow) error {
	for _, tenantID := range slices.Clone(s.behind) {
		if !s.module.triedLongAgo(tenantID) {
			continue
		}
		var left bool
		err := tx.Nested(ctx, db.Tenant(tenantID), func(tx db.Tx) error {
			queries := auditdb.New(tx)
			head, err := queries.NewestSeal(ctx, tenantID)
			if err != nil && !db.IsNoRows(err) {
				return err
			}
			head.LastXid.Valid = true
			records, err := queries.RecordsBehind(ctx, auditdb.RecordsBehindParams{
				TenantID: tenantID, AfterXid: head.LastXid, AfterID: head.LastEntryID, LastXid: upTo.Xid, LastID: upTo.ID, MaxRows: sealBatch,
			})
			if err != nil || len(records) == 0 {
				return err
			}
			left = len(records) == sealBatch
			return s.module.grow(ctx, tx, tenantID, byTenant(records)[0])
		})
		switch {
		case errors.Is(err, errTreeBroken):
			s.module.complain(ctx, tenantID, err)
		case err != nil:
			return err
		case !left:
			s.behind = slices.DeleteFunc(s.behind, func(each uuid.UUID) bool { return each == tenantID })
		}
	}
	return nil
}

// triedLongAgo tells whether it is time to look again at a broken tree.
func (m *Module) triedLongAgo(tenantID uuid.UUID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	last, before := m.refused[tenantID]
	return !before || m.pool.Clock().Now().Sub(last) >= brokenEvery
}

func (m *Module) complain(ctx context.Context, tenantID uuid.UUID, err error) {
	if !m.triedLongAgo(tenantID) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused[tenantID] = m.pool.Clock().Now()
	slog.ErrorContext(ctx, "the audit trail of a tenant cannot be sealed; run hm audit verify", "tenant_id", tenantID, "error", db.Describe(err))
}

// grow appends the records to the tenant's tree that are not in it, and signs the new root.
func (m *Module) grow(ctx context.Context, tx db.Tx, tenantID uuid.UUID, records []*auditdb.AuditRecord) error {
	queries := auditdb.New(tx)
	head, tree := auditdb.AuditSeal{TenantID: tenantID, LastXid: pgtype.Uint64{Valid: true}}, frontier{}
	row, err := queries.NewestSeal(ctx, tenantID)
	first := db.IsNoRows(err)
	if err != nil && !first {
		return err
	}
	if !first {
		head = row
		// What an earlier version sealed, or this one before the sealer's place was taken back.
		past := place{head.LastXid.Uint64, head.LastEntryID}
		records = slices.DeleteFunc(slices.Clone(records), func(r *auditdb.AuditRecord) bool { return !placeOf(r).after(past) })
	}
	if len(records) == 0 {
		return nil
	}
	next := auditdb.AuditSeal{TenantID: tenantID, SealedAt: tx.Now(), PreviousHash: noSeal[:]}
	if !first {
		if tree, err = m.signer.checkHead(ctx, queries, tenantID, &head); err != nil {
			return err
		}
		previous := sealHash(&head)
		next.PreviousHash = previous[:]
	}
	batch, err := appendTo(ctx, tx, &tree, tenantID, records)
	if err != nil {
		return err
	}
	inserted, err := queries.InsertBatch(ctx, batch)
	if err == nil && inserted == 0 {
		err = fmt.Errorf("%w: there are leaves behind its newest seal", errTreeBroken)
	}
	if err != nil {
		return err
	}
	last, root := records[len(records)-1], tree.root()
	next.TreeSize, next.RootHash, next.LastXid, next.LastEntryID = tree.size, root[:], last.Xid, last.ID
	m.signer.sign(&next)
	return queries.InsertSeal(ctx, auditdb.InsertSealParams(next))
}

// appendTo appends records to the tree and gives the row of their leaves.
func appendTo(ctx context.Context, q db.DBTX, tree *frontier, tenantID uuid.UUID, records []*auditdb.AuditRecord) (auditdb.InsertBatchParams, error) {
	var hasher leafHasher
	batch := auditdb.InsertBatchParams{TenantID: tenantID, FirstLeaf: tree.size, RecordIds: make([]byte, 0, 16*len(records))}
	var copies []uuid.UUID
	for _, r := range records {
		if copied(r) {
			copies = append(copies, *r.EventID)
		}
	}
	// Absent when the event was deleted within this second: then verifying will miss it too.
	digests, err := events.Digests(ctx, q, tenantID, copies)
	if err != nil {
		return batch, err
	}
	for _, r := range records {
		eventHash := presentHash(r, digests)
		if copies != nil {
			if eventHash != nil {
				batch.EventHashes = append(batch.EventHashes, eventHash...)
			} else {
				batch.EventHashes = append(batch.EventHashes, noHash[:]...)
			}
		}
		batch.RecordIds = append(batch.RecordIds, r.ID[:]...)
		batch.Hashes = append(batch.Hashes, tree.push(hasher.hash(r, eventHash))...)
	}
	return batch, nil
}
