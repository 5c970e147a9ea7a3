package notifications

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
	"hmsoftware.com/hm/modules/notifications/notificationsapi"
)

// Settings of a tenant, and what the installation can send.
type Settings struct {
	httpx.Version `json:"-"`
	NamesOutside  bool         `json:"names_outside" doc:"Whether patients' names may stand in what leaves the app"`
	UpdatedAt     *time.Time   `json:"updated_at"`
	Channels      []ChannelNow `json:"channels" nullable:"false" doc:"As this node of the installation finds them"`
}

// ChannelNow is how a channel does.
type ChannelNow struct {
	Channel      Channel    `json:"channel" enum:"in_app,email,sms,push"`
	IsConfigured bool       `json:"is_configured"`
	Trouble      *string    `json:"trouble" doc:"Why nothing goes out now; null when nothing is known to be wrong"`
	NextTryAt    *time.Time `json:"next_try_at" doc:"When the server is tried again"`
}

func (m *Module) settingsOf(row notificationsdb.NotificationsSetting) Settings {
	s := Settings{Version: httpx.Version(row.Version), NamesOutside: row.NamesOutside, Channels: []ChannelNow{}}
	if row.Version > 0 {
		s.UpdatedAt = &row.UpdatedAt
	}
	for _, channel := range channels {
		now := ChannelNow{Channel: channel, IsConfigured: channel == ChannelInApp || m.senders[channel] != nil}
		if circuit := m.circuits[channel]; circuit != nil {
			if trouble, until := circuit.Trouble(); trouble != "" {
				now.Trouble, now.NextTryAt = &trouble, &until
			}
		}
		s.Channels = append(s.Channels, now)
	}
	return s
}

// Settings gives the tenant's settings.
func (m *Module) Settings(ctx context.Context, q db.DBTX, _ struct{}) (Settings, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := settingOf(ctx, q, scope.TenantID)
	return m.settingsOf(row), err
}

// settingOf gives the row; one of version 0, which allows nothing, where the tenant has said nothing.
func settingOf(ctx context.Context, q db.DBTX, tenantID uuid.UUID) (notificationsdb.NotificationsSetting, error) {
	row, err := notificationsdb.New(q).SettingOf(ctx, tenantID)
	if db.IsNoRows(err) {
		err = nil
	}
	return row, err
}

// SaveSettingsInput replaces the tenant's settings.
type SaveSettingsInput struct {
	httpx.IfMatch
	Body struct {
		NamesOutside bool `json:"names_outside"`
	}
}

// SaveSettings replaces the tenant's settings.
func (m *Module) SaveSettings(ctx context.Context, tx db.Tx, in SaveSettingsInput) (Settings, error) {
	queries, tenantID := notificationsdb.New(tx), tx.Scope().TenantID
	before, err := queries.LockSetting(ctx, tenantID)
	if err != nil && !db.IsNoRows(err) {
		return Settings{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(before.Version)); err != nil {
		return Settings{}, err
	}
	row, err := queries.SaveSetting(ctx, notificationsdb.SaveSettingParams{TenantID: tenantID, NamesOutside: in.Body.NamesOutside, Now: tx.Now()})
	if err == nil && before.NamesOutside != row.NamesOutside {
		err = m.deps.Bus.Publish(ctx, tx, notificationsapi.SettingsChanged{TenantID: tenantID, NamesOutside: row.NamesOutside})
	}
	return m.settingsOf(row), err
}
