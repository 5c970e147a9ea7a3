package rules

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// The module's permissions.
const (
	CanRead        = "rules.can_read"
	CanReadFirings = "rules.can_read_firings"
	CanTune        = "rules.can_tune"
	CanOverride    = "rules.can_override"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See the rules that hold here", Roles: auth.EveryoneAndAuditor},
	{Code: CanReadFirings, Description: "See which rules fired for patients, with which facts, and who passed them for what reason", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Auditor}},
	{Code: CanOverride, Description: "Pass a rule that allows it by giving a reason", Roles: []auth.Role{auth.Doctor}},
	{Code: CanTune, Description: "Change a rule's parameters and severity, switch it off, try it out", Roles: []auth.Role{auth.Admin}},
}

// Module is the rules module.
type Module struct {
	deps Deps
}

// Deps are what the module needs of others.
type Deps struct {
	Bus   *events.Bus
	Packs packsapi.Reader
	// What rules may weigh, read only where there is a rule.
	Encounters encountersapi.Reader
	Patients   patientsapi.Reader
	Facilities facilitiesapi.Reader
	Results    clinicaldocsapi.Reader
	// Laboratory may be nil where there is none.
	Laboratory labapi.Reader
	Orders     ordersapi.Reader
	// Tasks tell whether what a rule asks for waits to be done already; read only where one asks.
	Tasks tasksapi.Reader
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[rulesapi.Tuned](d.Bus, "rules")
	events.Declare[rulesapi.RuleFired](d.Bus, "rules")
	return &Module{deps: d}
}
