package httpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"
)

// oneContentType takes capitals and blanks out of the media type, which mean nothing but are compared by the
// framework letter by letter. What follows the semicolon stays.
func oneContentType(r *http.Request) {
	sent := r.Header.Get("Content-Type")
	if sent == "" || sent == "application/json" {
		return
	}
	kind, rest, more := strings.Cut(sent, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if more {
		kind += ";" + rest
	}
	r.Header.Set("Content-Type", kind)
}

// errBodyText is a body that holds what PostgreSQL cannot store as text.
var errBodyText = errors.New("text must not contain NUL")

// unreadable says in our own words why a body is no JSON, and where: the decoder's words are for programmers, and
// quote what was sent. field is the member it stands in, when that is known.
type unreadable struct{ field, message string }

func (e unreadable) Error() string { return e.field + unreadableMark + e.message }

// unreadableMark stands between the two parts of an unreadable where the framework keeps its text only.
const unreadableMark = " cannot be read: "

// unmarshal reads a JSON body: text that can be stored, and no null where a PATCH cannot clear.
func (a *API) unmarshal(data []byte, v any) error {
	// The framework reads every body twice: into plain values, which it checks, and then into the input.
	if plain, first := v.(*any); first {
		return unmarshalPlain(data, plain)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return misfit(data, v, err)
	}
	return a.refuseNulls(data, v)
}

func unmarshalPlain(data []byte, v *any) error {
	if at := invalidUTF8(data); at >= 0 {
		return unreadable{message: "The text is not valid UTF-8 at " + placeOf(data, at) + "."}
	}
	if bytes.IndexByte(data, 0) >= 0 || containsEscape(data) {
		return errBodyText
	}
	err := json.Unmarshal(data, v)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &syntax):
		return unreadable{message: "A number is too large."} // all else can be held as a plain value
	case syntax.Offset >= int64(len(data)) && strings.Contains(syntax.Error(), "unexpected end"):
		return unreadable{message: "The JSON ends too early, at " + placeOf(data, len(data)) + "."}
	case strings.Contains(syntax.Error(), "max depth"):
		return unreadable{message: "The JSON nests too deeply at " + placeOf(data, int(syntax.Offset)-1) + "."}
	}
	return unreadable{message: "This is not JSON at " + placeOf(data, int(syntax.Offset)-1) + "."}
}

// misfit names the member that passed the checks and still does not fit into the input, such as a number too large
// for its column.
func misfit(data []byte, v any, err error) error {
	const message = "This value does not belong here."
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return unreadable{kind.Field, message}
	}
	// A type's own decoder does not say where it was called: each member is tried alone.
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) == nil {
		for name, value := range members {
			alone, _ := json.Marshal(map[string]json.RawMessage{name: value})
			if json.Unmarshal(alone, reflect.New(reflect.TypeOf(v).Elem()).Interface()) != nil {
				return unreadable{name, message}
			}
		}
	}
	return unreadable{"", message}
}

// placeOf tells a place as an editor shows it. Columns are in characters.
func placeOf(data []byte, at int) string {
	before := data[:max(0, min(at, len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}

// invalidUTF8 gives the first byte that no character begins or continues with; -1 when there is none.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

var nulEscape = []byte(`\u0000`)

// containsEscape tells whether text holds the escape itself: a backslash before it that is not itself escaped.
func containsEscape(text []byte) bool {
	for {
		i := bytes.Index(text, nulEscape)
		if i < 0 {
			return false
		}
		backslashes := 0
		for j := i - 1; j >= 0 && text[j] == '\\'; j-- {
			backslashes++
		}
		if backslashes%2 == 0 {
			return true
		}
		text = text[i+len(nulEscape):]
	}
}
