// Package errs holds the kinds of error HM answers with. A kind maps to one HTTP status (kit/httpx);
// a code is a stable slug for machines, "module.reason"; the message is a sentence for people.
// Neither may carry patient data: both are logged.
package errs

import (
	"errors"
	"maps"
	"slices"
	"time"
)

// Kind says what went wrong in a way every module shares.
type Kind int

// The kinds, each with the HTTP status it becomes.
const (
	KindInternal        Kind = iota // 500, text never shown
	KindMalformed                   // 400
	KindUnauthenticated             // 401
	KindForbidden                   // 403
	KindNotFound                    // 404
	KindConflict                    // 409
	KindStale                       // 412
	KindTooLarge                    // 413
	KindInvalid                     // 422
	KindTooMany                     // 429
	KindUnavailable                 // 503
)

// Field names one faulty field: Location as "body.bp_systolic", Message a sentence.
type Field struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// Error is an answer meant for the caller.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	Fields  []Field
	// Extra members of the problem document, such as the encounter that is already active.
	Extra map[string]any
	// Reasons are codes of what refused the act, for the audit trail; empty for an error that is not recorded there.
	Reasons []string
	// RetryAfter is how long to wait before trying again; zero says nothing.
	RetryAfter time.Duration
}

// Error gives code and message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Is makes errors.Is compare by code, so that a declared error still matches after With or At.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.Code == e.Code
}

// standard are the members every problem document has.
var standard = []string{"type", "title", "status", "detail", "code", "request_id", "errors"}

// With adds a member to the problem document. The declared error itself is not changed. The standard members are
// taken: naming one is a programming fault.
func (e *Error) With(name string, value any) *Error {
	if slices.Contains(standard, name) {
		panic("errs: " + name + " is a standard member of problem documents")
	}
	c := *e
	c.Extra = maps.Clone(e.Extra)
	if c.Extra == nil {
		c.Extra = map[string]any{}
	}
	c.Extra[name] = value
	return &c
}

// At names the faulty field. The declared error itself is not changed.
func (e *Error) At(location, message string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{Location: location, Message: message})
	return &c
}

// Because names, by their codes, the rules that refuse an act. Such a refusal goes into the audit trail, where what was
// asked for and undone would otherwise leave no trace. The declared error itself is not changed.
func (e *Error) Because(codes ...string) *Error {
	c := *e
	c.Reasons = append(slices.Clone(e.Reasons), codes...)
	return &c
}

// After sets how long the caller should wait before trying again.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

func newError(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Malformed is a request that cannot be read, or names no usable scope.
func Malformed(code, message string) *Error { return newError(KindMalformed, code, message) }

// Unauthenticated is a caller whose identity is missing, wrong or over.
func Unauthenticated(code, message string) *Error {
	return newError(KindUnauthenticated, code, message)
}

// Forbidden is a known caller who may not do this.
func Forbidden(code, message string) *Error { return newError(KindForbidden, code, message) }

// NotFound is an unknown thing, or one of another tenant or facility: both answer word for word alike.
func NotFound(code, message string) *Error { return newError(KindNotFound, code, message) }

// Conflict is an act that the present state or a uniqueness rule refuses.
func Conflict(code, message string) *Error { return newError(KindConflict, code, message) }

// Stale is an If-Match that names a version that is no longer the newest.
func Stale(code, message string) *Error { return newError(KindStale, code, message) }

// TooLarge is a body over the limit.
func TooLarge(code, message string) *Error { return newError(KindTooLarge, code, message) }

// Invalid is a readable request whose content is wrong; name the fields with At.
func Invalid(code, message string) *Error { return newError(KindInvalid, code, message) }

// TooMany is a caller who must slow down.
func TooMany(code, message string, retryAfter time.Duration) *Error {
	return newError(KindTooMany, code, message).After(retryAfter)
}

// Unavailable is a dependency that does not answer now but will.
func Unavailable(code, message string, retryAfter time.Duration) *Error {
	return newError(KindUnavailable, code, message).After(retryAfter)
}

// Of gives the *Error inside err, or nil when err is not one: then it is internal.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
