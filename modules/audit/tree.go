package audit

import (
	"context"
	"fmt"
	"math/bits"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// A tree's hashes are kept with the leaves that complete them: that of the n-th subtree of 2^level leaves is the
// level-th in the row of leaf (n+1)*2^level-1.

// frontier is a tree's right edge, the roots of its complete subtrees, largest first: one for each bit of its size.
// It is all that is needed to append to the tree and to tell its root.
type frontier struct {
	size int64
	edge []tlog.Hash
}

// push appends a leaf and gives what its row stores: its hash and those of the subtrees it completes, from the lowest.
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
	leaves := make([]int64, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		leaves[i] = (n+1)<<level - 1
	}
	rows, err := s.queries.LeavesAt(s.ctx, auditdb.LeavesAtParams{TenantID: s.tenantID, LeafIndexes: leaves})
	if err != nil {
		return nil, err
	}
	stored := make(map[int64][]byte, len(rows))
	for _, row := range rows {
		stored[row.LeafIndex] = row.Hashes
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, _ := tlog.SplitStoredHashIndex(index)
		hash, ok := hashAt(stored[leaves[i]], level)
		if !ok {
			return nil, fmt.Errorf("%w: leaf %d lacks hash %d", errTreeBroken, leaves[i], level)
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// hashAt takes one hash from what a leaf's row stores.
func hashAt(stored []byte, level int) (h tlog.Hash, ok bool) {
	if len(stored) < (level+1)*tlog.HashSize {
		return h, false
	}
	copy(h[:], stored[level*tlog.HashSize:])
	return h, true
}
