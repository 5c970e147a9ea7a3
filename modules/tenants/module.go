package tenants

import (
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/tenants/tenantsapi"
)

// Module is the tenants module.
type Module struct {
	bus        *events.Bus
	facilities facilitiesapi.Opener
	people     iamapi.Founder
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Facilities facilitiesapi.Opener
	People     iamapi.Founder
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[tenantsapi.Created](d.Bus, "tenants")
	events.Declare[tenantsapi.Updated](d.Bus, "tenants")
	return &Module{bus: d.Bus, facilities: d.Facilities, people: d.People}
}
