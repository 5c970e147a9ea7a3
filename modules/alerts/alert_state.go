package alerts

import "hmsoftware.com/hm/modules/alerts/alertsapi"

// move is something that a person does with an alert, named as its route is.
type move string

const (
	acknowledge move = "acknowledge"
	resolve     move = "resolve"
)

// moves in the order in which screens offer them.
var moves = []move{acknowledge, resolve}

// statuses of an alert.
var statuses = []alertsapi.Status{alertsapi.StatusOpen, alertsapi.StatusAcknowledged, alertsapi.StatusResolved}

// after gives the status that a move leads to, and whether it may be made. What is over stays over; what is dealt with
// need not have been acknowledged.
func after(from alertsapi.Status, m move) (alertsapi.Status, bool) {
	switch {
	case m == acknowledge && from == alertsapi.StatusOpen:
		return alertsapi.StatusAcknowledged, true
	case m == resolve && from != alertsapi.StatusResolved:
		return alertsapi.StatusResolved, true
	}
	return from, false
}
