package encounters_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

// Not by plain SQL of the application's own login either: a record that was closed is not opened again.
func TestAnEncounterThatIsOverNeverChanges(t *testing.T) {
	t.Parallel()
	for _, over := range []encountersapi.Status{encountersapi.StatusClosed, encountersapi.StatusCancelled} {
		for name, set := range map[string]string{
			"opened again":     `status = 'IN_CONSULT', checked_in_at = now(), consult_started_at = now(), closed_at = NULL, cancelled_at = NULL, cancel_reason = NULL`,
			"begun anew":       `status = 'CREATED', checked_in_at = NULL, consult_started_at = NULL, closed_at = NULL, cancelled_at = NULL, cancel_reason = NULL`,
			"ended otherwise":  `status = 'CANCELLED', closed_at = NULL, cancelled_at = now(), cancel_reason = 'x'`,
			"another doctor":   `attending_doctor_id = gen_random_uuid()`,
			"another time":     `updated_at = updated_at + interval '1 hour'`,
			"another's record": `patient_id = gen_random_uuid()`,
		} {
			t.Run(string(over)+" "+name, func(t *testing.T) {
				t.Parallel()
				testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
					facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
					patientstest.Patient(ctx, t, tx, patientstest.With{})
					e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
					encounterstest.SetStatus(ctx, t, tx, e.ID, over)
					_, err := tx.Exec(ctx, `UPDATE encounters.encounter SET `+set+` WHERE id = $1`, e.ID)
					if refused := (*pgconn.PgError)(nil); !errors.As(err, &refused) || refused.Code != "23001" {
						t.Errorf("got %v", err)
					}
				})
			})
		}
	}
}
