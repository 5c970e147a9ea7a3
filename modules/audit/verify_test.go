package audit_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/audit/auditapi"
)

var signInOfNobody = auditapi.Entry{Code: auditapi.SignInFailed, Outcome: auditapi.Failed, Detail: map[string]any{"reason": "unknown"}}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if e := errs.Of(err); e == nil || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func hash(t testing.TB, text string) tlog.Hash {
	t.Helper()
	h, err := tlog.ParseHash(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func found(r audit.Report) map[string]string {
	broken := map[string]string{}
	for _, b := range r.Broken {
		broken[b.What+" "+b.ID] = b.Reason
	}
	return broken
}

// wantBroken checks that exactly these rows are named.
func wantBroken(t testing.TB, r audit.Report, want ...string) {
	t.Helper()
	got := slices.Sorted(maps.Keys(found(r)))
	slices.Sort(want)
	if r.OK || !slices.Equal(got, want) {
		t.Errorf("named %v\nwant  %v\n%v", got, want, found(r))
	}
}

func TestAnUntouchedTrailIsFine(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	if r := tr.verify(); !r.OK || r.TreeSize != 0 || r.SealedUntil != nil || r.Broken == nil {
		t.Errorf("empty: %+v", r)
	}
	tr.mixture(5)
	tr.move(uuid.New())
	if r := tr.verify(); !r.OK || r.TreeSize != 40 || r.Unsealed != 1 || r.SealedUntil == nil {
		t.Errorf("filled: %+v", r)
	}
}

// Every column of an entry, as the superuser would change it.
func TestEveryColumnOfAnEntryIsSealed(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(3)
	conn := tr.tamper()
	rows := leaves(t, conn, tr.scope.TenantID)
	moved, listed := rows[8].EntryID.String(), rows[11].EntryID.String()
	for _, c := range []struct{ column, value, entry string }{
		{"xid", "(xid::text::bigint - 1)::text::xid8", moved},
		{"at", "at - interval '1 microsecond'", moved},
		{"facility_id", "NULL", moved},
		{"facility_id", "gen_random_uuid()", moved},
		{"actor_id", "gen_random_uuid()", moved},
		{"actor_id", "NULL", moved},
		{"code", "'wards.bed_removed'", moved},
		{"entity_type", "''", moved},
		{"entity_id", "gen_random_uuid()", moved},
		{"patient_id", "NULL", moved},
		{"encounter_id", "gen_random_uuid()", moved},
		{"outcome", "'refused'", moved},
		{"request_id", "'r'", moved},
		{"origin", "'203.0.113.9'", moved},
		{"event_id", "NULL", moved},
		{"detail", `'{}'`, moved},
		{"detail", `'{"operation":"get-api-patients" }'`, listed},
	} {
		t.Run(c.column, func(t *testing.T) {
			before := one[string](t, conn, `SELECT json_build_array(`+c.column+`)::text FROM audit.entry WHERE id = $1`, c.entry)
			change(t, conn, 1, `CREATE TEMP TABLE kept AS SELECT * FROM audit.entry WHERE id = '`+c.entry+`'`)
			change(t, conn, 1, `UPDATE audit.entry SET `+c.column+` = `+c.value+` WHERE id = $1`, c.entry)
			if after := one[string](t, conn, `SELECT json_build_array(`+c.column+`)::text FROM audit.entry WHERE id = $1`, c.entry); after == before {
				t.Fatalf("nothing changed: %s", after)
			}
			wantBroken(t, tr.verify(), "entry "+c.entry)
			change(t, conn, 1, `DELETE FROM audit.entry WHERE id = $1`, c.entry)
			change(t, conn, 1, `INSERT INTO audit.entry SELECT * FROM kept`)
			change(t, conn, 0, `DROP TABLE kept`)
		})
	}
	if r := tr.verify(); !r.OK {
		t.Errorf("restored, and still %+v", r.Broken)
	}
}

// What a superuser could do, and what is named for it. Entries, events and seals are numbered from 0.
func TestTamperingIsNamed(t *testing.T) {
	t.Parallel()
	type world struct {
		*trail
		conn  *pgx.Conn
		rows  []leafRow
		entry func(i int) string
		event func(i int) string
	}
	for name, c := range map[string]struct {
		do   func(t *testing.T, w world)
		want func(w world) []string
	}{
		"an entry deleted": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM audit.entry WHERE id = $1`, w.rows[9].EntryID)
			},
			func(w world) []string { return []string{w.entry(9)} },
		},
		"an entry and its leaf deleted": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM audit.entry WHERE id = $1`, w.rows[9].EntryID)
				change(t, w.conn, 1, `DELETE FROM audit.leaf WHERE entry_id = $1`, w.rows[9].EntryID)
			},
			func(world) []string { return []string{"leaf 9"} },
		},
		"a leaf deleted": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM audit.leaf WHERE entry_id = $1`, w.rows[9].EntryID)
			},
			func(w world) []string { return []string{"leaf " + w.rows[9].EntryID.String()} },
		},
		"an entry put in with an old place": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `INSERT INTO audit.entry (tenant_id, id, xid, at, code, outcome)
					SELECT tenant_id, '018f0000-0000-7000-8000-00000000beef', xid, at - interval '1 hour', 'iam.signed_in', 'ok' FROM audit.entry WHERE id = $1`, w.rows[9].EntryID)
			},
			func(world) []string { return []string{"entry 018f0000-0000-7000-8000-00000000beef"} },
		},
		"an entry rewritten with its leaf": {
			func(t *testing.T, w world) { rewrite(t, w.trail, w.conn, 9, false) },
			// Which of the two below the first unchanged hash cannot be told.
			func(w world) []string { return []string{w.entry(8), w.entry(9)} },
		},
		"an entry rewritten with the whole tree": {
			func(t *testing.T, w world) { rewrite(t, w.trail, w.conn, 9, true) },
			// Its own seal still has the old root, and the one before fits.
			func(w world) (want []string) {
				for i := 8; i < 16; i++ {
					want = append(want, w.entry(i))
				}
				return want
			},
		},
		"an entry rewritten with the tree and seals, without the key": {
			func(t *testing.T, w world) {
				rewrite(t, w.trail, w.conn, 9, true)
				forgeSeals(t, w.trail, w.conn, 16)
			},
			func(world) []string { return []string{"seal 16", "seal 24", "seal 32", "seal 40"} },
		},
		"an event altered": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `UPDATE events.event SET payload = payload || '{"floor": 4}' WHERE id = (SELECT event_id FROM audit.entry WHERE id = $1)`, w.rows[9].EntryID)
			},
			func(w world) []string { return []string{w.event(9)} },
		},
		"an event deleted": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM events.event WHERE id = (SELECT event_id FROM audit.entry WHERE id = $1)`, w.rows[9].EntryID)
			},
			func(w world) []string {
				return []string{"event " + one[uuid.UUID](w.t, w.conn, `SELECT event_id FROM audit.entry WHERE id = $1`, w.rows[9].EntryID).String()}
			},
		},
		"a patient taken out of what finds a list": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM audit.entry_patient WHERE (entry_id, patient_id) IN (SELECT entry_id, patient_id FROM audit.entry_patient WHERE entry_id = $1 LIMIT 1)`, w.rows[11].EntryID)
			},
			func(w world) []string { return []string{w.entry(11)} },
		},
		"two leaves exchanged": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `UPDATE audit.leaf SET leaf_index = 1000 WHERE entry_id = $1`, w.rows[9].EntryID)
				change(t, w.conn, 1, `UPDATE audit.leaf SET leaf_index = 9 WHERE entry_id = $1`, w.rows[10].EntryID)
				change(t, w.conn, 1, `UPDATE audit.leaf SET leaf_index = 10 WHERE entry_id = $1`, w.rows[9].EntryID)
			},
			nil, // checked below: both are named, among others
		},
		"the end of the tree cut off": {
			func(t *testing.T, w world) {
				change(t, w.conn, 3, `DELETE FROM audit.entry WHERE id = ANY($1)`, []uuid.UUID{w.rows[37].EntryID, w.rows[38].EntryID, w.rows[39].EntryID})
				change(t, w.conn, 3, `DELETE FROM audit.leaf WHERE leaf_index >= 37`)
			},
			func(world) []string { return []string{"leaf 37-39"} },
		},
		"the newest seal deleted": {
			func(t *testing.T, w world) { change(t, w.conn, 1, `DELETE FROM audit.seal WHERE tree_size = 40`) },
			func(world) []string { return []string{"seal 32"} },
		},
		"a seal between deleted": {
			func(t *testing.T, w world) { change(t, w.conn, 1, `DELETE FROM audit.seal WHERE tree_size = 24`) },
			func(world) []string { return []string{"seal 16"} },
		},
		"the first seal deleted": {
			func(t *testing.T, w world) { change(t, w.conn, 1, `DELETE FROM audit.seal WHERE tree_size = 8`) },
			func(world) []string { return []string{"seal 0"} },
		},
		"all seals deleted": {
			func(t *testing.T, w world) { change(t, w.conn, 5, `DELETE FROM audit.seal`) },
			func(world) []string { return []string{"seal 0"} },
		},
		"a seal that was never made": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `INSERT INTO audit.seal SELECT tenant_id, 1000000, root_hash, sealed_at, last_xid, last_entry_id, previous_hash, signature FROM audit.seal WHERE tree_size = 40`)
			},
			func(world) []string { return []string{"seal 1000000"} },
		},
		"three rows in different places": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `UPDATE audit.entry SET origin = 'x' WHERE id = $1`, w.rows[3].EntryID)
				change(t, w.conn, 1, `UPDATE audit.leaf SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) WHERE leaf_index = 12`)
				change(t, w.conn, 1, `UPDATE audit.leaf SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) WHERE leaf_index = 31`)
			},
			func(w world) []string {
				return []string{w.entry(3), "leaf " + w.rows[12].EntryID.String(), "leaf " + w.rows[31].EntryID.String()}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrail(t)
			tr.mixture(5)
			conn := tr.tamper()
			w := world{trail: tr, conn: conn, rows: leaves(t, conn, tr.scope.TenantID)}
			w.entry = func(i int) string { return "entry " + w.rows[i].EntryID.String() }
			w.event = func(i int) string {
				return "event " + one[uuid.UUID](t, conn, `SELECT event_id FROM audit.entry WHERE id = $1`, w.rows[i].EntryID).String()
			}
			c.do(t, w)
			r := tr.verify()
			if c.want != nil {
				wantBroken(t, r, c.want(w)...)
			} else if broken := fmt.Sprint(found(r)); r.OK || !contains(broken, w.rows[9].EntryID, w.rows[10].EntryID) {
				t.Errorf("named %s", broken)
			}
		})
	}
}

func contains(text string, ids ...uuid.UUID) bool {
	for _, each := range ids {
		if !slices.Contains(idsIn(text), each) {
			return false
		}
	}
	return true
}

func idsIn(text string) (ids []uuid.UUID) {
	for i := 0; i+36 <= len(text); i++ {
		if parsed, err := uuid.Parse(text[i : i+36]); err == nil {
			ids = append(ids, parsed)
		}
	}
	return ids
}

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

// A trail taken back as a whole to an earlier seal contradicts itself nowhere; only a noted seal tells.
func TestOnlyANotedSealTellsOfATrailTakenBack(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(5)
	noted := audit.Noted{TreeSize: 40, RootHash: hash(t, tr.verify().RootHash)}
	conn := tr.tamper()
	change(t, conn, 12, `DELETE FROM audit.entry_patient WHERE entry_id IN (SELECT entry_id FROM audit.leaf WHERE leaf_index >= 8)`)
	change(t, conn, 32, `DELETE FROM audit.entry WHERE id IN (SELECT entry_id FROM audit.leaf WHERE leaf_index >= 8)`)
	change(t, conn, 32, `DELETE FROM audit.leaf WHERE leaf_index >= 8`)
	change(t, conn, 4, `DELETE FROM audit.seal WHERE tree_size > 8`)
	if r := tr.verify(); !r.OK {
		t.Fatalf("taken back: %+v", r)
	}
	check := func() audit.Report {
		r, err := audit.VerifyTenant(context.Background(), tr.db.Pool, testkit.Secret, tr.scope.TenantID, &noted)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	wantBroken(t, check(), "seal 40")
	tr.mixture(6)
	wantBroken(t, check(), "seal 40")
	noted.TreeSize, noted.RootHash = 56, hash(t, tr.verify().RootHash)
	if r := check(); !r.OK {
		t.Errorf("a seal that is there: %+v", r)
	}
}

// Nothing is signed on top of a tree that was changed.
func TestSealingStopsOnABrokenTree(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"its edge":        `UPDATE audit.leaf SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) WHERE leaf_index = 8`,
		"its newest seal": `UPDATE audit.seal SET sealed_at = sealed_at - interval '1 day' WHERE tree_size = 9`,
		"its last leaf":   `DELETE FROM audit.leaf WHERE leaf_index = 8`,
		"no seals":        `DELETE FROM audit.seal WHERE tree_size > 0`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrail(t)
			for range 9 {
				tr.move(uuid.New())
			}
			tr.seal()
			change(t, tr.tamper(), 1, sql)
			seals := one[int](t, tr.tamper(), `SELECT count(*) FROM audit.seal`)
			tr.move(uuid.New())
			if _, err := tr.SealAll(context.Background(), tr.db.Pool); err != nil {
				t.Fatal(err)
			}
			if now := one[int](t, tr.tamper(), `SELECT count(*) FROM audit.seal`); now != seals {
				t.Errorf("%d seals, before %d", now, seals)
			}
		})
	}
}

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
