// Package labprint holds a facility's report records.
//
//	owns         report: name, whether it is active
//	tables       labprint.report
//	permissions  labprint.can_read, labprint.can_create, labprint.can_update
//	publishes    labprint.created.v1, labprint.updated.v1
//	listens      to nobody
//	callers      staff over the API; other modules ask through labprintapi.Reader
package labprint
