package tasks

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
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
	CanRead   = "tasks.can_read"
	CanCreate = "tasks.can_create"
	CanAssign = "tasks.can_assign"
	CanWork   = "tasks.can_work"
	CanCancel = "tasks.can_cancel"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See tasks", Roles: auth.EveryoneAndAuditor},
	{Code: CanCreate, Description: "Open a task for an encounter", Roles: auth.Everyone},
	{Code: CanAssign, Description: "Say whose task it is", Roles: auth.Everyone},
	{Code: CanWork, Description: "Start, complete and reopen tasks", Roles: auth.Everyone},
	{Code: CanCancel, Description: "Cancel a task", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.LabTechnician, auth.Pathologist, auth.Pharmacist, auth.Radiologist, auth.Therapist}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Clock      clock.Clock
	Facilities facilitiesapi.Reader
	Encounters encountersapi.Reader
	Patients   patientsapi.Reader
	Users      iamapi.Reader
	Packs      packsapi.Reader
	Gate       rulesapi.Gate
	Alerts     alertsapi.Reader
}

// Module is the tasks module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	const module = "tasks"
	events.Declare[tasksapi.Created](d.Bus, module)
	events.Declare[tasksapi.Assigned](d.Bus, module)
	events.Declare[tasksapi.Unassigned](d.Bus, module)
	events.Declare[tasksapi.Started](d.Bus, module)
	events.Declare[tasksapi.Done](d.Bus, module)
	events.Declare[tasksapi.Reopened](d.Bus, module)
	events.Declare[tasksapi.Cancelled](d.Bus, module)
	return &Module{deps: d}
}
