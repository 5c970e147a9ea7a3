package iam

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/audit/auditapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// Sessions are kept for a week after their end, for whoever looks into a theft.
const sessionsKept = 7 * 24 * time.Hour

func (m *Module) schedule() {
	m.bus.Periodic("iam.clean", time.Hour, m.Clean)
	m.bus.Loop("iam.audit_refused_sign_ins", 2*time.Second, m.AuditRefusedSignIns)
}

// Clean removes what is over: old sessions with their tokens, forgotten failures, invalidations every node has heard.
func (m *Module) Clean(ctx context.Context, pool *db.Pool) error {
	return pool.InTx(db.WithScope(ctx, db.System()), func(tx db.Tx) error {
		queries := iamdb.New(tx)
		if err := queries.DeleteOldSessions(ctx, tx.Now().Add(-sessionsKept)); err != nil {
			return err
		}
		if err := queries.DeleteOldThrottles(ctx, tx.Now().Add(-24*time.Hour)); err != nil {
			return err
		}
		return queries.DeleteOldInvalidations(ctx)
	})
}

// AuditRefusedSignIns brings failures to sign in into the audit trails of the tenants they concern, and those at names
// that nobody has into the installation's own. It is done here and not when they happen, so that a known name takes
// no longer to refuse than an unknown one.
func (m *Module) AuditRefusedSignIns(ctx context.Context, pool *db.Pool) (more bool, err error) {
	ctx = db.WithScope(ctx, db.System())
	err = pool.InTx(ctx, func(tx db.Tx) error {
		rows, err := iamdb.New(tx).TakeRefusedSignIns(ctx)
		if err != nil {
			return err
		}
		more = len(rows) == 100
		for _, row := range rows {
			if err := m.auditRefused(ctx, tx, row); err != nil {
				return err
			}
		}
		return nil
	})
	return more, err
}

// auditRefused names no actor: as whom somebody tried is known, not who it was.
func (m *Module) auditRefused(ctx context.Context, tx db.Tx, row iamdb.IamRefusedSignIn) error {
	entry := auditapi.Entry{
		Code: auditapi.SignInFailed, Outcome: auditapi.Failed, EntityType: "user", TenantLevel: true,
		Detail: map[string]any{"reason": row.Reason, "address": row.Address, "at": row.RefusedAt},
	}
	var tenantIDs []uuid.UUID
	if row.UserID != nil {
		entry.EntityID = *row.UserID
		var err error
		if tenantIDs, err = iamdb.New(tx).AllTenants(ctx, *row.UserID); err != nil {
			return err
		}
	}
	if len(tenantIDs) == 0 {
		return m.audit.Record(ctx, tx, entry)
	}
	for _, tenantID := range tenantIDs {
		err := tx.Nested(ctx, db.Tenant(tenantID), func(tx db.Tx) error { return m.audit.Record(ctx, tx, entry) })
		if err != nil {
			return err
		}
	}
	return nil
}
