package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"hmsoftware.com/hm/kit/mail"
	"hmsoftware.com/hm/kit/sms"
)

// Messages says how HM reaches people outside the app. What may hold a password or a key is Hidden, and refused without
// being quoted by Mail and SMS, since kong would quote what it reads.
type Messages struct {
	PublicURL  PublicURL `env:"HM_PUBLIC_URL" placeholder:"URL" help:"Where people find this HM, such as https://hm.example.org: for links in messages and codes on reports."`
	SMTPURL    Hidden    `name:"smtp-url" env:"HM_SMTP_URL" placeholder:"URL" help:"Mail server, such as smtp://user:password@mail.example.org:587 or smtps://...:465; no mail without it."`
	MailFrom   string    `env:"HM_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of mail, such as 'Hospital <hm@example.org>'."`
	SMSURL     Hidden    `name:"sms-url" env:"HM_SMS_URL" placeholder:"URL" help:"HTTP gateway for SMS; {to}, {digits}, {text} and {key} stand for the message. 'log' only logs that one was sent; no SMS without it."`
	SMSMethod  string    `name:"sms-method" env:"HM_SMS_METHOD" placeholder:"METHOD" help:"GET, POST or PUT (POST)."`
	SMSHeaders []Hidden  `name:"sms-header" sep:";" env:"HM_SMS_HEADERS" placeholder:"NAME: VALUE" help:"Header for the SMS gateway; may repeat, in the environment separated by ;."`
	SMSBody    Hidden    `name:"sms-body" env:"HM_SMS_BODY" placeholder:"TEXT" help:"Body for the SMS gateway, JSON or a form ({\"to\":\"{to}\",\"text\":\"{text}\"})."`
	SMSSuccess []int     `name:"sms-success" env:"HM_SMS_SUCCESS" placeholder:"STATUS" help:"Statuses by which the SMS gateway says that it has the message (any 2xx)."`
}

// LogSMS is the SMSURL of development.
const LogSMS = "log"

// Mail gives the sender that was configured; nil without a mail server.
func (m Messages) Mail() (*mail.Sender, error) {
	switch {
	case m.SMTPURL == "" && m.MailFrom == "":
		return nil, nil
	case m.SMTPURL == "":
		return nil, errors.New("HM_MAIL_FROM is set without HM_SMTP_URL, so no mail could go out")
	case m.MailFrom == "":
		return nil, errors.New("HM_SMTP_URL is set without HM_MAIL_FROM, the sender of mail")
	}
	server, err := mail.ParseServer(string(m.SMTPURL))
	if err == nil {
		var sender *mail.Sender
		if sender, err = mail.New(mail.Config{Server: server, From: m.MailFrom}); err == nil {
			return sender, nil
		}
	}
	return nil, fmt.Errorf("HM_SMTP_URL, HM_MAIL_FROM: %w", err)
}

// SMS gives the provider that was configured; nil without a gateway.
func (m Messages) SMS() (sms.Provider, error) {
	switch m.SMSURL {
	case "":
		if m.SMSMethod != "" || len(m.SMSHeaders) > 0 || m.SMSBody != "" || len(m.SMSSuccess) > 0 {
			return nil, errors.New("HM_SMS_METHOD, HM_SMS_HEADERS, HM_SMS_BODY or HM_SMS_SUCCESS is set without HM_SMS_URL, so no SMS could go out")
		}
		return nil, nil
	case LogSMS:
		return sms.Log{}, nil
	}
	c := sms.GatewayConfig{URL: string(m.SMSURL), Method: strings.ToUpper(m.SMSMethod), Body: string(m.SMSBody), Success: m.SMSSuccess}
	for _, header := range m.SMSHeaders {
		c.Headers = append(c.Headers, string(header))
	}
	gateway, err := sms.NewGateway(c)
	if err != nil {
		return nil, fmt.Errorf("HM_SMS_URL and what belongs to it: %w", err)
	}
	return gateway, nil
}

// PublicURL is a scheme, a host and perhaps a path, without a slash at its end.
type PublicURL string

// UnmarshalText implements encoding.TextUnmarshaler.
func (u *PublicURL) UnmarshalText(text []byte) error {
	address, err := url.Parse(string(text))
	if err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "" || address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return fmt.Errorf("the public URL %q is not one such as https://hm.example.org", text)
	}
	*u = PublicURL(strings.TrimRight(string(text), "/"))
	return nil
}

// Hidden is text that may hold a secret. It never prints.
type Hidden string

// String hides it from %s and %v.
func (h Hidden) String() string {
	if h == "" {
		return ""
	}
	return "[hidden]"
}

// GoString hides it from %#v.
func (h Hidden) GoString() string { return `"` + h.String() + `"` }

// LogValue hides it from logs.
func (h Hidden) LogValue() slog.Value { return slog.StringValue(h.String()) }

// MarshalText hides it from JSON.
func (h Hidden) MarshalText() ([]byte, error) { return []byte(h.String()), nil }
