package tasks

import "hmsoftware.com/hm/modules/tasks/tasksapi"

// move is what can be done to a task, named as its route is.
type move string

const (
	start    move = "start"
	complete move = "complete"
	reopen   move = "reopen"
	cancel   move = "cancel"
	assign   move = "assign"
	unassign move = "unassign"
)

// moves in the order in which actions lists them.
var moves = []move{start, complete, reopen, cancel, assign, unassign}

// steps says through which statuses a move leads a task, none when what it wants already holds. What is not here is
// illegal: for a person nothing leads out of CANCELLED, and a task that was never done cannot be done again.
var steps = map[move]map[tasksapi.Status][]tasksapi.Status{
	start: {
		tasksapi.StatusOpen:       {tasksapi.StatusInProgress},
		tasksapi.StatusInProgress: {},
	},
	complete: {
		tasksapi.StatusOpen:       {tasksapi.StatusInProgress, tasksapi.StatusDone},
		tasksapi.StatusInProgress: {tasksapi.StatusDone},
		tasksapi.StatusDone:       {},
	},
	reopen: {
		tasksapi.StatusDone:       {tasksapi.StatusInProgress},
		tasksapi.StatusInProgress: {},
	},
	cancel: {
		tasksapi.StatusOpen:       {tasksapi.StatusCancelled},
		tasksapi.StatusInProgress: {tasksapi.StatusCancelled},
		tasksapi.StatusCancelled:  {},
	},
	// Whose task it is can change while there is something to do; the status stays.
	assign:   {tasksapi.StatusOpen: {}, tasksapi.StatusInProgress: {}},
	unassign: {tasksapi.StatusOpen: {}, tasksapi.StatusInProgress: {}},
}

// path gives the statuses a move leads through; false when it is illegal from here.
func path(from tasksapi.Status, m move) ([]tasksapi.Status, bool) {
	through, legal := steps[m][from]
	return through, legal
}

// changes tells whether a move would do something to a task of this status and assignment.
func changes(from tasksapi.Status, assigned bool, m move) bool {
	through, legal := path(from, m)
	switch m {
	case assign:
		return legal
	case unassign:
		return legal && assigned
	default:
		return legal && len(through) > 0
	}
}

// toDo tells whether a task of this status still waits for someone.
func toDo(s tasksapi.Status) bool {
	return s == tasksapi.StatusOpen || s == tasksapi.StatusInProgress
}
