package encounters

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// The module's permissions.
const (
	CanRead             = "encounters.can_read"
	CanCreate           = "encounters.can_create"
	CanUpdate           = "encounters.can_update"
	CanCheckIn          = "encounters.can_check_in"
	CanStartConsult     = "encounters.can_start_consult"
	CanClose            = "encounters.can_close"
	CanCancel           = "encounters.can_cancel"
	CanRecordVitals     = "encounters.can_record_vitals"
	CanRecordAssessment = "encounters.can_record_assessment"
	CanRecordPlan       = "encounters.can_record_plan"
	CanRecordNote       = "encounters.can_record_note"
)

var (
	desk       = []auth.Role{auth.Admin, auth.Receptionist, auth.Nurse, auth.Doctor, auth.Therapist}
	clinicians = []auth.Role{auth.Admin, auth.Doctor, auth.Therapist}
	bedside    = []auth.Role{auth.Admin, auth.Doctor, auth.Therapist, auth.Nurse}
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See encounters, their documents and their timeline", Roles: auth.EveryoneAndAuditor},
	{Code: CanCreate, Description: "Open an encounter for a patient", Roles: desk},
	{Code: CanUpdate, Description: "Change an encounter's reason, doctor and system data", Roles: desk},
	{Code: CanCheckIn, Description: "Check a patient in", Roles: desk},
	{Code: CanStartConsult, Description: "Begin the consultation", Roles: clinicians},
	{Code: CanClose, Description: "Close an encounter", Roles: clinicians},
	{Code: CanCancel, Description: "Cancel an encounter", Roles: desk},
	{Code: CanRecordVitals, Description: "Record vital signs", Roles: bedside},
	{Code: CanRecordAssessment, Description: "Record an assessment", Roles: clinicians},
	{Code: CanRecordPlan, Description: "Record a plan of treatment", Roles: clinicians},
	{Code: CanRecordNote, Description: "Write a progress note", Roles: bedside},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Clock      clock.Clock
	Facilities facilitiesapi.Reader
	Users      iamapi.Reader
	Patients   patientsapi.Reader
	Packs      packsapi.Reader
	Tasks      tasksapi.Reader
	Documents  clinicaldocsapi.Reader
	Alerts     alertsapi.Reader
	Gate       rulesapi.Gate
}

// Module is the encounters module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	const module = "encounters"
	events.Declare[encountersapi.Created](d.Bus, module)
	events.Declare[encountersapi.Updated](d.Bus, module)
	events.Declare[encountersapi.CheckedIn](d.Bus, module)
	events.Declare[encountersapi.ConsultStarted](d.Bus, module)
	events.Declare[encountersapi.Closed](d.Bus, module)
	events.Declare[encountersapi.Cancelled](d.Bus, module)
	events.Declare[encountersapi.VitalsRecorded](d.Bus, module)
	events.Declare[encountersapi.AssessmentRecorded](d.Bus, module)
	events.Declare[encountersapi.PlanRecorded](d.Bus, module)
	events.Declare[encountersapi.NoteRecorded](d.Bus, module)
	return &Module{deps: d}
}
