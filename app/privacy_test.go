package app_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/telemetry"
)

// marks are pieces of a patient that nobody else has; where one turns up, that patient can be known.
var marks = []string{"Zyxwvuta", "Qqmarkphone5550199", "markmail", "Markstreet", "markidentifier", "markcomplaint", "markpassword",
	"marklaboratory", "77.31"}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// TestNoPatientDataInLogsEventsOrJobs runs a day with a marked patient, faults and refusals included, at the most
// talkative log level, and looks for the marks everywhere they must not be. Not parallel: it holds the process's log.
func TestNoPatientDataInLogsEventsOrJobs(t *testing.T) {
	var log lockedBuffer
	before := slog.Default()
	slog.SetDefault(telemetry.NewLogger(&log, slog.LevelDebug))
	defer slog.SetDefault(before)

	d := newDay(t, 1)
	marked := object{
		"full_name": "Zyxwvuta Iyer", "gender": "female", "age_years": 41, "phone": "5550199", "email": "markmail@example.org", "address": "1 Markstreet",
		"identifiers": []any{object{"system": "passport", "value": "markidentifier"}}, "mrn": "QQ-1",
	}
	patient := d.Receptionist.Post(t, "/api/patients", marked).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/patients", marked).Want(t, 409)
	d.Receptionist.Get(t, "/api/patients?q=Zyxwvuta").Want(t, 200)
	d.Receptionist.Get(t, "/api/patients/duplicates?full_name=Zyxwvuta").Want(t, 200)
	d.Receptionist.Patch(t, "/api/patients/"+patient, object{"address": "2 Markstreet"}).Want(t, 200)
	encounter := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "reason": "markcomplaint"}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+encounter+"/check-in", nil).Want(t, 200)
	d.Nurse.Post(t, "/api/encounters/"+encounter+"/vitals", object{"pulse_bpm": 80, "note": "markcomplaint"}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/start-consult", nil).Want(t, 200)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/assessment", object{"chief_complaint": "markcomplaint", "diagnosis": "markcomplaint"}).Want(t, 201)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/notes", object{"subjective": "markcomplaint"}).Want(t, 201)
	d.document(t, encounter)
	laboratoryOf(t, d, encounter)
	d.Doctor.Post(t, "/api/encounters/"+encounter+"/close", nil).Want(t, 200)
	d.Nurse.Post(t, "/api/patients", "{\"full_name\":\"Zyxwvuta\x00\"}").Want(t, 422)
	(&apptest.Client{House: d.House}).Post(t, "/api/auth/token", object{"username": "doctor", "password": "markpassword"}).Want(t, 401)
	// A fault of the database in the middle of it: a constraint's detail quotes the row.
	d.House.DB.AsSuperuser(t, `ALTER TABLE patients.patient ADD CONSTRAINT marks_nobody CHECK (full_name <> 'Zyxwvuta Again')`)
	d.Receptionist.Post(t, "/api/patients", object{"full_name": "Zyxwvuta Again", "gender": "male", "age_years": 5}).Want(t, 500)

	look := func(where, text string) {
		for _, mark := range marks {
			if i := strings.Index(strings.ToLower(text), strings.ToLower(mark)); i >= 0 {
				t.Errorf("%s holds %q: ...%s...", where, mark, text[max(0, i-120):min(len(text), i+120)])
			}
		}
	}
	log.mu.Lock()
	look("the log", log.String())
	log.mu.Unlock()
	for _, table := range []string{"events.event", "audit.entry", "river.river_job"} {
		look(table, wholeTable(t, d, table))
	}
	look("the metrics", string(d.Nurse.Unchecking().Get(t, "/metrics").Body))
}

// laboratoryOf takes marked values and words through the laboratory: a rejected sample, a critical value and its call, a
// correction, an alert and what is told of it.
func laboratoryOf(t *testing.T, d *day, encounter string) {
	t.Helper()
	test := d.take(t, d.ask(t, encounter, "PCT")...)[0]
	d.Technician.Post(t, "/api/lab/samples/"+test.sample+"/reject", object{"reason": "marklaboratory"}).Want(t, 200)
	test = d.receive(t, d.take(t, test)[0])
	d.Technician.Post(t, "/api/lab/results", object{"order_item_id": test.item, "values": found("PCT", "marklaboratory")}).Want(t, 422)
	body := object{"order_item_id": test.item, "values": found("PCT", 77.31), "comment": "marklaboratory"}
	test.result = d.Technician.Post(t, "/api/lab/results", body).Want(t, 201).ID()
	inbox(t, d.Doctor, "critical_result", test.patient)
	d.Pathologist.Post(t, "/api/lab/results/"+test.result+"/verify", object{"critical_notice": object{"notified_to": "marklaboratory", "read_back": true}}).Want(t, 200)
	d.release(t, test)
	inbox(t, d.Doctor, "result_released", test.patient)
	alert := d.alert(t, d.Doctor, encounter, "critical_result").ID()
	d.Doctor.Post(t, "/api/alerts/"+alert+"/acknowledge", object{"note": "marklaboratory"}).Want(t, 200)
	d.Doctor.Post(t, "/api/alerts/"+alert+"/resolve", object{"resolution": "marklaboratory"}).Want(t, 200)
	body["correction_reason"] = "marklaboratory"
	test.result = d.Technician.Post(t, "/api/lab/results", body).Want(t, 201).ID()
	d.Doctor.Post(t, "/api/tasks/"+d.ackTask(t, encounter)["id"].(string)+"/complete", nil).Want(t, 200)
}

func wholeTable(t *testing.T, d *day, table string) string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.House.DB.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var text *string
	if err := conn.QueryRow(ctx, fmt.Sprintf(`SELECT string_agg(x::text, E'\n') FROM %s x`, table)).Scan(&text); err != nil {
		t.Fatal(err)
	}
	if text == nil {
		return ""
	}
	return *text
}
