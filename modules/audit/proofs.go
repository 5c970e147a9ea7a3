package audit

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/canonical"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

var (
	errNotSealed = errs.Conflict("audit.not_sealed_yet", "This entry waits for its seal; ask again in a moment.")
	errBroken    = errs.Conflict("audit.tree_broken", "The tree was tampered with, so it proves nothing; verify it.")
	errNoSeal    = errs.NotFound("audit.no_such_size", "The tree never had this size.")
)

// Proof shows that an entry is in the tree of a signed root, to anyone, without trusting the server: the SHA-256 of a
// zero byte and the leaf's bytes, combined with the hashes as RFC 6962 (2.1.1) says, must give the root.
type Proof struct {
	EntryID   uuid.UUID `json:"entry_id" format:"uuid"`
	LeafIndex int64     `json:"leaf_index"`
	TreeSize  int64     `json:"tree_size"`
	RootHash  string    `json:"root_hash" doc:"Base64"`
	Hashes    []string  `json:"hashes" nullable:"false" doc:"The audit path from the leaf upwards, base64"`
	Leaf      []byte    `json:"leaf" doc:"The entry's row as canonical bytes, base64: each field is its length in four bytes, big-endian, and its content; ffffffff is an absent field"`
	Valid     bool      `json:"valid" doc:"Whether the proof holds; false when the entry was altered after it was sealed"`
	Seal      Seal      `json:"seal"`
}

// Seal is a signed root as the API shows it.
type Seal struct {
	TreeSize int64     `json:"tree_size"`
	RootHash string    `json:"root_hash" doc:"Base64"`
	SealedAt time.Time `json:"sealed_at"`
	Note     string    `json:"note" doc:"The seal as a signed note; golang.org/x/mod/sumdb/note opens it with the verifier key"`
	// VerifierKey is the same in all seals of an installation.
	VerifierKey string `json:"verifier_key"`
}

func (s signer) present(row *auditdb.AuditSeal) Seal {
	return Seal{TreeSize: row.TreeSize, RootHash: hashOf(row.RootHash).String(), SealedAt: row.SealedAt, Note: s.note(row), VerifierKey: s.verifierKey()}
}

// ByID names one entry.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Prove gives the proof of an entry under the newest seal.
func (m *Module) Prove(ctx context.Context, q db.DBTX, in ByID) (Proof, error) {
	scope, _ := db.ScopeOf(ctx)
	queries := auditdb.New(q)
	if err := m.journal.Flush(ctx); err != nil {
		return Proof{}, err
	}
	record, err := queries.GetRecord(ctx, auditdb.GetRecordParams{TenantID: scope.TenantID, ID: in.ID})
	if db.IsNoRows(err) {
		return Proof{}, errNotFound
	}
	if err != nil {
		return Proof{}, err
	}
	leaves, err := leavesFor(ctx, queries, scope.TenantID, []auditdb.AuditRecord{record})
	if err != nil {
		return Proof{}, err
	}
	leaf, sealed := leaves[in.ID]
	if !sealed {
		return Proof{}, errNotSealed
	}
	seal, err := queries.NewestSeal(ctx, scope.TenantID)
	if err != nil || seal.TreeSize <= leaf.LeafIndex {
		return Proof{}, brokenOr(err)
	}
	path, err := tlog.ProveRecord(seal.TreeSize, leaf.LeafIndex, storedHashes{ctx, queries, scope.TenantID})
	if err != nil {
		return Proof{}, brokenOr(err)
	}
	var bytes canonical.Bytes
	appendLeaf(&bytes, &record, leaf.EventHash)
	held := tlog.CheckRecord(path, seal.TreeSize, hashOf(seal.RootHash), leaf.LeafIndex, tlog.RecordHash(bytes))
	shown := m.signer.present(&seal)
	return Proof{
		EntryID: in.ID, LeafIndex: leaf.LeafIndex, TreeSize: seal.TreeSize, RootHash: shown.RootHash, Hashes: texts(path), Leaf: bytes,
		Valid: held == nil && m.signer.signed(&seal), Seal: shown,
	}, nil
}

// brokenOr turns a tree that contradicts itself into its own answer.
func brokenOr(err error) error {
	if err == nil || errors.Is(err, errTreeBroken) || db.IsNoRows(err) {
		return errBroken
	}
	return err
}

func texts(hashes []tlog.Hash) []string {
	texts := make([]string, len(hashes))
	for i, h := range hashes {
		texts[i] = h.String()
	}
	return texts
}

// SealsInput pages through seals.
type SealsInput struct{ httpx.PageParams }

// Seals gives the tree's signed roots, newest first. An auditor keeps one outside, to hold the tree against it later.
func (m *Module) Seals(ctx context.Context, q db.DBTX, in SealsInput) (httpx.Page[Seal], error) {
	before := struct{ Size int64 }{math.MaxInt64}
	if _, err := in.After(&before); err != nil {
		return httpx.Page[Seal]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	queries := auditdb.New(q)
	rows, err := queries.SealsBefore(ctx, auditdb.SealsBeforeParams{TenantID: scope.TenantID, BeforeSize: before.Size, MaxRows: int32(in.Limit + 1)}) //nolint:gosec // at most 201
	if err != nil {
		return httpx.Page[Seal]{}, err
	}
	seals := make([]Seal, len(rows))
	for i := range rows {
		seals[i] = m.signer.present(&rows[i])
	}
	page := httpx.NewPage(seals, in.Limit, func(s Seal) any { return struct{ Size int64 }{s.TreeSize} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountSeals(ctx, scope.TenantID))
	}
	return page, err
}

// ConsistencyInput names two sizes of the tree.
type ConsistencyInput struct {
	From int64 `query:"from" required:"true" minimum:"1" doc:"The smaller size, of a seal noted earlier"`
	To   int64 `query:"to" minimum:"1" doc:"The larger size; the newest seal's when absent"`
}

// Consistency shows that the tree of one size continues that of another (RFC 6962, 2.1.2).
type Consistency struct {
	FromSize int64    `json:"from_size"`
	FromRoot string   `json:"from_root" doc:"Base64; compare it with the seal noted earlier"`
	ToSize   int64    `json:"to_size"`
	ToRoot   string   `json:"to_root" doc:"Base64"`
	Hashes   []string `json:"hashes" nullable:"false" doc:"The consistency proof, base64"`
}

// ProveConsistency gives the proof that nothing sealed at one size was changed or taken out at another.
func (m *Module) ProveConsistency(ctx context.Context, q db.DBTX, in ConsistencyInput) (Consistency, error) {
	scope, _ := db.ScopeOf(ctx)
	queries := auditdb.New(q)
	newest, err := queries.NewestSeal(ctx, scope.TenantID)
	if db.IsNoRows(err) {
		return Consistency{}, errNoSeal
	}
	if err != nil {
		return Consistency{}, err
	}
	if in.To == 0 {
		in.To = newest.TreeSize
	}
	if in.From > in.To || in.To > newest.TreeSize {
		return Consistency{}, errNoSeal
	}
	stored := storedHashes{ctx, queries, scope.TenantID}
	path, err := tlog.ProveTree(in.To, in.From, stored)
	if err != nil {
		return Consistency{}, brokenOr(err)
	}
	from, err := tlog.TreeHash(in.From, stored)
	if err != nil {
		return Consistency{}, brokenOr(err)
	}
	to, err := tlog.TreeHash(in.To, stored)
	if err != nil {
		return Consistency{}, brokenOr(err)
	}
	return Consistency{FromSize: in.From, FromRoot: from.String(), ToSize: in.To, ToRoot: to.String(), Hashes: texts(path)}, nil
}
