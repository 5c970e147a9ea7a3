package labprint

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/typeset"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/labprintapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// The module's permissions.
const (
	CanReadReports     = "labprint.can_read_reports"
	CanPrintLabels     = "labprint.can_print_labels"
	CanConfigureLayout = "labprint.can_configure_layout"
)

// Permissions says which built-in roles carry what. Reports are for those who may see the results of orders.
var Permissions = []auth.Permission{
	{Code: CanReadReports, Description: "Read and print laboratory reports", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.Therapist,
		auth.LabTechnician, auth.Pathologist, auth.Radiologist, auth.Pharmacist, auth.Biller, auth.Auditor}},
	{Code: CanPrintLabels, Description: "Print labels of samples", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.LabTechnician, auth.Pathologist}},
	{Code: CanConfigureLayout, Description: "Change how laboratory reports look", Roles: []auth.Role{auth.Admin, auth.Pathologist}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus  *events.Bus
	Pool *db.Pool
	// Journal records who was shown whose report.
	Journal httpx.Journal
	// Typesetter makes the PDFs; New makes one of its own where there is none.
	Typesetter *typeset.Typesetter
	// Secret of the installation, from which the key of the reports' seals is derived.
	Secret []byte
	// PublicURL is where people outside reach this installation, for the QR code: https://lab.example.org. Where it is
	// empty, the code leads to where whoever prints reaches it.
	PublicURL  string
	Lab        labapi.Reader
	Orders     ordersapi.Reader
	Encounters encountersapi.Reader
	Patients   patientsapi.Reader
	Facilities facilitiesapi.Reader
	Users      iamapi.Reader
	Packs      packsapi.Reader
}

// Module is the labprint module.
type Module struct {
	deps    Deps
	sealKey []byte
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[labprintapi.ReportIssued](d.Bus, "labprint")
	events.Declare[labprintapi.LayoutChanged](d.Bus, "labprint")
	if d.Typesetter == nil {
		d.Typesetter = typeset.New(typeset.Options{})
	}
	return &Module{deps: d, sealKey: auth.DeriveKey(d.Secret, "laboratory report")}
}
