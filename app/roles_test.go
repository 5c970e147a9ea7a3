package app_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
)

// TestRoleByRoute drives every operation as every built-in role: whoever lacks its permission is refused before
// anything is read, whoever holds it is not.
func TestRoleByRoute(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	allowed := map[string][]auth.Role{}
	for _, p := range app.Permissions() {
		allowed[p.Code] = p.Roles
	}
	for _, role := range auth.BuiltInRoles {
		client := tenant.User(t, "user."+string(role), tenant.Facilities[0], string(role))
		client.Unchecked = true
		for _, o := range house.Contract.Operations {
			if o.Permission == "" || o.Path == "/api/stream" {
				continue
			}
			request := house.Contract.Fill(&o, func(_ *apptest.Operation, s apptest.Slot) (any, bool) { return uuid.NewString(), s.TakesID() })
			if request.Body == nil && o.Method != "GET" {
				request.Body = map[string]any{}
			}
			reply := client.Do(t, o.Method, request.URL(), request.Body)
			denied := reply.StatusCode == 403 && reply.Text("code") == "auth.permission_denied"
			if want := !slices.Contains(allowed[o.Permission], role); denied != want {
				t.Errorf("%s: %s %s (%s): got %d %s", role, o.Method, o.Path, o.Permission, reply.StatusCode, reply.Body)
			}
			if reply.StatusCode >= 500 {
				t.Errorf("%s: %s %s: %d %s", role, o.Method, o.Path, reply.StatusCode, reply.Body)
			}
		}
	}
}

// printed are POSTs that only print what is there, because an address cannot hold the list of it.
var printed = []string{"/api/lab/reports/print"}

// TestTheAuditorWritesNothing holds the one promise of that role over every module to come.
func TestTheAuditorWritesNothing(t *testing.T) {
	t.Parallel()
	a, err := app.New(app.Config{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string][]auth.Role{}
	for _, p := range app.Permissions() {
		roles[p.Code] = p.Roles
	}
	for _, r := range a.API.Routes() {
		if r.Method != "GET" && !slices.Contains(printed, r.Path) && slices.Contains(roles[r.Permission], auth.Auditor) && r.Permission != "" {
			t.Errorf("the auditor may %s %s", r.Method, r.Path)
		}
	}
}
