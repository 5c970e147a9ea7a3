package repertory

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/repertory/repertoryapi"
)

// The module's permissions.
const (
	CanRead    = "repertory.can_read"
	CanAnalyse = "repertory.can_analyse"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "Look rubrics up in the repertory", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Therapist, auth.Nurse, auth.Pharmacist, auth.Auditor}},
	{Code: CanAnalyse, Description: "Weigh remedies over the rubrics of a case", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Therapist}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus *events.Bus
}

// Module is the repertory module.
type Module struct {
	bus   *events.Bus
	shelf *shelf
}

// New makes the module and declares its event.
func New(d Deps) *Module {
	events.Declare[repertoryapi.Imported](d.Bus, "repertory")
	return &Module{bus: d.Bus, shelf: newShelf()}
}
