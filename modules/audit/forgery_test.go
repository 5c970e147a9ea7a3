package audit_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/modules/audit"
)

// rewrite changes an entry as somebody would who knows how leaves are made: it is resealed in a database of its own,
// and the leaf's hash, or all hashes of the tree, are taken over.
func rewrite(t *testing.T, tr *trail, conn *pgx.Conn, index int64, tree bool) {
	t.Helper()
	change(t, conn, 1, `UPDATE audit.entry SET origin = '203.0.113.66' WHERE id = (SELECT entry_id FROM audit.leaf WHERE leaf_index = $1)`, index)
	change(t, conn, int64(len(leaves(t, conn, tr.scope.TenantID))), `CREATE TEMP TABLE kept_leaf AS SELECT * FROM audit.leaf`)
	change(t, conn, 5, `CREATE TEMP TABLE kept_seal AS SELECT * FROM audit.seal`)
	change(t, conn, 40, `DELETE FROM audit.leaf`)
	change(t, conn, 5, `DELETE FROM audit.seal`)
	tr.seal()
	change(t, conn, 40, `CREATE TEMP TABLE made_leaf AS SELECT * FROM audit.leaf`)
	change(t, conn, 1, `DELETE FROM audit.seal`)
	change(t, conn, 5, `INSERT INTO audit.seal SELECT * FROM kept_seal`)
	if tree {
		return
	}
	change(t, conn, 40, `DELETE FROM audit.leaf`)
	change(t, conn, 40, `INSERT INTO audit.leaf SELECT * FROM kept_leaf`)
	change(t, conn, 1, `UPDATE audit.leaf l SET hashes = substring(m.hashes FOR 32) || substring(l.hashes FROM 33) FROM made_leaf m WHERE m.leaf_index = l.leaf_index AND l.leaf_index = $1`, index)
}

// forgeSeals gives the seals from a size on the roots of the tree as it is now, and signs them with another key.
func forgeSeals(t *testing.T, tr *trail, conn *pgx.Conn, from int64) {
	t.Helper()
	forger := newTrailOn(t, tr, []byte("a secret that somebody made up"))
	sizes := []int64{8, 16, 24, 32, 40}
	change(t, conn, int64(len(sizes)), `CREATE TEMP TABLE genuine AS SELECT * FROM audit.seal`)
	change(t, conn, 40, `CREATE TEMP TABLE every_entry AS SELECT e.* FROM audit.entry e`)
	change(t, conn, 5, `DELETE FROM audit.seal`)
	change(t, conn, 40, `DELETE FROM audit.leaf`)
	change(t, conn, 40, `DELETE FROM audit.entry`)
	for i := range sizes {
		change(t, conn, 8, `INSERT INTO audit.entry SELECT * FROM every_entry ORDER BY xid, id LIMIT 8 OFFSET $1`, i*8)
		forger.seal()
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
