package iam

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// Sessions are kept for a week after their end, for whoever looks into a theft.
const sessionsKept = 7 * 24 * time.Hour

// Schedule adds the module's periodic and continuous work.
func (m *Module) Schedule() {
	m.bus.Periodic("iam.clean", time.Hour, m.Clean)
	m.bus.Loop("iam.tell_refused_sign_ins", 2*time.Second, m.TellRefusedSignIns)
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

// TellRefusedSignIns brings failures to sign in into the audit trails of the tenants they concern. It is done here and
// not when they happen, so that a known name takes no longer to refuse than an unknown one.
func (m *Module) TellRefusedSignIns(ctx context.Context, pool *db.Pool) (more bool, err error) {
	ctx = db.WithScope(ctx, db.System())
	err = pool.InTx(ctx, func(tx db.Tx) error {
		queries := iamdb.New(tx)
		rows, err := queries.TakeRefusedSignIns(ctx)
		if err != nil {
			return err
		}
		more = len(rows) == 100
		for _, row := range rows {
			if row.UserID == nil {
				continue
			}
			tenantIDs, err := queries.AllTenants(ctx, *row.UserID)
			if err != nil {
				return err
			}
			e := iamapi.SignInRefused{UserID: *row.UserID, Reason: row.Reason, Address: row.Address, At: row.RefusedAt}
			// Who it was is not known: only as whom.
			if err := m.tell(ctx, tx, tenantIDs, uuid.Nil, e); err != nil {
				return err
			}
		}
		return nil
	})
	return more, err
}
