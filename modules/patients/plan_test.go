package patients

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities"
)

// Row-level security makes PostgreSQL read whole tables where an operator is not leakproof. Should a change of the
// search or its policies bring that about, results stay right and only this test tells.
func TestSearchReadsTheIndexOnly(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	conn, err := pgx.Connect(t.Context(), database.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	scopes := []db.Scope{testkit.NewScope(), testkit.NewScope()}
	load(t, conn, rand.New(rand.NewPCG(3, 4)), scopes, []int{1500, 1500})
	m := New(Deps{Bus: events.NewBus(), Facilities: facilities.Reader{}})
	ctx := db.WithScope(t.Context(), scopes[0])
	err = database.Pool.InTx(ctx, func(tx db.Tx) error {
		for range 3 { // long enough for PostgreSQL to choose its plan for every question
			for _, question := range []string{"laxmi", "lak", "l", "muhamed kumar", "9876", "zzzz"} {
				in := ListInput{Q: question}
				in.Limit = 20
				if _, err := m.List(ctx, tx, in); err != nil {
					return err
				}
			}
			if _, err := m.Duplicates(ctx, tx, DuplicatesInput{FullName: "Laxmi Devi", Phone: "9876543210"}); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, `SELECT relname, seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE schemaname = 'patients' AND relname IN ('patient', 'search_entry')`)
		if err != nil {
			return err
		}
		defer rows.Close()
		tables := 0
		for rows.Next() {
			var table string
			var whole, byIndex int64
			if err := rows.Scan(&table, &whole, &byIndex); err != nil {
				return err
			}
			if whole > 0 || byIndex == 0 {
				t.Errorf("%s was read whole %d times, by an index %d times", table, whole, byIndex)
			}
			tables++
		}
		if tables != 2 {
			t.Errorf("%d tables were read", tables)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}
