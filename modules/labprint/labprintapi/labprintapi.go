// Package labprintapi is the contract of the labprint module.
package labprintapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// ReportIssued says that an order has a report, or a newer version of it.
type ReportIssued struct {
	ReportID    uuid.UUID `json:"report_id"`
	OrderID     uuid.UUID `json:"order_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Version     int       `json:"version"`
	// IsCorrected says that it tells otherwise what a version before it told.
	IsCorrected bool `json:"is_corrected"`
	// ReaderIDs are the people who read or printed a version before it.
	ReaderIDs []uuid.UUID `json:"reader_ids"`
}

// EventName is labprint.report_issued.v1.
func (ReportIssued) EventName() string { return "labprint.report_issued.v1" }

// EventKeys files it under the report, its encounter and its patient.
func (e ReportIssued) EventKeys() events.Keys {
	return events.Keys{Entity: "lab_report", EntityID: e.ReportID, EncounterID: e.EncounterID, PatientID: e.PatientID}
}

// LayoutChanged says that a facility's reports look otherwise.
type LayoutChanged struct {
	FacilityID uuid.UUID `json:"facility_id"`
	// Fields that changed, never to what.
	Fields []string `json:"fields"`
}

// EventName is labprint.layout_changed.v1.
func (LayoutChanged) EventName() string { return "labprint.layout_changed.v1" }

// EventKeys names the facility's layout.
func (e LayoutChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "lab_report_layout", EntityID: e.FacilityID}
}
