package app_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

// tested is one test on its way through the laboratory, with what there is of it so far.
type tested struct{ encounter, patient, order, item, sample, barcode, result string }

// Tests of the built-in catalogue, and values of theirs for a woman of 34 years. Of a renal profile the potassium is what
// the test says.
var wellCRP, highCRP = found("CRP", 3), found("CRP", 48)

func renal(potassium any) []object {
	return found("UREA", 30, "CREA", 0.9, "NA", 140, "K", potassium, "CL", 101, "URIC", 4.2)
}

// found writes values: found("K", 4.1, "NA", 140).
func found(pairs ...any) []object {
	var values []object
	for i := 0; i < len(pairs); i += 2 {
		values = append(values, object{"code": pairs[i], "value": pairs[i+1]})
	}
	return values
}

var readBack = object{"critical_notice": object{"notified_to": "The doctor on duty", "read_back": true}}

// ask orders tests in an encounter of their own, or in one that is given, as one order, and gives each.
func (d *day) ask(t *testing.T, encounter string, services ...string) []tested {
	t.Helper()
	if encounter == "" {
		encounter = d.visit(t)
	}
	order := d.order(t, encounter, services...)
	var all []tested
	for _, item := range order.List("items") {
		all = append(all, tested{encounter: encounter, patient: order.Text("patient_id"), order: order.ID(), item: item.(object)["id"].(string)})
	}
	return all
}

// take asks for the tests' one sample.
func (d *day) take(t *testing.T, tests ...tested) []tested {
	t.Helper()
	made := d.Nurse.Post(t, "/api/lab/samples", taking(tests...)).Want(t, 201)
	for i := range tests {
		tests[i].sample, tests[i].barcode = made.ID(), made.Text("barcode")
	}
	return tests
}

func taking(tests ...tested) object {
	items := []string{}
	for _, test := range tests {
		items = append(items, test.item)
	}
	return object{"order_item_ids": items}
}

func (d *day) collected(t *testing.T, service string) tested {
	t.Helper()
	return d.take(t, d.ask(t, "", service)...)[0]
}

func (d *day) received(t *testing.T, service string) tested {
	t.Helper()
	return d.receive(t, d.collected(t, service))
}

func (d *day) receive(t *testing.T, test tested) tested {
	t.Helper()
	d.Technician.Post(t, "/api/lab/samples/"+test.sample+"/receive", nil).Want(t, 200)
	return test
}

// enter posts values as the technician.
func (d *day) enter(t *testing.T, test tested, values []object) tested {
	t.Helper()
	test.result = d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": values}).Want(t, 201).ID()
	return test
}

func (d *day) entered(t *testing.T, service string, values []object) tested {
	t.Helper()
	return d.enter(t, d.received(t, service), values)
}

func (d *day) verify(t *testing.T, test tested) tested {
	t.Helper()
	d.Pathologist.Post(t, "/api/lab/results/"+test.result+"/verify", readBack).Want(t, 200)
	return test
}

func (d *day) release(t *testing.T, test tested) tested {
	t.Helper()
	d.Pathologist.Post(t, "/api/lab/results/"+test.result+"/release", nil).Want(t, 200)
	return test
}

func (d *day) released(t *testing.T, service string, values []object) tested {
	t.Helper()
	return d.release(t, d.verify(t, d.entered(t, service, values)))
}

// correct enters the next version of a test.
func (d *day) correct(t *testing.T, test tested, values []object) tested {
	t.Helper()
	test.result = d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": values, "correction_reason": "Two tubes were mixed up"}).Want(t, 201).ID()
	return test
}

// critical is a test with a critical potassium, entered.
func (d *day) critical(t *testing.T) tested {
	t.Helper()
	return d.entered(t, "RFT", renal(7.1))
}

// elsewhere is a hospital of its own in the same house, for what a whole facility is told to do.
func (d *day) elsewhere(t *testing.T) *day {
	t.Helper()
	code := unique("lab")
	tenant := d.House.Tenant(t, code, "MAIN", "EAST")
	user := func(role string) *apptest.Client {
		return tenant.User(t, role+"."+code, tenant.Facilities[0], role)
	}
	return &day{&apptest.Day{Tenant: tenant, Receptionist: user("receptionist"), Nurse: user("nurse"), Doctor: user("doctor"),
		Technician: user("lab_technician"), Pathologist: user("pathologist"), Auditor: user("auditor")}}
}

// sibling is somebody of the same tenant who works in the other facility only, and may do there what all roles may.
func (d *day) sibling(t *testing.T) *apptest.Client {
	t.Helper()
	return d.User(t, unique("sibling."), d.Facilities[1], "admin", "doctor", "nurse", "lab_technician", "pathologist")
}

// value of a result, by its code.
func value(t *testing.T, result apptest.Reply, code string) object {
	t.Helper()
	for _, v := range result.List("values") {
		if v.(object)["code"] == code {
			return v.(object)
		}
	}
	t.Fatalf("there is no %s in %s", code, result.Body)
	return nil
}

// states are the statuses of a test's tasks: "collect-sample DONE".
func (d *day) states(t *testing.T, test tested) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, task := range d.Nurse.Get(t, "/api/tasks?limit=200&encounter_id="+test.encounter).Want(t, 200).List("results") {
		code := task.(object)["code"].(string)
		for _, work := range []string{"collect-sample", "receive-sample", "enter-result", "verify-result"} {
			if code == work+"-"+test.item[:8] {
				all[work] = task.(object)["status"].(string)
			}
		}
		if code == "critical-result-ack" {
			all[code] = task.(object)["status"].(string)
		}
	}
	return all
}

// wantStates compares the tasks of a test: "DONE DONE OPEN -" for those of collection, reception, entry, verification.
func (d *day) wantStates(t *testing.T, test tested, want string) {
	t.Helper()
	states := d.states(t, test)
	or := func(code string) string {
		if states[code] == "" {
			return "-"
		}
		return states[code]
	}
	if got := fmt.Sprint(or("collect-sample"), " ", or("receive-sample"), " ", or("enter-result"), " ", or("verify-result")); got != want {
		t.Errorf("its tasks are %s, want %s", got, want)
	}
}

// row finds an item in a list of the laboratory.
func row(t *testing.T, c *apptest.Client, path, itemID string) object {
	t.Helper()
	for _, r := range c.Get(t, path).Want(t, 200).List("results") {
		one := r.(object)
		if one["order_item_id"] == itemID {
			return one
		}
		items, _ := one["items"].([]any)
		for _, item := range items {
			if item.(object)["order_item_id"] == itemID {
				return one
			}
		}
	}
	return nil
}

var nobodys = uuid.NewString
