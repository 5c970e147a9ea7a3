package db_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
)

// everyKind is a row with a column of every kind that InsertRows writes.
type everyKind struct {
	TenantID     uuid.UUID
	SeenByID     *uuid.UUID
	FullName     string
	MrnSeries    *string
	Version      int32
	Places       *int64
	IsActive     bool
	DateOfBirth  *clock.Date
	Content      json.RawMessage
	Keys         []int64
	Missing      []string
	RecipientIds []uuid.UUID
	RequestHash  []byte
	CreatedAt    time.Time
	FinishedAt   *time.Time
	LeftToItself string
}

func TestRowsAreWrittenAsTheyAre(t *testing.T) {
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		_, err := tx.Exec(ctx, `CREATE TEMPORARY TABLE every_kind (tenant_id uuid, seen_by_id uuid, full_name text, mrn_series text, version integer,
			places bigint, is_active boolean, date_of_birth date, content jsonb, keys bigint[],
			missing text[], recipient_ids uuid[], request_hash bytea, created_at timestamptz,
			finished_at timestamptz, left_to_itself text DEFAULT 'its default') ON COMMIT DROP`)
		if err != nil {
			t.Fatal(err)
		}
		other, series, places, born, later := uuid.New(), "A{\"#,NULL", int64(1<<40), clock.Date{Year: 1980, Month: 2, Day: 29}, testkit.Epoch.Add(time.Hour)
		full := everyKind{
			TenantID: uuid.New(), SeenByID: &other, FullName: `लक्ष्मी "D'Souza", {x}`, MrnSeries: &series, Version: 3, Places: &places, IsActive: true,
			DateOfBirth: &born, Content: json.RawMessage(`{"a": [1, "two\\n"]}`), Keys: []int64{-5, 7, 9},
			Missing: []string{`a,"b`, "NULL", ""}, RecipientIds: []uuid.UUID{other, uuid.New()}, RequestHash: []byte{0, 1, 255},
			CreatedAt: testkit.Epoch, FinishedAt: &later, LeftToItself: "its default",
		}
		bare := everyKind{TenantID: uuid.New(), Content: json.RawMessage(`{}`), Keys: []int64{}, Missing: []string{}, RecipientIds: []uuid.UUID{}, CreatedAt: later, LeftToItself: "its default"}
		more := full
		more.TenantID, more.Keys, more.Missing, more.RecipientIds = uuid.New(), []int64{11}, []string{"K"}, []uuid.UUID{uuid.New()}
		rows := []everyKind{full, bare, more}
		if err := db.InsertRows(ctx, tx, "every_kind", rows, "left_to_itself"); err != nil {
			t.Fatal(err)
		}
		found, err := tx.Query(ctx, `SELECT * FROM every_kind ORDER BY ctid`)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pgx.CollectRows(found, pgx.RowToStructByPos[everyKind])
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, rows) {
			t.Errorf("got  %+v\nwant %+v", got, rows)
		}
	})
}

func TestRowsOfAnotherTenantAreRefused(t *testing.T) {
	type tenantRow struct {
		TenantID, UserID     uuid.UUID
		IsActive             bool
		Version              int32
		CreatedAt, UpdatedAt time.Time
	}
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		row := tenantRow{TenantID: uuid.New(), UserID: uuid.New(), CreatedAt: testkit.Epoch, UpdatedAt: testkit.Epoch}
		if err := db.InsertRows(ctx, tx, "iam.tenant_user", []tenantRow{row}); err == nil {
			t.Error("a row of another tenant was written")
		}
	})
}

func TestNoRowsIsNoStatement(t *testing.T) {
	if err := db.InsertRows[everyKind](context.Background(), nil, "every_kind", nil); err != nil {
		t.Error(err)
	}
}

func TestAKindThatCannotBeWrittenIsNamed(t *testing.T) {
	type odd struct{ Odd complex128 }
	if err := db.InsertRows(context.Background(), nil, "x.odd", []odd{{1}}); err == nil {
		t.Error("a complex number was taken for a column")
	}
}
