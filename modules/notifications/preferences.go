package notifications

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
	"hmsoftware.com/hm/modules/notifications/notificationsapi"
)

var errInvalid = errs.Invalid("notifications.invalid", "The request has faults; see errors.")

// Preferences are how a user wants to be told, in every facility of the tenant.
type Preferences struct {
	httpx.Version `json:"-"`
	Channels      ChannelPreferences `json:"channels"`
	QuietHours    *QuietHours        `json:"quiet_hours" doc:"What leaves the app waits until they are over, unless it is critical"`
	SMSTo         *string            `json:"sms_to" doc:"The number that SMS go to"`
	Language      string             `json:"language" doc:"Of what leaves the app"`
	UpdatedAt     *time.Time         `json:"updated_at" doc:"Null while they are the usual ones"`
}

// ChannelPreferences say what comes by which channel.
type ChannelPreferences struct {
	InApp BySeverity `json:"in_app"`
	Email BySeverity `json:"email"`
	SMS   BySeverity `json:"sms"`
	Push  BySeverity `json:"push"`
}

// BySeverity says of which severity messages are wanted.
type BySeverity struct {
	Info     bool `json:"info"`
	Warning  bool `json:"warning"`
	Critical bool `json:"critical"`
}

// QuietHours are local times of the facility; from later than to goes over midnight.
type QuietHours struct {
	From string `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"a time such as 22:00" example:"22:00"`
	To   string `json:"to" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"a time such as 22:00" example:"06:30"`
}

// usual are the preferences of somebody who has said nothing: only what matters leaves the app.
var usual = Preferences{
	Channels: ChannelPreferences{
		InApp: BySeverity{Info: true, Warning: true, Critical: true},
		Email: BySeverity{Warning: true, Critical: true},
		SMS:   BySeverity{Critical: true},
		Push:  BySeverity{Warning: true, Critical: true},
	},
	Language: fallbackLanguage,
}

func (b BySeverity) wants(severity alertsapi.Severity) bool {
	switch severity {
	case alertsapi.SeverityCritical:
		return b.Critical
	case alertsapi.SeverityWarning:
		return b.Warning
	default:
		return b.Info
	}
}

func (p Preferences) wants(channel Channel, severity alertsapi.Severity) bool {
	return map[Channel]BySeverity{
		ChannelInApp: p.Channels.InApp, ChannelEmail: p.Channels.Email, ChannelSMS: p.Channels.SMS, ChannelPush: p.Channels.Push,
	}[channel].wants(severity)
}

// quietUntil is when somebody may be disturbed: at, or the end of the quiet hours that it falls in.
func (p Preferences) quietUntil(at time.Time, critical bool, zone *time.Location) time.Time {
	if p.QuietHours == nil || critical {
		return at
	}
	hours, err := parseQuiet(p.QuietHours.From, p.QuietHours.To)
	if err != nil {
		return at // the database's own check keeps this from happening; then better now than never
	}
	return hours.end(at, zone)
}

func preferencesOf(row notificationsdb.NotificationsPreference) (Preferences, error) {
	p := Preferences{Version: httpx.Version(row.Version), SMSTo: row.SmsTo, Language: row.Language, UpdatedAt: &row.UpdatedAt}
	if row.QuietFrom != nil && row.QuietTo != nil {
		p.QuietHours = &QuietHours{*row.QuietFrom, *row.QuietTo}
	}
	return p, json.Unmarshal(row.Channels, &p.Channels)
}

// preferencesFor gives those of several users; the usual ones of who has said nothing.
func preferencesFor(ctx context.Context, q db.DBTX, tenantID uuid.UUID, userIDs []uuid.UUID) (map[uuid.UUID]Preferences, error) {
	all := make(map[uuid.UUID]Preferences, len(userIDs))
	for _, userID := range userIDs {
		all[userID] = usual
	}
	rows, err := notificationsdb.New(q).PreferencesOf(ctx, notificationsdb.PreferencesOfParams{TenantID: tenantID, UserIds: userIDs})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if all[row.UserID], err = preferencesOf(row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Preferences gives the caller's own.
func (m *Module) Preferences(ctx context.Context, q db.DBTX, _ struct{}) (Preferences, error) {
	scope, _ := db.ScopeOf(ctx)
	all, err := preferencesFor(ctx, q, scope.TenantID, []uuid.UUID{scope.UserID})
	return all[scope.UserID], err
}

// SavePreferencesInput replaces the caller's preferences.
type SavePreferencesInput struct {
	httpx.IfMatch
	Body struct {
		Channels   ChannelPreferences `json:"channels"`
		QuietHours *QuietHours        `json:"quiet_hours,omitempty"`
		SMSTo      *string            `json:"sms_to,omitempty" pattern:"^\\+[0-9]{6,15}$" patternDescription:"+, the country's code and the number, digits only" example:"+919800000000"`
		Language   string             `json:"language" pattern:"^[a-z]{2,3}$" patternDescription:"a language such as en or hi"`
	}
}

// SavePreferences replaces the caller's preferences.
func (m *Module) SavePreferences(ctx context.Context, tx db.Tx, in SavePreferencesInput) (Preferences, error) {
	scope, body := tx.Scope(), in.Body
	faults := errInvalid
	if !body.Channels.InApp.Critical {
		faults = faults.At("body.channels.in_app.critical", "What is critical is always shown in the app.")
	}
	if body.QuietHours != nil && body.QuietHours.From == body.QuietHours.To {
		faults = faults.At("body.quiet_hours.to", "Is the same as from.")
	}
	if body.SMSTo == nil && body.Channels.SMS != usual.Channels.SMS && body.Channels.SMS != (BySeverity{}) {
		faults = faults.At("body.sms_to", "SMS need a number to go to.")
	}
	if len(faults.Fields) > 0 {
		return Preferences{}, faults
	}
	queries := notificationsdb.New(tx)
	before, was := usual, false
	row, err := queries.LockPreference(ctx, notificationsdb.LockPreferenceParams{TenantID: scope.TenantID, UserID: scope.UserID})
	if err == nil {
		before, err = preferencesOf(row)
		was = true
	}
	if err != nil && !db.IsNoRows(err) {
		return Preferences{}, err
	}
	if err := in.IfMatch.Check(before); err != nil {
		return Preferences{}, err
	}
	channels, err := json.Marshal(body.Channels)
	if err != nil {
		return Preferences{}, err
	}
	save := notificationsdb.SavePreferenceParams{
		TenantID: scope.TenantID, UserID: scope.UserID, Channels: channels, SmsTo: body.SMSTo, Language: body.Language, Now: tx.Now(),
	}
	if body.QuietHours != nil {
		save.QuietFrom, save.QuietTo = &body.QuietHours.From, &body.QuietHours.To
	}
	if row, err = queries.SavePreference(ctx, save); err != nil {
		return Preferences{}, err
	}
	after, err := preferencesOf(row)
	if err != nil {
		return Preferences{}, err
	}
	if changed := changedPreferences(before, after); !was || len(changed) > 0 {
		err = m.deps.Bus.Publish(ctx, tx, notificationsapi.PreferencesChanged{UserID: scope.UserID, Fields: changed})
	}
	return after, err
}

func changedPreferences(before, after Preferences) []string {
	changed := []string{}
	for _, field := range []struct {
		name string
		same bool
	}{
		{"channels", before.Channels == after.Channels},
		{"quiet_hours", same(before.QuietHours, after.QuietHours)},
		{"sms_to", same(before.SMSTo, after.SMSTo)},
		{"language", before.Language == after.Language},
	} {
		if !field.same {
			changed = append(changed, field.name)
		}
	}
	return changed
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
