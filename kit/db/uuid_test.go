package db_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
)

func TestUUIDsGoThereAndBack(t *testing.T) {
	t.Parallel()
	one, other := uuid.New(), uuid.New()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		var plain uuid.UUID
		var pointer, missing *uuid.UUID
		var several, none []uuid.UUID
		var text string
		err := tx.QueryRow(ctx, `SELECT $1::uuid, $2::uuid, $3::uuid, $4::uuid[], $5::uuid[], $1::uuid::text`,
			one, &other, (*uuid.UUID)(nil), []uuid.UUID{one, other}, []uuid.UUID(nil)).Scan(&plain, &pointer, &missing, &several, &none, &text)
		if err != nil {
			t.Fatal(err)
		}
		if plain != one || *pointer != other || missing != nil || !slices.Equal(several, []uuid.UUID{one, other}) || none != nil || text != one.String() {
			t.Errorf("got %v %v %v %v %v %v", plain, pointer, missing, several, none, text)
		}
		if err := tx.QueryRow(ctx, `SELECT NULL::uuid`).Scan(&plain); err == nil {
			t.Error("NULL became a UUID")
		}
	})
}

func BenchmarkUUIDParameters(b *testing.B) {
	testkit.InTx(b, func(ctx context.Context, tx db.Tx) {
		ids := make([]uuid.UUID, 1000)
		for b.Loop() {
			if _, err := tx.Exec(ctx, `SELECT $1::uuid[]`, ids); err != nil {
				b.Fatal(err)
			}
		}
	})
}
