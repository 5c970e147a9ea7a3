package app_test

import (
	"net/http"
	"slices"
	"testing"

	"hmsoftware.com/hm/app/apptest"
)

func fourEyes(t *testing.T, d *day) {
	d = d.elsewhere(t)
	settings := d.Pathologist.Get(t, "/api/lab/settings").Want(t, 200)
	if settings.JSON["four_eyes"] != false || settings.Text("autoverification") != "OFF" {
		t.Errorf("to begin with: %s", settings.Body)
	}
	test := d.received(t, "CRP")
	own := func() apptest.Reply {
		test.result = d.Pathologist.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": wellCRP}).Want(t, 201).ID()
		return d.Pathologist.Post(t, "/api/lab/results/"+test.result+"/verify", nil)
	}
	d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": true, "autoverification": "OFF"}).Want(t, 200)
	own().WantProblem(t, 409, "lab.four_eyes")
	d.Admin.Post(t, "/api/lab/results/"+test.result+"/verify", nil).Want(t, 200)
	d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": false, "autoverification": "OFF"}).Want(t, 200)
	own().Want(t, 200)
}

// holdBack makes quality control hold an analyte back: a control run far from its mean.
func (d *day) holdBack(t *testing.T, analyte string) (holdID string) {
	t.Helper()
	lot := d.Pathologist.Post(t, "/api/lab/control-lots", aLot(analyte)).Want(t, 201).ID()
	d.Technician.Post(t, "/api/lab/control-lots/"+lot+"/runs", object{"analyte": analyte, "value": 20}).Want(t, 201)
	for _, hold := range d.Pathologist.Get(t, "/api/lab/control-holds?status=OPEN&limit=200").Want(t, 200).List("results") {
		if hold.(object)["analyte"] == analyte {
			return hold.(object)["id"].(string)
		}
	}
	t.Fatal("nothing is held")
	return ""
}

// aLot is a control of mean 10 and SD 1.
func aLot(analyte string) object {
	return object{"material": "Control serum", "lot_number": unique("L"), "level": 1, "expires_on": "2035-01-01", "targets": []object{{"analyte": analyte, "mean": 10, "sd": 1, "unit": "mg/L"}}}
}

func whatQualityControlHolds(t *testing.T, d *day) {
	d = d.elsewhere(t)
	entered, verified := d.entered(t, "CRP", wellCRP), d.verify(t, d.entered(t, "CRP", wellCRP))
	other := d.entered(t, "ESR", found("ESR", 8))
	hold := d.holdBack(t, "CRP")
	r := d.Pathologist.Post(t, "/api/lab/results/"+entered.result+"/verify", nil).WantProblem(t, 409, "lab.quality_control_held")
	if !slices.Equal(texts(r.List("held")), []string{"CRP"}) {
		t.Errorf("held: %s", r.Body)
	}
	d.Pathologist.Post(t, "/api/lab/results/"+verified.result+"/release", nil).WantProblem(t, 409, "lab.quality_control_held")
	if shown := d.Pathologist.Get(t, "/api/lab/results/"+entered.result).Want(t, 200); !slices.Equal(texts(shown.List("held")), []string{"CRP"}) || slices.Contains(texts(shown.List("actions")), "verify") {
		t.Errorf("shown: %s", shown.Body)
	}
	d.verify(t, other)
	d.Technician.Post(t, "/api/lab/control-holds/"+hold+"/resolve", object{"reason": "New reagent"}).WantProblem(t, 403, "auth.permission_denied")
	d.Pathologist.Post(t, "/api/lab/control-holds/"+hold+"/resolve", object{}).Want(t, 422)
	d.Pathologist.Post(t, "/api/lab/control-holds/"+hold+"/resolve", object{"reason": "New reagent, control repeated"}).Want(t, 200)
	d.verify(t, entered)
	d.release(t, verified)
}

func aRuleVerifies(t *testing.T, d *day) {
	d = d.elsewhere(t)
	status := func(values []object) apptest.Reply {
		return d.Pathologist.Get(t, "/api/lab/results/"+d.entered(t, "CRP", values).result).Want(t, 200)
	}
	if r := status(wellCRP); r.Text("status") != "ENTERED" {
		t.Errorf("while it is off: %s", r.Body)
	}
	d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": true, "autoverification": "ON"}).Want(t, 200)
	if r := status(wellCRP); r.Text("status") == "ENTERED" || r.Text("verified_by_rule") == "" || r.JSON["verified_by_id"] != nil {
		t.Errorf("a normal value: %s", r.Body)
	}
	if r := status(highCRP); r.Text("status") != "ENTERED" {
		t.Errorf("a high value: %s", r.Body)
	}
	d.Technician.Post(t, "/api/lab/autoverification/suspend", object{"reason": "Analyser serviced"}).WantProblem(t, 403, "auth.permission_denied")
	d.Pathologist.Post(t, "/api/lab/autoverification/suspend", object{"reason": "Analyser serviced"}).Want(t, 200)
	if r := status(wellCRP); r.Text("status") != "ENTERED" {
		t.Errorf("while it is suspended: %s", r.Body)
	}
	d.Pathologist.Post(t, "/api/lab/autoverification/resume", nil).Want(t, 200)
	if r := status(wellCRP); r.Text("status") == "ENTERED" {
		t.Errorf("resumed: %s", r.Body)
	}
}

func labSettings(t *testing.T, d *day) {
	d = d.elsewhere(t)
	d.Technician.Put(t, "/api/lab/settings", object{"four_eyes": true, "autoverification": "OFF"}).WantProblem(t, 403, "auth.permission_denied")
	before := d.Pathologist.Get(t, "/api/lab/settings").Want(t, 200)
	after := d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": true, "autoverification": "OFF"}, "If-Match", before.Header.Get("ETag")).Want(t, 200)
	if after.JSON["four_eyes"] != true || after.Header.Get("ETag") == before.Header.Get("ETag") {
		t.Errorf("changed: %s", after.Body)
	}
	if r := d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": false, "autoverification": "OFF"}, "If-Match", before.Header.Get("ETag")); r.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("a stale change: %d %s", r.StatusCode, r.Body)
	}
	if r := d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": true, "autoverification": "SOMETIMES"}); r.StatusCode != 422 {
		t.Errorf("a word of its own: %d %s", r.StatusCode, r.Body)
	}
}
