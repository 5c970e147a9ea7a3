package audit

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/canonical"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// appendLeaf writes the bytes that a record's leaf is the hash of: its whole row. The leaf's hash is SHA-256 of a zero
// byte and these, as RFC 6962 has it. As canonical fields (see package canonical), in this order, for an event:
// "hm/audit/event/v1", tenant_id, id, xid, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id,
// request_id, origin, occurred_at and the payload as PostgreSQL prints it; for an entry of what has no event:
// "hm/audit/entry/v1", tenant_id, id, xid, at, facility_id, actor_id, code, entity_type, entity_id, patient_id,
// patient_ids (16 bytes each, in order), encounter_id, outcome, request_id, origin, event_id, detail (its text as
// stored), event_hash. The last and the event's id are of entries that earlier versions made as copies of events. A
// change of these formats needs another version in its first field.
func appendLeaf(b *canonical.Bytes, r *auditdb.AuditRecord, eventHash []byte) {
	if r.EventName != nil {
		b.Text("hm/audit/event/v1")
		b.UUID(r.TenantID)
		b.UUID(r.ID)
		b.Uint64(r.Xid.Uint64)
		b.Text(*r.EventName)
		b.OptionalUUID(r.FacilityID)
		b.Text(r.EntityType)
		b.OptionalUUID(r.EntityID)
		b.OptionalUUID(r.PatientID)
		b.OptionalUUID(r.EncounterID)
		b.OptionalUUID(r.ActorID)
		b.Text(r.RequestID)
		b.Text(r.Origin)
		appendTime(b, r.At)
		b.Optional(r.Detail)
		return
	}
	b.Text("hm/audit/entry/v1")
	b.UUID(r.TenantID)
	b.UUID(r.ID)
	b.Uint64(r.Xid.Uint64)
	appendTime(b, r.At)
	b.OptionalUUID(r.FacilityID)
	b.OptionalUUID(r.ActorID)
	b.Text(r.Code)
	b.Text(r.EntityType)
	b.OptionalUUID(r.EntityID)
	b.OptionalUUID(r.PatientID)
	if r.PatientIds == nil {
		b.Optional(nil)
	} else {
		ids := make([]byte, 0, 16*len(r.PatientIds))
		for _, patientID := range r.PatientIds {
			ids = append(ids, patientID[:]...)
		}
		b.Raw(ids)
	}
	b.OptionalUUID(r.EncounterID)
	b.Text(r.Outcome)
	b.Text(r.RequestID)
	b.Text(r.Origin)
	b.OptionalUUID(r.EventID)
	b.Optional(r.Detail)
	b.Optional(eventHash)
}

// appendTime writes a time, and an absent field for one that is none, which nobody but a tamperer stores.
func appendTime(b *canonical.Bytes, at pgtype.Timestamptz) {
	if at.InfinityModifier != pgtype.Finite {
		b.Optional(nil)
		return
	}
	b.Time(at.Time)
}

// leafHasher hashes leaves one after the other in the same memory.
type leafHasher struct{ bytes canonical.Bytes }

func (h *leafHasher) hash(r *auditdb.AuditRecord, eventHash []byte) tlog.Hash {
	h.bytes = h.bytes[:0]
	appendLeaf(&h.bytes, r, eventHash)
	return tlog.RecordHash(h.bytes)
}

// copied tells whether a record is an entry that an earlier version made as a copy of an event.
func copied(r *auditdb.AuditRecord) bool { return r.EventName == nil && r.EventID != nil }

// copiedEvents gives the ids of the events behind copies.
func copiedEvents(records []auditdb.AuditRecord) []uuid.UUID {
	var ids []uuid.UUID
	for i := range records {
		if copied(&records[i]) {
			ids = append(ids, *records[i].EventID)
		}
	}
	return ids
}

// presentHash is the digest of the event behind a copy, as it is now; nil for every other record and a lost event.
func presentHash(r *auditdb.AuditRecord, digests map[uuid.UUID]events.Digest) []byte {
	if !copied(r) {
		return nil
	}
	if digest, found := digests[*r.EventID]; found {
		return digest[:]
	}
	return nil
}

// timeOf is a record's time for finding it; the zero time for one that is none.
func timeOf(r *auditdb.AuditRecord) time.Time {
	if r.At.InfinityModifier != pgtype.Finite {
		return time.Time{}
	}
	return r.At.Time
}
