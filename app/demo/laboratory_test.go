package demo_test

import (
	"strings"
	"testing"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/demo"
)

type object = map[string]any

// The demo has a week of laboratory work: tests at every stage, a trend, a sample that was taken again, a correction,
// controls with a warning and a violation that is over, and two alerts that nobody has looked at.
func TestTheDemoHasAWeekOfLaboratoryWork(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	for range 2 { // a second time changes nothing
		if err := house.Apps[0].SeedDemo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sign := func(username, facility string) *apptest.Client {
		t.Helper()
		c := house.SignIn(t, username, demo.Password)
		for _, m := range c.Get(t, "/api/me").Want(t, 200).List("memberships") {
			if m.(object)["facility_code"] == facility {
				return c
			}
		}
		t.Fatalf("%s does not work in %s", username, facility)
		return nil
	}
	technician, pathologist, doctor := sign("technician@asha", "MAIN"), sign("pathologist@asha", "MAIN"), sign("doctor@asha", "MAIN")
	rows := func(c *apptest.Client, path string) []any { return c.Get(t, path).Want(t, 200).List("results") }
	for _, status := range []string{"COLLECTED", "RECEIVED", "STORED", "DISCARDED", "REJECTED"} {
		if len(rows(technician, "/api/lab/samples?status="+status)) == 0 {
			t.Errorf("no sample is %s", status)
		}
	}
	for status, least := range map[string]int{"ENTERED": 2, "VERIFIED": 1, "RELEASED": 15} {
		if got := rows(pathologist, "/api/lab/results?limit=200&latest=true&status="+status); len(got) < least {
			t.Errorf("%d results are %s", len(got), status)
		}
	}
	waiting := rows(technician, "/api/lab/collection-list?limit=200")
	again := 0
	for _, tube := range waiting {
		if tube.(object)["is_recollection"] == true {
			again++
		}
	}
	if len(waiting) < 3 || again != 1 {
		t.Errorf("%d tubes are to be taken, %d of them again", len(waiting), again)
	}
	corrected := 0
	for _, r := range rows(pathologist, "/api/lab/results?limit=200&latest=true") {
		if r.(object)["is_correction"] == true {
			corrected++
		}
	}
	if corrected != 1 {
		t.Errorf("%d results were corrected", corrected)
	}

	patient := doctor.Get(t, "/api/patients?q=Savitri+Krishnamurthy").Want(t, 200).Path("results.0.id").(string)
	trend := rows(doctor, "/api/lab/trends?code=GLUF&patient_id="+patient)
	if len(trend) != 1 || len(trend[0].(object)["points"].([]any)) != 4 {
		t.Errorf("the trend: %v", trend)
	}

	lots := rows(pathologist, "/api/lab/control-lots")
	runs := map[string]int{}
	for _, lot := range lots {
		for _, run := range rows(pathologist, "/api/lab/control-lots/"+lot.(object)["id"].(string)+"/runs?limit=200") {
			runs["all"]++
			runs[run.(object)["status"].(string)]++
			for _, rule := range run.(object)["rules"].([]any) {
				runs[rule.(string)]++
			}
		}
	}
	if len(lots) != 4 || runs["all"] < 4*2*10 || runs["WARNING"] != 1 || runs["REJECTED"] != 1 {
		t.Errorf("%d lots, runs: %v", len(lots), runs)
	}
	holds := rows(pathologist, "/api/lab/control-holds")
	if len(holds) != 1 || holds[0].(object)["status"] != "RESOLVED" {
		t.Errorf("holds: %v", holds)
	}

	var open []string
	for _, alert := range rows(doctor, "/api/alerts?status=OPEN") {
		open = append(open, alert.(object)["kind"].(string))
	}
	if got := strings.Join(open, " "); got != "sample_rejected critical_result" && got != "critical_result sample_rejected" {
		t.Errorf("open alerts: %s", got)
	}
	if reports := rows(doctor, "/api/lab/reports?limit=200"); len(reports) < 15 {
		t.Errorf("%d reports", len(reports))
	}
	if released := rows(sign("doctor@birch", "BIRCH"), "/api/lab/results?latest=true"); len(released) != 3 {
		t.Errorf("the other tenant has %d released results", len(released))
	}
}
