package audit_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/audit"
)

// A database in which an earlier version sealed: copies of events, a row for each leaf, and nothing that finds them.
func TestWhatAnEarlierVersionSealedIsCarriedOn(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.earlier = true
	tr.mixture(3)
	conn := tr.tamper()
	if _, err := conn.Exec(context.Background(), `DELETE FROM audit.mention`); err != nil {
		t.Fatal(err)
	}
	change(t, conn, 1, `UPDATE audit.sealer SET xid = '0'`)
	check := func(when string, size int64, seals int) {
		t.Helper()
		if r := tr.verify(); !r.OK || r.TreeSize != size {
			t.Errorf("%s: %+v", when, r)
		}
		if n := one[int](t, conn, `SELECT count(*) FROM audit.seal`); n != seals {
			t.Errorf("%s: %d seals, want %d", when, n, seals)
		}
		if mine := tr.list(tr.ctx, audit.Filter{ActorID: tr.scope.UserID}); len(mine) != int(size) {
			t.Errorf("%s: %d entries of the actor", when, len(mine))
		}
		if moved := tr.list(tr.ctx, audit.Filter{Code: "wards.bed_moved"}); len(moved) != int(size)*3/8 || moved[len(moved)-1].Detail["floor"] != 3.0 {
			t.Errorf("%s: %d events", when, len(moved))
		}
	}
	check("before the sealer", 24, 3)
	if _, err := tr.SealAll(context.Background(), tr.db.Pool); err != nil {
		t.Fatal(err)
	}
	check("after it", 24, 3)
	tr.earlier = false
	tr.mixture(2)
	check("carried on", 40, 5)
	for _, entry := range tr.list(tr.ctx, audit.Filter{}) {
		proof, err := tr.Prove(tr.ctx, tr.db.Pool.Read(tr.ctx), audit.ByID{ID: entry.ID})
		if err != nil || !proof.Valid || entry.LeafIndex == nil || *entry.LeafIndex != proof.LeafIndex {
			t.Errorf("%s: %+v, %v", entry.ID, proof, err)
		}
	}
	old := one[uuid.UUID](t, conn, `SELECT event_id FROM audit.entry WHERE event_id IS NOT NULL LIMIT 1`)
	change(t, conn, 1, `UPDATE events.event SET origin = '' WHERE id = $1`, old)
	if got := found(tr.verify()); got["event "+old.String()] == "" {
		t.Errorf("an event of the earlier version altered: named %v", got)
	}
}

// A tree that was repaired is carried on from where it broke off, and nothing was lost meanwhile.
func TestARepairedTreeCatchesUp(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(1)
	conn := tr.tamper()
	change(t, conn, 1, `CREATE TABLE kept AS SELECT * FROM audit.batch`)
	change(t, conn, 1, `UPDATE audit.batch SET `+flip("hashes", 14*32))
	for range 3 {
		tr.move(uuid.New())
		tr.seal()
	}
	if mine := tr.list(tr.ctx, audit.Filter{ActorID: tr.scope.UserID}); len(mine) != 11 || mine[0].LeafIndex != nil {
		t.Errorf("found %d while the tree is broken", len(mine))
	}
	if got := found(tr.verify()); len(got) != 1 {
		t.Errorf("named %v", got)
	}
	change(t, conn, 1, `DELETE FROM audit.batch`)
	change(t, conn, 1, `INSERT INTO audit.batch SELECT * FROM kept`)
	tr.db.Clock.Advance(time.Hour)
	tr.move(uuid.New())
	tr.seal()
	if r := tr.verify(); !r.OK || r.TreeSize != 12 || r.Unsealed != 0 {
		t.Errorf("after the repair: %+v", r)
	}
	tr.move(uuid.New())
	tr.seal()
	if r := tr.verify(); !r.OK || r.TreeSize != 13 {
		t.Errorf("carried on: %+v", r)
	}
	if behind := one[int](t, conn, `SELECT cardinality(behind) FROM audit.sealer`); behind != 0 {
		t.Errorf("%d trees are behind", behind)
	}
}

// What is asked for by anything that a record is about is found before and after the sealer has seen it.
func TestFoundBeforeAndAfterSealing(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	patientID, other := uuid.New(), uuid.New()
	tr.move(patientID)
	tr.look(patientID, other)
	for range 2 {
		for name, c := range map[string]struct {
			filter audit.Filter
			want   int
		}{
			"patient": {audit.Filter{PatientID: patientID}, 2}, "another": {audit.Filter{PatientID: other}, 1},
			"actor": {audit.Filter{ActorID: tr.scope.UserID}, 2}, "all": {audit.Filter{}, 2}, "facility itself": {audit.Filter{EntityID: tr.scope.FacilityID}, 0},
		} {
			if got := tr.list(tr.ctx, c.filter); len(got) != c.want {
				t.Errorf("by %s: %d, want %d", name, len(got), c.want)
			}
		}
		page, err := tr.List(tr.ctx, tr.db.Pool.Read(tr.ctx), audit.ListInput{PageParams: httpx.PageParams{Limit: 1}})
		if err != nil || len(page.Results) != 1 || page.Next == nil {
			t.Errorf("a page: %+v, %v", page, err)
		}
		tr.seal()
	}
}
