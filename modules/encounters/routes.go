package encounters

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module, list, one = "encounters", "/api/encounters", "/api/encounters/{id}"
	httpx.Read(api, httpx.Route{Path: list, Module: module, Permission: CanRead, Summary: "List encounters, newest first"}, m.List)
	httpx.Write(api, httpx.Route{Method: "POST", Path: list, Module: module, Permission: CanCreate, Status: 201, Summary: "Open an encounter",
		Description: "409 encounters.active_exists with encounter_id when the patient has one under way and the facility allows one."}, m.Create)
	httpx.Read(api, httpx.Route{Path: one, Module: module, Permission: CanRead, Summary: "One encounter"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: one, Module: module, Permission: CanUpdate, Summary: "Change reason, attending doctor or system data",
		Description: "Only while the encounter is under way: 409 encounters.not_open."}, m.Update)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/check-in", Module: module, Permission: CanCheckIn, Summary: "Check the patient in",
		Description: "From CREATED only: 409 encounters.illegal_transition."}, m.CheckIn)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/start-consult", Module: module, Permission: CanStartConsult, Summary: "Begin the consultation",
		Description: "From CHECKED_IN only: 409 encounters.illegal_transition."}, m.StartConsult)
	httpx.Read(api, httpx.Route{Path: one + "/close-gate", Module: module, Permission: CanRead, Summary: "Whether the encounter can close, and what is missing"}, m.CloseGate)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/close", Module: module, Permission: CanClose, Summary: "Close the encounter",
		Description: "From IN_CONSULT only: 409 encounters.illegal_transition. 409 encounters.close_blocked with gate and rules while a rule blocks, 409 rules.reason_required while one wants a reason; overrides pass those that the caller may override. Tasks still to be done are cancelled."}, m.Close)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/cancel", Module: module, Permission: CanCancel, Summary: "Cancel the encounter",
		Description: "From any status but CLOSED and CANCELLED: 409 encounters.illegal_transition. Tasks still to be done are cancelled. 409 alerts.unacknowledged_critical, lab.result_unreleased: what was measured is not buried."}, m.Cancel)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/vitals", Module: module, Permission: CanRecordVitals, Status: 201, Summary: "Record vital signs",
		Description: "At least one; both blood pressures or none. 409 encounters.not_open."}, m.RecordVitals)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/assessment", Module: module, Permission: CanRecordAssessment, Status: 201, Summary: "Record an assessment"}, m.RecordAssessment)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/plan", Module: module, Permission: CanRecordPlan, Status: 201, Summary: "Record a plan of treatment"}, m.RecordPlan)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/notes", Module: module, Permission: CanRecordNote, Status: 201, Summary: "Write a progress note"}, m.RecordNote)
	httpx.Read(api, httpx.Route{Path: one + "/documents", Module: module, Permission: CanRead, Summary: "Vitals, assessments, plans and notes, newest first"}, m.Documents)
	httpx.Read(api, httpx.Route{Path: one + "/timeline", Module: module, Permission: CanRead, Summary: "What happened in the encounter, in order"}, m.Timeline)
}
