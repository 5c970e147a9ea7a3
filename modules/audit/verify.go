package audit

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// Kinds of broken rows.
const (
	whatEntry = "entry"
	whatEvent = "event"
	whatLeaf  = "leaf"
	whatSeal  = "seal"
)

// Why a row is broken.
const (
	reasonAltered      = "The entry was altered after it was sealed."
	reasonDeleted      = "The entry was deleted after it was sealed."
	reasonInserted     = "The entry was inserted behind the seal: it claims to be older than what is sealed, but has no leaf."
	reasonRenamed      = "The entry was given another id after it was sealed."
	reasonRewritten    = "The entry, or one sealed with it, was rewritten together with its leaf."
	reasonPassedBy     = "The entry was never sealed, though the sealer has passed it: somebody moved the sealer's place." // #nosec G101 -- a sentence, no secret
	reasonUnfindable   = "The entry can no longer be found by all that it is about: rows of mention were altered or deleted."
	reasonEventAltered = "The event behind this sealed entry was altered."
	reasonEventDeleted = "The event behind this sealed entry was deleted."
	reasonLeafChanged  = "The leaf of this entry was altered."
	reasonLeafDeleted  = "The leaf of this entry was deleted or moved."
	reasonLeafLost     = "The leaf was deleted, and its entry is gone or cannot be told."
	reasonLeafUnsealed = "The leaf belongs to no seal."
	reasonSealChanged  = "The seal of this tree size was altered or forged: it does not carry the installation's signature."
	reasonSealDeleted  = "The seal that followed this tree size was deleted."
	reasonNoted        = "The tree does not contain the one that was noted earlier: it was cut off or rewritten as a whole."
)

// maxBroken is how many broken rows are named; past it one knows enough.
const maxBroken = 1000

// Broken names one row that is not what was sealed.
type Broken struct {
	// ID of the entry or event; the entry's for a leaf, or the leaf's index when that is lost; the tree size for a seal.
	ID     string `json:"id"`
	What   string `json:"what" enum:"entry,event,leaf,seal"`
	Reason string `json:"reason"`
}

// Report is the result of verifying a tenant's trail.
type Report struct {
	OK          bool       `json:"ok"`
	TreeSize    int64      `json:"tree_size" doc:"How many entries are sealed"`
	RootHash    string     `json:"root_hash" doc:"Base64 of the tree's SHA-256 root after RFC 6962"`
	SealedUntil *time.Time `json:"sealed_until" doc:"When the newest genuine seal was made"`
	Unsealed    int64      `json:"unsealed" doc:"Entries that wait for their seal; normally not older than about a second"`
	Broken      []Broken   `json:"broken" nullable:"false"`
	BrokenMore  bool       `json:"broken_more" doc:"More is broken than is listed"`
	CheckedAt   time.Time  `json:"checked_at" doc:"When this verification began"`
	VerifierKey string     `json:"verifier_key" doc:"The public key of the seals, as golang.org/x/mod/sumdb/note writes it"`
}

// Noted is a seal that somebody wrote down earlier, outside the database. The tree must still contain it.
type Noted struct {
	TreeSize int64
	RootHash tlog.Hash
}

// VerifyTenant reads a tenant's whole trail again: every entry and event against its leaf, the tree against what is
// stored of it and against every signed root, the seals against each other. secret is the installation's. It needs
// constant memory. An error means that it could not be read to the end, not that it is broken.
func VerifyTenant(ctx context.Context, pool *db.Pool, secret []byte, tenantID uuid.UUID, noted *Noted) (Report, error) {
	return verify(ctx, pool, newSigner(secret), tenantID, noted)
}

func verify(ctx context.Context, pool *db.Pool, s signer, tenantID uuid.UUID, noted *Noted) (Report, error) {
	ctx = db.WithScope(ctx, db.Tenant(tenantID))
	v := &verifier{
		ctx: ctx, read: pool.Read(ctx), queries: auditdb.New(pool.Read(ctx)), tenantID: tenantID, noted: noted,
		named: map[Broken]bool{}, handled: map[uuid.UUID]bool{},
		report: Report{Broken: []Broken{}, CheckedAt: pool.Clock().Now(), VerifierKey: s.verifierKey()},
	}
	err := v.run(s)
	v.report.OK = len(v.report.Broken) == 0
	return v.report, err
}

type verifier struct {
	ctx      context.Context //nolint:containedctx // lives for one verification
	read     db.DBTX
	queries  *auditdb.Queries
	tenantID uuid.UUID
	noted    *Noted
	report   Report
	named    map[Broken]bool    // by what and id
	handled  map[uuid.UUID]bool // entries already told of, that would be found again as having no leaf
	faults   []fault            // of leaves whose entry's id is still to be looked up

	chain  sealChain
	head   place
	sealer place // how far the sealer has come
	behind bool  // but not in this tenant's tree
	end    int64 // where the leaves to look at end
	hasher leafHasher

	size    int64
	edge    []node
	last    place // of the last entry that was found as it was sealed
	matched int64 // entries with a leaf, up to the head
	good    int64 // the tree size up to which the tree leads to a genuine root
	off     bool  // the tree no longer leads to any root, and that was reported
}

// place is where an entry stands in the order of sealing.
type place struct {
	xid uint64
	id  uuid.UUID
}

func (p place) after(q place) bool {
	return p.xid > q.xid || p.xid == q.xid && slices.Compare(p.id[:], q.id[:]) > 0
}

func (p place) param() pgtype.Uint64 { return pgtype.Uint64{Uint64: p.xid, Valid: true} }

func placeOf(e *auditdb.AuditRecord) place { return place{e.Xid.Uint64, e.ID} }

func (v *verifier) run(s signer) error {
	extent, err := v.queries.TreeExtent(v.ctx, v.tenantID)
	if err != nil {
		return err
	}
	v.sealer, v.behind = place{extent.SealerXid.Uint64, extent.SealerID}, extent.Behind
	if v.chain, err = checkSeals(v.ctx, v.queries, s, v.tenantID, extent.NewestSize, v.tell); err != nil {
		return err
	}
	if head := v.chain.head; head != nil {
		v.end, v.head = head.TreeSize, place{head.LastXid.Uint64, head.LastEntryID}
		v.report.TreeSize, v.report.RootHash, v.report.SealedUntil = head.TreeSize, base64.StdEncoding.EncodeToString(head.RootHash), &head.SealedAt
	} else {
		empty := rootOf(nil)
		v.report.RootHash = empty.String()
	}
	if err := v.beyondHead(extent); err != nil {
		return err
	}
	if err := v.stream(); err != nil {
		return err
	}
	if v.noted != nil && v.noted.TreeSize > v.size {
		v.tell(fault{what: whatSeal, id: strconv.FormatInt(v.noted.TreeSize, 10), reason: reasonNoted})
	}
	v.settleRest()
	if err := v.withoutLeaf(); err != nil {
		return err
	}
	return v.nameLeaves()
}

// beyondHead looks at leaves that no seal covers. Sealing writes leaves and seal together, so there are none unless a
// seal was taken out or a leaf moved. What a false seal covers is checked as far as it can be.
func (v *verifier) beyondHead(extent auditdb.TreeExtentRow) error {
	switch {
	case v.chain.headless:
		v.end = max(v.end, extent.LeavesEnd)
	case extent.Uncovered == 0:
	case extent.LeavesEnd-v.end == extent.Uncovered:
		v.tell(fault{what: whatSeal, id: strconv.FormatInt(v.end, 10), reason: reasonSealDeleted})
		v.end = extent.LeavesEnd
	default:
		leaves, _, err := v.leavesBetween(v.ctx, v.end, extent.LeavesEnd)
		if err != nil {
			return err
		}
		for _, row := range leaves {
			v.tell(fault{what: whatLeaf, id: row.EntryID.String(), reason: reasonLeafUnsealed})
		}
	}
	return nil
}

// settleRest ends the suspense about nodes that no signed root has decided.
func (v *verifier) settleRest() {
	for _, n := range v.edge {
		if n.open != nil {
			for _, f := range n.open[0].faults {
				v.tell(f)
			}
		}
	}
}

// withoutLeaf finds records that stand among the sealed ones, or before the sealer's place, but were never sealed.
// Counting first makes it cheap.
func (v *verifier) withoutLeaf() error {
	counts, err := v.queries.CountSealedAndWaiting(v.ctx, auditdb.CountSealedAndWaitingParams{
		TenantID: v.tenantID, Xid: v.head.param(), ID: v.head.id, SealerXid: v.sealer.param(), SealerID: v.sealer.id,
	})
	if err != nil {
		return err
	}
	v.report.Unsealed = counts.Waiting
	if counts.Sealed != v.matched {
		if err := v.unsealed(place{}, v.head, reasonInserted); err != nil {
			return err
		}
	}
	// Those of leaves that a lost or false seal covered are no news.
	if counts.PassedBy > 0 && !v.behind && v.end == v.report.TreeSize {
		return v.unsealed(v.head, v.sealer, reasonPassedBy)
	}
	return nil
}

// unsealed tells of the records without a leaf between two places.
func (v *verifier) unsealed(at, upTo place, reason string) error {
	const rowsAtOnce = 5000
	for {
		rows, err := v.queries.PlacesBetween(v.ctx, auditdb.PlacesBetweenParams{
			TenantID: v.tenantID, AfterXid: at.param(), AfterID: at.id, LastXid: upTo.param(), LastID: upTo.id, MaxRows: rowsAtOnce,
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		records := make([]auditdb.AuditRecord, len(rows))
		for i, row := range rows {
			records[i].Xid, records[i].ID = row.Xid, row.ID
			at = place{row.Xid.Uint64, row.ID}
		}
		leaves, err := leavesFor(v.ctx, v.queries, v.tenantID, records)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, sealed := leaves[row.ID]; !sealed && !v.handled[row.ID] {
				v.tell(fault{what: whatEntry, id: row.ID.String(), reason: reason})
			}
		}
	}
}

// tell takes note of a fault. That of a leaf known by its index only is kept until its entry's id is looked up.
func (v *verifier) tell(f fault) {
	if f.id == "" {
		if len(v.faults) < maxBroken {
			v.faults = append(v.faults, f)
		} else {
			v.report.BrokenMore = true
		}
		return
	}
	key := Broken{ID: f.id, What: f.what}
	if v.named[key] {
		return
	}
	if len(v.report.Broken) >= maxBroken {
		v.report.BrokenMore = true
		return
	}
	v.named[key] = true
	v.report.Broken = append(v.report.Broken, Broken{ID: f.id, What: f.what, Reason: f.reason})
}

// nameLeaves looks up whose leaves the kept faults are about.
func (v *verifier) nameLeaves() error {
	for _, f := range v.faults {
		leaves, _, err := v.leavesBetween(v.ctx, f.leaf, f.leaf+min(f.size(), maxBroken))
		if err != nil {
			return err
		}
		for _, row := range leaves {
			v.tell(fault{what: f.what, id: row.EntryID.String(), reason: f.reason})
		}
		v.report.BrokenMore = v.report.BrokenMore || f.size() > maxBroken
	}
	return nil
}

// eventDigests is events.Digests for the verified tenant.
func (v *verifier) eventDigests(ids []uuid.UUID) (map[uuid.UUID]events.Digest, error) {
	return events.Digests(v.ctx, v.read, v.tenantID, ids)
}
