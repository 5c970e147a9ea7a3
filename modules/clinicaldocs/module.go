package clinicaldocs

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// The module's permissions.
const (
	CanRead       = "clinicaldocs.can_read"
	CanReadDrafts = "clinicaldocs.can_read_drafts"
	CanDraft      = "clinicaldocs.can_draft"
	CanFinalize   = "clinicaldocs.can_finalize"
	CanAmend      = "clinicaldocs.can_amend"
)

var writers = []auth.Role{auth.Admin, auth.Doctor, auth.Nurse, auth.Therapist, auth.Radiologist, auth.Pathologist}

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "Read clinical documents, and one's own drafts", Roles: []auth.Role{
		auth.Admin, auth.Doctor, auth.Nurse, auth.Therapist, auth.Radiologist, auth.Pathologist, auth.LabTechnician, auth.Pharmacist, auth.Auditor}},
	{Code: CanReadDrafts, Description: "Read others' drafts, and finalise them with can_finalize", Roles: []auth.Role{auth.Admin, auth.Doctor, auth.Auditor}},
	{Code: CanDraft, Description: "Begin, replace and discard one's own drafts", Roles: writers},
	{Code: CanFinalize, Description: "Finalise a draft into a document of the record", Roles: writers},
	{Code: CanAmend, Description: "Supersede a document by an amended version, also after its encounter closed", Roles: writers},
}

// Module is the clinical documents module.
type Module struct {
	bus        *events.Bus
	encounters encountersapi.Reader
	patients   patientsapi.Reader
	facilities facilitiesapi.Reader
	packs      packsapi.Reader
	gate       rulesapi.Gate
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Encounters encountersapi.Reader
	Patients   patientsapi.Reader
	Facilities facilitiesapi.Reader
	Packs      packsapi.Reader
	Gate       rulesapi.Gate
}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[clinicaldocsapi.DocumentDrafted](d.Bus, "clinicaldocs")
	events.Declare[clinicaldocsapi.DraftReplaced](d.Bus, "clinicaldocs")
	events.Declare[clinicaldocsapi.DraftDiscarded](d.Bus, "clinicaldocs")
	events.Declare[clinicaldocsapi.DocumentFinalized](d.Bus, "clinicaldocs")
	events.Declare[clinicaldocsapi.DocumentAmended](d.Bus, "clinicaldocs")
	return &Module{bus: d.Bus, encounters: d.Encounters, patients: d.Patients, facilities: d.Facilities, packs: d.Packs, gate: d.Gate}
}
