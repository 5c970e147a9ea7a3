package httpx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
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

// foreignWords are those of Go, the framework and PostgreSQL, which no caller should have to read.
var foreignWords = regexp.MustCompile(`invalid character|unmarshal|cannot unmarshal|looking for beginning|json:|strconv|parsing time|SQLSTATE|goroutine|runtime error|reflect:`)

// isProblem tells what is wrong with an answer that is no success.
func isProblem(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	var problem httpx.Problem
	switch {
	case w.Code >= 500:
		t.Fatalf("%d %s", w.Code, w.Body)
	case w.Code >= 300 && w.Code < 400:
		t.Fatalf("it leads elsewhere: %d %s", w.Code, w.Header().Get("Location"))
	case w.Code < 400:
		return
	case w.Header().Get("Content-Type") != "application/problem+json":
		t.Fatalf("%d is no problem document but %s", w.Code, w.Header().Get("Content-Type"))
	}
	if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
		t.Fatal(err)
	}
	if problem.Status != w.Code || problem.Code == "" || problem.RequestID == "" || problem.Title == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, field := range problem.Errors {
		if field.Location == "" || foreignWords.MatchString(field.Message) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}

// A body is refused with a problem document in our own words, or read; and what was read is read again the same.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"text":"a","whole":7,"number":1.5,"day":"2026-02-28","at":"2026-01-31T10:00:00Z","maybe":null,"inner":{"small":1,"list":["a"]},"anything":{"a":[{}]}}`,
		`{"text":"\ud800"}`, `{"text":"a\u0000"}`, `{"text":"a\\u0000"}`, "{\"text\":\"\xff\"}", `{"TEXT":"a"}`, `{"text":1}`, `{"whole":1e3}`, `{"whole":99999999999}`,
		`{"number":1e999}`, `{"number":-0}`, `{"day":"2026-02-30"}`, `{"day":7}`, `{"at":"2026-01-31 10:00:00"}`, `{"at":"2026-01-31T24:00:00Z"}`, `{"at":"2026-01-31T10:00:00.000000001+23:59"}`,
		`{"maybe":{}}`, `{"inner":null}`, `{"inner":[]}`, `{"text":"a","text":"b"}`, `null`, `[]`, `"a"`, `7`, `{"text":`, ``, ` `, "\ufeff{}", `{"no":1}`, `{"day":"0000-01-01"}`, `{"day":null}`,
	} {
		f.Add([]byte(seed), "application/json")
	}
	f.Add([]byte(`{}`), "APPLICATION/JSON; charset=utf-8")
	f.Add([]byte(`{}`), "text/html+json")
	f.Add([]byte(`a=b`), "application/x-www-form-urlencoded")
	f.Add([]byte(`{}`), "a;b+c")
	handler := mirror().Handler(telemetry.NewMetrics())
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		send := func(body []byte) *httptest.ResponseRecorder {
			request := httptest.NewRequest("POST", "/api/mirror/a", bytes.NewReader(body))
			request.Header.Set("Content-Type", kind)
			w := httptest.NewRecorder()
			testkit.Within(func() { handler.ServeHTTP(w, request) })
			isProblem(t, w)
			return w
		}
		first := send(body)
		if first.Code != 200 {
			return
		}
		var read, again struct{ Body json.RawMessage }
		if err := json.Unmarshal(first.Body.Bytes(), &read); err != nil {
			t.Fatal(err)
		}
		second := send(read.Body)
		if second.Code != 200 || json.Unmarshal(second.Body.Bytes(), &again) != nil || !bytes.Equal(read.Body, again.Body) {
			t.Fatalf("%s was read as %s, and that as %d %s", body, first.Body, second.Code, second.Body)
		}
	})
}

type fuzzedReader struct{ scope db.Scope }

func (a fuzzedReader) Authenticate(_ context.Context, token string) (*auth.Account, auth.Claims, error) {
	if token != "nurse" {
		return nil, auth.Claims{}, errs.Unauthenticated("auth.invalid_token", "Sign in again.")
	}
	account := &auth.Account{UserID: a.scope.UserID, Memberships: []auth.Membership{{TenantID: a.scope.TenantID, FacilityID: a.scope.FacilityID}}}
	return account, auth.Claims{UserID: account.UserID}, nil
}

// Whatever the address and the headers are, the API answers with what it has or with a problem document; it leads
// nowhere else, and acts in no scope that was not spelt out.
func FuzzRequest(f *testing.F) {
	const tenant, facility = "01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002"
	scope := db.Scope{TenantID: uuid.MustParse(tenant), FacilityID: uuid.MustParse(facility), UserID: uuid.MustParse("01890000-0000-7000-8000-000000000003")}
	api := httpx.New(httpx.Config{Version: "test", Auth: fuzzedReader{scope}, Pool: db.Unconnected()})
	type places struct {
		httpx.PageParams
		ID uuid.UUID `path:"id" format:"uuid"`
		At time.Time `query:"at"`
		Q  string    `query:"q" maxLength:"20"`
	}
	httpx.Read(api, httpx.Route{Path: "/api/beds/{id}", Module: "ward", Summary: "A bed"},
		func(ctx context.Context, _ db.DBTX, in places) (struct{}, error) {
			var after struct{ ID uuid.UUID }
			if _, err := in.After(&after); err != nil {
				return struct{}{}, err
			}
			if acts, _ := db.ScopeOf(ctx); acts != scope || in.Limit < 1 || in.Limit > 200 || len([]rune(in.Q)) > 20 {
				panic("the request is not what was checked")
			}
			return struct{}{}, nil
		})
	handler := api.Handler(telemetry.NewMetrics())
	add := func(method, path string, headers ...string) {
		f.Add(method, path, strings.Join(headers, "\n"))
	}
	good := []string{"Authorization: Bearer nurse", "X-Tenant-ID: " + tenant, "X-Facility-ID: " + facility}
	with := func(headers ...string) []string { return append(append([]string(nil), good...), headers...) }
	add("GET", "/api/beds/"+tenant, good...)
	add("GET", "/api/v1/beds/"+tenant+"/?limit=1&cursor=e30&count=true&q=a", good...)
	add("GET", "/api//beds/"+tenant, good...)
	add("GET", "//api/./beds/%2e%2e/%00", good...)
	add("GET", "/api/beds/%ff?q=%00", good...)
	add("GET", "/api/beds/"+tenant+"?limit=201&cursor=!&at=2026-13-45&count=maybe", good...)
	add("GET", "/api/beds/"+tenant, with("If-Match: \"1\", W/\"2\", *", "If-None-Match: *", "Idempotency-Key: \x7f", "Accept-Language: *;q=9", "Accept: text/html", "X-Request-ID: a b")...)
	add("GET", "/api/beds/"+tenant, with("X-Forwarded-For: 1, ::1, x", "X-Forwarded-Proto: https", "X-Forwarded-Host: [", "Forwarded: for=", "Host: [::1")...)
	add("GET", "/api/beds/"+tenant, "Cookie: hm_access=nurse; hm_access=\"", "X-Tenant-ID: {"+tenant+"}", "X-Facility-ID: urn:uuid:"+facility)
	add("DELETE", "/api/v1", good...)
	add("CONNECT", "/api/beds/x", good...)
	add("POST", "/api/beds/x", with("Sec-Fetch-Site: cross-site", "Origin: null", "Content-Length: -1")...)
	f.Fuzz(func(t *testing.T, method, path, headers string) {
		if !strings.HasPrefix(path, "/") || strings.ContainsAny(method, " \t\r\n") || method == "" {
			t.Skip() // net/http does not let these through
		}
		request, err := http.NewRequest(method, "http://hm.example"+path, nil)
		if err != nil || !strings.HasPrefix(request.URL.Path, "/api/") {
			t.Skip()
		}
		request.RemoteAddr = "192.0.2.1:1"
		for line := range strings.Lines(headers) {
			if name, value, found := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); found {
				request.Header.Add(name, value)
			}
		}
		w := httptest.NewRecorder()
		testkit.Within(func() { handler.ServeHTTP(w, request) })
		if method != "HEAD" {
			isProblem(t, w)
		}
		if len(w.Header().Get("X-Request-ID")) > 64 {
			t.Fatalf("the request's id is %q", w.Header().Get("X-Request-ID"))
		}
	})
}

// A cursor is one that a list gave, or refused with 422.
func FuzzCursor(f *testing.F) {
	type place struct {
		At time.Time
		ID uuid.UUID
		N  int64
	}
	next := func(key place) string {
		return *httpx.NewPage([]place{key, key}, 1, func(p place) any { return p }).Next
	}
	f.Add(next(place{At: testkit.Epoch, ID: uuid.Max, N: -1}))
	for _, seed := range []string{"", "e30", "bnVsbA", "W10", "!", "eyJBdCI6MX0", "eyJJRCI6IiJ9", strings.Repeat("A", 500)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		var key, again place
		there, err := httpx.PageParams{Cursor: cursor}.After(&key)
		if err != nil {
			if e := errs.Of(err); e == nil || e.Kind != errs.KindInvalid || there {
				t.Fatal(there, err)
			}
			return
		}
		if !there {
			if cursor != "" {
				t.Fatalf("%q is taken for none", cursor)
			}
			return
		}
		if _, err := (httpx.PageParams{Cursor: next(key)}).After(&again); err != nil || !again.At.Equal(key.At) || again.ID != key.ID || again.N != key.N {
			t.Fatalf("%+v became %+v, %v", key, again, err)
		}
	})
}

// If-Match holds only when it names the present version or any.
func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{"", "*", `"1"`, `"1", "2"`, `W/"1"`, `"11"`, ",", `"1`, "1", ` "1" `, `"-1"`, "\"1\"\x00"} {
		f.Add(seed, int32(1))
	}
	f.Fuzz(func(t *testing.T, header string, version int32) {
		present := httpx.Version(version)
		held := httpx.IfMatch{IfMatch: header}.Check(present) == nil
		if held != (header == "" || header == "*" || namesTag(header, present.ETag())) {
			t.Fatalf("%q against %s: %v", header, present.ETag(), held)
		}
	})
}

func namesTag(header, tag string) bool {
	for _, one := range strings.Split(header, ",") {
		if strings.TrimSpace(one) == tag {
			return true
		}
	}
	return false
}

// A field of a PATCH keeps the difference between absent, null and a value through its own writing.
func FuzzOptional(f *testing.F) {
	for _, seed := range []string{`null`, `"a"`, ` null `, `"\ud800"`, `{}`, `""`, `nul`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var body, again struct {
			X httpx.Optional[string] `json:"x,omitzero"`
		}
		if json.Unmarshal(append(append([]byte(`{"x":`), data...), '}'), &body) != nil {
			return
		}
		text, err := json.Marshal(body)
		if err != nil || json.Unmarshal(text, &again) != nil || again != body || body.X.Null && body.X.Pointer() != nil {
			t.Fatalf("%s: %+v became %s and %+v, %v", data, body, text, again, err)
		}
	})
}
