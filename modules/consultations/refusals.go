package consultations

import (
	"errors"
	"strings"

	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// refusals gathers what the parts of a consultation answer, so that somebody who signs is told of everything at once.
// Nothing of a consultation that was refused stays: the transaction is undone as a whole.
type refusals struct {
	faults *errs.Error // fields that are wrong, of all parts
	rules  *errs.Error // rules in the way, of all parts
	other  error       // the first refusal of another kind, or a failure
}

// add takes a part's answer, and says of which part it is.
func (r *refusals) add(part string, err error) {
	e := errs.Of(err)
	switch {
	case err == nil || r.other != nil:
	case e == nil:
		r.other = err
	case errors.Is(err, rulesapi.ErrBlocked) || errors.Is(err, rulesapi.ErrReasonRequired):
		r.rules = together(r.rules, e)
	case e.Kind == errs.KindInvalid && len(e.Fields) > 0:
		r.faults = joined(r.faults, relocated(e, part))
	default:
		r.other = e.With("part", part)
	}
}

// answer is the refusal of the whole; nil when no part was refused. What is wrong in itself comes before what rules say
// of it. A part may fail only because one before it did: an internal failure after a refusal says nothing.
func (r *refusals) answer() error {
	switch {
	case r.other != nil && (errs.Of(r.other) != nil || r.faults == nil && r.rules == nil):
		return r.other
	case r.faults != nil:
		return r.faults
	case r.rules != nil:
		return r.rules
	}
	return nil
}

// relocated gives a refusal the places of its faults in the whole request: what a part calls "body" is the part.
func relocated(e *errs.Error, part string) *errs.Error {
	moved := *e
	moved.Fields = make([]errs.Field, len(e.Fields))
	for i, f := range e.Fields {
		moved.Fields[i] = errs.Field{Location: part + strings.TrimPrefix(f.Location, "body"), Message: f.Message}
	}
	return &moved
}

// joined adds the faults of another part. Where the parts call them by different codes, the whole has one of its own.
func joined(before, e *errs.Error) *errs.Error {
	if before == nil {
		return e
	}
	both := *errInvalid
	if before.Code == e.Code {
		both = *before
	}
	both.Fields = append(append([]errs.Field(nil), before.Fields...), e.Fields...)
	return &both
}

// together adds the rules that hold another part back. One that blocks makes the whole a block.
func together(before, e *errs.Error) *errs.Error {
	if before == nil {
		return e
	}
	kind := rulesapi.ErrReasonRequired
	if errors.Is(before, rulesapi.ErrBlocked) || errors.Is(e, rulesapi.ErrBlocked) {
		kind = rulesapi.ErrBlocked
	}
	return kind.With("rules", append(fired(before), fired(e)...)).Because(before.Reasons...).Because(e.Reasons...)
}

func fired(e *errs.Error) []rulesapi.Fired {
	rules, _ := e.Extra["rules"].([]rulesapi.Fired)
	return rules[:len(rules):len(rules)]
}
