package encounters_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

func TestAVisitFromWalkInToClosedRecord(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.closed(ctx, t, tx, patientID)
		if e.Status != encountersapi.StatusClosed || e.CheckedInAt == nil || e.ConsultStartedAt == nil || e.ClosedAt == nil || e.ETag() != `"4"` {
			t.Errorf("got %+v", e)
		}
		want := []string{"ENCOUNTER_CREATED", "TASK_CREATED", "TASK_CREATED", "ENCOUNTER_CHECKED_IN", "CONSULT_STARTED",
			"VITALS_RECORDED", "TASK_STARTED", "TASK_DONE", "ASSESSMENT_RECORDED", "TASK_STARTED", "TASK_DONE", "ENCOUNTER_CLOSED"}
		if got := h.timeline(ctx, t, tx, e.ID); !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

// Every sequence of moves, with their SQL and its constraints: the acts do what the status allows and nothing else.
func TestActsAgreeWithTheLifeCycle(t *testing.T) {
	t.Parallel()
	legal := map[encountersapi.Status]map[string]encountersapi.Status{
		encountersapi.StatusCreated:   {"check-in": encountersapi.StatusCheckedIn, "cancel": encountersapi.StatusCancelled},
		encountersapi.StatusCheckedIn: {"start-consult": encountersapi.StatusInConsult, "cancel": encountersapi.StatusCancelled},
		encountersapi.StatusInConsult: {"close": encountersapi.StatusClosed, "cancel": encountersapi.StatusCancelled},
		encountersapi.StatusClosed:    {},
		encountersapi.StatusCancelled: {},
	}
	inFacility(t, facilitiestest.With{SeveralActiveEncounters: true}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		acts := map[string]func(uuid.UUID) (encounters.Encounter, error){
			"check-in": func(e uuid.UUID) (encounters.Encounter, error) { return h.encounters.CheckIn(ctx, tx, byID(e)) },
			"start-consult": func(e uuid.UUID) (encounters.Encounter, error) {
				return h.encounters.StartConsult(ctx, tx, encounters.StartConsultInput{ByID: byID(e)})
			},
			"close": func(e uuid.UUID) (encounters.Encounter, error) { return h.encounters.Close(ctx, tx, closing(e)) },
			"cancel": func(e uuid.UUID) (encounters.Encounter, error) {
				return h.encounters.Cancel(ctx, tx, cancelInput(e, "Left"))
			},
		}
		rapid.Check(t, func(rt *rapid.T) {
			e := h.create(ctx, t, tx, patientID)
			if _, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID)); err != nil {
				rt.Fatal(err)
			}
			if _, err := h.encounters.RecordAssessment(ctx, tx, assessment(e.ID)); err != nil {
				rt.Fatal(err)
			}
			status := e.Status
			for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"check-in", "start-consult", "close", "cancel"}), 1, 8).Draw(rt, "moves") {
				after, err := acts[name](e.ID)
				next, may := legal[status][name]
				switch refused := errs.Of(err); {
				case may && (err != nil || after.Status != next):
					rt.Fatalf("%s from %s: got %s, %v", name, status, after.Status, err)
				case !may && (refused == nil || refused.Code != "encounters.illegal_transition"):
					rt.Fatalf("%s from %s: got %v", name, status, err)
				case may:
					status = next
				}
			}
		})
	})
}

func TestStartConsultNamesTheDoctor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, sent func(h house) *uuid.UUID
		want         func(h house, tx db.Tx) uuid.UUID
	}{
		"the one sent":            {somebody, theDoctor, func(h house, _ db.Tx) uuid.UUID { return h.doctor }},
		"else the one there":      {theDoctor, nobody, func(h house, _ db.Tx) uuid.UUID { return h.doctor }},
		"else who begins to talk": {nobody, nobody, func(_ house, tx db.Tx) uuid.UUID { return tx.Scope().UserID }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
				e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID, Status: encountersapi.StatusCheckedIn, AttendingDoctorID: c.before(h)})
				in := encounters.StartConsultInput{ByID: byID(e.ID)}
				if sent := c.sent(h); sent != nil {
					in.Body = &encounters.Attending{AttendingDoctorID: sent}
				}
				got, err := h.encounters.StartConsult(ctx, tx, in)
				if err != nil || got.AttendingDoctorID == nil || *got.AttendingDoctorID != c.want(h, tx) {
					t.Errorf("got %v, %v", got.AttendingDoctorID, err)
				}
			})
		})
	}
}

func theDoctor(h house) *uuid.UUID { return &h.doctor }
func somebody(house) *uuid.UUID    { return &unknown }
func nobody(house) *uuid.UUID      { return nil }

func TestStartConsultRefusesAStranger(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID, Status: encountersapi.StatusCheckedIn})
		_, err := h.encounters.StartConsult(ctx, tx, encounters.StartConsultInput{ByID: byID(e.ID), Body: &encounters.Attending{AttendingDoctorID: &unknown}})
		wantFaults(t, err, "body.attending_doctor_id")
	})
}

// TestTheGateKnowsWhatIsBegunAndNotSigned with a rule that a pack really has.
func TestTheGateKnowsWhatIsBegunAndNotSigned(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID, Pack: "allopathy", Status: encountersapi.StatusInConsult})
		const rule = "allopathy.drafts_before_close"
		holds := func() bool {
			gate, err := h.encounters.CloseGate(ctx, tx, byID(e.ID))
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(gate.Blocking, func(b rulesapi.Blocking) bool {
				return b.Rule == rule && b.Message == "Begun and not signed: opd_note."
			})
		}
		if holds() {
			t.Error("held without a draft")
		}
		if _, err := tx.Exec(ctx, `INSERT INTO clinicaldocs.draft (tenant_id, facility_id, id, encounter_id, patient_id, pack, template_code,
				template_version, payload, computed, summary, author_id, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, 'allopathy', 'opd_note', '1.0.0', '{}', '{}', '', $6, $7, $7)`,
			tx.Scope().TenantID, tx.Scope().FacilityID, id.New(), e.ID, patientID, h.doctor, tx.Now()); err != nil {
			t.Fatal(err)
		}
		if !holds() {
			t.Error("a draft does not hold the encounter open")
		}
	})
}

func TestCloseIsRefusedUntilTheGateOpens(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.inConsult(ctx, t, tx, patientID)
		if _, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID)); err != nil {
			t.Fatal(err)
		}
		_, err := h.encounters.Close(ctx, tx, closing(e.ID))
		refused := wantCode(t, err, "encounters.close_blocked")
		gate, ok := refused.Extra["gate"].(rulesapi.CloseGate)
		if !ok || gate.CanClose || !slices.Equal(gate.MissingTasks, []string{"doctor-consult"}) || len(gate.MissingDocuments) != 0 ||
			len(gate.Blocking) != 1 || gate.Blocking[0].Rule != "base.required_tasks" || gate.Blocking[0].Message != "Still to be done: Consult." {
			t.Errorf("got %+v", refused.Extra)
		}
		if rules, ok := refused.Extra["rules"].([]rulesapi.Fired); !ok || len(rules) != 1 || rules[0].Code != "base.required_tasks" {
			t.Errorf("got %+v", refused.Extra["rules"])
		}
		if _, err := h.encounters.RecordAssessment(ctx, tx, assessment(e.ID)); err != nil {
			t.Fatal(err)
		}
		shown, err := h.encounters.CloseGate(ctx, tx, byID(e.ID))
		if err != nil || !shown.CanClose || shown.MissingTasks == nil || shown.MissingDocuments == nil || shown.Blocking == nil {
			t.Errorf("got %+v, %v", shown, err)
		}
		if _, err := h.encounters.Close(ctx, tx, closing(e.ID)); err != nil {
			t.Error(err)
		}
	})
}

func TestTheGateOfAnEncounterNotInConsultSaysSo(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.closed(ctx, t, tx, patientID)
		gate, err := h.encounters.CloseGate(ctx, tx, byID(e.ID))
		if err != nil || gate.CanClose || len(gate.Blocking) != 1 || gate.Blocking[0].Code != "encounters.illegal_transition" {
			t.Errorf("got %+v, %v", gate, err)
		}
	})
}

func TestCancelNeedsAReasonAndKeepsIt(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		_, err := h.encounters.Cancel(ctx, tx, cancelInput(e.ID, "  "))
		wantFaults(t, err, "body.reason")
		e, err = h.encounters.Cancel(ctx, tx, cancelInput(e.ID, "Went home"))
		if err != nil || e.Status != encountersapi.StatusCancelled || e.CancelledAt == nil || *e.CancelReason != "Went home" {
			t.Errorf("got %+v, %v", e, err)
		}
	})
}

func TestBadStatesCannotBeSaidInSQLEither(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ set, constraint string }{
		"checked in without a time":         {"status = 'CHECKED_IN'", "encounter_moments"},
		"in consult without a check-in":     {"status = 'IN_CONSULT', consult_started_at = now()", "encounter_moments"},
		"closed without a consultation":     {"status = 'CLOSED', checked_in_at = now(), closed_at = now()", "encounter_moments"},
		"created with a check-in":           {"checked_in_at = now()", "encounter_moments"},
		"closed and cancelled":              {"status = 'CLOSED', checked_in_at = now(), consult_started_at = now(), closed_at = now(), cancelled_at = now(), cancel_reason = 'x'", "encounter_moments"},
		"cancelled without a reason":        {"status = 'CANCELLED', cancelled_at = now()", "encounter_cancel_reason"},
		"a reason without a cancellation":   {"cancel_reason = 'x'", "encounter_cancel_reason"},
		"a consultation without check-in":   {"status = 'CANCELLED', consult_started_at = now(), cancelled_at = now(), cancel_reason = 'x'", "encounter_moments"},
		"system data that is not an object": {"system_data = '[]'", "encounter_system_data_check"},
		"a status nobody knows":             {"status = 'LOST'", "encounter_status_check"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
				e := h.create(ctx, t, tx, patientID)
				_, err := tx.Exec(ctx, `UPDATE encounters.encounter SET `+c.set+` WHERE id = $1`, e.ID)
				if !db.Violates(err, c.constraint) {
					t.Errorf("got %v, want %s", err, c.constraint)
				}
			})
		})
	}
}
