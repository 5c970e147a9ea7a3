// Package qualitycontrol holds a facility's lot records.
//
//	owns         lot: name, whether it is active
//	tables       qualitycontrol.lot
//	permissions  qualitycontrol.can_read, qualitycontrol.can_create, qualitycontrol.can_update
//	publishes    qualitycontrol.created.v1, qualitycontrol.updated.v1
//	listens      to nobody
//	callers      staff over the API; other modules ask through qualitycontrolapi.Reader
package qualitycontrol
