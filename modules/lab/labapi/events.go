package labapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// AboutSample is what every event of a sample says.
type AboutSample struct {
	SampleID    uuid.UUID `json:"sample_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Items       []ItemRef `json:"items"`
}

// ItemRef names a test of an order.
type ItemRef struct {
	ItemID      uuid.UUID `json:"item_id"`
	OrderID     uuid.UUID `json:"order_id"`
	ServiceCode string    `json:"service_code"`
}

// EventKeys files the event under the sample, its encounter and its patient.
func (a AboutSample) EventKeys() events.Keys {
	return events.Keys{Entity: EntitySample, EntityID: a.SampleID, PatientID: a.PatientID, EncounterID: a.EncounterID}
}

func (a AboutSample) entry(code, title string) events.TimelineEntry {
	codes := make([]string, len(a.Items))
	for i, item := range a.Items {
		codes[i] = item.ServiceCode
	}
	return events.TimelineEntry{Type: "LAB", Code: code, Title: title, Meta: map[string]any{"sample_id": a.SampleID, "service_codes": codes}}
}

// SampleCollected says that a sample was taken for some items.
type SampleCollected struct{ AboutSample }

// EventName is lab.sample_collected.v1.
func (SampleCollected) EventName() string { return "lab.sample_collected.v1" }

// Timeline is SAMPLE_COLLECTED.
func (e SampleCollected) Timeline() events.TimelineEntry {
	return e.entry("SAMPLE_COLLECTED", "Sample collected")
}

// SampleReceived says that the laboratory has the sample.
type SampleReceived struct{ AboutSample }

// EventName is lab.sample_received.v1.
func (SampleReceived) EventName() string { return "lab.sample_received.v1" }

// Timeline is SAMPLE_RECEIVED.
func (e SampleReceived) Timeline() events.TimelineEntry {
	return e.entry("SAMPLE_RECEIVED", "Sample received")
}

// SampleRejected says that the laboratory cannot use the sample. Those of its items that are still to be done need
// another: they are Items.
type SampleRejected struct {
	AboutSample
	ReasonCode string `json:"reason_code"`
	// CollectedByID took it; OrderedByID ordered the first of its items.
	CollectedByID *uuid.UUID `json:"collected_by_id"`
	OrderedByID   *uuid.UUID `json:"ordered_by_id"`
}

// EventName is lab.sample_rejected.v1.
func (SampleRejected) EventName() string { return "lab.sample_rejected.v1" }

// Timeline is SAMPLE_REJECTED.
func (e SampleRejected) Timeline() events.TimelineEntry {
	t := e.entry("SAMPLE_REJECTED", "Sample rejected")
	t.Meta["reason_code"] = e.ReasonCode
	return t
}

// SampleStored says where the sample is kept.
type SampleStored struct{ AboutSample }

// EventName is lab.sample_stored.v1.
func (SampleStored) EventName() string { return "lab.sample_stored.v1" }

// SampleDiscarded says that the sample is no more.
type SampleDiscarded struct{ AboutSample }

// EventName is lab.sample_discarded.v1.
func (SampleDiscarded) EventName() string { return "lab.sample_discarded.v1" }

// AboutResult is what every event of a result says.
type AboutResult struct {
	ResultID    uuid.UUID `json:"result_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	SampleID    uuid.UUID `json:"sample_id"`
	ItemRef
	Version int `json:"version"`
	// OrderedByID is who ordered the test: who hears of it first.
	OrderedByID *uuid.UUID `json:"ordered_by_id"`
}

// EventKeys files the event under the result, its encounter and its patient.
func (a AboutResult) EventKeys() events.Keys {
	return events.Keys{Entity: EntityResult, EntityID: a.ResultID, PatientID: a.PatientID, EncounterID: a.EncounterID}
}

func (a AboutResult) entry(code, title string) events.TimelineEntry {
	return events.TimelineEntry{Type: "LAB", Code: code, Title: title, Meta: map[string]any{
		"result_id": a.ResultID, "order_item_id": a.ItemID, "service_code": a.ServiceCode, "version": a.Version}}
}

// ResultEntered says that there is a new version of a result.
type ResultEntered struct {
	AboutResult
	// Critical are the codes of the analytes whose values are critical; empty when none is.
	Critical []string `json:"critical"`
	// SupersedesID is the version before it, and FormerReleased says whether anybody outside saw one before.
	SupersedesID   *uuid.UUID `json:"supersedes_id"`
	FormerReleased bool       `json:"former_released"`
	// SameCritical says that the version before it, of the same sample, was critical by the same values: whoever was told of
	// those was told what still holds.
	SameCritical bool `json:"same_critical,omitempty"`
}

// EventName is lab.result_entered.v1.
func (ResultEntered) EventName() string { return "lab.result_entered.v1" }

// Timeline is RESULT_ENTERED.
func (e ResultEntered) Timeline() events.TimelineEntry {
	t := e.entry("RESULT_ENTERED", "Result entered")
	t.Meta["is_critical"] = len(e.Critical) > 0
	return t
}

// ResultVerified says that somebody, or a rule, vouches for a result.
type ResultVerified struct {
	AboutResult
	// Rule verified it; empty where a person did.
	Rule string `json:"rule"`
	// CriticalNotified says that the call about a critical value was made and read back.
	CriticalNotified bool `json:"critical_notified"`
}

// EventName is lab.result_verified.v1.
func (ResultVerified) EventName() string { return "lab.result_verified.v1" }

// Timeline is RESULT_VERIFIED.
func (e ResultVerified) Timeline() events.TimelineEntry {
	return e.entry("RESULT_VERIFIED", "Result verified")
}

// ResultReleased says that a result may be seen by everyone who cares for the patient.
type ResultReleased struct {
	AboutResult
	// IsCorrection says that a version before it was released: CorrectsID, the newest of them.
	IsCorrection bool       `json:"is_correction"`
	CorrectsID   *uuid.UUID `json:"corrects_id"`
	// Abnormal says that a value is flagged other than N.
	Abnormal bool `json:"abnormal"`
}

// EventName is lab.result_released.v1.
func (ResultReleased) EventName() string { return "lab.result_released.v1" }

// Timeline is RESULT_RELEASED.
func (e ResultReleased) Timeline() events.TimelineEntry {
	t := e.entry("RESULT_RELEASED", "Result released")
	t.Meta["is_correction"] = e.IsCorrection
	return t
}

// TestOverdue says that a test has no released result at the time it was due. It is told once for each item.
type TestOverdue struct {
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	ItemRef
	Priority    string     `json:"priority"`
	OrderedByID *uuid.UUID `json:"ordered_by_id"`
}

// EventName is lab.test_overdue.v1.
func (TestOverdue) EventName() string { return "lab.test_overdue.v1" }

// EventKeys files it under the order's item.
func (e TestOverdue) EventKeys() events.Keys {
	return events.Keys{Entity: "order_item", EntityID: e.ItemID, PatientID: e.PatientID, EncounterID: e.EncounterID}
}

// SettingsChanged says that the facility's laboratory works by other rules: four eyes, autoverification.
type SettingsChanged struct {
	FacilityID uuid.UUID `json:"facility_id"`
	// Fields that changed, never to what.
	Fields []string `json:"fields"`
}

// EventName is lab.settings_changed.v1.
func (SettingsChanged) EventName() string { return "lab.settings_changed.v1" }

// EventKeys names the facility's settings.
func (e SettingsChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "lab_settings", EntityID: e.FacilityID}
}
