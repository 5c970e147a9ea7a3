package rules

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "rules"
	httpx.Read(api, httpx.Route{Path: "/api/rules", Module: module, Permission: CanRead, Summary: "List the rules of the packs, as they hold for this tenant"}, m.List)
	httpx.Read(api, httpx.Route{Path: "/api/rules/{code}", Module: module, Permission: CanRead, Summary: "One rule, as it holds for this tenant"}, m.Get)
	httpx.Read(api, httpx.Route{Path: "/api/rules/firings", Module: module, Permission: CanReadFirings, Summary: "Rules that fired on acts that passed, newest first",
		Description: "Each with the facts that made it fire, and the reason where somebody passed it. The rules of a refused act are in the audit trail. Rules that fired on results as they were entered or autoverified only the laboratory sees, as it alone sees unreleased results."}, m.Firings)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: "/api/rules/{code}", Module: module, Permission: CanTune, Summary: "Tune a rule for this tenant",
		Description: "Replaces the tenant's override: what is absent is as the pack has it."}, m.Tune)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/rules/{code}/test", Module: module, Permission: CanTune, Summary: "Try a rule on given facts",
		Description: "Tells whether it fires, why, and with which message. Changes nothing; a rule that is switched off is tried all the same."}, m.Try)
}
