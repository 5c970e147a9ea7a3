package qualitycontrol

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

// The module's permissions.
const (
	CanRead    = "qualitycontrol.can_read"
	CanRun     = "qualitycontrol.can_run"
	CanManage  = "qualitycontrol.can_manage"
	CanResolve = "qualitycontrol.can_resolve"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See control lots, their runs and what is held", Roles: []auth.Role{auth.Admin, auth.LabTechnician, auth.Pathologist, auth.Auditor}},
	{Code: CanRun, Description: "Enter what control material was found to hold", Roles: []auth.Role{auth.Admin, auth.LabTechnician, auth.Pathologist}},
	{Code: CanManage, Description: "Open and change control lots, exclude a run from the calculation", Roles: []auth.Role{auth.Admin, auth.Pathologist}},
	{Code: CanResolve, Description: "Let patient results of a held analyte go on", Roles: []auth.Role{auth.Admin, auth.Pathologist}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus *events.Bus
	// Clock says whether a lot has expired by now.
	Clock clock.Clock
	// Facilities knows which day it is where the lot stands.
	Facilities facilitiesapi.Reader
	// Packs says which analytes the facility measures.
	Packs packsapi.Reader
	// Users gives the names of those who ran, excluded and resolved.
	Users iamapi.Reader
}

// Module is the qualitycontrol module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[qualitycontrolapi.LotOpened](d.Bus, "qualitycontrol")
	events.Declare[qualitycontrolapi.LotChanged](d.Bus, "qualitycontrol")
	events.Declare[qualitycontrolapi.RunRecorded](d.Bus, "qualitycontrol")
	events.Declare[qualitycontrolapi.RunViolated](d.Bus, "qualitycontrol")
	events.Declare[qualitycontrolapi.RunExcluded](d.Bus, "qualitycontrol")
	events.Declare[qualitycontrolapi.HoldResolved](d.Bus, "qualitycontrol")
	return &Module{deps: d}
}
