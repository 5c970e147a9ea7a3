package patientstest_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestPatientIsARow(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		want := patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Meera Nair", MRN: "m-1"})
		var name, mrn string
		err := tx.QueryRow(ctx, `SELECT full_name, mrn FROM patients.patient WHERE id = $1`, want).Scan(&name, &mrn)
		if err != nil || name != "Meera Nair" || mrn != "M-1" {
			t.Errorf("got %q %q, %v", name, mrn, err)
		}
	})
}
