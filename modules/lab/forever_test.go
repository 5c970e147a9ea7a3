package lab_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// What a result says, nobody changes: not the application, and not whoever has the database's password and means well.
func TestAResultNeverChanges(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	var entered, verified, released labapi.Result
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		released = b.released(ctx, t, tx, "POTASSIUM", "K", 4)
		verified = b.verify(ctx, t, tx, b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4).ID)
		entered = b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4)
	})
	conn, err := pgx.Connect(ctx, d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	const verify = `UPDATE lab.result SET status = 'VERIFIED', verified_at = now()`
	for _, c := range []struct {
		sql string
		id  uuid.UUID
	}{
		{`UPDATE lab.value SET shown = '{"code": "K", "value": 9}' WHERE result_id = $1`, released.ID},
		{`DELETE FROM lab.value WHERE result_id = $1`, released.ID},
		{`DELETE FROM lab.result WHERE id = $1`, released.ID},
		{`UPDATE lab.result SET comment = 'changed' WHERE id = $1`, entered.ID},
		{`UPDATE lab.result SET released_by_id = gen_random_uuid() WHERE id = $1`, released.ID},
		{`UPDATE lab.result SET verified_by_id = gen_random_uuid() WHERE id = $1`, verified.ID},
		{`UPDATE lab.result SET status = 'ENTERED', verified_at = NULL WHERE id = $1`, verified.ID},
		{`UPDATE lab.result SET status = 'RELEASED', verified_at = now(), released_at = now() WHERE id = $1`, entered.ID},
		{`UPDATE lab.result SET status = 'RELEASED', released_at = now(), verified_by_id = gen_random_uuid() WHERE id = $1`, verified.ID},
		{verify + `, is_critical = true WHERE id = $1`, entered.ID},
		{`DELETE FROM lab.sample WHERE id = $1`, released.SampleID},
		{`DELETE FROM lab.sample_item WHERE sample_id = $1`, released.SampleID},
	} {
		_, err := conn.Exec(ctx, c.sql, c.id)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "23001" {
			t.Errorf("%s: %v", c.sql, err)
		}
	}
	if _, err := conn.Exec(ctx, verify+` WHERE id = $1`, entered.ID); err != nil {
		t.Errorf("being verified once is no change: %v", err)
	}
}
