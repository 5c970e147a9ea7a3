package iam_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/tenants"
)

// hospital is a tenant with two houses, its administrator signed in, and another tenant beside it.
type hospital struct {
	*house
	tenant     tenants.Founded
	east, west uuid.UUID
	admin      string // token
	inEast     []string
	inWest     []string
	neighbour  tenants.Founded
}

func newHospital(t *testing.T) *hospital {
	t.Helper()
	h := &hospital{house: newHouse(t)}
	h.tenant, h.neighbour = h.found(t, "asha", "EAST", "WEST"), h.found(t, "birch", "MAIN")
	h.east, h.west = h.tenant.Facilities[0], h.tenant.Facilities[1]
	h.inEast, h.inWest = in(h.tenant.ID, h.east), in(h.tenant.ID, h.west)
	h.admin, _ = h.signIn(t, "admin.asha")
	return h
}

// as makes a user with roles in one house and signs in.
func (h *hospital) as(t *testing.T, facilityID uuid.UUID, username string, roles ...string) (userID uuid.UUID, token string) {
	t.Helper()
	userID = h.hire(t, h.tenant.ID, facilityID, username, roles...)
	token, _ = h.signIn(t, username)
	return userID, token
}

// role makes a role of the tenant's own.
func (h *hospital) role(t *testing.T, code string, permissions ...string) string {
	t.Helper()
	return h.call("POST", "/api/roles", h.admin, object{"code": code, "name": code, "permissions": permissions}, h.inEast...).want(t, 201).str("id")
}

func (h *hospital) membershipOf(t *testing.T, userID, facilityID uuid.UUID) string {
	t.Helper()
	return value[uuid.UUID](t, h.house, `SELECT id FROM iam.membership WHERE user_id = $1 AND facility_id = $2`, userID, facilityID).String()
}

func newUser(username string, facilityID uuid.UUID, roles ...string) object {
	return object{"username": username, "full_name": "Somebody New", "email": "new@example.org", "password": password,
		"memberships": []object{{"facility_id": facilityID, "roles": append([]string{}, roles...)}}}
}

func TestTakingAPersonOn(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	made := h.call("POST", "/api/users", h.admin, newUser("dr.rao", h.east, "doctor", "nurse"), h.inEast...).want(t, 201)
	place := made.json["memberships"].([]any)[0].(object)
	if made.str("email") != "new@example.org" || made.json["is_active"] != true || fmt.Sprint(place["roles"]) != "[doctor nurse]" || made.Header.Get("ETag") == "" {
		t.Errorf("got %s", made.text)
	}
	token, _ := h.signIn(t, "dr.rao")
	me := h.call("GET", "/api/me", token, nil).want(t, 200)
	got := me.json["memberships"].([]any)[0].(object)
	if got["facility_name"] != "House EAST" || got["tenant_code"] != "asha" || !slices.Contains(got["permissions"].([]any), any("ward.can_treat")) {
		t.Errorf("got %s", me.text)
	}
	want := []string{"iam.user_created", "iam.membership_changed", "iam.signed_in"}
	if names := h.eventNames(t, h.tenant.ID); !slices.Equal(names[len(names)-3:], want) {
		t.Errorf("got %v", names)
	}
	h.call("POST", "/api/users", h.admin, newUser("DR.RAO", h.east), h.inEast...).want(t, 409, "iam.username_taken")
	// Without a word about where: here, as nothing yet.
	plain := h.call("POST", "/api/users", h.admin, object{"username": "temp", "full_name": "Temp", "password": password}, h.inWest...).want(t, 201)
	if place := plain.json["memberships"].([]any)[0].(object); place["facility_id"] != h.west.String() || len(place["roles"].([]any)) != 0 {
		t.Errorf("got %s", plain.text)
	}
}

func TestTakingAPersonOnNamesEveryFault(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	body := newUser("dr.rao", h.east, "doctor", "wizard")
	body["memberships"] = append(body["memberships"].([]object), object{"facility_id": h.west, "roles": []string{"witch"}})
	r := h.call("POST", "/api/users", h.admin, body, h.inEast...).want(t, 422, "iam.invalid")
	var at []string
	for _, fault := range r.json["errors"].([]any) {
		at = append(at, fault.(object)["location"].(string))
	}
	if !slices.Equal(at, []string{"body.memberships[0].roles[1]", "body.memberships[1].roles[0]"}) {
		t.Errorf("got %s", r.text)
	}
	body = newUser("dr.rao", h.east)
	body["password"] = "short"
	r = h.call("POST", "/api/users", h.admin, body, h.inEast...).want(t, 422, "iam.weak_password")
	if r.json["errors"].([]any)[0].(object)["location"] != "body.password" {
		t.Errorf("got %s", r.text)
	}
	body["password"] = "Reception.Desk"
	body["username"] = "reception.desk"
	h.call("POST", "/api/users", h.admin, body, h.inEast...).want(t, 422, "iam.weak_password")
}

func TestTakingAPersonOnTwiceWithOneKey(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	headers := append(slices.Clone(h.inEast), "Idempotency-Key", "once")
	first := h.call("POST", "/api/users", h.admin, newUser("dr.rao", h.east), headers...).want(t, 201)
	again := h.call("POST", "/api/users", h.admin, newUser("dr.rao", h.east), headers...).want(t, 201)
	if again.text != first.text || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("got %s", again.text)
	}
	other := newUser("dr.rao", h.east)
	other["password"] = "some other passphrase"
	h.call("POST", "/api/users", h.admin, other, headers...).want(t, 409, "idempotency.key_reused")
}

func TestNobodyGivesMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	h.role(t, "desk_head", iam.CanReadUsers, iam.CanManageUsers, iam.CanReadRoles, iam.CanManageRoles, "ward.can_read")
	h.role(t, "desk", "ward.can_read")
	headID, head := h.as(t, h.east, "head", "desk_head")
	h.call("POST", "/api/users", head, newUser("a", h.east, "desk"), h.inEast...).want(t, 201)
	h.call("POST", "/api/users", head, newUser("b", h.east, "doctor"), h.inEast...).want(t, 403, "iam.escalation")
	h.call("POST", "/api/users", head, newUser("b", h.east, "admin"), h.inEast...).want(t, 403, "iam.escalation")
	// Not to oneself either, nor in a role of one's own making.
	mine := "/api/memberships/" + h.membershipOf(t, headID, h.east)
	h.call("PATCH", mine, head, object{"roles": []string{"desk_head", "admin"}}, h.inEast...).want(t, 403, "iam.escalation")
	h.call("POST", "/api/roles", head, object{"code": "more", "name": "More", "permissions": []string{"ward.can_treat"}}, h.inEast...).want(t, 403, "iam.escalation")
	own := h.call("POST", "/api/roles", head, object{"code": "same", "name": "Same", "permissions": []string{"ward.can_read"}}, h.inEast...).want(t, 201)
	h.call("PATCH", "/api/roles/"+own.str("id"), head, object{"permissions": []string{"ward.can_read", "ward.can_treat"}}, h.inEast...).want(t, 403, "iam.escalation")
	// What somebody holds already is not given by changing something else.
	doctorID, _ := h.as(t, h.east, "doctor", "doctor")
	h.call("PATCH", "/api/memberships/"+h.membershipOf(t, doctorID, h.east), head, object{"roles": []string{"doctor", "desk"}}, h.inEast...).want(t, 200)
	// A password is the way into what its owner may do.
	h.call("PATCH", "/api/users/"+doctorID.String(), head, object{"password": "another long passphrase"}, h.inEast...).want(t, 403, "iam.escalation")
	h.call("PATCH", "/api/users/"+doctorID.String(), head, object{"reset_otp": true}, h.inEast...).want(t, 403, "iam.escalation")
	// The administrator appoints doctors without being one.
	h.call("POST", "/api/users", h.admin, newUser("c", h.east, "doctor"), h.inEast...).want(t, 201)
}

func TestRightsEndWithTheFacility(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	_, eastAdmin := h.as(t, h.east, "east.admin", "admin")
	westID, _ := h.as(t, h.west, "west.nurse", "nurse")
	westPlace := h.membershipOf(t, westID, h.west)
	h.call("POST", "/api/users", eastAdmin, newUser("a", h.west, "nurse"), h.inEast...).want(t, 404, "iam.facility_not_found")
	h.call("GET", "/api/users/"+westID.String(), eastAdmin, nil, h.inEast...).want(t, 404, "iam.user_not_found")
	h.call("PATCH", "/api/users/"+westID.String(), eastAdmin, object{"is_active": false}, h.inEast...).want(t, 404, "iam.user_not_found")
	h.call("GET", "/api/memberships/"+westPlace, eastAdmin, nil, h.inEast...).want(t, 404, "iam.membership_not_found")
	h.call("PATCH", "/api/memberships/"+westPlace, eastAdmin, object{"roles": []string{}}, h.inEast...).want(t, 404, "iam.membership_not_found")
	h.call("POST", "/api/memberships", eastAdmin, object{"user_id": westID, "facility_id": h.east, "roles": []string{"nurse"}}, h.inEast...).want(t, 404, "iam.user_not_found")
	if r := h.call("GET", "/api/users?limit=200&count=true", eastAdmin, nil, h.inEast...).want(t, 200); r.json["count"] != 2.0 {
		t.Errorf("got %s", r.text)
	}
	// A member without the right there is told so.
	_, both := h.as(t, h.east, "both", "admin")
	bothID := value[uuid.UUID](t, h.house, `SELECT id FROM iam.user_account WHERE username = 'both'`)
	h.call("POST", "/api/memberships", h.admin, object{"user_id": bothID, "facility_id": h.west, "roles": []string{"nurse"}}, h.inEast...).want(t, 201)
	h.call("POST", "/api/users", both, newUser("a", h.west, "nurse"), h.inEast...).want(t, 403, "iam.escalation")
	// Who works in both houses is not one house's to shut out or rename.
	sharedID, _ := h.as(t, h.east, "shared", "nurse")
	h.call("POST", "/api/memberships", h.admin, object{"user_id": sharedID, "facility_id": h.west, "roles": []string{"nurse"}}, h.inWest...).want(t, 201)
	for _, change := range []object{{"is_active": false}, {"full_name": "Other"}, {"password": "another long passphrase"}} {
		h.call("PATCH", "/api/users/"+sharedID.String(), eastAdmin, change, h.inEast...).want(t, 403, "iam.beyond_reach")
	}
	// And a role that is held in both is not one house's to change.
	roleID := h.role(t, "porter", "ward.can_read")
	h.call("PATCH", "/api/memberships/"+h.membershipOf(t, sharedID, h.west), h.admin, object{"roles": []string{"porter"}}, h.inEast...).want(t, 200)
	h.call("PATCH", "/api/roles/"+roleID, eastAdmin, object{"permissions": []string{}}, h.inEast...).want(t, 403, "iam.beyond_reach")
	h.call("PATCH", "/api/roles/"+roleID, h.admin, object{"permissions": []string{}}, h.inEast...).want(t, 200)
}

func TestOtherTenantsDoNotExist(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	theirs := h.neighbour.UserID
	place := h.membershipOf(t, theirs, h.neighbour.FacilityID)
	role := value[uuid.UUID](t, h.house, `SELECT id FROM iam.role WHERE tenant_id = $1 AND code = 'doctor'`, h.neighbour.ID).String()
	for _, c := range []struct {
		method, path string
		body         object
		code         string
	}{
		{"GET", "/api/users/" + theirs.String(), nil, "iam.user_not_found"},
		{"PATCH", "/api/users/" + theirs.String(), object{"is_active": false}, "iam.user_not_found"},
		{"POST", "/api/memberships", object{"user_id": theirs, "facility_id": h.east, "roles": []string{"nurse"}}, "iam.user_not_found"},
		{"POST", "/api/users", newUser("a", h.neighbour.FacilityID, "nurse"), "iam.facility_not_found"},
		{"GET", "/api/memberships/" + place, nil, "iam.membership_not_found"},
		{"PATCH", "/api/memberships/" + place, object{"is_active": false}, "iam.membership_not_found"},
		{"GET", "/api/roles/" + role, nil, "iam.role_not_found"},
		{"PATCH", "/api/roles/" + role, object{"name": "Mine"}, "iam.role_not_found"},
	} {
		var body any
		if c.body != nil {
			body = c.body
		}
		foreign := h.call(c.method, c.path, h.admin, body, h.inEast...).want(t, 404, c.code)
		if c.method == "POST" {
			continue
		}
		unknown := h.call(c.method, c.path[:len(c.path)-36]+uuid.NewString(), h.admin, body, h.inEast...).want(t, 404, c.code)
		if foreign.str("detail") != unknown.str("detail") {
			t.Errorf("%s %s: %q, unknown %q", c.method, c.path, foreign.str("detail"), unknown.str("detail"))
		}
	}
	if r := h.call("GET", "/api/users?user_id="+theirs.String()+"&q=birch", h.admin, nil, h.inEast...).want(t, 200); len(r.json["results"].([]any)) != 0 {
		t.Errorf("got %s", r.text)
	}
}

// worksForBoth makes a person who works for both tenants.
func (h *hospital) worksForBoth(t *testing.T) uuid.UUID {
	t.Helper()
	userID := h.hire(t, h.tenant.ID, h.east, "both", "doctor")
	// As a superuser founding a further tenant would: an account that exists comes to work there.
	h.AsSuperuser(t, `INSERT INTO iam.tenant_user (tenant_id, user_id, created_at, updated_at) VALUES ($1, $2, now(), now())`, h.neighbour.ID, userID)
	h.AsSuperuser(t, `INSERT INTO iam.membership (tenant_id, id, user_id, facility_id, created_at, updated_at) VALUES ($1, $2, $3, $4, now(), now())`,
		h.neighbour.ID, uuid.New(), userID, h.neighbour.FacilityID)
	return userID
}

func TestDisablingDoesNotReachIntoAnotherTenant(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	userID := h.worksForBoth(t)
	token, refresh := h.signIn(t, "both")
	path := "/api/users/" + userID.String()
	if r := h.call("PATCH", path, h.admin, object{"is_active": false}, h.inEast...).want(t, 200); r.json["is_active"] != false {
		t.Errorf("got %s", r.text)
	}
	h.call("GET", "/api/facilities", token, nil, h.inEast...).want(t, 403, "scope.forbidden")
	me := h.call("GET", "/api/me", token, nil).want(t, 200)
	if places := me.json["memberships"].([]any); len(places) != 1 || places[0].(object)["tenant_code"] != "birch" {
		t.Errorf("got %s", me.text)
	}
	h.renew(refresh).want(t, 200)
	h.signIn(t, "both")
	h.call("PATCH", path, h.admin, object{"is_active": true}, h.inEast...).want(t, 200)
	h.call("GET", "/api/users", token, nil, h.inEast...).want(t, 200)
}

func TestAnAccountSharedWithAnotherTenantIsNotOursToChange(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	path := "/api/users/" + h.worksForBoth(t).String()
	for _, change := range []object{{"password": "another long passphrase"}, {"full_name": "Other"}, {"email": "other@example.org"}, {"reset_otp": true}} {
		h.call("PATCH", path, h.admin, change, h.inEast...).want(t, 409, "iam.shared_account")
	}
	h.signIn(t, "both")
}

func TestDisablingShutsOutWhoWorksNowhereElse(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	userID, token := h.as(t, h.east, "leaver", "nurse")
	_, refresh := h.signIn(t, "leaver")
	path := "/api/users/" + userID.String()
	h.call("PATCH", path, h.admin, object{"is_active": false}, h.inEast...).want(t, 200)
	h.call("GET", "/api/me", token, nil).want(t, 401)
	h.renew(refresh).want(t, 401, "auth.session_ended")
	h.call("POST", "/api/auth/token", "", object{"username": "leaver", "password": password}).want(t, 401, "auth.invalid_credentials")
	// Let in again, the old sessions stay dead.
	h.call("PATCH", path, h.admin, object{"is_active": true}, h.inEast...).want(t, 200)
	h.call("GET", "/api/me", token, nil).want(t, 401)
	again, _ := h.signIn(t, "leaver")
	h.call("GET", "/api/users", again, nil, h.inEast...).want(t, 200)
	names := h.eventNames(t, h.tenant.ID)
	if !slices.Contains(names, "iam.user_disabled") || !slices.Contains(names, "iam.user_enabled") {
		t.Errorf("got %v", names)
	}
}

func TestNobodyDisablesThemselves(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	path := "/api/users/" + h.tenant.UserID.String()
	h.call("PATCH", path, h.admin, object{"is_active": false}, h.inEast...).want(t, 409, "iam.own_account")
	h.call("PATCH", path, h.admin, object{"password": "another long passphrase"}, h.inEast...).want(t, 409, "iam.own_account")
	h.call("PATCH", path, h.admin, object{"full_name": "Asha's administrator"}, h.inEast...).want(t, 200)
}

func TestAFacilityKeepsAnAdministrator(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	mine := "/api/memberships/" + h.membershipOf(t, h.tenant.UserID, h.east)
	for _, change := range []object{{"is_active": false}, {"roles": []string{"nurse"}}} {
		h.call("PATCH", mine, h.admin, change, h.inEast...).want(t, 409, "iam.last_admin")
	}
	secondID, _ := h.as(t, h.east, "second", "admin")
	// A second administrator who is not let in is none.
	h.call("PATCH", "/api/users/"+secondID.String(), h.admin, object{"is_active": false}, h.inEast...).want(t, 200)
	h.call("PATCH", mine, h.admin, object{"is_active": false}, h.inEast...).want(t, 409, "iam.last_admin")
	h.call("PATCH", "/api/users/"+secondID.String(), h.admin, object{"is_active": true}, h.inEast...).want(t, 200)
	second, _ := h.signIn(t, "second")
	h.call("PATCH", mine, h.admin, object{"is_active": false}, h.inEast...).want(t, 200)
	// Now the second is the last there, and the first still the only one in the other house.
	h.call("PATCH", "/api/memberships/"+h.membershipOf(t, secondID, h.east), second, object{"roles": []string{}}, h.inEast...).want(t, 409, "iam.last_admin")
}

func TestTwoAdministratorsCannotDismissEachOther(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	secondID, second := h.as(t, h.east, "second", "admin")
	var done, refused atomic.Int32
	var both sync.WaitGroup
	dismiss := func(token string, userID uuid.UUID) {
		switch r := h.call("PATCH", "/api/memberships/"+h.membershipOf(t, userID, h.east), token, object{"roles": []string{}}, h.inEast...); r.code() {
		case "":
			done.Add(1)
		case "iam.last_admin", "auth.permission_denied", "iam.membership_not_found":
			refused.Add(1)
		default:
			t.Errorf("got %s", r.text)
		}
	}
	both.Go(func() { dismiss(h.admin, secondID) })
	both.Go(func() { dismiss(second, h.tenant.UserID) })
	both.Wait()
	if done.Load() != 1 || refused.Load() != 1 {
		t.Errorf("%d dismissed, %d refused", done.Load(), refused.Load())
	}
}

func TestAnAdministratorSetsAForgottenPassword(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	userID, token := h.as(t, h.east, "nurse", "nurse")
	secret := h.enrol(t, token)
	path := "/api/users/" + userID.String()
	h.call("PATCH", path, h.admin, object{"password": "nurse"}, h.inEast...).want(t, 422, "iam.weak_password")
	h.call("PATCH", path, h.admin, object{"password": "another long passphrase", "reset_otp": true}, h.inEast...).want(t, 200)
	h.call("GET", "/api/me", token, nil).want(t, 401)
	h.Clock.Advance(time.Minute)
	h.signInWith("nurse", h.codeAt(t, secret, 0)).want(t, 401, "auth.invalid_credentials")
	h.call("POST", "/api/auth/token", "", object{"username": "nurse", "password": "another long passphrase"}).want(t, 200)
}

func TestAStaleChangeIsRefused(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	userID, _ := h.as(t, h.east, "nurse", "nurse")
	path := "/api/users/" + userID.String()
	tag := h.call("GET", path, h.admin, nil, h.inEast...).want(t, 200).Header.Get("ETag")
	h.call("PATCH", "/api/memberships/"+h.membershipOf(t, userID, h.east), h.admin, object{"roles": []string{"doctor"}}, h.inEast...).want(t, 200)
	headers := append(slices.Clone(h.inEast), "If-Match", tag)
	h.call("PATCH", path, h.admin, object{"full_name": "Other"}, headers...).want(t, 412)
}

func TestFindingPeople(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	h.as(t, h.east, "anita", "nurse")
	_, token := h.as(t, h.east, "bharat", "doctor")
	h.as(t, h.west, "carla", "doctor")
	usernames := func(token, query string, headers []string) (names []string) {
		for _, u := range h.call("GET", "/api/users?"+query, token, nil, headers...).want(t, 200).json["results"].([]any) {
			names = append(names, u.(object)["username"].(string))
		}
		return names
	}
	for query, want := range map[string][]string{
		"q=ANIT": {"anita"}, "q=user": {"anita", "bharat", "carla"}, "role=doctor": {"bharat", "carla"},
		"facility_id=" + h.west.String(): {"admin.asha", "carla"}, "role=doctor&facility_id=" + h.east.String(): {"bharat"}, "is_active=false": nil,
		"limit=1": {"admin.asha"}, "q=%25": nil,
	} {
		if got := usernames(h.admin, query, h.inEast); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	if got := usernames(token, "limit=200", h.inEast); !slices.Equal(got, []string{"admin.asha", "anita", "bharat"}) {
		t.Errorf("a colleague of one house sees %v", got)
	}
	var all []string
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		r := h.call("GET", "/api/users?limit=1&cursor="+cursor, h.admin, nil, h.inEast...).want(t, 200)
		all = append(all, r.json["results"].([]any)[0].(object)["username"].(string))
		cursor, _ = r.json["next"].(string)
	}
	if !slices.Equal(all, []string{"admin.asha", "anita", "bharat", "carla"}) {
		t.Errorf("page by page: %v", all)
	}
	anita := h.call("GET", "/api/users?q=anita", token, nil, h.inEast...).json["results"].([]any)[0].(object)
	if anita["email"] != nil {
		t.Error("a colleague sees the email address")
	}
}

func TestEndingAndRevivingAMembership(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	userID, _ := h.as(t, h.east, "nurse", "nurse")
	body := object{"user_id": userID, "facility_id": h.east, "roles": []string{"doctor"}}
	h.call("POST", "/api/memberships", h.admin, body, h.inEast...).want(t, 409, "iam.membership_exists")
	place := "/api/memberships/" + h.membershipOf(t, userID, h.east)
	if r := h.call("PATCH", place, h.admin, object{"is_active": false}, h.inEast...).want(t, 200); r.json["is_active"] != false {
		t.Errorf("got %s", r.text)
	}
	reader, ctx := iam.Reader{}, db.WithScope(t.Context(), db.Tenant(h.tenant.ID))
	q := h.Pool.Read(ctx)
	if member, err := reader.IsMember(ctx, q, userID, h.tenant.ID, h.east); err != nil || member {
		t.Errorf("still a member: %t %v", member, err)
	}
	// Who once worked here keeps a name, and is still to be found.
	if names, err := reader.Names(ctx, q, h.tenant.ID, []uuid.UUID{userID, h.neighbour.UserID}); err != nil || len(names) != 1 || names[userID] != "User nurse" {
		t.Errorf("got %v %v", names, err)
	}
	h.call("GET", "/api/users/"+userID.String(), h.admin, nil, h.inEast...).want(t, 200)
	r := h.call("POST", "/api/memberships", h.admin, body, h.inEast...).want(t, 201)
	if fmt.Sprint(r.json["roles"]) != "[doctor]" || r.json["is_active"] != true {
		t.Errorf("got %s", r.text)
	}
	if member, err := reader.IsMember(ctx, q, userID, h.tenant.ID, h.east); err != nil || !member {
		t.Errorf("no member: %t %v", member, err)
	}
}

func TestWhatHappensInAHouseIsToldThere(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	userID, _ := h.as(t, h.east, "nurse", "nurse")
	h.call("POST", "/api/memberships", h.admin, object{"user_id": userID, "facility_id": h.west, "roles": []string{"nurse"}}, h.inEast...).want(t, 201)
	where := func(name, entity string) []string {
		return value[[]string](t, h.house, `SELECT array_agg(coalesce(facility_id::text, 'tenant') ORDER BY occurred_at, id) FROM events.event
			WHERE tenant_id = $1 AND name = $2 AND $3 IN (entity_id::text, payload->>'user_id')`, h.tenant.ID, name, entity)
	}
	if got := where("iam.membership_changed.v1", userID.String()); !slices.Equal(got, []string{h.east.String(), h.west.String()}) {
		t.Errorf("memberships: %v", got)
	}
	if got := where("iam.signed_in.v1", userID.String()); !slices.Equal(got, []string{h.east.String()}) {
		t.Errorf("a sign-in to the only house: %v", got)
	}
	if got := where("iam.signed_in.v1", h.tenant.UserID.String()); !slices.Equal(got, []string{"tenant"}) {
		t.Errorf("a sign-in to no house yet: %v", got)
	}
}
