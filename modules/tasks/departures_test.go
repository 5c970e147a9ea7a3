package tasks_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam/iamapi"
)

// hospital is a tenant with two facilities, in a whole database with a worker.
type hospital struct {
	house
	*testkit.Database
	main, branch db.Scope
}

func newHospital(t *testing.T) hospital {
	t.Helper()
	h := hospital{house: newHouse(t), Database: testkit.NewDatabase(t), main: testkit.NewScope()}
	h.branch = h.main
	h.branch.FacilityID = testkit.NewScope().FacilityID
	for code, scope := range map[string]db.Scope{"MAIN": h.main, "BRANCH": h.branch} {
		h.in(t, scope, func(ctx context.Context, tx db.Tx) {
			facilitiestest.Facility(ctx, t, tx, facilitiestest.With{Code: code})
		})
	}
	w, err := events.NewWorker(h.bus, h.Pool, telemetry.NewMetrics())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := w.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return h
}

// in commits what act does in a scope.
func (h hospital) in(t *testing.T, scope db.Scope, act func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	ctx := db.WithScope(context.Background(), scope)
	err := h.Pool.InTx(ctx, func(tx db.Tx) error {
		act(ctx, tx)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// nursesTasks makes one task of the nurse that is still to do and one that is done.
func (h hospital) nursesTasks(t *testing.T, scope db.Scope) (encounterID uuid.UUID) {
	t.Helper()
	h.in(t, scope, func(ctx context.Context, tx db.Tx) {
		encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{}).ID
		done := h.create(ctx, t, tx, encounterID, "done")
		h.create(ctx, t, tx, encounterID, "open")
		if _, err := h.act(ctx, tx, done.ID, "complete"); err != nil {
			t.Fatal(err)
		}
		_, err := tx.Exec(ctx, `UPDATE tasks.task SET assigned_to_id = $1, assigned_at = $2 WHERE encounter_id = $3`, h.nurse, tx.Now(), encounterID)
		if err != nil {
			t.Fatal(err)
		}
	})
	return encounterID
}

// twice tells of something twice, in a facility, and waits until both were heard.
func (h hospital) twice(t *testing.T, scope db.Scope, e events.Event) {
	t.Helper()
	for range 2 {
		h.in(t, scope, func(ctx context.Context, tx db.Tx) { h.happen(ctx, t, tx, e) })
	}
	jobs, err := events.NewJobs(h.Pool)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		heard := 0
		all, err := jobs.List(context.Background(), false, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, job := range all {
			if job.State == "completed" {
				heard++
			}
		}
		if heard == 2 {
			return
		}
	}
	t.Fatal("the event was never heard twice")
}

// unassigned counts the tasks that became nobody's, as the facility's own timeline tells.
func (h hospital) unassigned(t *testing.T, scope db.Scope, encounterID uuid.UUID) (n int) {
	t.Helper()
	h.in(t, scope, func(ctx context.Context, tx db.Tx) {
		for _, what := range told(ctx, t, tx, encounterID) {
			if what == "unassigned open" {
				n++
			} else if what == "unassigned done" {
				t.Error("what is done stays whose it was")
			}
		}
		recorded, err := events.OfEncounter(ctx, tx, encounterID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range recorded {
			if r.FacilityID != scope.FacilityID {
				t.Errorf("%s belongs to facility %s", r.Name, r.FacilityID)
			}
		}
	})
	return n
}

func TestTheTasksOfADisabledUserAreNobodysAgain(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	inMain, inBranch := h.nursesTasks(t, h.main), h.nursesTasks(t, h.branch)
	h.twice(t, h.main, iamapi.UserDisabled{UserID: h.nurse})
	if a, b := h.unassigned(t, h.main, inMain), h.unassigned(t, h.branch, inBranch); a != 1 || b != 1 {
		t.Errorf("unassigned %d and %d times, want once each", a, b)
	}
}

func TestWhoLeavesAFacilityLeavesItsTasksOnly(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	inMain, inBranch := h.nursesTasks(t, h.main), h.nursesTasks(t, h.branch)
	h.twice(t, h.branch, iamapi.MembershipChanged{UserID: h.nurse, FacilityID: h.branch.FacilityID, IsActive: false})
	if a, b := h.unassigned(t, h.main, inMain), h.unassigned(t, h.branch, inBranch); a != 0 || b != 1 {
		t.Errorf("unassigned %d times in the other facility and %d in the one left", a, b)
	}
}

func TestAChangedRoleTakesNoTaskAway(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	inMain := h.nursesTasks(t, h.main)
	h.twice(t, h.main, iamapi.MembershipChanged{UserID: h.nurse, FacilityID: h.main.FacilityID, IsActive: true})
	if n := h.unassigned(t, h.main, inMain); n != 0 {
		t.Errorf("unassigned %d times", n)
	}
}
