package apptest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Checksums are the number of rows and a hash of their whole content, by table.
type Checksums map[string]string

// OfFacility ends the names of sums that are of one facility's rows.
const OfFacility = " (of the facility)"

// Differences names the tables in which two checksums differ.
func (before Checksums) Differences(after Checksums) []string {
	var tables []string
	for _, table := range slices.Sorted(maps.Keys(before)) {
		if before[table] != after[table] {
			tables = append(tables, fmt.Sprintf("%s: %s, then %s", table, before[table], after[table]))
		}
	}
	return tables
}

// tenantTables finds every table with rows of tenants and how they are a tenant's, or its people's.
const tenantTables = `
	SELECT c.oid::regclass::text, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'facility_id' AND NOT a.attisdropped),
		CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) THEN 'x.tenant_id = $1'
			WHEN c.oid = 'iam.user_account'::regclass THEN 'x.id IN (SELECT user_id FROM iam.tenant_user WHERE tenant_id = $1)'
			WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attisdropped)
				AND c.relname <> 'refused_sign_in' THEN 'x.user_id IN (SELECT user_id FROM iam.tenant_user WHERE tenant_id = $1)'
			WHEN c.oid = 'tenants.tenant'::regclass THEN 'x.id = $1'
		END
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')`

// TenantRows gives the checksums of all the rows of a tenant, past row-level security: of every table with a
// tenant_id, and of the accounts and sessions of its people. With a facility its rows are also summed on their own.
// It waits until nothing is under way any more: entries of the audit trail are written and sealed beside requests.
func (h *House) TenantRows(t testing.TB, tenantID, facilityID uuid.UUID) Checksums {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, h.DB.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	last, err := checksums(ctx, conn, tenantID, facilityID)
	for range 40 {
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond)
		var next Checksums
		if next, err = checksums(ctx, conn, tenantID, facilityID); err == nil && maps.Equal(last, next) {
			return next
		}
		last = next
	}
	t.Fatal("the rows never came to rest")
	return nil
}

func checksums(ctx context.Context, conn *pgx.Conn, tenantID, facilityID uuid.UUID) (Checksums, error) {
	rows, err := conn.Query(ctx, tenantTables)
	if err != nil {
		return nil, err
	}
	type table struct {
		name       string
		byFacility bool
		condition  *string
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (one table, err error) {
		return one, row.Scan(&one.name, &one.byFacility, &one.condition)
	})
	if err != nil {
		return nil, err
	}
	sums := Checksums{}
	for _, one := range tables {
		if one.condition == nil {
			continue
		}
		statement := "SELECT count(*) || ' rows ' || coalesce(md5(string_agg(x::text, E'\\n' ORDER BY x::text)), '') FROM " + one.name + " x WHERE " + *one.condition
		var sum string
		if err := conn.QueryRow(ctx, statement, tenantID).Scan(&sum); err != nil {
			return nil, fmt.Errorf("%s: %w", one.name, err)
		}
		sums[one.name] = sum
		if facilityID == uuid.Nil || !one.byFacility {
			continue
		}
		if err := conn.QueryRow(ctx, statement+" AND x.facility_id = $2", tenantID, facilityID).Scan(&sum); err != nil {
			return nil, fmt.Errorf("%s: %w", one.name, err)
		}
		sums[one.name+OfFacility] = sum
	}
	return sums, nil
}

// Owner is whose a row is.
type Owner struct {
	Table    string
	TenantID uuid.UUID
	// FacilityID is nil for what is the tenant's as a whole.
	FacilityID uuid.UUID
	// Guarded rows are hidden from other facilities by row-level security.
	Guarded bool
}

// Owners tells of every id in the database whose it is, from the rows themselves. One id may be in several tables,
// and a user in several facilities.
func (h *House) Owners(t testing.TB) map[string][]Owner {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, h.DB.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `
		SELECT c.oid::regclass::text, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'facility_id' AND NOT a.attisdropped),
			EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND pg_get_expr(p.polqual, p.polrelid) LIKE '%app.facility_id%'), t.attname
		FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped
		WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
			AND t.atttypid = 'uuid'::regtype AND (t.attname = 'id' OR t.attname = 'user_id' AND c.relname IN ('membership', 'tenant_user'))`)
	if err != nil {
		t.Fatal(err)
	}
	type column struct {
		table, name         string
		byFacility, guarded bool
	}
	columns, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (one column, err error) {
		return one, row.Scan(&one.table, &one.byFacility, &one.guarded, &one.name)
	})
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string][]Owner{}
	for _, one := range columns {
		facility := "NULL::uuid"
		switch {
		case one.table == "facilities.facility":
			facility = "id"
		case one.byFacility:
			facility = "facility_id"
		}
		found, err := conn.Query(ctx, strings.Join([]string{"SELECT DISTINCT", one.name + ",", "tenant_id,", facility, "FROM", one.table}, " "))
		if err != nil {
			t.Fatal(err)
		}
		for found.Next() {
			var id uuid.UUID
			var facilityID *uuid.UUID
			owner := Owner{Table: one.table, Guarded: one.guarded}
			if err := found.Scan(&id, &owner.TenantID, &facilityID); err != nil {
				t.Fatal(err)
			}
			if facilityID != nil {
				owner.FacilityID = *facilityID
			}
			owners[id.String()] = append(owners[id.String()], owner)
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return owners
}
