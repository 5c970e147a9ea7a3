package lab

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tenants/tenantsapi"
)

// The module's permissions.
const (
	CanRead        = labapi.CanRead
	CanReadSamples = "lab.can_read_samples"
	CanCollect     = "lab.can_collect"
	CanReceive     = "lab.can_receive"
	CanReject      = "lab.can_reject"
	CanStore       = "lab.can_store"
	CanEnter       = labapi.CanEnter
	CanVerify      = labapi.CanVerify
	CanRelease     = labapi.CanRelease
	CanConfigure   = "lab.can_configure"

	// CanReadReleased is the orders module's: who may see an order may see what came of it.
	CanReadReleased = "orders.can_read"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See the laboratory's lists, and results that are not released yet", Roles: []auth.Role{auth.Admin, auth.LabTechnician, auth.Pathologist, auth.Auditor}},
	{Code: CanReadSamples, Description: "See samples, and which are to be taken", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.LabTechnician, auth.Pathologist, auth.Auditor}},
	{Code: CanCollect, Description: "Take samples", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.LabTechnician, auth.Pathologist}},
	{Code: CanReceive, Description: "Receive samples in the laboratory", Roles: []auth.Role{auth.Admin, auth.LabTechnician, auth.Pathologist}},
	{Code: CanReject, Description: "Reject samples that cannot be used", Roles: []auth.Role{auth.Admin, auth.LabTechnician, auth.Pathologist}},
	{Code: CanStore, Description: "Store and discard samples", Roles: []auth.Role{auth.Admin, auth.LabTechnician, auth.Pathologist}},
	{Code: CanEnter, Description: "Enter results, and correct them", Roles: []auth.Role{auth.Admin, auth.LabTechnician, auth.Pathologist}},
	{Code: CanVerify, Description: "Vouch for results", Roles: []auth.Role{auth.Admin, auth.Pathologist}},
	{Code: CanRelease, Description: "Release verified results to everyone who cares for the patient", Roles: []auth.Role{auth.Admin, auth.Pathologist}},
	{Code: CanConfigure, Description: "Say how the laboratory works: four eyes, autoverification", Roles: []auth.Role{auth.Admin, auth.Pathologist}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Clock      clock.Clock
	Encounters encountersapi.Reader
	Patients   patientsapi.Reader
	Users      iamapi.Reader
	Facilities facilitiesapi.Reader
	Tenants    tenantsapi.Reader
	Packs      packsapi.Reader
	Gate       rulesapi.Gate
	// Orders places the tests that rules ask for.
	Orders ordersapi.Placer
	// Quality says which analytes are held back.
	Quality qualitycontrolapi.Reader
	// Alarmed says who is to act on a critical result before it is released.
	Alarmed alertsapi.Audience
}

// Module is the lab module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[labapi.SampleCollected](d.Bus, module)
	events.Declare[labapi.SampleReceived](d.Bus, module)
	events.Declare[labapi.SampleRejected](d.Bus, module)
	events.Declare[labapi.SampleStored](d.Bus, module)
	events.Declare[labapi.SampleDiscarded](d.Bus, module)
	events.Declare[labapi.ResultEntered](d.Bus, module)
	events.Declare[labapi.ResultVerified](d.Bus, module)
	events.Declare[labapi.ResultReleased](d.Bus, module)
	events.Declare[labapi.TestOverdue](d.Bus, module)
	events.Declare[labapi.SettingsChanged](d.Bus, module)
	return &Module{deps: d}
}
