package iam_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// enrol gives the user an authenticator app and returns its secret.
func (h *house) enrol(t *testing.T, access string) string {
	t.Helper()
	started := h.call("POST", "/api/me/totp", access, object{"password": password}).want(t, 200)
	h.call("POST", "/api/me/totp/confirm", access, object{"otp": h.codeAt(t, started.str("secret"), 0)}).want(t, 200)
	return started.str("secret")
}

func (h *house) codeAt(t *testing.T, secret string, offset time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, h.Clock.Now().Add(offset))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (n *node) signInWith(username, otp string) reply {
	return n.call("POST", "/api/auth/token", "", object{"username": username, "password": password, "otp": otp})
}

func TestEnrollingAnAuthenticator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	h.call("POST", "/api/me/totp", access, object{"password": "wrong"}).want(t, 422, "auth.wrong_password")
	h.call("POST", "/api/me/totp/confirm", access, object{"otp": "000000"}).want(t, 409, "auth.totp_not_enrolled")
	started := h.call("POST", "/api/me/totp", access, object{"password": password}).want(t, 200)
	if !strings.HasPrefix(started.str("uri"), "otpauth://totp/HM:admin.asha?") || !strings.HasPrefix(started.str("qr"), "data:image/png;base64,") {
		t.Errorf("got %s", started.text)
	}
	// Until confirmed, signing in asks for nothing.
	h.signIn(t, "admin.asha")
	h.call("POST", "/api/me/totp/confirm", access, object{"otp": "000000"}).want(t, 422)
	h.call("POST", "/api/me/totp/confirm", access, object{"otp": h.codeAt(t, started.str("secret"), 0)}).want(t, 200)
	h.call("POST", "/api/me/totp", access, object{"password": password}).want(t, 409, "auth.totp_enrolled")
	if r := h.call("GET", "/api/me/totp", access, nil).want(t, 200); r.json["enrolled"] != true {
		t.Errorf("got %s", r.text)
	}
	if n := value[int64](t, h, `SELECT count(*) FROM iam.user_account WHERE position(convert_to($1, 'UTF8') IN otp_secret) > 0`, started.str("secret")); n != 0 {
		t.Error("the secret is stored as it is")
	}
}

func TestSigningInWithACode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	secret := h.enrol(t, access)
	h.Clock.Advance(5 * time.Minute)
	h.signInWith("admin.asha", "").want(t, 401, "auth.otp_required")
	h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": "wrong", "otp": h.codeAt(t, secret, 0)}).want(t, 401, "auth.invalid_credentials")
	for name, offset := range map[string]time.Duration{"too old": -time.Minute, "too early": time.Minute} {
		if r := h.signInWith("admin.asha", h.codeAt(t, secret, offset)); r.StatusCode != 401 || r.code() != "auth.invalid_otp" {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.text)
		}
	}
	h.signInWith("admin.asha", h.codeAt(t, secret, -30*time.Second)).want(t, 200)
	h.signInWith("admin.asha", h.codeAt(t, secret, 30*time.Second)).want(t, 200)
}

func TestACodeIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	secret := h.enrol(t, access)
	// The code that confirmed the enrolment is used already.
	h.signInWith("admin.asha", h.codeAt(t, secret, 0)).want(t, 401, "auth.invalid_otp")
	h.Clock.Advance(30 * time.Second)
	code := h.codeAt(t, secret, 0)
	h.signInWith("admin.asha", code).want(t, 200)
	h.signInWith("admin.asha", code).want(t, 401, "auth.invalid_otp")
	// Nor is one from before it.
	h.signInWith("admin.asha", h.codeAt(t, secret, -30*time.Second)).want(t, 401, "auth.invalid_otp")
}

func TestOneCodeSignsInOnceInParallel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	secret := h.enrol(t, access)
	h.Clock.Advance(30 * time.Second)
	code := h.codeAt(t, secret, 0)
	replies := make(chan reply, 4)
	for range cap(replies) {
		go func() { replies <- h.signInWith("admin.asha", code) }()
	}
	accepted := 0
	for range cap(replies) {
		switch r := <-replies; {
		case r.StatusCode == 200:
			accepted++
		case r.code() != "auth.invalid_otp":
			t.Errorf("got %d %s", r.StatusCode, r.text)
		}
	}
	if accepted != 1 {
		t.Errorf("accepted %d times", accepted)
	}
}

func TestCodesCannotBeGuessed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	h.enrol(t, access)
	throttled := false
	for range 6 {
		// Asking without a code in between must not begin the count anew.
		h.signInWith("admin.asha", "")
		throttled = throttled || h.signInWith("admin.asha", "000000").StatusCode == 429
	}
	if !throttled {
		t.Error("never slowed down")
	}
}

func TestForgettingTheCodeIsNoFailure(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	h.enrol(t, access)
	for range 12 {
		h.signInWith("admin.asha", "").want(t, 401, "auth.otp_required")
	}
}

func TestTakingTheAuthenticatorOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	secret := h.enrol(t, access)
	h.Clock.Advance(time.Minute)
	code := h.codeAt(t, secret, 0)
	h.call("POST", "/api/me/totp/disable", access, object{"password": "wrong", "otp": code}).want(t, 422, "auth.wrong_password")
	h.call("POST", "/api/me/totp/disable", access, object{"password": password, "otp": "000000"}).want(t, 422)
	h.call("POST", "/api/me/totp/disable", access, object{"password": password, "otp": code}).want(t, 204)
	h.signIn(t, "admin.asha")
}
