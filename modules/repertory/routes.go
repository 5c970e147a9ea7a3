package repertory

import "hmsoftware.com/hm/kit/httpx"

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "repertory"
	httpx.Read(api, httpx.Route{Path: "/api/repertory", Module: module, Permission: CanRead, Summary: "Which edition the tenant has, and its chapters"}, m.Edition)
	httpx.Read(api, httpx.Route{Path: "/api/repertory/rubrics", Module: module, Permission: CanRead, Summary: "Find rubrics while typing",
		Description: "Every word of q begins a word of the rubric or its chapter. Rubrics that begin with the words of q come first, then those that begin with them unfinished; shorter ones before longer ones, else as in the book. Without q the chapter, or the book, as it is."}, m.Rubrics)
	httpx.Read(api, httpx.Route{Path: "/api/repertory/rubrics/{id}", Module: module, Permission: CanRead, Summary: "One rubric with its graded remedies"}, m.Rubric)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/repertory/analyses", Module: module, Permission: CanAnalyse, Status: 200, Summary: "Weigh remedies over the rubrics of a case",
		Description: "total: the sum of weight x grade, then how many rubrics know the remedy. coverage: the other way round. small_rubrics: weight x grade x ln(N/n), n of all N remedies being in the rubric, so that what few remedies have counts for more. A remedy that lacks an eliminating rubric is excluded. Nothing is kept."}, m.Analyse)
}
