package app_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
)

func usersAreTakenOn(t *testing.T, d *day) {
	made := d.Admin.Post(t, "/api/users", object{"username": "new.person", "full_name": "New Person", "email": "new@example.org", "password": apptest.Password, "memberships": []object{
		{"facility_id": d.Facilities[0], "roles": []string{"nurse", "receptionist"}}, {"facility_id": d.Facilities[1], "roles": []string{"doctor"}}}}).Want(t, 201)
	if made.Text("username") != "new.person" || made.Text("email") != "new@example.org" || made.JSON["is_active"] != true || len(made.List("memberships")) != 2 || strings.Contains(string(made.Body), "password") {
		t.Errorf("made: %s", made.Body)
	}
	for name, c := range map[string]struct {
		body   object
		status int
		code   string
	}{
		"a taken name":        {object{"username": "New.Person", "full_name": "x", "password": apptest.Password}, 409, "iam.username_taken"},
		"an unknown role":     {object{"username": "u1", "full_name": "x", "password": apptest.Password, "memberships": []object{{"facility_id": d.Facilities[0], "roles": []string{"king"}}}}, 422, "iam.invalid"},
		"no password":         {object{"username": "u1", "full_name": "x"}, 422, "request.invalid"},
		"a weak password":     {object{"username": "u1", "full_name": "x", "password": "u1u1"}, 422, "iam.weak_password"},
		"no full name":        {object{"username": "u1", "full_name": "", "password": apptest.Password}, 422, "request.invalid"},
		"a blank in the name": {object{"username": "u 1", "full_name": "x", "password": apptest.Password}, 422, "request.invalid"},
	} {
		if r := d.Admin.Post(t, "/api/users", c.body); r.StatusCode != c.status || r.Text("code") != c.code {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	changed := d.Admin.Patch(t, "/api/users/"+made.ID(), object{"full_name": "Renamed", "email": nil}).Want(t, 200)
	if email, present := changed.JSON["email"]; changed.Text("full_name") != "Renamed" || !present || email != nil || changed.JSON["is_active"] != true {
		t.Errorf("changed: %s", changed.Body)
	}
	user := d.House.SignIn(t, "new.person", apptest.Password)
	if r := d.Admin.Patch(t, "/api/users/"+made.ID(), object{"is_active": false}).Want(t, 200); r.JSON["is_active"] != false || r.Text("full_name") != "Renamed" {
		t.Errorf("let in no more: %s", r.Body)
	}
	within(t, time.Second, "the session ends", func() bool { return user.Get(t, "/api/me").StatusCode == 401 })
	d.Admin.Patch(t, "/api/users/"+made.ID(), object{"is_active": true}).Want(t, 200)
	d.House.SignIn(t, "new.person", apptest.Password)
	d.Admin.Get(t, "/api/users/"+uuid.NewString()).WantProblem(t, 404, "iam.user_not_found")
	d.Nurse.Patch(t, "/api/users/"+made.ID(), object{"full_name": "x"}).WantProblem(t, 403, "auth.permission_denied")
}

func usersAreFound(t *testing.T, d *day) {
	d.User(t, "found.biller", d.Facilities[0], "biller")
	gone := d.User(t, "found.gone", d.Facilities[1], "pharmacist")
	d.Admin.Patch(t, "/api/users/"+userID(t, gone), object{"is_active": false}).Want(t, 200)
	for query, want := range map[string]string{
		"q=found": "found.biller found.gone", "q=FOUND.B": "found.biller", "q=found&role=biller": "found.biller", "q=found&role=nurse": "",
		"q=found&is_active=false": "found.gone", "q=found&is_active=true": "found.biller", "q=found&facility_id=" + d.Facilities[1].String(): "found.gone",
		"q=found&facility_id=" + uuid.NewString(): "",
	} {
		if got := strings.Join(codes(d.Admin.Get(t, "/api/users?"+query).Want(t, 200).List("results"), "username"), " "); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
}

func rolesAreMade(t *testing.T, d *day) {
	made := d.Admin.Post(t, "/api/roles", object{"code": "triage", "name": "Triage", "permissions": []string{"patients.can_read", "encounters.can_read"}}).Want(t, 201)
	if made.JSON["built_in"] != false || !slices.Equal(texts(made.List("permissions")), []string{"encounters.can_read", "patients.can_read"}) {
		t.Errorf("made: %s", made.Body)
	}
	user := d.User(t, "triager", d.Facilities[0], "triage")
	user.Get(t, "/api/patients").Want(t, 200)
	user.Get(t, "/api/tasks").WantProblem(t, 403, "auth.permission_denied")
	d.Admin.Patch(t, "/api/roles/"+made.ID(), object{"permissions": []string{"tasks.can_read"}}).Want(t, 200)
	within(t, time.Second, "the role changes", func() bool {
		return user.Get(t, "/api/tasks").StatusCode == 200 && user.Get(t, "/api/patients").StatusCode == 403
	})
	if r := d.Admin.Get(t, "/api/roles/"+made.ID()).Want(t, 200); r.Text("name") != "Triage" {
		t.Errorf("the name is gone: %s", r.Body)
	}
	d.Admin.Post(t, "/api/roles", object{"code": "triage", "name": "x", "permissions": []string{}}).WantProblem(t, 409, "iam.role_code_taken")
	unknown := d.Admin.Post(t, "/api/roles", object{"code": "other", "name": "x", "permissions": []string{"patients.can_read", "patients.can_fly"}}).WantProblem(t, 422, "iam.invalid")
	if unknown.Path("errors.0.location") != "body.permissions[1]" {
		t.Errorf("unknown permission: %s", unknown.Body)
	}
	d.Admin.Get(t, "/api/roles/"+uuid.NewString()).WantProblem(t, 404, "iam.role_not_found")
}

func membershipsAreGiven(t *testing.T, d *day) {
	user := d.User(t, "wanderer", d.Facilities[0], "nurse")
	id, there := userID(t, user), user.In(d.ID, d.Facilities[1])
	there.Get(t, "/api/patients").WantProblem(t, 403, "scope.forbidden")
	made := d.Admin.Post(t, "/api/memberships", object{"user_id": id, "facility_id": d.Facilities[1], "roles": []string{"receptionist"}}).Want(t, 201)
	if made.Text("user_id") != id || made.Text("facility_id") != d.Facilities[1].String() || made.JSON["is_active"] != true || made.Path("roles.0") != "receptionist" {
		t.Errorf("made: %s", made.Body)
	}
	within(t, time.Second, "the place counts", func() bool { return there.Get(t, "/api/patients").StatusCode == 200 })
	d.Admin.Post(t, "/api/memberships", object{"user_id": id, "facility_id": d.Facilities[1], "roles": []string{}}).WantProblem(t, 409, "iam.membership_exists")
	d.Admin.Post(t, "/api/memberships", object{"user_id": uuid.New(), "facility_id": d.Facilities[1], "roles": []string{}}).WantProblem(t, 404, "iam.user_not_found")
	for query, want := range map[string]int{"user_id=" + id: 2, "user_id=" + id + "&facility_id=" + d.Facilities[1].String(): 1, "user_id=" + uuid.NewString(): 0} {
		if found := d.Admin.Get(t, "/api/memberships?"+query).Want(t, 200).List("results"); len(found) != want {
			t.Errorf("%s finds %d, want %d", query, len(found), want)
		}
	}
	if r := d.Admin.Patch(t, "/api/memberships/"+made.ID(), object{"roles": []string{"doctor", "nurse"}}).Want(t, 200); !slices.Equal(texts(r.List("roles")), []string{"doctor", "nurse"}) {
		t.Errorf("changed: %s", r.Body)
	}
	if r := d.Admin.Patch(t, "/api/memberships/"+made.ID(), object{"is_active": false}).Want(t, 200); r.JSON["is_active"] != false {
		t.Errorf("ended: %s", r.Body)
	}
	within(t, time.Second, "the place is gone", func() bool { return there.Get(t, "/api/patients").StatusCode == 403 })
	d.Admin.Get(t, "/api/memberships/"+made.ID()).Want(t, 200)
	d.Admin.Get(t, "/api/memberships/"+uuid.NewString()).WantProblem(t, 404, "iam.membership_not_found")
}

func builtInRoles() []string {
	var roles []string
	for _, role := range auth.BuiltInRoles {
		roles = append(roles, string(role))
	}
	slices.Sort(roles)
	return roles
}

var permissionShape = regexp.MustCompile(`^[a-z]+\.can_[a-z_]+$`)

func builtInRolesAndPermissions(t *testing.T, d *day) {
	promised := strings.Fields("admin auditor biller doctor lab_technician nurse pathologist pharmacist radiologist receptionist therapist")
	if !slices.Equal(builtInRoles(), promised) {
		t.Errorf("built in: %v", builtInRoles())
	}
	known := codes(d.Admin.Get(t, "/api/permissions?limit=200").Want(t, 200).List("results"), "code")
	for _, code := range known {
		if !permissionShape.MatchString(code) {
			t.Errorf("the permission %s", code)
		}
	}
	writes := map[string]bool{}
	for _, o := range d.House.Contract.Operations {
		if o.Method != "GET" && o.Permission != "" && !slices.Contains(printed, o.Path) {
			writes[o.Permission] = true
		}
	}
	for _, raw := range d.Admin.Get(t, "/api/roles?limit=200").Want(t, 200).List("results") {
		role := raw.(object)
		if role["built_in"] != true {
			continue
		}
		if role["code"] == "doctor" {
			d.Admin.Patch(t, "/api/roles/"+role["id"].(string), object{"name": "x"}).WantProblem(t, 409, "iam.role_built_in")
		}
		if role["code"] != "auditor" {
			continue
		}
		// The auditor reads all and writes nothing.
		held := texts(role["permissions"].([]any))
		for _, permission := range known {
			reads := strings.Contains(permission, ".can_read") || permission == "audit.can_verify"
			if reads && !slices.Contains(held, permission) || writes[permission] && slices.Contains(held, permission) {
				t.Errorf("the auditor and %s: %v", permission, slices.Contains(held, permission))
			}
		}
	}
}
