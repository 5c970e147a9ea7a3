package iam_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/iam"
)

// within fails unless the condition holds before a second is over.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for began := time.Now(); time.Since(began) < time.Second; time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Errorf("after a second not yet: %s", what)
}

func TestChangesTakeEffectOnOtherNodesWithinASecond(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := h.addNode(t, clinical...)
	h.watch(t)
	other.watch(t)
	tenant := h.found(t, "asha", "MAIN")
	admin, _ := h.signIn(t, "admin.asha")
	scope := in(tenant.ID, tenant.FacilityID)
	newcomer := func(t *testing.T, username string) (userID, access string) {
		t.Helper()
		userID = h.hire(t, tenant.ID, tenant.FacilityID, username, "nurse").String()
		access, _ = h.signIn(t, username)
		other.call("GET", "/api/users", access, nil, scope...).want(t, 200)
		return userID, access
	}
	t.Run("a logout", func(t *testing.T) {
		_, access := newcomer(t, "one")
		h.call("POST", "/api/auth/logout", access, nil).want(t, 204)
		within(t, "the access token is dead", func() bool { return other.call("GET", "/api/me", access, nil).StatusCode == 401 })
	})
	t.Run("a disabled user", func(t *testing.T) {
		userID, access := newcomer(t, "two")
		h.call("PATCH", "/api/users/"+userID, admin, object{"is_active": false}, scope...).want(t, 200)
		h.call("GET", "/api/me", access, nil).want(t, 401)
		within(t, "the access token is dead", func() bool { return other.call("GET", "/api/me", access, nil).StatusCode == 401 })
	})
	t.Run("an ended membership", func(t *testing.T) {
		userID, access := newcomer(t, "three")
		list := h.call("GET", "/api/memberships?user_id="+userID, admin, nil, scope...).want(t, 200)
		id := list.json["results"].([]any)[0].(object)["id"].(string)
		h.call("PATCH", "/api/memberships/"+id, admin, object{"is_active": false}, scope...).want(t, 200)
		within(t, "the facility is closed to them", func() bool {
			return other.call("GET", "/api/users", access, nil, scope...).code() == "scope.forbidden"
		})
		other.call("GET", "/api/me", access, nil).want(t, 200)
	})
	t.Run("a changed role", func(t *testing.T) {
		made := h.call("POST", "/api/roles", admin, object{"code": "clerk", "name": "Clerk", "permissions": []string{iam.CanReadUsers}}, scope...).want(t, 201)
		h.hire(t, tenant.ID, tenant.FacilityID, "four", "clerk")
		access, _ := h.signIn(t, "four")
		other.call("GET", "/api/users", access, nil, scope...).want(t, 200)
		h.call("PATCH", "/api/roles/"+made.str("id"), admin, object{"permissions": []string{}}, scope...).want(t, 200)
		within(t, "the permission is gone", func() bool {
			return other.call("GET", "/api/users", access, nil, scope...).code() == "auth.permission_denied"
		})
	})
	t.Run("a closed tenant, and opened again", func(t *testing.T) {
		_, access := newcomer(t, "five")
		root := h.superuser(t)
		h.call("PATCH", "/api/tenants/"+tenant.ID.String(), root, object{"is_active": false}).want(t, 200)
		within(t, "nobody is let in", func() bool { return other.call("GET", "/api/me", access, nil).StatusCode == 401 })
		h.call("PATCH", "/api/tenants/"+tenant.ID.String(), root, object{"is_active": true}).want(t, 200)
		within(t, "everybody is", func() bool { return other.call("GET", "/api/users", access, nil, scope...).StatusCode == 200 })
	})
}

// superuser gives the access token of one who runs the installation.
func (h *house) superuser(t *testing.T) string {
	t.Helper()
	if _, err := h.iam.CreateSuperuser(t.Context(), iam.SuperuserInput{Username: "root", Password: password}); err != nil {
		t.Fatal(err)
	}
	access, _ := h.signIn(t, "root")
	return access
}

func TestKnownAccountsCostNoRoundTrip(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.watch(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	first, _, err := h.iam.Authenticate(t.Context(), access)
	if err != nil {
		t.Fatal(err)
	}
	// A context that is over lets nothing reach the database.
	over, cancel := context.WithCancel(t.Context())
	cancel()
	again, _, err := h.iam.Authenticate(over, access)
	if err != nil || again != first {
		t.Errorf("got %v, the same account: %t", err, again == first)
	}
}

func TestANodeThatDoesNotHearTrustsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	deaf := h.addNode(t, clinical...) // never watches
	tenant := h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	deaf.call("GET", "/api/me", access, nil).want(t, 200)
	h.call("POST", "/api/auth/logout", access, nil).want(t, 204)
	deaf.call("GET", "/api/me", access, nil).want(t, 401)
	_ = tenant
}

func TestWithoutTheDatabaseNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.watch(t)
	h.found(t, "asha", "MAIN")
	access, _ := h.signIn(t, "admin.asha")
	h.call("GET", "/api/me", access, nil).want(t, 200)
	h.AsSuperuser(t, `REVOKE EXECUTE ON FUNCTION iam.load_account FROM hm_app; REVOKE SELECT ON iam.invalidation FROM hm_app`)
	time.Sleep(1100 * time.Millisecond)
	if r := h.call("GET", "/api/me", access, nil); r.StatusCode < http.StatusInternalServerError {
		t.Errorf("a stale yes: %d %s", r.StatusCode, r.text)
	}
}

// A load that began before a change and ends after the node heard of it must not be kept.
func TestAnOldReadIsNotKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.watch(t)
	tenant := h.found(t, "asha", "MAIN")
	for range 20 {
		username := "n" + testkit.NewScope().UserID.String()[:8]
		h.hire(t, tenant.ID, tenant.FacilityID, username, "nurse")
		access, _ := h.signIn(t, username)
		stop := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				select {
				case <-stop:
					return
				default:
					_, _, _ = h.iam.Authenticate(context.Background(), access)
				}
			}
		}()
		h.call("POST", "/api/auth/logout", access, nil).want(t, 204)
		if _, _, err := h.iam.Authenticate(t.Context(), access); err == nil {
			t.Fatal("the account was kept from before the logout")
		}
		close(stop)
		<-done
		if _, _, err := h.iam.Authenticate(t.Context(), access); err == nil {
			t.Fatal("the account came back")
		}
	}
}

func TestCleaningKeepsWhatIsAlive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.found(t, "asha", "MAIN")
	old, _ := h.signIn(t, "admin.asha")
	h.call("POST", "/api/auth/logout", old, nil).want(t, 204)
	h.Clock.Advance(8 * 24 * time.Hour)
	_, alive := h.signIn(t, "admin.asha")
	if err := h.iam.Clean(db.WithScope(t.Context(), db.System()), h.Pool); err != nil {
		t.Fatal(err)
	}
	if n := value[int64](t, h, `SELECT count(*) FROM iam.session`); n != 1 {
		t.Errorf("%d sessions are left", n)
	}
	if n := value[int64](t, h, `SELECT count(*) FROM iam.refresh_token`); n != 1 {
		t.Errorf("%d refresh tokens are left", n)
	}
	h.renew(alive).want(t, 200)
}
