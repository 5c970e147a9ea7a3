package load

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/tasks"
)

// longestVisit is more than any visit takes that is no stay.
const longestVisit = 2 * time.Hour

// staff are the users who act.
type staff struct{ reception, nurse, doctor, technician, pathologist uuid.UUID }

// patient is what is remembered of one while a facility is filled: some 60 bytes.
type patient struct {
	id       uuid.UUID
	gender   string
	born     clock.Date
	freeFrom int64 // in unix seconds: no visit is under way from then on
}

// composer turns shapes into what the modules load.
type composer struct {
	random *rand.Rand
	ids    *id.Source
	staff  staff
	now    time.Time
	pack   string
	// barcodes counts the labels that were used.
	barcodes int
}

// composed is one visit with all that belongs to it.
type composed struct {
	encounter encounters.Loaded
	tasks     []tasks.Loaded
	work      []tasks.Loaded // of the laboratory: it outlives the encounter
	papers    []clinicaldocs.Loaded
	asked     []ordered
	ends      time.Time
}

var (
	reasons = []string{
		"Fever for three days", "Cough and cold", "Follow-up of blood pressure", "Pain in the lower back", "Review of diabetes",
		"Headache", "Stomach pain after meals", "Skin rash on both arms", "Breathlessness on climbing stairs", "Knee pain",
		"Routine antenatal visit", "Sore throat", "Giddiness in the morning", "Burning on passing urine", "Fitness certificate",
	}
	diagnoses = []string{
		"Acute upper respiratory infection", "Essential hypertension", "Type 2 diabetes mellitus", "Mechanical low back pain",
		"Tension-type headache", "Gastritis", "Contact dermatitis", "Osteoarthritis of the knee", "Acute pharyngitis", "Viral fever",
	}
	advice = []string{
		"Plenty of fluids and rest; come back if the fever lasts beyond three days.", "Low-salt diet, a brisk walk every day, medicines as before.",
		"Warm compress twice a day; avoid lifting weights.", "Small meals, no late dinners; come back with the reports.",
	}
	medicines = []string{"Paracetamol 500 mg, one tablet three times a day", "Amlodipine 5 mg in the morning", "Metformin 500 mg twice a day", "Pantoprazole 40 mg before breakfast"}
	errands   = []struct{ code, title string }{
		{"call-relatives", "Call the relatives"}, {"collect-reports", "Collect the laboratory reports"},
		{"arrange-follow-up", "Arrange the follow-up visit"}, {"insurance-papers", "Complete the insurance papers"},
	}
	conditions = []string{"improving", "unchanged", "worsening", "first_note"}
)

// visit composes one that begins at a time.
func (c *composer) visit(p *patient, s shape, begins time.Time) composed {
	v := composed{encounter: encounters.Loaded{ID: c.ids.At(begins), PatientID: p.id, Type: "OPD", Reason: pick(c.random, reasons)}}
	t := begins.Truncate(time.Microsecond)
	later := func(from, to int) {
		t = t.Add(time.Duration(from)*time.Minute + time.Duration(c.random.IntN((to-from)*60_000_000+1))*time.Microsecond)
	}
	about := encountersapi.Encounter{ID: v.encounter.ID, PatientID: p.id, Type: v.encounter.Type, Pack: c.pack, Status: encountersapi.StatusInConsult}
	if s.long {
		v.encounter.Type, about.Type = "IPD", "IPD"
	}
	by := func(user uuid.UUID) encounters.Moment { return encounters.Moment{At: t, By: user} }
	v.encounter.Created = by(c.staff.reception)
	opened := tasks.Moment{At: t, By: c.staff.reception}
	vitals := tasks.Loaded{ID: c.ids.At(t), Encounter: about, Code: "record-vitals", Created: opened}
	consult := tasks.Loaded{ID: c.ids.At(t), Encounter: about, Code: "doctor-consult", Created: opened}
	if s.stage == created && !s.cancelled && c.random.IntN(2) == 0 {
		due := c.now.Add(time.Duration(10+c.random.IntN(300)) * time.Minute).Truncate(time.Minute)
		v.encounter.ScheduledAt = &due
	}
	if s.stage >= checkedIn {
		later(2, 8)
		moment := by(c.staff.reception)
		v.encounter.CheckedIn = &moment
	}
	if s.stage >= measured {
		later(3, 9)
		c.write(&v, t, c.staff.nurse, c.vitals())
		vitals.Done = &tasks.Moment{At: t, By: c.staff.nurse}
	}
	if s.stage >= inConsult {
		later(3, 15)
		moment := by(c.staff.doctor)
		v.encounter.ConsultStarted = &moment
		about.AttendingDoctorID = &c.staff.doctor
	}
	var extra *tasks.Loaded
	if s.errand != noErrand {
		later(1, 3)
		extra = c.errand(s, about, t)
		if s.errand == startedErrand || s.errand == doneErrand {
			later(1, 5)
			extra.Started = &tasks.Moment{At: t, By: c.staff.nurse}
		}
	}
	if s.stage >= assessed {
		later(2, 8)
		c.write(&v, t, c.staff.doctor, encounters.Assessment{ChiefComplaint: v.encounter.Reason, Diagnosis: pick(c.random, diagnoses)})
		consult.Done = &tasks.Moment{At: t, By: c.staff.doctor}
		later(1, 3)
		c.write(&v, t, c.staff.doctor, c.plan())
	}
	// Long stays are what timelines are measured by: theirs are as long as the plan says.
	if s.stage >= inConsult && !s.cancelled && !s.long && c.random.IntN(100) < orderedOfHundred {
		o, steps := c.laboratory(p, about, t)
		v.asked, v.work = append(v.asked, o), append(v.work, steps...)
	}
	if s.paper != noPaper {
		later(1, 3)
		v.papers = append(v.papers, c.paper(p, about, s, t))
		if final := v.papers[0].FinalizedAt; final != nil {
			t = *final
		}
	}
	if extra != nil && (s.errand == doneErrand || s.errand == cancelledErrand) {
		later(1, 4)
		moment := &tasks.Moment{At: t, By: c.staff.nurse}
		if s.errand == doneErrand {
			extra.Done = moment
		} else {
			extra.Cancelled = moment
		}
	}
	for i := range int(s.notes) {
		if s.long {
			t = t.Add((c.now.Sub(t) - time.Hour) / time.Duration(int(s.notes)-i+1)).Truncate(time.Microsecond)
		} else {
			later(1, 2)
		}
		c.round(&v, i, s.long, t)
	}
	v.tasks = append(v.tasks, vitals, consult)
	if extra != nil {
		v.tasks = append(v.tasks, *extra)
	}
	switch {
	case s.cancelled:
		later(5, 20)
		moment := by(c.staff.reception)
		v.encounter.Cancelled, v.encounter.CancelReason = &moment, "The patient left without being seen"
		c.end(&v, t, c.staff.reception)
	case s.stage == closed:
		later(1, 4)
		moment := by(c.staff.doctor)
		v.encounter.Closed = &moment
		c.end(&v, t, c.staff.doctor)
	}
	v.ends = t
	return v
}

// end is what becomes of the rest when an encounter ends.
func (c *composer) end(v *composed, at time.Time, by uuid.UUID) {
	for i := range v.tasks {
		if v.tasks[i].Done == nil && v.tasks[i].Cancelled == nil {
			v.tasks[i].Cancelled = &tasks.Moment{At: at, By: by}
		}
		v.tasks[i].EncounterOver = &at
	}
	for i := range v.papers {
		v.papers[i].EncounterOver = true
	}
}

// write adds a document to the encounter.
func (c *composer) write(v *composed, at time.Time, by uuid.UUID, content any) {
	v.encounter.Documents = append(v.encounter.Documents, encounters.LoadedDocument{
		ID: c.ids.At(at), Authored: encounters.Moment{At: at, By: by}, Content: content,
	})
}

// round writes the next note; on a ward, vitals by turns.
func (c *composer) round(v *composed, i int, ward bool, at time.Time) {
	switch {
	case ward && i%2 == 0:
		c.write(v, at, c.staff.nurse, c.vitals())
	case ward && i%10 == 9:
		c.write(v, at, c.staff.doctor, encounters.Assessment{Diagnosis: pick(c.random, diagnoses), Note: "Seen on the round."})
	default:
		c.write(v, at, c.staff.doctor, encounters.Note{
			Subjective: "Feels better; sleeps and eats well.", Objective: "Comfortable at rest, chest clear.", Plan: pick(c.random, advice),
		})
	}
}

func (c *composer) vitals() encounters.Vitals {
	whole := func(low, spread int) *float64 {
		value := float64(low + c.random.IntN(spread))
		return &value
	}
	tenths := func(low, spread float64) *float64 {
		value := float64(int(low*10)+c.random.IntN(int(spread*10))) / 10
		return &value
	}
	return encounters.Vitals{
		TemperatureC: tenths(36.2, 2.8), PulseBPM: whole(62, 50), RespRate: whole(12, 12), BPSystolic: whole(102, 58), BPDiastolic: whole(62, 34),
		SpO2: whole(93, 7), WeightKg: tenths(41, 50), HeightCm: whole(146, 40), Pain: whole(0, 6),
	}
}

func (c *composer) plan() encounters.Plan {
	p := encounters.Plan{Advice: pick(c.random, advice), FollowUp: "In one week"}
	if c.random.IntN(2) == 0 {
		p.Medications = []encounters.PlanItem{{Words: pick(c.random, medicines)}}
	}
	return p
}

func (c *composer) errand(s shape, about encountersapi.Encounter, at time.Time) *tasks.Loaded {
	named := pick(c.random, errands)
	due := at.Add(time.Duration(1+c.random.IntN(72)) * time.Hour).Truncate(time.Minute)
	task := &tasks.Loaded{
		ID: c.ids.At(at), Encounter: about, Code: named.code, Title: named.title, DueAt: &due, Created: tasks.Moment{At: at, By: c.staff.doctor},
	}
	if s.assigned {
		task.AssignedToID = &c.staff.nurse
	}
	return task
}

func (c *composer) paper(p *patient, about encountersapi.Encounter, s shape, at time.Time) clinicaldocs.Loaded {
	l := clinicaldocs.Loaded{
		DraftID: c.ids.At(at), Encounter: about, Patient: patientsapi.Facts{Gender: p.gender, DateOfBirth: &p.born},
		TemplateCode: "progress_note", AuthorID: c.staff.doctor, DraftedAt: at,
		Payload: map[string]any{
			"subjective": fmt.Sprintf("%s, since %d days.", pick(c.random, reasons), 1+c.random.IntN(14)), "objective": "Comfortable at rest, afebrile, chest clear.",
			"assessment": pick(c.random, diagnoses), "condition": pick(c.random, conditions), "plan": pick(c.random, advice),
		},
	}
	if s.paper == finalPaper {
		final := at.Add(time.Minute + time.Duration(c.random.IntN(120_000_000))*time.Microsecond)
		l.DocumentID, l.FinalizedAt = c.ids.At(final), &final
	}
	return l
}
