package load

import "math/rand/v2"

// stage is how far a visit comes. Each includes those before it.
type stage uint8

const (
	created stage = iota
	checkedIn
	measured // vitals are recorded, and the task for them is done
	inConsult
	assessed // assessment and plan are recorded, and the task for the consultation is done
	closed
)

// errand is what becomes of a task that somebody made by hand.
type errand uint8

const (
	noErrand errand = iota
	openErrand
	startedErrand
	doneErrand
	cancelledErrand
)

// paper is what becomes of a progress note.
type paper uint8

const (
	noPaper paper = iota
	draftPaper
	finalPaper
)

// shape is what happens in a visit, without saying when. It is small: a facility's are drawn before any is written, so
// that their events add up.
type shape struct {
	stage     stage
	cancelled bool
	errand    errand
	assigned  bool // the errand is somebody's
	paper     paper
	// notes and, in a long stay, vitals by turns.
	notes uint16
	long  bool
}

// largestVisit is how many events a drawn shape has at most.
const largestVisit = 20

// events counts the visit's.
func (s shape) events() int {
	n := 3 // made, with two tasks
	for _, at := range []struct {
		stage  stage
		events int
	}{{checkedIn, 1}, {measured, 3}, {inConsult, 1}, {assessed, 4}, {closed, 1}} {
		if s.stage >= at.stage {
			n += at.events
		}
	}
	n += int(s.notes) + int(s.paper)
	switch s.errand {
	case openErrand:
		n++
	case startedErrand, cancelledErrand:
		n += 2
	case doneErrand:
		n += 3
	}
	if s.assigned {
		n++
	}
	if s.cancelled {
		// The tasks still to do are cancelled with it.
		switch {
		case s.stage < measured:
			n += 3
		case s.stage < assessed:
			n += 2
		default:
			n++
		}
	}
	return n
}

// drawPast draws a visit that is over.
func drawPast(r *rand.Rand) shape {
	if r.IntN(100) < 8 {
		return shape{stage: stage(r.IntN(3)), cancelled: true} //nolint:gosec // a stage
	}
	s := shape{stage: closed}
	switch r.IntN(10) {
	case 0, 1, 2:
		s.paper = finalPaper
	case 3:
		s.paper = draftPaper
	}
	switch r.IntN(10) {
	case 0, 1:
		s.errand, s.assigned = doneErrand, r.IntN(2) == 0
	case 2:
		s.errand, s.assigned = cancelledErrand, r.IntN(2) == 0
	}
	if r.IntN(4) == 0 {
		s.notes = 1
	}
	return s
}

// drawToday draws a visit of the hours before now, most of them under way.
func drawToday(r *rand.Rand) shape {
	switch n := r.IntN(20); {
	case n < 3:
		return drawPast(r)
	case n < 4:
		return shape{stage: checkedIn, cancelled: true}
	default:
		s := shape{stage: stage(r.IntN(5))} //nolint:gosec // a stage
		if s.stage >= inConsult && r.IntN(2) == 0 {
			s.errand, s.assigned = errand(1+r.IntN(4)), r.IntN(2) == 0 //nolint:gosec // an errand
		}
		if s.stage == assessed {
			s.paper = paper(r.IntN(3)) //nolint:gosec // a paper
		}
		return s
	}
}

// filling is a visit under way of exactly so many events, at least smallestVisit.
func filling(events int) shape {
	s := shape{}
	for at := assessed; at > created; at-- {
		if (shape{stage: at}).events() <= events {
			s.stage = at
			break
		}
	}
	s.notes = uint16(events - s.events()) //nolint:gosec // fewer than largestVisit
	return s
}

// stay is a long stay, still under way, of so many events.
func stay(events int) shape {
	s := shape{stage: assessed, paper: finalPaper, errand: openErrand, long: true}
	s.notes = uint16(events - s.events()) //nolint:gosec // some hundreds
	return s
}
