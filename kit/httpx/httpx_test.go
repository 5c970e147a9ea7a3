package httpx_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// ward is a server with one small module: beds that are added and listed.
type ward struct {
	*httptest.Server
	scope   db.Scope
	db      *testkit.Database
	api     *httpx.API
	mu      sync.Mutex
	reads   []httpx.ReadRecord
	refused []httpx.Refusal
}

// Authenticate takes the words "nurse" and "visitor" for tokens.
func (w *ward) Authenticate(_ context.Context, token string) (*auth.Account, auth.Claims, error) {
	permissions := map[string]map[string]bool{
		"nurse":   {"ward.can_add": true, "ward.can_read": true},
		"visitor": {"ward.can_read": true},
	}[token]
	if permissions == nil {
		return nil, auth.Claims{}, errs.Unauthenticated("auth.invalid_token", "Sign in again.")
	}
	account := &auth.Account{UserID: w.scope.UserID, Memberships: []auth.Membership{{TenantID: w.scope.TenantID, FacilityID: w.scope.FacilityID, Permissions: permissions}}}
	return account, auth.Claims{UserID: account.UserID}, nil
}

func (w *ward) Read(_ context.Context, r httpx.ReadRecord) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads = append(w.reads, r)
	return nil
}

func (w *ward) Refused(_ context.Context, r httpx.Refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = append(w.refused, r)
}

type bed struct {
	httpx.Version `json:"-"`
	Name          string `json:"name"`
}

type addBed struct {
	Body struct {
		Name  string         `json:"name" minLength:"1" maxLength:"20"`
		Notes map[string]any `json:"notes,omitempty"`
	}
}

type listBeds struct{ httpx.PageParams }

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{db: testkit.NewDatabase(t), scope: testkit.NewScope()}
	w.db.AsSuperuser(t, `
		CREATE SCHEMA ward; GRANT USAGE ON SCHEMA ward TO hm_app;
		CREATE TABLE ward.bed (tenant_id uuid NOT NULL, name text NOT NULL, PRIMARY KEY (tenant_id, name));
		CALL hm.protect_tenant_table('ward.bed', false, 'SELECT, INSERT');`)
	w.api = httpx.New(httpx.Config{Version: "test", Pool: w.db.Pool, Auth: w, Journal: w})
	httpx.Write(w.api, httpx.Route{Method: "POST", Path: "/api/beds", Module: "ward", Permission: "ward.can_add", Status: 201, Summary: "Add a bed"},
		func(ctx context.Context, tx db.Tx, in addBed) (bed, error) {
			if in.Body.Name == "panic" {
				panic("in the act")
			}
			_, err := tx.Exec(ctx, `INSERT INTO ward.bed (tenant_id, name) VALUES ($1, $2)`, tx.Scope().TenantID, in.Body.Name)
			if db.Violates(err, "bed_pkey") {
				return bed{}, errs.Conflict("ward.bed_taken", "There is such a bed.").With("bed", in.Body.Name)
			}
			return bed{Version: 1, Name: in.Body.Name}, err
		})
	httpx.Read(w.api, httpx.Route{Path: "/api/beds", Module: "ward", Permission: "ward.can_read", Summary: "List beds"},
		func(ctx context.Context, q db.DBTX, in listBeds) (httpx.Page[bed], error) {
			rows, err := q.Query(ctx, `SELECT name FROM ward.bed ORDER BY name`)
			if err != nil {
				return httpx.Page[bed]{}, err
			}
			defer rows.Close()
			var beds []bed
			for rows.Next() {
				var b bed
				if err := rows.Scan(&b.Name); err != nil {
					return httpx.Page[bed]{}, err
				}
				beds = append(beds, b)
			}
			return httpx.NewPage(beds, in.Limit, func(b bed) any { return b.Name }), rows.Err()
		})
	w.Server = httptest.NewServer(w.api.Handler(telemetry.NewMetrics()))
	t.Cleanup(w.Close)
	return w
}

type reply struct {
	*http.Response
	text string
	json map[string]any
}

// send makes a request as the nurse in her facility; header pairs override.
func (w *ward) send(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer nurse")
	request.Header.Set("X-Tenant-ID", w.scope.TenantID.String())
	request.Header.Set("X-Facility-ID", w.scope.FacilityID.String())
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			request.Header.Del(headers[i])
		} else {
			request.Header.Set(headers[i], headers[i+1])
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{Response: response, text: string(text)}
	_ = json.Unmarshal(text, &r.json)
	return r
}

func (r reply) wants(t *testing.T, status int, code string) {
	t.Helper()
	got, _ := r.json["code"].(string)
	if r.StatusCode != status || got != code {
		t.Errorf("got %d %q, want %d %q: %s", r.StatusCode, got, status, code, r.text)
	}
	if code != "" && (r.Header.Get("Content-Type") != "application/problem+json" || r.json["request_id"] != r.Header.Get("X-Request-ID")) {
		t.Errorf("not a problem document with its request id: %s %s", r.Header.Get("Content-Type"), r.text)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	deep := strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)
	for name, c := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		code               string
	}{
		"no token":                {"GET", "/api/beds", "", []string{"Authorization", ""}, 401, "auth.missing"},
		"unknown token":           {"GET", "/api/beds", "", []string{"Authorization", "Bearer x"}, 401, "auth.invalid_token"},
		"another scheme":          {"GET", "/api/beds", "", []string{"Authorization", "Basic nurse"}, 401, "auth.missing"},
		"no scope":                {"GET", "/api/beds", "", []string{"X-Tenant-ID", "", "X-Facility-ID", ""}, 400, "scope.missing"},
		"half a scope":            {"GET", "/api/beds", "", []string{"X-Facility-ID", ""}, 400, "scope.missing"},
		"a scope that is no id":   {"GET", "/api/beds", "", []string{"X-Tenant-ID", "hospital"}, 400, "scope.invalid"},
		"an id spelt otherwise":   {"GET", "/api/beds", "", []string{"X-Tenant-ID", "{" + uuid.NewString() + "}"}, 400, "scope.invalid"},
		"another tenant":          {"GET", "/api/beds", "", []string{"X-Tenant-ID", uuid.NewString()}, 403, "scope.forbidden"},
		"no permission":           {"POST", "/api/beds", `{"name":"1"}`, []string{"Authorization", "Bearer visitor"}, 403, "auth.permission_denied"},
		"permission before body":  {"POST", "/api/beds", `{`, []string{"Authorization", "Bearer visitor"}, 403, "auth.permission_denied"},
		"no JSON":                 {"POST", "/api/beds", `{"name"`, nil, 400, "request.malformed"},
		"no body":                 {"POST", "/api/beds", ``, nil, 400, "request.malformed"},
		"wrong type":              {"POST", "/api/beds", `{"name":7}`, nil, 422, "request.invalid"},
		"missing field":           {"POST", "/api/beds", `{}`, nil, 422, "request.invalid"},
		"unknown field":           {"POST", "/api/beds", `{"name":"1","colour":"red"}`, nil, 422, "request.invalid"},
		"field in capitals":       {"POST", "/api/beds", `{"NAME":"1"}`, nil, 422, "request.invalid"},
		"field behind another":    {"POST", "/api/beds", `{"name":"1","NAME":"123456789012345678901"}`, nil, 422, "request.invalid"},
		"too long":                {"POST", "/api/beds", `{"name":"123456789012345678901"}`, nil, 422, "request.invalid"},
		"NUL escape":              {"POST", "/api/beds", `{"name":"a\u0000b"}`, nil, 422, "request.invalid"},
		"NUL byte":                {"POST", "/api/beds", "{\"name\":\"a\x00b\"}", nil, 422, "request.invalid"},
		"broken UTF-8 in a body":  {"POST", "/api/beds", "{\"name\":\"a\xffb\"}", nil, 400, "request.malformed"},
		"UTF-8 cut off in a body": {"POST", "/api/beds", "{\"name\":\"a\xe2\x82\"}", nil, 400, "request.malformed"},
		"an empty part":           {"GET", "/api//beds", "", nil, 404, "request.not_found"},
		"an empty part before":    {"GET", "//api/beds", "", nil, 404, "request.not_found"},
		"a dot for a part":        {"GET", "/api/./beds", "", nil, 404, "request.not_found"},
		"a way up":                {"GET", "/api/cots/../beds", "", nil, 404, "request.not_found"},
		"NUL in the query":        {"GET", "/api/beds?cursor=%00", "", nil, 422, "request.invalid"},
		"NUL in the path":         {"GET", "/api/beds%00", "", nil, 422, "request.invalid"},
		"broken UTF-8":            {"GET", "/api/beds?cursor=%ff", "", nil, 422, "request.invalid"},
		"broken escape":           {"GET", "/api/beds?cursor=%zz", "", nil, 400, "request.malformed"},
		"deep JSON":               {"POST", "/api/beds", deep, nil, 400, "request.malformed"},
		"too large":               {"POST", "/api/beds", `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, nil, 413, "request.too_large"},
		"another content type":    {"POST", "/api/beds", `<name/>`, []string{"Content-Type", "text/xml"}, 415, "request.malformed"},
		"a cursor of nowhere":     {"GET", "/api/beds?limit=0", "", nil, 422, "request.invalid"},
		"unknown address":         {"GET", "/api/cots", "", nil, 404, "request.not_found"},
		"another method":          {"DELETE", "/api/beds", "", nil, 405, "request.method_not_allowed"},
		"a panic":                 {"POST", "/api/beds", `{"name":"panic"}`, nil, 500, "server.internal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w.send(t, c.method, c.path, c.body, c.headers...).wants(t, c.status, c.code)
		})
	}
}

func TestAnEscapedBackslashBeforeU0000IsText(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.send(t, "POST", "/api/beds", `{"name":"a\\u0000b"}`).wants(t, 201, "")
}

func TestCapitalsInTheContentTypeMeanNothing(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	for i, kind := range []string{"APPLICATION/JSON", "application/json", "Application/Json;charset=UTF-8", " application/json ; charset=utf-8", "application/merge-patch+JSON"} {
		w.send(t, "POST", "/api/beds", fmt.Sprintf(`{"name":"%d"}`, i), "Content-Type", kind).wants(t, 201, "")
	}
}

func TestFaultsNameTheirField(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	r := w.send(t, "POST", "/api/beds", `{"name":"","colour":"red"}`)
	if !strings.Contains(r.text, `"location":"body.name"`) || !strings.Contains(r.text, `"location":"body.colour"`) || strings.Contains(r.text, `red"`) {
		t.Errorf("got %s", r.text)
	}
	r = w.send(t, "POST", "/api/beds", `{}`)
	if !strings.Contains(r.text, `"location":"body.name"`) {
		t.Errorf("a missing field is not named: %s", r.text)
	}
}

func TestSpellingsOfAnAddress(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	for _, path := range []string{"/api/beds", "/api/beds/", "/api/v1/beds", "/api/v1/beds/"} {
		w.send(t, "GET", path, "").wants(t, 200, "")
	}
}

func TestRequestIDIsKeptOrMade(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	if got := w.send(t, "GET", "/api/beds", "", "X-Request-ID", "abc-1").Header.Get("X-Request-ID"); got != "abc-1" {
		t.Errorf("got %q", got)
	}
	if got := w.send(t, "GET", "/api/beds", "", "X-Request-ID", "a b<script>").Header.Get("X-Request-ID"); len(got) != 36 {
		t.Errorf("got %q", got)
	}
}

func TestConflictCarriesItsMembers(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.send(t, "POST", "/api/beds", `{"name":"1"}`).wants(t, 201, "")
	r := w.send(t, "POST", "/api/beds", `{"name":"1"}`)
	r.wants(t, 409, "ward.bed_taken")
	if r.json["bed"] != "1" {
		t.Errorf("got %s", r.text)
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	first := w.send(t, "POST", "/api/beds", `{"name":"1"}`, "Idempotency-Key", "k")
	again := w.send(t, "POST", "/api/v1/beds/", `{ "name": "1" }`, "Idempotency-Key", "k")
	if first.StatusCode != 201 || again.StatusCode != 201 || first.text != again.text || again.Header.Get("ETag") != `"1"` ||
		first.Header.Get("Idempotency-Replayed") != "" || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("first %d %v %s, again %d %v %s", first.StatusCode, first.Header, first.text, again.StatusCode, again.Header, again.text)
	}
	w.send(t, "POST", "/api/beds", `{"name":"2"}`, "Idempotency-Key", "k").wants(t, 409, "idempotency.key_reused")
	w.send(t, "POST", "/api/beds", `{"name":"2"}`, "Idempotency-Key", strings.Repeat("k", 201)).wants(t, 400, "idempotency.key_invalid")
	// The act of another request with the key is undone, and its name is free.
	w.send(t, "POST", "/api/beds", `{"name":"2"}`, "Idempotency-Key", "another").wants(t, 201, "")
	w.db.Clock.Advance(25 * time.Hour)
	w.send(t, "POST", "/api/beds", `{"name":"3"}`, "Idempotency-Key", "k").wants(t, 201, "")
	if r := w.send(t, "POST", "/api/beds", `{"name":"3"}`, "Idempotency-Key", "k"); r.StatusCode != 201 || r.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the key was not taken anew a day later: %d %s", r.StatusCode, r.text)
	}
}

func TestAFailureLeavesTheKeyFree(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.send(t, "POST", "/api/beds", `{"name":"1"}`).wants(t, 201, "")
	w.send(t, "POST", "/api/beds", `{"name":"1"}`, "Idempotency-Key", "k").wants(t, 409, "ward.bed_taken")
	w.send(t, "POST", "/api/beds", `{"name":"2"}`, "Idempotency-Key", "k").wants(t, 201, "")
}

// A repetition whose act meets what the first one did must not be told so as a refusal, also when the stored answer
// cannot be looked up just now.
func TestAnEchoIsNeverTakenForARefusal(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	first := w.send(t, "POST", "/api/beds", `{"name":"1"}`, "Idempotency-Key", "k")
	w.db.AsSuperuser(t, `ALTER TABLE httpx.idempotency RENAME TO away`)
	w.send(t, "POST", "/api/beds", `{"name":"1"}`, "Idempotency-Key", "k").wants(t, 503, "server.outcome_unknown")
	w.db.AsSuperuser(t, `ALTER TABLE httpx.away RENAME TO idempotency`)
	if again := w.send(t, "POST", "/api/beds", `{"name":"1"}`, "Idempotency-Key", "k"); again.StatusCode != 201 || again.text != first.text {
		t.Errorf("got %d %s", again.StatusCode, again.text)
	}
}

func TestParallelDuplicatesHaveOneEffect(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	var wait sync.WaitGroup
	replies := make([]reply, 32)
	for i := range replies {
		wait.Go(func() { replies[i] = w.send(t, "POST", "/api/beds", `{"name":"1"}`, "Idempotency-Key", "k") })
	}
	wait.Wait()
	fresh := 0
	for _, r := range replies {
		if r.StatusCode != 201 || r.text != replies[0].text {
			t.Errorf("got %d %s", r.StatusCode, r.text)
		}
		if r.Header.Get("Idempotency-Replayed") == "" {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d of them acted", fresh)
	}
}

func TestCookiesCannotBeUsedCrossSite(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	cookie := []string{"Authorization", "", "Cookie", httpx.AccessCookie + "=nurse"}
	w.send(t, "POST", "/api/beds", `{"name":"1"}`, append(cookie, "Sec-Fetch-Site", "cross-site")...).wants(t, 403, "auth.cross_site")
	w.send(t, "POST", "/api/beds", `{"name":"1"}`, append(cookie, "Sec-Fetch-Site", "same-site")...).wants(t, 403, "auth.cross_site")
	w.send(t, "POST", "/api/beds", `{"name":"1"}`, append(cookie, "Origin", "https://evil.example")...).wants(t, 403, "auth.cross_site")
	w.send(t, "POST", "/api/beds", `{"name":"1"}`, append(cookie, "Sec-Fetch-Site", "same-origin")...).wants(t, 201, "")
	// A program with a token of its own is no browser tricked by a page.
	w.send(t, "POST", "/api/beds", `{"name":"2"}`, "Origin", "https://partner.example").wants(t, 201, "")
}

func TestRefusalsReachTheJournal(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.send(t, "POST", "/api/beds", `{"name":"1"}`, "Authorization", "Bearer visitor")
	if len(w.refused) != 1 || w.refused[0].Operation != "ward.post-api-beds" || w.refused[0].Code != "auth.permission_denied" {
		t.Errorf("got %+v", w.refused)
	}
}
