package events

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
)

// Position is a place in the order in which events became visible: transaction, then id. Text "xid.id".
type Position struct {
	XID string // xid8 as text: it does not fit a signed integer
	ID  uuid.UUID
}

func (p Position) String() string { return p.XID + "." + p.ID.String() }

// ParsePosition reads what String wrote.
func ParsePosition(text string) (Position, error) {
	xid, rest, _ := strings.Cut(text, ".")
	parsed, err := uuid.Parse(rest)
	if err != nil || xid == "" || strings.Trim(xid, "0123456789") != "" || len(xid) > 19 {
		return Position{}, fmt.Errorf("events: %q is not a position", text)
	}
	return Position{XID: xid, ID: parsed}, nil
}

type tailed struct {
	Recorded
	at Position
}

// columns of an event in the order scan reads them.
const columns = `tenant_id, id, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id, request_id, occurred_at, payload`

func scan(row pgx.CollectableRow, before ...any) (Recorded, error) {
	var r Recorded
	var facility, patient, encounter, actor *uuid.UUID
	err := row.Scan(append(before, &r.TenantID, &r.ID, &r.Name, &facility, &r.Keys.Entity, &r.Keys.EntityID, &patient, &encounter, &actor,
		&r.RequestID, &r.OccurredAt, &r.Payload)...)
	r.FacilityID, r.Keys.PatientID, r.Keys.EncounterID, r.ActorID = value(facility), value(patient), value(encounter), value(actor)
	return r, err
}

// readTail gives up to limit events of all tenants after a position, in order, none ever skipped.
func readTail(ctx context.Context, q db.DBTX, after Position, limit int) ([]tailed, error) {
	rows, err := q.Query(ctx, `SELECT xid::text, `+columns+` FROM events.tail($1::text::xid8, $2, $3)`, after.XID, after.ID, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t tailed, err error) {
		t.Recorded, err = scan(row, &t.at.XID)
		t.at.ID = t.ID
		return t, err
	})
}

func value(u *uuid.UUID) uuid.UUID {
	if u == nil {
		return uuid.Nil
	}
	return *u
}

// ErrRestoredBehind: the cluster counts transactions from below those in its own rows, as one does into which a dump was
// restored. Nothing new would be told to anybody, nor sealed, until the counter has caught up years later.
var ErrRestoredBehind = errors.New("this database was restored from a dump into a cluster that counts transactions anew; raise its counter first with pg_resetwal -x, see docs/operators.md")

// CheckOrder refuses a database in which what happens now would not come after what happened before. Call it before
// anything is written.
func CheckOrder(ctx context.Context, pool *db.Pool) error {
	var behind bool
	err := pool.Read(db.WithScope(ctx, db.System())).QueryRow(ctx,
		`SELECT EXISTS (SELECT FROM events.relay WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))`).Scan(&behind)
	if err == nil && behind {
		err = ErrRestoredBehind
	}
	return err
}

// endOfTail is the position behind everything that is visible now.
func endOfTail(ctx context.Context, q db.DBTX) (Position, error) {
	p := Position{ID: uuid.Max}
	// One below xmin: a transaction at xmin itself may still commit.
	err := q.QueryRow(ctx, `SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text`).Scan(&p.XID)
	return p, err
}
