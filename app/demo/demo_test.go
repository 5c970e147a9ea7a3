package demo_test

import (
	"testing"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/demo"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// Every medical system of the demo has people who can sign in, visits that went through its whole workflow, and visits
// that wait for the next step; the facilities with ordinary work are as they were, and a second run changes nothing.
func TestTheDemoHasAFacilityForEachSystem(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	for range 2 {
		if err := house.Apps[0].SeedDemo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	count := func(c *apptest.Client, path string) float64 {
		n, _ := c.Get(t, path+"&count=true&limit=1").Want(t, 200).JSON["count"].(float64)
		return n
	}
	for _, x := range []string{"allopathy", "ayurveda", "homeopathy", "eye", "cardiac"} {
		doctor := house.SignIn(t, "doctor."+x+"@asha", demo.Password)
		workspace := doctor.Get(t, "/api/workspace").Want(t, 200)
		if workspace.Text("default_pack") != x {
			t.Errorf("%s works with %s", x, workspace.Text("default_pack"))
		}
		if closed := count(doctor, "/api/encounters?status=CLOSED"); closed < 4 {
			t.Errorf("%s: %v visits are closed", x, closed)
		}
		if waiting := count(doctor, "/api/encounters?status=CHECKED_IN"); waiting < 1 {
			t.Errorf("%s: nobody waits", x)
		}
		house.SignIn(t, "reception."+x+"@asha", demo.Password)
		nurse := house.SignIn(t, "nurse."+x+"@asha", demo.Password)
		if patients := count(nurse, "/api/patients?q="); patients != 12 {
			t.Errorf("%s: %v patients", x, patients)
		}
	}
	if patients := count(house.SignIn(t, "doctor@asha", demo.Password), "/api/patients?q="); patients != 110+20 { // with those who come for the laboratory
		t.Errorf("Main has %v patients", patients)
	}
	if found := house.SignIn(t, "doctor.homeopathy@asha", demo.Password).Get(t, "/api/repertory/rubrics?q=head").Want(t, 200).List("results"); len(found) == 0 {
		t.Error("the homeopaths have no rubrics to look into")
	}
	memberships := house.SignIn(t, "admin@asha", demo.Password).Get(t, "/api/me").Want(t, 200).List("memberships")
	if len(memberships) != 7 {
		t.Errorf("the administrator belongs to %d facilities", len(memberships))
	}
}
