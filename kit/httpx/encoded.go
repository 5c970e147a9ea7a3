package httpx

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Encoded is a T that was written as JSON before, such as one kept in memory for all who see the same: its bytes go
// out as they are.
type Encoded[T any] struct {
	JSON []byte
	// Tag is the ETag, quotes included.
	Tag string
}

// ETag gives the header's text.
func (e Encoded[T]) ETag() string { return e.Tag }

func (e Encoded[T]) encoded() []byte { return e.JSON }

// Schema is that of T.
func (Encoded[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, reflect.TypeFor[T]().Name())
}

// IfNoneMatch is the header by which a caller says which version it has already. Embed it in the input of a read whose
// answer is large and carries an ETag: an unchanged one is then answered by 304 alone.
type IfNoneMatch struct {
	IfNoneMatch string `header:"If-None-Match" maxLength:"400" doc:"The ETag of the answer one has; 304 when it is still the same"`
}

// has tells whether the caller has the version of this tag.
func (m IfNoneMatch) has(tag string) bool {
	for sent := range strings.SplitSeq(m.IfNoneMatch, ",") {
		sent = strings.TrimSpace(sent)
		if sent == "*" || sent != "" && strings.TrimPrefix(sent, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
