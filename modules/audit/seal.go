package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// signerName is under which name seals are signed, and a part of the key's fingerprint.
const signerName = "hm/audit"

// signer holds the key of the seals. Ed25519, so that a seal can be checked with the public key alone.
type signer struct {
	private ed25519.PrivateKey
	public  ed25519.PublicKey
}

func newSigner(secret []byte) signer {
	private := ed25519.NewKeyFromSeed(auth.DeriveKey(secret, "audit seal"))
	return signer{private: private, public: private.Public().(ed25519.PublicKey)} //nolint:forcetypeassert // the type is documented
}

// verifierKey is the public key in the form of package note.
func (s signer) verifierKey() string {
	key, err := note.NewEd25519VerifierKey(signerName, s.public)
	if err != nil {
		panic(err) // only for a name with spaces
	}
	return key
}

func (s signer) sign(row *auditdb.AuditSeal) {
	row.Signature = ed25519.Sign(s.private, []byte(sealText(row)))
}

func (s signer) signed(row *auditdb.AuditSeal) bool {
	return ed25519.Verify(s.public, []byte(sealText(row)), row.Signature)
}

// sealText is what is signed: a tree head in the form of a transparency log's checkpoint (origin, size, root), and
// below it everything else in the row.
func sealText(row *auditdb.AuditSeal) string {
	encode := base64.StdEncoding.EncodeToString
	return signerName + "/" + row.TenantID.String() + "\n" + strconv.FormatInt(row.TreeSize, 10) + "\n" + encode(row.RootHash) + "\n" +
		"sealed_at " + row.SealedAt.UTC().Format(time.RFC3339Nano) + "\n" +
		"last_entry " + strconv.FormatUint(row.LastXid.Uint64, 10) + " " + row.LastEntryID.String() + "\n" +
		"previous " + encode(row.PreviousHash) + "\n"
}

// note is the seal as a signed note, which golang.org/x/mod/sumdb/note and other tools can open.
func (s signer) note(row *auditdb.AuditSeal) string {
	text := sealText(row)
	fingerprint := sha256.Sum256(append([]byte(signerName+"\n\x01"), s.public...))
	return text + "\n— " + signerName + " " + base64.StdEncoding.EncodeToString(append(fingerprint[:4:4], row.Signature...)) + "\n"
}

// sealHash is by what the next seal names this one: all of its row.
func sealHash(row *auditdb.AuditSeal) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(sealText(row)), row.Signature...))
}

var noSeal [sha256.Size]byte

// follows tells whether a seal names the row as the one before it; nil stands for none.
func follows(next, row *auditdb.AuditSeal) bool {
	before := noSeal
	if row != nil {
		before = sealHash(row)
	}
	return bytes.Equal(next.PreviousHash, before[:])
}

// checkHead makes sure that what is about to be built on is what was sealed before: nothing may be signed on top of a
// tree that somebody changed. It gives the tree's right edge.
func (s signer) checkHead(ctx context.Context, queries *auditdb.Queries, tenantID uuid.UUID, head *auditdb.AuditSeal) (frontier, error) {
	if !s.signed(head) {
		return frontier{}, fmt.Errorf("%w: the newest seal, of tree size %d, is not signed with this installation's key", errTreeBroken, head.TreeSize)
	}
	edge, err := storedHashes{ctx, queries, tenantID}.ReadHashes(edgeIndexes(head.TreeSize))
	if err != nil {
		return frontier{}, err
	}
	if root := rootOf(edge); !bytes.Equal(root[:], head.RootHash) {
		return frontier{}, fmt.Errorf("%w: the tree does not lead to its root at size %d", errTreeBroken, head.TreeSize)
	}
	return frontier{size: head.TreeSize, edge: edge}, nil
}

func hashOf(stored []byte) (h tlog.Hash) {
	copy(h[:], stored)
	return h
}
