package patients

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// The module's permissions.
const (
	CanRead   = "patients.can_read"
	CanCreate = "patients.can_create"
	CanUpdate = "patients.can_update"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "Search patients and see their records", Roles: auth.EveryoneAndAuditor},
	{Code: CanCreate, Description: "Register a patient", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.Receptionist}},
	{Code: CanUpdate, Description: "Correct a patient's record", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.Receptionist}},
}

// Module is the patients module.
type Module struct {
	bus        *events.Bus
	facilities facilitiesapi.Reader
	packs      packsapi.Reader
	upcoming   upcoming
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Facilities facilitiesapi.Reader
	Packs      packsapi.Reader
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[patientsapi.Registered](d.Bus, "patients")
	events.Declare[patientsapi.Updated](d.Bus, "patients")
	return &Module{bus: d.Bus, facilities: d.Facilities, packs: d.Packs}
}
