package audit

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// A noted seal is a size and 32 bytes, or refused with the field that is wrong.
func FuzzNotedSeal(f *testing.F) {
	f.Add(int64(7), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
	f.Add(int64(0), "")
	f.Add(int64(0), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
	f.Add(int64(-1), "\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")
	f.Add(int64(1), "====")
	f.Fuzz(func(t *testing.T, size int64, root string) {
		noted, err := VerifyInput{TreeSize: size, RootHash: root}.noted()
		if err != nil || noted == nil {
			return
		}
		// Line breaks are the one thing that base64 may have more of.
		if plain := strings.NewReplacer("\r", "", "\n", "").Replace(root); noted.TreeSize != size || !sameBytes(plain, noted.RootHash[:]) {
			t.Fatalf("%q was read as %s", root, noted.RootHash)
		}
	})
}

func sameBytes(text string, content []byte) bool {
	decoded, err := base64.StdEncoding.DecodeString(text)
	return err == nil && bytes.Equal(decoded, content)
}

// A seal's note opens with the installation's key and with no other, whatever the row holds; no two rows have the
// same text.
func FuzzSealNote(f *testing.F) {
	s, stranger := newSigner(testkit.Secret), newSigner([]byte("another secret, which is as long as the first"))
	f.Add([]byte("0123456789abcdef"), int64(7), []byte("root"), int64(1), uint64(9), []byte{})
	f.Add([]byte("0123456789abcdef"), int64(-1), []byte("\n\xff"), int64(-1<<62), uint64(0), []byte("\n— hm/audit AAAA\n"))
	f.Fuzz(func(t *testing.T, tenant []byte, size int64, root []byte, at int64, xid uint64, previous []byte) {
		tenantID, err := uuid.FromBytes(tenant)
		if err != nil {
			t.Skip()
		}
		row := auditdb.AuditSeal{
			TenantID: tenantID, TreeSize: size, RootHash: root, SealedAt: time.UnixMicro(at % (1 << 52)).UTC(),
			LastXid: pgtype.Uint64{Uint64: xid, Valid: true}, PreviousHash: previous,
		}
		s.sign(&row)
		for _, signer := range []signer{s, stranger} {
			verifier, err := note.NewVerifier(signer.verifierKey())
			if err != nil {
				t.Fatal(err)
			}
			opened, err := note.Open([]byte(s.note(&row)), note.VerifierList(verifier))
			genuine := bytes.Equal(signer.public, s.public)
			if genuine != (err == nil) || genuine && opened.Text != sealText(&row) || signer.signed(&row) != genuine {
				t.Fatalf("%q: %v", s.note(&row), err)
			}
		}
		other := row
		other.TreeSize++
		if s.signed(&other) || sealHash(&other) == sealHash(&row) {
			t.Fatal("another row has the same seal")
		}
	})
}

// What the database keeps of the tree may have been changed by its superuser: it is told, never a crash.
func FuzzStoredHashes(f *testing.F) {
	f.Add([]byte{}, uint8(0))
	f.Add(make([]byte, 31), uint8(0))
	f.Add(make([]byte, 65), uint8(1))
	f.Fuzz(func(t *testing.T, stored []byte, level uint8) {
		hash, whole := hashAt(stored, int(level))
		if whole != (len(stored) >= (int(level)+1)*tlog.HashSize) {
			t.Fatalf("%d bytes have hash %d: %v", len(stored), level, whole)
		}
		if whole && !bytes.Equal(hash[:], stored[int(level)*tlog.HashSize:(int(level)+1)*tlog.HashSize]) {
			t.Fatal("another hash")
		}
	})
}

// A proof that was handed in proves its own entry only: of another leaf, or changed anywhere, it fails.
func FuzzProof(f *testing.F) {
	var tree frontier
	var stored [][]byte
	for i := range 11 {
		stored = append(stored, tree.push(tlog.RecordHash([]byte{byte(i)})))
	}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			hashes[i], _ = hashAt(stored[(n+1)<<level-1], level)
		}
		return hashes, nil
	})
	proofs := map[int64][]byte{}
	for leaf := range tree.size {
		path, err := tlog.ProveRecord(tree.size, leaf, reader)
		if err != nil {
			f.Fatal(err)
		}
		for _, hash := range path {
			proofs[leaf] = append(proofs[leaf], hash[:]...)
		}
		f.Add(proofs[leaf], leaf, []byte{byte(leaf)})
	}
	f.Add([]byte{}, int64(-1), []byte{})
	f.Add([]byte{}, int64(1<<62), []byte{})
	root := tree.root()
	f.Fuzz(func(t *testing.T, proof []byte, leaf int64, content []byte) {
		path := make(tlog.RecordProof, len(proof)/tlog.HashSize)
		for i := range path {
			path[i], _ = hashAt(proof, i)
		}
		held := leaf >= 0 && leaf < tree.size && tlog.CheckRecord(path, tree.size, root, leaf, tlog.RecordHash(content)) == nil
		genuine := bytes.Equal(proof[:len(path)*tlog.HashSize], proofs[leaf]) && len(content) == 1 && int64(content[0]) == leaf && proofs[leaf] != nil
		if held != genuine {
			t.Fatalf("leaf %d: it holds %v, it is genuine %v", leaf, held, genuine)
		}
	})
}

// No cell of an export is a formula.
func FuzzCell(f *testing.F) {
	for _, seed := range []string{"", "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r\n=1", "'=1", " =1", "a=1", "|cmd", "%0", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cell := plain(text)
		if strings.TrimPrefix(cell, "'") != strings.TrimPrefix(text, "'") && cell != "'"+text {
			t.Fatalf("%q became %q", text, cell)
		}
		if cell != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(cell[0])) {
			t.Fatalf("%q is a formula", cell)
		}
	})
}
