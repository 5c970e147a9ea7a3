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

// Past is an event that a row proves to have happened, such as an encounter that was imported with the time it closed.
type Past struct {
	Event Event
	// FacilityID in which it happened, and who did it; zero for the system itself.
	FacilityID, ActorID uuid.UUID
	At                  time.Time
}

// backfilled is a row of InsertMissing's parameter.
type backfilled struct {
	ID          uuid.UUID       `json:"id"`
	Name        string          `json:"name"`
	FacilityID  *uuid.UUID      `json:"facility_id"`
	Entity      string          `json:"entity"`
	EntityID    uuid.UUID       `json:"entity_id"`
	PatientID   *uuid.UUID      `json:"patient_id"`
	EncounterID *uuid.UUID      `json:"encounter_id"`
	ActorID     *uuid.UUID      `json:"actor_id"`
	OccurredAt  time.Time       `json:"occurred_at"`
	Payload     json.RawMessage `json:"payload"`
}

// What Publish wrote has the time of its row, so an event of the same name, thing and time is the same event. The
// derived id keeps two backfills at once from writing it twice. An encounter's events are found by an index; of others
// there are few to look for.
const insertMissing = `INSERT INTO events.event (tenant_id, id, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id, occurred_at, payload, origin)
	SELECT hm.tenant_id(), p.id, p.name, p.facility_id, p.entity, p.entity_id, p.patient_id, p.encounter_id, p.actor_id, p.occurred_at, p.payload, ''
	FROM jsonb_to_recordset($1::jsonb) AS p(id uuid, name text, facility_id uuid, entity text, entity_id uuid, patient_id uuid,
		encounter_id uuid, actor_id uuid, occurred_at timestamptz, payload jsonb)
	WHERE NOT EXISTS (SELECT FROM events.event e WHERE e.tenant_id = hm.tenant_id() AND e.encounter_id = p.encounter_id
			AND e.entity_id = p.entity_id AND e.occurred_at = p.occurred_at AND e.name = p.name)
		AND (p.encounter_id IS NOT NULL OR NOT EXISTS (SELECT FROM events.event e WHERE e.tenant_id = hm.tenant_id()
			AND e.entity_id = p.entity_id AND e.occurred_at = p.occurred_at AND e.name = p.name))
	ON CONFLICT DO NOTHING`

// InsertMissing writes those of the events that the table lacks, and tells how many. tx must see the whole tenant.
// Within subscribers do not run: their effects are rows, which are there already.
func (b *Bus) InsertMissing(ctx context.Context, tx db.Tx, past []Past) (int64, error) {
	if len(past) == 0 {
		return 0, nil
	}
	tenantID := tx.Scope().TenantID
	rows := make([]backfilled, len(past))
	for i, p := range past {
		name, keys := p.Event.EventName(), p.Event.EventKeys()
		if _, known := b.declared[name]; !known {
			return 0, fmt.Errorf("events: %s is not declared by its module", name)
		}
		payload, err := json.Marshal(p.Event)
		if err != nil {
			return 0, err
		}
		facilityID := id.Ptr(p.FacilityID)
		if keys.TenantLevel {
			facilityID = nil
		}
		rows[i] = backfilled{
			ID:   id.Derived("backfill", tenantID.String(), name, keys.EntityID.String(), p.At.UTC().Format(time.RFC3339Nano)),
			Name: name, FacilityID: facilityID, Entity: keys.Entity, EntityID: keys.EntityID, PatientID: id.Ptr(keys.PatientID),
			EncounterID: id.Ptr(keys.EncounterID), ActorID: id.Ptr(p.ActorID), OccurredAt: p.At.UTC(), Payload: payload,
		}
	}
	parameter, err := json.Marshal(rows)
	if err != nil {
		return 0, err
	}
	tag, err := tx.Exec(ctx, insertMissing, string(parameter))
	return tag.RowsAffected(), err
}

// BackfillStep writes the missing events of the next rows of one table after a row's id, and gives the id it came
// to; the zero id says that there are no more. Every module has one per table that events are made from.
type BackfillStep func(ctx context.Context, tx db.Tx, after uuid.UUID) (last uuid.UUID, added int64, err error)

// Backfill writes the missing events of the tenants, a batch to a transaction, and tells how many. Repeating it, or
// two at once, adds nothing.
func Backfill(ctx context.Context, pool *db.Pool, tenantIDs []uuid.UUID, steps ...BackfillStep) (added int64, err error) {
	for _, tenantID := range tenantIDs {
		ctx := db.WithScope(ctx, db.Tenant(tenantID))
		for _, step := range steps {
			for after, more := uuid.Nil, true; more; {
				err := pool.InTx(ctx, func(tx db.Tx) error {
					last, n, err := step(ctx, tx, after)
					after, added, more = last, added+n, last != uuid.Nil
					return err
				})
				if err != nil {
					return added, fmt.Errorf("tenant %s: %w", tenantID, err)
				}
			}
		}
	}
	return added, nil
}
