package audit_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
)

// Any single edit of any sealed row is found, and no other row is accused.
func TestAnySingleEditIsFoundAlone(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(6)
	conn := tr.tamper()
	tenant := tr.scope.TenantID
	rows := leaves(t, conn, tenant)
	entry := func(i int) string { return "entry " + rows[i].EntryID.String() }
	leaf := func(i int) string { return "leaf " + rows[i].EntryID.String() }
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, len(rows)-1).Draw(rt, "leaf")
		size := rapid.IntRange(1, 6).Draw(rt, "seal") * 8
		at := rapid.IntRange(0, 31).Draw(rt, "byte")
		kind := rapid.SampledFrom([]string{"entry altered", "entry deleted", "entry renamed", "leaf hash", "leaf completed hash", "leaf shortened", "leaf lengthened",
			"leaf event hash", "leaf of another entry", "leaf moved away", "leaf deleted", "event altered", "seal altered", "seal root", "seal signature", "seal chain", "seal deleted"}).Draw(rt, "kind")
		column := rapid.SampledFrom([]string{"at = at + interval '1 day'", "origin = origin || '.'", "actor_id = gen_random_uuid()", "code = 'a.b'",
			"xid = '3'", "xid = '99999999999'", "facility_id = gen_random_uuid()", "encounter_id = gen_random_uuid()", "event_id = gen_random_uuid()"}).Draw(rt, "column")
		seal := rapid.SampledFrom([]string{"sealed_at = sealed_at + interval '1 second'", "tree_size = tree_size + 3", "tree_size = tree_size - 3", "tree_size = tree_size + 1000",
			"last_xid = '5'", "last_entry_id = gen_random_uuid()"}).Draw(rt, "seal column")
		flip := func(column string, at int) string {
			return fmt.Sprintf("%s = set_byte(%s, %d, get_byte(%s, %d) # 1)", column, column, at, column, at)
		}
		var sql, want string
		args := []any{rows[i].EntryID}
		ofSeal := []any{size}
		switch kind {
		case "entry altered":
			sql, want = `UPDATE audit.entry SET `+column+` WHERE id = $1`, entry(i)
		case "entry deleted":
			sql, want = `DELETE FROM audit.entry WHERE id = $1`, entry(i)
		case "entry renamed":
			sql, want = `UPDATE audit.entry SET id = gen_random_uuid() WHERE id = $1`, entry(i)
		case "leaf hash":
			sql, want = `UPDATE audit.leaf SET `+flip("hashes", at)+` WHERE entry_id = $1`, leaf(i)
		case "leaf completed hash":
			sql, want = `UPDATE audit.leaf SET `+flip("hashes", len(rows[i].Hashes)-1-at)+` WHERE entry_id = $1`, leaf(i)
		case "leaf shortened":
			if len(rows[i].Hashes) == 32 {
				rt.Skip("has only its own")
			}
			sql, want = `UPDATE audit.leaf SET hashes = substring(hashes FOR 32) WHERE entry_id = $1`, leaf(i)
		case "leaf lengthened":
			sql, want = `UPDATE audit.leaf SET hashes = hashes || sha256('') WHERE entry_id = $1`, leaf(i)
		case "leaf event hash":
			sql, want = `UPDATE audit.leaf SET event_hash = sha256('') WHERE entry_id = $1`, leaf(i)
		case "leaf of another entry":
			sql, want = `UPDATE audit.leaf SET entry_id = gen_random_uuid() WHERE entry_id = $1`, leaf(i)
		case "leaf moved away":
			sql, want = `UPDATE audit.leaf SET leaf_index = leaf_index + 5000 WHERE entry_id = $1`, leaf(i)
		case "leaf deleted":
			sql, want = `DELETE FROM audit.leaf WHERE entry_id = $1`, leaf(i)
		case "event altered":
			var eventID *uuid.UUID
			if err := conn.QueryRow(ctx, `SELECT event_id FROM audit.entry WHERE id = $1`, rows[i].EntryID).Scan(&eventID); err != nil {
				rt.Fatal(err)
			}
			if eventID == nil {
				rt.Skip("has none")
			}
			sql, want, args = `UPDATE events.event SET occurred_at = 'infinity' WHERE id = $1`, "event "+eventID.String(), []any{eventID}
		case "seal altered":
			sql, args = `UPDATE audit.seal SET `+seal+` WHERE tree_size = $1`, ofSeal
		case "seal root":
			sql, args = `UPDATE audit.seal SET `+flip("root_hash", at)+` WHERE tree_size = $1`, ofSeal
		case "seal signature":
			sql, args = `UPDATE audit.seal SET `+flip("signature", at*2)+` WHERE tree_size = $1`, ofSeal
		case "seal chain":
			sql, args = `UPDATE audit.seal SET `+flip("previous_hash", at)+` WHERE tree_size = $1`, ofSeal
		case "seal deleted":
			sql, args, want = `DELETE FROM audit.seal WHERE tree_size = $1`, ofSeal, fmt.Sprintf("seal %d", size-8)
		}
		// The superuser's edit is committed, looked at, and undone from a copy.
		restore := keep(rt, conn)
		tag, err := conn.Exec(ctx, sql, args...)
		if err != nil || tag.RowsAffected() != 1 {
			rt.Fatalf("%s: %v, %v", sql, tag, err)
		}
		if want == "" {
			// Under what size the altered seal now stands, it is named.
			var now int64
			if err := conn.QueryRow(ctx, `SELECT s.tree_size FROM audit.seal s WHERE NOT EXISTS (SELECT FROM kept_seal k WHERE k = s)`).Scan(&now); err != nil {
				rt.Fatal(err)
			}
			want = fmt.Sprintf("seal %d", now)
		}
		r, err := audit.VerifyTenant(ctx, tr.db.Pool, testkit.Secret, tenant, nil)
		restore()
		if err != nil {
			rt.Fatal(err)
		}
		if got := found(r); len(got) != 1 || got[want] == "" {
			rt.Fatalf("%s %v: named %v, want %s", sql, args, got, want)
		}
	})
}

// keep copies the tables and gives what puts them back.
func keep(t *rapid.T, conn *pgx.Conn) (restore func()) {
	tables := map[string]string{"kept_entry": "audit.entry", "kept_leaf": "audit.leaf", "kept_seal": "audit.seal", "kept_event": "events.event"}
	run := func(sql string) {
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	for kept, table := range tables {
		run("CREATE TEMP TABLE " + kept + " AS SELECT * FROM " + table)
	}
	return func() {
		for kept, table := range tables {
			run("DELETE FROM " + table)
			run("INSERT INTO " + table + " SELECT * FROM " + kept)
			run("DROP TABLE " + kept)
		}
	}
}
