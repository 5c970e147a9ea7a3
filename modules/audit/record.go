package audit

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/modules/audit/auditapi"
)

// insertEntries takes entries of one tenant, a parameter per column, an array of their values. An array of arrays
// has one length for all: so the patients are one long array, and each entry has the first and last of its own.
const insertEntries = `INSERT INTO audit.entry (tenant_id, id, at, facility_id, actor_id, code, entity_type, entity_id, patient_id, patient_ids,
	encounter_id, outcome, request_id, origin, event_id, detail)
	SELECT $1, e.id, e.at, e.facility_id, e.actor_id, e.code, e.entity_type, e.entity_id, e.patient_id,
		CASE WHEN e.first <= e.last THEN ($2::uuid[])[e.first:e.last] END,
		e.encounter_id, e.outcome, e.request_id, e.origin, e.event_id, e.detail::json
	FROM unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::uuid[], $10::uuid[], $11::integer[], $12::integer[],
		$13::uuid[], $14::text[], $15::text[], $16::text[], $17::uuid[], $18::text[])
		AS e (id, at, facility_id, actor_id, code, entity_type, entity_id, patient_id, first, last,
			encounter_id, outcome, request_id, origin, event_id, detail)`

// line is an entry that is not written yet.
type line struct {
	tenantID, id        uuid.UUID
	at                  time.Time
	facilityID, actorID *uuid.UUID
	code                string
	entityType          string
	entityID            *uuid.UUID
	patientID           *uuid.UUID
	patientIDs          []uuid.UUID // when there is more than one
	encounterID         *uuid.UUID
	outcome             auditapi.Outcome
	requestID, origin   string
	eventID             *uuid.UUID
	detail              json.RawMessage
}

// newLine takes from ctx what every entry has: the request it came with and where that came from.
func newLine(ctx context.Context, at time.Time) line {
	return line{id: id.New(), at: at, requestID: telemetry.RequestID(ctx), origin: telemetry.Origin(ctx)}
}

func (l *line) in(scope db.Scope) {
	l.tenantID, l.facilityID, l.actorID = scope.TenantID, id.Ptr(scope.FacilityID), id.Ptr(scope.UserID)
}

// showing sets whose records the entry is about.
func (l *line) showing(patientIDs []uuid.UUID) {
	patientIDs = slices.Clone(patientIDs)
	slices.SortFunc(patientIDs, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	patientIDs = slices.Compact(patientIDs)
	switch len(patientIDs) {
	case 0:
	case 1:
		l.patientID = &patientIDs[0]
	default:
		l.patientIDs = patientIDs
	}
}

// queue sends entries of one tenant with the commit of tx, whose scope must be theirs, in one statement.
func queue(tx db.Tx, lines []line) {
	ids, times := make([]uuid.UUID, len(lines)), make([]time.Time, len(lines))
	facilityIDs, actorIDs, entityIDs := make([]*uuid.UUID, len(lines)), make([]*uuid.UUID, len(lines)), make([]*uuid.UUID, len(lines))
	patientIDs, encounterIDs, eventIDs := make([]*uuid.UUID, len(lines)), make([]*uuid.UUID, len(lines)), make([]*uuid.UUID, len(lines))
	codes, entityTypes, outcomes := make([]string, len(lines)), make([]string, len(lines)), make([]string, len(lines))
	requestIDs, origins, details := make([]string, len(lines)), make([]string, len(lines)), make([]*string, len(lines))
	patients, firsts, lasts := []uuid.UUID{}, make([]int32, len(lines)), make([]int32, len(lines))
	for i := range lines {
		l := &lines[i]
		ids[i], times[i] = l.id, l.at
		facilityIDs[i], actorIDs[i], entityIDs[i] = l.facilityID, l.actorID, l.entityID
		patientIDs[i], encounterIDs[i], eventIDs[i] = l.patientID, l.encounterID, l.eventID
		codes[i], entityTypes[i], outcomes[i] = l.code, l.entityType, string(l.outcome)
		requestIDs[i], origins[i] = l.requestID, l.origin
		if l.detail != nil {
			detail := string(l.detail)
			details[i] = &detail
		}
		firsts[i] = int32(len(patients) + 1) //nolint:gosec // lists are pages, and a statement takes journalBatch of them
		patients = append(patients, l.patientIDs...)
		lasts[i] = int32(len(patients)) //nolint:gosec // as above
	}
	tx.AtCommit(insertEntries, lines[0].tenantID, patients, ids, times, facilityIDs, actorIDs, codes, entityTypes, entityIDs, patientIDs,
		firsts, lasts, encounterIDs, outcomes, requestIDs, origins, eventIDs, details)
}

// Recorder is auditapi.Recorder. It has no state, so it exists before the module does.
type Recorder struct{}

var _ auditapi.Recorder = Recorder{}

// Record queues an entry in tx, in the tenant of its scope.
func (Recorder) Record(ctx context.Context, tx db.Tx, e auditapi.Entry) error {
	l := newLine(ctx, tx.Now())
	l.in(tx.Scope())
	if e.TenantLevel {
		l.facilityID = nil
	}
	if e.ActorID != uuid.Nil {
		l.actorID = &e.ActorID
	}
	l.code, l.outcome, l.entityType = e.Code, e.Outcome, e.EntityType
	if l.outcome == "" {
		l.outcome = auditapi.OK
	}
	l.entityID, l.encounterID = id.Ptr(e.EntityID), id.Ptr(e.EncounterID)
	l.showing(e.PatientIDs)
	if len(e.Detail) > 0 {
		var err error
		if l.detail, err = json.Marshal(e.Detail); err != nil {
			return err
		}
	}
	queue(tx, []line{l})
	return nil
}
