// Package push sends messages to browsers over Web Push (RFC 8030, 8291, 8292). Their text is encrypted for the one browser;
// the service between can neither read nor change it.
package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/outbound"
)

// Config of New.
type Config struct {
	// Secret of the installation. The key pair by which push services know it derives from the secret, so every node has
	// the same one and none is kept; with another secret browsers subscribe again.
	Secret []byte
	// Contact is whom a push service may write to when something is wrong: an https URL or a mail address.
	Contact string
	// Client replaces the one that speaks with public addresses only, in tests.
	Client *http.Client
}

// Sender sends to browsers.
type Sender struct {
	config          Config
	private, public string
}

// Subscription is a browser's address and keys, as PushManager.subscribe gave them.
type Subscription struct{ Endpoint, P256DH, Auth string }

// Message for a browser. One with a Topic takes the place of one with the same that has not arrived yet.
type Message struct {
	Payload []byte // at most 3000 bytes
	Topic   string // at most 32 characters of base64url
	Urgent  bool
	// TTL is how long a service keeps it for a browser that is away.
	TTL time.Duration
}

const attemptTime = 20 * time.Second

// New makes a sender.
func New(c Config) (*Sender, error) {
	// A number from 1 below the order of the curve, with a bias that nobody could measure: 32 bytes more than needed.
	wide := append(auth.DeriveKey(c.Secret, "web push 1"), auth.DeriveKey(c.Secret, "web push 2")...)
	order, _ := new(big.Int).SetString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)
	number := new(big.Int).SetBytes(wide)
	number.Mod(number, new(big.Int).Sub(order, big.NewInt(1))).Add(number, big.NewInt(1))
	key, err := ecdh.P256().NewPrivateKey(number.FillBytes(make([]byte, 32)))
	if err != nil {
		return nil, fmt.Errorf("push: the installation's key: %w", err)
	}
	if c.Contact == "" {
		c.Contact = "https://localhost"
	}
	if c.Client == nil {
		c.Client = publicClient()
	}
	encode := base64.RawURLEncoding.EncodeToString
	return &Sender{config: c, private: encode(key.Bytes()), public: encode(key.PublicKey().Bytes())}, nil
}

// PublicKey is what browsers subscribe with, base64url.
func (s *Sender) PublicKey() string { return s.public }

var errPrivate = errors.New("push: the address is not a public one")

// publicClient dials nothing inside: whoever subscribes a browser chooses where the server then sends to.
func publicClient() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		place, err := netip.ParseAddrPort(address)
		if err != nil || !IsPublic(place.Addr()) {
			return errPrivate
		}
		return nil
	}}
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 15 * time.Second, MaxIdleConns: 20,
		IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
	return &http.Client{Transport: transport, Timeout: attemptTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// inside are networks that IsGlobalUnicast counts as global though nobody out there can be reached by them.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"),
}

// IsPublic tells whether an address is one of the public internet.
func IsPublic(address netip.Addr) bool {
	address = address.Unmap()
	if !address.IsGlobalUnicast() || address.IsPrivate() || address.IsLoopback() {
		return false
	}
	for _, network := range inside {
		if network.Contains(address) {
			return false
		}
	}
	return true
}

// Send gives a message to the push service of a browser. An outbound.Failure of kind Gone means that the browser will
// never listen again. A repeated message with the same Topic and a tag in its payload is shown once.
func (s *Sender) Send(ctx context.Context, to Subscription, message Message, handOver outbound.HandOver) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	if err := handOver(ctx); err != nil {
		return err
	}
	urgency := webpush.UrgencyNormal
	if message.Urgent {
		urgency = webpush.UrgencyHigh
	}
	answer, err := webpush.SendNotificationWithContext(ctx, message.Payload, &webpush.Subscription{Endpoint: to.Endpoint, Keys: webpush.Keys{Auth: to.Auth, P256dh: to.P256DH}},
		&webpush.Options{
			HTTPClient: s.config.Client, Subscriber: s.config.Contact, Topic: message.Topic, TTL: int(message.TTL.Seconds()), Urgency: urgency,
			VAPIDPublicKey: s.public, VAPIDPrivateKey: s.private, RecordSize: 3500,
		})
	if errors.Is(err, errPrivate) {
		return outbound.Failed(outbound.Gone, err, "The browser's push service is not on the public internet.")
	}
	if err != nil {
		return outbound.Failed(outbound.Away, err, "The browser's push service could not be reached.")
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 1<<16)
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	// 401 and 403 too: it subscribed with another key of the installation.
	case code == http.StatusNotFound || code == http.StatusGone || code == http.StatusUnauthorized || code == http.StatusForbidden:
		return outbound.Failed(outbound.Gone, nil, "The browser no longer listens (%d).", code)
	case code == http.StatusTooManyRequests || code >= 500:
		failure := outbound.Failed(outbound.Later, nil, "The browser's push service does not take it now (%d).", code)
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 && seconds <= 86400 {
			failure.After = time.Duration(seconds) * time.Second
		}
		return failure
	default:
		return outbound.Failed(outbound.Refused, nil, "The browser's push service refused it (%d).", code)
	}
}
