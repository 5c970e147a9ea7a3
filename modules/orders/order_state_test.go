package orders

import (
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// errand is the model of an item: has it begun, is it done, was it given up.
type errand struct{ begun, done, dropped bool }

func (e *errand) try(m move) bool {
	switch m {
	case start:
		if e.done || e.dropped {
			return false
		}
		e.begun = true
	case complete:
		if e.dropped {
			return false
		}
		e.done = true
	case cancel:
		if e.done {
			return false
		}
		e.dropped = true
	}
	return true
}

func (e errand) status() ordersapi.ItemStatus {
	switch {
	case e.dropped:
		return ordersapi.ItemStatusCancelled
	case e.done:
		return ordersapi.ItemStatusCompleted
	case e.begun:
		return ordersapi.ItemStatusInProgress
	default:
		return ordersapi.ItemStatusRequested
	}
}

// statusOf is what a person would say of a list of errands: nothing left of it, all done that is left, touched, untouched.
func statusOf(list []errand) ordersapi.Status {
	left, done, touched := 0, 0, 0
	for _, e := range list {
		if e.dropped {
			continue
		}
		left++
		if e.done {
			done++
		}
		if e.begun || e.done {
			touched++
		}
	}
	switch {
	case left == 0:
		return ordersapi.StatusCancelled
	case done == left:
		return ordersapi.StatusCompleted
	case touched > 0:
		return ordersapi.StatusInProgress
	default:
		return ordersapi.StatusCreated
	}
}

func TestAnOrderFollowsTheModelOfAListOfErrands(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 5).Draw(t, "items")
		model, items := make([]errand, size), make([]ordersapi.ItemStatus, size)
		for i := range items {
			items[i] = ordersapi.ItemStatusRequested
		}
		over := false
		for range rapid.IntRange(0, 20).Draw(t, "moves") {
			i, m := rapid.IntRange(0, size-1).Draw(t, "item"), rapid.SampledFrom([]move{start, complete, cancel}).Draw(t, "move")
			to, legal := after(items[i], m)
			if may := model[i].try(m); legal != may {
				t.Fatalf("%s from %s: legal %t, the model says %t", m, items[i], legal, may)
			}
			if !legal {
				continue
			}
			if items[i] = to; to != model[i].status() {
				t.Fatalf("%s leads to %s, the model says %s", m, to, model[i].status())
			}
			if again, legal := after(to, m); !legal || again != to {
				t.Fatalf("%s cannot be repeated", m)
			}
			status := derive(items)
			if want := statusOf(model); status != want {
				t.Fatalf("items %v make the order %s, the model says %s", items, status, want)
			}
			ended := status == ordersapi.StatusCompleted || status == ordersapi.StatusCancelled
			if over && !ended {
				t.Fatalf("an order that was over is %s again", status)
			}
			over = ended
		}
	})
}
