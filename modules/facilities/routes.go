package facilities

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "facilities"
	httpx.Read(api, httpx.Route{Path: "/api/facilities", Module: module, Permission: CanRead, Summary: "List the facilities one belongs to"}, m.List)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/facilities", Module: module, Permission: CanCreate, Status: 201, Summary: "Open a facility"}, m.Create)
	httpx.Read(api, httpx.Route{Path: "/api/facilities/{id}", Module: module, Permission: CanRead, Summary: "One facility with its settings"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: "/api/facilities/{id}", Module: module, Permission: CanUpdate, Summary: "Change a facility's settings"}, m.Update)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: "/api/facilities/{id}/packs", Module: module, Permission: CanUpdate, Summary: "Choose the packs a facility works with",
		Description: "The first is the pack of new encounters that name none. Encounters under way keep theirs."}, m.ChoosePacks)
}
