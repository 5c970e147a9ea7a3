package packs

import (
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/httpx"
)

// CanRead lets a user see what the packs teach: forms, words, workflows.
const CanRead = "packs.can_read"

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See the forms of clinical documents", Roles: auth.EveryoneAndAuditor},
}

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "packs"
	httpx.Read(api, httpx.Route{Path: "/api/workspace", Module: module, Summary: "Everything a frontend needs to begin",
		Description: "For every member: words, menu, forms, workflows and tools of the facility's packs, less what one may not see."}, m.Workspace)
	httpx.Read(api, httpx.Route{Path: "/api/templates", Module: module, Permission: CanRead, Summary: "List a pack's forms, each in its newest version"}, m.List)
	httpx.Read(api, httpx.Route{Path: "/api/templates/{code}", Module: module, Permission: CanRead, Summary: "One form, in any version a document may have been written with"}, m.Get)
}
