package clinicaldocs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Where observations come from.
const (
	fromDocument = "DOCUMENT"
	fromVitals   = "VITALS"
)

// observed is one value as InsertObservations takes it. Exactly one of the values is set.
type observed struct {
	ID      uuid.UUID `json:"id"`
	Field   string    `json:"field"`
	Code    string    `json:"code"`
	System  string    `json:"system"`
	Number  *float64  `json:"value_number"`
	Text    *string   `json:"value_text"`
	Choice  *string   `json:"value_code"`
	Date    *string   `json:"value_date"`
	Boolean *bool     `json:"value_boolean"`
	Unit    *string   `json:"unit"`
}

// observedIn lists what a document says in a terminology.
func observedIn(t *packsapi.Template, c content) []observed {
	values := t.Observed(c.facts.Payload, c.facts.Computed)
	all := make([]observed, len(values))
	for i, v := range values {
		o := observed{ID: id.New(), Field: v.Path, Code: v.Code, System: v.System, Unit: orNull(v.Unit)}
		switch value := v.Value.(type) {
		case float64:
			o.Number = &value
		case bool:
			o.Boolean = &value
		case string:
			switch v.Kind {
			case packsapi.ObservedCode:
				o.Choice = &value
			case packsapi.ObservedDate:
				o.Date = &value
			default:
				o.Text = &value
			}
		}
		all[i] = o
	}
	return all
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// origin is the document that observations come from, and when it was first recorded.
type origin struct {
	source                             string
	encounterID, patientID, documentID uuid.UUID
	at                                 time.Time
}

// observe writes what a document says.
func observe(ctx context.Context, tx db.Tx, from origin, values []observed) error {
	if len(values) == 0 {
		return nil
	}
	encoded, err := json.Marshal(values)
	if err != nil {
		return err
	}
	return clinicaldocsdb.New(tx).InsertObservations(ctx, clinicaldocsdb.InsertObservationsParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, PatientID: from.patientID, EncounterID: from.encounterID,
		Source: from.source, DocumentID: from.documentID, At: from.at, Observed: encoded,
	})
}

// observeAmended lets an amended document's values take the place of those it supersedes. They are as old as the first
// version's, which was found at that time: an amendment says better what was found then.
func observeAmended(ctx context.Context, tx db.Tx, present clinicaldocsdb.ClinicaldocsRecord, documentID uuid.UUID, found time.Time, values []observed) error {
	err := clinicaldocsdb.New(tx).DeleteObservations(ctx, clinicaldocsdb.DeleteObservationsParams{TenantID: tx.Scope().TenantID, DocumentID: present.ID})
	if err != nil {
		return err
	}
	return observe(ctx, tx, origin{fromDocument, present.EncounterID, present.PatientID, documentID, found}, values)
}

// observeVitals writes vital signs beside what documents say, so that a trend shows both.
func (m *Module) observeVitals(ctx context.Context, tx db.Tx, e encountersapi.VitalsRecorded) error {
	measured, err := m.encounters.Measurements(ctx, tx, tx.Scope(), e.DocumentID)
	if err != nil {
		return err
	}
	return observe(ctx, tx, origin{fromVitals, measured.EncounterID, measured.PatientID, measured.DocumentID, measured.At}, observedVitals(measured.Values))
}

func observedVitals(values []encountersapi.Measurement) []observed {
	all := make([]observed, len(values))
	for i, v := range values {
		all[i] = observed{ID: id.New(), Field: v.Field, Code: v.Code, System: v.System, Number: &v.Value, Unit: orNull(v.Unit)}
	}
	return all
}

// valueOf is the value of whichever kind a row has.
func valueOf(row clinicaldocsdb.ClinicaldocsObservation) any {
	switch {
	case row.ValueNumber != nil:
		return *row.ValueNumber
	case row.ValueText != nil:
		return *row.ValueText
	case row.ValueCode != nil:
		return *row.ValueCode
	case row.ValueDate != nil:
		return row.ValueDate.String()
	case row.ValueBoolean != nil:
		return *row.ValueBoolean
	default:
		return nil
	}
}
