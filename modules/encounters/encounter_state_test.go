package encounters

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

// visit is the model: how far a patient came, and whether the visit was broken off.
type visit struct {
	steps     int // of created, checked in, in consult, closed
	cancelled bool
}

var milestones = []encountersapi.Status{encountersapi.StatusCreated, encountersapi.StatusCheckedIn, encountersapi.StatusInConsult, encountersapi.StatusClosed}

func (v visit) status() encountersapi.Status {
	if v.cancelled {
		return encountersapi.StatusCancelled
	}
	return milestones[v.steps]
}

// try makes a move if a visit allows it: the next step only, and breaking off only what is not over.
func (v *visit) try(m move) bool {
	over := v.cancelled || v.status() == encountersapi.StatusClosed
	if m == cancel {
		if !over {
			v.cancelled = true
		}
		return !over
	}
	next := slices.Index([]move{checkIn, startConsult, closeRecord}, m)
	if over || next != v.steps {
		return false
	}
	v.steps++
	return true
}

func TestMovesFollowTheModelOfAVisit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		model, status := visit{}, encountersapi.StatusCreated
		for _, m := range rapid.SliceOfN(rapid.SampledFrom([]move{checkIn, startConsult, closeRecord, cancel}), 1, 12).Draw(t, "moves") {
			offered := slices.Contains(movesFrom(status), m)
			next, legal := after(status, m)
			if may := model.try(m); legal != may || offered != may {
				t.Fatalf("%s from %s: legal %t, offered %t, the model says %t", m, status, legal, offered, may)
			}
			if status = next; status != model.status() {
				t.Fatalf("%s leads to %s, the model says %s", m, status, model.status())
			}
			if encountersapi.Open(status) != (len(movesFrom(status)) > 0) {
				t.Fatalf("%s is open exactly while there are moves", status)
			}
		}
	})
}
