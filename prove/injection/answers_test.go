package injection_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hmsoftware.com/hm/app/apptest"
)

// inside is what no answer may show: words of the database, of Go, of the machine.
var inside = regexp.MustCompile(`(?i)SQLSTATE|syntax error|at or near|\bpgx\b|\bpgconn\b|\bpq:|\brelation "|\bcolumn "|violates|duplicate key|invalid input syntax` +
	`|\.go:\d|goroutine \d|runtime error|panic|\bgo (value|struct)|unmarshal|\b(json|strconv|time|uuid|sql|mail|http|huma|base64|hex): ` +
	`|(/root|/home|/usr|/var|/tmp|/work|/etc)/[a-z]|root:x:0|PostgreSQL \d|\b(hm_owner|hm_app)\b|0x[0-9a-f]{8,}|parsing time|map\[|<nil>|%!`)

// typeOfGo is a type as Go prints it: a package and an exported name.
var typeOfGo = regexp.MustCompile(`\*?\b(iam|patients|encounters|tasks|clinicaldocs|facilities|tenants|rules|packs|audit|httpx|errs|db|auth|pgtype)(db|api)?\.[A-Z][A-Za-z]+`)

// shows finds what an answer shows of the inside. What was sent is no secret to its sender.
func shows(r apptest.Reply, sent string) string {
	text := string(r.Body)
	for _, way := range []string{sent, quoted(sent), strings.ToValidUTF8(sent, "\ufffd")} {
		if len(way) > 2 {
			text = strings.ReplaceAll(text, way, "")
		}
	}
	if found := typeOfGo.FindString(text); found != "" {
		return found
	}
	return inside.FindString(text)
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text)
	return strings.Trim(string(encoded), `"`)
}

// split tells whether a string reached the headers as more than a value.
func split(r apptest.Reply) string {
	for name, values := range r.Header {
		for _, value := range values {
			if strings.HasPrefix(name, "X-Injected") || strings.Contains(value, "stolen") || strings.ContainsAny(value, "\r\n") {
				return name + ": " + value
			}
		}
	}
	return ""
}

// kind is what two answers have in common that differ only in the text that was sent.
func kind(r apptest.Reply) string {
	if r.StatusCode >= 400 {
		return fmt.Sprint(r.StatusCode, " ", r.Text("code"))
	}
	return fmt.Sprint(r.StatusCode, " with ", len(r.List("results")), " results")
}

// texts are all strings in a JSON value, by the member that holds them; of an array by the array's.
func texts(value any, member string, into map[string][]string) map[string][]string {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			texts(inner, name, into)
			into["\x00names"] = append(into["\x00names"], name)
		}
	case []any:
		for _, inner := range v {
			texts(inner, member, into)
		}
	case string:
		into[member] = append(into[member], v)
	}
	return into
}

// tidied are the members whose text is stored in its tidy form, each as its module says: nobody means the space around
// a reason, or the two blanks in a name, and a number must be found however it was typed.
var tidied = map[string]func(string) string{
	"reason":       strings.TrimSpace,
	"title":        strings.TrimSpace,
	"instructions": strings.TrimSpace,
	"note":         strings.TrimSpace,
	"comment":      strings.TrimSpace,
	"notified_to":  strings.TrimSpace,
	"name":         strings.TrimSpace,
	// Of the report's layout, of messages, of a browser.
	"accreditation": strings.TrimSpace,
	"header":        strings.TrimSpace,
	"footer":        strings.TrimSpace,
	"subject":       oneLine,
	"body":          strings.TrimSpace,
	"device":        oneLine,
	"full_name":     oneLine,
	"phone":         oneLine,
	"system":        oneLine,
	"value":         oneLine,
	"email":         oneLine,
	"mrn":           func(text string) string { return strings.ToUpper(oneLine(text)) },
	"address": func(text string) string {
		return strings.ReplaceAll(strings.TrimSpace(norm.NFC.String(text)), "\r\n", "\n")
	},
}

func oneLine(text string) string { return strings.Join(strings.Fields(norm.NFC.String(text)), " ") }

// kept tells how an answer gives back what was sent: as it was, not at all, or changed.
func kept(r apptest.Reply, s apptest.Slot, sent string) (shown bool, fault string) {
	all := texts(r.JSON, "", map[string][]string{})
	sent = asJSON(sent)
	for _, values := range all {
		// A note stands behind its reason, parted by a colon.
		if slices.Contains(values, sent) || slices.ContainsFunc(values, func(v string) bool { return strings.HasSuffix(v, ": "+strings.TrimSpace(sent)) }) {
			return true, ""
		}
	}
	values := all[s.Member()]
	if len(values) == 0 {
		return false, ""
	}
	if tidy := tidied[s.Member()]; tidy != nil && slices.Contains(values, tidy(sent)) {
		return true, ""
	}
	return true, fmt.Sprintf("%q came back as %q", clip(sent), clip(fmt.Sprintf("%q", values)))
}

// asJSON is what JSON makes of a text: each byte that is not UTF-8 becomes a character that says so.
func asJSON(text string) (sent string) {
	encoded, err := json.Marshal(text)
	if err == nil {
		err = json.Unmarshal(encoded, &sent)
	}
	if err != nil {
		return text
	}
	return sent
}

func clip(text string) string {
	if len(text) > 160 {
		return text[:160] + "..."
	}
	return text
}
