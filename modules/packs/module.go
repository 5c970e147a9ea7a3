package packs

import (
	"fmt"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

// The module's permissions.
const (
	CanRead    = "packs.can_read"
	CanInstall = "packs.can_install"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See the packs and the forms of clinical documents", Roles: auth.EveryoneAndAuditor},
	{Code: CanInstall, Description: "Install packs and allow tools of third parties", Roles: []auth.Role{auth.Admin}},
}

// Module is the packs module.
type Module struct {
	*ofTheBinary
	bus        *events.Bus
	facilities facilitiesapi.Reader
	needs      Needs

	installed remembered[installed]
	tools     remembered[[]AllowedTool]
	opened    openedPacks
	views     views
	parts     parts
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Facilities facilitiesapi.Reader
	Needs      Needs
}

// Needs says which permissions let a user see what packs put on screens: any one of those listed. What is not listed
// is for everybody.
type Needs struct {
	// Screens of navigation and Cards of charts, by name.
	Screens, Cards map[string][]string
}

// New makes the module and declares its events. It fails when a built-in pack is faulty, naming file and line.
func New(d Deps) (*Module, error) {
	loaded, err := loadBuiltIn(builtin.Files)
	if err != nil {
		return nil, fmt.Errorf("loading the built-in packs: %w", err)
	}
	events.Declare[packsapi.Installed](d.Bus, "packs")
	events.Declare[packsapi.ToolsAllowed](d.Bus, "packs")
	return &Module{ofTheBinary: loaded, bus: d.Bus, facilities: d.Facilities, needs: d.Needs}, nil
}
