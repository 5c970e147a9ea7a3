package app_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/testkit"
)

// claimsOf reads a token's claims without checking it.
func claimsOf(t *testing.T, token string) jwt.MapClaims {
	t.Helper()
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestForgedAndStaleTokensAreRefused(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	other := house.Tenant(t, "birch", "MAIN")
	user := tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
	key := auth.DeriveKey(testkit.Secret, "access token")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		claims := claimsOf(t, user.Access)
		change(claims)
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	same := func(jwt.MapClaims) {}
	late := clock.NewManual(time.Now().Add(-time.Hour))
	expired, err := auth.NewTokens(testkit.Secret, late).Sign(auth.Claims{UserID: uuid.MustParse(claimsOf(t, user.Access)["sub"].(string)), SessionID: uuid.MustParse(claimsOf(t, user.Access)["sid"].(string))})
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(user.Access, ".")
	for name, token := range map[string]string{
		"no algorithm":            sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"an RSA key of one's own": sign(jwt.SigningMethodRS256, rsaKey, same),
		"another HMAC":            sign(jwt.SigningMethodHS512, key, same),
		"a guessed key":           sign(jwt.SigningMethodHS256, []byte("secret"), same),
		"another audience":        sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["aud"] = "other" }),
		"another issuer":          sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["iss"] = "other" }),
		"no expiry":               sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "exp") }),
		"another use":             sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["use"] = "refresh" }),
		"another user's session":  sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["sub"] = claimsOf(t, other.Admin.Access)["sub"] }),
		"an unknown session":      sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["sid"] = uuid.NewString() }),
		"expired":                 expired,
		"the refresh token":       user.Refresh,
		"a changed payload":       parts[0] + "." + parts[1] + "x." + parts[2],
		"no signature":            parts[0] + "." + parts[1] + ".",
		"a very long token":       strings.Repeat("a", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := *user
			c.Access = token
			if reply := c.Do(t, "GET", "/api/patients", nil); reply.StatusCode != 401 && reply.StatusCode != 431 {
				t.Errorf("got %d %s", reply.StatusCode, reply.Body)
			}
		})
	}
	t.Run("a scope in the token that is not the user's", func(t *testing.T) {
		t.Parallel()
		c := *user
		c.TenantID, c.FacilityID = uuid.Nil, uuid.Nil
		c.Access = sign(jwt.SigningMethodHS256, key, func(m jwt.MapClaims) { m["tid"], m["fid"] = other.ID.String(), other.Facilities[0].String() })
		c.Get(t, "/api/patients").WantProblem(t, 403, "scope.forbidden")
	})
}

func TestLogoutEndsTheSessionOnEveryNode(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 2)
	tenant := house.Tenant(t, "asha", "MAIN")
	user := tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
	user.On(1).Get(t, "/api/patients").Want(t, 200)
	user.Post(t, "/api/auth/logout", nil).Want(t, 204)
	user.Get(t, "/api/patients").Want(t, 401)
	within(t, time.Second, "the other node refuses", func() bool { return user.On(1).Get(t, "/api/patients").StatusCode == 401 })
	user.Post(t, "/api/auth/token/refresh", object{"refresh": user.Refresh}).Want(t, 401)
}

func TestARoleChangeTakesEffectOnEveryNode(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 2)
	tenant := house.Tenant(t, "asha", "MAIN")
	user := tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
	user.On(1).Get(t, "/api/patients").Want(t, 200)
	me := user.Get(t, "/api/me").Want(t, 200).Path("user.id").(string)
	for _, m := range tenant.Admin.Get(t, "/api/memberships?limit=200").Want(t, 200).List("results") {
		if m.(object)["user_id"] == me {
			tenant.Admin.Patch(t, "/api/memberships/"+m.(object)["id"].(string), object{"roles": []string{"biller"}}).Want(t, 200)
		}
	}
	within(t, time.Second, "the doctor may not record an assessment any more", func() bool {
		r := user.On(1).Post(t, "/api/encounters/"+uuid.NewString()+"/assessment", object{"diagnosis": "x"})
		return r.StatusCode == 403
	})
}

func TestAWorkerTakesNoToken(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	tenant.Admin.Get(t, "/api/me").Want(t, 200)
	worker, err := app.New(app.Config{Pool: house.Apps[0].Pool(), Secret: testkit.Secret, Version: "test", Role: config.RoleWorker})
	if err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/metrics": 200,
		"/": 404, "/api/docs": 404, "/api/openapi.json": 404, "/api/me": 404, "/api/stream": 404, "/api/patients": 404,
	} {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.Header.Set("Authorization", "Bearer "+tenant.Admin.Access)
		answer := httptest.NewRecorder()
		worker.Handler().ServeHTTP(answer, request)
		if answer.Code != status {
			t.Errorf("%s answers %d, want %d", path, answer.Code, status)
		}
	}
}

func TestADisabledUserIsOutOnEveryNode(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 2)
	tenant := house.Tenant(t, "asha", "MAIN")
	user := tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
	user.On(1).Get(t, "/api/patients").Want(t, 200)
	me := user.Get(t, "/api/me").Want(t, 200).Path("user.id").(string)
	tenant.Admin.Patch(t, "/api/users/"+me, object{"is_active": false}).Want(t, 200)
	within(t, time.Second, "the other node refuses", func() bool { return user.On(1).Get(t, "/api/patients").StatusCode == 401 })
	house.SignInRefused(t, "doctor", apptest.Password)
}

// within allows twice the promised time: what is held here is that it happens, by itself; the promise is measured
// by the bench.
func within(t *testing.T, promised time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * promised); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Errorf("never: %s", what)
}

func TestCookiesSignInABrowserAndNobodyElse(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
	anonymous := &apptest.Client{House: house}
	signedIn := anonymous.Post(t, "/api/auth/token", object{"username": "doctor", "password": apptest.Password}).Want(t, 200)
	var header []string
	for _, c := range signedIn.Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge <= 0 && c.Expires.IsZero() {
			t.Errorf("cookie %s: %+v", c.Name, c)
		}
		header = append(header, c.Name+"="+c.Value)
	}
	cookies := strings.Join(header, "; ")
	anonymous.Get(t, "/api/patients", "Cookie", cookies).Want(t, 200)
	anonymous.Post(t, "/api/auth/logout", nil, "Cookie", cookies, "Origin", "https://evil.example").WantProblem(t, 403, "auth.cross_site")
	anonymous.Post(t, "/api/auth/token/refresh", nil, "Cookie", cookies, "Sec-Fetch-Site", "cross-site").WantProblem(t, 403, "auth.cross_site")
	anonymous.Post(t, "/api/auth/token/refresh", nil, "Cookie", cookies, "Sec-Fetch-Site", "same-origin").Want(t, 200)
}

func TestSignInDoesNotTellWhatWasWrong(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
	anonymous := &apptest.Client{House: house}
	wrong := anonymous.Post(t, "/api/auth/token", object{"username": "doctor", "password": "wrong password"})
	unknown := anonymous.Post(t, "/api/auth/token", object{"username": "nobody", "password": "wrong password"})
	if wrong.StatusCode != 401 || withoutRequest(wrong) != withoutRequest(unknown) || wrong.Text("code") != "auth.invalid_credentials" {
		t.Errorf("%s against %s", wrong.Body, unknown.Body)
	}
}

func withoutRequest(r apptest.Reply) string {
	return strings.ReplaceAll(string(r.Body), r.Header.Get("X-Request-ID"), "")
}
