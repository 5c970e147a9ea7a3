package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/testkit"
)

// goWords are those of Go, the framework and PostgreSQL, which no caller should have to read.
var goWords = regexp.MustCompile(`invalid character|unmarshal|looking for beginning|json:|strconv|parsing time|SQLSTATE|goroutine|runtime error|reflect:|pgx|pq:`)

// FuzzOperations sends made-up input to every operation of the OpenAPI document, by someone who may do everything: it
// is answered or refused with a problem document, and never is it a fault of the server. The input picks the
// operation, the ids of its path, its query, one header, and the body.
func FuzzOperations(f *testing.F) {
	h := apptest.New(f, 1)
	tenant := h.Tenant(f, "fuzz", "MAIN")
	everyone := tenant.User(f, "everything", tenant.Facilities[0], "admin", "doctor", "nurse", "receptionist", "auditor")
	patient := everyone.Post(f, "/api/patients", map[string]any{"full_name": "Someone", "gender": "unknown"}).Want(f, 201).ID()
	encounter := everyone.Post(f, "/api/encounters", map[string]any{"patient_id": patient}).Want(f, 201).ID()
	handler := h.Apps[0].Handler()

	var operations []apptest.Operation
	for _, o := range h.Contract.Operations {
		// These end the caller's own session, or never end.
		if o.Path != "/api/auth/logout" && o.Path != "/api/stream" && o.Path != "/api/me/password" {
			operations = append(operations, o)
		}
	}
	for i, o := range operations {
		var query []string
		for _, p := range o.Parameters {
			if p.In == "query" {
				query = append(query, p.Name+"=")
			}
		}
		body := ""
		if o.Body != nil {
			text, err := json.Marshal(h.Contract.Example(o.Body))
			if err != nil {
				f.Fatal(err)
			}
			body = strings.ReplaceAll(string(text), "00000000-0000-7000-8000-000000000000", patient)
		}
		f.Add(uint8(i), encounter, strings.Join(query, "&"), "If-Match", `"1"`, []byte(body))
		f.Add(uint8(i), patient, "limit=1&cursor=e30&count=true", "Idempotency-Key", "k", []byte(body))
	}
	variable := regexp.MustCompile(`\{[^}]+\}`)
	f.Fuzz(func(t *testing.T, which uint8, id, query, header, value string, body []byte) {
		if int(which) >= len(operations) {
			t.Skip()
		}
		o := operations[which]
		address, err := url.Parse("http://hm.example" + variable.ReplaceAllLiteralString(o.Path, url.PathEscape(id)))
		if err != nil {
			t.Skip()
		}
		address.RawQuery = query
		request := httptest.NewRequest(o.Method, "/", strings.NewReader(string(body)))
		request.URL = address
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set(header, value)
		request.Header.Set("Authorization", "Bearer "+everyone.Access)
		request.Header.Set("X-Tenant-ID", everyone.TenantID.String())
		request.Header.Set("X-Facility-ID", everyone.FacilityID.String())
		w := httptest.NewRecorder()
		testkit.Within(func() { handler.ServeHTTP(w, request) })
		if w.Code < 400 {
			return
		}
		var problem struct {
			Code   string `json:"code"`
			Status int    `json:"status"`
			Errors []struct{ Location, Message string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || problem.Code == "" || problem.Status != w.Code || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Fatalf("%s %s: no problem document: %d %s", o.Method, address, w.Code, w.Body)
		}
		// A long trail is still being verified when the request's time is up.
		if w.Code >= http.StatusInternalServerError && problem.Code != "audit.verifying" {
			t.Fatalf("%s %s with %q: %d %s", o.Method, address, body, w.Code, w.Body)
		}
		for _, fault := range problem.Errors {
			if fault.Location == "" || goWords.MatchString(fault.Message) {
				t.Fatalf("%s %s with %q: %d %s", o.Method, address, body, w.Code, w.Body)
			}
		}
	})
}
