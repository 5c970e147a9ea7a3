package lab

import "hmsoftware.com/hm/modules/lab/labapi"

// resultMove is what can be done to a version of a result; verify and release have routes of their names, and correct is
// the next post on the item.
type resultMove string

const (
	verify  resultMove = "verify"
	release resultMove = "release"
	correct resultMove = "correct"
)

// The statuses of a request: how far one test has come.
const (
	requestOrdered   = "ORDERED"
	requestCollected = "COLLECTED"
	requestReceived  = "RECEIVED"
	requestEntered   = "ENTERED"
	requestVerified  = "VERIFIED"
	requestReleased  = "RELEASED"
	requestCancelled = "CANCELLED"
)

// standing is what decides whether a version may move.
type standing struct {
	status labapi.ResultStatus
	// isLatest says that no version supersedes it; isCancelled that its test was cancelled.
	isLatest, isCancelled bool
	isCritical            bool
	// isNoticed says that the call about a critical value was made and read back.
	isNoticed bool
	// isHeld says that quality control holds one of its analytes back.
	isHeld bool
	// byEnterer says that whoever acts entered it, or a version before it since the last release, where four eyes are
	// asked for: by a comment nobody makes another's result of theirs.
	byEnterer bool
	// isOfAnother says that the patient's sex or age is known otherwise now than it was judged by.
	isOfAnother bool
	// isVoid says that its sample was rejected.
	isVoid bool
}

// mayVerify says why a version cannot be verified; nil when it can.
func mayVerify(s standing) error {
	switch {
	case s.isCancelled:
		return errItemNotOpen
	case !s.isLatest:
		return errNotLatest
	case s.status != labapi.ResultStatusEntered || s.isVoid:
		return errIllegalTransition.With("result_status", s.status)
	case s.isOfAnother:
		return errPersonChanged
	case s.isCritical && !s.isNoticed:
		return errNoticeRequired
	case s.byEnterer:
		return errFourEyes
	case s.isHeld:
		return errHeld
	}
	return nil
}

// mayRelease says why a version cannot be released; nil when it can.
func mayRelease(s standing) error {
	switch {
	case s.isCancelled:
		return errItemNotOpen
	case !s.isLatest:
		return errNotLatest
	case s.status == labapi.ResultStatusEntered:
		return errVerificationRequired
	case s.status != labapi.ResultStatusVerified || s.isVoid:
		return errIllegalTransition.With("result_status", s.status)
	case s.isOfAnother:
		return errPersonChanged
	case s.isHeld:
		return errHeld
	}
	return nil
}

// mayEnter says why nothing can be entered for a test of this status; nil when it can.
func mayEnter(requestStatus string) error {
	switch requestStatus {
	case requestCancelled:
		return errItemNotOpen
	case requestOrdered, requestCollected:
		return errSampleNotReceived
	}
	return nil
}
