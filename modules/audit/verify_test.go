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

// Every column of a record, as the superuser would change it.
func TestEveryColumnOfARecordIsSealed(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(3)
	conn := tr.tamper()
	rows := leaves(t, conn, tr.scope.TenantID)
	looked, listed, moved := rows[10].EntryID.String(), rows[11].EntryID.String(), rows[8].EntryID.String()
	for _, c := range []struct{ column, value, entry string }{
		{"xid", "(xid::text::bigint - 1)::text::xid8", looked},
		{"at", "at - interval '1 microsecond'", looked},
		{"facility_id", "NULL", looked},
		{"facility_id", "gen_random_uuid()", looked},
		{"actor_id", "gen_random_uuid()", looked},
		{"actor_id", "NULL", looked},
		{"code", "'wards.bed_removed'", looked},
		{"entity_type", "''", looked},
		{"entity_id", "gen_random_uuid()", looked},
		{"patient_id", "NULL", looked},
		{"encounter_id", "gen_random_uuid()", looked},
		{"outcome", "'refused'", looked},
		{"request_id", "'r'", looked},
		{"origin", "'203.0.113.9'", looked},
		{"event_id", "gen_random_uuid()", looked},
		{"detail", `'{}'`, looked},
		{"detail", `'{"operation":"get-api-patients" }'`, listed},
		{"patient_ids", "patient_ids[:2]", listed},
		{"xid", "(xid::text::bigint - 1)::text::xid8", moved},
		{"occurred_at", "occurred_at - interval '1 microsecond'", moved},
		{"occurred_at", "'infinity'", moved},
		{"facility_id", "NULL", moved},
		{"actor_id", "gen_random_uuid()", moved},
		{"name", "'wards.bed_removed.v1'", moved},
		{"name", "'wards.bed_moved.v2'", moved},
		{"entity", "''", moved},
		{"entity_id", "gen_random_uuid()", moved},
		{"patient_id", "NULL", moved},
		{"encounter_id", "gen_random_uuid()", moved},
		{"request_id", "'r'", moved},
		{"origin", "'203.0.113.9'", moved},
		{"origin", "NULL", moved},
		{"payload", `payload || '{"floor": 4}'`, moved},
	} {
		t.Run(c.column, func(t *testing.T) {
			table := tableOf(t, conn, uuid.MustParse(c.entry))
			before := one[string](t, conn, `SELECT json_build_array(`+c.column+`)::text FROM `+table+` WHERE id = $1`, c.entry)
			change(t, conn, 1, `CREATE TEMP TABLE kept AS SELECT * FROM `+table+` WHERE id = '`+c.entry+`'`)
			change(t, conn, 1, `UPDATE `+table+` SET `+c.column+` = `+c.value+` WHERE id = $1`, c.entry)
			if after := one[string](t, conn, `SELECT json_build_array(`+c.column+`)::text FROM `+table+` WHERE id = $1`, c.entry); after == before {
				t.Fatalf("nothing changed: %s", after)
			}
			wantBroken(t, tr.verify(), "entry "+c.entry)
			change(t, conn, 1, `DELETE FROM `+table+` WHERE id = $1`, c.entry)
			change(t, conn, 1, `INSERT INTO `+table+` SELECT * FROM kept`)
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
		table func(i int) string
	}
	for name, c := range map[string]struct {
		do   func(t *testing.T, w world)
		want func(w world) []string
	}{
		"an event deleted": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM events.event WHERE id = $1`, w.rows[9].EntryID)
			},
			func(w world) []string { return []string{w.entry(9)} },
		},
		"an entry deleted": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM audit.entry WHERE id = $1`, w.rows[10].EntryID)
			},
			func(w world) []string { return []string{w.entry(10)} },
		},
		"a batch of leaves deleted": {
			func(t *testing.T, w world) { change(t, w.conn, 1, `DELETE FROM audit.batch WHERE first_leaf = 8`) },
			func(world) []string { return []string{"leaf 8-15"} },
		},
		"an event and its batch deleted": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM events.event WHERE id = $1`, w.rows[9].EntryID)
				change(t, w.conn, 1, `DELETE FROM audit.batch WHERE first_leaf = 8`)
			},
			nil, // the batch is named, and those of its records that are still there as having no leaf
		},
		"an entry put in with an old place": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `INSERT INTO audit.entry (tenant_id, id, xid, at, code, outcome)
					SELECT tenant_id, '018f0000-0000-7000-8000-00000000beef', xid, at - interval '1 hour', 'iam.signed_in', 'ok' FROM audit.entry WHERE id = $1`, w.rows[10].EntryID)
			},
			func(world) []string { return []string{"entry 018f0000-0000-7000-8000-00000000beef"} },
		},
		"an event put in with an old place": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `INSERT INTO events.event (tenant_id, id, xid, name, facility_id, entity, entity_id, occurred_at, payload, origin)
					SELECT tenant_id, '018f0000-0000-7000-8000-00000000beef', xid, name, facility_id, entity, entity_id, occurred_at, payload, origin FROM events.event WHERE id = $1`, w.rows[9].EntryID)
			},
			func(world) []string { return []string{"entry 018f0000-0000-7000-8000-00000000beef"} },
		},
		"the sealer's place moved past what it has not sealed": {
			func(t *testing.T, w world) {
				w.move(uuid.New())
				change(t, w.conn, 1, `UPDATE audit.sealer SET xid = e.xid, id = e.id FROM (SELECT xid, id FROM events.event ORDER BY xid DESC LIMIT 1) e`)
			},
			func(w world) []string {
				return []string{"entry " + one[uuid.UUID](w.t, w.conn, `SELECT id FROM events.event ORDER BY xid DESC LIMIT 1`).String()}
			},
		},
		"a record taken out of what finds it": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM audit.mention WHERE record_id = $1 AND subject_id = $2`, w.rows[9].EntryID, w.scope.UserID)
			},
			func(w world) []string { return []string{w.entry(9)} },
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
		"a patient taken out of what finds a list": {
			func(t *testing.T, w world) {
				change(t, w.conn, 1, `DELETE FROM audit.mention WHERE record_id = $1 AND subject_id = (SELECT patient_ids[2] FROM audit.entry WHERE id = $1)`, w.rows[11].EntryID)
			},
			func(w world) []string { return []string{w.entry(11)} },
		},
		"the end of the tree cut off": {
			func(t *testing.T, w world) {
				deleteRecords(t, w.conn, w.rows[32:])
				change(t, w.conn, 1, `DELETE FROM audit.batch WHERE first_leaf = 32`)
			},
			func(world) []string { return []string{"leaf 32-39"} },
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
				change(t, w.conn, 1, `UPDATE audit.batch SET `+flip("hashes", w.rows[12].Offset)+` WHERE first_leaf = 8`)
				change(t, w.conn, 1, `UPDATE audit.batch SET `+flip("hashes", w.rows[31].Offset+40)+` WHERE first_leaf = 24`)
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
			w.table = func(i int) string { return tableOf(t, conn, w.rows[i].EntryID) }
			c.do(t, w)
			r := tr.verify()
			if c.want != nil {
				wantBroken(t, r, c.want(w)...)
			} else if broken := found(r); r.OK || broken["leaf 8-15"] == "" || broken[w.entry(10)] == "" {
				t.Errorf("named %v", broken)
			}
		})
	}
}

// flip changes one bit of a column.
func flip(column string, at int) string {
	return fmt.Sprintf("%s = set_byte(%s, %d, get_byte(%s, %d) # 1)", column, column, at, column, at)
}

// deleteRecords takes the records of leaves away, with what finds them.
func deleteRecords(t testing.TB, conn *pgx.Conn, rows []leafRow) {
	t.Helper()
	for _, row := range rows {
		change(t, conn, 1, `DELETE FROM `+tableOf(t, conn, row.EntryID)+` WHERE id = $1`, row.EntryID)
		if _, err := conn.Exec(context.Background(), `DELETE FROM audit.mention WHERE record_id = $1`, row.EntryID); err != nil {
			t.Fatal(err)
		}
	}
}

// A trail taken back as a whole to an earlier seal contradicts itself nowhere; only a noted seal tells.
func TestOnlyANotedSealTellsOfATrailTakenBack(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(5)
	noted := audit.Noted{TreeSize: 40, RootHash: hash(t, tr.verify().RootHash)}
	conn := tr.tamper()
	deleteRecords(t, conn, leaves(t, conn, tr.scope.TenantID)[8:])
	change(t, conn, 4, `DELETE FROM audit.batch WHERE first_leaf >= 8`)
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
		"its edge":        `UPDATE audit.batch SET ` + flip("hashes", 15*32) + ` WHERE first_leaf = 0`,
		"its newest seal": `UPDATE audit.seal SET sealed_at = sealed_at - interval '1 day' WHERE tree_size = 9`,
		"its last leaf":   `DELETE FROM audit.batch WHERE first_leaf = 0`,
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
