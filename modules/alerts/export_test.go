package alerts

// ErrIllegalTransition for tests that tell a refusal from a failure.
var ErrIllegalTransition = errIllegalTransition
