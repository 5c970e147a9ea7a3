// Package app builds the house: every module, top to bottom, in the order in which they need each other.
package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/mail"
	"hmsoftware.com/hm/kit/push"
	"hmsoftware.com/hm/kit/sms"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/consultations"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/labprint"
	"hmsoftware.com/hm/modules/notifications"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/qualitycontrol"
	"hmsoftware.com/hm/modules/repertory"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/tasks"
	"hmsoftware.com/hm/modules/tenants"
)

// Config of New.
type Config struct {
	// Pool connects as the application's role. Without one the app only describes itself, for openapi.json.
	Pool    *db.Pool
	Secret  []byte
	Version string
	Role    config.Role
	// TrustedProxies are believed when they say for whom they ask.
	TrustedProxies []netip.Prefix
	// ToolOrigins may serve scripts to the web app, beside HM itself.
	ToolOrigins []string
	// PublicURL is where people find this installation, without a slash at its end; "" when nobody said.
	PublicURL string
	// Mail and SMS are the ways out that were configured; nil for none.
	Mail *mail.Sender
	SMS  sms.Provider
}

// App is one node of an installation.
type App struct {
	API *httpx.API
	Bus *events.Bus
	Hub *events.Hub

	config   Config
	document string
	metrics  *telemetry.Metrics
	worker   *events.Worker
	stop     context.CancelFunc
	running  sync.WaitGroup
	stopping chan struct{}
	stopOnce sync.Once

	journal        *audit.Journal
	alerts         *alerts.Module
	audit          *audit.Module
	lab            *lab.Module
	labprint       *labprint.Module
	notifications  *notifications.Module
	qualitycontrol *qualitycontrol.Module
	clinicaldocs   *clinicaldocs.Module
	consultations  *consultations.Module
	encounters     *encounters.Module
	facilities     *facilities.Module
	iam            *iam.Module
	orders         *orders.Module
	packs          *packs.Module
	patients       *patients.Module
	repertory      *repertory.Module
	rules          *rules.Module
	tasks          *tasks.Module
	tenants        *tenants.Module
}

// Permissions of every module, each with the built-in roles that carry it.
func Permissions() []auth.Permission {
	var all []auth.Permission
	for _, module := range [][]auth.Permission{
		streamPermissions, facilities.Permissions, iam.Permissions, packs.Permissions, patients.Permissions, encounters.Permissions,
		tasks.Permissions, clinicaldocs.Permissions, orders.Permissions, consultations.Permissions, repertory.Permissions, lab.Permissions, qualitycontrol.Permissions, labprint.Permissions,
		alerts.Permissions, notifications.Permissions, rules.Permissions, audit.Permissions,
	} {
		all = append(all, module...)
	}
	return all
}

// New builds every module. Readers have no state, so modules may read each other without a cycle.
func New(c Config) (*App, error) {
	if c.Pool == nil {
		c.Pool = db.Unconnected()
	}
	a := &App{config: c, Bus: events.NewBus(), metrics: telemetry.NewMetrics(), stopping: make(chan struct{})}
	a.Hub = events.NewHub(c.Pool)
	var err error
	settings := facilities.Remember()
	if a.packs, err = packs.New(packs.Deps{Bus: a.Bus, Facilities: settings, Needs: needs}); err != nil {
		return nil, err
	}
	browsers, err := push.New(push.Config{Secret: c.Secret, Contact: c.PublicURL})
	if err != nil {
		return nil, err
	}
	a.journal = audit.NewJournal(c.Pool)
	a.audit = audit.New(audit.Deps{Bus: a.Bus, Pool: c.Pool, Journal: a.journal, Secret: c.Secret, Users: iam.Reader{}})
	a.facilities = facilities.New(facilities.Deps{Bus: a.Bus, Settings: settings, Packs: a.packs})
	a.iam = iam.New(iam.Deps{Bus: a.Bus, Pool: c.Pool, Secret: c.Secret, Permissions: Permissions(), Tenants: tenants.Reader{}, Audit: audit.Recorder{}})
	a.tenants = tenants.New(tenants.Deps{Bus: a.Bus, Facilities: a.facilities, People: a.iam})
	a.patients = patients.New(patients.Deps{Bus: a.Bus, Facilities: settings, Packs: a.packs})
	a.rules = rules.New(rules.Deps{Bus: a.Bus, Packs: a.packs, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: settings, Results: clinicaldocs.Reader{}, Laboratory: lab.Reader{}, Orders: orders.Reader{}, Tasks: tasks.Reader{}})
	a.tasks = tasks.New(tasks.Deps{
		Bus: a.Bus, Clock: c.Pool.Clock(), Facilities: settings, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{}, Packs: a.packs, Gate: a.rules,
		Alerts: alerts.Reader{},
	})
	a.encounters = encounters.New(encounters.Deps{
		Bus: a.Bus, Clock: c.Pool.Clock(), Facilities: settings, Users: iam.Reader{}, Patients: patients.Reader{}, Packs: a.packs,
		Tasks: tasks.Reader{}, Documents: clinicaldocs.Reader{}, Alerts: alerts.Reader{}, Gate: a.rules,
	})
	a.clinicaldocs = clinicaldocs.New(clinicaldocs.Deps{
		Bus: a.Bus, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: settings, Packs: a.packs, Gate: a.rules,
	})
	a.orders = orders.New(orders.Deps{
		Bus: a.Bus, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{}, Facilities: settings, Packs: a.packs,
		Tasks: tasks.Reader{}, Gate: a.rules,
	})
	a.consultations = consultations.New(consultations.Deps{
		Encounters: encounters.Reader{}, Entries: a.encounters, Documents: a.clinicaldocs, Orders: a.orders,
		Needs: consultations.Needs{
			Assessment: encounters.CanRecordAssessment, Plan: encounters.CanRecordPlan, Note: encounters.CanRecordNote,
			Documents: clinicaldocs.CanFinalize, Orders: orders.CanCreate,
		},
	})
	a.repertory = repertory.New(repertory.Deps{Bus: a.Bus})
	a.qualitycontrol = qualitycontrol.New(qualitycontrol.Deps{Bus: a.Bus, Clock: c.Pool.Clock(), Facilities: settings, Packs: a.packs, Users: iam.Reader{}})
	a.lab = lab.New(lab.Deps{
		Bus: a.Bus, Clock: c.Pool.Clock(), Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{}, Facilities: settings,
		Tenants: tenants.Reader{}, Packs: a.packs, Gate: a.rules, Orders: a.orders, Quality: qualitycontrol.Reader{}, Alarmed: alerts.Audience{Users: iam.Reader{}},
	})
	a.labprint = labprint.New(labprint.Deps{
		Bus: a.Bus, Pool: c.Pool, Journal: a.journal, Secret: c.Secret, Lab: lab.Reader{}, Orders: orders.Reader{}, Encounters: encounters.Reader{},
		Patients: patients.Reader{}, Facilities: settings, Users: iam.Reader{}, Packs: a.packs, PublicURL: c.PublicURL,
	})
	a.alerts = alerts.New(alerts.Deps{
		Bus: a.Bus, Clock: c.Pool.Clock(), Encounters: encounters.Reader{}, Patients: patients.Reader{}, Users: iam.Reader{}, Packs: a.packs,
	})
	a.notifications = notifications.New(notifications.Deps{
		Bus: a.Bus, Clock: c.Pool.Clock(), Encounters: encounters.Reader{}, Users: iam.Reader{}, Patients: patients.Reader{}, Facilities: settings, Alerts: alerts.Reader{}, Laboratory: lab.Reader{}, Packs: a.packs,
		PublicURL: c.PublicURL, Mail: c.Mail, SMS: c.SMS, Push: browsers,
	})
	// Who listens to whom, once everyone has said what they publish.
	for _, subscriber := range []interface{ Subscribe() }{a.iam, a.patients, a.tasks, a.clinicaldocs, a.orders, a.qualitycontrol, a.lab, a.labprint, a.alerts, a.notifications} {
		subscriber.Subscribe()
	}
	a.audit.Schedule()
	a.notifications.Schedule()
	if err := a.Bus.CheckComplete(); err != nil {
		return nil, err
	}
	api := httpx.Config{Version: c.Version, Secret: c.Secret, Pool: c.Pool, Auth: a.iam, Journal: a.journal, TrustedProxies: c.TrustedProxies, ToolOrigins: c.ToolOrigins}
	a.API = httpx.New(api)
	for _, module := range []interface{ Routes(*httpx.API) }{
		a.iam, a.tenants, a.facilities, a.packs, a.patients, a.encounters, a.tasks, a.clinicaldocs, a.orders, a.consultations, a.repertory, a.qualitycontrol, a.lab, a.labprint, a.alerts, a.notifications, a.rules, a.audit,
	} {
		module.Routes(a.API)
	}
	a.streamRoute()
	document, err := a.API.OpenAPI()
	if err != nil {
		return nil, err
	}
	a.document = string(document)
	if c.Role == config.RoleWorker {
		a.API = httpx.New(api) // without the routes: a worker does not watch who was signed out, so it takes no token
	}
	a.mountOperations(c.Role.AnswersRequests())
	return a, nil
}

// Pool is the node's connection pool.
func (a *App) Pool() *db.Pool { return a.config.Pool }

// Handler answers every request of the node. A worker answers health and metrics only.
func (a *App) Handler() http.Handler { return a.API.Handler(a.metrics) }

// Start begins what runs beside the requests: the worker where the role has it, live refresh, the watch for changed
// accounts, the audit trail's writer.
func (a *App) Start(ctx context.Context) error {
	a.metrics.WatchPool(a.config.Pool.Raw())
	a.metrics.Watch("audit_trees_broken", "Tenants whose audit tree was found tampered with and is sealed no more.", func() float64 { return float64(a.audit.BrokenTrees()) })
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	a.journal.Start(background)
	if a.config.Role.AnswersRequests() {
		a.running.Go(func() { a.Hub.Run(background) })
		a.running.Go(func() { a.iam.Watch(background) })
	}
	if !a.config.Role.DoesJobs() {
		return nil
	}
	if a.config.Mail != nil {
		a.running.Go(func() { checkMail(background, a.config.Mail) })
	}
	var err error
	if a.worker, err = events.NewWorker(a.Bus, a.config.Pool, a.metrics); err != nil {
		return err
	}
	return a.worker.Start(background)
}

// StopStreams ends every live refresh, so that a server's shutdown need not wait for browsers.
func (a *App) StopStreams() { a.stopOnce.Do(func() { close(a.stopping) }) }

// Stop ends the background work, as far as ctx allows in order: jobs under way, then the audit trail's buffer.
func (a *App) Stop(ctx context.Context) {
	a.StopStreams()
	if a.worker != nil {
		if err := a.worker.Stop(ctx); err != nil {
			slog.WarnContext(ctx, "jobs were cut off at the stop; they run again at the next start", "error", err)
		}
	}
	a.labprint.Stop(ctx)
	if err := a.audit.Stop(ctx); err != nil {
		slog.ErrorContext(ctx, "the last reads could not be written to the audit trail", "error", db.Describe(err))
	}
	if a.stop != nil {
		a.stop()
	}
	a.running.Wait()
}

// checkMail says at the start what mail would fail of. It stops nothing: the mail server may come later than HM.
func checkMail(ctx context.Context, sender *mail.Sender) {
	if err := sender.Check(ctx); err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "mail waits until this is mended", "error", err)
	}
}
