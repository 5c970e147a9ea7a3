package encountersapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

func encounterKeys(encounterID, patientID uuid.UUID) events.Keys {
	return events.Keys{Entity: "encounter", EntityID: encounterID, EncounterID: encounterID, PatientID: patientID}
}

func documentKeys(encounterID, patientID, documentID uuid.UUID) events.Keys {
	return events.Keys{Entity: "encounter_document", EntityID: documentID, EncounterID: encounterID, PatientID: patientID}
}

func encounterEntry(code, title string) events.TimelineEntry {
	return events.TimelineEntry{Type: "ENCOUNTER", Code: code, Title: title}
}

func documentEntry(code, title string, documentID uuid.UUID) events.TimelineEntry {
	return events.TimelineEntry{Type: "ENCOUNTER", Code: code, Title: title, Meta: map[string]any{"document_id": documentID}}
}

// Created says that a patient's encounter was opened.
type Created struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Type        string    `json:"encounter_type"`
	Pack        string    `json:"pack"`
}

// EventName is encounters.created.v1.
func (Created) EventName() string { return "encounters.created.v1" }

// EventKeys names the encounter.
func (e Created) EventKeys() events.Keys { return encounterKeys(e.EncounterID, e.PatientID) }

// Timeline shows the opening.
func (e Created) Timeline() events.TimelineEntry {
	entry := encounterEntry("ENCOUNTER_CREATED", "Encounter created")
	entry.Meta = map[string]any{"encounter_type": e.Type, "pack": e.Pack}
	return entry
}

// Updated says that reason, attending doctor or system data of an encounter changed.
type Updated struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Version     int32     `json:"version"`
}

// EventName is encounters.updated.v1.
func (Updated) EventName() string { return "encounters.updated.v1" }

// EventKeys names the encounter.
func (e Updated) EventKeys() events.Keys { return encounterKeys(e.EncounterID, e.PatientID) }

// ConsultStarted says that a doctor sees the patient.
type ConsultStarted struct {
	EncounterID       uuid.UUID  `json:"encounter_id"`
	PatientID         uuid.UUID  `json:"patient_id"`
	AttendingDoctorID *uuid.UUID `json:"attending_doctor_id"`
}

// EventName is encounters.consult_started.v1.
func (ConsultStarted) EventName() string { return "encounters.consult_started.v1" }

// EventKeys names the encounter.
func (e ConsultStarted) EventKeys() events.Keys { return encounterKeys(e.EncounterID, e.PatientID) }

// Timeline shows the start.
func (e ConsultStarted) Timeline() events.TimelineEntry {
	entry := encounterEntry("CONSULT_STARTED", "Consultation started")
	entry.Meta = map[string]any{"attending_doctor_id": e.AttendingDoctorID}
	return entry
}

// CheckedIn says that the patient arrived.
type CheckedIn struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
}

// EventName is encounters.checked_in.v1.
func (CheckedIn) EventName() string { return "encounters.checked_in.v1" }

// EventKeys names the encounter.
func (e CheckedIn) EventKeys() events.Keys { return encounterKeys(e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e CheckedIn) Timeline() events.TimelineEntry {
	return encounterEntry("ENCOUNTER_CHECKED_IN", "Patient checked in")
}

// Closed says that the encounter is over and its record complete.
type Closed struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
}

// EventName is encounters.closed.v1.
func (Closed) EventName() string { return "encounters.closed.v1" }

// EventKeys names the encounter.
func (e Closed) EventKeys() events.Keys { return encounterKeys(e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Closed) Timeline() events.TimelineEntry {
	return encounterEntry("ENCOUNTER_CLOSED", "Encounter closed")
}

// Cancelled says that the encounter will not take place, or broke off.
type Cancelled struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
}

// EventName is encounters.cancelled.v1.
func (Cancelled) EventName() string { return "encounters.cancelled.v1" }

// EventKeys names the encounter.
func (e Cancelled) EventKeys() events.Keys { return encounterKeys(e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Cancelled) Timeline() events.TimelineEntry {
	return encounterEntry("ENCOUNTER_CANCELLED", "Encounter cancelled")
}

// VitalsRecorded says that vital signs were measured.
type VitalsRecorded struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	DocumentID  uuid.UUID `json:"document_id"`
}

// EventName is encounters.vitals_recorded.v1.
func (VitalsRecorded) EventName() string { return "encounters.vitals_recorded.v1" }

// EventKeys names the document of the encounter.
func (e VitalsRecorded) EventKeys() events.Keys {
	return documentKeys(e.EncounterID, e.PatientID, e.DocumentID)
}

// Timeline shows it.
func (e VitalsRecorded) Timeline() events.TimelineEntry {
	return documentEntry("VITALS_RECORDED", "Vitals recorded", e.DocumentID)
}

// AssessmentRecorded says that the patient's condition was assessed.
type AssessmentRecorded struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	DocumentID  uuid.UUID `json:"document_id"`
}

// EventName is encounters.assessment_recorded.v1.
func (AssessmentRecorded) EventName() string { return "encounters.assessment_recorded.v1" }

// EventKeys names the document of the encounter.
func (e AssessmentRecorded) EventKeys() events.Keys {
	return documentKeys(e.EncounterID, e.PatientID, e.DocumentID)
}

// Timeline shows it.
func (e AssessmentRecorded) Timeline() events.TimelineEntry {
	return documentEntry("ASSESSMENT_RECORDED", "Assessment recorded", e.DocumentID)
}

// PlanRecorded says that a plan of treatment was made.
type PlanRecorded struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	DocumentID  uuid.UUID `json:"document_id"`
}

// EventName is encounters.plan_recorded.v1.
func (PlanRecorded) EventName() string { return "encounters.plan_recorded.v1" }

// EventKeys names the document of the encounter.
func (e PlanRecorded) EventKeys() events.Keys {
	return documentKeys(e.EncounterID, e.PatientID, e.DocumentID)
}

// Timeline shows it.
func (e PlanRecorded) Timeline() events.TimelineEntry {
	return documentEntry("PLAN_RECORDED", "Plan recorded", e.DocumentID)
}

// NoteRecorded says that a progress note was written.
type NoteRecorded struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	DocumentID  uuid.UUID `json:"document_id"`
}

// EventName is encounters.note_recorded.v1.
func (NoteRecorded) EventName() string { return "encounters.note_recorded.v1" }

// EventKeys names the document of the encounter.
func (e NoteRecorded) EventKeys() events.Keys {
	return documentKeys(e.EncounterID, e.PatientID, e.DocumentID)
}

// Timeline shows it.
func (e NoteRecorded) Timeline() events.TimelineEntry {
	return documentEntry("NOTE_RECORDED", "Note recorded", e.DocumentID)
}
