package facilities

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// The module's permissions.
const (
	CanRead   = "facilities.can_read"
	CanCreate = "facilities.can_create"
	CanUpdate = "facilities.can_update"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See the facilities one belongs to", Roles: auth.EveryoneAndAuditor},
	{Code: CanCreate, Description: "Open a facility", Roles: []auth.Role{auth.Admin}},
	{Code: CanUpdate, Description: "Change a facility's settings", Roles: []auth.Role{auth.Admin}},
}

// Module is the facilities module.
type Module struct {
	bus      *events.Bus
	settings *Remembered
	packs    packsapi.Reader
}

// Deps are what the module needs of others.
type Deps struct {
	Bus *events.Bus
	// Settings is the node's reader that remembers, to be told of changes at once; nil where there is none.
	Settings *Remembered
	// Packs is asked which packs the tenant has.
	Packs packsapi.Reader
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[facilitiesapi.Created](d.Bus, "facilities")
	events.Declare[facilitiesapi.Updated](d.Bus, "facilities")
	return &Module{bus: d.Bus, settings: d.Settings, packs: d.Packs}
}
