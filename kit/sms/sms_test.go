package sms_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/outbound"
	"hmsoftware.com/hm/kit/sms"
)

func take(context.Context) error { return nil }

// asked is a request as the gateway got it.
type asked struct{ method, path, query, header, kind, body string }

func gateway(t *testing.T, status int, c sms.GatewayConfig) (*sms.Gateway, *[]asked) {
	t.Helper()
	var all []asked
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		all = append(all, asked{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("X-Key"), r.Header.Get("Content-Type"), string(body)})
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	c.URL = server.URL + c.URL
	g, err := sms.NewGateway(c)
	if err != nil {
		t.Fatal(err)
	}
	return g, &all
}

const words = "Say \"hi\" & \\ 100% {to} रोगी"

func TestEachShapeOfGatewayGetsTheMessageWhole(t *testing.T) {
	t.Parallel()
	t.Run("JSON", func(t *testing.T) {
		t.Parallel()
		g, all := gateway(t, 200, sms.GatewayConfig{URL: "/send", Headers: []string{"X-Key: k"}})
		if err := g.Send(t.Context(), "d1", "+919800000000", words, take); err != nil {
			t.Fatal(err)
		}
		var body map[string]string
		got := (*all)[0]
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || body["to"] != "+919800000000" || body["text"] != words || got.header != "k" || got.kind != "application/json" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("a form", func(t *testing.T) {
		t.Parallel()
		g, all := gateway(t, 200, sms.GatewayConfig{Body: "number={digits}&message={text}&ref={key}"})
		if err := g.Send(t.Context(), "d1", "+919800000000", words, take); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader((*all)[0].body))
		r.Header.Set("Content-Type", (*all)[0].kind)
		if r.FormValue("number") != "919800000000" || r.FormValue("message") != words || r.FormValue("ref") != "d1" {
			t.Errorf("got %+v", (*all)[0])
		}
	})
	t.Run("a query", func(t *testing.T) {
		t.Parallel()
		g, all := gateway(t, 200, sms.GatewayConfig{URL: "/send?to={to}&text={text}", Method: "GET"})
		if err := g.Send(t.Context(), "d1", "+919800000000", words, take); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "/?"+(*all)[0].query, nil)
		if r.FormValue("to") != "+919800000000" || r.FormValue("text") != words {
			t.Errorf("got %+v", (*all)[0])
		}
	})
}

func TestAnAnswerIsKnownForWhatItIs(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]outbound.Kind{
		400: outbound.Refused, 401: outbound.Away, 404: outbound.Away, 429: outbound.Later, 500: outbound.InDoubt, 503: outbound.Later, 302: outbound.Refused,
	} {
		g, all := gateway(t, status, sms.GatewayConfig{})
		err := g.Send(t.Context(), "d1", "+919800000000", words, take)
		if err == nil || outbound.FailureOf(err).Kind != kind || len(*all) != 1 || strings.Contains(err.Error(), "9800") {
			t.Errorf("%d: %v", status, err)
		}
	}
	g, _ := gateway(t, 409, sms.GatewayConfig{Success: []int{200, 409}})
	if err := g.Send(t.Context(), "d1", "+919800000000", words, take); err != nil {
		t.Error(err)
	}
}

func TestAGatewayThatIsDownIsAwayAndOneThatHangsUpIsInDoubt(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		_ = conn.Close()
	}))
	g, err := sms.NewGateway(sms.GatewayConfig{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Send(t.Context(), "d1", "+919800000000", words, take); err == nil || outbound.FailureOf(err).Kind != outbound.InDoubt {
		t.Errorf("got %v", err)
	}
	server.Close()
	if err := g.Send(t.Context(), "d1", "+919800000000", words, take); err == nil || outbound.FailureOf(err).Kind != outbound.Away {
		t.Errorf("got %v", err)
	}
}

// Not parallel: it holds the process's log.
func TestTheLogSaysNeitherWhatNorToWhom(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	if err := (sms.Log{}).Send(t.Context(), "d1", "+919800000000", "a patient", take); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); !strings.Contains(text, "d1") || strings.Contains(text, "9800") || strings.Contains(text, "patient") {
		t.Errorf("it says %s", text)
	}
}
