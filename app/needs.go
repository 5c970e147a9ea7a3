package app

import (
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/tasks"
)

// needs ties what packs may put on screens to what the modules behind it ask for.
var needs = packs.Needs{
	Screens: map[string][]string{
		"desk":           {patients.CanCreate, encounters.CanCheckIn},
		"triage":         {encounters.CanRecordVitals},
		"queue":          {encounters.CanStartConsult},
		"tasks":          {tasks.CanRead},
		"administration": {iam.CanManageUsers, iam.CanReadRoles, facilities.CanUpdate, rules.CanTune},
		"audit":          {audit.CanRead},
	},
	Cards: map[string][]string{
		packsapi.CardTrend:          {clinicaldocs.CanRead},
		packsapi.CardLatestDocument: {clinicaldocs.CanRead},
		packsapi.CardDocuments:      {clinicaldocs.CanRead},
		packsapi.CardTool:           {clinicaldocs.CanRead},
	},
}
