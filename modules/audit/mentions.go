package audit

import (
	"bytes"
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

// mentionsOf gives what records can be found by, in the order of the table's key: neighbours land on the same page.
func mentionsOf(records []*auditdb.AuditRecord) []mention {
	mentions := make([]mention, 0, 4*len(records))
	for _, r := range records {
		first, at := len(mentions), timeOf(r)
		add := func(subject uuid.UUID) {
			for _, m := range mentions[first:] {
				if m.subject == subject {
					return
				}
			}
			mentions = append(mentions, mention{subject, r.ID, at})
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
	slices.SortFunc(mentions, func(a, b mention) int {
		if c := bytes.Compare(a.subject[:], b.subject[:]); c != 0 {
			return c
		}
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return bytes.Compare(a.record[:], b.record[:])
	})
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
