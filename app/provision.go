package app

import (
	"context"
	"io/fs"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/tenants"
)

// NewFacility is a facility to open.
type NewFacility struct{ Code, Name string }

// NewTenant is a tenant to create with its facilities and its first administrator.
type NewTenant struct {
	Code, Name                 string
	Facilities                 []NewFacility
	Admin, AdminName, Password string
}

// MadeTenant is what creating a tenant prints.
type MadeTenant struct {
	TenantID   uuid.UUID `json:"tenant_id"`
	FacilityID uuid.UUID `json:"facility_id"`
	UserID     uuid.UUID `json:"user_id"`
	// FacilityIDs are all of them, in the order asked for.
	FacilityIDs []uuid.UUID `json:"facility_ids"`
}

// system is the context of work that no user does.
func system(ctx context.Context) context.Context { return db.WithScope(ctx, db.System()) }

// CreateTenant makes a tenant, its facilities, the built-in roles and its first administrator, in one transaction.
func (a *App) CreateTenant(ctx context.Context, n NewTenant) (MadeTenant, error) {
	var in tenants.CreateInput
	in.Body = tenants.Founding{Code: n.Code, Name: n.Name, Administrator: tenants.FirstAdministrator{Username: n.Admin, FullName: n.AdminName, Password: n.Password}}
	for _, f := range n.Facilities {
		in.Body.Facilities = append(in.Body.Facilities, tenants.NewFacility{Code: f.Code, Name: f.Name})
	}
	if err := in.Prepare(ctx); err != nil {
		return MadeTenant{}, err
	}
	var made MadeTenant
	err := a.config.Pool.InTx(system(ctx), func(tx db.Tx) error {
		founded, err := a.tenants.Create(system(ctx), tx, in)
		made = MadeTenant{TenantID: founded.TenantID, FacilityID: founded.FacilityID, UserID: founded.UserID, FacilityIDs: founded.Facilities}
		return err
	})
	return made, err
}

// TenantByCode finds a tenant.
func (a *App) TenantByCode(ctx context.Context, code string) (uuid.UUID, error) {
	return tenants.Reader{}.ByCode(system(ctx), a.config.Pool.Read(system(ctx)), code)
}

// InstallPack gives a tenant the pack of a folder, or a new version of it.
func (a *App) InstallPack(ctx context.Context, tenantCode string, folder fs.FS) (pack packs.InstalledPack, err error) {
	tenantID, err := a.TenantByCode(ctx, tenantCode)
	if err != nil {
		return pack, err
	}
	ctx = db.WithScope(ctx, db.Tenant(tenantID))
	err = a.config.Pool.InTx(ctx, func(tx db.Tx) error {
		pack, err = a.packs.InstallFolder(ctx, tx, folder)
		return err
	})
	return pack, err
}

// CreateSuperuser makes a user who may create tenants over the API and belongs to none.
func (a *App) CreateSuperuser(ctx context.Context, username, fullName, password string) (uuid.UUID, error) {
	return a.iam.CreateSuperuser(ctx, iam.SuperuserInput{Username: username, FullName: fullName, Password: password})
}

// EnsureRoles gives every tenant the built-in roles with this version's permissions.
func (a *App) EnsureRoles(ctx context.Context) error { return a.iam.EnsureRoles(ctx, a.config.Pool) }

// Backfill rebuilds, for every tenant, the events that rows prove to have happened and that are missing.
func (a *App) Backfill(ctx context.Context) (added int64, err error) {
	tenantIDs, err := tenants.Reader{}.All(system(ctx), a.config.Pool.Read(system(ctx)))
	if err != nil {
		return 0, err
	}
	var steps []events.BackfillStep
	for _, module := range []interface{ BackfillSteps() []events.BackfillStep }{a.encounters, a.tasks, a.clinicaldocs} {
		steps = append(steps, module.BackfillSteps()...)
	}
	return events.Backfill(ctx, a.config.Pool, tenantIDs, steps...)
}

// VerifyAudit recomputes a tenant's audit trail.
func (a *App) VerifyAudit(ctx context.Context, tenantCode string) (audit.Report, error) {
	tenantID, err := a.TenantByCode(ctx, tenantCode)
	if err != nil {
		return audit.Report{}, err
	}
	return audit.VerifyTenant(ctx, a.config.Pool, a.config.Secret, tenantID, nil)
}
