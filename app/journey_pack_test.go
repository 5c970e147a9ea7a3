package app_test

import (
	"slices"
	"strings"
	"testing"

	"hmsoftware.com/hm/app/apptest"
)

// A medical system that HM was never built with is installed into a running server, and a patient is seen in it from
// registration to close: its words, form, scores, orders and rules, with nothing built anew.
func TestADayInAPackThatNobodyBuiltIn(t *testing.T) {
	t.Parallel()
	d := newDay(t, 1)
	made := d.Admin.Install(t, apptest.PackFolder(t, "testdata/packs/tcm")).Want(t, 201)
	if made.Text("id") != "tcm" || made.Text("origin") != "tenant" || made.JSON["services"].(float64) == 0 || made.JSON["rules"].(float64) == 0 {
		t.Errorf("installed: %s", made.Body)
	}
	d.Admin.Put(t, "/api/facilities/"+d.Facilities[0].String()+"/packs", object{"packs": []string{"tcm"}}).Want(t, 200)

	workspace := d.Doctor.Get(t, "/api/workspace", "Accept-Language", "zh-CN").Want(t, 200)
	if workspace.Text("locale") != "zh" || workspace.Text("default_pack") != "tcm" || workspace.Path("packs.0.name") != "中医门诊" {
		t.Errorf("the workspace is %s", workspace.Body[:400])
	}
	orderTypes, _ := workspace.Path("packs.0.order_types").([]any)
	if got := codes(orderTypes, "code"); !slices.Contains(got, "HERBAL") || !slices.Contains(got, "ACUPUNCTURE") {
		t.Errorf("it orders %v", got)
	}

	patient := d.Receptionist.Post(t, "/api/patients", object{"full_name": "王小明", "gender": "male", "age_years": 41,
		"system_specific_data": object{"tcm": object{"constitution": "qi_deficient"}}}).Want(t, 201).ID()
	encounter := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "reason": "Tired for weeks"}).Want(t, 201)
	at := "/api/encounters/" + encounter.ID()
	if encounter.Text("pack") != "tcm" {
		t.Fatalf("the encounter is %s", encounter.Body)
	}
	d.Receptionist.Post(t, at+"/check-in", nil).Want(t, 200)
	tasks := func() map[string]string {
		status := map[string]string{}
		for _, task := range d.Doctor.Get(t, "/api/tasks?encounter_id="+encounter.ID()).Want(t, 200).List("results") {
			status[task.(object)["code"].(string)] = task.(object)["status"].(string)
		}
		return status
	}
	if open := tasks(); open["record-vitals"] != "OPEN" || open["four-examinations"] != "OPEN" {
		t.Errorf("the tasks are %v", open)
	}
	d.Nurse.Post(t, at+"/vitals", object{"pulse_bpm": 59}).Want(t, 201)
	d.Doctor.Post(t, at+"/start-consult", nil).Want(t, 200)
	d.Doctor.Post(t, at+"/close", nil).WantProblem(t, 409, "encounters.close_blocked")

	payload := object{"tongue_colour": "pale", "coating_colour": "white", "coating_thickness": "thin", "pulse_qualities": []string{"weak"}, "pulse_rate": 59,
		"signs": []string{"fatigue", "poor_appetite", "bloating"}}
	wrong := object{"tongue_colour": "green"}
	d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter.ID(), "template_code": "four_examinations", "payload": wrong}).Want(t, 422)
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter.ID(), "template_code": "four_examinations", "payload": payload}).Want(t, 201)
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft.ID()}).Want(t, 201)
	if final.Path("computed.spleen_qi") != 83.0 || final.Path("computed.leading") != "脾气虚 spleen qi deficiency" || !strings.Contains(final.Text("summary"), "83 %") {
		t.Errorf("the document is %s", final.Body)
	}
	if done := tasks(); done["four-examinations"] != "DONE" || done["compose-formula"] != "OPEN" {
		t.Errorf("the tasks are %v", done)
	}

	herbs := func(codes ...string) object {
		var items []any
		for _, code := range codes {
			items = append(items, object{"service_code": code, "data": object{"grams": 6}})
		}
		return object{"encounter_id": encounter.ID(), "order_type": "HERBAL", "items": items}
	}
	blocked := d.Doctor.Post(t, "/api/orders", herbs("GAN_CAO", "HAI_ZAO")).WantProblem(t, 409, "rules.blocked")
	if rule := blocked.Path("rules.0.code"); rule != "tcm.shi_ba_fan" || !strings.Contains(blocked.Path("rules.0.message").(string), "GAN_CAO + HAI_ZAO") {
		t.Errorf("blocked by %s", blocked.Body)
	}
	passed := herbs("GAN_CAO", "HAI_ZAO")
	passed["overrides"] = []any{object{"rule": "tcm.shi_ba_fan", "reason": "Hai Zao Yu Hu Tang, as the classic has it"}}
	d.Doctor.Post(t, "/api/orders", passed).Want(t, 201)
	order := d.Doctor.Post(t, "/api/orders", herbs("REN_SHEN", "BAI_ZHU", "FU_LING", "ZHI_GAN_CAO")).Want(t, 201)
	if len(order.List("items")) != 4 {
		t.Errorf("the order is %s", order.Body)
	}
	observations := d.Doctor.Get(t, "/api/patients/"+patient+"/observations?code=tongue-colour&system=hm-tcm").Want(t, 200).List("results")
	if len(observations) != 1 || observations[0].(object)["value"] != "pale" {
		t.Errorf("observed: %v", observations)
	}
	d.Doctor.Post(t, at+"/assessment", object{"diagnosis": "脾气虚"}).Want(t, 201)
	if gate := d.Doctor.Get(t, at+"/close-gate").Want(t, 200); gate.JSON["can_close"] != true {
		t.Fatalf("the gate is %s", gate.Body)
	}
	if closed := d.Doctor.Post(t, at+"/close", nil).Want(t, 200); closed.Text("status") != "CLOSED" {
		t.Errorf("closed: %s", closed.Body)
	}
}
