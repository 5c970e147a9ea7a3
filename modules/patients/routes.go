package patients

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "patients"
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/patients", Module: module, Permission: CanCreate, Status: 201, Summary: "Register a patient"}, m.Register)
	httpx.Read(api, httpx.Route{Path: "/api/patients", Module: module, Permission: CanRead, Summary: "Find patients, or list the newest"}, m.List)
	httpx.Read(api, httpx.Route{Path: "/api/patients/duplicates", Module: module, Permission: CanRead, Summary: "Who may already be the person about to be registered"}, m.Duplicates)
	httpx.Read(api, httpx.Route{Path: "/api/patients/{id}", Module: module, Permission: CanRead, Summary: "One patient's record"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: "/api/patients/{id}", Module: module, Permission: CanUpdate, Summary: "Correct a patient's record"}, m.Update)
}
