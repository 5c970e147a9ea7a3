package limit

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Rows is what some transactions left in a table.
type Rows struct {
	Count int
	Bytes int // of the rows themselves, without their index entries
}

// Footprint is what some transactions left, by table.
type Footprint map[string]Rows

// Position is a moment in the order of transactions.
type Position uint64

// Now gives the position behind every transaction that has an id.
func (b *Bench) Now(ctx context.Context) (at Position, err error) {
	err = b.owner.QueryRow(ctx, `SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint`).Scan(&at)
	return at, err
}

// FootprintSince gives what those transactions behind a position left that wrote the script's event; they must be so
// many. Work in the background, such as sealing, is in other transactions and does not count.
func (b *Bench) FootprintSince(ctx context.Context, s Script, since Position, count int) (Footprint, error) {
	var xids []string
	// A row carries the lower half of its transaction's id.
	err := b.owner.QueryRow(ctx, `SELECT coalesce(array_agg(DISTINCT (xid::text::numeric % 4294967296)::text), '{}') FROM events.event WHERE name = $1 AND xid >= $2::text::xid8`,
		s.Event, fmt.Sprint(since)).Scan(&xids)
	if err != nil {
		return nil, err
	}
	if len(xids) != count {
		return nil, fmt.Errorf("limit: %d transactions wrote %s, not %d", len(xids), s.Event, count)
	}
	rows, err := b.owner.Query(ctx, `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'bench') AND n.nspname NOT LIKE 'pg\_%' ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	left := Footprint{}
	for _, table := range tables {
		var r Rows
		err := b.owner.QueryRow(ctx, `SELECT count(*), coalesce(sum(pg_column_size(t.*)), 0) FROM `+table+` t WHERE t.xmin = ANY ($1::text[]::xid[])`, xids).Scan(&r.Count, &r.Bytes)
		if err != nil {
			return nil, err
		}
		if r.Count > 0 {
			left[table] = r
		}
	}
	return left, nil
}

// sizeTolerance is by how much, in parts of a hundred, rows may differ in size: names and numbers differ in length.
const sizeTolerance = 25

// Differences tells in which tables the limit's transaction left something else than HM's.
func Differences(hm, limit Footprint) (differences []string) {
	tables := map[string]bool{}
	for table := range hm {
		tables[table] = true
	}
	for table := range limit {
		tables[table] = true
	}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		ours, theirs := hm[table], limit[table]
		apart := ours.Bytes - theirs.Bytes
		switch {
		case ours.Count != theirs.Count:
			differences = append(differences, fmt.Sprintf("%s: HM writes %d rows, the limit %d", table, ours.Count, theirs.Count))
		case max(apart, -apart)*100 > max(ours.Bytes, theirs.Bytes)*sizeTolerance:
			differences = append(differences, fmt.Sprintf("%s: HM writes %d bytes, the limit %d", table, ours.Bytes, theirs.Bytes))
		}
	}
	return differences
}
