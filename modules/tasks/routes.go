package tasks

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module, list, one = "tasks", "/api/tasks", "/api/tasks/{id}"
	const holds = " What already holds changes nothing and is no event. 409 tasks.illegal_transition; 409 encounters.not_open once the encounter is over; tasks of the laboratory end with a cancelled one only."
	httpx.Read(api, httpx.Route{Path: list, Module: module, Permission: CanRead, Summary: "List tasks"}, m.List)
	httpx.Write(api, httpx.Route{Method: "POST", Path: list, Module: module, Permission: CanCreate, Status: 201, Also: []int{200}, Summary: "Open a task, once per encounter and code",
		Description: "200 with the task as it is when the encounter has one of this code. 409 encounters.not_open for a new one once the encounter is over."}, m.Create)
	httpx.Read(api, httpx.Route{Path: one, Module: module, Permission: CanRead, Summary: "One task"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/assign", Module: module, Permission: CanAssign, Summary: "Say whose task it is",
		Description: "While it is still to do." + holds}, m.Assign)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/unassign", Module: module, Permission: CanAssign, Summary: "Make it nobody's task",
		Description: "While it is still to do." + holds}, m.Unassign)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/start", Module: module, Permission: CanWork, Summary: "Begin a task",
		Description: "From OPEN." + holds}, m.Start)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/complete", Module: module, Permission: CanWork, Summary: "Complete a task",
		Description: "From IN_PROGRESS; from OPEN it starts and completes. Rules may hold it back (409 rules.blocked, 409 rules.reason_required) or add warnings. Completing critical-result-ack acknowledges: 409 alerts.acknowledge_first for who may not." + holds}, m.Complete)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/reopen", Module: module, Permission: CanWork, Summary: "Reopen a task that was done",
		Description: "From DONE, to IN_PROGRESS." + holds}, m.Reopen)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/cancel", Module: module, Permission: CanCancel, Summary: "Cancel a task",
		Description: "From OPEN and IN_PROGRESS. 409 alerts.acknowledge_first for critical-result-ack while its result waits." + holds}, m.Cancel)
}
