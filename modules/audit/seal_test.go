package audit_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/audit"
)

// The stored tree is what the reference implementation stores, however the entries fell into seals.
func TestTreeIsThatOfTheReference(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	for _, inSeal := range []int{1, 2, 5, 1, 8, 3, 1, 16} {
		for range inSeal {
			tr.move(uuid.New())
		}
		tr.seal()
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	all := leaves(t, tr.tamper(), tr.scope.TenantID)
	for i, leaf := range all {
		want, err := tlog.StoredHashesForRecordHash(int64(i), tlog.Hash(leaf.Hashes[:32]), reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, want...)
		var joined []byte
		for _, h := range want {
			joined = append(joined, h[:]...)
		}
		if leaf.LeafIndex != int64(i) || !bytes.Equal(leaf.Hashes, joined) {
			t.Fatalf("leaf %d stores %x, the reference %x", i, leaf.Hashes, joined)
		}
	}
	root, err := tlog.TreeHash(int64(len(all)), reader)
	if err != nil {
		t.Fatal(err)
	}
	if r := tr.verify(); !r.OK || r.TreeSize != 37 || r.RootHash != root.String() {
		t.Errorf("got %+v, want root %s", r, root)
	}
}

// Late commits have a smaller transaction id than what is committed before them; two sealers work at once.
func TestNothingIsSkippedUnderParallelWriters(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	const writers, each = 32, 12
	var writing, sealing sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		sealing.Go(func() {
			for {
				if _, err := tr.SealAll(context.Background(), tr.db.Pool); err != nil {
					t.Error(err)
				}
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
				}
			}
		})
	}
	for range writers {
		writing.Go(func() {
			for range each {
				err := tr.db.Pool.InTx(tr.ctx, func(tx db.Tx) error {
					if err := tr.bus.Publish(tr.ctx, tx, bedMoved{BedID: uuid.New()}); err != nil {
						return err
					}
					// The transaction has its id now; it commits whenever it does.
					if err := tx.Flush(tr.ctx); err != nil {
						return err
					}
					_, err := tx.Exec(tr.ctx, `SELECT pg_sleep($1)`, rand.Float64()*0.03)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	close(stop)
	sealing.Wait()
	tr.seal()
	if r := tr.verify(); !r.OK || r.TreeSize != writers*each || r.Unsealed != 0 {
		t.Errorf("got %+v, want %d sealed", r, writers*each)
	}
}

func TestAnOpenTransactionHoldsTheSealBack(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	err := tr.db.Pool.InTx(tr.ctx, func(tx db.Tx) error {
		if err := tr.bus.Publish(tr.ctx, tx, bedMoved{BedID: uuid.New()}); err != nil {
			return err
		}
		if err := tx.Flush(tr.ctx); err != nil {
			return err
		}
		tr.move(uuid.New())
		if _, err := tr.SealAll(context.Background(), tr.db.Pool); err != nil {
			return err
		}
		if r := tr.verify(); r.TreeSize != 0 || r.Unsealed != 1 || !r.OK {
			t.Errorf("while open: %+v", r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tr.seal()
	if r := tr.verify(); r.TreeSize != 2 || r.Unsealed != 0 || !r.OK {
		t.Errorf("afterwards: %+v", r)
	}
}

func TestTenantsHaveTreesOfTheirOwn(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.move(uuid.New())
	tr.act(db.System(), func(ctx context.Context, tx db.Tx) error {
		return audit.Recorder{}.Record(ctx, tx, signInOfNobody)
	})
	tr.seal()
	if r := tr.verify(); !r.OK || r.TreeSize != 1 {
		t.Errorf("tenant: %+v", r)
	}
	platform, err := audit.VerifyTenant(context.Background(), tr.db.Pool, []byte("hm"), uuid.Nil, nil)
	if err != nil || platform.OK {
		t.Errorf("with another secret: %+v, %v", platform, err)
	}
	tr.scope.TenantID = uuid.Nil
	if r := tr.verify(); !r.OK || r.TreeSize != 1 {
		t.Errorf("platform: %+v", r)
	}
}

func TestProofConvincesWithoutTheServer(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(3)
	tr.move(uuid.New())
	q := tr.db.Pool.Read(tr.ctx)
	page, err := tr.List(tr.ctx, q, audit.ListInput{PageParams: httpx.PageParams{Limit: 200}})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Results) != 25 {
		t.Fatalf("%d entries", len(page.Results))
	}
	_, err = tr.Prove(tr.ctx, q, audit.ByID{ID: page.Results[0].ID})
	wantCode(t, err, "audit.not_sealed_yet")
	for _, entry := range page.Results[1:] {
		proof, err := tr.Prove(tr.ctx, q, audit.ByID{ID: entry.ID})
		if err != nil {
			t.Fatal(err)
		}
		var path tlog.RecordProof
		for _, text := range proof.Hashes {
			path = append(path, hash(t, text))
		}
		if err := tlog.CheckRecord(path, proof.TreeSize, hash(t, proof.RootHash), proof.LeafIndex, tlog.RecordHash(proof.Leaf)); err != nil || !proof.Valid {
			t.Errorf("entry %s: %v, valid %t", entry.ID, err, proof.Valid)
		}
		if !bytes.Contains(proof.Leaf, entry.ID[:]) || !bytes.Contains(proof.Leaf, []byte(entry.Code)) {
			t.Errorf("the leaf of %s does not hold the entry", entry.ID)
		}
		verifier, err := note.NewVerifier(proof.Seal.VerifierKey)
		if err != nil {
			t.Fatal(err)
		}
		if opened, err := note.Open([]byte(proof.Seal.Note), note.VerifierList(verifier)); err != nil || !bytes.Contains([]byte(opened.Text), []byte("\n"+proof.RootHash+"\n")) {
			t.Errorf("the seal's note: %v", err)
		}
	}
	conn := tr.tamper()
	change(t, conn, 1, `UPDATE `+tableOf(t, conn, page.Results[5].ID)+` SET origin = '198.51.100.7' WHERE id = $1`, page.Results[5].ID)
	if proof, err := tr.Prove(tr.ctx, q, audit.ByID{ID: page.Results[5].ID}); err != nil || proof.Valid {
		t.Errorf("of an altered entry: valid %t, %v", proof.Valid, err)
	}
}

func TestProofOfAnotherFacilitysEntryIsNotFound(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.move(uuid.New())
	tr.seal()
	entryID := leaves(t, tr.tamper(), tr.scope.TenantID)[0].EntryID
	for name, scope := range map[string]db.Scope{
		"facility": {TenantID: tr.scope.TenantID, FacilityID: uuid.New()},
		"tenant":   {TenantID: uuid.New(), FacilityID: tr.scope.FacilityID},
	} {
		ctx := db.WithScope(context.Background(), scope)
		_, err := tr.Prove(ctx, tr.db.Pool.Read(ctx), audit.ByID{ID: entryID})
		if wantCode(t, err, "audit.not_found"); t.Failed() {
			t.Log("from another", name)
		}
	}
}

func TestConsistencyOfEverySealWithTheNewest(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(4)
	q := tr.db.Pool.Read(tr.ctx)
	seals, err := tr.Seals(tr.ctx, q, audit.SealsInput{PageParams: httpx.PageParams{Limit: 3, Count: true}})
	if err != nil || len(seals.Results) != 3 || *seals.Count != 4 || seals.Next == nil {
		t.Fatalf("got %+v, %v", seals, err)
	}
	rest, err := tr.Seals(tr.ctx, q, audit.SealsInput{PageParams: httpx.PageParams{Limit: 3, Cursor: *seals.Next}})
	if err != nil || len(rest.Results) != 1 || rest.Next != nil {
		t.Fatalf("got %+v, %v", rest, err)
	}
	newest := seals.Results[0]
	for _, seal := range append(seals.Results, rest.Results...) {
		c, err := tr.ProveConsistency(tr.ctx, q, audit.ConsistencyInput{From: seal.TreeSize})
		if err != nil {
			t.Fatal(err)
		}
		var path tlog.TreeProof
		for _, text := range c.Hashes {
			path = append(path, hash(t, text))
		}
		if err := tlog.CheckTree(path, newest.TreeSize, hash(t, newest.RootHash), seal.TreeSize, hash(t, seal.RootHash)); err != nil {
			t.Errorf("from %d: %v", seal.TreeSize, err)
		}
	}
	_, err = tr.ProveConsistency(tr.ctx, q, audit.ConsistencyInput{From: newest.TreeSize + 1})
	wantCode(t, err, "audit.no_such_size")
}
