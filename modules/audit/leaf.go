package audit

import (
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"hmsoftware.com/hm/kit/canonical"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// appendLeaf writes the bytes that an entry's leaf is the hash of: its whole row, and the hash of the event behind it.
// As canonical fields (see package canonical), in this order: "hm/audit/entry/v1", tenant_id, id, xid, at, facility_id,
// actor_id, code, entity_type, entity_id, patient_id, patient_ids (16 bytes each, in order), encounter_id, outcome,
// request_id, origin, event_id, detail (its text as stored), event_hash. The leaf's hash is SHA-256 of a zero byte and
// these, as RFC 6962 has it. A change of this format needs another version in its first field.
func appendLeaf(b *canonical.Bytes, e *auditdb.AuditEntry, eventHash []byte) {
	b.Text("hm/audit/entry/v1")
	b.UUID(e.TenantID)
	b.UUID(e.ID)
	b.Uint64(e.Xid.Uint64)
	b.Time(e.At)
	b.OptionalUUID(e.FacilityID)
	b.OptionalUUID(e.ActorID)
	b.Text(e.Code)
	b.Text(e.EntityType)
	b.OptionalUUID(e.EntityID)
	b.OptionalUUID(e.PatientID)
	if e.PatientIds == nil {
		b.Optional(nil)
	} else {
		ids := make([]byte, 0, 16*len(e.PatientIds))
		for _, patientID := range e.PatientIds {
			ids = append(ids, patientID[:]...)
		}
		b.Raw(ids)
	}
	b.OptionalUUID(e.EncounterID)
	b.Text(e.Outcome)
	b.Text(e.RequestID)
	b.Text(e.Origin)
	b.OptionalUUID(e.EventID)
	b.Optional(e.Detail)
	b.Optional(eventHash)
}

// leafHasher hashes leaves one after the other in the same memory.
type leafHasher struct{ bytes canonical.Bytes }

func (h *leafHasher) hash(e *auditdb.AuditEntry, eventHash []byte) tlog.Hash {
	h.bytes = h.bytes[:0]
	appendLeaf(&h.bytes, e, eventHash)
	return tlog.RecordHash(h.bytes)
}

// eventIDs gives the ids of the events behind entries.
func eventIDs(entries []auditdb.AuditEntry) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(entries))
	for i := range entries {
		if entries[i].EventID != nil {
			ids = append(ids, *entries[i].EventID)
		}
	}
	return ids
}
