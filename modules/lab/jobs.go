package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// overdueEvery is how often the laboratory looks for tests that are past their time: a STAT test is due within the hour.
const overdueEvery = time.Minute

// mostOverdue of one tenant are told of at a time; the rest the next.
const mostOverdue = 500

func (m *Module) schedule() {
	m.deps.Bus.Periodic("lab.tell_overdue", overdueEvery, m.TellOverdue)
}

// TellOverdue tells of every test that is past its time and not released: once for each. One that fails holds up no other,
// and is tried again the next time; the error joins them.
func (m *Module) TellOverdue(ctx context.Context, pool *db.Pool) error {
	tenantIDs, err := m.deps.Tenants.All(ctx, pool.Read(db.WithScope(ctx, db.System())))
	if err != nil {
		return err
	}
	var faults error
	for _, tenantID := range tenantIDs {
		faults = errors.Join(faults, m.tellOverdueOf(ctx, pool, tenantID))
	}
	return faults
}

func (m *Module) tellOverdueOf(ctx context.Context, pool *db.Pool, tenantID uuid.UUID) error {
	now := pool.Clock().Now()
	rows, err := labdb.New(pool.Read(db.WithScope(ctx, db.Tenant(tenantID)))).OverdueRequests(ctx,
		labdb.OverdueRequestsParams{TenantID: tenantID, Now: &now, MaxRows: mostOverdue})
	if err != nil {
		return err
	}
	var faults error
	for _, row := range rows {
		scope := db.Scope{TenantID: tenantID, FacilityID: row.FacilityID}
		ctx := db.WithScope(ctx, scope)
		// Each in a transaction of its own: a list of many must not hold many encounters.
		err := pool.InTx(ctx, func(tx db.Tx) error {
			if _, err := m.deps.Encounters.Lock(ctx, tx, row.EncounterID); err != nil {
				return err
			}
			now := tx.Now()
			r, err := labdb.New(tx).TellOverdue(ctx, labdb.TellOverdueParams{TenantID: tenantID, FacilityID: row.FacilityID, OrderItemID: row.OrderItemID, Now: &now})
			if db.IsNoRows(err) {
				return nil // released, cancelled or told of meanwhile
			}
			if err != nil {
				return err
			}
			return m.deps.Bus.Publish(ctx, tx, labapi.TestOverdue{EncounterID: r.EncounterID, PatientID: r.PatientID,
				ItemRef: seen{r}.refs()[0], Priority: r.Priority, OrderedByID: r.OrderedByID})
		})
		if err != nil {
			faults = errors.Join(faults, fmt.Errorf("test %s: %w", row.OrderItemID, err))
		}
	}
	return faults
}
