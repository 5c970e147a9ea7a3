package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/patients"
)

// week registers the patients over the week and lets every day's visits run as far as they would have come: all
// closed or cancelled on past days, in every state today.
func (s *seeding) week(ctx context.Context, scope db.Scope, staff staff, count int) error {
	w, err := s.begin(scope, staff, uint64(count))
	if err != nil {
		return err
	}
	for i := range count {
		day := days - i*(days+1)/count
		w.clock.Set(w.now.AddDate(0, 0, -day).Add(-time.Duration(visitTakes+w.random.IntN(w.window)) * time.Minute))
		patientID, err := w.register(ctx, i)
		if err != nil {
			return err
		}
		if i%5 == 4 {
			continue // registered by telephone; never came
		}
		if err := w.visit(ctx, patientID, day == 0, i); err != nil {
			return err
		}
	}
	return nil
}

// begin prepares the seeding of a facility's work, the same work each time for the same seed.
func (s *seeding) begin(scope db.Scope, staff staff, seed uint64) (*work, error) {
	now := s.Pool.Clock().Now()
	w := &work{seeding: s, scope: scope, staff: staff, now: now, clock: clock.NewManual(now), reasons: reasons, diagnoses: diagnoses, advice: advice,
		random: rand.New(rand.NewPCG(seed, 2026))} // #nosec G404 -- the same demo each time
	w.pool = s.Pool.WithClock(w.clock)
	// Today's visits begin after the facility's midnight, however early it is, and lie behind by now.
	zone, err := time.LoadLocation(facilities.DefaultTimeZone)
	if err != nil {
		return nil, err
	}
	sinceMidnight := int(now.Sub(clock.DateOf(now.In(zone)).In(zone)).Minutes())
	w.window = max(1, min(5*60, sinceMidnight-visitTakes))
	return w, nil
}

// work is what is done in one facility.
type work struct {
	*seeding
	pool   *db.Pool
	clock  *clock.Manual
	now    time.Time
	scope  db.Scope
	staff  staff
	random *rand.Rand
	// window is how many minutes back today's visits may begin.
	window int
	// What people come with, and what is said to it.
	reasons, diagnoses, advice []string
}

// as runs one act as one of the staff, some minutes after the act before.
func (w *work) as(ctx context.Context, user uuid.UUID, minutes int, act func(ctx context.Context, tx db.Tx) error) error {
	w.clock.Advance(time.Duration(minutes)*time.Minute + time.Duration(w.random.IntN(60))*time.Second)
	scope := w.scope
	scope.UserID = user
	ctx = db.WithScope(ctx, scope)
	return w.pool.InTx(ctx, func(tx db.Tx) error { return act(ctx, tx) })
}

func (w *work) pick(list []string) string { return list[w.random.IntN(len(list))] }

func (w *work) register(ctx context.Context, i int) (patientID uuid.UUID, err error) {
	var in patients.RegisterInput
	gender := "female"
	in.Body.FullName = w.pick(women) + " " + w.pick(familyNames)
	if w.random.IntN(2) == 0 {
		gender = "male"
		in.Body.FullName = w.pick(men) + " " + w.pick(familyNames)
	}
	if i%11 == 7 {
		in.Body.FullName = unusualNames[i/11%len(unusualNames)]
	}
	in.Body.Gender = gender
	if i%4 == 3 {
		age := 1 + w.random.IntN(85)
		in.Body.AgeYears = httpx.Some(age)
	} else {
		born := clock.DateOf(w.clock.Now()).AddDays(-w.random.IntN(85 * 365))
		in.Body.DateOfBirth = httpx.Some(born)
	}
	phone := fmt.Sprintf("+91 9%04d %05d", w.random.IntN(10000), w.random.IntN(100000))
	in.Body.Phone = httpx.Some(phone)
	err = w.as(ctx, w.staff.reception, 0, func(ctx context.Context, tx db.Tx) error {
		patient, err := w.Patients.Register(ctx, tx, in)
		patientID = patient.ID
		return err
	})
	return patientID, err
}

// visit lets a patient's encounter run. Today's stop at different points, so that every queue has someone in it.
func (w *work) visit(ctx context.Context, patientID uuid.UUID, today bool, i int) error {
	steps := 6
	if today {
		steps = i % 7
	}
	encounterID, err := w.open(ctx, patientID)
	if err != nil {
		return err
	}
	byID := encounters.ByID{ID: encounterID}
	if !today && i%13 == 6 || today && steps == 6 && i%2 == 0 {
		return w.as(ctx, w.staff.reception, 20, func(ctx context.Context, tx db.Tx) error {
			in := encounters.CancelInput{ByID: byID}
			in.Body.Reason = "The patient left without being seen"
			_, err := w.Encounters.Cancel(ctx, tx, in)
			return err
		})
	}
	for n, step := range []func(context.Context, encounters.ByID) error{w.checkIn, w.vitals, w.startConsult, w.assess, w.document, w.close} {
		if n >= steps {
			return nil
		}
		if err := step(ctx, byID); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) open(ctx context.Context, patientID uuid.UUID) (encounterID uuid.UUID, err error) {
	err = w.as(ctx, w.staff.reception, 1, func(ctx context.Context, tx db.Tx) error {
		var in encounters.CreateInput
		in.Body.PatientID, in.Body.Reason = patientID, w.pick(w.reasons)
		e, err := w.Encounters.Create(ctx, tx, in)
		encounterID = e.ID
		return err
	})
	return encounterID, err
}

func (w *work) checkIn(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.reception, 2, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Encounters.CheckIn(ctx, tx, id)
		return err
	})
}

func (w *work) vitals(ctx context.Context, id encounters.ByID) error {
	number := func(low, spread float64) *float64 {
		value := low + float64(w.random.IntN(int(spread*10)))/10
		return &value
	}
	whole := func(low, spread int) *float64 {
		value := float64(low + w.random.IntN(spread))
		return &value
	}
	return w.as(ctx, w.staff.nurse, 6, func(ctx context.Context, tx db.Tx) error {
		in := encounters.VitalsInput{ByID: id, Body: encounters.Vitals{
			TemperatureC: number(36.2, 2.8), PulseBPM: whole(62, 50), RespRate: whole(12, 12), BPSystolic: whole(102, 58), BPDiastolic: whole(62, 34),
			SpO2: whole(93, 7), WeightKg: number(41, 50), HeightCm: whole(146, 40), Pain: whole(0, 6),
		}}
		_, err := w.Encounters.RecordVitals(ctx, tx, in)
		return err
	})
}

func (w *work) startConsult(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.doctor, 9, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Encounters.StartConsult(ctx, tx, encounters.StartConsultInput{ByID: id})
		return err
	})
}

func (w *work) assess(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.doctor, 5, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Encounters.RecordAssessment(ctx, tx, encounters.AssessmentInput{ByID: id, Body: encounters.Assessment{
			ChiefComplaint: w.pick(w.reasons), Diagnosis: w.pick(w.diagnoses),
		}})
		if err != nil {
			return err
		}
		_, err = w.Encounters.RecordPlan(ctx, tx, encounters.PlanInput{ByID: id, Body: encounters.Plan{Advice: w.pick(w.advice), FollowUp: "In one week"}})
		return err
	})
}

func (w *work) document(ctx context.Context, id encounters.ByID) error {
	if w.random.IntN(3) > 0 {
		return nil
	}
	return w.as(ctx, w.staff.doctor, 3, func(ctx context.Context, tx db.Tx) error {
		var draft clinicaldocs.DraftInput
		draft.Body.EncounterID, draft.Body.TemplateCode = id.ID, "progress_note"
		draft.Body.Payload = progressNote
		d, err := w.ClinicalDocs.Draft(ctx, tx, draft)
		if err != nil {
			return err
		}
		var final clinicaldocs.FinalizeInput
		final.Body.DocumentID = d.ID
		_, err = w.ClinicalDocs.Finalize(ctx, tx, final)
		return err
	})
}

func (w *work) close(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.doctor, 2, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Encounters.Close(ctx, tx, encounters.CloseInput{ByID: id})
		return err
	})
}
