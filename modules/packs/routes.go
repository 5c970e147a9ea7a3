package packs

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "packs"
	httpx.Read(api, httpx.Route{Path: "/api/workspace", Module: module, Summary: "Everything a frontend needs to begin",
		Description: "For every member: words, menu, forms, workflows and tools of the facility's packs, less what one may not see."}, m.Workspace)
	httpx.Read(api, httpx.Route{Path: "/api/templates", Module: module, Permission: CanRead, Summary: "List a pack's forms, each in its newest version"}, m.List)
	httpx.Read(api, httpx.Route{Path: "/api/templates/{code}", Module: module, Permission: CanRead, Summary: "One form, in any version a document may have been written with"}, m.Get)
	httpx.Read(api, httpx.Route{Path: "/api/packs", Module: module, Permission: CanRead, Summary: "List the tenant's packs, the built-in ones among them"}, m.ListPacks)
	httpx.Read(api, httpx.Route{Path: "/api/packs/{id}", Module: module, Permission: CanRead, Summary: "One pack: its versions, and what it holds"}, m.GetPack)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/packs", Module: module, Permission: CanInstall, Status: 201, Also: []int{200}, MaxBody: maxArchiveBytes,
		Summary: "Install a pack, or a new version of one, for the whole tenant",
		Description: "The zip of a pack folder. 201 for a pack that the tenant did not have, 200 for a new version, or for what is installed already. " +
			"422 packs.invalid names every fault as file:line, 409 packs.version_exists the same version with other content, 409 packs.version_older a version below the one in use."}, m.Install)
	httpx.Read(api, httpx.Route{Path: "/api/tools/allowed", Module: module, Permission: CanInstall, Summary: "The third parties' tools that may run in this tenant's browsers"}, m.GetAllowedTools)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: "/api/tools/allowed", Module: module, Permission: CanInstall, Summary: "Replace the list of allowed tools"}, m.AllowTools)
}
