package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/mail"
	"hmsoftware.com/hm/kit/mail/mailtest"
	"hmsoftware.com/hm/kit/outbound"
)

func senderFor(t *testing.T, s *mailtest.Server, change ...func(*mail.Config)) *mail.Sender {
	t.Helper()
	scheme := "smtp"
	if s.Implicit {
		scheme = "smtps"
	}
	user := ""
	if s.Password != "" {
		user = "hm:" + s.Password + "@"
	}
	server, err := mail.ParseServer(fmt.Sprintf("%s://%s%s:%d", scheme, user, s.Host, s.Port))
	if err != nil {
		t.Fatal(err)
	}
	c := mail.Config{Server: server, From: "Asha Hospital <hm@hospital.example>", Roots: s.Roots, Patience: 2 * time.Second, AnswerPatience: time.Second}
	for _, f := range change {
		f(&c)
	}
	sender, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

var letter = mail.Message{
	ID: "d1", To: "doctor@hospital.example", ToName: "Dr. Ravi", Subject: "गंभीर परिणाम", Body: "Line one\n.\n.two dots\nend", At: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
}

func take(context.Context) error { return nil }

func TestAMessageArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]mailtest.Options{
		"plain on this machine": {},
		"STARTTLS":              {TLS: true, Password: "s3cret"},
		"TLS from the start":    {Implicit: true, Password: "s3cret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t, o)
			if err := senderFor(t, server).Send(t.Context(), letter, take); err != nil {
				t.Fatal(err)
			}
			got := server.Received()
			if len(got) != 1 {
				t.Fatalf("the server has %d messages", len(got))
			}
			m := got[0]
			if m.From != "hm@hospital.example" || m.To != letter.To || m.Secure != (o.TLS || o.Implicit) {
				t.Errorf("from %s to %s, secure %t", m.From, m.To, m.Secure)
			}
			if subject, err := new(mime.WordDecoder).DecodeHeader(m.Message.Header.Get("Subject")); err != nil || subject != letter.Subject {
				t.Errorf("subject %q, %v", subject, err)
			}
			if id := m.Message.Header.Get("Message-ID"); id != "<d1@hospital.example>" {
				t.Errorf("Message-ID %s", id)
			}
			body, err := io.ReadAll(quotedprintable.NewReader(m.Message.Body))
			if text := strings.ReplaceAll(strings.TrimRight(string(body), "\r\n"), "\r\n", "\n"); err != nil || text != letter.Body {
				t.Errorf("body %q, %v", text, err)
			}
		})
	}
}

// What a fault means for the message: whether it may be sent again, whether the server has it, and whether the sender was
// past the step that cannot be called back.
func TestEveryFaultIsKnownForWhatItIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  mailtest.Fault
		kind   outbound.Kind
		has    int
		handed bool
		says   string
	}{
		"no greeting":            {mailtest.NoGreeting, outbound.Away, 0, false, "does not say hello"},
		"too busy":               {mailtest.BusyGreeting, outbound.Away, 0, false, "does not say hello (421 4.3.2)"},
		"our own address":        {mailtest.RefuseSender, outbound.Away, 0, false, "from the sender (550 5.7.1)"},
		"the address, later":     {mailtest.DeferAddress, outbound.Later, 0, false, "(450 4.2.1)"},
		"the address, never":     {mailtest.RefuseAddress, outbound.Refused, 0, false, "for the address (550 5.1.1)"},
		"the message, later":     {mailtest.DeferData, outbound.Later, 0, false, "(451 4.3.0)"},
		"drops in the message":   {mailtest.DropInData, outbound.Away, 0, false, "broke off while"},
		"no room":                {mailtest.DeferMessage, outbound.Later, 0, true, "(452 4.3.1)"},
		"not this one":           {mailtest.RefuseMessage, outbound.Refused, 0, true, "(554 5.6.0)"},
		"takes it and drops":     {mailtest.DropAfterTaking, outbound.InDoubt, 1, true, "may have arrived"},
		"takes it and is silent": {mailtest.SilentAfterTaking, outbound.InDoubt, 1, true, "may have arrived"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t, mailtest.Options{})
			server.Now(c.fault, 0)
			handed := false
			err := senderFor(t, server).Send(t.Context(), letter, func(context.Context) error { handed = true; return nil })
			failure := outbound.FailureOf(err)
			if err == nil || failure.Kind != c.kind || handed != c.handed || len(server.Received()) != c.has {
				t.Fatalf("%v: kind %d, handed over %t, the server has %d", err, failure.Kind, handed, len(server.Received()))
			}
			if !strings.Contains(failure.What, c.says) || strings.Contains(failure.What, "doctor@") {
				t.Errorf("it says %q", failure.What)
			}
		})
	}
}

func TestAServerThatIsDownIsAway(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Options{})
	server.Down()
	sender := senderFor(t, server)
	if err := sender.Send(t.Context(), letter, take); err == nil || outbound.FailureOf(err).Kind != outbound.Away {
		t.Errorf("got %v", err)
	}
	if err := sender.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("the check says %v", err)
	}
	server.Up(t)
	if err := sender.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAWrongPasswordIsToldWithoutIt(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Options{TLS: true, Password: "right"})
	sender := senderFor(t, server, func(c *mail.Config) { c.Server.Password = "wr0ng" })
	err := sender.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "does not take the user name and password (535") || strings.Contains(fmt.Sprintf("%v %+v", err, errors.Unwrap(err)), "wr0ng") {
		t.Errorf("got %v", err)
	}
}

func TestAServerOfAnotherNameIsRefused(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Options{TLS: true})
	err := senderFor(t, server, func(c *mail.Config) { c.Roots = nil }).Send(t.Context(), letter, take)
	if err == nil || outbound.FailureOf(err).Kind != outbound.Away || !strings.Contains(err.Error(), "no secure connection") || len(server.Received()) != 0 {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNotHandedOverIsNotTaken(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Options{})
	over := errors.New("somebody else has it")
	if err := senderFor(t, server).Send(t.Context(), letter, func(context.Context) error { return over }); !errors.Is(err, over) {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	if n := len(server.Received()); n != 0 {
		t.Errorf("the server has %d", n)
	}
}

func TestAStopEndsAnAttemptAtOnce(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, mailtest.Options{})
	server.Now(mailtest.NoGreeting, 0)
	ctx, stop := context.WithCancel(t.Context())
	var handed atomic.Bool
	time.AfterFunc(50*time.Millisecond, stop)
	began := time.Now()
	err := senderFor(t, server, func(c *mail.Config) { c.Patience = time.Minute }).Send(ctx, letter, func(context.Context) error { handed.Store(true); return nil })
	if err == nil || time.Since(began) > 2*time.Second || handed.Load() {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

func TestServersAreReadOrRefusedWithoutTheirPassword(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"smtp://u:p%40ss@mail.example.org:2525": "mail.example.org:2525",
		"smtp://mail.example.org":               "mail.example.org:587",
		"smtps://u:pass@mail.example.org":       "mail.example.org:465",
		"smtp://[::1]:25/":                      "[::1]:25",
	} {
		if s, err := mail.ParseServer(text); err != nil || s.String() != want {
			t.Errorf("%s: %s, %v", text, s, err)
		}
	}
	for _, text := range []string{
		"", "mail.example.org", "http://u:hidden@mail.example.org", "smtp://u:hidden@", "smtp://u@mail.example.org", "smtp://u:hidden@mail.example.org:0",
		"smtp://u:hidden@mail.example.org:99999", "smtp://u:hid#den@mail.example.org", "smtp://u:hidden@mail.example.org?tls=none", "smtp://u:hid%zz@mail",
	} {
		if s, err := mail.ParseServer(text); err == nil || strings.Contains(err.Error(), "hid") {
			t.Errorf("%s: %s, %v", text, s, err)
		}
	}
}
