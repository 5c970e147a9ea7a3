package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
)

type object = map[string]any

// system is a facility of one medical system: its people are reception.X, nurse.X and doctor.X.
type system struct {
	pack                        string
	code, name                  string
	reception, nurse, doctor    string
	reasons, diagnoses, advice  []string
	nurseRecords, doctorRecords []record
}

// record is a document that each visit gets: one of the payloads.
type record struct {
	template string
	payloads []object
}

// patientsPerSystem come to a system's facility, the first third of them yesterday.
const patientsPerSystem = 12

// system opens the facility, hires its people and lets them do a day's work.
func (s *seeding) system(ctx context.Context, h hospital, tenantID uuid.UUID, y system) error {
	facilityID, err := s.openSystem(ctx, h, tenantID, y)
	if err != nil {
		return err
	}
	scope := db.Scope{TenantID: tenantID, FacilityID: facilityID}
	suffix := "." + y.pack + "@" + h.code
	staff, seeded, err := s.hire(ctx, scope, map[auth.Role]person{
		auth.Receptionist: {"reception" + suffix, y.reception}, auth.Nurse: {"nurse" + suffix, y.nurse}, auth.Doctor: {"doctor" + suffix, y.doctor},
	})
	if err != nil || seeded {
		return err
	}
	w, err := s.begin(scope, staff, uint64(len(y.code))<<8|uint64(y.code[0]))
	if err != nil {
		return err
	}
	w.reasons, w.diagnoses, w.advice = y.reasons, y.diagnoses, y.advice
	for i := range patientsPerSystem {
		day := 0
		if i < patientsPerSystem/3 {
			day = 1
		}
		w.clock.Set(w.now.AddDate(0, 0, -day).Add(-time.Duration(visitTakes+w.random.IntN(w.window)) * time.Minute))
		patientID, err := w.register(ctx, i)
		if err != nil {
			return err
		}
		if err := w.visitOf(ctx, y, patientID, day == 0, i); err != nil {
			return err
		}
	}
	return nil
}

// openSystem finds or opens the facility and gives it its pack. The tenant's administrator opens it, and so belongs to it.
func (s *seeding) openSystem(ctx context.Context, h hospital, tenantID uuid.UUID, y system) (uuid.UUID, error) {
	facilityID, err := s.facility(ctx, tenantID, y.code)
	if err != nil || facilityID != uuid.Nil {
		return facilityID, err
	}
	administrator, err := s.userID(ctx, db.Tenant(tenantID), "admin@"+h.code)
	if err != nil {
		return uuid.Nil, err
	}
	if administrator == uuid.Nil {
		return uuid.Nil, errNoAdministrator
	}
	scope := db.Tenant(tenantID)
	scope.UserID = administrator
	ctx = db.WithScope(ctx, scope)
	err = s.Pool.InTx(ctx, func(tx db.Tx) error {
		var in facilities.CreateInput
		in.Body.Code, in.Body.Name = y.code, y.name
		made, err := s.Facilities.Create(ctx, tx, in)
		if err != nil {
			return err
		}
		facilityID = made.ID
		choose := facilities.ChoosePacksInput{ByID: facilities.ByID{ID: made.ID}}
		choose.Body.Packs = []string{y.pack}
		_, err = s.Facilities.ChoosePacks(ctx, tx, choose)
		return err
	})
	return facilityID, err
}

// visitOf lets a patient's encounter run by the system's workflow; today's stop at different points.
func (w *work) visitOf(ctx context.Context, y system, patientID uuid.UUID, today bool, i int) error {
	encounterID, err := w.open(ctx, patientID)
	if err != nil {
		return err
	}
	steps := []func(context.Context, encounters.ByID) error{
		w.checkIn, w.vitals, w.records(w.staff.nurse, y.nurseRecords, i), w.startConsult, w.records(w.staff.doctor, y.doctorRecords, i), w.assess, w.close,
	}
	if today {
		steps = steps[:i%(len(steps)+1)]
	}
	for _, step := range steps {
		if err := step(ctx, encounters.ByID{ID: encounterID}); err != nil {
			return err
		}
	}
	return nil
}

// records writes and finalises the documents of a step, the i-th payload of each.
func (w *work) records(author uuid.UUID, all []record, i int) func(context.Context, encounters.ByID) error {
	return func(ctx context.Context, id encounters.ByID) error {
		for _, r := range all {
			err := w.as(ctx, author, 4, func(ctx context.Context, tx db.Tx) error {
				var draft clinicaldocs.DraftInput
				draft.Body.EncounterID, draft.Body.TemplateCode, draft.Body.Payload = id.ID, r.template, r.payloads[i%len(r.payloads)]
				d, err := w.ClinicalDocs.Draft(ctx, tx, draft)
				if err != nil {
					return err
				}
				var final clinicaldocs.FinalizeInput
				final.Body.DocumentID = d.ID
				_, err = w.ClinicalDocs.Finalize(ctx, tx, final)
				return err
			})
			if err != nil {
				return fmt.Errorf("%s: %w", r.template, err)
			}
		}
		return nil
	}
}
