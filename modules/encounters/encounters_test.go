package encounters_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func TestCreateFillsInDefaults(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		want := encounters.Encounter{
			Version: 1, ID: e.ID, PatientID: patientID, Patient: encounters.Patient{ID: patientID, FullName: "Meera Nair", MRN: "M-1"},
			EncounterType: "OPD", Pack: "base", Status: encountersapi.StatusCreated, SystemData: map[string]any{}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
			Actions: []string{"check-in", "cancel", "update", "vitals", "assessment", "plan", "notes"},
		}
		if !reflect.DeepEqual(e, want) {
			t.Errorf("got  %+v\nwant %+v", e, want)
		}
	})
}

func TestCreateKeepsWhatWasSent(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		in := createInput(patientID)
		in.Body.EncounterType, in.Body.Reason, in.Body.AttendingDoctorID = "IPD", " Fever ", ptr(h.doctor)
		in.Body.ScheduledAt, in.Body.SystemData = ptr(tx.Now().AddDate(0, 0, 1)), map[string]any{"ward": "3"}
		made, err := h.encounters.Create(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		e, err := h.encounters.Get(ctx, tx, byID(made.ID))
		if err != nil || e.EncounterType != "IPD" || *e.Reason != "Fever" || *e.AttendingDoctor != (encounters.Person{ID: h.doctor, FullName: "Dr A. Rao"}) ||
			!e.ScheduledAt.Equal(*in.Body.ScheduledAt) || e.SystemData["ward"] != "3" {
			t.Errorf("got %+v, %v", e, err)
		}
	})
}

func TestCreateNamesEveryFault(t *testing.T) {
	t.Parallel()
	deep := map[string]any{}
	for range 40 {
		deep = map[string]any{"a": deep}
	}
	for name, c := range map[string]struct {
		spoil    func(*encounters.CreateInput)
		location string
	}{
		"a stranger as doctor":    {func(in *encounters.CreateInput) { in.Body.AttendingDoctorID = ptr(unknown) }, "body.attending_doctor_id"},
		"a pack not enabled here": {func(in *encounters.CreateInput) { in.Body.Pack = "ayurveda" }, "body.pack"},
		"a type the pack lacks":   {func(in *encounters.CreateInput) { in.Body.EncounterType = "THERAPY" }, "body.encounter_type"},
		"huge system data": {func(in *encounters.CreateInput) {
			in.Body.SystemData = map[string]any{"a": strings.Repeat("x", 70_000)}
		}, "body.system_data"},
		"deep system data": {func(in *encounters.CreateInput) { in.Body.SystemData = deep }, "body.system_data"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
				in := createInput(patientID)
				c.spoil(&in)
				_, err := h.encounters.Create(ctx, tx, in)
				wantFaults(t, err, c.location)
			})
		})
	}
}

func TestCreateForAnUnknownPatientIsNotFound(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, _ uuid.UUID) {
		_, err := h.encounters.Create(ctx, tx, createInput(unknown))
		wantCode(t, err, "patients.not_found")
	})
}

func TestASecondActiveEncounterIsRefusedWithTheFirst(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		first := h.create(ctx, t, tx, patientID)
		_, err := h.encounters.Create(ctx, tx, createInput(patientID))
		if e := wantCode(t, err, "encounters.active_exists"); e.Extra["encounter_id"] != first.ID {
			t.Errorf("got %v, want %s", e.Extra, first.ID)
		}
	})
}

func TestAnEncounterThatIsOverMakesRoomForTheNext(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		h.closed(ctx, t, tx, patientID)
		second := h.create(ctx, t, tx, patientID)
		if _, err := h.encounters.Cancel(ctx, tx, cancelInput(second.ID, "Left")); err != nil {
			t.Fatal(err)
		}
		h.create(ctx, t, tx, patientID)
	})
}

func TestAFacilityMayAllowSeveralActiveEncounters(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{SeveralActiveEncounters: true}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		first, second := h.create(ctx, t, tx, patientID), h.create(ctx, t, tx, patientID)
		if first.ID == second.ID {
			t.Error("the second call made no encounter of its own")
		}
		_, err := tx.Exec(ctx, `UPDATE facilities.facility SET several_active_encounters = false WHERE tenant_id = $1`, tx.Scope().TenantID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.encounters.Create(ctx, tx, createInput(patientID))
		wantCode(t, err, "encounters.active_exists")
	})
}

func TestAnotherFacilitysEncounterIsNotFound(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		elsewhere := tx.Scope()
		elsewhere.FacilityID = unknown
		err := tx.Nested(ctx, elsewhere, func(tx db.Tx) error {
			ctx := db.WithScope(ctx, elsewhere)
			for name, act := range map[string]func() error{
				"get":  func() error { _, err := h.encounters.Get(ctx, tx, byID(e.ID)); return err },
				"gate": func() error { _, err := h.encounters.CloseGate(ctx, tx, byID(e.ID)); return err },
				"line": func() error { _, err := h.encounters.Timeline(ctx, tx, byID(e.ID)); return err },
				"papers": func() error {
					_, err := h.encounters.Documents(ctx, tx, encounters.DocumentsInput{ByID: byID(e.ID)})
					return err
				},
				"checkin": func() error { _, err := h.encounters.CheckIn(ctx, tx, byID(e.ID)); return err },
				"vitals":  func() error { _, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID)); return err },
			} {
				if err := act(); err != encountersapi.ErrNotFound { //nolint:errorlint // word for word the same
					t.Errorf("%s: got %v", name, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestUpdateChangesWhatWasSentAndClearsWhatIsNull(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		create := createInput(patientID)
		create.Body.Reason, create.Body.AttendingDoctorID = "Fever", ptr(h.doctor)
		e, err := h.encounters.Create(ctx, tx, create)
		if err != nil {
			t.Fatal(err)
		}
		in := encounters.UpdateInput{ByID: byID(e.ID), IfMatch: httpx.IfMatch{IfMatch: e.ETag()}}
		in.Body.AttendingDoctorID = httpx.Optional[uuid.UUID]{Present: true, Null: true}
		in.Body.SystemData = map[string]any{"ward": "3"}
		e, err = h.encounters.Update(ctx, tx, in)
		if err != nil || *e.Reason != "Fever" || e.AttendingDoctorID != nil || e.AttendingDoctor != nil || e.SystemData["ward"] != "3" || e.ETag() != `"2"` {
			t.Fatalf("got %+v, %v", e, err)
		}
		_, err = h.encounters.Update(ctx, tx, in)
		wantCode(t, err, "request.stale")
	})
}

func TestUpdateRefusesAStrangerAsDoctor(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		in := encounters.UpdateInput{ByID: byID(h.create(ctx, t, tx, patientID).ID)}
		in.Body.AttendingDoctorID = httpx.Optional[uuid.UUID]{Present: true, Value: unknown}
		_, err := h.encounters.Update(ctx, tx, in)
		wantFaults(t, err, "body.attending_doctor_id")
	})
}

func TestARecordThatIsClosedStands(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.closed(ctx, t, tx, patientID)
		in := encounters.UpdateInput{ByID: byID(e.ID)}
		in.Body.Reason = httpx.Optional[string]{Present: true, Value: "Another"}
		_, err := h.encounters.Update(ctx, tx, in)
		wantCode(t, err, "encounters.not_open")
		if len(e.Actions) != 0 {
			t.Errorf("a closed encounter offers %v", e.Actions)
		}
	})
}

func TestActionsAreWhatTheCallerMayDo(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		nurse := auth.WithIdentity(ctx, &auth.Identity{Acting: &auth.Membership{Permissions: map[string]bool{
			encounters.CanRecordVitals: true, encounters.CanCheckIn: true, encounters.CanClose: true}}})
		e, err := h.encounters.Get(nurse, tx, byID(e.ID))
		if err != nil || !slices.Equal(e.Actions, []string{"check-in", "vitals"}) {
			t.Errorf("got %v, %v", e.Actions, err)
		}
	})
}

func TestPatientsOfOneListAreNamedTogether(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		other := patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Arjun Das", MRN: "M-2"})
		h.create(ctx, t, tx, patientID)
		h.create(ctx, t, tx, other)
		page, err := h.encounters.List(ctx, tx, listInput())
		if err != nil || len(page.Results) != 2 {
			t.Fatalf("got %+v, %v", page, err)
		}
		for i, want := range []string{"Arjun Das", "Meera Nair"} {
			if got := page.Results[i].Patient.FullName; got != want {
				t.Errorf("%d: got %s, want %s", i, got, want)
			}
		}
	})
}

func listInput() encounters.ListInput {
	return encounters.ListInput{PageParams: httpx.PageParams{Limit: 50}}
}
