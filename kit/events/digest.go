package events

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/canonical"
	"hmsoftware.com/hm/kit/db"
)

// Digest is the SHA-256 of a whole event row: "hm/event/v1" and then, as canonical fields, tenant_id, id, xid, name,
// facility_id, entity, entity_id, patient_id, encounter_id, actor_id, request_id, occurred_at and the payload as
// PostgreSQL prints it; and the origin, which only a tamperer gave such an event.
type Digest [sha256.Size]byte

// Digests gives the digests of the events as they stand, by id. One that is gone is absent. With them the audit trail
// finds changes of events of which earlier versions sealed a copy.
func Digests(ctx context.Context, q db.DBTX, tenantID uuid.UUID, eventIDs []uuid.UUID) (map[uuid.UUID]Digest, error) {
	digests := make(map[uuid.UUID]Digest, len(eventIDs))
	if len(eventIDs) == 0 {
		return digests, nil
	}
	rows, err := q.Query(ctx, `SELECT id, xid, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id, request_id,
			CASE WHEN isfinite(occurred_at) THEN occurred_at END, payload::text, origin
		FROM events.event WHERE tenant_id = $1 AND id = ANY($2)`, tenantID, eventIDs)
	if err != nil {
		return nil, err
	}
	var bytes canonical.Bytes
	var r Recorded
	var xid uint64
	var facility, patient, encounter, actor *uuid.UUID
	var occurred *time.Time // none for a time that is not one, which nobody but a tamperer writes
	var payload string
	var origin *string
	_, err = pgx.ForEachRow(rows, []any{&r.ID, &xid, &r.Name, &facility, &r.Keys.Entity, &r.Keys.EntityID, &patient, &encounter, &actor,
		&r.RequestID, &occurred, &payload, &origin}, func() error {
		bytes = bytes[:0]
		bytes.Text("hm/event/v1")
		bytes.UUID(tenantID)
		bytes.UUID(r.ID)
		bytes.Uint64(xid)
		bytes.Text(r.Name)
		bytes.OptionalUUID(facility)
		bytes.Text(r.Keys.Entity)
		bytes.UUID(r.Keys.EntityID)
		bytes.OptionalUUID(patient)
		bytes.OptionalUUID(encounter)
		bytes.OptionalUUID(actor)
		bytes.Text(r.RequestID)
		if occurred == nil {
			bytes.Optional(nil)
		} else {
			bytes.Time(*occurred)
		}
		bytes.Text(payload)
		if origin != nil {
			bytes.Text(*origin)
		}
		digests[r.ID] = sha256.Sum256(bytes)
		return nil
	})
	return digests, err
}

// Payloads gives the payloads of events by id, as far as the scope of q may see them.
func Payloads(ctx context.Context, q db.DBTX, tenantID uuid.UUID, eventIDs []uuid.UUID) (map[uuid.UUID]json.RawMessage, error) {
	payloads := make(map[uuid.UUID]json.RawMessage, len(eventIDs))
	if len(eventIDs) == 0 {
		return payloads, nil
	}
	rows, err := q.Query(ctx, `SELECT id, payload FROM events.event WHERE tenant_id = $1 AND id = ANY($2)`, tenantID, eventIDs)
	if err != nil {
		return nil, err
	}
	var eventID uuid.UUID
	var payload json.RawMessage
	_, err = pgx.ForEachRow(rows, []any{&eventID, &payload}, func() error {
		payloads[eventID] = payload
		payload = nil
		return nil
	})
	return payloads, err
}
