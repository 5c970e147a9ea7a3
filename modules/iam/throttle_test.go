package iam_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func (n *node) tryWrong(username, from string) reply {
	return n.call("POST", "/api/auth/token", "", object{"username": username, "password": "wrong"}, "From", from)
}

func TestFailuresSlowDownAName(t *testing.T) {
	t.Parallel()
	for _, username := range []string{"admin.asha", "nobody"} {
		t.Run(username, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.found(t, "asha", "MAIN")
			const from = "192.0.2.10:1"
			for range 5 {
				h.tryWrong(username, from).want(t, 401, "auth.invalid_credentials")
			}
			// The name counts whatever its case, and whether the password is right or not.
			r := h.call("POST", "/api/auth/token", "", object{"username": strings.ToUpper(username), "password": password}, "From", from).want(t, 429, "auth.throttled")
			if r.Header.Get("Retry-After") != "5" {
				t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
			}
			h.Clock.Advance(6 * time.Second)
			h.tryWrong(username, from).want(t, 401)
			if r := h.tryWrong(username, from).want(t, 429); r.Header.Get("Retry-After") != "10" {
				t.Errorf("the wait does not double: %q", r.Header.Get("Retry-After"))
			}
		})
	}
}

// Who knows a name can hold up those at his own address, and not its owner elsewhere; not in a whole day of trying.
func TestNobodyHoldsAnOwnerOutFromElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	const enemy, owner = "192.0.2.10:1", "198.51.100.7:9"
	for range 5 {
		h.tryWrong("admin.asha", enemy).want(t, 401)
	}
	h.tryWrong("admin.asha", enemy).want(t, 429)
	asOwner := object{"username": "admin.asha", "password": password}
	h.call("POST", "/api/auth/token", "", asOwner, "From", owner).want(t, 200)
	// The owner's success is none of the enemy's.
	h.tryWrong("admin.asha", enemy).want(t, 429)
	for range 100 {
		if r := h.tryWrong("admin.asha", enemy); r.StatusCode == 429 {
			wait, _ := strconv.Atoi(r.Header.Get("Retry-After"))
			h.Clock.Advance(time.Duration(wait) * time.Second)
		}
	}
	h.call("POST", "/api/auth/token", "", asOwner, "From", owner).want(t, 200)
}

func TestANameGuessedFromManyAddressesSlowsDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	guesses := 0
	for i := range 60 {
		if r := h.tryWrong("admin.asha", fmt.Sprintf("203.0.113.%d:1", i)); r.StatusCode == 401 {
			guesses++
		}
	}
	if guesses != 50 {
		t.Errorf("%d guesses were looked at", guesses)
	}
	h.Clock.Advance(5 * time.Second)
	h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": password}, "From", "198.51.100.7:9").want(t, 200)
	// It forgives by the minute.
	h.Clock.Advance(10 * time.Minute)
	for i := range 10 {
		h.tryWrong("admin.asha", fmt.Sprintf("203.0.113.%d:1", 100+i)).want(t, 401)
	}
	h.tryWrong("admin.asha", "203.0.113.200:1").want(t, 429)
}

// A password that is too easy is no failure to sign in, however often it is tried.
func TestAWeakNewPasswordIsNoFailure(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	token, _ := h.signIn(t, "admin.asha")
	for range 12 {
		h.call("POST", "/api/me/password", token, object{"current_password": password, "new_password": "password123"}).want(t, 422, "iam.weak_password")
	}
	h.signIn(t, "admin.asha")
	// Guessing the present one is.
	for range 5 {
		h.call("POST", "/api/me/password", token, object{"current_password": "wrong", "new_password": "password123"}).want(t, 422, "auth.wrong_password")
	}
	h.call("POST", "/api/me/password", token, object{"current_password": password, "new_password": "another long passphrase"}).want(t, 429, "auth.throttled")
}

func TestNobodyIsLockedOutForGood(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	longest := 0
	for range 40 {
		r := h.tryWrong("admin.asha", "192.0.2.10:1")
		if r.StatusCode == 429 {
			wait, _ := strconv.Atoi(r.Header.Get("Retry-After"))
			longest = max(longest, wait)
			h.Clock.Advance(time.Duration(wait) * time.Second)
		}
	}
	if longest != 120 {
		t.Errorf("the longest wait is %d s", longest)
	}
	h.Clock.Advance(2 * time.Minute)
	h.signIn(t, "admin.asha")
	// A success begins anew.
	for range 5 {
		h.tryWrong("admin.asha", "192.0.2.10:1").want(t, 401)
	}
}

func TestFailuresAreForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 4 {
		h.tryWrong("nobody", "192.0.2.10:1").want(t, 401)
	}
	h.Clock.Advance(16 * time.Minute)
	for range 5 {
		h.tryWrong("nobody", "192.0.2.10:1").want(t, 401)
	}
	h.tryWrong("nobody", "192.0.2.10:1").want(t, 429)
}

func TestParallelGuessesCannotOutrunTheCount(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	second := h.addNode(t)
	var guessed, throttled atomic.Int32
	var guesses sync.WaitGroup
	for i := range 24 {
		guesses.Go(func() {
			n := &h.node
			if i%2 == 0 {
				n = second
			}
			switch r := n.tryWrong("admin.asha", "192.0.2.10:1"); r.StatusCode {
			case 401:
				guessed.Add(1)
			case 429:
				throttled.Add(1)
			default:
				t.Errorf("got %d %s", r.StatusCode, r.text)
			}
		})
	}
	guesses.Wait()
	if guessed.Load() != 5 || throttled.Load() != 19 {
		t.Errorf("%d guesses were looked at, %d refused", guessed.Load(), throttled.Load())
	}
}

func TestAnAddressIsGivenFarMoreRoom(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	const routed = "203.0.113.5:1"
	for i := range 30 {
		h.tryWrong(fmt.Sprintf("nobody%d", i), routed).want(t, 401)
	}
	h.AsSuperuser(t, `UPDATE iam.sign_in_throttle SET failures = 199 WHERE failures = 30`)
	h.tryWrong("nobody30", routed).want(t, 401)
	h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": password}, "From", routed).want(t, 429)
	// The same network of IPv6 is one address; other addresses are not concerned.
	h.signIn(t, "admin.asha")
	h.Clock.Advance(6 * time.Second)
	h.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": password}, "From", routed).want(t, 200)
}

func TestWhatWasTypedAsANameIsNotStored(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.tryWrong("my secret password", "192.0.2.10:1").want(t, 401)
	if n := value[int64](t, h, `SELECT count(*) FROM iam.sign_in_throttle t WHERE t::text LIKE '%secret%' OR convert_from(t.key, 'LATIN1') LIKE '%secret%'`); n != 0 {
		t.Error("the name is stored")
	}
}
