package alerts

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{}

// Deps are what the module needs of others.
type Deps struct {
	Bus *events.Bus
}

// Module is the alerts module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[alertsapi.Raised](d.Bus, "alerts")
	events.Declare[alertsapi.Escalated](d.Bus, "alerts")
	events.Declare[alertsapi.Acknowledged](d.Bus, "alerts")
	events.Declare[alertsapi.Resolved](d.Bus, "alerts")
	return &Module{deps: d}
}
