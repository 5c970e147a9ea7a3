package audit_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/audit/auditapi"
)

// tokens is an httpx.Authenticator: each token is an account.
type tokens map[string]*auth.Account

func (t tokens) Authenticate(_ context.Context, token string) (*auth.Account, auth.Claims, error) {
	account := t[token]
	return account, auth.Claims{UserID: account.UserID, TenantID: account.Memberships[0].TenantID, FacilityID: account.Memberships[0].FacilityID}, nil
}

// serve gives the routes over HTTP, for an auditor and for a nurse, who may nothing here.
func (tr *trail) serve() http.Handler {
	account := func(permissions ...string) *auth.Account {
		m := auth.Membership{TenantID: tr.scope.TenantID, FacilityID: tr.scope.FacilityID, Permissions: map[string]bool{}}
		for _, p := range permissions {
			m.Permissions[p] = true
		}
		return &auth.Account{UserID: tr.scope.UserID, SessionID: uuid.New(), Memberships: []auth.Membership{m}}
	}
	api := httpx.New(httpx.Config{
		Pool: tr.db.Pool, Journal: tr.journal, Auth: tokens{"auditor": account(audit.CanRead, audit.CanVerify), "nurse": account()},
	})
	tr.Routes(api)
	return api.Handler(telemetry.NewMetrics())
}

func get(t *testing.T, h http.Handler, token, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	r.RemoteAddr = "[::ffff:192.0.2.7]:40001"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestARefusedRequestIsRecordedWithItsOrigin(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	h := tr.serve()
	if w := get(t, h, "nurse", "/api/audit/events"); w.Code != http.StatusForbidden {
		t.Fatalf("a nurse got %d", w.Code)
	}
	w := get(t, h, "auditor", "/api/audit/events?code=audit.refused")
	var page struct {
		Results []struct {
			Origin, Outcome string
			Detail          map[string]string
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK || len(page.Results) != 1 {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	if e := page.Results[0]; e.Origin != "192.0.2.7" || e.Outcome != "refused" || e.Detail["reason"] != "auth.permission_denied" || e.Detail["operation"] != "get-api-audit-events" {
		t.Errorf("got %+v", e)
	}
}

func TestVerifyOverHTTP(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(2)
	h := tr.serve()
	var report map[string]any
	w := get(t, h, "auditor", "/api/audit/verify")
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil || w.Code != http.StatusOK || report["ok"] != true || report["tree_size"] != 16.0 {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	if broken, isList := report["broken"].([]any); !isList || len(broken) != 0 {
		t.Errorf("broken is %v", report["broken"])
	}
	conn := tr.tamper()
	entryID := leaves(t, conn, tr.scope.TenantID)[3].EntryID
	change(t, conn, 1, `UPDATE `+tableOf(t, conn, entryID)+` SET actor_id = gen_random_uuid() WHERE id = $1`, entryID)
	w = get(t, h, "auditor", "/api/audit/verify")
	if err := json.Unmarshal(w.Body.Bytes(), &report); err != nil || report["ok"] != false || !strings.Contains(w.Body.String(), entryID.String()) {
		t.Errorf("%d %s %v", w.Code, w.Body, err)
	}
	for path, want := range map[string]int{
		"/api/audit/verify?tree_size=16&root_hash=" + strings.Repeat("A", 43) + "%3D": http.StatusOK,
		"/api/audit/verify?tree_size=16&root_hash=short":                              http.StatusUnprocessableEntity,
		"/api/audit/verify?root_hash=AAAA":                                            http.StatusUnprocessableEntity,
		"/api/audit/events?since=yesterday":                                           http.StatusUnprocessableEntity,
		"/api/audit/events?patient_id=7":                                              http.StatusUnprocessableEntity,
		"/api/audit/events?cursor=%21":                                                http.StatusUnprocessableEntity,
		"/api/audit/events?since=2026-03-10T15:00:00%2B05:30&count=true":              http.StatusOK,
		"/api/audit/events/" + uuid.NewString() + "/proof":                            http.StatusNotFound,
		"/api/audit/events/" + entryID.String() + "/proof":                            http.StatusOK,
		"/api/audit/consistency":                                                      http.StatusUnprocessableEntity,
		"/api/audit/consistency?from=8":                                               http.StatusOK,
		"/api/audit/seals?count=true":                                                 http.StatusOK,
		"/api/audit/export":                                                           http.StatusUnprocessableEntity,
	} {
		if w := get(t, h, "auditor", path); w.Code != want {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if w := get(t, h, "nurse", path); w.Code != http.StatusForbidden {
			t.Errorf("%s for a nurse: %d", path, w.Code)
		}
	}
}

func TestExportIsSafeCSVAndRecordsItself(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	patientID, other := uuid.New(), uuid.New()
	tr.look(patientID, other)
	tr.record(auditapi.Entry{Code: "forms.filled", EntityType: `=HYPERLINK("http://evil")`, Detail: map[string]any{"a": `"quoted", and
more`}})
	for range 1100 {
		tr.journal.Refused(tr.ctx, httpx.Refusal{Operation: "patients.get-api-patients", Code: "auth.permission_denied"})
	}
	h := tr.serve()
	since := testkit.Epoch.Format(time.RFC3339)
	until := testkit.Epoch.Add(time.Hour).Format(time.RFC3339)
	w := get(t, h, "auditor", "/api/audit/export?since="+since+"&until="+until)
	rows, err := csv.NewReader(bytes.NewReader(w.Body.Bytes())).ReadAll()
	if err != nil || w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") || !strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v %v", w.Code, w.Header(), err)
	}
	// The heading, 1,102 entries, and the export itself, which was recorded before a row was sent.
	if len(rows) != 1+1102+1 {
		t.Fatalf("%d rows", len(rows))
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var formula, list, exported []string
	for _, row := range rows[1:] {
		switch row[column["code"]] {
		case "forms.filled":
			formula = row
		case "patients.read":
			list = row
		case auditapi.Exported:
			exported = row
		}
	}
	if formula[column["entity_type"]] != `'=HYPERLINK("http://evil")` || !strings.Contains(formula[column["detail"]], `\nmore`) {
		t.Errorf("got %q", formula)
	}
	if ids := strings.Fields(list[column["patient_ids"]]); len(ids) != 2 || list[column["actor"]] != "Asha Rao" {
		t.Errorf("got %q", list)
	}
	if !strings.Contains(exported[column["detail"]], `"entries":1102`) {
		t.Errorf("got %q", exported)
	}
	if w := get(t, h, "auditor", "/api/audit/export?since="+until+"&until="+since); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a range backwards: %d", w.Code)
	}
}
