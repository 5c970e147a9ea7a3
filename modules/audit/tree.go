package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/bits"
	"strconv"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// A tree's hashes are kept with the leaves that complete them: that of the n-th subtree of 2^level leaves is the
// level-th of leaf (n+1)*2^level-1. The leaves of a seal are one row, audit.batch, and with it are their hashes one after
// the other; in trees of earlier versions each leaf is a row, audit.leaf.

// frontier is a tree's right edge, the roots of its complete subtrees, largest first: one for each bit of its size.
// It is all that is needed to append to the tree and to tell its root.
type frontier struct {
	size int64
	edge []tlog.Hash
}

// push appends a leaf and gives what is stored with it: its hash and those of the subtrees it completes, from the lowest.
func (f *frontier) push(leaf tlog.Hash) []byte {
	stored := append([]byte(nil), leaf[:]...)
	for size := f.size; size&1 == 1; size >>= 1 {
		leaf = tlog.NodeHash(f.edge[len(f.edge)-1], leaf)
		f.edge = f.edge[:len(f.edge)-1]
		stored = append(stored, leaf[:]...)
	}
	f.edge = append(f.edge, leaf)
	f.size++
	return stored
}

// root is the hash of the whole tree.
func (f *frontier) root() tlog.Hash { return rootOf(f.edge) }

func rootOf(edge []tlog.Hash) tlog.Hash {
	if len(edge) == 0 {
		// The hash of no leaves is that of no bytes; TreeHash knows it without reading.
		empty, _ := tlog.TreeHash(0, nil)
		return empty
	}
	root := edge[len(edge)-1]
	for i := len(edge) - 2; i >= 0; i-- {
		root = tlog.NodeHash(edge[i], root)
	}
	return root
}

// edgeIndexes are the stored indexes of the right edge of a tree, largest subtree first.
func edgeIndexes(size int64) []int64 {
	indexes := make([]int64, 0, bits.OnesCount64(uint64(size))) //nolint:gosec // sizes are not negative
	var first int64
	for level := 62; level >= 0; level-- {
		if size&(1<<level) != 0 {
			indexes = append(indexes, tlog.StoredHashIndex(level, first>>level))
			first += 1 << level
		}
	}
	return indexes
}

// storedHashes reads a tenant's tree; it is a tlog.HashReader.
type storedHashes struct {
	ctx      context.Context //nolint:containedctx // tlog's interface has no room for it, and a reader lives for one call
	queries  *auditdb.Queries
	tenantID uuid.UUID
}

// ReadHashes reads hashes by their stored indexes in one statement.
func (s storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	params := auditdb.StoredHashesParams{
		TenantID: s.tenantID, StoredIndexes: indexes, LeafIndexes: make([]int64, len(indexes)), LeafHashes: make([]int64, len(indexes)),
		Levels: make([]int32, len(indexes)),
	}
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		leaf := (n+1)<<level - 1
		params.LeafIndexes[i], params.LeafHashes[i], params.Levels[i] = leaf, tlog.StoredHashCount(leaf), int32(level) //nolint:gosec // at most 62
	}
	rows, err := s.queries.StoredHashes(s.ctx, params)
	if err != nil {
		return nil, err
	}
	stored := make(map[int64][]byte, len(rows))
	for _, row := range rows {
		stored[row.StoredIndex] = row.Hash
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if len(stored[index]) != tlog.HashSize {
			return nil, fmt.Errorf("%w: leaf %d lacks hash %d", errTreeBroken, params.LeafIndexes[i], params.Levels[i])
		}
		copy(hashes[i][:], stored[index])
	}
	return hashes, nil
}

// hashAt takes one hash from what is stored with a leaf.
func hashAt(stored []byte, level int) (h tlog.Hash, ok bool) {
	if len(stored) < (level+1)*tlog.HashSize {
		return h, false
	}
	copy(h[:], stored[level*tlog.HashSize:])
	return h, true
}

// storedSize is how many bytes of hashes are stored with the leaf of this index.
func storedSize(index int64) int {
	return int(tlog.StoredHashCount(index+1)-tlog.StoredHashCount(index)) * tlog.HashSize
}

// leavesOf takes a batch apart. What its row has too little of, its last leaves lack; what too much, its last has.
func leavesOf(b *auditdb.AuditBatch) []auditdb.AuditLeaf {
	leaves := make([]auditdb.AuditLeaf, len(b.RecordIds)/16)
	hashes := b.Hashes
	for i := range leaves {
		l := &leaves[i]
		l.TenantID, l.LeafIndex, l.EntryID = b.TenantID, b.FirstLeaf+int64(i), uuid.UUID(b.RecordIds[16*i:16*i+16])
		if end := (i + 1) * sha256.Size; b.EventHashes != nil && end <= len(b.EventHashes) {
			if hash := b.EventHashes[end-sha256.Size : end]; !bytes.Equal(hash, noHash[:]) {
				l.EventHash = hash
			}
		}
		size := min(storedSize(l.LeafIndex), len(hashes))
		if i == len(leaves)-1 {
			size = len(hashes)
		}
		l.Hashes, hashes = hashes[:size], hashes[size:]
	}
	return leaves
}

var noHash [sha256.Size]byte

// leavesFor looks up the leaves of records, by their ids. Records without one wait for their seal.
func leavesFor(ctx context.Context, queries *auditdb.Queries, tenantID uuid.UUID, records []auditdb.AuditRecord) (map[uuid.UUID]auditdb.AuditLeaf, error) {
	params := auditdb.BatchesOfPlacesParams{TenantID: tenantID, Xids: make([]string, len(records)), RecordIds: make([]uuid.UUID, len(records))}
	wanted := make(map[uuid.UUID]bool, len(records))
	for i := range records {
		params.Xids[i], params.RecordIds[i] = strconv.FormatUint(records[i].Xid.Uint64, 10), records[i].ID
		wanted[records[i].ID] = true
	}
	places := make(map[uuid.UUID]auditdb.AuditLeaf, len(records))
	batches, err := queries.BatchesOfPlaces(ctx, params)
	if err != nil {
		return nil, err
	}
	for _, b := range batches {
		for _, leaf := range leavesOf(&auditdb.AuditBatch{TenantID: tenantID, FirstLeaf: b.FirstLeaf, RecordIds: b.RecordIds, EventHashes: b.EventHashes}) {
			if wanted[leaf.EntryID] {
				places[leaf.EntryID] = leaf
			}
		}
	}
	if len(places) == len(records) {
		return places, nil
	}
	leaves, err := queries.LeavesOfRecords(ctx, auditdb.LeavesOfRecordsParams{TenantID: tenantID, RecordIds: params.RecordIds})
	for _, leaf := range leaves {
		places[leaf.EntryID] = leaf
	}
	return places, err
}
