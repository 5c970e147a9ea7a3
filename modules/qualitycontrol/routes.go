package qualitycontrol

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "qualitycontrol"
	const lots, holds = "/api/lab/control-lots", "/api/lab/control-holds"
	httpx.Read(api, httpx.Route{Path: lots, Module: module, Permission: CanRead, Summary: "List control lots with their targets and newest runs"}, m.ListLots)
	httpx.Write(api, httpx.Route{Method: "POST", Path: lots, Module: module, Permission: CanManage, Status: 201, Summary: "Open a control lot",
		Description: "409 qualitycontrol.lot_exists for a lot number, material and level that is there already."}, m.OpenLot)
	httpx.Read(api, httpx.Route{Path: lots + "/{id}", Module: module, Permission: CanRead, Summary: "One control lot, with the observed mean, SD and CV beside its targets"}, m.GetLot)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: lots + "/{id}", Module: module, Permission: CanManage, Summary: "Change when a lot expires, whether it is in use, and its targets"}, m.ChangeLot)
	httpx.Read(api, httpx.Route{Path: lots + "/{id}/runs", Module: module, Permission: CanRead, Summary: "List a lot's runs, the last measured first"}, m.ListRuns)
	httpx.Write(api, httpx.Route{Method: "POST", Path: lots + "/{id}/runs", Module: module, Permission: CanRun, Status: 201, Summary: "Enter what was found of an analyte in the lot",
		Description: "Judged by Westgard's rules: 1-2s warns; 1-3s, 2-2s, R-4s, 4-1s and 10x reject and hold the analyte's patient results back. 2-2s and R-4s also look at the newest run of the other levels of the same material, within eight hours and since this level's former run. A series ends at a run that was rejected and resolved, and where the target changed. A lot that is inactive (409 qualitycontrol.lot_inactive) or expired (409 qualitycontrol.lot_expired) is not run; nor is a run earlier than one that is there (409 qualitycontrol.run_out_of_order)."}, m.RecordRun)
	httpx.Write(api, httpx.Route{Method: "POST", Path: lots + "/{id}/runs/{run_id}/exclude", Module: module, Permission: CanManage, Summary: "Leave a run out of means and series",
		Description: "The run stays visible, and so does a hold that it began. 409 qualitycontrol.already_excluded."}, m.ExcludeRun)
	httpx.Read(api, httpx.Route{Path: holds, Module: module, Permission: CanRead, Summary: "List the holds of analytes"}, m.ListHolds)
	httpx.Read(api, httpx.Route{Path: holds + "/{id}", Module: module, Permission: CanRead, Summary: "One hold"}, m.GetHold)
	httpx.Write(api, httpx.Route{Method: "POST", Path: holds + "/{id}/resolve", Module: module, Permission: CanResolve, Summary: "Let patient results of the analyte go on",
		Description: "With If-Match it is refused (412) when a further run was rejected since. 409 qualitycontrol.already_resolved."}, m.ResolveHold)
}
