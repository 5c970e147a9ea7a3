package app_test

import (
	"testing"

	"hmsoftware.com/hm/app/apptest"
)

// repeatableOrders says how the POSTs about orders, signatures and the repertory are made. Several ids of a path are
// parted by commas.
var repeatableOrders = map[string]func(t *testing.T, d *day) (client *apptest.Client, id string, body, other any){
	"/api/orders": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		encounter := d.visit(t)
		return d.Doctor, "", asking(encounter, "CBC"), asking(encounter, "ESR")
	},
	"/api/orders/{id}/cancel": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.order(t, d.visit(t), "CBC").ID(), aSlip, object{"reason": "Another"}
	},
	"/api/orders/{id}/items/{item_id}/complete": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		made := d.order(t, d.visit(t), "CBC")
		return d.Nurse, made.ID() + "," + made.Path("items.0.id").(string), nil, nil
	},
	"/api/orders/{id}/items/{item_id}/cancel": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		made := d.order(t, d.visit(t), "CBC")
		return d.Doctor, made.ID() + "," + made.Path("items.0.id").(string), aSlip, object{"reason": "Another"}
	},
	"/api/encounters/{id}/sign": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		encounter := d.consult(t)
		return d.Doctor, encounter, d.consultation(t, encounter), object{"note": object{"plan": "Rest"}}
	},
	"/api/repertory/analyses": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		d.withRepertory(t)
		rubrics := keysOf(d.Doctor.Get(t, "/api/repertory/rubrics?limit=2").Want(t, 200).List("results"))
		return d.Doctor, "", object{"rubrics": []object{{"rubric_id": rubrics[0]}}}, object{"rubrics": []object{{"rubric_id": rubrics[1]}}}
	},
}
