// Package alerts holds a facility's alert records.
//
//	owns         alert: name, whether it is active
//	tables       alerts.alert
//	permissions  alerts.can_read, alerts.can_create, alerts.can_update
//	publishes    alerts.created.v1, alerts.updated.v1
//	listens      to nobody
//	callers      staff over the API; other modules ask through alertsapi.Reader
package alerts
