package events

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
)

// LoadedRequest is the request of events that were loaded: history, which After subscribers are not told of. No
// request of a caller has it, since their ids have no blanks.
const LoadedRequest = "hm seed load"

// loadedRow is a row of events.event; the transaction is the database's to fill in.
type loadedRow struct {
	TenantID    uuid.UUID
	ID          uuid.UUID
	Name        string
	FacilityID  *uuid.UUID
	Entity      string
	EntityID    uuid.UUID
	PatientID   *uuid.UUID
	EncounterID *uuid.UUID
	ActorID     *uuid.UUID
	RequestID   string
	OccurredAt  time.Time
	Payload     json.RawMessage
	Origin      string
}

// Load writes events of things that are loaded in the same transaction, with ids of the source. No subscriber hears of
// them: what Within subscribers would do is loaded beside them, and After subscribers are for what happens now.
// They are in the audit trail, to be sealed like any other.
func (b *Bus) Load(ctx context.Context, tx db.Tx, ids *id.Source, past []Past) error {
	rows := make([]loadedRow, len(past))
	for i, p := range past {
		name, keys := p.Event.EventName(), p.Event.EventKeys()
		if _, known := b.declared[name]; !known {
			return fmt.Errorf("events: %s is not declared by its module", name)
		}
		payload, err := json.Marshal(p.Event)
		if err != nil {
			return err
		}
		facilityID := id.Ptr(p.FacilityID)
		if keys.TenantLevel {
			facilityID = nil
		}
		rows[i] = loadedRow{
			TenantID: tx.Scope().TenantID, ID: ids.At(p.At), Name: name, FacilityID: facilityID, Entity: keys.Entity, EntityID: keys.EntityID,
			PatientID: id.Ptr(keys.PatientID), EncounterID: id.Ptr(keys.EncounterID), ActorID: id.Ptr(p.ActorID), RequestID: LoadedRequest,
			OccurredAt: p.At, Payload: payload,
		}
	}
	return db.InsertRows(ctx, tx, "events.event", rows)
}

// skipBatch is how many events one step of SkipLoaded looks at.
const skipBatch = 20_000

// SkipLoaded moves the relay past the events that nobody is told of, up to the first that somebody is, which it leaves
// to a worker. After a load it saves the next worker from reading all of it. A worker that runs does the same itself.
func (b *Bus) SkipLoaded(ctx context.Context, pool *db.Pool) error {
	heard := make([]string, 0, len(b.after))
	for name := range b.after {
		heard = append(heard, name)
	}
	for more := true; more; {
		err := pool.InTx(db.WithScope(ctx, db.System()), func(tx db.Tx) error {
			var after, to Position
			var seen int
			more = false
			err := tx.QueryRow(ctx, `SELECT xid::text, id FROM events.relay FOR UPDATE SKIP LOCKED`).Scan(&after.XID, &after.ID)
			if db.IsNoRows(err) {
				return nil // a worker has it, and does this
			}
			if err != nil {
				return err
			}
			// The last event before the first that somebody is told of; the cursor stays when there is none.
			err = tx.QueryRow(ctx, `
				WITH seen AS MATERIALIZED (
					SELECT e.xid, e.id, e.request_id <> $4 AND e.name = ANY($5::text[]) AS told FROM events.tail($1::text::xid8, $2, $3) e
				), first AS (SELECT s.xid, s.id FROM seen s WHERE s.told ORDER BY s.xid, s.id LIMIT 1)
				SELECT l.xid::text, l.id, count(*) OVER () FROM seen l
				WHERE NOT EXISTS (SELECT FROM first f WHERE (l.xid, l.id) >= (f.xid, f.id))
				ORDER BY l.xid DESC, l.id DESC LIMIT 1`, after.XID, after.ID, skipBatch, LoadedRequest, heard).Scan(&to.XID, &to.ID, &seen)
			if db.IsNoRows(err) {
				return nil
			}
			if err != nil {
				return err
			}
			more = seen == skipBatch
			_, err = tx.Exec(ctx, `UPDATE events.relay SET xid = $1::text::xid8, id = $2`, to.XID, to.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
