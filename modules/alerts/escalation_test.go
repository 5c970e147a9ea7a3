package alerts_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

func text(s string) *string { return &s }

// policy writes how a kind escalates.
func (h house) policy(ctx context.Context, t testing.TB, tx db.Tx, kind string, repeats int, steps ...alerts.Step) {
	t.Helper()
	in := alerts.PutPolicyInput{ByKind: alerts.ByKind{Kind: kind}}
	in.Body.Steps, in.Body.Repeats = steps, repeats
	if _, err := h.alerts.PutPolicy(ctx, tx, in); err != nil {
		t.Fatal(err)
	}
}

func TestAnUnansweredAlertGoesThroughItsSteps(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.act(t, func(tx db.Tx) {
		w.policy(w.ctx, t, tx, "critical_result", 1, alerts.Step{AfterMinutes: 10, ToRole: text("pathologist")}, alerts.Step{AfterMinutes: 5, ToRole: text("nurse")})
	})
	alertID := w.raise(t).ID
	for _, c := range []struct {
		after time.Duration
		level int32
		more  bool
	}{
		{9*time.Minute + 59*time.Second, 0, true}, {time.Second, 1, true}, {4 * time.Minute, 1, true}, {time.Minute, 2, true}, {5 * time.Minute, 3, true}, {24 * time.Hour, 4, true},
	} {
		w.later(t, c.after)
		if got := w.now(t, alertID); got.Level != c.level || (got.NextEscalationAt != nil) != c.more {
			t.Errorf("%v later: level %d, next %v", c.after, got.Level, got.NextEscalationAt)
		}
	}
	got := w.now(t, alertID)
	var toldOf [][]uuid.UUID
	for _, line := range got.History[1:] {
		var people []uuid.UUID
		for _, p := range line.Recipients {
			people = append(people, p.ID)
		}
		toldOf = append(toldOf, people)
	}
	if !slices.EqualFunc(toldOf, [][]uuid.UUID{{w.pathologist}, {w.nurse}, {w.nurse}, {w.nurse}}, same) || !slices.Equal(acts(got), []string{"raised", "escalated", "escalated", "escalated", "escalated"}) {
		t.Errorf("told %v by %v", toldOf, acts(got))
	}
	if !same(recipients(got), []uuid.UUID{w.doctor, w.pathologist, w.nurse}) {
		t.Errorf("it is for %v", got.Recipients)
	}
	w.act(t, func(tx db.Tx) {
		if n := told(w.ctx, t, tx, "alerts.escalated.v1"); n != 4 {
			t.Errorf("%d escalations were told", n)
		}
	})
}

func TestTheJobRunsTwiceWithoutHarm(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	alertID := w.raise(t).ID
	w.later(t, 15*time.Minute)
	w.later(t, 0)
	if got := w.now(t, alertID); got.Level != 1 || len(got.History) != 2 {
		t.Errorf("level %d, history %v", got.Level, acts(got))
	}
}

func TestOfSeveralNodesOneEscalates(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	var alertIDs []uuid.UUID
	for range 8 {
		alertIDs = append(alertIDs, w.raise(t).ID)
	}
	second, err := db.Open(context.Background(), w.Pool.Raw().Config().ConnString(), db.Options{Clock: w.Clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	w.Clock.Advance(15 * time.Minute)
	var running sync.WaitGroup
	for n := range 6 {
		running.Go(func() {
			if err := w.alerts.Escalate(context.Background(), []*db.Pool{w.Pool, second}[n%2]); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	for _, alertID := range alertIDs {
		if got := w.now(t, alertID); got.Level != 1 || len(got.History) != 2 {
			t.Errorf("level %d, history %v", got.Level, acts(got))
		}
	}
}

// A node that was away for hours asks for help once, not through every step at once.
func TestStepsThatWereMissedAreNotMadeUpForAtOnce(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	alertID := w.raise(t).ID
	w.later(t, 12*time.Hour)
	got := w.now(t, alertID)
	if got.Level != 1 || !got.NextEscalationAt.Equal(w.Clock.Now().Add(15*time.Minute)) {
		t.Errorf("level %d, next %v", got.Level, got.NextEscalationAt)
	}
}

func TestAStepThatReachesNobodyIsPassedOver(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.act(t, func(tx db.Tx) {
		w.policy(w.ctx, t, tx, "critical_result", 0, alerts.Step{AfterMinutes: 10, ToTeam: text("no_such_team")}, alerts.Step{AfterMinutes: 90, ToRole: text("radiologist")},
			alerts.Step{AfterMinutes: 90, ToRole: text("nurse")})
	})
	alertID := w.raise(t).ID
	w.later(t, 10*time.Minute)
	if got := w.now(t, alertID); got.Level != 3 || !same(recipients(got), []uuid.UUID{w.doctor, w.nurse}) || got.NextEscalationAt == nil {
		t.Errorf("level %d, for %v, next %v", got.Level, got.Recipients, got.NextEscalationAt)
	}
}

func TestWhenNoStepReachesAnybodyTheAdministratorsAreTold(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.act(t, func(tx db.Tx) {
		w.policy(w.ctx, t, tx, "critical_result", 0, alerts.Step{AfterMinutes: 10, ToRole: text("radiologist")})
	})
	alertID := w.raise(t).ID
	w.later(t, 10*time.Minute)
	if got := w.now(t, alertID); got.Level != 1 || !same(recipients(got), []uuid.UUID{w.doctor, w.admin}) {
		t.Errorf("level %d, for %v", got.Level, got.Recipients)
	}
}

func TestNobodyIsToldOfWhatIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	seen, over := w.raise(t).ID, w.raise(t).ID
	w.act(t, func(tx db.Tx) {
		if _, err := w.alerts.Acknowledge(w.ctx, tx, acknowledgeInput(seen)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.alerts.Resolve(w.ctx, tx, resolveInput(over, "Done")); err != nil {
			t.Fatal(err)
		}
	})
	w.later(t, 24*time.Hour)
	for _, alertID := range []uuid.UUID{seen, over} {
		if got := w.now(t, alertID); got.Level != 0 {
			t.Errorf("%s: level %d", got.Status, got.Level)
		}
	}
}

// Whatever the tenant writes while it waits, a critical result is asked about until somebody answers; other alerts end.
func TestAShortenedPolicyDoesNotSilenceACriticalResult(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	alertID := w.raise(t).ID
	for range 3 {
		w.later(t, 30*time.Minute)
	}
	w.act(t, func(tx db.Tx) {
		w.policy(w.ctx, t, tx, "critical_result", 0, alerts.Step{AfterMinutes: 10, ToRole: text("nurse")})
		w.policy(w.ctx, t, tx, "quality_control", 0, alerts.Step{AfterMinutes: 10, ToRole: text("nurse")})
		w.happen(w.ctx, t, tx, qualitycontrolapi.RunViolated{RunID: id.New(), LotID: id.New(), Analyte: "GLU", Rules: []string{"1-3s"}, HoldID: id.Ptr(id.New())})
	})
	for level := int32(4); level < 16; level++ {
		w.later(t, 30*time.Minute)
		if got := w.now(t, alertID); got.Level != level || got.NextEscalationAt == nil || !same(lastTold(got), []uuid.UUID{w.nurse}) {
			t.Fatalf("level %d, next %v, told %v", got.Level, got.NextEscalationAt, lastTold(got))
		}
	}
	w.act(t, func(tx db.Tx) {
		if got := w.list(w.ctx, t, tx, func(in *alerts.ListInput) { in.Kind = "quality_control" })[0]; got.Level != 1 || got.NextEscalationAt != nil {
			t.Errorf("of the control: level %d, next %v", got.Level, got.NextEscalationAt)
		}
	})
}

func lastTold(a alerts.Alert) []uuid.UUID {
	var people []uuid.UUID
	for _, p := range a.History[len(a.History)-1].Recipients {
		people = append(people, p.ID)
	}
	return people
}

// race makes n parallel calls and counts what came of them.
func (w *ward) race(t *testing.T, n int, call func(ctx context.Context, tx db.Tx, n int) error) (done, refused int) {
	t.Helper()
	var mu sync.Mutex
	var running sync.WaitGroup
	scope, _ := db.ScopeOf(w.ctx)
	for i := range n {
		running.Go(func() {
			each := scope
			each.UserID = []uuid.UUID{w.doctor, w.colleague, w.nurse, w.technician, w.pathologist, w.admin}[i%6]
			ctx := as(w.ctx, each.UserID, nil)
			err := w.Pool.InTx(ctx, func(tx db.Tx) error { return call(ctx, tx, i) })
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				done++
			case errors.Is(err, alerts.ErrIllegalTransition):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	running.Wait()
	return done, refused
}

func TestOfTwoWhoAcknowledgeOneIsFirst(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	for range 5 {
		alertID := w.raise(t).ID
		done, refused := w.race(t, 6, func(ctx context.Context, tx db.Tx, _ int) error {
			_, err := w.alerts.Acknowledge(ctx, tx, acknowledgeInput(alertID))
			return err
		})
		got := w.now(t, alertID)
		if done != 1 || refused != 5 || !slices.Equal(acts(got), []string{"raised", "acknowledged"}) {
			t.Errorf("%d were first, %d refused; history %v", done, refused, acts(got))
		}
	}
}

func TestAcknowledgingWhileItEscalates(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	for range 5 {
		alertID := w.raise(t).ID
		w.Clock.Advance(15 * time.Minute)
		var running sync.WaitGroup
		running.Go(func() {
			if err := w.alerts.Escalate(context.Background(), w.Pool); err != nil {
				t.Error(err)
			}
		})
		done, _ := w.race(t, 1, func(ctx context.Context, tx db.Tx, _ int) error {
			_, err := w.alerts.Acknowledge(ctx, tx, acknowledgeInput(alertID))
			return err
		})
		running.Wait()
		got := w.now(t, alertID)
		after := acts(got)
		if done != 1 || got.Status != "ACKNOWLEDGED" || got.NextEscalationAt != nil || after[len(after)-1] != "acknowledged" {
			t.Errorf("%s, next %v, history %v", got.Status, got.NextEscalationAt, after)
		}
	}
}

func TestParallelCausesRaiseOneAlert(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	entered := w.result(w.encounter)
	w.race(t, 6, func(ctx context.Context, tx db.Tx, _ int) error { return w.bus.Publish(ctx, tx, entered) })
	w.act(t, func(tx db.Tx) {
		if got := w.only(w.ctx, t, tx); len(got.History) != 6 || told(w.ctx, t, tx, "alerts.raised.v1") != 1 {
			t.Errorf("history %v", acts(got))
		}
	})
}

func TestHistoryIsNeverChanged(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.raise(t)
	for _, sql := range []string{`UPDATE alerts.history SET note = 'x'`, `DELETE FROM alerts.history`, `DELETE FROM alerts.target`, `DELETE FROM alerts.alert`} {
		if _, err := w.Pool.Read(w.ctx).Exec(w.ctx, sql); err == nil {
			t.Errorf("%s was allowed", sql)
		}
	}
}
