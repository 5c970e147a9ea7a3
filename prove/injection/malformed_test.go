package injection_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/prove/figures"
)

// nonsense are bodies that no operation may take badly.
var nonsense = map[string]string{
	"nothing":           "",
	"half JSON":         `{"a":`,
	"not an object":     `[]`,
	"a number":          `7`,
	"null":              `null`,
	"unknown fields":    `{"no_such_field":{"a":[1,2,{"b":null}]}}`,
	"a NUL":             `{"full_name":"a\u0000b"}`,
	"a lone surrogate":  `{"full_name":"\ud800"}`,
	"broken UTF-8":      "{\"full_name\":\"\xff\xfe\"}",
	"deep arrays":       `{"payload":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`,
	"deeper arrays":     `{"payload":` + strings.Repeat("[", 50000) + strings.Repeat("]", 50000) + `}`,
	"huge":              `{"full_name":"` + strings.Repeat("x", 1<<20) + `"}`,
	"huge number":       `{"age_years":1e999,"pulse_bpm":99999999999999999999999}`,
	"injection":         `{"full_name":"'; DROP TABLE patients.patient; --","code":"' OR 1=1 --","username":"x' UNION SELECT 1"}`,
	"duplicate members": `{"full_name":"a","full_name":7}`,
}

// TestNonsenseIsNeverAFault sends malformed, huge and hostile input to every operation: each answers with a problem
// document, never with a 500.
func TestNonsenseIsNeverAFault(t *testing.T) {
	t.Parallel()
	d := apptest.NewDay(t, 1)
	all := d.User(t, "everything", d.Facilities[0], "admin", "doctor", "nurse", "receptionist", "auditor")
	all.Unchecked = true
	patient := d.Patient(t, "Someone")
	encounter := d.Encounter(t, patient)
	ids := map[string]string{
		"a wrong id": "not-a-uuid", "an unknown id": uuid.NewString(), "an encounter": encounter, "a patient": patient,
		"a very long id": strings.Repeat("a", 4000), "an odd id": "%27%20OR%201%3D1", "the nil id": uuid.Nil.String(),
	}
	wrongTypes := []any{7, -1, 1.5, true, nil, "", "text", []any{}, map[string]any{}, strings.Repeat("é", 5000), "0x1F", "2026-02-30", "99999-01-01", "\u202e"}
	variable := regexp.MustCompile(`\{[^}]+\}`)
	sent := 0
	send := func(method, path string, body any) {
		t.Helper()
		sent++
		if reply := all.Do(t, method, path, body); reply.StatusCode >= 500 {
			shown := body
			if s, ok := body.(string); ok && len(s) > 200 {
				shown = s[:200]
			}
			t.Errorf("%s %.200s with %v: %d %s", method, path, shown, reply.StatusCode, reply.Body)
		}
	}
	for _, o := range d.House.Contract.Operations {
		if o.Path == "/api/auth/logout" || o.Path == "/api/stream" || strings.HasPrefix(o.Path, "/api/me/password") {
			continue
		}
		for _, id := range ids {
			path := variable.ReplaceAllString(o.Path, id)
			if o.Body == nil {
				send(o.Method, path, nil)
			} else {
				send(o.Method, path, d.House.Contract.Example(o.Body))
			}
			if path == o.Path {
				break
			}
		}
		path := variable.ReplaceAllString(o.Path, encounter)
		if o.Method != "GET" {
			for _, body := range nonsense {
				send(o.Method, path, body)
			}
		}
		for _, p := range o.Parameters {
			if p.In != "query" {
				continue
			}
			for _, value := range []string{"", "%00", "%ff", "-1", "99999999999999999999", "'", "%25%25", "not-a-uuid", "2026-13-45", "true", "null", "a,b,c", strings.Repeat("x", 3000)} {
				send(o.Method, path+"?"+p.Name+"="+value, nil)
			}
		}
		// Each member in turn of each wrong type, the others as they should be.
		if o.Body == nil {
			continue
		}
		properties, _ := o.Body["properties"].(map[string]any)
		for name := range properties {
			for i, wrong := range wrongTypes {
				if !figures.Long() && (i+len(name))%2 == 0 {
					continue // in the short form some for each
				}
				example, _ := d.House.Contract.Example(o.Body).(map[string]any)
				example[name] = wrong
				send(o.Method, path, example)
			}
		}
	}
	figures.Record(t, "malformed input", map[string]any{"requests": sent, "operations": len(d.House.Contract.Operations)})
	if sent < 1000 {
		t.Errorf("only %d requests: the document is too thin", sent)
	}
}
