package clinicaldocs

import "hmsoftware.com/hm/kit/httpx"

// maxBody leaves room for the request around the largest payload.
const maxBody = 2 * maxPayload

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "clinicaldocs"
	httpx.Read(api, httpx.Route{Path: "/api/clinical-docs", Module: module, Permission: CanRead, Summary: "List an encounter's or a patient's documents",
		Description: "Each document in its newest version, newest first. include_drafts adds one's own drafts, and others' with clinicaldocs.can_read_drafts."}, m.List)
	httpx.Read(api, httpx.Route{Path: "/api/clinical-docs/latest", Module: module, Permission: CanRead, Summary: "The latest document of each template",
		Description: "The one finalised last, in its newest version. With include_drafts one's own unfinished draft stands in its place where that is newer."}, m.Latest)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/clinical-docs/draft", Module: module, Permission: CanDraft, Status: 201, Also: []int{200}, MaxBody: maxBody,
		Summary: "Begin a document", Description: "The same idempotency_key of the same author on the same encounter answers 200 with the draft it made. What the template requires may still be missing."}, m.Draft)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/clinical-docs/finalize", Module: module, Permission: CanFinalize, Status: 201, Also: []int{200},
		Summary: "Make a draft a document of the record", Description: "A new FINAL row whose author is the caller. Rules may hold it back (409 rules.blocked) or add warnings. A draft finalised before answers 200 with the document it became. Another's draft needs clinicaldocs.can_read_drafts too."}, m.Finalize)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/clinical-docs/amend", Module: module, Permission: CanAmend, Status: 201, MaxBody: maxBody,
		Summary: "Supersede a document by an amended version", Description: "Only the newest version can be amended, also after its encounter closed. Send the whole payload, or payload_patch (RFC 7396)."}, m.Amend)
	httpx.Read(api, httpx.Route{Path: "/api/clinical-docs/carry-over", Module: module, Permission: CanRead, Summary: "What a new document may begin with",
		Description: "The values of the patient's last document of this template that the template carries on (x-carry). Nothing to carry is no error: document_id is then null."}, m.CarryOver)
	httpx.Read(api, httpx.Route{Path: "/api/patients/{id}/observations", Module: module, Permission: CanRead, Summary: "What is known of a patient in terminologies, newest first",
		Description: "Values of fields that templates mark with x-obs, of current documents only, and vital signs (LOINC)."}, m.Observations)
	httpx.Read(api, httpx.Route{Path: "/api/clinical-docs/{id}", Module: module, Permission: CanRead, Summary: "One document or draft"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: "/api/clinical-docs/{id}", Module: module, Permission: CanDraft, MaxBody: maxBody, Summary: "Replace the payload of one's own draft"}, m.Replace)
	httpx.Read(api, httpx.Route{Path: "/api/clinical-docs/{id}/history", Module: module, Permission: CanRead, Summary: "Every version of a document, oldest first",
		Description: "The history of a draft is that of the document it became, or the draft alone."}, m.History)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/clinical-docs/{id}/discard", Module: module, Permission: CanDraft, Summary: "Give up one's own draft"}, m.Discard)
}
