package encounters

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
)

const backfillBatch = 500

// BackfillSteps rebuild the events that this module's rows prove and the event table lacks.
func (m *Module) BackfillSteps() []events.BackfillStep {
	return []events.BackfillStep{m.backfillEncounters, m.backfillDocuments}
}

func (m *Module) backfillEncounters(ctx context.Context, tx db.Tx, after uuid.UUID) (last uuid.UUID, added int64, err error) {
	rows, err := encountersdb.New(tx).EncountersAfter(ctx, encountersdb.EncountersAfterParams{
		TenantID: tx.Scope().TenantID, After: after, MaxRows: backfillBatch})
	if err != nil {
		return last, 0, err
	}
	var past []events.Past
	for _, row := range rows {
		past = append(past, pastOf(row)...)
		last = row.ID
	}
	added, err = m.deps.Bus.InsertMissing(ctx, tx, past)
	return last, added, err
}

// pastOf gives the events that an encounter's row proves.
func pastOf(row encountersdb.EncountersEncounter) []events.Past {
	var past []events.Past
	happened := func(at *time.Time, by *uuid.UUID, e events.Event) {
		if at == nil {
			return
		}
		p := events.Past{Event: e, FacilityID: row.FacilityID, At: *at}
		if by != nil {
			p.ActorID = *by
		}
		past = append(past, p)
	}
	happened(&row.CreatedAt, row.CreatedByID, encountersapi.Created{EncounterID: row.ID, PatientID: row.PatientID, Type: row.EncounterType, Pack: row.Pack})
	happened(row.CheckedInAt, row.CheckedInByID, encountersapi.CheckedIn{EncounterID: row.ID, PatientID: row.PatientID})
	happened(row.ConsultStartedAt, row.ConsultStartedByID,
		encountersapi.ConsultStarted{EncounterID: row.ID, PatientID: row.PatientID, AttendingDoctorID: row.AttendingDoctorID})
	happened(row.ClosedAt, row.ClosedByID, encountersapi.Closed{EncounterID: row.ID, PatientID: row.PatientID})
	happened(row.CancelledAt, row.CancelledByID, encountersapi.Cancelled{EncounterID: row.ID, PatientID: row.PatientID})
	return past
}

func (m *Module) backfillDocuments(ctx context.Context, tx db.Tx, after uuid.UUID) (last uuid.UUID, added int64, err error) {
	rows, err := encountersdb.New(tx).DocumentsAfter(ctx, encountersdb.DocumentsAfterParams{
		TenantID: tx.Scope().TenantID, After: after, MaxRows: backfillBatch})
	if err != nil {
		return last, 0, err
	}
	past := make([]events.Past, len(rows))
	for i, row := range rows {
		past[i] = events.Past{Event: recorded(row.Kind, row.EncounterID, row.PatientID, row.ID), FacilityID: row.FacilityID, At: row.AuthoredAt}
		if row.AuthorID != nil {
			past[i].ActorID = *row.AuthorID
		}
		last = row.ID
	}
	added, err = m.deps.Bus.InsertMissing(ctx, tx, past)
	return last, added, err
}
