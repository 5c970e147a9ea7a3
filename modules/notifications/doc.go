// Package notifications tells people what happened, in the app and by mail, SMS and web push.
//
//	owns         notifications of users, what became of each by channel, texts of the tenant, preferences of users,
//	             browsers that show messages, whether patients' names may leave the app
//	tables       notifications.notification, .delivery, .preference, .template, .setting, .push_subscription
//	permissions  notifications.can_read, can_mark, can_prefer, can_read_templates, can_configure, can_read_deliveries, can_retry
//	publishes    notifications.notified.v1, preferences_changed, template_changed, settings_changed, delivery_retried
//	listens      After alerts.raised and escalated (the recipients), lab.result_released (who ordered), labprint.report_issued
//	             that corrects (who read the version before), rules.fired with effect notify (the role)
//	callers      staff over the API; no other module
//
// Nothing is sent where something happens: a listener writes notifications and deliveries, and a loop on each worker sends
// them, one loop a channel, so that a slow mail server holds up neither requests nor SMS. What a person is told is
// unique by cause, and a message by notification and channel; docs/adr/0017-notifications.md says why each goes out at
// most once and is tried at least once.
package notifications
