package tasks_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
)

// Not by plain SQL of the application's own login either.
func TestATaskThatIsOverNeverChanges(t *testing.T) {
	t.Parallel()
	const cancelled = `status = 'CANCELLED', cancelled_at = now()`
	const reopened = `status = 'OPEN', started_at = NULL, completed_at = NULL, cancelled_at = NULL`
	for name, c := range map[string]struct {
		before, set string
		refused     bool
	}{
		"a cancelled one opens anew":           {cancelled, reopened, false}, // as when a rule asks for it again
		"a cancelled one is begun":             {cancelled, `status = 'IN_PROGRESS', started_at = now(), cancelled_at = NULL`, true},
		"a cancelled one is done":              {cancelled, `status = 'DONE', started_at = now(), completed_at = now(), cancelled_at = NULL`, true},
		"a cancelled one hears of the end":     {cancelled, `encounter_over = true`, false},
		"one of an encounter that is over":     {`encounter_over = true`, `status = 'IN_PROGRESS', started_at = now()`, true},
		"of an encounter that is over no more": {`encounter_over = true`, `encounter_over = false`, true},
		"an open one is begun":                 {`title = title`, `status = 'IN_PROGRESS', started_at = now()`, false},
		"a done one is reopened, as it may be": {`status = 'DONE', started_at = now(), completed_at = now()`, `status = 'IN_PROGRESS', completed_at = NULL`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				task := h.create(ctx, t, tx, e.ID, "x")
				if _, err := tx.Exec(ctx, `UPDATE tasks.task SET `+c.before+` WHERE id = $1`, task.ID); err != nil {
					t.Fatal(err)
				}
				_, err := tx.Exec(ctx, `UPDATE tasks.task SET `+c.set+` WHERE id = $1`, task.ID)
				refused := (*pgconn.PgError)(nil)
				if c.refused != (errors.As(err, &refused) && refused.Code == "23001") || !c.refused && err != nil {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}
