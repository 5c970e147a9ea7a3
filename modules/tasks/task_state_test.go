package tasks

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// job is the model: has it begun, is it done, was it given up.
type job struct{ begun, done, dropped bool }

func (j job) status() tasksapi.Status {
	switch {
	case j.dropped:
		return tasksapi.StatusCancelled
	case j.done:
		return tasksapi.StatusDone
	case j.begun:
		return tasksapi.StatusInProgress
	default:
		return tasksapi.StatusOpen
	}
}

// try makes a move if a job allows it.
func (j *job) try(m move) bool {
	switch m {
	case start:
		if j.done || j.dropped {
			return false
		}
		j.begun = true
	case complete:
		if j.dropped {
			return false
		}
		j.begun, j.done = true, true
	case reopen:
		if j.dropped || !j.begun {
			return false
		}
		j.done = false
	case cancel:
		if j.done {
			return false
		}
		j.dropped = true
	default:
		return !j.done && !j.dropped
	}
	return true
}

func TestMovesFollowTheModelOfAJob(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		model, status := job{}, tasksapi.StatusOpen
		for _, m := range rapid.SliceOfN(rapid.SampledFrom(moves), 1, 16).Draw(t, "moves") {
			through, legal := path(status, m)
			if may := model.try(m); legal != may {
				t.Fatalf("%s from %s: legal %t, the model says %t", m, status, legal, may)
			}
			before := status
			for _, to := range through {
				if to == status {
					t.Fatalf("%s from %s passes through %s twice", m, before, to)
				}
				status = to
			}
			if status != model.status() {
				t.Fatalf("%s from %s leads to %s, the model says %s", m, before, status, model.status())
			}
			if m != assign && m != unassign && changes(before, true, m) != (legal && before != status) {
				t.Fatalf("%s from %s is offered wrongly", m, before)
			}
			if _, again := path(status, m); legal && !again {
				t.Fatalf("%s cannot be repeated", m)
			}
		}
	})
}

func TestNoMoveIsUnknown(t *testing.T) {
	t.Parallel()
	for m := range steps {
		if !slices.Contains(moves, m) || permissionTo[m] == "" {
			t.Errorf("%s is not listed, or nobody may make it", m)
		}
	}
}
