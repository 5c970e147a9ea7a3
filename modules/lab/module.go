package lab

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{}

// Deps are what the module needs of others.
type Deps struct {
	Bus *events.Bus
}

// Module is the lab module.
type Module struct {
	deps Deps
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[labapi.SampleCollected](d.Bus, "lab")
	events.Declare[labapi.SampleReceived](d.Bus, "lab")
	events.Declare[labapi.SampleRejected](d.Bus, "lab")
	events.Declare[labapi.SampleStored](d.Bus, "lab")
	events.Declare[labapi.SampleDiscarded](d.Bus, "lab")
	events.Declare[labapi.ResultEntered](d.Bus, "lab")
	events.Declare[labapi.ResultVerified](d.Bus, "lab")
	events.Declare[labapi.ResultReleased](d.Bus, "lab")
	events.Declare[labapi.TestOverdue](d.Bus, "lab")
	events.Declare[labapi.SettingsChanged](d.Bus, "lab")
	return &Module{deps: d}
}
