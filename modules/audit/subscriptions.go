package audit

import (
	"context"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/audit/auditapi"
)

// Subscribe makes every event an entry, in its transaction and without a round trip of its own.
func (m *Module) Subscribe() {
	events.WithinAll(m.bus, recordEvent)
}

// recordEvent leaves the event's facts where they are: the entry names the event, and its leaf seals the event's row.
func recordEvent(ctx context.Context, tx db.Tx, r events.Recorded) error {
	line := newLine(ctx, r.OccurredAt)
	line.tenantID, line.facilityID, line.actorID = r.TenantID, id.Ptr(r.FacilityID), id.Ptr(r.ActorID)
	line.code, line.outcome = codeOf(r.Name), auditapi.OK
	line.entityType, line.entityID = r.Keys.Entity, id.Ptr(r.Keys.EntityID)
	line.patientID, line.encounterID = id.Ptr(r.Keys.PatientID), id.Ptr(r.Keys.EncounterID)
	line.requestID, line.eventID = r.RequestID, &r.ID
	line.queue(tx)
	return nil
}

// codeOf is an event's name without its version.
func codeOf(eventName string) string {
	return eventName[:strings.LastIndex(eventName, ".v")]
}
