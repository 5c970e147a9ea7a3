package alerts

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/alerts/alertsapi"
)

// matter is the model: has somebody seen it, is it dealt with.
type matter struct{ seen, dealtWith bool }

func (a matter) status() alertsapi.Status {
	switch {
	case a.dealtWith:
		return alertsapi.StatusResolved
	case a.seen:
		return alertsapi.StatusAcknowledged
	default:
		return alertsapi.StatusOpen
	}
}

func (a *matter) try(m move) bool {
	if a.dealtWith || m == acknowledge && a.seen {
		return false
	}
	a.seen = a.seen || m == acknowledge
	a.dealtWith = m == resolve
	return true
}

func TestMovesFollowTheModelOfAMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		model, status := matter{}, alertsapi.StatusOpen
		for _, m := range rapid.SliceOfN(rapid.SampledFrom(moves), 1, 8).Draw(t, "moves") {
			to, legal := after(status, m)
			if may := model.try(m); legal != may {
				t.Fatalf("%s from %s: legal %t, the model says %t", m, status, legal, may)
			}
			if !legal && to != status {
				t.Fatalf("%s from %s is refused and leads to %s", m, status, to)
			}
			if status = to; status != model.status() {
				t.Fatalf("%s leads to %s, the model says %s", m, status, model.status())
			}
		}
	})
}

// An alert that nobody answers goes through its steps in their order, the last one again as often as the policy says,
// each time later, and then no more.
func TestEveryStepIsTakenOnceAndTheLastOneRepeats(t *testing.T) {
	t.Parallel()
	role := "doctor"
	rapid.Check(t, func(t *rapid.T) {
		e := escalation{repeats: rapid.IntRange(0, 5).Draw(t, "repeats")}
		for _, minutes := range rapid.SliceOfN(rapid.IntRange(1, 500), 0, 5).Draw(t, "minutes") {
			e.steps = append(e.steps, Step{AfterMinutes: minutes, ToRole: &role})
		}
		var taken []int
		at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
		for level := 0; ; level++ {
			due := e.due(level, at)
			step, more := e.at(level)
			if (due != nil) != more {
				t.Fatalf("level %d: a step %t, a time %v", level, more, due)
			}
			if due == nil {
				break
			}
			if !due.After(at) {
				t.Fatalf("level %d is due at %v, not after %v", level, due, at)
			}
			taken, at = append(taken, step.AfterMinutes), *due
		}
		var want []int
		for _, s := range e.steps {
			want = append(want, s.AfterMinutes)
		}
		for range e.repeats {
			if len(e.steps) > 0 {
				want = append(want, want[len(want)-1])
			}
		}
		if !slices.Equal(taken, want) {
			t.Fatalf("took %v, want %v", taken, want)
		}
	})
}

func TestEveryKindOfTheHouseEscalates(t *testing.T) {
	t.Parallel()
	for _, kind := range append(slices.Clone(HouseKinds), alertsapi.KindRulePrefix+"base.something") {
		if e := builtInOf(kind); len(e.steps) == 0 {
			t.Errorf("nobody hears again of %s", kind)
		}
	}
	for _, m := range moves {
		if permissionTo[m] == "" {
			t.Errorf("nobody may %s", m)
		}
	}
}
