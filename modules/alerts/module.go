package alerts

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// The module's permissions.
const (
	CanRead                = "alerts.can_read"
	CanAcknowledge         = "alerts.can_acknowledge"
	CanResolve             = "alerts.can_resolve"
	CanAcknowledgeCritical = "alerts.can_acknowledge_critical"
	CanConfigure           = "alerts.can_configure"
	CanAnalyse             = "alerts.can_analyse"
)

// clinical are those whom alerts concern.
var clinical = []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.LabTechnician, auth.Pathologist, auth.Pharmacist, auth.Radiologist, auth.Therapist}

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See alerts", Roles: append(clinical[:len(clinical):len(clinical)], auth.Auditor)},
	{Code: CanAcknowledge, Description: "Say that one has seen an alert and takes care of it", Roles: clinical},
	{Code: CanResolve, Description: "Say that what an alert was about is dealt with", Roles: clinical},
	{Code: CanAcknowledgeCritical, Description: "Acknowledge and resolve alerts of critical results that are for others too", Roles: []auth.Role{auth.Admin, auth.Doctor}},
	{Code: CanConfigure, Description: "Say how alerts escalate, who is in teams and who is on duty", Roles: []auth.Role{auth.Admin}},
	{Code: CanAnalyse, Description: "See how long alerts wait", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Pathologist, auth.Auditor}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Clock      clock.Clock
	Encounters encountersapi.Reader
	Patients   patientsapi.Reader
	Users      iamapi.Reader
	Packs      packsapi.Reader
}

// Module is the alerts module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	const module = "alerts"
	events.Declare[alertsapi.Raised](d.Bus, module)
	events.Declare[alertsapi.Escalated](d.Bus, module)
	events.Declare[alertsapi.Acknowledged](d.Bus, module)
	events.Declare[alertsapi.Resolved](d.Bus, module)
	events.Declare[alertsapi.Voided](d.Bus, module)
	events.Declare[alertsapi.PolicyChanged](d.Bus, module)
	events.Declare[alertsapi.TeamChanged](d.Bus, module)
	events.Declare[alertsapi.DutyChanged](d.Bus, module)
	return &Module{deps: d}
}
