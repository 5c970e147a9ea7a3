package httpx

import (
	"fmt"
	"strings"

	"hmsoftware.com/hm/kit/errs"
)

// Version is a row's count of changes, the source of its ETag.
type Version int32

// ETag gives the header's text.
func (v Version) ETag() string { return fmt.Sprintf(`"%d"`, v) }

// IfMatch is the header by which a caller says which version it means to change. Embed it in the input of PATCH and PUT.
type IfMatch struct {
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag the change is based on"`
}

var errStale = errs.Stale("request.stale", "Someone changed this in the meantime. Read it again and repeat your change.")

// Check refuses a change that is based on another version than the present one. Without the header it passes.
func (m IfMatch) Check(present Versioned) error {
	if m.IfMatch == "" || m.IfMatch == "*" {
		return nil
	}
	for tag := range strings.SplitSeq(m.IfMatch, ",") {
		if strings.TrimSpace(tag) == present.ETag() {
			return nil
		}
	}
	return errStale
}
