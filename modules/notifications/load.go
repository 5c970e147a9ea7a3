package notifications

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
	"hmsoftware.com/hm/modules/notifications/notificationsapi"
)

// Loaded is a notification of the past, told by one of Alert and Result.
type Loaded struct {
	UserID uuid.UUID
	Title  string
	At     time.Time
	// ReadAt is nil while nobody has read it.
	ReadAt *time.Time
	Alert  *alertsapi.Raised
	Result *labapi.ResultReleased
}

// Load writes notifications as telling would have left them in an installation that sends nothing outside, and their
// events. tx is in the facility's scope.
func (m *Module) Load(ctx context.Context, tx db.Tx, ids *id.Source, all []Loaded) error {
	scope := tx.Scope()
	var rows []notificationsdb.NotificationsNotification
	var deliveries []notificationsdb.NotificationsDelivery
	var past []events.Past
	for _, l := range all {
		n := l.news()
		row := notificationsdb.NotificationsNotification{
			TenantID: scope.TenantID, ID: ids.At(l.At), FacilityID: scope.FacilityID, UserID: l.UserID, Cause: n.cause, Kind: n.kind,
			Severity: string(n.severity), Title: n.title, ServiceCode: n.service, SubjectKind: n.subjectKind, SubjectID: n.subjectID,
			AlertID: id.Ptr(n.alertID), EncounterID: id.Ptr(n.encounterID), PatientID: id.Ptr(n.patientID), IsInApp: true, ReadAt: l.ReadAt, CreatedAt: l.At,
		}
		rows = append(rows, row)
		for _, channel := range channels {
			d := notificationsdb.NotificationsDelivery{
				TenantID: scope.TenantID, ID: ids.At(l.At), FacilityID: scope.FacilityID, NotificationID: row.ID, Channel: string(channel),
				IsCritical: n.severity == alertsapi.SeverityCritical, Status: statusSuppressed, ExpiresAt: l.At.Add(worth[channel]), CreatedAt: l.At, UpdatedAt: l.At,
			}
			if channel == ChannelInApp {
				d.Status, d.SentAt = statusSent, &l.At
			} else {
				off := reasonNoChannel
				d.Reason = &off
			}
			deliveries = append(deliveries, d)
		}
		past = append(past, events.Past{Event: notificationsapi.Notified{BatchID: ids.At(l.At), Kind: n.kind, UserIDs: []uuid.UUID{l.UserID}},
			FacilityID: scope.FacilityID, At: l.At})
	}
	if err := db.InsertRows(ctx, tx, "notifications.notification", rows); err != nil {
		return err
	}
	if err := db.InsertRows(ctx, tx, "notifications.delivery", deliveries); err != nil {
		return err
	}
	return m.deps.Bus.Load(ctx, tx, ids, past)
}

// news is what the listeners would have told.
func (l Loaded) news() news {
	if l.Result != nil {
		return newsOfResult(*l.Result, l.Title)
	}
	n := newsOfAlert(l.Alert.About, kindOfAlert(l.Alert.Kind), 0)
	n.title = l.Title
	return n
}
