package audit

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "audit"
	httpx.Read(api, httpx.Route{Path: "/api/audit/events", Module: module, Permission: CanRead, Summary: "List who did, saw or was refused what",
		Description: "Newest first: entries of the facility one acts in, and of the tenant as a whole."}, m.List)
	httpx.Read(api, httpx.Route{Path: "/api/audit/events/{id}/proof", Module: module, Permission: CanVerify, Fails: []int{409}, Summary: "Prove that an entry is sealed",
		Description: "409 audit.not_sealed_yet within about the first second."}, m.Prove)
	httpx.Read(api, httpx.Route{Path: "/api/audit/verify", Module: module, Permission: CanVerify, Summary: "Check the whole trail for tampering",
		Description: "Names every row that is not what was sealed, in every facility of the tenant, by id. A long trail answers 503 audit.verifying until it is done: ask again."}, m.Verify)
	httpx.Read(api, httpx.Route{Path: "/api/audit/seals", Module: module, Permission: CanVerify, Summary: "List the signed roots of the tree"}, m.Seals)
	httpx.Read(api, httpx.Route{Path: "/api/audit/consistency", Module: module, Permission: CanVerify, Fails: []int{409}, Summary: "Prove that the tree of one size continues that of another"}, m.ProveConsistency)
	httpx.Plain(api, httpx.Route{Method: "GET", Path: "/api/audit/export", Module: module, Permission: CanRead, MediaTypes: []string{"text/csv"}, Summary: "Export a time range as CSV",
		Description: "At most 200,000 entries at once. The export is itself recorded."}, m.Export)
}
