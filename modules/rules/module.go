package rules

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// The module's permissions.
const (
	CanRead = "rules.can_read"
	CanTune = "rules.can_tune"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See the rules that hold here", Roles: auth.EveryoneAndAuditor},
	{Code: CanTune, Description: "Change a rule's parameters and severity, switch it off, try it out", Roles: []auth.Role{auth.Admin}},
}

// Module is the rules module.
type Module struct {
	bus   *events.Bus
	packs packsapi.Reader
}

// Deps are what the module needs of others.
type Deps struct {
	Bus   *events.Bus
	Packs packsapi.Reader
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[rulesapi.Tuned](d.Bus, "rules")
	return &Module{bus: d.Bus, packs: d.Packs}
}
