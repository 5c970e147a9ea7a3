package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/notifications"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/tasks"
	"hmsoftware.com/hm/modules/tenants"
)

// Deps are the modules whose rows are loaded.
type Deps struct {
	Pool          *db.Pool
	Bus           *events.Bus
	Tenants       *tenants.Module
	Facilities    facilitiesapi.Reader
	People        *iam.Module
	Patients      *patients.Module
	Encounters    *encounters.Module
	Tasks         *tasks.Module
	ClinicalDocs  *clinicaldocs.Module
	Orders        *orders.Module
	Lab           *lab.Module
	Alerts        *alerts.Module
	Notifications *notifications.Module
}

// fillers is how many facilities are filled at once. More gains nothing where PostgreSQL has as many cores.
const fillers = 2

type loader struct {
	deps    Deps
	options Options

	mu      sync.Mutex
	written int // events of patients and visits
}

// numbered is a facility to fill with its number in the plan, which its draws depend on.
type numbered struct {
	number  uint64
	planned *plannedFacility
	made    *MadeFacility
	tenant  *MadeTenant
	people  staff
}

// ErrCutOff is a load that was stopped: unlike other commands it does not go on from where it was.
var ErrCutOff = errors.New("the load was stopped before it was done; what it wrote stays, so load into another database")

// Load founds the tenants and fills their facilities, and tells what it made. What a load wrote before it failed stays.
func Load(ctx context.Context, deps Deps, o Options) (*Manifest, error) {
	made, err := loadAll(ctx, deps, o)
	if err != nil && ctx.Err() != nil {
		err = ErrCutOff
	}
	return made, err
}

func loadAll(ctx context.Context, deps Deps, o Options) (*Manifest, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	l := &loader{deps: deps, options: o}
	planned := plan(o)
	if err := l.refuseSecond(ctx, planned); err != nil {
		return nil, err
	}
	hash, err := auth.HashPassword(ctx, o.Password)
	if err != nil {
		return nil, err
	}
	m := &Manifest{
		Now: o.Now, Seed: o.Seed, Patients: o.Patients, Events: o.Events, Password: o.Password,
	}
	var all []numbered
	for i, t := range planned {
		made, people, err := l.found(ctx, t, uint64(i+1), hash)
		if err != nil {
			return nil, fmt.Errorf("tenant %s: %w", t.code, err)
		}
		m.Tenants = append(m.Tenants, made)
		for j := range t.facilities {
			all = append(all, numbered{uint64(i+1)<<8 | uint64(j+1), t.facilities[j], made.Facilities[j], made, people[j]}) //nolint:gosec // four at most
		}
	}
	l.tell("%d tenants with %d facilities and %d users", len(m.Tenants), len(all), m.users())
	// The largest first, so that the last ones are short.
	slices.SortStableFunc(all, func(a, b numbered) int { return b.planned.events - a.planned.events })
	if err := l.fillAll(ctx, all); err != nil {
		return nil, err
	}
	return m, deps.Bus.SkipLoaded(ctx, deps.Pool)
}

// refuseSecond keeps a load from meeting tenants of its codes: it would be neither the one nor the other.
func (l *loader) refuseSecond(ctx context.Context, planned []*plannedTenant) error {
	ctx = db.WithScope(ctx, db.System())
	for _, t := range planned {
		_, err := tenants.Reader{}.ByCode(ctx, l.deps.Pool.Read(ctx), t.code)
		if err == nil {
			return fmt.Errorf("this database holds a load already (there is a tenant %s): load into another one", t.code)
		}
		if e := errs.Of(err); e == nil || e.Kind != errs.KindNotFound {
			return err
		}
	}
	return nil
}

// found makes a tenant by the acts that everybody else makes one by, at the beginning of its history, and a user for
// every role in every facility.
func (l *loader) found(ctx context.Context, t *plannedTenant, number uint64, passwordHash string) (*MadeTenant, []staff, error) {
	ids := id.NewSource(l.options.Seed, number<<8)
	// Marked as loaded, so that nobody is told of it as of something new.
	ctx = telemetry.WithRequestID(id.WithSource(ctx, ids), events.LoadedRequest)
	at := clock.NewManual(l.options.Now.AddDate(0, 0, -historyDays(l.options)-1))
	pool := l.deps.Pool.WithClock(at)

	var in tenants.CreateInput
	in.Body.Code, in.Body.Name = t.code, t.name
	in.Body.Administrator = tenants.FirstAdministrator{Username: "load.admin." + t.code, FullName: "Administrator of " + t.name, Password: l.options.Password}
	for _, f := range t.facilities {
		in.Body.Facilities = append(in.Body.Facilities, tenants.NewFacility{Code: f.code, Name: f.name})
	}
	in.PrepareHashed(passwordHash)
	made := &MadeTenant{Code: t.code, Name: t.name}
	var founded tenants.Founded
	system := db.WithScope(ctx, db.System())
	err := pool.InTx(system, func(tx db.Tx) (err error) {
		founded, err = l.deps.Tenants.Create(system, tx, in)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	made.ID = founded.TenantID
	made.Users = append(made.Users, MadeUser{Username: in.Body.Administrator.Username, ID: founded.UserID, Role: string(auth.Admin)})
	people := make([]staff, len(t.facilities))
	for i, f := range t.facilities {
		facility := &MadeFacility{ID: founded.Facilities[i], Code: f.code, Name: f.name, Search: f.search}
		made.Facilities = append(made.Facilities, facility)
		at.Advance(time.Minute)
		scope := db.Scope{TenantID: made.ID, FacilityID: facility.ID}
		users, err := l.hire(db.WithScope(ctx, scope), pool, t, facility, passwordHash)
		if err != nil {
			return nil, nil, err
		}
		for _, u := range users {
			switch auth.Role(u.Role) {
			case auth.Receptionist:
				people[i].reception = u.ID
			case auth.Nurse:
				people[i].nurse = u.ID
			case auth.Doctor:
				people[i].doctor = u.ID
			case auth.LabTechnician:
				people[i].technician = u.ID
			case auth.Pathologist:
				people[i].pathologist = u.ID
			}
		}
		made.Users = append(made.Users, users...)
	}
	return made, people, nil
}

// hire makes a facility's users, one for each built-in role.
func (l *loader) hire(ctx context.Context, pool *db.Pool, t *plannedTenant, f *MadeFacility, passwordHash string) (users []MadeUser, err error) {
	err = pool.InTx(ctx, func(tx db.Tx) error {
		for _, role := range auth.BuiltInRoles {
			var in iam.CreateUserInput
			in.Body.Username, in.Body.Password = username(role, t.code, f.Code), l.options.Password
			in.Body.FullName = fullName(role, t.code, f.Code)
			in.Body.Memberships = []iam.Grant{{FacilityID: f.ID, Roles: []string{string(role)}}}
			if err := in.PrepareHashed(passwordHash); err != nil {
				return err
			}
			user, err := l.deps.People.CreateUser(ctx, tx, in)
			if err != nil {
				return fmt.Errorf("user %s: %w", in.Body.Username, err)
			}
			users = append(users, MadeUser{Username: in.Body.Username, ID: user.ID, Role: string(role), FacilityID: &f.ID})
		}
		return nil
	})
	return users, err
}

// fillAll fills the facilities, a few at once, and tells of every tenant when it is done.
func (l *loader) fillAll(ctx context.Context, all []numbered) error {
	left := map[uuid.UUID]int{}
	for _, n := range all {
		left[n.tenant.ID]++
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fillers)
	for _, n := range all {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			scope := db.Scope{TenantID: n.tenant.ID, FacilityID: n.made.ID}
			settings, err := l.deps.Facilities.Settings(ctx, l.deps.Pool.Read(db.WithScope(ctx, scope)), scope.TenantID, scope.FacilityID)
			if err != nil {
				return err
			}
			if err := newFiller(l, n.planned, n.made, scope, settings, n.number, n.people).fill(ctx); err != nil {
				return fmt.Errorf("facility %s of tenant %s: %w", n.made.Code, n.tenant.Code, err)
			}
			l.mu.Lock()
			left[n.tenant.ID]--
			done := left[n.tenant.ID] == 0
			l.mu.Unlock()
			if done {
				l.tellOf(n.tenant)
			}
			return nil
		})
	}
	return group.Wait()
}

// wrote counts events.
func (l *loader) wrote(count int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written += count
}

// tellOf tells that a tenant is filled, how fast it goes and how long it will take.
func (l *loader) tellOf(t *MadeTenant) {
	l.mu.Lock()
	written := l.written
	l.mu.Unlock()
	patients, events := 0, 0
	for _, f := range t.Facilities {
		patients, events = patients+f.Patients, events+f.Events
	}
	facilities := "1 facility"
	if len(t.Facilities) > 1 {
		facilities = fmt.Sprintf("%d facilities", len(t.Facilities))
	}
	line := fmt.Sprintf("%s: %d patients, %d events in %s; %d%% of all", t.Code, patients, events, facilities, written*100/l.options.Events)
	if l.options.Elapsed != nil && written > 0 {
		took := l.options.Elapsed()
		line += fmt.Sprintf(", %.0f events a second, %s left", float64(written)/took.Seconds(),
			time.Duration(float64(took)*float64(l.options.Events-written)/float64(written)).Round(time.Second))
	}
	l.tell("%s", line)
}

func (l *loader) tell(format string, arguments ...any) {
	if l.options.Progress != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.options.Progress(fmt.Sprintf(format, arguments...))
	}
}
