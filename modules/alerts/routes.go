package alerts

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module, list, one = "alerts", "/api/alerts", "/api/alerts/{id}"
	const policy, team, duty = "/api/alert-policies", "/api/alert-teams", "/api/alert-duties"
	httpx.Read(api, httpx.Route{Path: list, Module: module, Permission: CanRead, Summary: "List alerts, the newest first"}, m.List)
	httpx.Read(api, httpx.Route{Path: list + "/analytics", Module: module, Permission: CanAnalyse, Summary: "How long alerts waited to be acknowledged"}, m.Analytics)
	httpx.Read(api, httpx.Route{Path: one, Module: module, Permission: CanRead, Summary: "One alert with its history"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/acknowledge", Module: module, Permission: CanAcknowledge, Summary: "Say that one takes care of it",
		Description: "From OPEN. Repeating one's own changes nothing; 409 alerts.illegal_transition where another was first, or it is resolved. 403 alerts.not_for_you where a critical result is for others. Escalation ends."}, m.Acknowledge)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/resolve", Module: module, Permission: CanResolve, Summary: "Say that it is dealt with",
		Description: "From OPEN, which then waits for nobody to acknowledge it, and ACKNOWLEDGED, with what was done. The same words again change nothing; others are 409 alerts.illegal_transition. 403 alerts.not_for_you as for acknowledging."}, m.Resolve)

	httpx.Read(api, httpx.Route{Path: policy, Module: module, Permission: CanRead, Summary: "How the tenant's alerts escalate"}, m.ListPolicies)
	httpx.Read(api, httpx.Route{Path: policy + "/{kind}", Module: module, Permission: CanRead, Summary: "How alerts of a kind escalate"}, m.GetPolicy)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: policy + "/{kind}", Module: module, Permission: CanConfigure, Summary: "Say how alerts of a kind escalate",
		Description: "Alerts under way keep the time of their next step."}, m.PutPolicy)

	httpx.Read(api, httpx.Route{Path: team, Module: module, Permission: CanRead, Summary: "List the teams of the facility"}, m.ListTeams)
	httpx.Write(api, httpx.Route{Method: "POST", Path: team, Module: module, Permission: CanConfigure, Status: 201, Summary: "Make a team", Description: "409 alerts.team_code_taken."}, m.CreateTeam)
	httpx.Read(api, httpx.Route{Path: team + "/{id}", Module: module, Permission: CanRead, Summary: "One team"}, m.GetTeam)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: team + "/{id}", Module: module, Permission: CanConfigure, Summary: "Change a team's name or members"}, m.UpdateTeam)

	httpx.Read(api, httpx.Route{Path: duty, Module: module, Permission: CanRead, Summary: "List who is on duty, and when"}, m.ListDuties)
	httpx.Write(api, httpx.Route{Method: "POST", Path: duty, Module: module, Permission: CanConfigure, Status: 201, Summary: "Put somebody on duty for a role or a team"}, m.CreateDuty)
	httpx.Read(api, httpx.Route{Path: duty + "/{id}", Module: module, Permission: CanRead, Summary: "One duty"}, m.GetDuty)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: duty + "/{id}", Module: module, Permission: CanConfigure, Summary: "Move a duty"}, m.UpdateDuty)
	httpx.Write(api, httpx.Route{Method: "DELETE", Path: duty + "/{id}", Module: module, Permission: CanConfigure, Status: 204, Summary: "Take a duty back"}, m.DeleteDuty)
}
