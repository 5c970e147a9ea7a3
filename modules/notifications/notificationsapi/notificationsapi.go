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

// PreferencesChanged says which of a user's preferences changed, never to what.
type PreferencesChanged struct {
	UserID uuid.UUID `json:"user_id"`
	Fields []string  `json:"fields"`
}

// EventName is notifications.preferences_changed.v1.
func (PreferencesChanged) EventName() string { return "notifications.preferences_changed.v1" }

// EventKeys names the user.
func (e PreferencesChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "notification_preferences", EntityID: e.UserID}
}

// TemplateChanged says that the tenant words a message in its own way, or, when Removed, as HM does again.
type TemplateChanged struct {
	// TemplateID is derived from the tenant and the fields below.
	TemplateID uuid.UUID `json:"template_id"`
	Kind       string    `json:"kind"`
	Channel    string    `json:"channel"`
	Language   string    `json:"language"`
	Removed    bool      `json:"removed"`
}

// EventName is notifications.template_changed.v1.
func (TemplateChanged) EventName() string { return "notifications.template_changed.v1" }

// EventKeys makes it an event of the tenant: its texts hold in all its facilities.
func (e TemplateChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "notification_template", EntityID: e.TemplateID, TenantLevel: true}
}

// SettingsChanged says whether patients' names may leave the app in messages.
type SettingsChanged struct {
	TenantID     uuid.UUID `json:"tenant_id"`
	NamesOutside bool      `json:"names_outside"`
}

// EventName is notifications.settings_changed.v1.
func (SettingsChanged) EventName() string { return "notifications.settings_changed.v1" }

// EventKeys makes it an event of the tenant.
func (e SettingsChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "notification_settings", EntityID: e.TenantID, TenantLevel: true}
}

// DeliveryRetried says that somebody had a message sent again that had been given up.
type DeliveryRetried struct {
	DeliveryID uuid.UUID `json:"delivery_id"`
	Channel    string    `json:"channel"`
	// WasInDoubt says that it may have arrived the first time.
	WasInDoubt bool `json:"was_in_doubt"`
}

// EventName is notifications.delivery_retried.v1.
func (DeliveryRetried) EventName() string { return "notifications.delivery_retried.v1" }

// EventKeys names the delivery.
func (e DeliveryRetried) EventKeys() events.Keys {
	return events.Keys{Entity: "notification_delivery", EntityID: e.DeliveryID}
}
