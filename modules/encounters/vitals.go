package encounters

import (
	"context"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
)

var errDocumentInvalid = errs.Invalid("encounters.document_invalid", "The document has faults; see errors.")

// Vitals as they were measured. Absent is not measured.
type Vitals struct {
	TemperatureC *float64 `json:"temperature_c,omitempty" minimum:"25" maximum:"45" doc:"Degrees Celsius"`
	PulseBPM     *float64 `json:"pulse_bpm,omitempty" minimum:"20" maximum:"250" multipleOf:"1" doc:"Beats per minute"`
	RespRate     *float64 `json:"resp_rate,omitempty" minimum:"5" maximum:"80" multipleOf:"1" doc:"Breaths per minute"`
	BPSystolic   *float64 `json:"bp_systolic,omitempty" minimum:"50" maximum:"300" multipleOf:"1" doc:"mmHg; together with bp_diastolic"`
	BPDiastolic  *float64 `json:"bp_diastolic,omitempty" minimum:"30" maximum:"200" multipleOf:"1" doc:"mmHg; below bp_systolic"`
	SpO2         *float64 `json:"spo2,omitempty" minimum:"0" maximum:"100" doc:"Per cent"`
	WeightKg     *float64 `json:"weight_kg,omitempty" minimum:"0" maximum:"500" doc:"Kilograms"`
	HeightCm     *float64 `json:"height_cm,omitempty" minimum:"0" maximum:"300" doc:"Centimetres"`
	Pain         *float64 `json:"pain,omitempty" minimum:"0" maximum:"10" multipleOf:"1" doc:"0 none to 10 worst"`
	Note         string   `json:"note,omitempty" maxLength:"2000"`
}

// check finds what no single field's bounds can say. Each fault names its field.
func (v Vitals) check() error {
	faults := errDocumentInvalid
	switch {
	case v.BPSystolic != nil && v.BPDiastolic == nil:
		faults = faults.At("body.bp_diastolic", "Blood pressure needs both values.")
	case v.BPSystolic == nil && v.BPDiastolic != nil:
		faults = faults.At("body.bp_systolic", "Blood pressure needs both values.")
	case v.BPSystolic != nil && *v.BPDiastolic >= *v.BPSystolic:
		faults = faults.At("body.bp_diastolic", "Must be below bp_systolic.")
	}
	if v == (Vitals{Note: v.Note}) && text(v.Note) == nil {
		faults = faults.At("body", "At least one value is needed.")
	}
	if len(faults.Fields) > 0 {
		return faults
	}
	return nil
}

// VitalsInput records vitals.
type VitalsInput struct {
	ByID
	Body Vitals
}

// RecordVitals writes what a nurse measured.
func (m *Module) RecordVitals(ctx context.Context, tx db.Tx, in VitalsInput) (Recorded, error) {
	if err := in.Body.check(); err != nil {
		return Recorded{}, err
	}
	return m.record(ctx, tx, in.ID, kindVitals, in.Body)
}
