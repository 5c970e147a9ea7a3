package consultations

import (
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/consultations/consultationsapi"
)

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/encounters/{id}/sign", Module: "consultations", Permission: consultationsapi.CanSign, Status: 201,
		Summary:     "Sign a consultation: entries, documents and orders together",
		Description: "All or nothing. Each part answers as it does by itself, with its place in this request: body.orders[0].items[1].service_code; a refusal that is no fault of a field names its part. Rules are met once each, and a refusal tells of all that hold any part back; overrides count for all parts."}, m.Sign)
}
