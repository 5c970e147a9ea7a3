package encounters

import (
	"slices"

	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

// move is one step of an encounter's life, named as its route is.
type move string

const (
	checkIn      move = "check-in"
	startConsult move = "start-consult"
	closeRecord  move = "close"
	cancel       move = "cancel"
)

// moves says from where each leads where, in the order of a visit. What is not here is illegal.
var moves = []struct {
	move move
	from []encountersapi.Status
	to   encountersapi.Status
}{
	{checkIn, []encountersapi.Status{encountersapi.StatusCreated}, encountersapi.StatusCheckedIn},
	{startConsult, []encountersapi.Status{encountersapi.StatusCheckedIn}, encountersapi.StatusInConsult},
	{closeRecord, []encountersapi.Status{encountersapi.StatusInConsult}, encountersapi.StatusClosed},
	{cancel, []encountersapi.Status{encountersapi.StatusCreated, encountersapi.StatusCheckedIn, encountersapi.StatusInConsult}, encountersapi.StatusCancelled},
}

// after gives where a move leads from a status; false when it is illegal there.
func after(status encountersapi.Status, m move) (encountersapi.Status, bool) {
	for _, legal := range moves {
		if legal.move == m && slices.Contains(legal.from, status) {
			return legal.to, true
		}
	}
	return status, false
}

// movesFrom lists the moves that are legal from a status, in the order of a visit.
func movesFrom(status encountersapi.Status) []move {
	var legal []move
	for _, m := range moves {
		if slices.Contains(m.from, status) {
			legal = append(legal, m.move)
		}
	}
	return legal
}
