package alerts_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks"
)

// openGate lets every act pass.
type openGate struct{ rulesapi.Gate }

func (openGate) Pass(context.Context, db.Tx, rulesapi.Question) ([]rulesapi.Warning, error) {
	return nil, nil
}

// wardWithTasks is a ward whose tasks follow its alerts, and its alerts its tasks, as in the whole house.
func wardWithTasks(t *testing.T) (*ward, *tasks.Module) {
	t.Helper()
	known, err := library()
	if err != nil {
		t.Fatal(err)
	}
	d := testkit.NewDatabase(t)
	bus := events.NewBus()
	declareForTasks(bus)
	w := &ward{house: houseOf(bus, d.Clock, known), Database: d, ctx: db.WithScope(context.Background(), testkit.NewScope())}
	work := tasks.New(tasks.Deps{Bus: bus, Clock: d.Clock, Facilities: facilities.Reader{}, Encounters: encounters.Reader{},
		Patients: patients.Reader{}, Users: iam.Reader{}, Packs: known, Alerts: alerts.Reader{}, Gate: openGate{}})
	work.Subscribe()
	w.alerts.Subscribe()
	w.act(t, func(tx db.Tx) { w.hire(w.ctx, t, tx) })
	return w, work
}

func houseOf(bus *events.Bus, now *clock.Manual, known *packs.Library) house {
	h := house{bus: bus, clock: now, colleague: uuid.New(), nurse: uuid.New(), technician: uuid.New(), pathologist: uuid.New(), admin: uuid.New()}
	h.alerts = alerts.New(alerts.Deps{Bus: bus, Clock: now, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{}, Packs: known})
	return h
}

func declareForTasks(b *events.Bus) {
	events.Declare[encountersapi.Created](b, "encounters")
	events.Declare[encountersapi.CheckedIn](b, "encounters")
	events.Declare[encountersapi.ConsultStarted](b, "encounters")
	events.Declare[encountersapi.Closed](b, "encounters")
	events.Declare[encountersapi.Cancelled](b, "encounters")
	events.Declare[encountersapi.VitalsRecorded](b, "encounters")
	events.Declare[encountersapi.AssessmentRecorded](b, "encounters")
	events.Declare[encountersapi.PlanRecorded](b, "encounters")
	events.Declare[encountersapi.NoteRecorded](b, "encounters")
	events.Declare[clinicaldocsapi.DocumentFinalized](b, "clinicaldocs")
	events.Declare[clinicaldocsapi.DocumentAmended](b, "clinicaldocs")
	events.Declare[ordersapi.Created](b, "orders")
	events.Declare[ordersapi.ItemCompleted](b, "orders")
	events.Declare[ordersapi.ItemCancelled](b, "orders")
	events.Declare[labapi.SampleCollected](b, "lab")
	events.Declare[labapi.SampleReceived](b, "lab")
	events.Declare[labapi.SampleRejected](b, "lab")
	events.Declare[labapi.ResultEntered](b, "lab")
	events.Declare[labapi.ResultVerified](b, "lab")
	events.Declare[labapi.ResultReleased](b, "lab")
	events.Declare[labapi.TestOverdue](b, "lab")
	events.Declare[qualitycontrolapi.RunViolated](b, "qualitycontrol")
	events.Declare[qualitycontrolapi.HoldResolved](b, "qualitycontrol")
	events.Declare[rulesapi.RuleFired](b, "rules")
	events.Declare[iamapi.UserDisabled](b, "iam")
	events.Declare[iamapi.MembershipChanged](b, "iam")
}

// visit is an encounter of its own for each round.
func (w *ward) visit(t *testing.T) (e encountersapi.Encounter) {
	t.Helper()
	w.act(t, func(tx db.Tx) {
		e = encounterstest.Encounter(w.ctx, t, tx, encounterstest.With{Status: encountersapi.StatusInConsult})
	})
	return e
}

func (w *ward) raiseIn(t *testing.T, e encountersapi.Encounter) (entered labapi.ResultEntered, alertID uuid.UUID) {
	t.Helper()
	entered = w.result(e)
	w.act(t, func(tx db.Tx) { w.happen(w.ctx, t, tx, entered) })
	w.act(t, func(tx db.Tx) { alertID = w.list(w.ctx, t, tx)[0].ID })
	return entered, alertID
}

// together lets acts meet. Each may come too late for its move and nothing else: a deadlock above all is a fault.
func (w *ward) together(t *testing.T, acts ...func(ctx context.Context, tx db.Tx) error) {
	t.Helper()
	ctx := as(w.ctx, w.doctor, []string{"doctor"})
	var acting sync.WaitGroup
	start := make(chan struct{})
	for _, act := range acts {
		acting.Go(func() {
			<-start
			err := w.Pool.InTx(ctx, func(tx db.Tx) error { return act(ctx, tx) })
			var refused *errs.Error
			if err != nil && !(errors.As(err, &refused) && refused.Kind == errs.KindConflict) {
				t.Error(err)
			}
		})
	}
	close(start)
	acting.Wait()
}

func (w *ward) acknowledges(alertID uuid.UUID) func(context.Context, db.Tx) error {
	return func(ctx context.Context, tx db.Tx) error {
		_, err := w.alerts.Acknowledge(ctx, tx, acknowledgeInput(alertID))
		return err
	}
}

func (w *ward) enters(e labapi.ResultEntered) func(context.Context, db.Tx) error {
	return func(ctx context.Context, tx db.Tx) error { return w.bus.Publish(ctx, tx, e) }
}

// state gives the encounter's alerts and its task, which is to do exactly while one of them is open.
func (w *ward) state(t *testing.T, e encountersapi.Encounter) (all []alerts.Alert, task string) {
	t.Helper()
	w.act(t, func(tx db.Tx) {
		all = w.list(w.ctx, t, tx, func(in *alerts.ListInput) { in.EncounterID = e.ID })
		err := tx.QueryRow(w.ctx, `SELECT status FROM tasks.task WHERE tenant_id = $1 AND encounter_id = $2 AND code = $3`,
			tx.Scope().TenantID, e.ID, labapi.TaskCriticalResult).Scan(&task)
		if err != nil {
			t.Error(err)
		}
	})
	open := slices.ContainsFunc(all, func(a alerts.Alert) bool { return a.Status == "OPEN" })
	if toDo := task == "OPEN" || task == "IN_PROGRESS"; toDo != open {
		t.Errorf("the task is %s, open alerts: %v", task, open)
	}
	return all, task
}

const rounds = 12

func TestTwoAcknowledgementsOfOneEncounterEndItsTask(t *testing.T) {
	t.Parallel()
	w, _ := wardWithTasks(t)
	for range rounds {
		e := w.visit(t)
		_, one := w.raiseIn(t, e)
		_, two := w.raiseIn(t, e)
		w.together(t, w.acknowledges(one), w.acknowledges(two))
		if _, task := w.state(t, e); task != "DONE" {
			t.Fatalf("the task is %s though both are acknowledged", task)
		}
	}
}

func TestAnAcknowledgementIsOfOneResult(t *testing.T) {
	t.Parallel()
	w, _ := wardWithTasks(t)
	for range rounds {
		e := w.visit(t)
		_, one := w.raiseIn(t, e)
		other := w.result(e)
		w.together(t, w.acknowledges(one), w.enters(other))
		all, _ := w.state(t, e)
		for _, a := range all {
			if want := a.ID == one; (a.Status == "ACKNOWLEDGED") != want {
				t.Fatalf("%s of %v, acknowledged was %v", a.Status, a.ID, one)
			}
		}
	}
}

func TestAcknowledgingWhileTheResultIsEnteredAgain(t *testing.T) {
	t.Parallel()
	w, _ := wardWithTasks(t)
	for range rounds {
		e := w.visit(t)
		first, one := w.raiseIn(t, e)
		second, two := w.raiseIn(t, e)
		w.together(t, w.acknowledges(one), w.enters(next(first, false, "K")), w.acknowledges(two), w.enters(next(second, false)))
		all, _ := w.state(t, e)
		if len(all) != 3 || all[0].Status != "OPEN" {
			t.Fatalf("of %d alerts the last is %s", len(all), all[0].Status)
		}
	}
}

func TestTheTaskByHandMeetsAcknowledgements(t *testing.T) {
	t.Parallel()
	w, work := wardWithTasks(t)
	for range rounds {
		e := w.visit(t)
		_, one := w.raiseIn(t, e)
		_, two := w.raiseIn(t, e)
		var taskID uuid.UUID
		w.act(t, func(tx db.Tx) {
			err := tx.QueryRow(w.ctx, `SELECT id FROM tasks.task WHERE tenant_id = $1 AND encounter_id = $2`, tx.Scope().TenantID, e.ID).Scan(&taskID)
			if err != nil {
				t.Fatal(err)
			}
		})
		w.together(t, w.acknowledges(one), w.acknowledges(two), func(ctx context.Context, tx db.Tx) error {
			_, err := work.Complete(ctx, tx, tasks.CompleteInput{ByID: tasks.ByID{ID: taskID}})
			return err
		}, func(ctx context.Context, tx db.Tx) error {
			_, err := work.Cancel(ctx, tx, tasks.ByID{ID: taskID})
			return err
		})
		if all, _ := w.state(t, e); len(all) != 2 || all[0].Status != "ACKNOWLEDGED" || all[1].Status != "ACKNOWLEDGED" {
			t.Fatalf("got %v", all)
		}
	}
}
