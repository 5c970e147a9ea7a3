package app_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractOrders(t *testing.T) {
	t.Parallel()
	section{
		"an order has these fields":                     anOrderHasTheseFields,
		"what cannot be ordered is named by its place":  whatCannotBeOrdered,
		"priorities of the order and of its items":      prioritiesOfOrders,
		"every move of an item from every status":       everyItemMoveFromEveryStatus,
		"an order is cancelled from every status":       anOrderIsCancelledFromEveryStatus,
		"an order's status follows from its items":      anOrdersStatusFollows,
		"what holds of an order already is no event":    whatHoldsOfAnOrder,
		"orders are found":                              ordersAreFound,
		"the timeline tells of orders":                  theTimelineTellsOfOrders,
		"the tasks of an item open with it and move it": theTasksOfAnItem,
		"an order needs an encounter under way":         anOrderNeedsAnEncounter,
		"what was ordered not long ago is warned of":    whatWasOrderedNotLongAgo,
		"the catalogue is searched":                     theCatalogueIsSearched,
		"order sets can be ordered as they are":         orderSetsCanBeOrdered,
		"who may do what to an order":                   whoMayDoWhatToAnOrder,
	}.hold(t, 1)
}

// asking is the body of an order of laboratory services.
func asking(encounter string, codes ...string) object {
	items := []object{}
	for _, code := range codes {
		items = append(items, object{"service_code": code})
	}
	return object{"encounter_id": encounter, "order_type": "LAB", "items": items}
}

// order places one.
func (d *day) order(t *testing.T, encounter string, codes ...string) apptest.Reply {
	t.Helper()
	return d.Doctor.Post(t, "/api/orders", asking(encounter, codes...)).Want(t, 201)
}

// at is the path of an order, or of an item of it.
func at(order apptest.Reply, item ...int) string {
	path := "/api/orders/" + order.ID()
	for _, i := range item {
		path += "/items/" + order.List("items")[i].(object)["id"].(string)
	}
	return path
}

// stands writes "CREATED: CBC REQUESTED, ESR REQUESTED".
func stands(order apptest.Reply) string {
	var items []string
	for _, item := range order.List("items") {
		items = append(items, item.(object)["service_code"].(string)+" "+item.(object)["status"].(string))
	}
	return order.Text("status") + ": " + strings.Join(items, ", ")
}

var aSlip = object{"reason": "A slip"}

func anOrderHasTheseFields(t *testing.T, d *day) {
	encounter := d.visit(t)
	body := asking(encounter, "CBC")
	body["note"], body["priority"] = "Fasting", "URGENT"
	body["items"] = []object{{"service_code": "CBC", "quantity": 2, "instructions": "Left arm"}}
	made := d.Doctor.Post(t, "/api/orders", body).Want(t, 201)
	for name, want := range (object{"encounter_id": encounter, "order_type": "LAB", "priority": "URGENT", "status": "CREATED", "note": "Fasting", "pack": "base",
		"completed_at": nil, "cancelled_at": nil, "cancel_reason": nil, "ordered_by_id": userID(t, d.Doctor),
		"patient_id": d.Nurse.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")}) {
		if got, present := made.JSON[name]; !present || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	item := made.List("items")[0].(object)
	for name, want := range (object{"service_code": "CBC", "name": "Complete blood count", "status": "REQUESTED", "priority": "URGENT", "quantity": 2.0,
		"instructions": "Left arm", "panel_code": nil, "started_at": nil, "completed_at": nil, "cancelled_at": nil}) {
		if got, present := item[name]; !present || got != want {
			t.Errorf("item's %s: %v, want %v", name, got, want)
		}
	}
	if item["id"] == nil || item["due_at"] == nil || made.Text("created_at") == "" || made.JSON["warnings"] != nil {
		t.Errorf("made: %s", made.Body)
	}
	if read := d.Doctor.Get(t, at(made)).Want(t, 200); string(read.Body) != string(made.Body) || read.Header.Get("ETag") == "" || read.Header.Get("ETag") != made.Header.Get("ETag") {
		t.Errorf("read: %s, made: %s", read.Body, made.Body)
	}
	d.Nurse.Get(t, "/api/orders/"+uuid.NewString()).WantProblem(t, 404, "orders.not_found")
}

func whatCannotBeOrdered(t *testing.T, d *day) {
	encounter := d.visit(t)
	refused := func(body object, code string, locations ...string) {
		t.Helper()
		r := d.Doctor.Post(t, "/api/orders", body).WantProblem(t, 422, code)
		var got []string
		for _, fault := range r.List("errors") {
			got = append(got, fault.(object)["location"].(string))
		}
		if !slices.Equal(got, locations) {
			t.Errorf("%v: faults at %v, want %v", body, got, locations)
		}
	}
	refused(asking(encounter, "CBC", "NO_SUCH"), "orders.unknown_service", "body.items[1].service_code")
	imaging := asking(encounter, "CBC", "CXR_PA")
	imaging["order_type"] = "RADIOLOGY"
	refused(imaging, "orders.invalid", "body.items[0].service_code")
	dressing := asking(encounter)
	dressing["order_type"] = "PROCEDURE"
	for location, data := range map[string]object{
		"body.items[0].data.site": {}, "body.items[0].data.times": {"site": "Left shin", "times": 61},
	} {
		dressing["items"] = []object{{"service_code": "DRESSING", "data": data}}
		refused(dressing, "orders.invalid", location)
	}
	dressing["items"] = []object{{"service_code": "DRESSING", "data": object{"site": "Left shin", "times": 3}}}
	made := d.Doctor.Post(t, "/api/orders", dressing).Want(t, 201)
	if made.Path("items.0.data.site") != "Left shin" || made.Path("items.0.data.times") != 3.0 {
		t.Errorf("made: %s", made.Body)
	}
	for name, change := range map[string]object{
		"no items": {"items": []object{}}, "no type": {"order_type": ""}, "a priority of its own": {"priority": "SOON"}, "a field too many": {"colour": "red"},
		"no quantity": {"items": []object{{"service_code": "CBC", "quantity": 0}}}, "a long note": {"note": strings.Repeat("x", 2001)},
	} {
		body := asking(encounter, "CBC")
		for k, v := range change {
			body[k] = v
		}
		if r := d.Doctor.Post(t, "/api/orders", body); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
}

func prioritiesOfOrders(t *testing.T, d *day) {
	body := asking(d.visit(t))
	body["items"] = []object{{"service_code": "CBC"}, {"service_code": "ESR", "priority": "STAT"}}
	usual := d.Doctor.Post(t, "/api/orders", body).Want(t, 201)
	if usual.Text("priority") != "ROUTINE" || usual.Path("items.0.priority") != "ROUTINE" || usual.Path("items.1.priority") != "STAT" {
		t.Errorf("made: %s", usual.Body)
	}
}

func ordersAreFound(t *testing.T, d *day) {
	encounter := d.visit(t)
	patient := d.Nurse.Get(t, "/api/encounters/"+encounter).Want(t, 200).Text("patient_id")
	lab := d.order(t, encounter, "CBC")
	imaging := asking(encounter, "CXR_PA")
	imaging["order_type"] = "RADIOLOGY"
	image := d.Doctor.Post(t, "/api/orders", imaging).Want(t, 201)
	gone := d.order(t, encounter, "ESR")
	d.Doctor.Post(t, at(gone)+"/cancel", aSlip).Want(t, 200)
	for query, want := range map[string][]string{
		"encounter_id=" + encounter:                                    {gone.ID(), image.ID(), lab.ID()},
		"patient_id=" + patient:                                        {gone.ID(), image.ID(), lab.ID()},
		"patient_id=" + patient + "&order_type=RADIOLOGY":              {image.ID()},
		"encounter_id=" + encounter + "&status=CANCELLED":              {gone.ID()},
		"encounter_id=" + encounter + "&status=CREATED,CANCELLED":      {gone.ID(), image.ID(), lab.ID()},
		"encounter_id=" + encounter + "&order_type=LAB&status=CREATED": {lab.ID()},
		"encounter_id=" + uuid.NewString():                             nil,
	} {
		found := d.Nurse.Get(t, "/api/orders?count=true&"+query).Want(t, 200)
		if got := keysOf(found.List("results")); !slices.Equal(got, want) || found.JSON["count"] != float64(len(want)) {
			t.Errorf("%s: %v of %v, want %v", query, got, found.JSON["count"], want)
		}
	}
	d.Nurse.Get(t, "/api/orders?status=DONE").Want(t, 422)
}

func theTimelineTellsOfOrders(t *testing.T, d *day) {
	made := d.order(t, d.visit(t), "CBC", "ESR")
	d.Doctor.Post(t, at(made, 0)+"/complete", nil).Want(t, 200)
	d.Doctor.Post(t, at(made, 1)+"/complete", nil).Want(t, 200)
	other := d.order(t, made.Text("encounter_id"), "CRP")
	d.Doctor.Post(t, at(other)+"/cancel", aSlip).Want(t, 200)
	var codes []string
	for _, each := range d.Nurse.Get(t, "/api/encounters/"+made.Text("encounter_id")+"/timeline").Want(t, 200).List("items") {
		item := each.(object)
		if item["type"] == "ORDER" {
			codes = append(codes, item["code"].(string))
			if meta := item["meta"].(object); meta["order_id"] != made.ID() && meta["order_id"] != other.ID() {
				t.Errorf("tells of %v", meta)
			}
		}
	}
	if !slices.Equal(codes, []string{"ORDER_CREATED", "ORDER_COMPLETED", "ORDER_CREATED", "ORDER_CANCELLED"}) {
		t.Errorf("the timeline has %v", codes)
	}
}

func theTasksOfAnItem(t *testing.T, d *day) {
	made := d.order(t, d.visit(t), "CBC", "ESR")
	task := "/api/tasks/" + d.itemTask(t, made)
	d.Nurse.Post(t, task+"/start", nil).Want(t, 200)
	if got := stands(d.Nurse.Get(t, at(made))); got != "IN_PROGRESS: CBC IN_PROGRESS, ESR REQUESTED" {
		t.Errorf("begun: %s", got)
	}
	// What belongs to the laboratory is done when its result is released, whatever was ticked off.
	d.Nurse.Post(t, task+"/complete", nil).Want(t, 200)
	if got := stands(d.Nurse.Get(t, at(made))); got != "IN_PROGRESS: CBC IN_PROGRESS, ESR REQUESTED" {
		t.Errorf("the sample's task done: %s", got)
	}
	dressing := asking(d.visit(t))
	dressing["order_type"], dressing["items"] = "PROCEDURE", []object{{"service_code": "DRESSING", "data": object{"site": "Left shin"}}}
	other := d.Doctor.Post(t, "/api/orders", dressing).Want(t, 201)
	d.Nurse.Post(t, "/api/tasks/"+d.taskOf(t, other, "do-dressing")+"/complete", nil).Want(t, 200)
	if got := stands(d.Nurse.Get(t, at(other))); got != "COMPLETED: DRESSING COMPLETED" {
		t.Errorf("the dressing done: %s", got)
	}
	for _, ending := range []struct {
		move string
		body any
	}{{"complete", nil}, {"cancel", aSlip}} {
		other := d.order(t, d.visit(t), "CBC")
		left := "/api/tasks/" + d.itemTask(t, other)
		d.Doctor.Post(t, at(other, 0)+"/"+ending.move, ending.body).Want(t, 200)
		if got := d.Nurse.Get(t, left).Want(t, 200).Text("status"); got != "CANCELLED" {
			t.Errorf("after %s of the item its task is %s", ending.move, got)
		}
	}
}

func anOrderNeedsAnEncounter(t *testing.T, d *day) {
	d.Doctor.Post(t, "/api/orders", asking(uuid.NewString(), "CBC")).WantProblem(t, 404, "encounters.not_found")
	encounter := d.closable(t)
	made := d.order(t, encounter, "CBC", "ESR")
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).Want(t, 200)
	d.Doctor.Post(t, "/api/orders", asking(encounter, "CBC")).WantProblem(t, 409, "encounters.not_open")
	if got := stands(d.Doctor.Post(t, at(made, 0)+"/complete", nil).Want(t, 200)); got != "IN_PROGRESS: CBC COMPLETED, ESR REQUESTED" {
		t.Errorf("after the close: %s", got)
	}
	broken := d.visit(t)
	lost := d.order(t, broken, "CBC")
	d.Receptionist.Post(t, "/api/encounters/"+broken+"/cancel", object{"reason": "Left"}).Want(t, 200)
	if got := stands(d.Nurse.Get(t, at(lost)).Want(t, 200)); got != "CANCELLED: CBC CANCELLED" {
		t.Errorf("after the encounter was cancelled: %s", got)
	}
}

func whatWasOrderedNotLongAgo(t *testing.T, d *day) {
	encounter := d.visit(t)
	d.order(t, encounter, "CBC")
	again := d.order(t, encounter, "CBC", "ESR")
	if warnings := again.List("warnings"); len(warnings) != 1 || again.Path("warnings.0.code") != "orders.duplicate" || again.Path("warnings.0.severity") != "warning" ||
		!strings.Contains(again.Path("warnings.0.message").(string), "Complete blood count") {
		t.Errorf("warned: %s", again.Body)
	}
	if other := d.order(t, d.visit(t), "CBC"); other.JSON["warnings"] != nil {
		t.Errorf("another patient's: %s", other.Body)
	}
}

func theCatalogueIsSearched(t *testing.T, d *day) {
	for query, want := range map[string]string{"q=cbc": "CBC", "q=haemog": "CBC", "q=" + url.QueryEscape("blood compl"): "CBC", "q=" + url.QueryEscape("रक्त"): "CBC", "order_type=RADIOLOGY&q=chest": "CXR_PA", "pack=base&q=TSH": "TSH"} {
		found := d.Doctor.Get(t, "/api/catalog?"+query).Want(t, 200)
		if keys := keysOf(found.List("results")); !slices.Contains(keys, want) || found.Path("results.0.pack") != "base" {
			t.Errorf("%s: %v", query, keys)
		}
	}
	if none := d.Doctor.Get(t, "/api/catalog?q=zzz&count=true").Want(t, 200); len(none.List("results")) != 0 || none.JSON["count"] != 0.0 {
		t.Errorf("nothing: %s", none.Body)
	}
	hindi := d.Doctor.Get(t, "/api/catalog?q=cbc", "Accept-Language", "hi").Want(t, 200)
	if hindi.Path("results.0.name") != "पूर्ण रक्त गणना" || hindi.Path("results.0.order_type") != "LAB" || hindi.Path("results.0.turn_around.stat_minutes") != 45.0 {
		t.Errorf("in Hindi: %s", hindi.Body)
	}
	if dressing := d.Doctor.Get(t, "/api/catalog?q=dressing").Want(t, 200); dressing.Path("results.0.data_schema.required.0") != "site" {
		t.Errorf("its form: %s", dressing.Body)
	}
	d.Doctor.Get(t, "/api/catalog?pack=no_such").WantProblem(t, 404, "packs.unknown_pack")
}

func orderSetsCanBeOrdered(t *testing.T, d *day) {
	sets := d.Doctor.Get(t, "/api/order-sets").Want(t, 200).List("results")
	i := slices.IndexFunc(sets, func(set any) bool { return set.(object)["code"] == "fever" })
	if i < 0 {
		t.Fatalf("the sets are %v", keysOf(sets))
	}
	body := asking(d.visit(t))
	var items []object
	for _, each := range sets[i].(object)["items"].([]any) {
		item := each.(object)
		items = append(items, object{"service_code": item["service_code"], "priority": item["priority"], "quantity": item["quantity"], "instructions": item["instructions"], "data": item["data"]})
	}
	body["items"] = items
	if made := d.Doctor.Post(t, "/api/orders", body).Want(t, 201); len(made.List("items")) != len(items) || made.Path("items.0.priority") != "URGENT" {
		t.Errorf("made: %s", made.Body)
	}
}

func whoMayDoWhatToAnOrder(t *testing.T, d *day) {
	made := d.order(t, d.visit(t), "CBC")
	pharmacist := d.User(t, unique("pharmacist."), d.Facilities[0], "pharmacist")
	for _, c := range []struct {
		client *apptest.Client
		path   string
		body   any
	}{
		{d.Nurse, "/api/orders", asking(d.visit(t), "CBC")}, {pharmacist, "/api/orders", asking(d.visit(t), "CBC")}, {d.Auditor, "/api/orders", asking(d.visit(t), "CBC")},
		{d.Nurse, at(made) + "/cancel", aSlip}, {d.Receptionist, at(made, 0) + "/complete", nil}, {d.Auditor, at(made, 0) + "/cancel", aSlip},
	} {
		c.client.Post(t, c.path, c.body).WantProblem(t, 403, "auth.permission_denied")
	}
	d.Receptionist.Get(t, "/api/orders").WantProblem(t, 403, "auth.permission_denied")
	d.Auditor.Get(t, at(made)).Want(t, 200)
	pharmacist.Post(t, at(made, 0)+"/complete", nil).Want(t, 200)
}
