package encounters

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
)

// Moment is when something was done in the past, and by whom.
type Moment struct {
	At time.Time
	By uuid.UUID
}

// Loaded is an encounter of the past: what was done to it, and when. Nil was not done. The consultation is led by who
// began it.
type Loaded struct {
	ID, PatientID                                uuid.UUID
	Type, Reason, CancelReason                   string
	ScheduledAt                                  *time.Time
	Created                                      Moment
	CheckedIn, ConsultStarted, Closed, Cancelled *Moment
	Documents                                    []LoadedDocument
}

// LoadedDocument is what was written in it: Content is Vitals, Assessment, Plan or Note.
type LoadedDocument struct {
	ID       uuid.UUID
	Authored Moment
	Content  any
}

// Load writes encounters as the acts would have left them, with their documents and their events, led by the
// facility's first pack. Only legal ways through the statuses are taken; that a record is complete when it closes is
// the caller's to see to. tx is in the facility's scope, in which the patients are.
func (m *Module) Load(ctx context.Context, tx db.Tx, settings facilitiesapi.Settings, ids *id.Source, all []Loaded) error {
	var rows []encountersdb.EncountersEncounter
	var documents []encountersdb.EncountersDocument
	var past []events.Past
	for _, e := range all {
		row, err := e.row(tx.Scope(), settings)
		if err != nil {
			return fmt.Errorf("encounter %s of the load: %w", e.ID, err)
		}
		rows, past = append(rows, row), append(past, pastOf(row)...)
		for _, d := range e.Documents {
			document, err := d.row(row)
			if err != nil {
				return fmt.Errorf("document of encounter %s of the load: %w", e.ID, err)
			}
			documents = append(documents, document)
			past = append(past, events.Past{
				Event: recorded(document.Kind, row.ID, row.PatientID, document.ID), FacilityID: row.FacilityID, ActorID: d.Authored.By, At: d.Authored.At,
			})
		}
	}
	if err := db.InsertRows(ctx, tx, "encounters.encounter", rows); err != nil {
		return err
	}
	if err := db.InsertRows(ctx, tx, "encounters.document", documents); err != nil {
		return err
	}
	return m.deps.Bus.Load(ctx, tx, ids, past)
}

// row is how the moves leave the encounter.
func (e Loaded) row(scope db.Scope, settings facilitiesapi.Settings) (encountersdb.EncountersEncounter, error) {
	row := encountersdb.EncountersEncounter{
		TenantID: scope.TenantID, ID: e.ID, FacilityID: scope.FacilityID, PatientID: e.PatientID, EncounterType: e.Type, Pack: settings.Packs[0],
		Status: string(encountersapi.StatusCreated), Exclusive: !settings.SeveralActiveEncounters, Reason: text(e.Reason), ScheduledAt: e.ScheduledAt,
		CancelReason: text(e.CancelReason), SystemData: json.RawMessage("{}"), CreatedByID: id.Ptr(e.Created.By), Version: 1,
		CreatedAt: e.Created.At, UpdatedAt: e.Created.At,
	}
	if row.EncounterType == "" {
		row.EncounterType = DefaultType
	}
	for _, step := range []struct {
		move   move
		moment *Moment
		at     **time.Time
		by     **uuid.UUID
	}{
		{checkIn, e.CheckedIn, &row.CheckedInAt, &row.CheckedInByID},
		{startConsult, e.ConsultStarted, &row.ConsultStartedAt, &row.ConsultStartedByID},
		{closeRecord, e.Closed, &row.ClosedAt, &row.ClosedByID},
		{cancel, e.Cancelled, &row.CancelledAt, &row.CancelledByID},
	} {
		if step.moment == nil {
			continue
		}
		status, legal := after(encountersapi.Status(row.Status), step.move)
		if !legal || step.moment.At.Before(row.UpdatedAt) {
			return row, errIllegalTransition.With("encounter_status", row.Status)
		}
		row.Status, row.Version, row.UpdatedAt = string(status), row.Version+1, step.moment.At
		*step.at, *step.by = &step.moment.At, id.Ptr(step.moment.By)
	}
	row.AttendingDoctorID = row.ConsultStartedByID
	return row, nil
}

// row is how recording leaves the document.
func (d LoadedDocument) row(encounter encountersdb.EncountersEncounter) (encountersdb.EncountersDocument, error) {
	row := encountersdb.EncountersDocument{
		TenantID: encounter.TenantID, ID: d.ID, FacilityID: encounter.FacilityID, EncounterID: encounter.ID, AuthorID: id.Ptr(d.Authored.By),
		AuthoredAt: d.Authored.At,
	}
	var err error
	switch content := d.Content.(type) {
	case Vitals:
		row.Kind, err = kindVitals, content.check()
	case Assessment:
		row.Kind = kindAssessment
	case Plan:
		row.Kind, err = kindPlan, checkPlan(content)
	case Note:
		row.Kind = kindNote
	default:
		err = fmt.Errorf("%T is no document", content)
	}
	if err == nil {
		row.Content, err = json.Marshal(d.Content)
	}
	return row, err
}
