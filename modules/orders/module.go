package orders

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

// The module's permissions.
const (
	CanRead     = "orders.can_read"
	CanCreate   = "orders.can_create"
	CanCancel   = "orders.can_cancel"
	CanComplete = "orders.can_complete"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See orders, and what can be ordered", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.Therapist,
		auth.LabTechnician, auth.Pathologist, auth.Radiologist, auth.Pharmacist, auth.Biller, auth.Auditor}},
	{Code: CanCreate, Description: "Order services for a patient", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Therapist}},
	{Code: CanCancel, Description: "Cancel an order, or an item of it", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Therapist,
		auth.LabTechnician, auth.Pathologist, auth.Radiologist, auth.Pharmacist}},
	{Code: CanComplete, Description: "Say that an item of an order is done", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.Therapist,
		auth.LabTechnician, auth.Pathologist, auth.Radiologist, auth.Pharmacist}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Encounters encountersapi.Reader
	Patients   patientsapi.Reader
	Users      iamapi.Reader
	Facilities facilitiesapi.Reader
	Packs      packsapi.Reader
	Tasks      tasksapi.Reader
	Gate       rulesapi.Gate
}

// Module is the orders module.
type Module struct {
	deps Deps
}

var _ ordersapi.Placer = (*Module)(nil)

// New makes the module and declares its events.
func New(d Deps) *Module {
	const module = "orders"
	events.Declare[ordersapi.Created](d.Bus, module)
	events.Declare[ordersapi.Completed](d.Bus, module)
	events.Declare[ordersapi.Cancelled](d.Bus, module)
	events.Declare[ordersapi.ItemStarted](d.Bus, module)
	events.Declare[ordersapi.ItemCompleted](d.Bus, module)
	events.Declare[ordersapi.ItemCancelled](d.Bus, module)
	return &Module{deps: d}
}
