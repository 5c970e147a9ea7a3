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
