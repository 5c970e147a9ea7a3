// Package outbound is what every way out of the house has in common: what can go wrong with a message, when to try
// again, and to leave a server alone that does not answer.
//
// A sender hands a message over in one step that cannot be called back, such as the end of an SMTP message. Before that
// step it calls a HandOver; whatever fails before it has not been sent, and may be sent again. What fails after it, without
// a clear answer, is in doubt: it may have arrived, and sending it again may tell a person twice.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// HandOver is called right before the step that cannot be called back. Its error ends the attempt before that step.
type HandOver func(ctx context.Context) error

// Kind says what a failure means for the message.
type Kind int

// The kinds of failure.
const (
	// Away: the server could not be reached or broke off before the message was handed over. It says nothing about the
	// message, and stands in the way of all others too.
	Away Kind = iota
	// Later: the server answered that it does not take this message now.
	Later
	// Refused: the server answered that it never takes this message.
	Refused
	// Gone: the address exists no more.
	Gone
	// InDoubt: the message was handed over and no clear answer came.
	InDoubt
)

// Failure is why a message did not go out. Its text names neither the person nor the message.
type Failure struct {
	Kind Kind
	// What failed, a sentence.
	What string
	// Cause is for debugging only; it may quote an address.
	Cause error
	// After is how long the server asked to wait; zero when it said nothing.
	After time.Duration
}

// Error gives the sentence.
func (f *Failure) Error() string { return f.What }

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// Failed makes a failure.
func Failed(kind Kind, cause error, format string, args ...any) *Failure {
	return &Failure{Kind: kind, What: fmt.Sprintf(format, args...), Cause: cause}
}

// FailureOf gives the failure in err. An error of any other kind came before the message was handed over.
func FailureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Kind: Away, What: "The attempt was broken off.", Cause: err}
}

// Backoff says how long to wait after the tries-th failed attempt: First, doubled each time, at most Most, of which the
// last half is left to chance so that what failed together does not come back together.
type Backoff struct{ First, Most time.Duration }

// After the tries-th failure, with a chance from 0 up to 1.
func (b Backoff) After(tries int, chance float64) time.Duration {
	whole := float64(b.First) * math.Pow(2, float64(max(tries, 1)-1))
	whole = min(whole, float64(b.Most))
	return time.Duration(whole/2 + whole/2*chance)
}

// Circuit leaves a server alone that does not answer: after a failure nothing is sent until a while has passed, longer
// each time; then one message at a time finds out. Safe for concurrent use. One node's; it is not told to others.
type Circuit struct {
	Backoff Backoff
	Now     func() time.Time

	mu       sync.Mutex
	failures int
	until    time.Time
	trouble  string
}

// Room is how many messages may be tried now, of most.
func (c *Circuit) Room(most int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.failures == 0:
		return most
	case c.Now().Before(c.until):
		return 0
	default:
		return 1
	}
}

// Fail says that the server did not answer, and why.
func (c *Circuit) Fail(why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now()
	if c.failures > 0 && now.Before(c.until) {
		return // others of the same batch
	}
	c.failures++
	c.trouble = why
	c.until = now.Add(c.Backoff.After(c.failures, rand.Float64())) // #nosec G404 -- spreads load, hides nothing
}

// Succeed says that the server answers, and tells whether it did not before.
func (c *Circuit) Succeed() (again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	again = c.failures > 0
	c.failures, c.trouble = 0, ""
	return again
}

// Trouble is why nothing is sent, and until when; "" when nothing is wrong.
func (c *Circuit) Trouble() (string, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trouble, c.until
}
