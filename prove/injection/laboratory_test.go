package injection_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
)

// laboratory is what the hospital's laboratory has ready: things that are read, and of what one request uses up, new ones.
type laboratory struct {
	sample, result, report, alert, notification, lot, run, hold, team, duty string
}

// newTube orders a test and takes its sample.
func (h *hospital) newTube(t testing.TB, service string) (sample, item string) {
	item = h.newTest(t, service)
	return h.all().Post(t, "/api/lab/samples", object{"order_item_ids": []string{item}}).Want(t, 201).ID(), item
}

func (h *hospital) newTest(t testing.TB, service string) (item string) {
	return h.all().Post(t, "/api/orders", object{"encounter_id": h.encounter, "order_type": "LAB", "items": []any{object{"service_code": service}}}).Want(t, 201).Path("items.0.id").(string)
}

// newResult takes a test as far as it is asked for: received, entered, verified, released.
func (h *hospital) newResult(t testing.TB, service string, value float64, until string) (item, result string) {
	sample, item := h.newTube(t, service)
	h.all().Post(t, "/api/lab/samples/"+sample+"/receive", nil).Want(t, 200)
	if until == "received" {
		return item, ""
	}
	result = h.all().Post(t, "/api/lab/results", object{"order_item_id": item, "values": []any{object{"code": service, "value": value}}}).Want(t, 201).ID()
	if until == "entered" {
		return item, result
	}
	h.all().Post(t, "/api/lab/results/"+result+"/verify", nil).Want(t, 200)
	if until == "released" {
		h.all().Post(t, "/api/lab/results/"+result+"/release", nil).Want(t, 200)
	}
	return item, result
}

func (h *hospital) newAlert(t testing.TB) (alert string) {
	_, result := h.newResult(t, "K", 7.1, "entered")
	for _, a := range h.all().Get(t, "/api/alerts?status=OPEN&limit=200&encounter_id="+h.encounter).Want(t, 200).List("results") {
		if a.(object)["subject"].(object)["id"] == result || alert == "" {
			alert = a.(object)["id"].(string)
		}
	}
	return alert
}

func (h *hospital) newLot(t testing.TB, analyte string) string {
	return h.all().Post(t, "/api/lab/control-lots", object{"material": "Control", "lot_number": h.name(), "level": 1, "expires_on": "2035-01-01",
		"targets": []any{object{"analyte": analyte, "mean": 10, "sd": 1}}}).Want(t, 201).ID()
}

func (h *hospital) newRun(t testing.TB, lot, analyte string, value float64) string {
	return h.all().Post(t, "/api/lab/control-lots/"+lot+"/runs", object{"analyte": analyte, "value": value}).Want(t, 201).ID()
}

// newHold violates a rule of an analyte that no result here is of, and gives the hold that stands.
func (h *hospital) newHold(t testing.TB) string {
	h.newRun(t, h.lab.lot, "PCT", 20)
	return h.all().Get(t, "/api/lab/control-holds?status=OPEN&analyte=PCT").Want(t, 200).Path("results.0.id").(string)
}

func (h *hospital) newDuty(t testing.TB) string {
	return h.all().Post(t, "/api/alert-duties", object{"user_id": h.me(t), "role": "doctor", "starts_at": time.Now().UTC().Format(time.RFC3339),
		"ends_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).Want(t, 201).ID()
}

func (h *hospital) me(t testing.TB) string {
	return h.all().Get(t, "/api/me").Want(t, 200).Path("user.id").(string)
}

// equip lets the laboratory work once, so that there is something of everything.
func (h *hospital) equip(t testing.TB) {
	t.Helper()
	h.lab = &laboratory{}
	h.lab.sample, _ = h.newTube(t, "ESR")
	_, h.lab.result = h.newResult(t, "ESR", 8, "released")
	h.lab.report = h.all().Get(t, "/api/lab/reports?encounter_id="+h.encounter).Want(t, 200).Path("results.0.id").(string)
	h.lab.alert = h.newAlert(t)
	h.lab.lot = h.newLot(t, "PCT")
	h.lab.run = h.newRun(t, h.lab.lot, "PCT", 10)
	h.lab.hold = h.newHold(t)
	h.lab.team = h.all().Post(t, "/api/alert-teams", object{"code": "t" + h.name(), "name": "Night"}).Want(t, 201).ID()
	h.lab.duty = h.newDuty(t)
	for deadline := time.Now().Add(30 * time.Second); h.lab.notification == ""; time.Sleep(50 * time.Millisecond) {
		if found := h.all().Get(t, "/api/notifications").Want(t, 200).List("results"); len(found) > 0 {
			h.lab.notification = found[0].(object)["id"].(string)
		} else if time.Now().After(deadline) {
			t.Fatal("nobody was told of the critical result")
		}
	}
}

// aimAtLab gives what a path of the laboratory, of alerts or of notifications names.
func (h *hospital) aimAtLab(t testing.TB, o *apptest.Operation, s apptest.Slot) (any, bool) {
	_, act, _ := strings.Cut(o.Path, "}/")
	switch apptest.CollectionOf(o.Path) {
	case "/api/lab/samples":
		switch act {
		case "receive", "reject":
			sample, _ := h.newTube(t, "ESR")
			return sample, true
		case "store", "discard":
			_, result := h.newResult(t, "ESR", 8, "entered")
			return h.all().Get(t, "/api/lab/results/"+result).Want(t, 200).Text("sample_id"), true
		}
		return h.lab.sample, true
	case "/api/lab/results":
		until, moves := map[string]string{"verify": "entered", "release": "verified"}[act]
		if !moves {
			return h.lab.result, true
		}
		_, result := h.newResult(t, "ESR", 8, until)
		return result, true
	case "/api/lab/reports":
		return h.lab.report, true
	case "/api/lab/control-lots":
		if s.Name == "run_id" {
			return h.newRun(t, h.lab.lot, "PCT", 10), true
		}
		return h.lab.lot, true
	case "/api/lab/control-holds":
		if act == "resolve" {
			return h.newHold(t), true
		}
		return h.lab.hold, true
	case "/api/alerts":
		if act != "" {
			return h.newAlert(t), true
		}
		return h.lab.alert, true
	case "/api/alert-policies":
		return "test_overdue", true
	case "/api/alert-teams":
		return h.lab.team, true
	case "/api/alert-duties":
		if o.Method == "DELETE" {
			return h.newDuty(t), true
		}
		return h.lab.duty, true
	case "/api/notifications":
		return h.lab.notification, true
	}
	return nil, false
}

// labValues are what the bodies of the laboratory, of alerts and of notifications hold.
func (h *hospital) labValues(t testing.TB, o *apptest.Operation, s apptest.Slot) (any, bool) {
	if s.In != "body" {
		return nil, false
	}
	switch o.Path + " " + s.Name {
	case "/api/lab/samples order_item_ids.0":
		return h.newTest(t, "ESR"), true
	case "/api/lab/samples barcode":
		return h.name(), true
	case "/api/lab/results order_item_id":
		item, _ := h.newResult(t, "ESR", 8, "received")
		return item, true
	case "/api/lab/results values.0.code":
		return "ESR", true
	case "/api/lab/results values.0.value":
		return 8, true
	case "/api/lab/results/{id}/verify critical_notice.read_back":
		return true, true
	case "/api/lab/labels sample_ids.0":
		return h.lab.sample, true
	case "/api/lab/reports/print report_ids.0":
		return h.lab.report, true
	case "/api/lab/control-lots lot_number":
		return h.name(), true
	case "/api/lab/control-lots targets.0.analyte", "/api/lab/control-lots/{id} targets.0.analyte", "/api/lab/control-lots/{id}/runs analyte":
		return "PCT", true
	case "/api/lab/control-lots targets.0.mean", "/api/lab/control-lots/{id} targets.0.mean", "/api/lab/control-lots/{id}/runs value":
		return 10, true
	case "/api/lab/control-lots targets.0.sd", "/api/lab/control-lots/{id} targets.0.sd":
		return 1, true
	case "/api/lab/settings autoverification":
		return "OFF", true
	case "/api/alert-teams code":
		return "t" + strings.ToLower(h.name()), true
	case "/api/alert-duties user_id":
		return h.me(t), true
	case "/api/alert-duties role":
		return "doctor", true
	case "/api/alert-duties starts_at":
		return time.Now().UTC().Format(time.RFC3339), true
	case "/api/alert-duties ends_at", "/api/alert-duties/{id} ends_at":
		return time.Now().Add(2 * time.Hour).UTC().Format(time.RFC3339), true
	case "/api/alert-policies/{kind} steps.0.after_minutes":
		return 5, true
	case "/api/alert-policies/{kind} steps.0.to_role":
		return "nurse", true
	case "/api/notifications/preferences channels.in_app.critical":
		return true, true
	case "/api/notifications/preferences language", "/api/notifications/templates language", "/api/notifications/templates/preview language":
		return "en", true
	case "/api/notifications/preferences quiet_hours.from":
		return "22:00", true
	case "/api/notifications/preferences quiet_hours.to":
		return "06:30", true
	case "/api/notifications/preferences sms_to":
		return "+919800000000", true
	case "/api/notifications/templates kind", "/api/notifications/templates/preview kind":
		return "critical_result", true
	case "/api/notifications/templates channel", "/api/notifications/templates/preview channel":
		return "email", true
	case "/api/notifications/templates subject", "/api/notifications/templates/preview subject", "/api/notifications/templates body", "/api/notifications/templates/preview body":
		return "Look at HM", true
	case "/api/notifications/push-subscriptions endpoint":
		return "https://push.example.net/" + uuid.NewString(), true
	case "/api/notifications/push-subscriptions keys.p256dh":
		return "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", true
	case "/api/notifications/push-subscriptions keys.auth":
		return "BTBZMqHH6r4Tts7J_aSIgg", true
	}
	return nil, false
}
