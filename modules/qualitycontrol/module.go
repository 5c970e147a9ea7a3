package qualitycontrol

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{}

// Deps are what the module needs of others.
type Deps struct {
	Bus *events.Bus
}

// Module is the qualitycontrol module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[qualitycontrolapi.RunViolated](d.Bus, "qualitycontrol")
	events.Declare[qualitycontrolapi.HoldResolved](d.Bus, "qualitycontrol")
	return &Module{deps: d}
}
