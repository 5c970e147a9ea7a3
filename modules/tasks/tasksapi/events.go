package tasksapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

func keys(taskID, encounterID, patientID uuid.UUID) events.Keys {
	return events.Keys{Entity: "task", EntityID: taskID, EncounterID: encounterID, PatientID: patientID}
}

func entry(code, title string, taskID uuid.UUID, taskCode string) events.TimelineEntry {
	return events.TimelineEntry{Type: "TASK", Code: code, Title: title, Meta: map[string]any{"task_id": taskID, "task_code": taskCode}}
}

// Created says that a task was opened.
type Created struct {
	TaskID      uuid.UUID `json:"task_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Code        string    `json:"code"`
}

// EventName is tasks.created.v1.
func (Created) EventName() string { return "tasks.created.v1" }

// EventKeys names the task.
func (e Created) EventKeys() events.Keys { return keys(e.TaskID, e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Created) Timeline() events.TimelineEntry {
	return entry("TASK_CREATED", "Task created", e.TaskID, e.Code)
}

// Unassigned says that a task is nobody's any more.
type Unassigned struct {
	TaskID      uuid.UUID `json:"task_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Code        string    `json:"code"`
}

// EventName is tasks.unassigned.v1.
func (Unassigned) EventName() string { return "tasks.unassigned.v1" }

// EventKeys names the task.
func (e Unassigned) EventKeys() events.Keys { return keys(e.TaskID, e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Unassigned) Timeline() events.TimelineEntry {
	return entry("TASK_UNASSIGNED", "Task unassigned", e.TaskID, e.Code)
}

// Started says that someone began a task.
type Started struct {
	TaskID      uuid.UUID `json:"task_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Code        string    `json:"code"`
}

// EventName is tasks.started.v1.
func (Started) EventName() string { return "tasks.started.v1" }

// EventKeys names the task.
func (e Started) EventKeys() events.Keys { return keys(e.TaskID, e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Started) Timeline() events.TimelineEntry {
	return entry("TASK_STARTED", "Task started", e.TaskID, e.Code)
}

// Done says that a task is done.
type Done struct {
	TaskID      uuid.UUID `json:"task_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Code        string    `json:"code"`
	// Followed is true where the house did it: an acknowledgement, a document, an item or an encounter that ended. A person
	// who says it of the task itself leaves it false.
	Followed bool `json:"followed,omitempty"`
}

// EventName is tasks.done.v1.
func (Done) EventName() string { return "tasks.done.v1" }

// EventKeys names the task.
func (e Done) EventKeys() events.Keys { return keys(e.TaskID, e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Done) Timeline() events.TimelineEntry {
	return entry("TASK_DONE", "Task done", e.TaskID, e.Code)
}

// Reopened says that a task that was done is not, or that a rule asks for one that was over.
type Reopened struct {
	TaskID      uuid.UUID `json:"task_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Code        string    `json:"code"`
}

// EventName is tasks.reopened.v1.
func (Reopened) EventName() string { return "tasks.reopened.v1" }

// EventKeys names the task.
func (e Reopened) EventKeys() events.Keys { return keys(e.TaskID, e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Reopened) Timeline() events.TimelineEntry {
	return entry("TASK_REOPENED", "Task reopened", e.TaskID, e.Code)
}

// Cancelled says that a task will not be done.
type Cancelled struct {
	TaskID      uuid.UUID `json:"task_id"`
	EncounterID uuid.UUID `json:"encounter_id"`
	PatientID   uuid.UUID `json:"patient_id"`
	Code        string    `json:"code"`
	Followed    bool      `json:"followed,omitempty"` // as in Done
}

// EventName is tasks.cancelled.v1.
func (Cancelled) EventName() string { return "tasks.cancelled.v1" }

// EventKeys names the task.
func (e Cancelled) EventKeys() events.Keys { return keys(e.TaskID, e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Cancelled) Timeline() events.TimelineEntry {
	return entry("TASK_CANCELLED", "Task cancelled", e.TaskID, e.Code)
}

// Assigned says whose task it is now.
type Assigned struct {
	TaskID       uuid.UUID `json:"task_id"`
	EncounterID  uuid.UUID `json:"encounter_id"`
	PatientID    uuid.UUID `json:"patient_id"`
	Code         string    `json:"code"`
	AssignedToID uuid.UUID `json:"assigned_to_id"`
}

// EventName is tasks.assigned.v1.
func (Assigned) EventName() string { return "tasks.assigned.v1" }

// EventKeys names the task.
func (e Assigned) EventKeys() events.Keys { return keys(e.TaskID, e.EncounterID, e.PatientID) }

// Timeline shows it.
func (e Assigned) Timeline() events.TimelineEntry {
	t := entry("TASK_ASSIGNED", "Task assigned", e.TaskID, e.Code)
	t.Meta["assigned_to_id"] = e.AssignedToID
	return t
}
