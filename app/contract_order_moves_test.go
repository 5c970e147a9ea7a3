package app_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

// itemMoves gives, by move and status, the status after it. What holds already stays; what is not here is illegal.
var itemMoves = map[string]map[string]string{
	"complete": {"REQUESTED": "COMPLETED", "IN_PROGRESS": "COMPLETED", "COMPLETED": "COMPLETED"},
	"cancel":   {"REQUESTED": "CANCELLED", "IN_PROGRESS": "CANCELLED", "CANCELLED": "CANCELLED"},
}

// orderWith places an order whose one item has a status.
func (d *day) orderWith(t *testing.T, status string) apptest.Reply {
	t.Helper()
	made := d.order(t, d.visit(t), "CBC")
	switch status {
	case "IN_PROGRESS":
		d.Nurse.Post(t, "/api/tasks/"+d.itemTask(t, made)+"/start", nil).Want(t, 200)
	case "COMPLETED":
		d.Nurse.Post(t, at(made, 0)+"/complete", nil).Want(t, 200)
	case "CANCELLED":
		d.Doctor.Post(t, at(made, 0)+"/cancel", aSlip).Want(t, 200)
	}
	return d.Doctor.Get(t, at(made)).Want(t, 200)
}

// itemTask is the task that the first item of an order opened.
func (d *day) itemTask(t *testing.T, order apptest.Reply) (taskID string) {
	t.Helper()
	return d.taskOf(t, order, "collect-sample")
}

// taskOf is the task of some code that the first item of an order opened.
func (d *day) taskOf(t *testing.T, order apptest.Reply, code string) (taskID string) {
	t.Helper()
	code += "-" + order.Path("items.0.id").(string)[:8]
	found := d.Nurse.Get(t, "/api/tasks?encounter_id="+order.Text("encounter_id")+"&code="+code).Want(t, 200).List("results")
	if len(found) != 1 {
		t.Fatalf("%d tasks %s", len(found), code)
	}
	return found[0].(object)["id"].(string)
}

func everyItemMoveFromEveryStatus(t *testing.T, d *day) {
	for _, status := range []string{"REQUESTED", "IN_PROGRESS", "COMPLETED", "CANCELLED"} {
		for move, leads := range itemMoves {
			made := d.orderWith(t, status)
			to, legal := leads[status]
			if got := slices.Contains(texts(made.List("items")[0].(object)["actions"].([]any)), move); got != (legal && to != status) {
				t.Errorf("%s from %s is offered: %t", move, status, got)
			}
			r := d.Doctor.Post(t, at(made, 0)+"/"+move, aSlip)
			if move == "complete" {
				r = d.Doctor.Post(t, at(made, 0)+"/"+move, nil)
			}
			if !legal {
				r.WantProblem(t, 409, "orders.illegal_transition")
				continue
			}
			if r.Want(t, 200); r.Path("items.0.status") != to {
				t.Errorf("%s from %s leads to %v, want %s", move, status, r.Path("items.0.status"), to)
			}
			if to == status && r.Header.Get("ETag") != made.Header.Get("ETag") {
				t.Errorf("%s from %s changed it", move, status)
			}
		}
	}
}

func anOrderIsCancelledFromEveryStatus(t *testing.T, d *day) {
	for status, to := range map[string]string{"REQUESTED": "CANCELLED", "IN_PROGRESS": "CANCELLED", "CANCELLED": "CANCELLED", "COMPLETED": ""} {
		made := d.orderWith(t, status)
		if got := slices.Contains(texts(made.List("actions")), "cancel"); got != (to != "" && to != status) {
			t.Errorf("cancel of an order with an item %s is offered: %t", status, got)
		}
		r := d.Doctor.Post(t, at(made)+"/cancel", aSlip)
		if to == "" {
			r.WantProblem(t, 409, "orders.illegal_transition")
		} else if r.Want(t, 200); r.Text("status") != to || r.Text("cancel_reason") != "A slip" || r.Path("items.0.status") != to {
			t.Errorf("from %s: %s", status, r.Body)
		}
	}
	made := d.order(t, d.visit(t), "CBC")
	d.Doctor.Post(t, at(made)+"/cancel", object{}).Want(t, 422)
	d.Doctor.Post(t, at(made)+"/cancel", object{"reason": " "}).Want(t, 422)
	d.Doctor.Post(t, at(made, 0)+"/cancel", object{"reason": ""}).Want(t, 422)
	d.Doctor.Post(t, "/api/orders/"+uuid.NewString()+"/cancel", aSlip).WantProblem(t, 404, "orders.not_found")
	d.Doctor.Post(t, at(made)+"/items/"+uuid.NewString()+"/complete", nil).WantProblem(t, 404, "orders.item_not_found")
}

func anOrdersStatusFollows(t *testing.T, d *day) {
	made := d.order(t, d.visit(t), "CBC", "ESR", "CRP")
	for _, step := range []struct {
		item       int
		move, want string
	}{
		{0, "complete", "IN_PROGRESS: CBC COMPLETED, ESR REQUESTED, CRP REQUESTED"},
		{1, "cancel", "IN_PROGRESS: CBC COMPLETED, ESR CANCELLED, CRP REQUESTED"},
		{2, "complete", "COMPLETED: CBC COMPLETED, ESR CANCELLED, CRP COMPLETED"},
	} {
		r := d.Doctor.Post(t, at(made, step.item)+"/"+step.move, map[string]any{"cancel": aSlip}[step.move]).Want(t, 200)
		if got := stands(r); got != step.want {
			t.Errorf("after %s: %s, want %s", step.move, got, step.want)
		}
	}
	half := d.order(t, d.visit(t), "CBC", "ESR")
	d.Doctor.Post(t, at(half, 0)+"/complete", nil).Want(t, 200)
	if got := stands(d.Doctor.Post(t, at(half)+"/cancel", aSlip).Want(t, 200)); got != "COMPLETED: CBC COMPLETED, ESR CANCELLED" {
		t.Errorf("the rest cancelled: %s", got)
	}
}

func whatHoldsOfAnOrder(t *testing.T, d *day) {
	made := d.order(t, d.visit(t), "CBC")
	first := d.Doctor.Post(t, at(made, 0)+"/complete", nil).Want(t, 200)
	again := d.Doctor.Post(t, at(made, 0)+"/complete", nil).Want(t, 200)
	if string(again.Body) != string(first.Body) {
		t.Errorf("again: %s, first: %s", again.Body, first.Body)
	}
	if got := happened(t, d.Nurse, made.Text("encounter_id")); count(got, "ORDER_COMPLETED") != 1 {
		t.Errorf("happened: %v", got)
	}
}

// Of a cancel and a complete at once, over two nodes, one wins; a key repeated at once is one order.
func TestContractOrdersInParallel(t *testing.T) {
	t.Parallel()
	d := newDay(t, 2)
	for range 5 {
		made := d.order(t, d.visit(t), "CBC")
		var wait sync.WaitGroup
		var statuses [8]int
		for i := range statuses {
			wait.Go(func() {
				path, body := at(made, 0)+"/complete", any(nil)
				if i%4 >= 2 {
					path, body = at(made)+"/cancel", aSlip
				}
				reply, err := d.Doctor.On(i%2).Try(t.Context(), "POST", path, body)
				if err != nil {
					t.Error(err)
				}
				statuses[i] = reply.StatusCode
			})
		}
		wait.Wait()
		for i, status := range statuses {
			if status != statuses[i%4] || status != 200 && status != 409 {
				t.Errorf("answered %v", statuses)
			}
		}
		if statuses[0] == statuses[2] {
			t.Errorf("both won, or none: %v", statuses)
		}
	}
	encounter, key := d.visit(t), uuid.NewString()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			reply, err := d.Doctor.On(i%2).Try(t.Context(), "POST", "/api/orders", asking(encounter, "CBC"), "Idempotency-Key", key)
			if err != nil || reply.StatusCode != 201 {
				t.Errorf("answered %d, %v", reply.StatusCode, err)
			}
		})
	}
	wait.Wait()
	if found := d.Nurse.Get(t, "/api/orders?encounter_id="+encounter).Want(t, 200).List("results"); len(found) != 1 {
		t.Errorf("%d orders were placed", len(found))
	}
}
