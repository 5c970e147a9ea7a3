// Package patients knows the people under a facility's care: who they are, their numbers, and how to find them
// however their names are spelt.
//
//	owns         patients: MRN, name, birth, contact, outside identifiers, what packs keep of them; the search for them
//	tables       patients.patient, patients.identifier, patients.search_entry, patients.datum (what is searchable of
//	             system_specific_data)
//	permissions  patients.can_read, patients.can_create, patients.can_update
//	publishes    patients.registered.v1, patients.updated.v1
//	listens      to nobody
//	asks         facilities for its settings, packs for the forms of what they keep
//	callers      front desk and clinicians over the API; other modules read summaries through patientsapi.Reader
package patients
