package app

import (
	"context"

	"hmsoftware.com/hm/app/demo"
	"hmsoftware.com/hm/app/load"
	"hmsoftware.com/hm/modules/facilities"
)

// LoadHistory fills the database with a large history for benchmarks.
func (a *App) LoadHistory(ctx context.Context, o load.Options) (*load.Manifest, error) {
	return load.Load(ctx, load.Deps{
		Pool: a.config.Pool, Bus: a.Bus, Tenants: a.tenants, Facilities: facilities.Reader{}, People: a.iam, Patients: a.patients,
		Encounters: a.encounters, Tasks: a.tasks, ClinicalDocs: a.clinicaldocs, Orders: a.orders, Lab: a.lab,
		Alerts: a.alerts, Notifications: a.notifications,
	}, o)
}

// SeedDemo fills the database with hospitals to look around in; a second run changes nothing.
func (a *App) SeedDemo(ctx context.Context) error {
	return demo.Seed(ctx, demo.Deps{
		Pool: a.config.Pool, Tenants: a.tenants, Facilities: a.facilities, People: a.iam, Patients: a.patients, Encounters: a.encounters, ClinicalDocs: a.clinicaldocs,
		Repertory: a.repertory, Orders: a.orders, Lab: a.lab, QualityControl: a.qualitycontrol,
	})
}

// SealAudit seals what the audit trails of all tenants have waiting; sealed is told now and then that it goes on.
func (a *App) SealAudit(ctx context.Context, goesOn func()) error {
	for more := true; more; {
		var err error
		if more, err = a.audit.SealAll(ctx, a.config.Pool); err != nil {
			return err
		}
		goesOn()
	}
	return nil
}
