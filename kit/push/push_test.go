package push_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/outbound"
	"hmsoftware.com/hm/kit/push"
)

func take(context.Context) error { return nil }

// browser is one that subscribed with a service.
func browser(t *testing.T, endpoint string) push.Subscription {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return push.Subscription{Endpoint: endpoint, P256DH: encode(key.PublicKey().Bytes()), Auth: encode(make([]byte, 16))}
}

func sender(t *testing.T, client *http.Client) *push.Sender {
	t.Helper()
	s, err := push.New(push.Config{Secret: []byte("a secret of thirty-two characters"), Contact: "https://hm.example.org", Client: client})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheKeyIsTheInstallationsOwn(t *testing.T) {
	t.Parallel()
	one, same := sender(t, nil).PublicKey(), sender(t, nil).PublicKey()
	other, err := push.New(push.Config{Secret: []byte("another secret of many characters")})
	if err != nil {
		t.Fatal(err)
	}
	if one != same || one == other.PublicKey() {
		t.Errorf("%s, %s, %s", one, same, other.PublicKey())
	}
	if key, err := base64.RawURLEncoding.DecodeString(one); err != nil || len(key) != 65 || key[0] != 4 {
		t.Errorf("%s is no uncompressed point", one)
	}
}

func TestAServiceGetsAMessageItCannotRead(t *testing.T) {
	t.Parallel()
	var header http.Header
	var body []byte
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(service.Close)
	err := sender(t, service.Client()).Send(t.Context(), browser(t, service.URL+"/push/1"), push.Message{Payload: []byte(`{"title":"Critical result"}`), Topic: "t1", Urgent: true, TTL: time.Hour}, take)
	if err != nil {
		t.Fatal(err)
	}
	if header.Get("Topic") != "t1" || header.Get("Urgency") != "high" || header.Get("TTL") != "3600" || header.Get("Content-Encoding") != "aes128gcm" || !strings.HasPrefix(header.Get("Authorization"), "vapid ") {
		t.Errorf("header %v", header)
	}
	if len(body) == 0 || strings.Contains(string(body), "Critical") {
		t.Errorf("the service reads %q", body)
	}
}

func TestAnAnswerIsKnownForWhatItIs(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]outbound.Kind{404: outbound.Gone, 410: outbound.Gone, 403: outbound.Gone, 429: outbound.Later, 500: outbound.Later, 413: outbound.Refused, 302: outbound.Refused} {
		service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
		}))
		client := service.Client()
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		err := sender(t, client).Send(t.Context(), browser(t, service.URL), push.Message{Payload: []byte("{}")}, take)
		service.Close()
		failure := outbound.FailureOf(err)
		if err == nil || failure.Kind != kind {
			t.Errorf("%d: %v", status, err)
		}
		if status == 429 && failure.After != 2*time.Minute {
			t.Errorf("it waits %s", failure.After)
		}
	}
}

func TestNothingInsideIsDialled(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }))
	t.Cleanup(service.Close)
	for _, endpoint := range []string{service.URL, strings.Replace(service.URL, "127.0.0.1", "localhost", 1)} {
		err := sender(t, nil).Send(t.Context(), browser(t, endpoint), push.Message{Payload: []byte("{}")}, take)
		if err == nil || outbound.FailureOf(err).Kind != outbound.Gone {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
	for address, public := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "10.0.0.1": false, "192.168.1.1": false, "172.16.0.1": false, "127.0.0.1": false, "::1": false, "169.254.169.254": false,
		"100.64.0.1": false, "fd00::1": false, "fe80::1": false, "::ffff:10.0.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "64:ff9b::a00:1": false,
	} {
		if push.IsPublic(netip.MustParseAddr(address)) != public {
			t.Errorf("%s is public: %t", address, !public)
		}
	}
}
