// Package sms sends short messages through whatever gateway a hospital has a contract with.
package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/outbound"
)

// Provider is a way to send short messages.
type Provider interface {
	// Send gives a text for a number (+ and digits) to the provider; nil once it has it, else an outbound.Failure. key is the
	// same when the same message is sent again.
	Send(ctx context.Context, key, to, text string, handOver outbound.HandOver) error
}

// Log is a provider for development: it says in the log that something was sent, and neither what nor to whom.
type Log struct{}

// Send writes a line.
func (Log) Send(ctx context.Context, key, _, text string, handOver outbound.HandOver) error {
	if err := handOver(ctx); err != nil {
		return err
	}
	slog.InfoContext(ctx, "an SMS would have been sent", "message", key, "characters", len([]rune(text)))
	return nil
}

// GatewayConfig describes a gateway that is spoken to over HTTP.
type GatewayConfig struct {
	// URL, Body and the values of Headers may hold {to}, {digits} (the number without its +), {text} and {key}. In the URL
	// they are escaped as part of a query, in a body of JSON as part of a string, in one of a form as part of a value.
	URL     string
	Method  string   // POST unless set
	Headers []string // "Authorization: Bearer ..."
	Body    string   // {"to":"{to}","text":"{text}"} unless set; none for GET
	// Success are the statuses that say that the gateway has the message; any 2xx when empty.
	Success []int
	// Client replaces the usual one, in tests.
	Client *http.Client
}

// Gateway is a Provider over HTTP.
type Gateway struct {
	config  GatewayConfig
	headers http.Header
	escape  func(string) string
	host    string
}

const usualBody = `{"to":"{to}","text":"{text}"}`

// NewGateway makes a gateway; its errors never quote what may be a secret.
func NewGateway(c GatewayConfig) (*Gateway, error) {
	address, err := url.Parse(strings.NewReplacer("{to}", "to", "{digits}", "digits", "{text}", "text", "{key}", "key").Replace(c.URL))
	if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" {
		return nil, errors.New("the SMS gateway's URL is none such as https://sms.example.org/send")
	}
	if address.Scheme == "http" && !isLocal(address.Hostname()) {
		return nil, errors.New("the SMS gateway's URL needs https: texts and numbers would be read on the way")
	}
	if c.Method == "" {
		c.Method = http.MethodPost
	}
	if !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut}, c.Method) {
		return nil, errors.New("the SMS gateway's method is none of GET, POST and PUT")
	}
	g := &Gateway{config: c, headers: http.Header{}, host: address.Host}
	for _, header := range c.Headers {
		name, value, found := strings.Cut(header, ":")
		if name = strings.TrimSpace(name); !found || name == "" || strings.ContainsAny(name, " \t\r\n") || strings.ContainsAny(value, "\r\n") {
			return nil, errors.New("a header of the SMS gateway is not Name: value")
		}
		g.headers.Add(name, strings.TrimSpace(value))
	}
	if c.Method == http.MethodGet {
		if c.Body != "" {
			return nil, errors.New("the SMS gateway's method GET has no body")
		}
	} else if c.Body == "" {
		g.config.Body = usualBody
	}
	if whole := c.URL + g.config.Body; !strings.Contains(whole, "{text}") || !strings.Contains(whole, "{to}") && !strings.Contains(whole, "{digits}") {
		return nil, errors.New("neither the SMS gateway's URL nor its body says where {text} and {to} (or {digits}) go")
	}
	g.escape = url.QueryEscape
	if body := strings.TrimSpace(g.config.Body); strings.HasPrefix(body, "{\"") || strings.HasPrefix(body, "[") {
		g.escape = inJSON
		if g.headers.Get("Content-Type") == "" {
			g.headers.Set("Content-Type", "application/json")
		}
		if !json.Valid([]byte(g.filled(g.config.Body, "k", "+1", "\"", inJSON))) {
			return nil, errors.New("the SMS gateway's body is no JSON once {to} and {text} are filled in")
		}
	} else if body != "" && g.headers.Get("Content-Type") == "" {
		g.headers.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if g.config.Client == nil {
		transport := &http.Transport{
			DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConns: 10, IdleConnTimeout: time.Minute,
			Proxy: http.ProxyFromEnvironment,
		}
		g.config.Client = &http.Client{Transport: transport}
	}
	client := *g.config.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if client.Timeout == 0 {
		client.Timeout = 20 * time.Second
	}
	g.config.Client = &client
	return g, nil
}

func isLocal(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

// String names the gateway without what may be a secret in its URL.
func (g *Gateway) String() string { return g.host }

func inJSON(s string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string always encodes
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(out.String()), `"`), `"`)
}

func (g *Gateway) filled(s, key, to, text string, escape func(string) string) string {
	return strings.NewReplacer("{to}", escape(to), "{digits}", escape(strings.TrimPrefix(to, "+")), "{text}", escape(text), "{key}", escape(key)).Replace(s)
}

// Send asks the gateway. What is lost once the request was written is in doubt; a gateway that knows {key} would tell.
func (g *Gateway) Send(ctx context.Context, key, to, text string, handOver outbound.HandOver) error {
	var body io.Reader
	if g.config.Body != "" {
		body = strings.NewReader(g.filled(g.config.Body, key, to, text, g.escape))
	}
	request, err := http.NewRequestWithContext(ctx, g.config.Method, g.filled(g.config.URL, key, to, text, url.QueryEscape), body)
	if err != nil {
		return outbound.Failed(outbound.Refused, err, "The SMS gateway's URL cannot be used.")
	}
	request.Header = g.headers.Clone()
	if err := handOver(ctx); err != nil {
		return err
	}
	answer, err := g.config.Client.Do(request)
	if err != nil {
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			return outbound.Failed(outbound.Away, err, "The SMS gateway %s cannot be reached.", g.host)
		}
		return outbound.Failed(outbound.InDoubt, err, "The SMS gateway %s broke off before it answered; the message may have arrived.", g.host)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 1<<16)
	switch code := answer.StatusCode; {
	case slices.Contains(g.config.Success, code), len(g.config.Success) == 0 && code/100 == 2:
		return nil
	// What is wrong with the account or the URL is wrong for every message.
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusPaymentRequired || code == http.StatusNotFound:
		return outbound.Failed(outbound.Away, nil, "The SMS gateway %s does not let HM in (%d).", g.host, code)
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		return outbound.Failed(outbound.Later, nil, "The SMS gateway %s does not take it now (%d).", g.host, code)
	// A gateway that broke inside may have sent it before.
	case code >= 500:
		return outbound.Failed(outbound.InDoubt, nil, "The SMS gateway %s failed (%d); the message may have arrived.", g.host, code)
	default:
		return outbound.Failed(outbound.Refused, fmt.Errorf("status %d", code), "The SMS gateway %s refused it (%d).", g.host, code)
	}
}
