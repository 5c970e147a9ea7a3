package audit_test

import (
	"context"
	"fmt"
	"strings"
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
	editing(t, tr, conn, func(rt *rapid.T, rows []leafRow, i int) (sql string, args []any, named func(map[string]string) bool) {
		row := rows[i]
		last := rows[row.First+7]
		args = []any{row.First}
		// Of a batch whose shape was changed any of its leaves may be named, and nothing else.
		ofBatch := func(found map[string]string) bool {
			allowed := map[string]bool{fmt.Sprintf("leaf %d-%d", row.First, row.First+7): true}
			for _, each := range rows[row.First : row.First+8] {
				allowed["leaf "+each.EntryID.String()] = true
			}
			for name := range found {
				if !allowed[name] {
					return false
				}
			}
			return len(found) > 0
		}
		at := rapid.IntRange(0, 31).Draw(rt, "byte")
		switch rapid.SampledFrom([]string{"leaf hash", "completed hash", "record id", "event hashes", "shortened", "lengthened", "ids shortened", "ids lengthened", "moved", "deleted"}).Draw(rt, "batch edit") {
		case "leaf hash":
			return `UPDATE audit.batch SET ` + flip("hashes", row.Offset+at) + ` WHERE first_leaf = $1`, args, only("leaf " + row.EntryID.String())
		case "completed hash":
			return `UPDATE audit.batch SET ` + flip("hashes", row.Offset+len(row.Hashes)-1-at) + ` WHERE first_leaf = $1`, args, only("leaf " + row.EntryID.String())
		case "record id":
			return `UPDATE audit.batch SET ` + flip("record_ids", int(row.LeafIndex-row.First)*16+at/2) + ` WHERE first_leaf = $1`, args, only("leaf " + row.EntryID.String())
		case "event hashes":
			return `UPDATE audit.batch SET event_hashes = decode(repeat('ab', length(record_ids) * 2), 'hex') WHERE first_leaf = $1`, args, ofBatch
		case "shortened":
			return `UPDATE audit.batch SET hashes = substring(hashes FOR length(hashes) - 32) WHERE first_leaf = $1`, args, only("leaf " + last.EntryID.String())
		case "lengthened":
			return `UPDATE audit.batch SET hashes = hashes || sha256('') WHERE first_leaf = $1`, args, only("leaf " + last.EntryID.String())
		case "ids shortened":
			return `UPDATE audit.batch SET record_ids = substring(record_ids FOR length(record_ids) - 16) WHERE first_leaf = $1`, args, ofBatch
		case "ids lengthened":
			return `UPDATE audit.batch SET record_ids = record_ids || uuid_send(gen_random_uuid()) WHERE first_leaf = $1`, args, func(found map[string]string) bool { return len(found) > 0 }
		case "moved":
			return `UPDATE audit.batch SET first_leaf = first_leaf + 5000 WHERE first_leaf = $1`, args, ofBatch
		default:
			return `DELETE FROM audit.batch WHERE first_leaf = $1`, args, ofBatch
		}
	})
}

// The same of what an earlier version sealed: copies of events, and a row for each leaf.
func TestAnySingleEditOfAnEarlierTrailIsFoundAlone(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.earlier = true
	tr.mixture(6)
	if r := tr.verify(); !r.OK || r.TreeSize != 48 {
		t.Fatalf("untouched: %+v", r)
	}
	conn := tr.tamper()
	editing(t, tr, conn, func(rt *rapid.T, rows []leafRow, i int) (sql string, args []any, named func(map[string]string) bool) {
		row := rows[i]
		args, named = []any{row.EntryID}, only("leaf "+row.EntryID.String())
		at := rapid.IntRange(0, 31).Draw(rt, "byte")
		switch rapid.SampledFrom([]string{"leaf hash", "completed hash", "shortened", "lengthened", "event hash", "of another entry", "moved away", "deleted", "event altered"}).Draw(rt, "leaf edit") {
		case "leaf hash":
			return `UPDATE audit.leaf SET ` + flip("hashes", at) + ` WHERE entry_id = $1`, args, named
		case "completed hash":
			return `UPDATE audit.leaf SET ` + flip("hashes", len(row.Hashes)-1-at) + ` WHERE entry_id = $1`, args, named
		case "shortened":
			if len(row.Hashes) == 32 {
				rt.Skip("has only its own")
			}
			return `UPDATE audit.leaf SET hashes = substring(hashes FOR 32) WHERE entry_id = $1`, args, named
		case "lengthened":
			return `UPDATE audit.leaf SET hashes = hashes || sha256('') WHERE entry_id = $1`, args, named
		case "event hash":
			return `UPDATE audit.leaf SET event_hash = sha256('') WHERE entry_id = $1`, args, named
		case "of another entry":
			return `UPDATE audit.leaf SET entry_id = gen_random_uuid() WHERE entry_id = $1`, args, named
		case "moved away":
			return `UPDATE audit.leaf SET leaf_index = leaf_index + 5000 WHERE entry_id = $1`, args, named
		case "deleted":
			return `DELETE FROM audit.leaf WHERE entry_id = $1`, args, named
		default:
			var eventID *uuid.UUID
			if err := conn.QueryRow(context.Background(), `SELECT event_id FROM audit.entry WHERE id = $1`, row.EntryID).Scan(&eventID); err != nil {
				rt.Fatal(err)
			}
			if eventID == nil {
				rt.Skip("has none")
			}
			set := rapid.SampledFrom([]string{"occurred_at = 'infinity'", "name = 'a.b.v1'", "payload = '{}'"}).Draw(rt, "event column")
			return `UPDATE events.event SET ` + set + ` WHERE id = $1`, []any{eventID}, only("event " + eventID.String())
		}
	})
}

// only accepts that this row is named alone.
func only(want string) func(map[string]string) bool {
	return func(found map[string]string) bool { return len(found) == 1 && found[want] != "" }
}

// editing commits single edits of records, of what stores the tree (as drawn by ofTree) and of seals, looks at each, and
// undoes it from a copy.
func editing(t *testing.T, tr *trail, conn *pgx.Conn, ofTree func(*rapid.T, []leafRow, int) (string, []any, func(map[string]string) bool)) {
	rows, ctx, restore := leaves(t, conn, tr.scope.TenantID), context.Background(), keep(t, conn)
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, len(rows)-1).Draw(rt, "leaf")
		size := rapid.IntRange(1, 6).Draw(rt, "seal") * 8
		at := rapid.IntRange(0, 31).Draw(rt, "byte")
		var sql string
		var args []any
		var named func(map[string]string) bool
		switch rapid.SampledFrom([]string{"record", "tree", "tree", "seal", "sealer"}).Draw(rt, "what") {
		case "record":
			table := tableOf(t, conn, rows[i].EntryID)
			columns := []string{"origin = origin || '.'", "actor_id = gen_random_uuid()", "xid = '3'", "xid = '99999999999'",
				"facility_id = gen_random_uuid()", "encounter_id = gen_random_uuid()"}
			if table == "audit.entry" {
				columns = append(columns, "at = at + interval '1 day'", "code = 'a.b'", "event_id = gen_random_uuid()")
			} else {
				columns = append(columns, "occurred_at = occurred_at + interval '1 day'", "occurred_at = '-infinity'", "name = 'a.b.v1'", "payload = '{}'", "origin = NULL")
			}
			sql = rapid.SampledFrom([]string{`DELETE FROM ` + table, `UPDATE ` + table + ` SET id = gen_random_uuid()`,
				`UPDATE ` + table + ` SET ` + rapid.SampledFrom(columns).Draw(rt, "column")}).Draw(rt, "edit") + ` WHERE id = $1`
			args, named = []any{rows[i].EntryID}, only("entry "+rows[i].EntryID.String())
		case "tree":
			sql, args, named = ofTree(rt, rows, i)
		case "seal":
			args = []any{size}
			set := rapid.SampledFrom([]string{"sealed_at = sealed_at + interval '1 second'", "tree_size = tree_size + 3", "tree_size = tree_size - 3", "tree_size = tree_size + 1000",
				"last_xid = '5'", "last_entry_id = gen_random_uuid()", flip("root_hash", at), flip("signature", at*2), flip("previous_hash", at), ""}).Draw(rt, "seal edit")
			if sql, named = `UPDATE audit.seal SET `+set+` WHERE tree_size = $1`, nil; set == "" {
				sql, named = `DELETE FROM audit.seal WHERE tree_size = $1`, only(fmt.Sprintf("seal %d", size-8))
			}
		default:
			// Taken back, the sealer goes over everything again and finds it there.
			sql, args, named = `UPDATE audit.sealer SET xid = '0'`, nil, func(found map[string]string) bool { return len(found) == 0 }
		}
		table := strings.Fields(strings.NewReplacer("DELETE FROM ", "", "UPDATE ", "").Replace(sql))[0]
		tag, err := conn.Exec(ctx, sql, args...)
		if err != nil || tag.RowsAffected() != 1 {
			rt.Fatalf("%s: %v, %v", sql, tag, err)
		}
		if named == nil {
			// Under what size the altered seal now stands, it is named.
			var now int64
			if err := conn.QueryRow(ctx, `SELECT s.tree_size FROM audit.seal s WHERE NOT EXISTS (SELECT FROM kept_seal k WHERE k = s)`).Scan(&now); err != nil {
				rt.Fatal(err)
			}
			named = only(fmt.Sprintf("seal %d", now))
		}
		r, err := audit.VerifyTenant(ctx, tr.db.Pool, testkit.Secret, tr.scope.TenantID, nil)
		restore(table)
		if err != nil {
			rt.Fatal(err)
		}
		if got := found(r); !named(got) {
			rt.Fatalf("%s %v: named %v", sql, args, got)
		}
	})
}

// keep copies the tables and gives what puts one of them back.
func keep(t *testing.T, conn *pgx.Conn) (restore func(table string)) {
	t.Helper()
	run := func(sql string) {
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	kept := func(table string) string { return "kept_" + table[strings.Index(table, ".")+1:] }
	for _, table := range []string{"audit.entry", "audit.leaf", "audit.batch", "audit.seal", "audit.sealer", "events.event"} {
		run("CREATE TEMP TABLE " + kept(table) + " AS SELECT * FROM " + table)
	}
	return func(table string) {
		run("DELETE FROM " + table)
		run("INSERT INTO " + table + " SELECT * FROM " + kept(table))
	}
}
