// Package mail sends mail over SMTP, and knows of every message whether the server has it.
//
// An SMTP server answers for a message once it has read the line with a single dot behind it. The sender writes everything
// else first, looks whether the server is still there, and only then, after the caller's HandOver, writes that line: what
// breaks before it was not taken and may be sent again; what breaks between it and the answer is in doubt.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"hmsoftware.com/hm/kit/outbound"
)

// Config of New.
type Config struct {
	Server Server
	// From is the sender, an address or "Name <address>".
	From string
	// Roots replace the system's certificate authorities, in tests.
	Roots *x509.CertPool
	// Patience is how long the server may take: for each step, and for its answer once it has the message. Zero for the
	// usual 20 s and a minute.
	Patience, AnswerPatience time.Duration
}

// Sender sends mail through one server. Safe for concurrent use; each message has a connection of its own.
type Sender struct {
	config Config
	from   *netmail.Address
	domain string
}

// Message to one person.
type Message struct {
	// ID makes the message the same when it is sent again: its Message-ID is made of it.
	ID            string
	To, ToName    string
	Subject, Body string
	At            time.Time
}

// errFrom refuses a sender without an address.
var errFrom = errors.New("the sender of mail is no address such as hospital@example.org or Hospital <hospital@example.org>")

// New makes a sender. It does not speak with the server; Check does.
func New(c Config) (*Sender, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, errFrom
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	if c.Patience == 0 {
		c.Patience = 20 * time.Second
	}
	if c.AnswerPatience == 0 {
		c.AnswerPatience = time.Minute
	}
	return &Sender{config: c, from: from, domain: domain}, nil
}

// MessageID is the Message-ID of a message with this ID, without its angle brackets.
func (s *Sender) MessageID(id string) string { return id + "@" + s.domain }

// Check says hello to the server and signs in, and says what is wrong.
func (s *Sender) Check(ctx context.Context) error {
	talk, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer talk.end()
	_ = talk.client.Quit()
	return nil
}

// Send gives a message to the server; nil once the server has answered for it, else an outbound.Failure.
func (s *Sender) Send(ctx context.Context, m Message, handOver outbound.HandOver) error {
	message, err := s.compose(m)
	if err != nil {
		return outbound.Failed(outbound.Refused, err, "The address is not one that mail can be sent to.")
	}
	talk, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer talk.end()
	if err := talk.client.Mail("<" + s.from.Address + ">"); err != nil {
		// Whatever it has against our own address, it has against every message.
		return answered(err, outbound.Away, outbound.Away, "does not take mail from the sender")
	}
	if err := talk.client.Rcpt("<" + m.To + ">"); err != nil {
		return answered(err, outbound.Later, outbound.Refused, "does not take mail for the address")
	}
	data, err := talk.client.Data()
	if err != nil {
		return answered(err, outbound.Later, outbound.Refused, "does not take the message")
	}
	if _, err = message.WriteTo(data); err == nil {
		err = talk.client.Text.W.Flush()
	}
	if err != nil {
		return away(err, "The mail server broke off while it was given a message.")
	}
	if err := talk.stillThere(); err != nil {
		return err
	}
	if err := handOver(ctx); err != nil {
		return err
	}
	talk.handedOver(s.config.AnswerPatience)
	if err := data.Close(); err != nil {
		var said *textproto.Error
		if !errors.As(err, &said) {
			return outbound.Failed(outbound.InDoubt, err, "The mail server broke off before it said whether it has the message; it may have arrived.")
		}
		if said.Code/100 != 2 {
			return answered(err, outbound.Later, outbound.Refused, "does not take the message")
		}
	}
	_ = talk.client.Quit()
	return nil
}

func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(s.from)
	if err := message.AddToFormat(m.ToName, m.To); err != nil {
		return nil, err
	}
	message.Subject(m.Subject)
	message.SetMessageIDWithValue(s.MessageID(m.ID))
	message.SetDateWithValue(m.At)
	// Nobody's absence note answers a machine.
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetBodyString(gomail.TypeTextPlain, m.Body)
	return message, nil
}

// conversation is a connection that does not wait for ever, and ends with its context.
type conversation struct {
	client *smtp.Client
	conn   net.Conn
	ctx    context.Context
	stop   func() bool

	mu     sync.Mutex
	handed bool
}

// leaveTime is how long a message that was handed over may still take once the server of HM is told to stop.
const leaveTime = 5 * time.Second

func (s *Sender) begin(ctx context.Context) (*conversation, error) {
	server := s.config.Server
	dialer := net.Dialer{Timeout: min(s.config.Patience, 10*time.Second)}
	conn, err := dialer.DialContext(ctx, "tcp", server.String())
	if err != nil {
		return nil, away(err, "The mail server %s cannot be reached.", server)
	}
	talk := &conversation{conn: conn, ctx: ctx}
	talk.stop = context.AfterFunc(ctx, func() {
		talk.mu.Lock()
		defer talk.mu.Unlock()
		_ = conn.SetDeadline(talk.lastMoment())
	})
	talk.wait(s.config.Patience)
	if err := s.introduce(talk, server); err != nil {
		talk.end()
		return nil, err
	}
	talk.wait(s.config.Patience)
	return talk, nil
}

func (s *Sender) introduce(talk *conversation, server Server) error {
	security := &tls.Config{ServerName: server.Host, MinVersion: tls.VersionTLS12, RootCAs: s.config.Roots}
	speaks := talk.conn
	if server.Implicit {
		secured := tls.Client(talk.conn, security)
		if err := secured.HandshakeContext(talk.ctx); err != nil {
			return away(err, "There is no secure connection to the mail server %s.", server)
		}
		speaks = secured
	}
	var err error
	if talk.client, err = smtp.NewClient(speaks, server.Host); err != nil {
		return away(err, "The mail server %s does not say hello.", server)
	}
	if err := talk.client.Hello(s.domain); err != nil {
		return away(err, "The mail server %s does not answer hello.", server)
	}
	if !server.Implicit {
		offered, _ := talk.client.Extension("STARTTLS")
		switch {
		case offered:
			if err := talk.client.StartTLS(security); err != nil {
				return away(err, "There is no secure connection to the mail server %s.", server)
			}
		case !server.isLocal():
			return away(nil, "The mail server %s offers no secure connection, without which nothing is sent to another machine.", server)
		}
	}
	if server.User == "" {
		return nil
	}
	_, methods := talk.client.Extension("AUTH")
	var sign smtp.Auth
	switch offered := strings.Fields(strings.ToUpper(methods)); {
	case slices.Contains(offered, "PLAIN"):
		sign = smtp.PlainAuth("", server.User, server.Password, server.Host, server.isLocal())
	case slices.Contains(offered, "LOGIN"):
		sign = smtp.LoginAuth(server.User, server.Password, server.Host, server.isLocal())
	default:
		return away(nil, "The mail server %s takes no user name and password.", server)
	}
	if err := talk.client.Auth(sign); err != nil {
		return away(err, "The mail server %s does not take the user name and password.", server)
	}
	return nil
}

// wait gives the server so much time from now, or none when the context has ended.
func (t *conversation) wait(patience time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx.Err() != nil {
		_ = t.conn.SetDeadline(t.lastMoment())
		return
	}
	_ = t.conn.SetDeadline(time.Now().Add(patience))
}

// lastMoment is until when a conversation may go on whose context has ended. The caller holds mu.
func (t *conversation) lastMoment() time.Time {
	if t.handed {
		return time.Now().Add(leaveTime)
	}
	return time.Now()
}

func (t *conversation) handedOver(patience time.Duration) {
	t.mu.Lock()
	t.handed = true
	t.mu.Unlock()
	t.wait(patience)
}

// lookTime is how long the sender looks whether the server is still there.
const lookTime = 50 * time.Millisecond

// stillThere finds out that a server has left, or has said what it has against the message, before the step that makes it
// answer for it. A server that has nothing to say yet says nothing.
func (t *conversation) stillThere() error {
	_ = t.conn.SetReadDeadline(time.Now().Add(lookTime))
	_, err := t.client.Text.R.Peek(1)
	t.wait(lookTime + 20*time.Second)
	var network net.Error
	switch {
	case errors.As(err, &network) && network.Timeout() && t.ctx.Err() == nil:
		return nil
	case err != nil:
		return away(err, "The mail server broke off while it was given a message.")
	}
	if _, _, err = t.client.Text.ReadResponse(354); err == nil {
		err = errors.New("an answer without a question")
	}
	return answered(err, outbound.Later, outbound.Refused, "does not take the message")
}

func (t *conversation) end() {
	t.stop()
	_ = t.conn.Close()
}

// answered is a failure at a step at which a server may say why.
func answered(err error, later, never outbound.Kind, what string) error {
	var said *textproto.Error
	if !errors.As(err, &said) {
		return away(err, "The mail server broke off.")
	}
	kind := never
	if said.Code/100 == 4 {
		kind = later
	}
	// Its words may quote the address; its code and the enhanced code do not.
	return outbound.Failed(kind, err, "The mail server %s (%s).", what, codeOf(said))
}

func codeOf(said *textproto.Error) string {
	enhanced, _, _ := strings.Cut(said.Msg, " ")
	if strings.Count(enhanced, ".") == 2 && strings.Trim(enhanced, ".0123456789") == "" && len(enhanced) <= 9 {
		return fmt.Sprintf("%d %s", said.Code, enhanced)
	}
	return fmt.Sprint(said.Code)
}

func away(err error, format string, args ...any) error {
	var said *textproto.Error
	if errors.As(err, &said) {
		format, args = strings.TrimSuffix(format, ".")+" (%s).", append(args, codeOf(said))
	}
	return outbound.Failed(outbound.Away, err, format, args...)
}
