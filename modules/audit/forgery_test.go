package audit_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/modules/audit"
)

// rewrite changes an entry as somebody would who knows how leaves are made: it is resealed in a database of its own,
// and the leaf's hash, or all hashes of the tree, are taken over.
func rewrite(t *testing.T, tr *trail, conn *pgx.Conn, index int64, tree bool) {
	t.Helper()
	row := leaves(t, conn, tr.scope.TenantID)[index]
	change(t, conn, 1, `UPDATE `+tableOf(t, conn, row.EntryID)+` SET origin = '203.0.113.66' WHERE id = $1`, row.EntryID)
	change(t, conn, 5, `CREATE TEMP TABLE kept_batch AS SELECT * FROM audit.batch`)
	change(t, conn, 5, `CREATE TEMP TABLE kept_seal AS SELECT * FROM audit.seal`)
	change(t, conn, 5, `DELETE FROM audit.batch`)
	change(t, conn, 5, `DELETE FROM audit.seal`)
	resealing(t, tr, conn)
	made := leaves(t, conn, tr.scope.TenantID)
	change(t, conn, 1, `DELETE FROM audit.seal`)
	change(t, conn, 5, `INSERT INTO audit.seal SELECT * FROM kept_seal`)
	change(t, conn, 1, `DELETE FROM audit.batch`)
	change(t, conn, 5, `INSERT INTO audit.batch SELECT * FROM kept_batch`)
	for _, m := range made {
		// Its own hash only, or all that depends on it.
		size := 32
		if tree {
			size = len(m.Hashes)
		} else if m.LeafIndex != index {
			continue
		}
		batch := m.LeafIndex / 8 * 8
		kept := leaves(t, conn, tr.scope.TenantID)[m.LeafIndex]
		change(t, conn, 1, `UPDATE audit.batch SET hashes = overlay(hashes PLACING $1 FROM $2) WHERE first_leaf = $3`, m.Hashes[:size], kept.Offset+1, batch)
	}
}

// resealing has everything sealed anew.
func resealing(t *testing.T, tr *trail, conn *pgx.Conn) {
	t.Helper()
	change(t, conn, 1, `UPDATE audit.sealer SET xid = '0'`)
	tr.seal()
}

// forgeSeals gives the seals from a size on the roots of the tree as it is now, and signs them with another key.
func forgeSeals(t *testing.T, tr *trail, conn *pgx.Conn, from int64) {
	t.Helper()
	forger := newTrailOn(t, tr, []byte("a secret that somebody made up"))
	sizes := []int64{8, 16, 24, 32, 40}
	change(t, conn, int64(len(sizes)), `CREATE TEMP TABLE genuine AS SELECT * FROM audit.seal`)
	change(t, conn, 40, `CREATE TEMP TABLE every_record AS SELECT * FROM audit.record`)
	entries, events := one[int64](t, conn, `SELECT count(*) FROM audit.entry`), one[int64](t, conn, `SELECT count(*) FROM events.event`)
	change(t, conn, entries, `CREATE TEMP TABLE every_entry AS SELECT * FROM audit.entry`)
	change(t, conn, events, `CREATE TEMP TABLE every_event AS SELECT * FROM events.event`)
	change(t, conn, 5, `DELETE FROM audit.seal`)
	change(t, conn, 5, `DELETE FROM audit.batch`)
	change(t, conn, entries, `DELETE FROM audit.entry`)
	change(t, conn, events, `DELETE FROM events.event`)
	for i := range sizes {
		for table, every := range map[string]string{"audit.entry": "every_entry", "events.event": "every_event"} {
			_, err := conn.Exec(context.Background(), `INSERT INTO `+table+` SELECT * FROM `+every+` WHERE id IN (SELECT id FROM every_record ORDER BY xid, id LIMIT 8 OFFSET $1)`, i*8)
			if err != nil {
				t.Fatal(err)
			}
		}
		resealing(t, forger, conn)
	}
	for _, size := range sizes {
		if size < from {
			change(t, conn, 1, `DELETE FROM audit.seal WHERE tree_size = $1`, size)
			change(t, conn, 1, `INSERT INTO audit.seal SELECT * FROM genuine WHERE tree_size = $1`, size)
		}
	}
}

// newTrailOn is another installation on the same database.
func newTrailOn(t *testing.T, tr *trail, secret []byte) *trail {
	t.Helper()
	other := *tr
	other.Module = audit.New(audit.Deps{Bus: tr.bus, Pool: tr.db.Pool, Journal: tr.journal, Secret: secret, Users: people{}})
	return &other
}
