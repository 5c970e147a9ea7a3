package encounterstest

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

// SetStatus moves an encounter of tx's scope to any status, with the moments it needs and without any event.
func SetStatus(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID, status encountersapi.Status) {
	t.Helper()
	tag, err := tx.Exec(ctx, `
		UPDATE encounters.encounter SET status = $3, updated_at = $4,
			checked_in_at = CASE WHEN $3 IN ('CHECKED_IN', 'IN_CONSULT', 'CLOSED') THEN $4::timestamptz END,
			consult_started_at = CASE WHEN $3 IN ('IN_CONSULT', 'CLOSED') THEN $4::timestamptz END,
			closed_at = CASE WHEN $3 = 'CLOSED' THEN $4::timestamptz END,
			cancelled_at = CASE WHEN $3 = 'CANCELLED' THEN $4::timestamptz END,
			cancel_reason = CASE WHEN $3 = 'CANCELLED' THEN 'For a test' END
		WHERE tenant_id = $1 AND id = $2`, tx.Scope().TenantID, encounterID, string(status), tx.Now())
	if err != nil || tag.RowsAffected() != 1 {
		t.Fatalf("encounterstest: %s changed %d rows: %v", status, tag.RowsAffected(), err)
	}
}
