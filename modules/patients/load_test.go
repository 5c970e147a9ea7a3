package patients_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/patients"
)

func load(ctx context.Context, t *testing.T, tx db.Tx, m *patients.Module, at time.Time, all ...patients.RegisterInput) {
	t.Helper()
	settings, err := facilities.Reader{}.Settings(ctx, tx, tx.Scope().TenantID, tx.Scope().FacilityID)
	if err != nil {
		t.Fatal(err)
	}
	ids := id.NewSource(1, 1)
	var rows []patients.Loaded
	for _, in := range all {
		rows = append(rows, patients.Loaded{ID: ids.At(at), RegisterInput: in, RegisteredAt: at, RegisteredBy: tx.Scope().UserID})
	}
	if err := m.Load(settings, ids).Write(ctx, tx, rows); err != nil {
		t.Fatal(err)
	}
}

// rowsOf gives the rows of one patient in every table of the module, and its events, without ids and numbers.
func rowsOf(ctx context.Context, t *testing.T, tx db.Tx, patientID uuid.UUID) []string {
	t.Helper()
	rows, err := tx.Query(ctx, `
		SELECT (to_jsonb(p) - ARRAY['id', 'mrn', 'mrn_number'])::text FROM patients.patient p WHERE tenant_id = $1 AND id = $2
		UNION ALL
		SELECT (to_jsonb(e) - ARRAY['patient_id', 'keys'])::text FROM patients.search_entry e WHERE tenant_id = $1 AND patient_id = $2
		UNION ALL
		SELECT (to_jsonb(e) - ARRAY['id', 'entity_id', 'patient_id', 'request_id', 'payload'])::text FROM events.event e WHERE tenant_id = $1 AND entity_id = $2`,
		tx.Scope().TenantID, patientID)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(found) != 3 {
		t.Fatalf("patient %s has %d rows, %v", patientID, len(found), err)
	}
	return found
}

func TestALoadedPatientIsAsARegisteredOne(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		in := person(" Meera  Nair", func(in *patients.RegisterInput) {
			in.Body.Gender = "female"
			in.Body.AgeYears = sent(36)
			in.Body.Phone = sent("+91 98765 43210")
			in.Body.Email = sent("meera@example.org")
			in.Body.Address = sent("12 Temple Road\r\nKochi")
			in.Body.BloodGroup = sent("AB-")
		})
		load(ctx, t, tx, m, tx.Now(), in)
		registered := register(ctx, t, tx, m, in)
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		var loaded uuid.UUID
		if err := tx.QueryRow(ctx, `SELECT id FROM patients.patient WHERE tenant_id = $1 AND id <> $2`, tx.Scope().TenantID, registered.ID).Scan(&loaded); err != nil {
			t.Fatal(err)
		}
		want := rowsOf(ctx, t, tx, registered.ID)
		for i, got := range rowsOf(ctx, t, tx, loaded) {
			if got != want[i] {
				t.Errorf("loaded     %s\nregistered %s", got, want[i])
			}
		}
	})
}

func TestLoadedPatientsAreFoundAndNumbersGoOnBehindThem(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		load(ctx, t, tx, m, tx.Now(), person("Lakshmi Narayanan"), person("Ravi Kumar"))
		if found := find(ctx, t, tx, m, "laxmi narayan"); len(found) != 1 || found[0] != "Lakshmi Narayanan" {
			t.Errorf("found %v", found)
		}
		if found := find(ctx, t, tx, m, "MAIN-26-000002"); len(found) != 1 || found[0] != "Ravi Kumar" {
			t.Errorf("found %v by the MRN", found)
		}
		if p := register(ctx, t, tx, m, person("Meera Nair")); p.MRN != "MAIN-26-000003" {
			t.Errorf("the next patient has MRN %s", p.MRN)
		}
	})
}

func TestALoadRefusesWhatRegisterRefuses(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		settings, err := facilities.Reader{}.Settings(ctx, tx, tx.Scope().TenantID, tx.Scope().FacilityID)
		if err != nil {
			t.Fatal(err)
		}
		for name, in := range map[string]patients.RegisterInput{
			"no name": person(" "),
			"outside identifiers": person("Meera", func(in *patients.RegisterInput) {
				in.Body.Identifiers = sent([]patients.Identifier{{System: "abha", Value: "1"}})
			}),
		} {
			loading := m.Load(settings, id.NewSource(1, 1))
			if err := loading.Write(ctx, tx, []patients.Loaded{{ID: id.New(), RegisterInput: in, RegisteredAt: tx.Now()}}); err == nil {
				t.Errorf("%s was loaded", name)
			}
		}
	})
}
