package tasks_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients/patientstest"
	"hmsoftware.com/hm/modules/tasks"
)

func created(e encountersapi.Encounter) encountersapi.Created {
	return encountersapi.Created{EncounterID: e.ID, PatientID: e.PatientID, Type: e.Type, Pack: e.Pack}
}

func finalized(e encountersapi.Encounter, template string) clinicaldocsapi.DocumentFinalized {
	return clinicaldocsapi.DocumentFinalized{About: clinicaldocsapi.About{DocumentID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, TemplateCode: template}}
}

func TestANewEncounterOpensItsWorkflowsTasksOnce(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.create(ctx, t, tx, e.ID, "doctor-consult")
		h.happen(ctx, t, tx, created(e))
		h.happen(ctx, t, tx, created(e))
		want(t, states(ctx, t, tx, e.ID), "doctor-consult OPEN", "record-vitals OPEN")
		want(t, told(ctx, t, tx, e.ID), "created doctor-consult", "created record-vitals")
	})
}

func TestWhatIsWrittenCompletesItsTask(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.happen(ctx, t, tx, created(e))
		h.happen(ctx, t, tx, encountersapi.PlanRecorded{EncounterID: e.ID, PatientID: e.PatientID, DocumentID: id.New()})
		want(t, states(ctx, t, tx, e.ID), "doctor-consult OPEN", "record-vitals OPEN")
		for range 2 {
			h.happen(ctx, t, tx, encountersapi.VitalsRecorded{EncounterID: e.ID, PatientID: e.PatientID, DocumentID: id.New()})
		}
		want(t, states(ctx, t, tx, e.ID), "doctor-consult OPEN", "record-vitals DONE")
		h.happen(ctx, t, tx, encountersapi.AssessmentRecorded{EncounterID: e.ID, PatientID: e.PatientID, DocumentID: id.New()})
		want(t, states(ctx, t, tx, e.ID), "doctor-consult DONE", "record-vitals DONE")
		want(t, told(ctx, t, tx, e.ID), "created record-vitals", "created doctor-consult",
			"started record-vitals", "done record-vitals", "started doctor-consult", "done doctor-consult")
	})
}

func TestATaskThatWasCancelledStaysCancelled(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		task := h.create(ctx, t, tx, e.ID, "record-vitals")
		if _, err := h.act(ctx, tx, task.ID, "cancel"); err != nil {
			t.Fatal(err)
		}
		h.happen(ctx, t, tx, encountersapi.VitalsRecorded{EncounterID: e.ID, PatientID: e.PatientID, DocumentID: id.New()})
		want(t, states(ctx, t, tx, e.ID), "record-vitals CANCELLED")
	})
}

// A workflow of conditions, due times, templates and tasks that open others, from one end to the other.
func TestAWorkflowLeadsThroughItsSteps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		born     clock.Date
		afterIn  []string
		afterAll []string
	}{
		"a child": {clock.Date{Year: 2016, Month: 3, Day: 11},
			[]string{"consent OPEN", "guardian OPEN", "weigh OPEN"},
			[]string{"bill OPEN", "consent DONE", "guardian OPEN", "procedure DONE", "weigh OPEN"}},
		"a grown-up": {clock.Date{Year: 1980, Month: 1, Day: 1},
			[]string{"consent OPEN", "weigh OPEN"},
			[]string{"bill OPEN", "consent DONE", "procedure DONE", "weigh OPEN"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
				facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
				h := newHouse(t)
				patientID := patientstest.Patient(ctx, t, tx, patientstest.With{DateOfBirth: &c.born})
				e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID, Type: "DAYCARE"})
				h.happen(ctx, t, tx, created(e))
				want(t, states(ctx, t, tx, e.ID), "weigh OPEN")
				h.happen(ctx, t, tx, encountersapi.CheckedIn{EncounterID: e.ID, PatientID: e.PatientID})
				want(t, states(ctx, t, tx, e.ID), c.afterIn...)
				page, err := h.tasks.List(ctx, tx, listInput(func(in *tasks.ListInput) { in.Code = "consent" }))
				if err != nil || !page.Results[0].DueAt.Equal(tx.Now().Add(minutes(30))) {
					t.Errorf("got %+v, %v", page.Results, err)
				}
				h.happen(ctx, t, tx, finalized(e, "another"))
				want(t, states(ctx, t, tx, e.ID), c.afterIn...)
				h.happen(ctx, t, tx, finalized(e, "consent_form"))
				h.happen(ctx, t, tx, encountersapi.NoteRecorded{EncounterID: e.ID, PatientID: e.PatientID, DocumentID: id.New()})
				want(t, states(ctx, t, tx, e.ID), c.afterAll...)
			})
		})
	}
}

func TestTheEndOfAnEncounterCancelsWhatIsStillToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status encountersapi.Status
		happen func(e encountersapi.Encounter) events.Event
	}{
		"closed": {encountersapi.StatusClosed, func(e encountersapi.Encounter) events.Event {
			return encountersapi.Closed{EncounterID: e.ID, PatientID: e.PatientID}
		}},
		"cancelled": {encountersapi.StatusCancelled, func(e encountersapi.Encounter) events.Event {
			return encountersapi.Cancelled{EncounterID: e.ID, PatientID: e.PatientID}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				done, open := h.create(ctx, t, tx, e.ID, "a-done"), h.create(ctx, t, tx, e.ID, "b-open")
				begun := h.create(ctx, t, tx, e.ID, "c-begun")
				for taskID, move := range map[*tasks.Task]string{&done: "complete", &begun: "start"} {
					if _, err := h.act(ctx, tx, taskID.ID, move); err != nil {
						t.Fatal(err)
					}
				}
				end(ctx, t, tx, e, c.status)
				h.happen(ctx, t, tx, c.happen(e))
				want(t, states(ctx, t, tx, e.ID), "a-done DONE", "b-open CANCELLED", "c-begun CANCELLED")

				_, err := h.act(ctx, tx, done.ID, "reopen")
				wantCode(t, err, "encounters.not_open")
				_, err = h.tasks.Create(ctx, tx, createInput(e.ID, "d-new"))
				wantCode(t, err, "encounters.not_open")
				// What already holds still answers, and offers nothing.
				if task, err := h.act(ctx, tx, done.ID, "complete"); err != nil || len(task.Actions) != 0 {
					t.Errorf("got %+v, %v", task, err)
				}
				if task, err := h.tasks.Create(ctx, tx, createInput(e.ID, "b-open")); err != nil || task.ID != open.ID {
					t.Errorf("got %+v, %v", task, err)
				}
				h.happen(ctx, t, tx, finalized(e, "consent_form"))
			})
		})
	}
}

// end writes what encounters writes before it tells of the end.
func end(ctx context.Context, t testing.TB, tx db.Tx, e encountersapi.Encounter, status encountersapi.Status) {
	t.Helper()
	lockEncounter(ctx, t, tx, e)
	_, err := tx.Exec(ctx, `UPDATE encounters.encounter SET status = $1::text,
		checked_in_at = CASE WHEN $1 = 'CLOSED' THEN $2::timestamptz END, consult_started_at = CASE WHEN $1 = 'CLOSED' THEN $2::timestamptz END,
		closed_at = CASE WHEN $1 = 'CLOSED' THEN $2::timestamptz END, cancelled_at = CASE WHEN $1 = 'CANCELLED' THEN $2::timestamptz END,
		cancel_reason = CASE WHEN $1 = 'CANCELLED' THEN 'Left' END WHERE id = $3`, string(status), tx.Now(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
}

// lockEncounter takes the lock that every move of an encounter takes.
func lockEncounter(ctx context.Context, t testing.TB, tx db.Tx, e encountersapi.Encounter) {
	t.Helper()
	if _, err := tx.Exec(ctx, `SELECT FROM encounters.encounter WHERE id = $1 FOR UPDATE`, e.ID); err != nil {
		t.Fatal(err)
	}
}
