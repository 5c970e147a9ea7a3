package tenants

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "tenants"
	httpx.Read(api, httpx.Route{Path: "/api/tenants", Module: module, Access: httpx.Superuser, Summary: "List the installation's tenants"}, m.List)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/tenants", Module: module, Access: httpx.Superuser, Status: 201, Summary: "Found a tenant",
		Description: "With its facilities, the built-in roles and an administrator of every facility, all or nothing."}, m.Create)
	httpx.Read(api, httpx.Route{Path: "/api/tenants/{id}", Module: module, Access: httpx.Superuser, Summary: "One tenant"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: "/api/tenants/{id}", Module: module, Access: httpx.Superuser, Summary: "Rename a tenant, close it or open it again",
		Description: "A closed tenant lets nobody in; what it holds stays as it is."}, m.Update)
}
