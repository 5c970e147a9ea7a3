package db_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
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

func TestDatesGoThereAndBack(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		for _, text := range []string{"2000-01-01", "1999-12-31", "1900-02-28", "0001-01-01", "2024-02-29", "9999-12-31"} {
			date, err := clock.ParseDate(text)
			if err != nil {
				t.Fatal(err)
			}
			var plain clock.Date
			var pointer, missing *clock.Date
			var seen string
			err = tx.QueryRow(ctx, `SELECT $1::date, $2::date, $3::date, $1::date::text`, date, &date, (*clock.Date)(nil)).Scan(&plain, &pointer, &missing, &seen)
			if err != nil || plain != date || *pointer != date || missing != nil || seen != text {
				t.Errorf("%s: got %v %v %v %q, %v", text, plain, pointer, missing, seen, err)
			}
		}
		var date clock.Date
		if err := tx.QueryRow(ctx, `SELECT 'infinity'::date`).Scan(&date); err == nil {
			t.Error("infinity became a day")
		}
	})
}

func TestTimesAreReadInUTC(t *testing.T) {
	t.Parallel()
	kolkata := time.FixedZone("", 5*3600+1800)
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		for _, at := range []time.Time{
			time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Date(2026, 3, 4, 5, 6, 7, 890_123_000, kolkata), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
		} {
			var plain time.Time
			var pointer, missing *time.Time
			err := tx.QueryRow(ctx, `SELECT $1::timestamptz, $1::timestamptz, NULL::timestamptz`, at).Scan(&plain, &pointer, &missing)
			if err != nil || !plain.Equal(at) || plain.Location() != time.UTC || !pointer.Equal(at) || pointer.Location() != time.UTC || missing != nil {
				t.Errorf("%v: got %v %v %v, %v", at, plain, pointer, missing, err)
			}
		}
		var at time.Time
		for _, sql := range []string{`SELECT 'infinity'::timestamptz`, `SELECT NULL::timestamptz`} {
			if err := tx.QueryRow(ctx, sql).Scan(&at); err == nil {
				t.Errorf("%s became a time", sql)
			}
		}
	})
}

func TestWhatMayBeNULLIsNil(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		there, object := new(string), json.RawMessage("before")
		gone, nothing := new(string), json.RawMessage("before")
		err := tx.QueryRow(ctx, `SELECT ''::text, NULL::text, '{"a":1}'::jsonb, NULL::jsonb`).Scan(&there, &gone, &object, &nothing)
		if err != nil || there == nil || *there != "" || gone != nil || string(object) != `{"a": 1}` || nothing != nil {
			t.Errorf("got %v %v %s %s, %v", there, gone, object, nothing, err)
		}
		var text string
		if err := tx.QueryRow(ctx, `SELECT NULL::text`).Scan(&text); err == nil {
			t.Error("NULL became a text")
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
