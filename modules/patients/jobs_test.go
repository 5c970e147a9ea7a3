package patients_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func TestOutdatedSearchEntriesAreRebuilt(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	m := module()
	scopes := []db.Scope{testkit.NewScope(), testkit.NewScope()}
	for _, scope := range scopes {
		ctx := db.WithScope(t.Context(), scope)
		err := database.Pool.InTx(ctx, func(tx db.Tx) error {
			facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
			patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Meera Nair"})
			patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Ravi Kumar"})
			register(ctx, t, tx, m, person("Lakshmi Menon"))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	rebuilt, err := m.RebuildSearchEntries(context.Background(), database.Pool)
	if err != nil || rebuilt != 4 {
		t.Fatalf("rebuilt %d, %v", rebuilt, err)
	}
	for _, scope := range scopes {
		ctx := db.WithScope(t.Context(), scope)
		for _, question := range []string{"mira", "ravi kumar", "laxmi"} {
			if found := find(ctx, t, database.Pool.Read(ctx), m, question); len(found) != 1 {
				t.Errorf("%q finds %q", question, found)
			}
		}
	}
	if again, err := m.RebuildSearchEntries(context.Background(), database.Pool); err != nil || again != 0 {
		t.Errorf("again %d, %v", again, err)
	}
}

// An entry that a change has locked is left to the change.
func TestRebuildLeavesWhatIsBeingChanged(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	m := module()
	ctx := db.WithScope(t.Context(), testkit.NewScope())
	name := "Meera Menon"
	in := patients.UpdateInput{}
	err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		in.ID = patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Meera Nair"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	in.Body.FullName = &name
	err = database.Pool.InTx(ctx, func(tx db.Tx) error {
		if _, err := m.Update(ctx, tx, in); err != nil {
			return err
		}
		rebuilt, err := m.RebuildSearchEntries(context.Background(), database.Pool)
		if rebuilt != 0 {
			t.Errorf("rebuilt %d", rebuilt)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := find(ctx, t, database.Pool.Read(ctx), m, "menon"); len(found) != 1 {
		t.Errorf("found %q", found)
	}
}
