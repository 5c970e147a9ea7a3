package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

// onSample says how a move of a sample is made, from the status that it needs.
func onSample(move, from string) func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
	other := map[string]any{"reject": object{"reason": "It fell"}, "store": object{"location": "Rack 5"}}[move]
	return func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Technician, d.sampleIn(t, from).sample, bodyOfMove[move], other
	}
}

// aDuty puts the doctor on duty for some hours.
func aDuty(t *testing.T, d *day, hours int) object {
	from := time.Now().UTC().Truncate(time.Second)
	return object{"user_id": userID(t, d.Doctor), "role": "doctor", "starts_at": from.Format(time.RFC3339), "ends_at": from.Add(time.Duration(hours) * time.Hour).Format(time.RFC3339)}
}

// repeatableLaboratory says how the POSTs of the laboratory, of alerts and of notifications are made.
var repeatableLaboratory = map[string]func(t *testing.T, d *day) (client *apptest.Client, id string, body, other any){
	"/api/lab/samples": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		tests := d.ask(t, "", "CRP", "CBC")
		return d.Nurse, "", taking(tests[0]), taking(tests[1])
	},
	"/api/lab/samples/{id}/receive": onSample("receive", "COLLECTED"), "/api/lab/samples/{id}/reject": onSample("reject", "COLLECTED"),
	"/api/lab/samples/{id}/store": onSample("store", "RECEIVED"), "/api/lab/samples/{id}/discard": onSample("discard", "RECEIVED"),
	"/api/lab/results": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		item := d.received(t, "CRP").item
		return d.Technician, "", object{"order_item_id": item, "values": wellCRP}, object{"order_item_id": item, "values": highCRP}
	},
	"/api/lab/results/{id}/verify": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Pathologist, d.critical(t).result, readBack, object{"critical_notice": object{"notified_to": "Another", "read_back": true}}
	},
	"/api/lab/results/{id}/release": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Pathologist, d.verify(t, d.entered(t, "CRP", wellCRP)).result, nil, nil
	},
	"/api/lab/autoverification/suspend": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		d = d.elsewhere(t)
		d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": false, "autoverification": "ON"}).Want(t, 200)
		return d.Pathologist, "", object{"reason": "Service"}, object{"reason": "Another"}
	},
	"/api/lab/autoverification/resume": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		d = d.elsewhere(t)
		d.Pathologist.Put(t, "/api/lab/settings", object{"four_eyes": false, "autoverification": "ON"}).Want(t, 200)
		d.Pathologist.Post(t, "/api/lab/autoverification/suspend", object{"reason": "Service"}).Want(t, 200)
		return d.Pathologist, "", nil, nil
	},
	"/api/lab/control-lots": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Pathologist, "", aLot("CRP"), aLot("CRP")
	},
	"/api/lab/control-lots/{id}/runs": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		d = d.elsewhere(t)
		lot := d.Pathologist.Post(t, "/api/lab/control-lots", aLot("CRP")).Want(t, 201).ID()
		return d.Technician, lot, object{"analyte": "CRP", "value": 10.2}, object{"analyte": "CRP", "value": 10.3}
	},
	"/api/lab/control-lots/{id}/runs/{run_id}/exclude": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		d = d.elsewhere(t)
		lot := d.Pathologist.Post(t, "/api/lab/control-lots", aLot("CRP")).Want(t, 201).ID()
		run := d.Technician.Post(t, "/api/lab/control-lots/"+lot+"/runs", object{"analyte": "CRP", "value": 10.2}).Want(t, 201).ID()
		return d.Pathologist, lot + "," + run, object{"reason": "The wrong vial"}, object{"reason": "Another"}
	},
	"/api/lab/control-holds/{id}/resolve": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		d = d.elsewhere(t)
		return d.Pathologist, d.holdBack(t, "CRP"), object{"reason": "New reagent"}, object{"reason": "Another"}
	},
	"/api/alerts/{id}/acknowledge": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.alert(t, d.Doctor, d.critical(t).encounter, "critical_result").ID(), object{"note": "Seen"}, object{"note": "Another"}
	},
	"/api/alerts/{id}/resolve": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.alert(t, d.Doctor, d.critical(t).encounter, "critical_result").ID(), object{"resolution": "Treated"}, object{"resolution": "Another"}
	},
	"/api/alert-teams": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		code := "t" + unique("")
		return d.Admin, "", object{"code": code, "name": "Night"}, object{"code": code, "name": "Day"}
	},
	"/api/alert-duties": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", aDuty(t, d, 8), aDuty(t, d, 9)
	},
	"/api/notifications/{id}/mark-read": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, inbox(t, d.Doctor, "critical_result", d.critical(t).patient)["id"].(string), nil, nil
	},
	"/api/notifications/mark-all-read": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, "", nil, nil
	},
	"/api/notifications/templates/preview": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		text := object{"kind": "critical_result", "channel": "email", "language": "en", "subject": "Look", "body": "{what}"}
		return d.Admin, "", text, object{"kind": "critical_result", "channel": "email", "language": "en", "subject": "Look", "body": "{severity}"}
	},
	"/api/notifications/deliveries/{id}/retry": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		told := inbox(t, d.Doctor, "critical_result", d.critical(t).patient)["id"].(string)
		delivery := uuid.New()
		d.House.DB.AsSuperuser(t, `UPDATE notifications.delivery SET status = 'DEAD', next_try_at = NULL, reason = 'refused', id = $2 WHERE notification_id = $1 AND channel = 'email'`, told, delivery)
		return d.Admin, delivery.String(), nil, nil
	},
	"/api/notifications/push-subscriptions": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, "", aBrowser("one"), aBrowser("two")
	},
}

// aBrowser is one that shows messages, with the keys of RFC 8291's example.
func aBrowser(name string) object {
	return object{"endpoint": "https://push.example.net/" + name, "device": name, "keys": object{
		"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}
}

// labDay fills the lists of the laboratory, of alerts and of notifications: so many of each, at least.
func (d *day) labDay(t *testing.T, times int) (lot string) {
	t.Helper()
	for i, analyte := range []string{"PCT", "TSH", "FERR", "ESR"}[:times] {
		d.ask(t, "", "CRP") // to be collected
		inbox(t, d.Doctor, "critical_result", d.critical(t).patient)
		inbox(t, d.Doctor, "result_released", d.released(t, "CRP", wellCRP).patient)
		held := d.Pathologist.Post(t, "/api/lab/control-lots", object{"material": "Control serum", "lot_number": unique("L"), "level": 1, "expires_on": "2035-01-01",
			"targets": []object{{"analyte": analyte, "mean": 10, "sd": 1}}}).Want(t, 201).ID()
		if i == 0 {
			lot = held
		}
		d.Technician.Post(t, "/api/lab/control-lots/"+held+"/runs", object{"analyte": analyte, "value": 20}).Want(t, 201)
		d.Technician.Post(t, "/api/lab/control-lots/"+lot+"/runs", object{"analyte": "PCT", "value": 10}).Want(t, 201)
		d.Admin.Post(t, "/api/alert-teams", object{"code": "t" + unique(""), "name": "Night"}).Want(t, 201)
		d.Admin.Post(t, "/api/alert-duties", aDuty(t, d, 8+i)).Want(t, 201)
		d.Doctor.Post(t, "/api/notifications/push-subscriptions", aBrowser(unique("b"))).Want(t, 201)
	}
	return lot
}
