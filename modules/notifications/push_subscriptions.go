package notifications

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
)

var (
	errSubscriptionNotFound = errs.NotFound("notifications.push_subscription_not_found", "There is no such browser.")
	errNoPush               = errs.Conflict("notifications.channel_off", "This installation has no web push.")
)

// PushKey is what a browser needs to subscribe.
type PushKey struct {
	Key string `json:"key" doc:"The installation's public key, for PushManager.subscribe; base64url"`
}

// PushKey gives the installation's public key.
func (m *Module) PushKey(context.Context, db.DBTX, struct{}) (PushKey, error) {
	if m.deps.Push == nil {
		return PushKey{}, errNoPush
	}
	return PushKey{m.deps.Push.PublicKey()}, nil
}

// PushSubscription is a browser that shows messages while the app is closed. Its address is a secret and never shown.
type PushSubscription struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Device    string    `json:"device" doc:"What the browser calls itself"`
	CreatedAt time.Time `json:"created_at"`
}

// PushSubscriptions lists the caller's browsers.
func (m *Module) PushSubscriptions(ctx context.Context, q db.DBTX, _ struct{}) (httpx.Page[PushSubscription], error) {
	scope, _ := db.ScopeOf(ctx)
	rows, err := notificationsdb.New(q).PushSubscriptionsOf(ctx, notificationsdb.PushSubscriptionsOfParams{TenantID: scope.TenantID, UserID: scope.UserID})
	page := httpx.Page[PushSubscription]{Results: []PushSubscription{}}
	for _, row := range rows {
		page.Results = append(page.Results, PushSubscription{row.ID, row.Device, row.CreatedAt})
	}
	return page, err
}

// SubscribeInput is what PushSubscription.toJSON() gives in a browser.
type SubscribeInput struct {
	Body struct {
		Endpoint string `json:"endpoint" minLength:"1" maxLength:"1000" doc:"https, and no address of a private network"`
		Keys     struct {
			P256DH string `json:"p256dh" minLength:"1" maxLength:"200"`
			Auth   string `json:"auth" minLength:"1" maxLength:"100"`
		} `json:"keys"`
		Device string `json:"device,omitempty" maxLength:"200"`
	}
}

// SubscribeBrowser makes the caller's messages show in a browser. One that showed somebody else's shows them no more.
func (m *Module) SubscribeBrowser(ctx context.Context, tx db.Tx, in SubscribeInput) (PushSubscription, error) {
	if m.deps.Push == nil {
		return PushSubscription{}, errNoPush
	}
	scope, body, faults := tx.Scope(), in.Body, errInvalid
	if address, err := url.Parse(body.Endpoint); err != nil || address.Scheme != "https" || address.Host == "" || address.User != nil {
		faults = faults.At("body.endpoint", "Is no https address.")
	}
	if key, err := unpadded(body.Keys.P256DH); err != nil || !isP256(key) {
		faults = faults.At("body.keys.p256dh", "Is no public key of a browser.")
	}
	if secret, err := unpadded(body.Keys.Auth); err != nil || len(secret) != 16 {
		faults = faults.At("body.keys.auth", "Is no secret of 16 bytes.")
	}
	if len(faults.Fields) > 0 {
		return PushSubscription{}, faults
	}
	row, err := notificationsdb.New(tx).SavePushSubscription(ctx, notificationsdb.SavePushSubscriptionParams{
		TenantID: scope.TenantID, ID: id.New(), UserID: scope.UserID, Endpoint: body.Endpoint, P256dh: body.Keys.P256DH, Auth: body.Keys.Auth,
		Device: body.Device, Now: tx.Now(),
	})
	return PushSubscription{row.ID, row.Device, row.CreatedAt}, err
}

// UnsubscribeInput names a browser. A path of its own would be taken for a notification's.
type UnsubscribeInput struct {
	ID uuid.UUID `query:"id" format:"uuid" required:"true"`
}

// UnsubscribeBrowser ends it.
func (m *Module) UnsubscribeBrowser(ctx context.Context, tx db.Tx, in UnsubscribeInput) (httpx.NoContent, error) {
	scope := tx.Scope()
	dropped, err := notificationsdb.New(tx).DropPushSubscription(ctx, notificationsdb.DropPushSubscriptionParams{TenantID: scope.TenantID, UserID: scope.UserID, ID: in.ID})
	if err == nil && dropped == 0 {
		err = errSubscriptionNotFound
	}
	return httpx.NoContent{}, err
}

func unpadded(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}

func isP256(key []byte) bool {
	_, err := ecdh.P256().NewPublicKey(key)
	return err == nil
}
