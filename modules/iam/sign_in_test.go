package iam_test

import (
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/modules/audit/auditapi"
)

func TestSigningInGivesTokensAndCookies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	r := h.call("POST", "/api/auth/token", "", object{"username": "ADMIN.asha", "password": password}).want(t, 200)
	if r.str("token_type") != "Bearer" || r.json["expires_in"] != 600.0 || len(r.str("refresh")) < 43 {
		t.Errorf("got %s", r.text)
	}
	cookies := map[string]string{}
	for _, c := range r.Header.Values("Set-Cookie") {
		name, _, _ := strings.Cut(c, "=")
		cookies[name] = c
	}
	for name, parts := range map[string][]string{
		"hm_access":  {"=" + r.str("access"), "Path=/;", "Max-Age=600", "HttpOnly", "Secure", "SameSite=Lax"},
		"hm_refresh": {"=" + r.str("refresh"), "Path=/api/auth;", "Max-Age=1209600", "HttpOnly", "Secure", "SameSite=Lax"},
	} {
		for _, part := range parts {
			if !strings.Contains(cookies[name], part) {
				t.Errorf("%s has no %q: %s", name, part, cookies[name])
			}
		}
	}
	if h.call("GET", "/api/me", "", nil, "Cookie", "hm_access="+r.str("access")).StatusCode != 200 {
		t.Error("the cookie does not sign in")
	}
}

func TestCookiesAreSecureButOnPlainLoopback(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	for host, secure := range map[string]bool{
		"localhost:8080": false, "127.0.0.1:8080": false, "[::1]:8080": false, "hm.localhost": false,
		"hm.example": true, "192.0.2.1:8080": true, "127.0.0.1.example.org": true, "localhost.example.org": true,
	} {
		r := h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": password}, "Host", host).want(t, 200)
		for _, c := range r.Header.Values("Set-Cookie") {
			if strings.Contains(c, "; Secure") != secure {
				t.Errorf("%s: %s", host, c)
			}
		}
	}
	r := h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": password}, "Host", "localhost", "X-Forwarded-Proto", "https")
	if !strings.Contains(r.Header.Get("Set-Cookie"), "; Secure") {
		t.Error("behind TLS on the same machine the cookies must be Secure")
	}
}

func TestRefusalsDoNotTellWhatWasWrong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	h.hire(t, tenant.ID, tenant.FacilityID, "dismissed")
	h.AsSuperuser(t, `UPDATE iam.tenant_user SET is_active = false FROM iam.user_account u WHERE u.id = user_id AND u.username = 'dismissed'`)
	var bodies []string
	for _, c := range []object{
		{"username": "nobody", "password": password}, {"username": "admin.asha", "password": "wrong"}, {"username": "dismissed", "password": password},
	} {
		r := h.call("POST", "/api/auth/token", "", c).want(t, 401, "auth.invalid_credentials")
		delete(r.json, "request_id")
		if r.Header.Get("Set-Cookie") != "" {
			t.Error("a refusal sets a cookie")
		}
		bodies = append(bodies, strings.ReplaceAll(r.text, r.Header.Get("X-Request-ID"), ""))
	}
	if bodies[0] != bodies[1] || bodies[0] != bodies[2] {
		t.Errorf("the answers differ: %q", bodies)
	}
}

// What a refusal writes must not depend on whose name it was, or its time would.
func TestRefusalsWriteTheSameForEveryName(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	written := func(username string) (rows [2]int64) {
		h.AsSuperuser(t, `TRUNCATE iam.sign_in_throttle, iam.refused_sign_in`)
		h.call("POST", "/api/auth/token", "", object{"username": username, "password": "wrong"}).want(t, 401)
		return [2]int64{value[int64](t, h, `SELECT count(*) FROM iam.sign_in_throttle`), value[int64](t, h, `SELECT count(*) FROM iam.refused_sign_in`)}
	}
	if known, unknown := written("admin.asha"), written("nobody"); known != unknown || known != [2]int64{3, 1} {
		t.Errorf("known name writes %v, unknown %v", known, unknown)
	}
}

// Not a comparison to the millisecond: it would fail if one of the two skipped the password's hash.
func TestAnUnknownNameTakesAsLong(t *testing.T) {
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	took := func(username string) time.Duration {
		shortest := time.Hour
		for range 4 {
			h.AsSuperuser(t, `TRUNCATE iam.sign_in_throttle`)
			began := time.Now()
			h.call("POST", "/api/auth/token", "", object{"username": username, "password": "wrong"}).want(t, 401)
			shortest = min(shortest, time.Since(began))
		}
		return shortest
	}
	if known, unknown := took("admin.asha"), took("nobody"); unknown < known/3 || known < unknown/3 {
		t.Errorf("known name %s, unknown %s", known, unknown)
	}
}

func TestRefusedSignInsReachTheTenantsTrail(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": "wrong"}).want(t, 401)
	h.call("POST", "/api/auth/token", "", object{"username": "nobody", "password": "wrong"}).want(t, 401)
	if more, err := h.iam.AuditRefusedSignIns(t.Context(), h.Pool); err != nil || more {
		t.Fatal(more, err)
	}
	if len(h.entries) != 2 {
		t.Fatalf("got %+v", h.entries)
	}
	known, unknown := h.entries[0], h.entries[1]
	if known.TenantID != tenant.ID || known.EntityID != tenant.UserID || known.Outcome != auditapi.Failed || known.Code != auditapi.SignInFailed || known.Detail["address"] != "192.0.2.10" {
		t.Errorf("got %+v", known)
	}
	if unknown.TenantID.ID() != 0 || unknown.EntityID.ID() != 0 {
		t.Errorf("got %+v", unknown)
	}
	if _, err := h.iam.AuditRefusedSignIns(t.Context(), h.Pool); err != nil || len(h.entries) != 2 {
		t.Errorf("told twice: %v", err)
	}
}

func TestSigningInIsToldToTheTenant(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	h.signIn(t, "admin.asha")
	if names := h.eventNames(t, tenant.ID); names[len(names)-1] != "iam.signed_in" {
		t.Errorf("got %v", names)
	}
}

func TestTheFirstScope(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, two := h.found(t, "one", "MAIN"), h.found(t, "two", "EAST", "WEST")
	only, _ := h.signIn(t, "admin.one")
	if r := h.call("GET", "/api/me", only, nil).want(t, 200); r.json["scope"].(object)["facility_id"] != one.FacilityID.String() {
		t.Errorf("the only facility is not chosen: %s", r.text)
	}
	several, _ := h.signIn(t, "admin.two")
	if r := h.call("GET", "/api/me", several, nil).want(t, 200); r.json["scope"] != nil {
		t.Errorf("a facility was chosen for the user: %s", r.text)
	}
	h.call("GET", "/api/facilities", several, nil).want(t, 400, "scope.missing")
	chosen := h.call("POST", "/api/me/scope", several, object{"tenant_id": two.ID, "facility_id": two.Facilities[1]}).want(t, 200)
	if cookie := chosen.Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "hm_access="+chosen.str("access")) {
		t.Errorf("got cookie %q", cookie)
	}
	h.call("GET", "/api/facilities", chosen.str("access"), nil).want(t, 200)
	again, _ := h.signIn(t, "admin.two")
	if r := h.call("GET", "/api/me", again, nil).want(t, 200); r.json["scope"].(object)["facility_id"] != two.Facilities[1].String() {
		t.Errorf("the last facility is not remembered: %s", r.text)
	}
	h.call("POST", "/api/me/scope", again, object{"tenant_id": one.ID, "facility_id": one.FacilityID}).want(t, 403, "scope.forbidden")
}

func TestNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for path, method := range map[string]string{"/api/me": "GET", "/api/users": "GET", "/api/me/scope": "POST", "/api/me/password": "POST", "/api/tenants": "GET"} {
		h.call(method, path, "", nil).want(t, 401, "auth.missing")
	}
}
