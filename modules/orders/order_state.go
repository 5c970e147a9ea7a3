package orders

import "hmsoftware.com/hm/modules/orders/ordersapi"

// move is what can be done to an item. Those that have a route are named as it is.
type move string

const (
	start    move = "start"
	complete move = "complete"
	cancel   move = "cancel"
)

// steps says where a move leads an item; to where it is already, when what it wants holds. What is not here is illegal:
// nothing leads out of COMPLETED and CANCELLED.
var steps = map[move]map[ordersapi.ItemStatus]ordersapi.ItemStatus{
	start: {
		ordersapi.ItemStatusRequested:  ordersapi.ItemStatusInProgress,
		ordersapi.ItemStatusInProgress: ordersapi.ItemStatusInProgress,
	},
	complete: {
		ordersapi.ItemStatusRequested:  ordersapi.ItemStatusCompleted,
		ordersapi.ItemStatusInProgress: ordersapi.ItemStatusCompleted,
		ordersapi.ItemStatusCompleted:  ordersapi.ItemStatusCompleted,
	},
	cancel: {
		ordersapi.ItemStatusRequested:  ordersapi.ItemStatusCancelled,
		ordersapi.ItemStatusInProgress: ordersapi.ItemStatusCancelled,
		ordersapi.ItemStatusCancelled:  ordersapi.ItemStatusCancelled,
	},
}

// after gives the status that a move leads to; false when it is illegal from here.
func after(from ordersapi.ItemStatus, m move) (ordersapi.ItemStatus, bool) {
	to, legal := steps[m][from]
	return to, legal
}

// isOpen tells whether an item of this status still waits for someone.
func isOpen(s ordersapi.ItemStatus) bool {
	return s == ordersapi.ItemStatusRequested || s == ordersapi.ItemStatusInProgress
}

// derive gives the status of an order from those of its items, of which it has at least one. What was cancelled counts
// for nothing while anything else is there.
func derive(items []ordersapi.ItemStatus) ordersapi.Status {
	count := map[ordersapi.ItemStatus]int{}
	for _, status := range items {
		count[status]++
	}
	switch {
	case count[ordersapi.ItemStatusCancelled] == len(items):
		return ordersapi.StatusCancelled
	case count[ordersapi.ItemStatusRequested]+count[ordersapi.ItemStatusInProgress] == 0:
		return ordersapi.StatusCompleted
	case count[ordersapi.ItemStatusInProgress]+count[ordersapi.ItemStatusCompleted] > 0:
		return ordersapi.StatusInProgress
	default:
		return ordersapi.StatusCreated
	}
}
