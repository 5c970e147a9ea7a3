// Package clinicaldocs holds the documents clinicians write after a pack's templates, such as a progress note.
//
//	owns         drafts, which change and belong to their authors; FINAL and AMENDED documents, which never change;
//	             observations: what current documents, and vital signs, say of a patient in a terminology
//	tables       clinicaldocs.draft, clinicaldocs.document (append-only), clinicaldocs.latest (read model),
//	             clinicaldocs.observation (read model); the view clinicaldocs.record shows drafts and documents in one shape
//	permissions  clinicaldocs.can_read, can_read_drafts, can_draft, can_finalize, can_amend
//	publishes    clinicaldocs.document_drafted.v1, document_finalized.v1, document_amended.v1 (on the timeline),
//	             draft_replaced.v1, draft_discarded.v1
//	listens      encounters.closed.v1, encounters.cancelled.v1: drafts left behind can only be discarded;
//	             vitals_recorded.v1: vital signs become observations
//	asks         packs for templates; the rules of the moment document.finalize before a row joins the record
//	callers      clinicians over the API; the close gate through clinicaldocsapi.Reader; tasks by event
//
// A draft, once finalised, stays as it was and a new FINAL row is the document: the first of a chain. Each amendment
// is a new AMENDED row that supersedes the newest of its chain; a chain cannot fork. An encounter may have several
// documents of one template (a progress note a day), each with its own chain. The latest of a template is the one
// finalised last, in its newest version: amending Monday's note does not make it newer than Tuesday's.
//
// Who finalises a document is its author, whoever drafted it: the signature counts. Documents may be amended after
// their encounter closed; nothing else may. What a template computes is reckoned as of the chain's first version: the
// patient's age then, not on the day of the correction.
package clinicaldocs
