package httpx

import (
	"encoding/base64"
	"encoding/json"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/errs"
)

// PageParams are the query parameters of every list. Embed them in the input.
type PageParams struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"At most so many results"`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the page before"`
	Count  bool   `query:"count" doc:"Also count all results, which costs"`
}

// Page is a list's answer: results, and the cursor of what follows, null on the last page.
type Page[T any] struct {
	Results []T     `json:"results" nullable:"false"`
	Next    *string `json:"next"`
	Count   *int64  `json:"count,omitempty"`
}

var errCursor = errs.Invalid("request.invalid", "The cursor is not one that this list gave.").At("query.cursor", "Not a cursor of this list.")

// After reads the cursor into key, the keyset of the last row seen. It tells whether there was one.
func (p PageParams) After(key any) (bool, error) {
	if p.Cursor == "" {
		return false, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || json.Unmarshal(text, key) != nil {
		return false, errCursor
	}
	return true, nil
}

// NewPage makes a page of rows, which were read with one more than limit; key gives the keyset of a row, in the
// shape that After reads.
func NewPage[T any](rows []T, limit int, key func(T) any) Page[T] {
	page := Page[T]{Results: rows}
	if page.Results == nil {
		page.Results = []T{}
	}
	if len(rows) > limit {
		page.Results = rows[:limit]
		// The keyset types of the modules are structs of ids, times and numbers, which always marshal.
		text, _ := json.Marshal(key(page.Results[limit-1]))
		next := base64.RawURLEncoding.EncodeToString(text)
		page.Next = &next
	}
	return page
}

// Counted turns a count query's results into what Page.Count holds.
func Counted(count int64, err error) (*int64, error) { return &count, err }

// AuditSubject collects whose records the page shows, from results that say so.
func (p Page[T]) AuditSubject() Subject {
	var s Subject
	for i := range p.Results {
		// By its address, where a copy would have to be made for the interface.
		if record, ok := any(&p.Results[i]).(PatientRecord); ok {
			one := record.AuditSubject()
			if s.PatientIDs == nil {
				s.PatientIDs = make([]uuid.UUID, 0, len(p.Results)*len(one.PatientIDs))
			}
			s.Entity = one.Entity
			s.PatientIDs = append(s.PatientIDs, one.PatientIDs...)
		}
	}
	return s
}
