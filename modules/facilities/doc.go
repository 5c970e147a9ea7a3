// Package facilities holds a tenant's places of care and the settings that rule their day.
//
//	owns         facilities: code, name, time zone, MRN pattern, packs, how many encounters may be active
//	tables       facilities.facility
//	permissions  facilities.can_read, facilities.can_create, facilities.can_update
//	publishes    facilities.created.v1, facilities.updated.v1
//	listens      to nobody
//	asks         packs which packs the tenant has
//	callers      administrators over the API; other modules read settings through facilitiesapi.Reader
package facilities
