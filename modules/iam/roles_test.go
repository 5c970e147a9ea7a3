package iam_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/iam/iamtest"
)

func TestBuiltInRoles(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	var codes []string
	for _, r := range h.call("GET", "/api/roles?limit=200", h.admin, nil, h.inEast...).want(t, 200).json["results"].([]any) {
		role := r.(object)
		codes = append(codes, role["code"].(string))
		treats := slices.Contains(role["permissions"].([]any), any("ward.can_treat"))
		if treats != (role["code"] == "doctor") || role["built_in"] != true {
			t.Errorf("got %v", role)
		}
		h.call("PATCH", "/api/roles/"+role["id"].(string), h.admin, object{"name": "Mine"}, h.inEast...).want(t, 409, "iam.role_built_in")
	}
	want := []string{}
	for _, role := range auth.BuiltInRoles {
		want = append(want, string(role))
	}
	slices.Sort(want)
	if !slices.Equal(codes, want) {
		t.Errorf("got %v", codes)
	}
}

func TestRolesOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	r := h.call("POST", "/api/roles", h.admin, object{"code": "porter", "name": "Porter", "permissions": []string{"ward.can_read", "no.such", "ward.can_read"}}, h.inEast...)
	r.want(t, 422, "iam.invalid")
	if r.json["errors"].([]any)[0].(object)["location"] != "body.permissions[1]" {
		t.Errorf("got %s", r.text)
	}
	made := h.call("POST", "/api/roles", h.admin, object{"code": "porter", "name": "Porter", "permissions": []string{"ward.can_read", "ward.can_read"}}, h.inEast...).want(t, 201)
	if fmt.Sprint(made.json["permissions"]) != "[ward.can_read]" || made.json["built_in"] != false {
		t.Errorf("got %s", made.text)
	}
	for _, code := range []string{"porter", "admin"} {
		h.call("POST", "/api/roles", h.admin, object{"code": code, "name": "Again", "permissions": []string{}}, h.inEast...).want(t, 409, "iam.role_code_taken")
	}
	path := "/api/roles/" + made.str("id")
	changed := h.call("PATCH", path, h.admin, object{"name": "Head porter", "permissions": []string{iam.CanReadUsers}}, append(slices.Clone(h.inEast), "If-Match", made.Header.Get("ETag"))...).want(t, 200)
	if changed.str("name") != "Head porter" || fmt.Sprint(changed.json["permissions"]) != "["+iam.CanReadUsers+"]" {
		t.Errorf("got %s", changed.text)
	}
	h.call("PATCH", path, h.admin, object{"name": "Late"}, append(slices.Clone(h.inEast), "If-Match", made.Header.Get("ETag"))...).want(t, 412)
}

func TestPermissionsAreListed(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	first := h.call("GET", "/api/permissions?limit=3&count=true", h.admin, nil, h.inEast...).want(t, 200)
	rest := h.call("GET", "/api/permissions?limit=200&cursor="+first.str("next"), h.admin, nil, h.inEast...).want(t, 200)
	if n := len(first.json["results"].([]any)) + len(rest.json["results"].([]any)); first.json["count"] != float64(n) || rest.json["next"] != nil {
		t.Errorf("%d of %v", n, first.json["count"])
	}
	if p := first.json["results"].([]any)[0].(object); p["code"] != "facilities.can_create" || p["module"] != "facilities" || p["description"] == "" {
		t.Errorf("got %v", p)
	}
}

// A newer version of HM brings permissions that built-in roles of older tenants lack.
func TestEnsureRolesBringsOldTenantsUpToDate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenant := h.found(t, "asha", "MAIN")
	h.hire(t, tenant.ID, tenant.FacilityID, "doctor", "doctor")
	newer := h.addNode(t, auth.Permission{Code: "ward.can_read", Roles: auth.Everyone}, auth.Permission{Code: "ward.can_operate", Roles: []auth.Role{auth.Doctor}})
	for range 2 {
		if err := newer.iam.EnsureRoles(context.Background(), h.Pool); err != nil {
			t.Fatal(err)
		}
		access, _ := newer.signIn(t, "doctor")
		permissions := newer.call("GET", "/api/me", access, nil).want(t, 200).json["memberships"].([]any)[0].(object)["permissions"].([]any)
		if !slices.Contains(permissions, any("ward.can_operate")) || slices.Contains(permissions, any("ward.can_treat")) {
			t.Errorf("got %v", permissions)
		}
	}
	before := value[int64](t, h, `SELECT count(*) FROM iam.invalidation`)
	if err := newer.iam.EnsureRoles(context.Background(), h.Pool); err != nil {
		t.Fatal(err)
	}
	if after := value[int64](t, h, `SELECT count(*) FROM iam.invalidation`); after != before {
		t.Error("nothing changed and the nodes were told otherwise")
	}
}

func TestWhoOpensAFacilityAdministersIt(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	made := h.call("POST", "/api/facilities", h.admin, object{"code": "NORTH", "name": "House NORTH"}, h.inEast...).want(t, 201)
	me := h.call("GET", "/api/me", h.admin, nil).want(t, 200)
	for _, m := range me.json["memberships"].([]any) {
		if m.(object)["facility_id"] == made.str("id") && fmt.Sprint(m.(object)["roles"]) == "[admin]" {
			return
		}
	}
	t.Errorf("got %s", me.text)
}

func TestMeChangesOnlyTheEmail(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	if r := h.call("PATCH", "/api/me", h.admin, object{"email": "asha@example.org"}).want(t, 200); r.json["user"].(object)["email"] != "asha@example.org" {
		t.Errorf("got %s", r.text)
	}
	if r := h.call("PATCH", "/api/me", h.admin, object{"email": nil}).want(t, 200); r.json["user"].(object)["email"] != nil {
		t.Errorf("got %s", r.text)
	}
	h.call("PATCH", "/api/me", h.admin, object{"email": "no address"}).want(t, 422)
	h.call("PATCH", "/api/me", h.admin, object{"full_name": "Somebody else"}).want(t, 422)
}

func TestTheFactoryMakesMembers(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		scope := tx.Scope()
		here := iamtest.User(ctx, t, tx, iamtest.With{ID: scope.UserID, Roles: []string{"doctor", "nurse"}})
		gone := iamtest.User(ctx, t, tx, iamtest.With{MembershipEnded: true, Roles: []string{"doctor"}})
		disabled := iamtest.User(ctx, t, tx, iamtest.With{Disabled: true})
		for userID, want := range map[[16]byte]bool{here: true, gone: false, disabled: false} {
			if member, err := (iam.Reader{}).IsMember(ctx, tx, userID, scope.TenantID, scope.FacilityID); err != nil || member != want {
				t.Errorf("member %t, want %t, %v", member, want, err)
			}
		}
	})
}
