package iam_test

import (
	"crypto/rand"
	"crypto/rsa"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/testkit"
)

func (n *node) renew(refresh string) reply {
	return n.call("POST", "/api/auth/token/refresh", "", object{"refresh": refresh})
}

func TestRefreshingRotates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	_, first := h.signIn(t, "admin.asha")
	byBody := h.renew(first).want(t, 200)
	if byBody.str("refresh") == first || byBody.str("access") == "" {
		t.Errorf("got %s", byBody.text)
	}
	byCookie := h.call("POST", "/api/auth/token/refresh", "", nil, "Cookie", "hm_refresh="+byBody.str("refresh")).want(t, 200)
	if len(byCookie.Header.Values("Set-Cookie")) != 2 {
		t.Error("the cookies are not rotated")
	}
	if me := h.call("GET", "/api/me", byCookie.str("access"), nil).want(t, 200); me.json["scope"].(object)["facility_id"] != tenant.FacilityID.String() {
		t.Errorf("the scope is lost: %s", me.text)
	}
}

func TestARotatedTokenUsedAgainEndsTheSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	_, stolen := h.signIn(t, "admin.asha")
	other, _ := h.signIn(t, "admin.asha")
	next := h.renew(stolen).want(t, 200)
	h.renew(stolen).want(t, 401, "auth.token_reused")
	h.call("GET", "/api/me", next.str("access"), nil).want(t, 401, "auth.invalid_token")
	h.renew(next.str("refresh")).want(t, 401, "auth.session_ended")
	h.renew(stolen).want(t, 401, "auth.token_reused")
	h.call("GET", "/api/me", other, nil).want(t, 200)
	if names := h.eventNames(t, tenant.ID); names[len(names)-1] != "iam.session_ended" {
		t.Errorf("got %v", names)
	}
}

func TestOneOfManyParallelRefreshesWins(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	second := h.addNode(t)
	_, refresh := h.signIn(t, "admin.asha")
	var won, reused atomic.Int32
	var uses sync.WaitGroup
	for i := range 32 {
		uses.Go(func() {
			n := &h.node
			if i%2 == 0 {
				n = second
			}
			switch r := n.renew(refresh); {
			case r.StatusCode == 200:
				won.Add(1)
			case r.StatusCode == 401 && r.code() == "auth.token_reused":
				reused.Add(1)
			default:
				t.Errorf("got %d %s", r.StatusCode, r.text)
			}
		})
	}
	uses.Wait()
	if won.Load() != 1 || reused.Load() != 31 {
		t.Errorf("%d won, %d were told of the reuse", won.Load(), reused.Load())
	}
}

func TestARefusedRefreshDoesNotUseTheTokenUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	_, refresh := h.signIn(t, "admin.asha")
	root := h.superuser(t)
	h.call("PATCH", "/api/tenants/"+tenant.ID.String(), root, object{"is_active": false}).want(t, 200)
	h.renew(refresh).want(t, 401, "auth.session_ended")
	h.call("PATCH", "/api/tenants/"+tenant.ID.String(), root, object{"is_active": true}).want(t, 200)
	h.renew(refresh).want(t, 200)
}

func TestUnknownRefreshTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	h.renew("nonsense").want(t, 401, "auth.invalid_token")
	h.renew(access[:180]).want(t, 401, "auth.invalid_token")
	h.call("POST", "/api/auth/token/refresh", "", nil).want(t, 401, "auth.missing")
	h.call("POST", "/api/auth/token/refresh", "", object{}).want(t, 401, "auth.missing")
	h.call("POST", "/api/auth/token/refresh", "", object{"reresh": "x"}).want(t, 422)
}

func TestSessionsEndByThemselves(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	_, idle := h.signIn(t, "admin.asha")
	access, used := h.signIn(t, "admin.asha")
	h.Clock.Advance(11 * time.Minute)
	h.call("GET", "/api/me", access, nil).want(t, 401, "auth.invalid_token")
	h.Clock.Advance(13 * 24 * time.Hour)
	used = h.renew(used).want(t, 200).str("refresh")
	h.Clock.Advance(2 * 24 * time.Hour)
	h.renew(idle).want(t, 401, "auth.session_ended")
	used = h.renew(used).want(t, 200).str("refresh")
	h.Clock.Advance(13 * 24 * time.Hour)
	used = h.renew(used).want(t, 200).str("refresh") // the 28th day
	h.Clock.Advance(3 * 24 * time.Hour)
	h.renew(used).want(t, 401, "auth.session_ended") // the 31st
}

func TestLogoutEndsTheSessionAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.watch(t)
	tenant := h.found(t, "asha", "MAIN")
	access, refresh := h.signIn(t, "admin.asha")
	h.call("GET", "/api/me", access, nil).want(t, 200)
	h.call("POST", "/api/auth/logout", access, nil).want(t, 204)
	h.call("GET", "/api/me", access, nil).want(t, 401, "auth.invalid_token")
	h.renew(refresh).want(t, 401, "auth.session_ended")
	h.call("POST", "/api/auth/logout", access, nil).want(t, 401)
	h.call("POST", "/api/auth/logout", "", nil).want(t, 401, "auth.missing")
	if names := h.eventNames(t, tenant.ID); names[len(names)-1] != "iam.signed_out" {
		t.Errorf("got %v", names)
	}
}

func TestABrowserGetsRidOfItsCookies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, refresh := h.signIn(t, "admin.asha")
	// Only the refresh token is still good: the access token has expired.
	h.Clock.Advance(time.Hour)
	cookies := "hm_access=" + access + "; hm_refresh=" + refresh
	for range 2 { // the second time the session is over already
		r := h.call("POST", "/api/auth/logout", "", nil, "Cookie", cookies).want(t, 204)
		if gone := r.Header.Values("Set-Cookie"); len(gone) != 2 || !strings.Contains(gone[0], "Max-Age=0") || !strings.Contains(gone[1], "Max-Age=0") {
			t.Errorf("got %v", gone)
		}
	}
	h.renew(refresh).want(t, 401, "auth.session_ended")
}

func TestAnotherSiteCannotUseTheCookies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, refresh := h.signIn(t, "admin.asha")
	cookies := "hm_access=" + access + "; hm_refresh=" + refresh
	for _, path := range []string{"/api/auth/token", "/api/auth/token/refresh", "/api/auth/logout", "/api/me/password", "/api/me/scope", "/api/me/totp"} {
		h.call("POST", path, "", object{}, "Cookie", cookies, "Sec-Fetch-Site", "cross-site").want(t, 403, "auth.cross_site")
	}
	h.renew(refresh).want(t, 200)
}

func TestForgedTokensAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	tenant := h.found(t, "birch", "MAIN")
	access, refresh := h.signIn(t, "admin.asha")
	key := auth.DeriveKey(testkit.Secret, "access token")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	forge := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		claims := jwt.MapClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(access, claims); err != nil {
			t.Fatal(err)
		}
		change(claims)
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	with := func(name string, value any) func(jwt.MapClaims) {
		return func(c jwt.MapClaims) { c[name] = value }
	}
	same := func(jwt.MapClaims) {}
	h.call("GET", "/api/me", forge(jwt.SigningMethodHS256, key, same), nil).want(t, 200) // the forger's tools are good
	for name, token := range map[string]string{
		"no algorithm":           forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"an RSA key":             forge(jwt.SigningMethodRS256, rsaKey, same),
		"another HMAC":           forge(jwt.SigningMethodHS512, key, same),
		"the secret itself":      forge(jwt.SigningMethodHS256, testkit.Secret, same),
		"another audience":       forge(jwt.SigningMethodHS256, key, with("aud", "elsewhere")),
		"another issuer":         forge(jwt.SigningMethodHS256, key, with("iss", "elsewhere")),
		"another use":            forge(jwt.SigningMethodHS256, key, with("use", "refresh")),
		"expired":                forge(jwt.SigningMethodHS256, key, with("exp", testkit.Epoch.Add(-time.Second).Unix())),
		"without an end":         forge(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "exp") }),
		"somebody else's":        forge(jwt.SigningMethodHS256, key, with("sub", tenant.UserID.String())),
		"an unknown session":     forge(jwt.SigningMethodHS256, key, with("sid", uuid.NewString())),
		"no session":             forge(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "sid") }),
		"a refresh token":        refresh,
		"a session id alone":     uuid.NewString(),
		"nothing but dots":       "..",
		"a signature of another": access[:strings.LastIndexByte(access, '.')] + ".AAAA",
	} {
		if r := h.call("GET", "/api/me", token, nil); r.StatusCode != 401 || r.code() != "auth.invalid_token" {
			t.Errorf("%s: got %d %s", name, r.StatusCode, r.text)
		}
		if r := h.call("POST", "/api/auth/logout", token, nil); r.StatusCode != 401 {
			t.Errorf("%s signs out: got %d %s", name, r.StatusCode, r.text)
		}
	}
	// A scope that is not the user's is no scope.
	elsewhere := forge(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["tid"], c["fid"] = tenant.ID.String(), tenant.FacilityID.String() })
	if r := h.call("GET", "/api/me", elsewhere, nil).want(t, 200); r.json["scope"] != nil {
		t.Errorf("got %s", r.text)
	}
	h.call("GET", "/api/users", elsewhere, nil).want(t, 403, "scope.forbidden")
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	mine, refresh := h.signIn(t, "admin.asha")
	elsewhere, elsewhereRefresh := h.signIn(t, "admin.asha")
	const next = "another long passphrase"
	h.call("POST", "/api/me/password", mine, object{"current_password": "wrong", "new_password": next}).want(t, 422, "auth.wrong_password")
	h.call("POST", "/api/me/password", mine, object{"current_password": password, "new_password": "short"}).want(t, 422, "iam.weak_password")
	h.call("POST", "/api/me/password", mine, object{"current_password": password, "new_password": next}).want(t, 204)
	h.call("GET", "/api/me", mine, nil).want(t, 200)
	h.renew(refresh).want(t, 200)
	h.call("GET", "/api/me", elsewhere, nil).want(t, 401)
	h.renew(elsewhereRefresh).want(t, 401, "auth.session_ended")
	h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": password}).want(t, 401)
	h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": next}).want(t, 200)
	if !slices.Contains(h.eventNames(t, tenant.ID), "iam.password_changed") {
		t.Error("no event")
	}
}

func TestAStolenSessionCannotGuessThePassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	for range 5 {
		h.call("POST", "/api/me/password", access, object{"current_password": "wrong", "new_password": "another long passphrase"}).want(t, 422)
	}
	h.call("POST", "/api/me/password", access, object{"current_password": password, "new_password": "another long passphrase"}).want(t, 429, "auth.throttled")
}

func TestTokensAreNotStored(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	_, refresh := h.signIn(t, "admin.asha")
	if n := value[int64](t, h, `SELECT count(*) FROM iam.refresh_token r WHERE r::text LIKE '%' || $1 || '%' OR encode(r.hash, 'escape') LIKE '%' || $1 || '%'`, refresh); n != 0 {
		t.Error("a refresh token is stored as it is")
	}
}
