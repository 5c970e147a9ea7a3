package httpx

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/telemetry"
)

// Problem is the one body of every error: RFC 9457 with HM's stable code and the request's id.
type Problem struct {
	_         struct{}     `additionalProperties:"true"`
	Type      string       `json:"type" example:"about:blank"`
	Title     string       `json:"title" example:"Conflict"`
	Status    int          `json:"status" example:"409"`
	Detail    string       `json:"detail" example:"This patient already has an active encounter here."`
	Code      string       `json:"code" example:"encounters.active_exists" doc:"Stable slug, module.reason"`
	RequestID string       `json:"request_id"`
	Errors    []errs.Field `json:"errors,omitempty" doc:"The faulty fields"`

	extra   map[string]any
	headers http.Header
}

// Error gives the code: the detail may name what the caller sent.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are headers that go with the problem, such as Retry-After.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType of a problem document.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// MarshalJSON adds the extra members beside the standard ones.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	body, err := json.Marshal((*plain)(p))
	if err != nil || len(p.extra) == 0 {
		return body, err
	}
	extra, err := json.Marshal(p.extra)
	if err != nil {
		return nil, err
	}
	return append(append(body[:len(body)-1], ','), extra[1:]...), nil
}

var statusOf = map[errs.Kind]int{
	errs.KindInternal:        http.StatusInternalServerError,
	errs.KindMalformed:       http.StatusBadRequest,
	errs.KindUnauthenticated: http.StatusUnauthorized,
	errs.KindForbidden:       http.StatusForbidden,
	errs.KindNotFound:        http.StatusNotFound,
	errs.KindConflict:        http.StatusConflict,
	errs.KindStale:           http.StatusPreconditionFailed,
	errs.KindTooLarge:        http.StatusRequestEntityTooLarge,
	errs.KindInvalid:         http.StatusUnprocessableEntity,
	errs.KindTooMany:         http.StatusTooManyRequests,
	errs.KindUnavailable:     http.StatusServiceUnavailable,
}

// What the kit itself refuses.
var (
	errInternal    = &errs.Error{Kind: errs.KindInternal, Code: "server.internal", Message: "Something went wrong on our side. Nothing was saved. Quote the request id when you report it."}
	errUnavailable = errs.Unavailable("server.unavailable", "The database does not answer just now. Nothing was saved; try again in a moment.", 2e9)
	errInDoubt     = errs.Unavailable("server.outcome_unknown", "The database stopped answering while this was being saved, so it may be saved or not. Look first, or send it again with the Idempotency-Key it had.", 2e9)
	errNotFound    = errs.NotFound("request.not_found", "There is nothing at this address.")
	errMethod      = &errs.Error{Kind: errs.KindMalformed, Code: "request.method_not_allowed", Message: "This address does not take this method."}
	errUnreadable  = errs.Malformed("request.malformed", "The request cannot be read.")
	errTooLarge    = errs.TooLarge("request.too_large", "The request is larger than allowed here.")
	errInvalid     = errs.Invalid("request.invalid", "The request has faults; see errors.")
	errNUL         = errs.Invalid("request.invalid", "Text must not contain the NUL character.")
	errUTF8        = errs.Invalid("request.invalid", "Text must be valid UTF-8.")
)

// problemOf maps any error to the answer. Errors that are not meant for the caller are logged with their request id
// and answered without their text.
func problemOf(ctx context.Context, err error) *Problem {
	e := errs.Of(err)
	if e == nil {
		switch {
		case errors.Is(err, db.ErrInDoubt):
			slog.WarnContext(ctx, "database lost during a commit", "error", db.Describe(err))
			e = errInDoubt
		case db.IsUnavailable(err):
			slog.WarnContext(ctx, "database unavailable", "error", db.Describe(err))
			e = errUnavailable
		default:
			slog.ErrorContext(ctx, "internal error", "error", db.Describe(err))
			e = errInternal
		}
	}
	p := newProblem(ctx, statusOf[e.Kind], e.Code, e.Message)
	p.Errors, p.extra = e.Fields, e.Extra
	if e.RetryAfter > 0 {
		p.headers = http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds())))}}
	}
	if e.Kind == errs.KindUnauthenticated {
		p.headers = http.Header{"Www-Authenticate": {"Bearer"}}
	}
	return p
}

func newProblem(ctx context.Context, status int, code, detail string) *Problem {
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: code,
		RequestID: telemetry.RequestID(ctx),
	}
}

func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(r.Context(), err)
	if errors.Is(err, errMethod) {
		p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	}
	for name, values := range p.headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	body, _ := json.Marshal(p)
	_, _ = w.Write(body)
}

// fromHuma turns the framework's refusals (parsing, validation) into problems. Values that were sent are left out.
func fromHuma(ctx huma.Context, status int, message string, details ...error) huma.StatusError {
	background := context.Background()
	if ctx != nil {
		background = ctx.Context()
	}
	var e *errs.Error
	switch status {
	case 0:
		// Asked for the schema of errors, at registration.
		return &Problem{}
	case http.StatusBadRequest, http.StatusRequestTimeout, http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		e = errUnreadable
	case http.StatusRequestEntityTooLarge:
		e = errTooLarge
	case http.StatusUnprocessableEntity:
		e = errInvalid
	default:
		all := errors.Join(append([]error{errors.New(message)}, details...)...)
		if message == "cannot read request body" {
			// The client hung up or its connection broke; there is nobody left to tell.
			return problemOf(background, errUnreadable)
		}
		return problemOf(background, all)
	}
	for _, err := range details {
		var detailer huma.ErrorDetailer
		if errors.As(err, &detailer) {
			d := detailer.ErrorDetail()
			if d.Message == errBodyText.Error() {
				return problemOf(background, errNUL.At("body", "Contains a NUL character."))
			}
			if status == http.StatusUnsupportedMediaType {
				e = e.At(d.Location, "Send JSON, with the Content-Type application/json.")
				continue
			}
			if field, words, found := strings.Cut(d.Message, unreadableMark); found {
				e = e.At(strings.TrimSuffix(d.Location+"."+field, "."), words)
				continue
			}
			if field, missing := missingField(d.Message); missing {
				e = e.At(d.Location+"."+field, "Is required.")
				continue
			}
			if field, null := strings.CutPrefix(d.Message, mustNotBeNull); null {
				e = e.At(d.Location+"."+field, "Must not be null.")
				continue
			}
			e = e.At(d.Location, sentence(withoutLibrary(d.Message)))
		}
	}
	if len(details) == 0 && message != "" {
		c := *e
		c.Message = sentence(message)
		e = &c
	}
	p := problemOf(background, e)
	p.Status, p.Title = status, http.StatusText(status)
	return p
}

// missingField takes the field's name out of the framework's sentence about it, which it says of the object around it.
func missingField(message string) (field string, missing bool) {
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	rest, begins := strings.CutPrefix(message, before)
	field, ends := strings.CutSuffix(rest, after)
	return field, begins && ends
}

// withoutLibrary leaves out what the library said that the framework asked: its words are for programmers.
func withoutLibrary(message string) string {
	for _, format := range []string{validation.MsgExpectedRFC4122UUID, validation.MsgExpectedRFC5322Email, validation.MsgExpectedRFC3986URI} {
		if words, _, _ := strings.Cut(format, ": %v"); strings.HasPrefix(message, words) {
			return words
		}
	}
	return message
}

func sentence(text string) string {
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

func init() {
	// Go's decoder takes NAME for name, the last one winning: what was checked would not be what is stored.
	huma.ValidateStrictCasing = true
	huma.NewErrorWithContext = fromHuma
	// The schema of errors in the OpenAPI document is taken from what this returns.
	huma.NewError = func(status int, message string, details ...error) huma.StatusError {
		return fromHuma(nil, status, message, details...)
	}
}
