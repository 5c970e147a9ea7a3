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
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// onePack lets people search by constitution.
type onePack struct{ packsapi.Library }

func (onePack) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) {
	return onePack{}, nil
}

func (onePack) PatientData(string) (*packsapi.DataForm, error) {
	return packsapi.NewDataForm([]packsapi.SearchField{{Name: "prakriti", Kind: packsapi.SearchText}}, nil), nil
}

// As TestSearchReadsTheIndexOnly, for a value that many have, one that few have, and one that nobody has.
func TestSearchByDataReadsIndexesOnly(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	conn, err := pgx.Connect(t.Context(), database.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	scopes := []db.Scope{testkit.NewScope(), testkit.NewScope()}
	load(t, conn, rand.New(rand.NewPCG(3, 4)), scopes, []int{4000, 4000})
	database.AsSuperuser(t, `INSERT INTO patients.datum (tenant_id, facility_id, patient_id, pack, field, value)
		SELECT tenant_id, facility_id, id, 'base', 'prakriti', CASE WHEN row_number() OVER () % 400 = 0 THEN 'tridosha' ELSE 'vata' END FROM patients.patient`)
	database.AsSuperuser(t, `ANALYZE patients.patient, patients.datum`)
	m := New(Deps{Bus: events.NewBus(), Facilities: facilities.Reader{}, Packs: onePack{}})
	ctx := db.WithScope(t.Context(), scopes[0])
	err = database.Pool.InTx(ctx, func(tx db.Tx) error {
		for range 6 {
			for value, want := range map[string]int{"vata": 20, "tridosha": 10, "kapha": 0} {
				in := ListInput{Data: []string{"base.prakriti:" + value}}
				in.Limit = 20
				page, err := m.List(ctx, tx, in)
				if err != nil {
					return err
				}
				if len(page.Results) != want {
					t.Errorf("%s: found %d", value, len(page.Results))
				}
			}
		}
		for _, table := range []string{"patient", "datum"} {
			var whole int64
			if err := tx.QueryRow(ctx, `SELECT seq_scan FROM pg_stat_xact_user_tables WHERE schemaname = 'patients' AND relname = $1`, table).Scan(&whole); err != nil {
				return err
			}
			if whole > 0 {
				t.Errorf("%s was read whole %d times", table, whole)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
