// Package notifications holds a facility's notification records.
//
//	owns         notification: name, whether it is active
//	tables       notifications.notification
//	permissions  notifications.can_read, notifications.can_create, notifications.can_update
//	publishes    notifications.created.v1, notifications.updated.v1
//	listens      to nobody
//	callers      staff over the API; other modules ask through notificationsapi.Reader
package notifications
