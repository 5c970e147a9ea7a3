package app_test

import (
	"encoding/json"
	"slices"
	"testing"

	"hmsoftware.com/hm/app/apptest"
)

func TestTheWorkspaceIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	doctor := tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
	reply := doctor.Get(t, "/api/workspace").Want(t, 200)
	if reply.Text("locale") != "en" || reply.Text("direction") != "ltr" || reply.Text("default_pack") != "base" {
		t.Errorf("got %s", reply.Body[:200])
	}
	if reply.Path("facility.code") != "MAIN" || reply.Path("facility.time_zone") != "Asia/Kolkata" || reply.Path("facility.id") != tenant.Facilities[0].String() {
		t.Errorf("the facility is %v", reply.JSON["facility"])
	}
	permissions := reply.List("permissions")
	if !slices.Contains(permissions, any("encounters.can_start_consult")) || slices.Contains(permissions, any("iam.can_manage_users")) {
		t.Errorf("a doctor may %v", permissions)
	}
	if packs := codes(reply.List("packs"), "id"); !slices.Equal(packs, []string{"base"}) {
		t.Errorf("the packs are %v", packs)
	}
	templates, _ := reply.Path("packs.0.templates").([]any)
	if !slices.Contains(codes(templates, "code"), "progress_note") {
		t.Errorf("the forms are %v", templates)
	}
	if json.Valid(reply.Body) != true {
		t.Error("it is no JSON")
	}
}

func TestTheWorkspaceIsNotSentTwice(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN", "EAST")
	first := tenant.Admin.Get(t, "/api/workspace").Want(t, 200)
	tag := first.Header.Get("ETag")
	if tag == "" {
		t.Fatal("it has no ETag")
	}
	for _, sent := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		again := tenant.Admin.Get(t, "/api/workspace", "If-None-Match", sent).Want(t, 304)
		if len(again.Body) != 0 || again.Header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d bytes, ETag %s", sent, len(again.Body), again.Header.Get("ETag"))
		}
	}
	tenant.Admin.Get(t, "/api/workspace", "If-None-Match", `"other"`).Want(t, 200)
	// Another facility, another user's permissions: another workspace.
	tenant.Admin.In(tenant.ID, tenant.Facilities[1]).Get(t, "/api/workspace", "If-None-Match", tag).Want(t, 200)
	nurse := tenant.User(t, "nurse", tenant.Facilities[0], "nurse")
	nurse.Get(t, "/api/workspace", "If-None-Match", tag).Want(t, 200)
}
