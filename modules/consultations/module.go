package consultations

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/consultations/consultationsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: consultationsapi.CanSign, Description: "Sign a consultation: what was found, decided and ordered at one go", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Therapist}},
}

// Needs are the permissions that the parts of a consultation ask for.
type Needs struct{ Assessment, Plan, Note, Documents, Orders string }

// Deps are what the module needs of others.
type Deps struct {
	Encounters encountersapi.Reader
	Entries    encountersapi.Writer
	Documents  clinicaldocsapi.Finalizer
	Orders     ordersapi.Placer
	Needs      Needs
}

// Module is the consultations module.
type Module struct {
	deps Deps
}

// New makes the module.
func New(d Deps) *Module { return &Module{deps: d} }
