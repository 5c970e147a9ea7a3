// Package notificationsapi is the contract of the notifications module.
package notificationsapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// Notified says that people have something new to read. What it is about stands in the notifications.
type Notified struct {
	// BatchID joins the notifications of one cause.
	BatchID uuid.UUID   `json:"batch_id"`
	Kind    string      `json:"kind"`
	UserIDs []uuid.UUID `json:"user_ids"`
}

// EventName is notifications.notified.v1.
func (Notified) EventName() string { return "notifications.notified.v1" }

// EventKeys names the batch.
func (e Notified) EventKeys() events.Keys {
	return events.Keys{Entity: "notification", EntityID: e.BatchID}
}
