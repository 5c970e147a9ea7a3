package notifications

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/mail"
	"hmsoftware.com/hm/kit/outbound"
	"hmsoftware.com/hm/kit/push"
	"hmsoftware.com/hm/kit/sms"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
)

// message is a delivery, ready to go out.
type message struct {
	deliveryID, notificationID uuid.UUID
	at                         time.Time
	isCritical                 bool
	// to is an address or a number; browsers is where push goes.
	to, name string
	browsers []notificationsdb.NotificationsPushSubscription
	text     text
	path     string

	// gone are the browsers that will never listen again, which sending finds out.
	gone []uuid.UUID
}

// sender brings messages out by one channel.
type sender interface {
	send(ctx context.Context, m *message, handOver outbound.HandOver) error
}

type mailSender struct{ server *mail.Sender }

// send mails. The delivery's id makes the Message-ID, so that a message that an administrator has sent again is known for
// the same.
func (s mailSender) send(ctx context.Context, m *message, handOver outbound.HandOver) error {
	return s.server.Send(ctx, mail.Message{
		ID: m.deliveryID.String(), To: m.to, ToName: m.name, Subject: m.text.Subject, Body: m.text.Body, At: m.at,
	}, handOver)
}

type smsSender struct{ provider sms.Provider }

func (s smsSender) send(ctx context.Context, m *message, handOver outbound.HandOver) error {
	return s.provider.Send(ctx, m.deliveryID.String(), m.to, m.text.Body, handOver)
}

type pushSender struct{ service *push.Sender }

// pushJSON is what the service worker reads. A tag that is shown already takes the place of the former silently, so a
// message that is sent again is not told again.
type pushJSON struct {
	ID    uuid.UUID `json:"id"`
	Title string    `json:"title"`
	Body  string    `json:"body"`
	Tag   string    `json:"tag"`
	Path  string    `json:"path"`
}

// send shows the message in each of the person's browsers. One that has it is enough: the others are not waited for,
// since trying them again would try that one again too.
func (s pushSender) send(ctx context.Context, m *message, handOver outbound.HandOver) error {
	payload, err := json.Marshal(pushJSON{ID: m.notificationID, Title: cut(m.text.Subject, 200), Body: cut(m.text.Body, 500), Tag: m.notificationID.String(), Path: m.path})
	if err != nil {
		return err
	}
	var failed error
	reached := false
	for _, browser := range m.browsers {
		err := s.service.Send(ctx, push.Subscription{Endpoint: browser.Endpoint, P256DH: browser.P256dh, Auth: browser.Auth}, push.Message{
			Payload: payload, Topic: base64.RawURLEncoding.EncodeToString(m.notificationID[:]), Urgent: m.isCritical, TTL: worth[ChannelPush],
		}, handOver)
		failure := outbound.FailureOf(err)
		switch {
		case err == nil:
			reached = true
		case errors.Is(err, errClaimOver):
			return err
		case failure.Kind == outbound.Gone:
			m.gone = append(m.gone, browser.ID)
		case failed == nil || outbound.FailureOf(failed).Kind == outbound.Refused:
			failed = err
		}
	}
	switch {
	case reached:
		return nil
	case failed == nil:
		return outbound.Failed(outbound.Gone, nil, "None of the person's browsers listens any more.")
	default:
		failure := *outbound.FailureOf(failed)
		if failure.Kind == outbound.Away {
			failure.Kind = outbound.Later // one browser's service says nothing about the others'
		}
		return &failure
	}
}
