package notifications

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
	"hmsoftware.com/hm/modules/notifications/notificationsapi"
)

// news is something that people are told of.
type news struct {
	// cause makes the same news the same, whoever tells it again: "alert:<id>:0".
	cause    string
	kind     string
	severity alertsapi.Severity
	// title says what it is about in words without a patient; service is the code of a test.
	title, service string
	subjectKind    string
	subjectID      uuid.UUID
	alertID        uuid.UUID
	encounterID    uuid.UUID
	patientID      uuid.UUID
	to             []uuid.UUID
}

// How long a message is worth sending.
var worth = map[Channel]time.Duration{ChannelInApp: 0, ChannelEmail: 72 * time.Hour, ChannelSMS: 24 * time.Hour, ChannelPush: 24 * time.Hour}

// Why a message does not go out, and for what a failed one waits. The web app words them.
const (
	reasonPreference = "preference"      // the person does not want it by this channel
	reasonNoChannel  = "channel_off"     // the installation has no such channel
	reasonNoAddress  = "no_address"      // the person cannot be reached by it
	reasonLeft       = "not_let_in"      // the person no longer works here
	reasonOver       = "over"            // somebody has taken care of it since
	reasonServer     = "server_away"     // the server did not answer
	reasonLater      = "try_later"       // the server said: not now
	reasonRefused    = "refused"         // the server said: never
	reasonExpired    = "expired"         // it was tried as long as it was worth it
	reasonInDoubt    = "outcome_unknown" // it was handed over and nobody said that it arrived
)

type toldJSON struct {
	ID     uuid.UUID `json:"id"`
	UserID uuid.UUID `json:"user_id"`
	InApp  bool      `json:"in_app"`
}

type deliveryJSON struct {
	ID             uuid.UUID  `json:"id"`
	NotificationID uuid.UUID  `json:"notification_id"`
	Channel        Channel    `json:"channel"`
	IsCritical     bool       `json:"is_critical"`
	Status         string     `json:"status"`
	Reason         *string    `json:"reason"`
	NextTryAt      *time.Time `json:"next_try_at"`
	ExpiresAt      time.Time  `json:"expires_at"`
	SentAt         *time.Time `json:"sent_at"`
}

// tell writes a notification for each person who was not told of this cause before, and what is to be sent by which
// channel. It sends nothing: that is for jobs of their own.
func (m *Module) tell(ctx context.Context, tx db.Tx, n news) error {
	scope, now := tx.Scope(), tx.Now()
	n.to = slices.DeleteFunc(id.Distinct(n.to), func(u uuid.UUID) bool { return u == uuid.Nil })
	contacts, err := m.deps.Users.Contacts(ctx, tx, scope.TenantID, n.to)
	if err != nil {
		return err
	}
	people := slices.DeleteFunc(n.to, func(u uuid.UUID) bool { _, letIn := contacts[u]; return !letIn })
	if len(people) == 0 {
		return nil
	}
	preferences, err := preferencesFor(ctx, tx, scope.TenantID, people)
	if err != nil {
		return err
	}
	told := make([]toldJSON, len(people))
	for i, userID := range people {
		critical := n.severity == alertsapi.SeverityCritical
		told[i] = toldJSON{ID: id.New(), UserID: userID, InApp: critical || preferences[userID].wants(ChannelInApp, n.severity)}
	}
	list, err := json.Marshal(told)
	if err != nil {
		return err
	}
	queries := notificationsdb.New(tx)
	rows, err := queries.InsertNotifications(ctx, notificationsdb.InsertNotificationsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, Cause: n.cause, Kind: n.kind, Severity: string(n.severity), Title: cut(n.title, 500),
		ServiceCode: n.service, SubjectKind: n.subjectKind, SubjectID: n.subjectID, AlertID: id.Ptr(n.alertID), EncounterID: id.Ptr(n.encounterID),
		PatientID: id.Ptr(n.patientID), Now: now, Told: list,
	})
	if err != nil || len(rows) == 0 {
		return err // everybody knows already
	}
	facility, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return err
	}
	withPush, err := queries.UsersWithPush(ctx, notificationsdb.UsersWithPushParams{TenantID: scope.TenantID, UserIds: people})
	if err != nil {
		return err
	}
	var deliveries []deliveryJSON
	event := notificationsapi.Notified{BatchID: id.New(), Kind: n.kind}
	for _, row := range rows {
		event.UserIDs = append(event.UserIDs, row.UserID)
		for _, channel := range channels {
			deliveries = append(deliveries, m.plan(n, row.ID, channel, preferences[row.UserID], slices.Contains(withPush, row.UserID), now, facility.Zone))
		}
	}
	if list, err = json.Marshal(deliveries); err != nil {
		return err
	}
	err = queries.InsertDeliveries(ctx, notificationsdb.InsertDeliveriesParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Now: now, Deliveries: list})
	if err != nil {
		return err
	}
	return m.deps.Bus.Publish(ctx, tx, event)
}

// plan says what becomes of a notification on one channel.
func (m *Module) plan(n news, notificationID uuid.UUID, channel Channel, p Preferences, hasBrowser bool, now time.Time, zone *time.Location) deliveryJSON {
	critical := n.severity == alertsapi.SeverityCritical
	d := deliveryJSON{ID: id.New(), NotificationID: notificationID, Channel: channel, IsCritical: critical, ExpiresAt: now.Add(worth[channel])}
	suppressed := func(reason string) deliveryJSON {
		d.Status, d.Reason = statusSuppressed, &reason
		return d
	}
	switch {
	case channel == ChannelInApp && (critical || p.wants(channel, n.severity)):
		d.Status, d.SentAt = statusSent, &now // it is there to be read
		return d
	case !p.wants(channel, n.severity):
		return suppressed(reasonPreference)
	case m.senders[channel] == nil:
		return suppressed(reasonNoChannel)
	case channel == ChannelSMS && p.SMSTo == nil, channel == ChannelPush && !hasBrowser:
		return suppressed(reasonNoAddress)
	}
	next := p.quietUntil(now, critical, zone)
	d.Status, d.NextTryAt = statusPending, &next
	// What waits for the morning is worth as much then.
	d.ExpiresAt = next.Add(worth[channel])
	return d
}

func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}
