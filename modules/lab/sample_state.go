package lab

import "hmsoftware.com/hm/modules/lab/labapi"

// sampleMove is what can be done to a sample; each has a route of its name.
type sampleMove string

const (
	receive sampleMove = "receive"
	reject  sampleMove = "reject"
	store   sampleMove = "store"
	discard sampleMove = "discard"
)

// sampleMoves in the order in which answers list them, each with the permission that it needs.
var sampleMoves = []struct {
	move       sampleMove
	permission string
}{{receive, CanReceive}, {reject, CanReject}, {store, CanStore}, {discard, CanStore}}

// sampleSteps says where a move leads a sample. What is not here is illegal, a move made twice too: of two who scan the
// same tube, the second must hear of it.
var sampleSteps = map[sampleMove]map[labapi.SampleStatus]labapi.SampleStatus{
	receive: {labapi.SampleStatusCollected: labapi.SampleStatusReceived},
	reject: {
		labapi.SampleStatusCollected: labapi.SampleStatusRejected,
		labapi.SampleStatusReceived:  labapi.SampleStatusRejected,
		labapi.SampleStatusStored:    labapi.SampleStatusRejected,
	},
	store: {labapi.SampleStatusReceived: labapi.SampleStatusStored},
	discard: {
		labapi.SampleStatusReceived: labapi.SampleStatusDiscarded,
		labapi.SampleStatusStored:   labapi.SampleStatusDiscarded,
	},
}

// afterMove gives the status that a move leads to; false when it is illegal from here.
func afterMove(from labapi.SampleStatus, m sampleMove) (labapi.SampleStatus, bool) {
	to, legal := sampleSteps[m][from]
	return to, legal
}
