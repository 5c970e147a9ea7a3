package encounters

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
)

// measurements names the vital signs by their codes in LOINC (https://loinc.org) and units in UCUM: oxygen saturation by
// pulse oximetry, pain on the numeric scale of 0 to 10.
func (v Vitals) measurements() []encountersapi.Measurement {
	measured := []encountersapi.Measurement{}
	for _, m := range []struct {
		field, code, unit string
		value             *float64
	}{
		{"temperature_c", "8310-5", "Cel", v.TemperatureC},
		{"pulse_bpm", "8867-4", "/min", v.PulseBPM},
		{"resp_rate", "9279-1", "/min", v.RespRate},
		{"bp_systolic", "8480-6", "mm[Hg]", v.BPSystolic},
		{"bp_diastolic", "8462-4", "mm[Hg]", v.BPDiastolic},
		{"spo2", "59408-5", "%", v.SpO2},
		{"weight_kg", "29463-7", "kg", v.WeightKg},
		{"height_cm", "8302-2", "cm", v.HeightCm},
		{"pain", "72514-3", "", v.Pain},
	} {
		if m.value != nil {
			measured = append(measured, encountersapi.Measurement{Field: m.field, Code: m.code, System: encountersapi.LOINC, Unit: m.unit, Value: *m.value})
		}
	}
	return measured
}

// Measurements reads what a document of vital signs says.
func (Reader) Measurements(ctx context.Context, q db.DBTX, scope db.Scope, documentID uuid.UUID) (encountersapi.Measured, error) {
	row, err := encountersdb.New(q).GetVitals(ctx, encountersdb.GetVitalsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: documentID})
	if err != nil {
		return encountersapi.Measured{}, err
	}
	var vitals Vitals
	if err := json.Unmarshal(row.Content, &vitals); err != nil {
		return encountersapi.Measured{}, fmt.Errorf("vital signs %s: %w", documentID, err)
	}
	return encountersapi.Measured{
		EncounterID: row.EncounterID, PatientID: row.PatientID, DocumentID: documentID, At: row.AuthoredAt, Values: vitals.measurements(),
	}, nil
}

// Measured is what the vital signs of a loaded encounter say.
func (e Loaded) Measured() []encountersapi.Measured {
	var all []encountersapi.Measured
	for _, d := range e.Documents {
		if vitals, ok := d.Content.(Vitals); ok {
			all = append(all, encountersapi.Measured{
				EncounterID: e.ID, PatientID: e.PatientID, DocumentID: d.ID, At: d.Authored.At, Values: vitals.measurements(),
			})
		}
	}
	return all
}
