package isolation_test

import (
	"testing"
	"time"

	"hmsoftware.com/hm/kit/auth"
)

// analyse lets a side's laboratory work: a sample on its way, one that was rejected, a result that waits, a critical one
// with its alert, a released one with its report, a control out of limits.
func (s *side) analyse(t *testing.T) {
	t.Helper()
	nurse, doctor, admin := s.Staff[auth.Nurse], s.Staff[auth.Doctor], s.Staff[""]
	technician, pathologist := s.Staff[auth.LabTechnician], s.Staff[auth.Pathologist]
	take := func(service string) (item, sample string) {
		item = doctor.Post(t, "/api/orders", object{"encounter_id": s.Encounter, "order_type": "LAB", "note": s.Mark, "items": []any{object{"service_code": service}}}).Want(t, 201).Path("items.0.id").(string)
		return item, nurse.Post(t, "/api/lab/samples", object{"order_item_ids": []string{item}}).Want(t, 201).ID()
	}
	enter := func(service string, value any) (result string) {
		item, sample := take(service)
		technician.Post(t, "/api/lab/samples/"+sample+"/receive", nil).Want(t, 200)
		return technician.Post(t, "/api/lab/results", object{"order_item_id": item, "comment": s.Mark, "values": []any{object{"code": service, "value": value}}}).Want(t, 201).ID()
	}
	_, gone := take("CRP")
	technician.Post(t, "/api/lab/samples/"+gone+"/reject", object{"reason": s.Mark}).Want(t, 200)
	_, s.Sample = take("CRP")
	released := enter("ESR", 8)
	pathologist.Post(t, "/api/lab/results/"+released+"/verify", nil).Want(t, 200)
	pathologist.Post(t, "/api/lab/results/"+released+"/release", nil).Want(t, 200)
	s.Report = doctor.Get(t, "/api/lab/reports?encounter_id="+s.Encounter).Want(t, 200).Path("results.0.id").(string)
	enter("K", 7.1)
	s.Alert = doctor.Get(t, "/api/alerts?severity=CRITICAL&encounter_id="+s.Encounter).Want(t, 200).Path("results.0.id").(string)
	s.Result = enter("TSH", 2.1)
	s.Lot = pathologist.Post(t, "/api/lab/control-lots", object{"material": s.Mark, "lot_number": s.Mark, "level": 1, "expires_on": "2035-01-01",
		"targets": []any{object{"analyte": "PCT", "mean": 10, "sd": 1}}}).Want(t, 201).ID()
	technician.Post(t, "/api/lab/control-lots/"+s.Lot+"/runs", object{"analyte": "PCT", "value": 20, "comment": s.Mark}).Want(t, 201)
	s.Hold = pathologist.Get(t, "/api/lab/control-holds?status=OPEN").Want(t, 200).Path("results.0.id").(string)
	s.Team = admin.Post(t, "/api/alert-teams", object{"code": "night", "name": s.Mark}).Want(t, 201).ID()
	s.Duty = admin.Post(t, "/api/alert-duties", object{"user_id": doctor.Get(t, "/api/me").Want(t, 200).Path("user.id"), "role": "doctor",
		"starts_at": time.Now().UTC().Format(time.RFC3339), "ends_at": time.Now().Add(8 * time.Hour).UTC().Format(time.RFC3339)}).Want(t, 201).ID()
}
