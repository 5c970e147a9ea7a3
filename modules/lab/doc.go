// Package lab holds a facility's sample records.
//
//	owns         sample: name, whether it is active
//	tables       lab.sample
//	permissions  lab.can_read, lab.can_create, lab.can_update
//	publishes    lab.created.v1, lab.updated.v1
//	listens      to nobody
//	callers      staff over the API; other modules ask through labapi.Reader
package lab
