package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/patients"
)

// DemoPassword of every demo user.
const DemoPassword = "hm-demo-2026" // #nosec G101 -- known to all

// DemoSignIns is what a newcomer needs to see beside the address.
const DemoSignIns = `Sign in to the demo (every password is ` + DemoPassword + `):
  reception@asha  nurse@asha  doctor@asha  admin@asha  auditor@asha    Asha Hospital, Main and East
  reception@birch nurse@birch doctor@birch admin@birch auditor@birch   Birch Clinic, another tenant
`

type demoTenant struct {
	code, name string
	facilities []NewFacility
	// patients per facility.
	patients []int
}

var demoTenants = []demoTenant{
	{"asha", "Asha Hospital", []NewFacility{{Code: "MAIN", Name: "Asha Main"}, {Code: "EAST", Name: "Asha East"}}, []int{110, 40}},
	{"birch", "Birch Clinic", []NewFacility{{Code: "BIRCH", Name: "Birch Clinic"}}, []int{50}},
}

// demoDays of work behind today.
const demoDays = 7

// demoVisitTakes is the longest a seeded visit lasts, in minutes.
const demoVisitTakes = 45

// demoProgressNote is what the demo's doctors write.
var demoProgressNote = map[string]any{
	"subjective": "Feels better than at the last visit; sleeps and eats well.",
	"objective":  "Comfortable at rest, afebrile, chest clear.",
	"assessment": "Recovering as expected.",
	"condition":  "improving",
	"plan":       "Continue the present treatment and review in one week.",
}

// SeedDemo makes the demo's tenants, people and a week of work, all dates relative to today. What is there already
// is left alone, so a second run changes nothing.
func (a *App) SeedDemo(ctx context.Context) error {
	for _, t := range demoTenants {
		if err := a.seedTenant(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.code, err)
		}
	}
	return nil
}

func (a *App) seedTenant(ctx context.Context, t demoTenant) error {
	tenantID, facilities, err := a.demoTenant(ctx, t)
	if err != nil {
		return err
	}
	for i, facilityID := range facilities {
		scope := db.Scope{TenantID: tenantID, FacilityID: facilityID}
		staff, seeded, err := a.seedStaff(ctx, t, scope, i)
		if err != nil || seeded {
			return err
		}
		if err := a.seedWeek(ctx, scope, staff, t.patients[i]); err != nil {
			return err
		}
	}
	return nil
}

// demoTenant creates the tenant or finds it, with its facilities in the order of the demo.
func (a *App) demoTenant(ctx context.Context, t demoTenant) (uuid.UUID, []uuid.UUID, error) {
	made, err := a.CreateTenant(ctx, NewTenant{Code: t.code, Name: t.name, Facilities: t.facilities, Admin: "admin@" + t.code, AdminName: "Administrator of " + t.name, Password: DemoPassword})
	if err != nil && !isTaken(err) {
		return uuid.Nil, nil, err
	}
	tenantID := made.TenantID
	if err != nil {
		if tenantID, err = a.TenantByCode(ctx, t.code); err != nil {
			return uuid.Nil, nil, err
		}
	}
	ctx = db.WithScope(ctx, db.Tenant(tenantID))
	all, err := facilities.Reader{}.OfTenant(ctx, a.config.Pool.Read(ctx), tenantID)
	if err != nil {
		return uuid.Nil, nil, err
	}
	byCode := map[string]uuid.UUID{}
	for _, f := range all {
		byCode[f.Code] = f.ID
	}
	var ordered []uuid.UUID
	for _, f := range t.facilities {
		ordered = append(ordered, byCode[f.Code])
	}
	return tenantID, ordered, nil
}

// hasUser tells whether the scope's tenant has a user of this name.
func (a *App) hasUser(ctx context.Context, scope db.Scope, username string) (bool, error) {
	ctx = db.WithScope(ctx, scope)
	in := iam.ListUsersInput{Q: username}
	in.Limit = 1
	page, err := a.iam.ListUsers(ctx, a.config.Pool.Read(ctx), in)
	return len(page.Results) > 0, err
}

// demoStaff are the users who act in the seeded week.
type demoStaff struct{ reception, nurse, doctor uuid.UUID }

var demoRoleNames = map[auth.Role]string{
	auth.Doctor: "doctor", auth.Nurse: "nurse", auth.Receptionist: "reception", auth.LabTechnician: "lab", auth.Pathologist: "pathologist",
	auth.Pharmacist: "pharmacist", auth.Radiologist: "radiologist", auth.Biller: "biller", auth.Therapist: "therapist", auth.Auditor: "auditor",
}

var demoFullNames = map[auth.Role][]string{
	auth.Doctor: {"Dr. Nirmala Rao", "Dr. Farhan Qureshi", "Dr. Elena Birch"}, auth.Nurse: {"Sister Mary Thomas", "Sister Asha Gowda", "Nurse Daniel Okafor"},
	auth.Receptionist: {"Ravi Kumar", "Pooja Shetty", "Grace Wong"},
}

// seedStaff makes a user per role in each facility, all in one transaction; seeded tells that they were there already.
func (a *App) seedStaff(ctx context.Context, t demoTenant, scope db.Scope, facility int) (staff demoStaff, seeded bool, err error) {
	suffix := "@" + t.code
	if facility > 0 {
		suffix = fmt.Sprintf("%d@%s", facility+1, t.code)
	}
	inputs := map[auth.Role]iam.CreateUserInput{}
	for role, name := range demoRoleNames {
		if known, err := a.hasUser(ctx, scope, name+suffix); err != nil || known {
			return staff, known, err
		}
		var in iam.CreateUserInput
		in.Body.Username, in.Body.Password = name+suffix, DemoPassword
		in.Body.FullName = "Demo " + name
		if names := demoFullNames[role]; names != nil {
			in.Body.FullName = names[facility]
			if t.code == "birch" {
				in.Body.FullName = names[2]
			}
		}
		in.Body.Memberships = []iam.Grant{{FacilityID: scope.FacilityID, Roles: []string{string(role)}}}
		if err := in.Prepare(ctx); err != nil {
			return staff, false, err
		}
		inputs[role] = in
	}
	ids := map[auth.Role]uuid.UUID{}
	err = a.config.Pool.InTx(db.WithScope(ctx, scope), func(tx db.Tx) error {
		for _, role := range auth.BuiltInRoles {
			in, wanted := inputs[role]
			if !wanted {
				continue
			}
			user, err := a.iam.CreateUser(db.WithScope(ctx, scope), tx, in)
			if err != nil {
				return fmt.Errorf("user %s: %w", in.Body.Username, err)
			}
			ids[role] = user.ID
		}
		return nil
	})
	return demoStaff{reception: ids[auth.Receptionist], nurse: ids[auth.Nurse], doctor: ids[auth.Doctor]}, false, err
}

// seedWeek registers the patients over the week and lets every day's visits run as far as they would have come: all
// closed or cancelled on past days, in every state today.
func (a *App) seedWeek(ctx context.Context, scope db.Scope, staff demoStaff, count int) error {
	random := rand.New(rand.NewPCG(uint64(count), 2026)) // #nosec G404 -- the same demo each time
	now := a.config.Pool.Clock().Now()
	w := &demoWeek{app: a, scope: scope, staff: staff, random: random, clock: clock.NewManual(now)}
	w.pool = a.config.Pool.WithClock(w.clock)
	// Today's visits begin after the facility's midnight, however early it is, and lie behind by now.
	zone, err := time.LoadLocation(facilities.DefaultTimeZone)
	if err != nil {
		return err
	}
	sinceMidnight := int(now.Sub(clock.DateOf(now.In(zone)).In(zone)).Minutes())
	window := max(1, min(5*60, sinceMidnight-demoVisitTakes))
	for i := range count {
		day := demoDays - i*(demoDays+1)/count
		w.clock.Set(now.AddDate(0, 0, -day).Add(-time.Duration(demoVisitTakes+random.IntN(window)) * time.Minute))
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

type demoWeek struct {
	app    *App
	pool   *db.Pool
	clock  *clock.Manual
	scope  db.Scope
	staff  demoStaff
	random *rand.Rand
}

// as runs one act as one of the staff, some minutes after the act before.
func (w *demoWeek) as(ctx context.Context, user uuid.UUID, minutes int, act func(ctx context.Context, tx db.Tx) error) error {
	w.clock.Advance(time.Duration(minutes)*time.Minute + time.Duration(w.random.IntN(60))*time.Second)
	scope := w.scope
	scope.UserID = user
	ctx = db.WithScope(ctx, scope)
	return w.pool.InTx(ctx, func(tx db.Tx) error { return act(ctx, tx) })
}

func (w *demoWeek) pick(list []string) string { return list[w.random.IntN(len(list))] }

func (w *demoWeek) register(ctx context.Context, i int) (patientID uuid.UUID, err error) {
	var in patients.RegisterInput
	gender := "female"
	in.Body.FullName = w.pick(demoWomen) + " " + w.pick(demoFamilies)
	if w.random.IntN(2) == 0 {
		gender = "male"
		in.Body.FullName = w.pick(demoMen) + " " + w.pick(demoFamilies)
	}
	if i%11 == 7 {
		in.Body.FullName = demoUnusual[i/11%len(demoUnusual)]
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
		patient, err := w.app.patients.Register(ctx, tx, in)
		patientID = patient.ID
		return err
	})
	return patientID, err
}

// visit lets a patient's encounter run. Today's stop at different points, so that every queue has someone in it.
func (w *demoWeek) visit(ctx context.Context, patientID uuid.UUID, today bool, i int) error {
	steps := 6
	if today {
		steps = i % 7
	}
	var encounterID uuid.UUID
	err := w.as(ctx, w.staff.reception, 1, func(ctx context.Context, tx db.Tx) error {
		var in encounters.CreateInput
		in.Body.PatientID, in.Body.Reason = patientID, w.pick(demoReasons)
		e, err := w.app.encounters.Create(ctx, tx, in)
		encounterID = e.ID
		return err
	})
	if err != nil {
		return err
	}
	byID := encounters.ByID{ID: encounterID}
	if !today && i%13 == 6 || today && steps == 6 && i%2 == 0 {
		return w.as(ctx, w.staff.reception, 20, func(ctx context.Context, tx db.Tx) error {
			in := encounters.CancelInput{ByID: byID}
			in.Body.Reason = "The patient left without being seen"
			_, err := w.app.encounters.Cancel(ctx, tx, in)
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

func (w *demoWeek) checkIn(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.reception, 2, func(ctx context.Context, tx db.Tx) error {
		_, err := w.app.encounters.CheckIn(ctx, tx, id)
		return err
	})
}

func (w *demoWeek) vitals(ctx context.Context, id encounters.ByID) error {
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
		_, err := w.app.encounters.RecordVitals(ctx, tx, in)
		return err
	})
}

func (w *demoWeek) startConsult(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.doctor, 9, func(ctx context.Context, tx db.Tx) error {
		_, err := w.app.encounters.StartConsult(ctx, tx, encounters.StartConsultInput{ByID: id})
		return err
	})
}

func (w *demoWeek) assess(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.doctor, 5, func(ctx context.Context, tx db.Tx) error {
		_, err := w.app.encounters.RecordAssessment(ctx, tx, encounters.AssessmentInput{ByID: id, Body: encounters.Assessment{
			ChiefComplaint: w.pick(demoReasons), Diagnosis: w.pick(demoDiagnoses),
		}})
		if err != nil {
			return err
		}
		_, err = w.app.encounters.RecordPlan(ctx, tx, encounters.PlanInput{ByID: id, Body: encounters.Plan{Advice: w.pick(demoAdvice), FollowUp: "In one week"}})
		return err
	})
}

func (w *demoWeek) document(ctx context.Context, id encounters.ByID) error {
	if w.random.IntN(3) > 0 {
		return nil
	}
	return w.as(ctx, w.staff.doctor, 3, func(ctx context.Context, tx db.Tx) error {
		var draft clinicaldocs.DraftInput
		draft.Body.EncounterID, draft.Body.TemplateCode = id.ID, "progress_note"
		draft.Body.Payload = demoProgressNote
		d, err := w.app.clinicaldocs.Draft(ctx, tx, draft)
		if err != nil {
			return err
		}
		var final clinicaldocs.FinalizeInput
		final.Body.DocumentID = d.ID
		_, err = w.app.clinicaldocs.Finalize(ctx, tx, final)
		return err
	})
}

func (w *demoWeek) close(ctx context.Context, id encounters.ByID) error {
	return w.as(ctx, w.staff.doctor, 2, func(ctx context.Context, tx db.Tx) error {
		_, err := w.app.encounters.Close(ctx, tx, encounters.CloseInput{ByID: id})
		return err
	})
}
