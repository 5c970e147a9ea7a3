package audit

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// verifyBatch is how many leaves are read and held at once.
const verifyBatch = 4000

// sealed is a stretch of the tree as the database has it now.
type sealed struct {
	first, past int64
	leaves      []auditdb.AuditLeaf
	entries     map[uuid.UUID]*auditdb.AuditRecord
	digests     map[uuid.UUID]events.Digest
	unfindable  []uuid.UUID
	overlong    []fault
	seals       []auditdb.AuditSeal
	err         error
}

// stream goes through the tree from its first leaf to its end, reading one stretch while it checks the one before.
func (v *verifier) stream() error {
	ctx, stop := context.WithCancel(v.ctx)
	defer stop()
	stretches := make(chan *sealed, 1)
	go func() {
		defer close(stretches)
		for first := int64(0); first < v.end; first += verifyBatch {
			s := v.load(ctx, first, min(first+verifyBatch, v.end))
			select {
			case stretches <- s:
			case <-ctx.Done():
				return
			}
			if s.err != nil {
				return
			}
		}
	}()
	for s := range stretches {
		if s.err != nil {
			return s.err
		}
		if err := v.check(s); err != nil {
			return err
		}
	}
	return v.ctx.Err()
}

func (v *verifier) load(ctx context.Context, first, past int64) *sealed {
	s := &sealed{first: first, past: past}
	if s.leaves, s.overlong, s.err = v.leavesBetween(ctx, first, past); s.err != nil {
		return s
	}
	ids := make([]uuid.UUID, len(s.leaves))
	for i := range s.leaves {
		ids[i] = s.leaves[i].EntryID
	}
	var records []auditdb.AuditRecord
	if records, s.err = v.queries.RecordsByID(ctx, auditdb.RecordsByIDParams{TenantID: v.tenantID, Ids: ids}); s.err != nil {
		return s
	}
	s.entries = make(map[uuid.UUID]*auditdb.AuditRecord, len(records))
	passed := make([]*auditdb.AuditRecord, 0, len(records))
	for i := range records {
		r := &records[i]
		s.entries[r.ID] = r
		// After an upgrade the sealer makes earlier records findable first.
		if !placeOf(r).after(v.sealer) {
			passed = append(passed, r)
		}
	}
	if s.digests, s.err = events.Digests(ctx, v.read, v.tenantID, copiedEvents(records)); s.err != nil {
		return s
	}
	missing := auditdb.MentionsMissingParams{TenantID: v.tenantID}
	if missing.SubjectIds, missing.Times, missing.RecordIds = columnsOf(mentionsOf(passed)); len(passed) > 0 {
		if s.unfindable, s.err = v.queries.MentionsMissing(ctx, missing); s.err != nil {
			return s
		}
	}
	s.seals, s.err = v.queries.SealsBetween(ctx, auditdb.SealsBetweenParams{TenantID: v.tenantID, AfterSize: first, LastSize: past})
	return s
}

// leavesBetween reads a stretch of the tree, by index, out of both kinds of rows. It tells of batches that reach into
// the next one: what they have there is not theirs.
func (v *verifier) leavesBetween(ctx context.Context, first, past int64) (leaves []auditdb.AuditLeaf, overlong []fault, err error) {
	leaves, err = v.queries.LeavesBetween(ctx, auditdb.LeavesBetweenParams{TenantID: v.tenantID, First: first, Past: past, MaxRows: math.MaxInt32})
	if err != nil {
		return nil, nil, err
	}
	batches, err := v.queries.BatchesBetween(ctx, auditdb.BatchesBetweenParams{TenantID: v.tenantID, First: first, Past: past})
	if err != nil {
		return nil, nil, err
	}
	for i := range batches {
		ofBatch := leavesOf(&batches[i])
		if i+1 < len(batches) {
			if own := batches[i+1].FirstLeaf - batches[i].FirstLeaf; int64(len(ofBatch)) > own {
				ofBatch = ofBatch[:own]
				overlong = append(overlong, fault{what: whatLeaf, id: leafRange(batches[i+1].FirstLeaf, batches[i+1].FirstLeaf), reason: reasonLeafChanged})
			}
		}
		for _, leaf := range ofBatch {
			if leaf.LeafIndex >= first && leaf.LeafIndex < past {
				leaves = append(leaves, leaf)
			}
		}
	}
	slices.SortStableFunc(leaves, func(a, b auditdb.AuditLeaf) int { return cmp.Compare(a.LeafIndex, b.LeafIndex) })
	return slices.CompactFunc(leaves, func(a, b auditdb.AuditLeaf) bool { return a.LeafIndex == b.LeafIndex }), overlong, nil
}

// leafRange names leaves whose records cannot be told.
func leafRange(first, last int64) string {
	if first == last {
		return strconv.FormatInt(first, 10)
	}
	return strconv.FormatInt(first, 10) + "-" + strconv.FormatInt(last, 10)
}

func uuidOr(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

func (v *verifier) check(s *sealed) error {
	for _, entryID := range s.unfindable {
		v.tell(fault{what: whatEntry, id: entryID.String(), reason: reasonUnfindable})
	}
	for _, f := range s.overlong {
		v.tell(f)
	}
	leaves, seals := s.leaves, s.seals
	for v.size < s.past {
		if len(leaves) == 0 || leaves[0].LeafIndex > v.size {
			// Everything up to the next leaf is missing, but the seals within the gap want their turn.
			past := s.past
			if len(leaves) > 0 {
				past = leaves[0].LeafIndex
			}
			lost, err := v.gap(s, past, leaves)
			if err != nil {
				return err
			}
			for _, n := range lost {
				v.push(n, nil)
				seals = v.checkRoots(seals)
			}
			continue
		}
		leaf := &leaves[0]
		leaves = leaves[1:]
		n, err := v.leaf(s, leaf, leaves)
		if err != nil {
			return err
		}
		v.push(n, leaf.Hashes)
		seals = v.checkRoots(seals)
	}
	return nil
}

// leaf holds an entry and its event against their leaf.
func (v *verifier) leaf(s *sealed, leaf *auditdb.AuditLeaf, rest []auditdb.AuditLeaf) (node, error) {
	changedLeaf := fault{what: whatLeaf, leaf: leaf.LeafIndex, reason: reasonLeafChanged}
	if len(leaf.Hashes) != storedSize(leaf.LeafIndex) {
		v.tell(changedLeaf)
	}
	stored, whole := hashAt(leaf.Hashes, 0)
	e := s.entries[leaf.EntryID]
	if e != nil && !placeOf(e).after(v.head) {
		v.matched++
	}
	if e != nil && whole {
		hash := v.hasher.hash(e, leaf.EventHash)
		if hash == stored {
			v.last = placeOf(e)
			v.event(e, leaf.EventHash, s.digests)
			return settled(hash), nil
		}
		// Perhaps it is the leaf's event_hash that was changed, and the event still has the one that was sealed.
		if present := presentHash(e, s.digests); !bytes.Equal(present, leaf.EventHash) && v.hasher.hash(e, present) == stored {
			v.last = placeOf(e)
			v.tell(changedLeaf)
			return settled(stored), nil
		}
	}
	if whole {
		found, err := v.otherEntry(leaf, stored, v.next(s, rest))
		if err != nil || found {
			return settled(stored), err
		}
	}
	switch {
	case e == nil:
		v.tell(fault{what: whatEntry, leaf: leaf.LeafIndex, reason: reasonDeleted})
		return node{hash: stored, known: whole}, nil
	case !whole:
		return settled(v.hasher.hash(e, leaf.EventHash)), nil
	}
	altered := fault{what: whatEntry, leaf: leaf.LeafIndex, reason: reasonAltered}
	return decide([]explanation{{stored, []fault{altered}}, {v.hasher.hash(e, leaf.EventHash), []fault{changedLeaf}}}, v.tell), nil
}

// otherEntry looks whether the leaf was made of another entry than the one it names, or one that had the named id then.
func (v *verifier) otherEntry(leaf *auditdb.AuditLeaf, stored tlog.Hash, next place) (bool, error) {
	between, digests, err := v.between(next, 2)
	if err != nil || len(between) != 1 || between[0].ID == leaf.EntryID {
		return false, err
	}
	e := &between[0]
	renamed := *e
	renamed.ID = leaf.EntryID
	switch stored {
	case v.hasher.hash(e, presentHash(e, digests)):
		v.tell(fault{what: whatLeaf, id: e.ID.String(), reason: reasonLeafChanged})
	case v.hasher.hash(&renamed, leaf.EventHash):
		v.tell(fault{what: whatEntry, id: leaf.EntryID.String(), reason: reasonRenamed})
	default:
		return false, nil
	}
	v.found(e)
	return true, nil
}

// event holds the event that a sound entry is a copy of against what was sealed of it.
func (v *verifier) event(e *auditdb.AuditRecord, sealedHash []byte, digests map[uuid.UUID]events.Digest) {
	if !copied(e) {
		return
	}
	present := presentHash(e, digests)
	switch {
	case present == nil:
		v.tell(fault{what: whatEvent, id: e.EventID.String(), reason: reasonEventDeleted})
	case !bytes.Equal(present, sealedHash):
		v.tell(fault{what: whatEvent, id: e.EventID.String(), reason: reasonEventAltered})
	}
}

// gap is about leaves that are missing. If exactly as many entries stand between the neighbours, they are theirs.
func (v *verifier) gap(s *sealed, past int64, rest []auditdb.AuditLeaf) ([]node, error) {
	missing := past - v.size
	nodes := make([]node, missing)
	between, digests, err := v.between(v.next(s, rest), missing+1)
	if err != nil {
		return nil, err
	}
	if int64(len(between)) != missing {
		v.tell(fault{what: whatLeaf, id: leafRange(v.size, past-1), reason: reasonLeafLost})
		return nodes, nil
	}
	name := leafRange(v.size, past-1)
	if missing == 1 {
		name = between[0].ID.String()
	}
	v.tell(fault{what: whatLeaf, id: name, reason: reasonLeafDeleted})
	for i := range between {
		e := &between[i]
		v.found(e)
		nodes[i] = settled(v.hasher.hash(e, presentHash(e, digests)))
	}
	return nodes, nil
}

// found keeps an entry that was told of from being told of again as one without a leaf.
func (v *verifier) found(e *auditdb.AuditRecord) {
	v.handled[e.ID] = true
	v.last = placeOf(e)
}

// next is the place of the next leaf's entry if that is found as it was sealed, else where the sealed ones end.
func (v *verifier) next(s *sealed, rest []auditdb.AuditLeaf) place {
	past := v.head
	past.id = uuid.Max
	if len(rest) == 0 {
		return past
	}
	e := s.entries[rest[0].EntryID]
	stored, whole := hashAt(rest[0].Hashes, 0)
	if e == nil || !whole || v.hasher.hash(e, rest[0].EventHash) != stored {
		return past
	}
	return placeOf(e)
}

// between reads the entries that stand between the last sound one and a place, and their events.
func (v *verifier) between(past place, limit int64) ([]auditdb.AuditRecord, map[uuid.UUID]events.Digest, error) {
	entries, err := v.queries.RecordsBetween(v.ctx, auditdb.RecordsBetweenParams{
		TenantID: v.tenantID, AfterXid: v.last.param(), AfterID: v.last.id, BeforeXid: past.param(), BeforeID: past.id,
		MaxRows: int32(min(limit, verifyBatch+1)), //nolint:gosec // a batch of some thousand
	})
	if err != nil {
		return nil, nil, err
	}
	digests, err := v.eventDigests(copiedEvents(entries))
	return entries, digests, err
}

// push appends a leaf's node to the tree; stored is what its row keeps, nil when it is missing.
func (v *verifier) push(n node, stored []byte) {
	index, level := v.size, 0
	for size := v.size; size&1 == 1; size >>= 1 {
		level++
		left := v.edge[len(v.edge)-1]
		v.edge = v.edge[:len(v.edge)-1]
		kept := storedHash{present: stored != nil, leaf: index, first: index + 1 - 1<<level}
		kept.hash, kept.whole = hashAt(stored, level)
		n = join(left, n, kept, v.tell)
	}
	v.edge = append(v.edge, n)
	v.size++
}

// checkRoots holds the tree against the seals of its present size, and against the one that was noted.
func (v *verifier) checkRoots(seals []auditdb.AuditSeal) []auditdb.AuditSeal {
	if v.noted != nil && v.noted.TreeSize == v.size && v.complete() && !rootFits(v.edge, v.noted.RootHash, v.tell) {
		v.tell(fault{what: whatSeal, id: strconv.FormatInt(v.size, 10), reason: reasonNoted})
	}
	for len(seals) > 0 && seals[0].TreeSize <= v.size {
		if seal := &seals[0]; seal.TreeSize == v.size && !v.chain.false[v.size] && !v.off && v.complete() {
			if rootFits(v.edge, hashOf(seal.RootHash), v.tell) {
				v.good = v.size
			} else {
				// The signature is genuine: what it was given for is no longer there. Since the seal before it was.
				v.tell(fault{what: whatEntry, leaf: v.good, past: v.size, reason: reasonRewritten})
				v.off = true
			}
		}
		seals = seals[1:]
	}
	return seals
}

// complete tells whether every subtree's hash is known; without, no root can be told, and that was reported.
func (v *verifier) complete() bool {
	for _, n := range v.edge {
		if !n.known {
			return false
		}
	}
	return true
}
