package patients_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients"
)

func givenMRN(mrn string) func(*patients.RegisterInput) {
	return func(in *patients.RegisterInput) { in.Body.MRN = sent(mrn) }
}

func TestMRNFollowsThePattern(t *testing.T) {
	t.Parallel()
	// The clock stands at 2026-03-10 15:00 in Kolkata.
	for pattern, want := range map[string][2]string{
		"{facility}-{yy}-{number:6}": {"MAIN-26-000001", "MAIN-26-000002"},
		"{number}":                   {"1", "2"},
		"op/{yyyy}{mm}/{number:3}x":  {"OP/202603/001X", "OP/202603/002X"},
	} {
		testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
			facilitiestest.Facility(ctx, t, tx, facilitiestest.With{MRNPattern: pattern})
			m := module()
			for _, mrn := range want {
				if p := register(ctx, t, tx, m, person("Somebody")); p.MRN != mrn {
					t.Errorf("%s gave %s, not %s", pattern, p.MRN, mrn)
				}
			}
		})
	}
}

func TestMRNBeginsAnewWithTheFacilitysYear(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	ctx := db.WithScope(t.Context(), testkit.NewScope())
	m := module()
	at := func(moment time.Time, want string) {
		database.Clock.Advance(moment.Sub(database.Clock.Now()))
		err := database.Pool.InTx(ctx, func(tx db.Tx) error {
			if p := register(ctx, t, tx, m, person("Somebody")); p.MRN != want {
				t.Errorf("at %s: %s, not %s", moment, p.MRN, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	at(time.Date(2026, 12, 31, 18, 29, 0, 0, time.UTC), "MAIN-26-000001")
	at(time.Date(2026, 12, 31, 18, 31, 0, 0, time.UTC), "MAIN-27-000001")
	at(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), "MAIN-27-000002")
}

func TestMRNTakenByHandIsLeftOut(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for n := 2; n <= 40; n++ {
			register(ctx, t, tx, m, person("From the old books", givenMRN(fmt.Sprintf("main-26-%06d", n))))
		}
		for _, want := range []string{"MAIN-26-000001", "MAIN-26-000041"} {
			if p := register(ctx, t, tx, m, person("Somebody")); p.MRN != want {
				t.Errorf("got %s, not %s", p.MRN, want)
			}
		}
	})
}

func TestMRNIsOnePatients(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		register(ctx, t, tx, m, person("Meera Nair", givenMRN("Old/7")))
		other := register(ctx, t, tx, m, person("Another"))
		_, err := m.Register(ctx, tx, person("A third", givenMRN(" old/7 ")))
		if e := errs.Of(err); e == nil || e.Code != "patients.mrn_taken" || e.Kind != errs.KindConflict {
			t.Errorf("registering: %v", err)
		}
		taken := "OLD/7"
		in := patients.UpdateInput{ByID: patients.ByID{ID: other.ID}}
		in.Body.MRN = &taken
		if _, err = m.Update(ctx, tx, in); errs.Of(err) == nil || errs.Of(err).Code != "patients.mrn_taken" {
			t.Errorf("correcting: %v", err)
		}
	})
}

// Thirty-two desks on two servers, and some who give by hand the very numbers that come next.
func TestMRNsOfParallelRegistrationsDiffer(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(t.Context(), scope)
	if err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	servers := []*patients.Module{module(), module()}
	var desks sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]int{}
	refused := 0
	for desk := range 32 {
		desks.Go(func() {
			for n := range 10 {
				err := database.Pool.InTx(ctx, func(tx db.Tx) error {
					in := person(fmt.Sprintf("Patient %d of desk %d", n, desk))
					if desk%8 == 0 {
						in.Body.MRN = sent(fmt.Sprintf("MAIN-26-%06d", desk*10+n+1))
					}
					p, err := servers[desk%2].Register(ctx, tx, in)
					if err == nil && n == 9 {
						return errRolledBack
					}
					if err == nil {
						mu.Lock()
						seen[p.MRN]++
						mu.Unlock()
					}
					return err
				})
				mu.Lock()
				switch e := errs.Of(err); {
				case e != nil && e.Code == "patients.mrn_taken" && desk%8 == 0:
					refused++
				case err != nil && err != errRolledBack: //nolint:errorlint // the very value
					t.Errorf("desk %d: %v", desk, err)
				}
				mu.Unlock()
			}
		})
	}
	desks.Wait()
	for mrn, times := range seen {
		if times > 1 {
			t.Errorf("%s was given %d times", mrn, times)
		}
	}
	if len(seen) < 28*9 || len(seen)+refused < 32*9 {
		t.Errorf("%d registered, %d refused", len(seen), refused)
	}
	var stored int
	if err := database.Pool.Read(ctx).QueryRow(ctx, `SELECT count(DISTINCT mrn) FROM patients.patient WHERE tenant_id = $1`, scope.TenantID).Scan(&stored); err != nil || stored != len(seen) {
		t.Errorf("%d stored of %d, %v", stored, len(seen), err)
	}
}

// While one registration is under way, another neither waits for it nor gets its number.
func TestRegistrationsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	ctx := db.WithScope(t.Context(), testkit.NewScope())
	m := module()
	if err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		slow := register(ctx, t, tx, m, person("Slow"))
		return database.Pool.InTx(ctx, func(tx db.Tx) error {
			if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '1s'`); err != nil {
				return err
			}
			quick := register(ctx, t, tx, m, person("Quick"))
			if slow.MRN != "MAIN-26-000001" || quick.MRN != "MAIN-26-000002" {
				t.Errorf("got %s and %s", slow.MRN, quick.MRN)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
