// Package labprint puts the laboratory's work on paper: reports of released results and labels of samples.
//
//	owns         reports: which versions of an order's results each one tells, its number, who read it; their layout
//	tables       labprint.report, labprint.reading, labprint.numbering, labprint.layout
//	permissions  labprint.can_read_reports, labprint.can_print_labels, labprint.can_configure_layout
//	publishes    labprint.report_issued.v1, labprint.layout_changed.v1
//	listens      Within lab.result_released.v1: issues the next version of the order's report
//	callers      staff over the API; anybody over GET /api/lab/report-check/{token}, which tells nothing about a patient
//
// A report never changes. A release in its order makes the next version, from the results that are released at that
// moment, under a lock of the order: two releases at once make two versions, and none of them mixes what was corrected
// with what it corrects. What the results said is kept as a digest, and a print that would say otherwise is refused.
//
// PDFs are typeset outside any transaction by kit/typeset, from templates/*.typ; words/*.json holds what they say in
// each language, and packs what analytes are called.
package labprint
