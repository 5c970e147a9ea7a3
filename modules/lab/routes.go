package lab

import "hmsoftware.com/hm/kit/httpx"

// Routes adds the module's operations.
func (m *Module) Routes(api *httpx.API) {
	m.sampleRoutes(api)
	m.resultRoutes(api)
	m.settingsRoutes(api)
}

const module = "lab"

func (m *Module) sampleRoutes(api *httpx.API) {
	const list, one = "/api/lab/samples", "/api/lab/samples/{id}"
	const refusals = " 409 lab.illegal_transition for every step out of order, a second time too; lab.changed where somebody else was first. Also after the encounter closed."
	httpx.Read(api, httpx.Route{Path: "/api/lab/collection-list", Module: module, Permission: CanReadSamples, Summary: "Tubes to take, the most urgent first",
		Description: "One row for each tube: the tests of an encounter that share specimen and container."}, m.CollectionList)
	httpx.Read(api, httpx.Route{Path: list, Module: module, Permission: CanReadSamples, Summary: "List samples, newest first"}, m.ListSamples)
	httpx.Write(api, httpx.Route{Method: "POST", Path: list, Module: module, Permission: CanCollect, Status: 201, Summary: "Take a sample for tests of an encounter",
		Description: "One tube for tests of the same specimen and container: 422 lab.specimen_mismatch, lab.different_encounters. 404 lab.item_not_found, 409 lab.item_not_open, lab.already_collected, lab.barcode_taken. A barcode is made when none is given. 422 at body.pregnant for a male patient, at body.collected_at for a time before the patient was born."}, m.Collect)
	httpx.Read(api, httpx.Route{Path: one, Module: module, Permission: CanReadSamples, Summary: "One sample with its chain of custody"}, m.GetSample)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/receive", Module: module, Permission: CanReceive, Summary: "Receive a sample in the laboratory",
		Description: "From COLLECTED." + refusals}, m.Receive)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/reject", Module: module, Permission: CanReject, Summary: "Reject a sample, which asks for another",
		Description: "From COLLECTED, RECEIVED and STORED; 409 lab.results_entered once somebody verified a result of it, or one was released. What was entered of it before is void: it can be read, not verified. reason is a code of GET /api/lab/rejection-reasons, or words of one's own." + refusals}, m.Reject)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/store", Module: module, Permission: CanStore, Summary: "Store a sample",
		Description: "From RECEIVED." + refusals}, m.Store)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/discard", Module: module, Permission: CanStore, Summary: "Discard a sample",
		Description: "From RECEIVED and STORED; 409 lab.tests_waiting while a test of it has no result." + refusals}, m.Discard)
	httpx.Read(api, httpx.Route{Path: "/api/lab/rejection-reasons", Module: module, Permission: CanReadSamples, Summary: "Why samples are rejected"}, m.RejectionReasons)
}

func (m *Module) resultRoutes(api *httpx.API) {
	const list, one = "/api/lab/results", "/api/lab/results/{id}"
	const released = " Without a permission of the laboratory only what is released."
	httpx.Read(api, httpx.Route{Path: "/api/lab/worklist", Module: module, Permission: CanRead, Summary: "Tests at work, the most urgent first",
		Description: "All that a bench needs to enter and verify: analytes with ranges for this person, former values, the latest version."}, m.Worklist)
	httpx.Read(api, httpx.Route{Path: list, Module: module, Permission: CanReadReleased, Summary: "List results, newest first",
		Description: "Every version, or with latest=true the latest of each test." + released}, m.ListResults)
	httpx.Write(api, httpx.Route{Method: "POST", Path: list, Module: module, Permission: CanEnter, Status: 201, Summary: "Enter a result",
		Description: "Another post on the item is its next version, a correction once one was released. 409 lab.sample_not_received, lab.item_not_open, lab.result_changed where expected_version is not the latest, lab.changed where somebody else was first; 422 for a code the test lacks, a value that cannot be read, a unit that cannot be converted. Calculated analytes follow by themselves. Rules may hold it back (409 rules.blocked, rules.reason_required) or add warnings."}, m.Enter)
	httpx.Read(api, httpx.Route{Path: one, Module: module, Permission: CanReadReleased, Summary: "One version of a result", Description: released[1:]}, m.GetResult)
	httpx.Read(api, httpx.Route{Path: one + "/history", Module: module, Permission: CanReadReleased, Summary: "Every version of a result, oldest first", Description: released[1:]}, m.History)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/verify", Module: module, Permission: CanVerify, Summary: "Vouch for a result",
		Description: "The latest version, once: 409 lab.result_not_latest, lab.illegal_transition, lab.changed. A critical one needs critical_notice: 422 lab.critical_notice_required. 409 lab.four_eyes for who entered it where the facility says so, lab.quality_control_held with held, lab.person_changed where sex or date of birth were put right since it was entered."}, m.Verify)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/release", Module: module, Permission: CanRelease, Summary: "Release a verified result",
		Description: "409 lab.verification_required, lab.result_not_latest, lab.illegal_transition, lab.changed, lab.quality_control_held, lab.person_changed. Its order's report gets a version with it at once. Rules may hold it back."}, m.Release)
	httpx.Read(api, httpx.Route{Path: "/api/lab/control-holds/{id}/results", Module: module, Permission: CanRead, Summary: "Results that a failed control casts doubt on",
		Description: "Versions with a value of the held analyte that were entered or verified since the last good run before the violation, until the hold was resolved; the last entered first, whatever their status. 404 qualitycontrol.hold_not_found."}, m.SuspectResults)
	httpx.Read(api, httpx.Route{Path: "/api/lab/trends", Module: module, Permission: CanReadReleased, Summary: "Released values of a patient over time",
		Description: "Of current versions, oldest first within an analyte."}, m.Trends)
	httpx.Read(api, httpx.Route{Path: "/api/lab/turnaround", Module: module, Permission: CanRead, Summary: "How long tests take, against their targets",
		Description: "From order to first release, of tests ordered within the time."}, m.Turnaround)
	httpx.Read(api, httpx.Route{Path: "/api/lab/analytes", Module: module, Permission: CanReadReleased, Summary: "What the laboratory measures"}, m.Analytes)
}

func (m *Module) settingsRoutes(api *httpx.API) {
	const settings = "/api/lab/settings"
	httpx.Read(api, httpx.Route{Path: settings, Module: module, Permission: CanRead, Summary: "How the laboratory works"}, m.Settings)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: settings, Module: module, Permission: CanConfigure, Summary: "Say how the laboratory works"}, m.SaveSettings)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/lab/autoverification/suspend", Module: module, Permission: CanVerify, Summary: "Stop autoverification at once",
		Description: "From ON: 409 lab.illegal_transition. What is verified stays verified."}, m.SuspendAutoverification)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/lab/autoverification/resume", Module: module, Permission: CanConfigure, Summary: "Let autoverification go on",
		Description: "From SUSPENDED: 409 lab.illegal_transition."}, m.ResumeAutoverification)
}
