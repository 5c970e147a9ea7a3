package lab

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/lab/labapi"
)

// vial is a sample as a person would tell its life: what was done with it, and no more.
type vial struct{ received, rejected, stored, discarded bool }

func (t vial) status() labapi.SampleStatus {
	switch {
	case t.rejected:
		return labapi.SampleStatusRejected
	case t.discarded:
		return labapi.SampleStatusDiscarded
	case t.stored:
		return labapi.SampleStatusStored
	case t.received:
		return labapi.SampleStatusReceived
	}
	return labapi.SampleStatusCollected
}

// do makes a move where sense allows it: nothing is done twice, and nothing with what is rejected or thrown away.
func (t vial) do(m sampleMove) (vial, bool) {
	gone := t.rejected || t.discarded
	switch {
	case m == receive && !t.received && !gone:
		t.received = true
	case m == reject && !gone:
		t.rejected = true
	case m == store && t.received && !t.stored && !gone:
		t.stored = true
	case m == discard && t.received && !gone:
		t.discarded = true
	default:
		return t, false
	}
	return t, true
}

func TestASamplesMovesAreThoseOfATube(t *testing.T) {
	t.Parallel()
	moves := []sampleMove{receive, reject, store, discard}
	rapid.Check(t, func(t *rapid.T) {
		model, status := vial{}, labapi.SampleStatusCollected
		for range 10 {
			m := rapid.SampledFrom(moves).Draw(t, "move")
			to, legal := afterMove(status, m)
			next, sensible := model.do(m)
			if legal != sensible {
				t.Fatalf("%s from %s is legal: %t, sensible: %t", m, status, legal, sensible)
			}
			if !legal {
				continue
			}
			if to != next.status() {
				t.Fatalf("%s from %s leads to %s, not %s", m, status, to, next.status())
			}
			model, status = next, to
		}
	})
}

func TestEveryMoveOfASampleHasAPermission(t *testing.T) {
	t.Parallel()
	for move := range sampleSteps {
		if !slices.ContainsFunc(sampleMoves, func(m struct {
			move       sampleMove
			permission string
		}) bool {
			return m.move == move && m.permission != ""
		}) {
			t.Errorf("%s has no permission", move)
		}
	}
	if len(sampleMoves) != len(sampleSteps) {
		t.Errorf("%d moves have permissions, %d steps", len(sampleMoves), len(sampleSteps))
	}
}

func TestABarcodeIsTheDayAndANumber(t *testing.T) {
	t.Parallel()
	for number, want := range map[int32]string{1: "2603100001", 9999: "2603109999", 10000: "260310010000", 123456: "260310123456"} {
		if got := barcodeOf(epoch, number); got != want || len(got)%2 != 0 {
			t.Errorf("the %d. is %s, want %s", number, got, want)
		}
	}
}

func TestWordsAreFoundByTheirBeginnings(t *testing.T) {
	t.Parallel()
	texts := []string{"Meera Nair", "MAIN-26-000009", "Blood count"}
	for sought, want := range map[string]bool{"meera": true, "NAI": true, "nair mee": true, "0009": true, "eera": false, "count xyz": false, "  ": true, "ount": false} {
		if got := hasWords(sought, texts); got != want {
			t.Errorf("%q: %t", sought, got)
		}
	}
}
