// Package consultations signs what a clinician found, decided and ordered in one go: assessment, plan and note of the
// encounter, final documents, orders. All of it becomes part of the record, or none.
//
//	owns         nothing: it joins acts of other modules in one transaction
//	tables       none
//	permissions  consultations.can_sign; each part needs its own module's besides
//	publishes    nothing: each module tells of its part
//	listens      to nobody
//	asks         encounters; encountersapi.Writer, clinicaldocsapi.Finalizer and ordersapi.Placer write
//	callers      clinicians over the API
package consultations
