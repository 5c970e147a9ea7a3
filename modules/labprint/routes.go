package labprint

import (
	"net/http"

	"hmsoftware.com/hm/kit/httpx"
)

// Routes adds the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "labprint"
	// None of these may be repeated wrongly, so their POSTs take no Idempotency-Key.
	const again = "Asking again prints again and does nothing else: an Idempotency-Key is not needed and is ignored."
	pdf, label := []string{"application/pdf"}, []string{"application/pdf", "text/plain"}
	httpx.Read(api, httpx.Route{Path: "/api/lab/reports", Module: module, Permission: CanReadReports, Summary: "List laboratory reports, the newest first",
		Description: "Each release of a result makes the next version of its order's report."}, m.List)
	httpx.Read(api, httpx.Route{Path: "/api/lab/reports/{id}", Module: module, Permission: CanReadReports, Summary: "One version of a laboratory report"}, m.Get)
	httpx.Plain(api, httpx.Route{Method: http.MethodGet, Path: "/api/lab/reports/{id}/pdf", Module: module, Permission: CanReadReports, MediaTypes: pdf,
		Summary:     "A laboratory report as PDF",
		Description: "In English, Hindi, Tamil or Urdu. Who reads it is remembered and told when it is corrected. Its QR code leads to the public address of the installation, else to the one that it was asked at. 409 labprint.content_altered where the results are not what they were when it was issued. 503 labprint.typesetter_busy, to be asked again; 503 labprint.typesetter_missing says what to install."}, m.ReportPDF)
	httpx.Plain(api, httpx.Route{Method: http.MethodPost, Path: "/api/lab/reports/print", Module: module, Permission: CanReadReports, MediaTypes: pdf,
		Summary: "Several laboratory reports as one PDF", Description: again}, m.PrintReports)
	httpx.Read(api, httpx.Route{Path: "/api/lab/report-check/{token}", Module: module, Access: httpx.Public, Summary: "Whether a printed report is genuine",
		Description: "For whoever holds the paper: the token is what its QR code says. It tells nothing about the patient."}, m.Check)
	httpx.Read(api, httpx.Route{Path: "/api/lab/report-layout", Module: module, Permission: CanReadReports, Summary: "How the facility's laboratory reports look"}, m.GetLayout)
	httpx.Write(api, httpx.Route{Method: http.MethodPut, Path: "/api/lab/report-layout", Module: module, Permission: CanConfigureLayout,
		Summary: "Change how the facility's laboratory reports look"}, m.PutLayout)
	httpx.Plain(api, httpx.Route{Method: http.MethodGet, Path: "/api/lab/samples/{id}/label", Module: module, Permission: CanPrintLabels, MediaTypes: label,
		Summary: "The label of a sample, as PDF or ZPL"}, m.SampleLabel)
	httpx.Plain(api, httpx.Route{Method: http.MethodPost, Path: "/api/lab/labels", Module: module, Permission: CanPrintLabels, MediaTypes: label,
		Summary: "The labels of several samples, one a page, as PDF or ZPL", Description: again}, m.Labels)
}
