package orders

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module, list, one = "orders", "/api/orders", "/api/orders/{id}"
	const holds = " What already holds changes nothing and is no event. 409 lab.result_unreleased once a result is entered and not released; 503 orders.busy while others change the order."
	httpx.Read(api, httpx.Route{Path: "/api/catalog", Module: module, Permission: CanRead, Summary: "What can be ordered",
		Description: "The services of a pack, or of all packs of the facility. q looks for words and beginnings of words in code, name and synonyms, in every language; the best come first."}, m.Catalog)
	httpx.Read(api, httpx.Route{Path: "/api/order-sets", Module: module, Permission: CanRead, Summary: "What is ordered together"}, m.OrderSets)
	httpx.Read(api, httpx.Route{Path: list, Module: module, Permission: CanRead, Summary: "List orders, newest first"}, m.List)
	httpx.Write(api, httpx.Route{Method: "POST", Path: list, Module: module, Permission: CanCreate, Status: 201, Summary: "Order services for a patient",
		Description: "From the catalogue of the encounter's pack: 422 orders.unknown_service. Panels become the services they stand for. Rules may hold the order back (409 rules.blocked, rules.reason_required) or add warnings; another order of the same service not long ago is warned of as orders.duplicate. 409 encounters.not_open."}, m.Create)
	httpx.Read(api, httpx.Route{Path: one, Module: module, Permission: CanRead, Summary: "One order"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/cancel", Module: module, Permission: CanCancel, Summary: "Cancel what is still open of an order",
		Description: "Also after its encounter closed. What is done of it stays done. 409 orders.illegal_transition once all of it is done." + holds}, m.Cancel)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/items/{item_id}/complete", Module: module, Permission: CanComplete, Summary: "Say that an item is done",
		Description: "Also after its encounter closed. From REQUESTED and IN_PROGRESS: 409 orders.illegal_transition. Tasks of the item that are still to do are cancelled." + holds}, m.CompleteItem)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/items/{item_id}/cancel", Module: module, Permission: CanCancel, Summary: "Cancel an item",
		Description: "Also after its encounter closed. From REQUESTED and IN_PROGRESS: 409 orders.illegal_transition. Tasks of the item that are still to do are cancelled." + holds}, m.CancelItem)
}
