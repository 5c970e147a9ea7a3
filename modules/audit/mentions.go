package audit

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// placeSubject is under what the records of a facility are found all together. Not the facility's own id, under which
// those about the facility itself are: of another version, it is nobody's id.
func placeSubject(facilityID *uuid.UUID) uuid.UUID {
	if facilityID == nil || *facilityID == uuid.Nil {
		return uuid.Nil
	}
	subject := *facilityID
	subject[6] = subject[6]&0x0f | 0x80
	return subject
}

// mention is a row of audit.mention, of one tenant.
type mention struct {
	subject, record uuid.UUID
	at              time.Time
}

// mentionsOf gives what records can be found by, in the order of the table's key: neighbours land on the same page. A list
// has a mention for each of its patients, so there are many to sort: by a subject in two numbers, and by the place of the
// record in time, which is found for each record once.
func mentionsOf(records []*auditdb.AuditRecord) []mention {
	type key struct {
		high, low uint64 // the subject
		place     int
	}
	inTime, count := slices.Clone(records), 0
	slices.SortFunc(inTime, func(a, b *auditdb.AuditRecord) int {
		return cmp.Or(timeOf(a).Compare(timeOf(b)), bytes.Compare(a.ID[:], b.ID[:]))
	})
	for _, r := range records {
		count += 4 + len(r.PatientIds)
	}
	keys := make([]key, 0, count)
	for place, r := range inTime {
		add := func(subject uuid.UUID) {
			keys = append(keys, key{binary.BigEndian.Uint64(subject[:8]), binary.BigEndian.Uint64(subject[8:]), place})
		}
		add(placeSubject(r.FacilityID))
		for _, subject := range []*uuid.UUID{r.ActorID, r.EntityID, r.PatientID} {
			if subject != nil {
				add(*subject)
			}
		}
		for _, patientID := range r.PatientIds {
			add(patientID)
		}
	}
	slices.SortFunc(keys, func(a, b key) int {
		if a.high != b.high {
			return cmp.Compare(a.high, b.high)
		}
		if a.low != b.low {
			return cmp.Compare(a.low, b.low)
		}
		return a.place - b.place
	})
	keys = slices.Compact(keys) // who is mentioned twice in a record is found by it once
	mentions := make([]mention, len(keys))
	for i, k := range keys {
		m := &mentions[i]
		binary.BigEndian.PutUint64(m.subject[:8], k.high)
		binary.BigEndian.PutUint64(m.subject[8:], k.low)
		m.record, m.at = inTime[k.place].ID, timeOf(inTime[k.place])
	}
	return mentions
}

// columnsOf turns mentions into a statement's parameters.
func columnsOf(mentions []mention) (subjects []uuid.UUID, times []time.Time, records []uuid.UUID) {
	subjects, times, records = make([]uuid.UUID, len(mentions)), make([]time.Time, len(mentions)), make([]uuid.UUID, len(mentions))
	for i, m := range mentions {
		subjects[i], times[i], records[i] = m.subject, m.at, m.record
	}
	return subjects, times, records
}
