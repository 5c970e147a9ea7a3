package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/tasks"
)

const (
	// patientsAtOnce and eventsAtOnce bound a transaction, and with it the memory that a load takes.
	patientsAtOnce = 500
	eventsAtOnce   = 2000
	// visitDays is how far back visits go at least, registrationDays how much further registrations do.
	visitDays, registrationDays = 70, 365
	// stayDays is how long the long encounter has been going on.
	stayDays = 20
)

// filler fills one facility. What it draws depends on the seed and the facility's place in the plan only.
type filler struct {
	loader   *loader
	facility *MadeFacility
	planned  *plannedFacility
	scope    db.Scope
	settings facilitiesapi.Settings
	compose  *composer
	ids      *id.Source
	random   *rand.Rand
	patients []patient
	day      time.Time // 00:00 in the facility of the first day of the history
	days     int       // of the history, today not among them

	visits  []encounters.Loaded
	tasks   []tasks.Loaded
	papers  []clinicaldocs.Loaded
	asked   []ordered
	pending int // events
}

// historyDays says how many days the history has: more than usual where few patients come very often.
func historyDays(o Options) int {
	return max(visitDays, (o.Events-o.Patients)/o.Patients/8) + registrationDays
}

func newFiller(l *loader, planned *plannedFacility, f *MadeFacility, scope db.Scope, settings facilitiesapi.Settings, number uint64, people staff) *filler {
	random := rand.New(rand.NewPCG(l.options.Seed, number)) // #nosec G404 -- the same each time
	ids := id.NewSource(l.options.Seed, number)
	days := historyDays(l.options)
	return &filler{
		loader: l, facility: f, planned: planned, scope: scope, settings: settings, ids: ids, random: random, days: days,
		day:     clock.DateOf(l.options.Now.In(settings.Zone)).AddDays(-days).In(settings.Zone),
		compose: &composer{random: random, ids: ids, staff: people, now: l.options.Now, pack: settings.Packs[0]},
	}
}

// moment is a time between eight and six on one of the days of the history, the later the larger the fraction.
func (f *filler) moment(fraction float64) time.Time {
	days := fraction * float64(f.days)
	whole := int(days)
	return f.day.AddDate(0, 0, whole).Add(8*time.Hour + time.Duration((days-float64(whole))*float64(10*time.Hour))).UTC().Truncate(time.Microsecond)
}

func (f *filler) fill(ctx context.Context) error {
	ctx = db.WithScope(ctx, f.scope)
	if err := f.register(ctx); err != nil {
		return fmt.Errorf("patients: %w", err)
	}
	if err := f.visit(ctx); err != nil {
		return fmt.Errorf("encounters: %w", err)
	}
	return nil
}

// register loads the patients, spread over the history.
func (f *filler) register(ctx context.Context) error {
	count := f.planned.patients
	loading := f.loader.deps.Patients.Load(f.settings, f.ids)
	f.patients = make([]patient, 0, count)
	for len(f.patients) < count {
		var batch []patients.Loaded
		for range min(patientsAtOnce, count-len(f.patients)) {
			at := f.moment((float64(len(f.patients)) + f.random.Float64()) / float64(count))
			if len(f.patients) == 0 {
				at = f.moment(0) // somebody is there from the first day on
			}
			in := person(f.random, clock.DateOf(at.In(f.settings.Zone)))
			p := patient{id: f.ids.At(at), gender: in.Body.Gender, born: in.Body.DateOfBirth.Value}
			f.patients = append(f.patients, p)
			batch = append(batch, patients.Loaded{ID: p.id, RegisterInput: in, RegisteredAt: at, RegisteredBy: f.compose.staff.reception})
		}
		err := f.loader.deps.Pool.InTx(ctx, func(tx db.Tx) error { return loading.Write(ctx, tx, batch) })
		if err != nil {
			return err
		}
		f.loader.wrote(len(batch))
	}
	f.facility.Patients, f.facility.Events = count, count
	return nil
}

// visit loads the visits: the past ones in the order of time, then the long stay, then those of the last hours.
func (f *filler) visit(ctx context.Context) error {
	past, today := f.draw()
	firstVisit := float64(registrationDays) / float64(f.days)
	if f.planned.long {
		begins := f.loader.options.Now.AddDate(0, 0, -stayDays)
		p := &f.patients[0]
		p.freeFrom = f.loader.options.Now.Unix() + 1
		stayed, err := f.take(ctx, p, today[0], begins)
		if err != nil {
			return err
		}
		f.facility.LongEncounterID, f.facility.LongEncounterEvents = &stayed, today[0].events()
		today = today[1:]
	}
	for i, s := range past {
		fraction := firstVisit + (1-firstVisit)*(float64(i)+f.random.Float64())/float64(len(past))
		begins := f.moment(fraction)
		// Those registered by then: the same fraction of them, the first always.
		registered := max(1, int(fraction*float64(len(f.patients)))-1)
		p, begins := f.free(registered, begins)
		if _, err := f.take(ctx, p, s, begins); err != nil {
			return err
		}
	}
	for _, s := range today {
		begins := f.loader.options.Now.Add(-longestVisit - time.Duration(f.random.IntN(180*60_000_000))*time.Microsecond).Truncate(time.Microsecond)
		p, begins := f.free(len(f.patients), begins)
		if _, err := f.take(ctx, p, s, begins); err != nil {
			return err
		}
	}
	return f.flush(ctx)
}

// draw decides what visits there are, so that their events add up to the plan's.
func (f *filler) draw() (past, today []shape) {
	left := f.planned.events - f.planned.patients
	active := 0
	if f.planned.long {
		long := stay(min(400, max(30, left/4)))
		today, left = append(today, long), left-long.events()
		active++
	}
	// Some four of a hundred came today; nobody twice.
	for range min(left/13/25+1, 120, (f.planned.patients-active-1)/3) {
		if left < largestVisit+smallestVisit {
			break
		}
		s := drawToday(f.random)
		today, left = append(today, s), left-s.events()
	}
	for left >= largestVisit+smallestVisit {
		s := drawPast(f.random)
		past, left = append(past, s), left-s.events()
	}
	if left > 0 {
		today = append(today, filling(left))
	}
	return past, today
}

// free finds somebody among the first patients for whom no visit is under way, or when somebody's will be over.
func (f *filler) free(among int, at time.Time) (*patient, time.Time) {
	first := f.random.IntN(among)
	soonest := &f.patients[first]
	for i := range among {
		p := &f.patients[(first+i)%among]
		if p.freeFrom <= at.Unix() {
			return p, at
		}
		if p.freeFrom < soonest.freeFrom {
			soonest = p
		}
	}
	return soonest, time.Unix(soonest.freeFrom, 0).UTC()
}

// take adds a visit to what is written next.
func (f *filler) take(ctx context.Context, p *patient, s shape, begins time.Time) (encounterID uuid.UUID, err error) {
	v := f.compose.visit(p, s, begins)
	f.facility.Encounters++
	p.freeFrom = v.ends.Unix() + 60
	if v.encounter.Closed == nil && v.encounter.Cancelled == nil {
		f.facility.ActiveEncounters++
		p.freeFrom = f.loader.options.Now.Unix() + 1
	}
	f.visits, f.tasks, f.papers = append(f.visits, v.encounter), append(f.tasks, v.tasks...), append(f.papers, v.papers...)
	f.tasks, f.asked = append(f.tasks, v.work...), append(f.asked, v.asked...)
	f.pending += s.events()
	if f.pending >= eventsAtOnce {
		err = f.flush(ctx)
	}
	return v.encounter.ID, err
}

// flush writes the visits that wait, with all that belongs to them, in one transaction.
func (f *filler) flush(ctx context.Context) error {
	if f.pending == 0 {
		return nil
	}
	deps := f.loader.deps
	err := deps.Pool.InTx(ctx, func(tx db.Tx) error {
		if err := deps.Encounters.Load(ctx, tx, f.settings, f.ids, f.visits); err != nil {
			return err
		}
		if err := f.laboratory(ctx, tx); err != nil {
			return fmt.Errorf("laboratory: %w", err)
		}
		if err := deps.Tasks.Load(ctx, tx, f.ids, f.tasks); err != nil {
			return err
		}
		var measured []encountersapi.Measured
		for _, v := range f.visits {
			measured = append(measured, v.Measured()...)
		}
		if err := deps.ClinicalDocs.LoadVitals(ctx, tx, f.ids, measured); err != nil {
			return err
		}
		return deps.ClinicalDocs.Load(ctx, tx, f.settings, f.ids, f.papers)
	})
	if err != nil {
		return err
	}
	f.loader.wrote(f.pending)
	f.facility.Events += f.pending
	f.visits, f.tasks, f.papers, f.pending = f.visits[:0], f.tasks[:0], f.papers[:0], 0
	f.asked = f.asked[:0]
	return nil
}

// laboratory writes what was asked of it: each module is told what the ones before it said.
func (f *filler) laboratory(ctx context.Context, tx db.Tx) error {
	deps := f.loader.deps
	placed := make([]orders.Loaded, len(f.asked))
	for i, o := range f.asked {
		placed[i] = o.order
	}
	created, err := deps.Orders.Load(ctx, tx, f.ids, placed)
	if err != nil {
		return err
	}
	work := make([]lab.Loaded, len(f.asked))
	for i, o := range f.asked {
		work[i], work[i].Order = o.work, created[i]
		f.facility.Tests += len(created[i].Items)
	}
	told, err := deps.Lab.Load(ctx, tx, f.settings, f.ids, work)
	if err != nil {
		return err
	}
	raised, waiting := f.compose.alerts(f.asked, told)
	f.tasks = append(f.tasks, waiting...)
	about, err := deps.Alerts.Load(ctx, tx, f.ids, raised)
	if err != nil {
		return err
	}
	return deps.Notifications.Load(ctx, tx, f.ids, f.compose.news(about, raised, told))
}
