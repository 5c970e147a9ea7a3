// Package mailtest is a mail server for tests: it speaks SMTP over TCP, takes mail, and can be as bad as any: away, slow,
// breaking off at each step, refusing, silent.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fault is what the server does wrong.
type Fault int

// The faults. All but the first few concern one message.
const (
	None              Fault = iota
	NoGreeting              // takes the connection and says nothing
	BusyGreeting            // 421 instead of hello
	RefuseSender            // 550 to MAIL
	DeferAddress            // 450 to RCPT
	RefuseAddress           // 550 to RCPT, quoting it
	DeferData               // 451 to DATA
	DropInData              // reads a part of the message, then closes
	DeferMessage            // 452 to the whole message
	RefuseMessage           // 554 to the whole message
	DropAfterTaking         // has the whole message, and closes before it says so
	SilentAfterTaking       // has the whole message, and says nothing
)

// Received is a message that the server has.
type Received struct {
	From, To string
	Raw      string
	Message  *mail.Message
	Secure   bool
	User     string
}

// Body reads the text.
func (r Received) Body() string {
	body, _ := io.ReadAll(r.Message.Body)
	return string(body)
}

// Server is one that listens, or does not.
type Server struct {
	// Host and Port stay the same while it is down.
	Host string
	Port int
	// TLS offers STARTTLS with a certificate of Roots; Implicit begins with it. Password asks for a user "hm".
	TLS, Implicit bool
	Password      string
	Roots         *x509.CertPool

	config *tls.Config

	mu       sync.Mutex
	listener net.Listener
	open     map[net.Conn]bool
	fault    Fault
	delay    time.Duration
	received []Received
	talks    int
	current  int
	most     int
}

// Options of Start.
type Options struct {
	TLS, Implicit bool
	Password      string
}

// Start makes a server that takes mail.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{Host: "127.0.0.1", TLS: o.TLS, Implicit: o.Implicit, Password: o.Password, open: map[net.Conn]bool{}}
	if o.TLS || o.Implicit {
		s.certify(t)
	}
	s.Up(t)
	t.Cleanup(s.Down)
	return s
}

func (s *Server) certify(t testing.TB) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail server of a test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		t.Fatal(err)
	}
	s.Roots = x509.NewCertPool()
	s.Roots.AddCert(parsed)
	s.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

// Up makes it listen again, where it listened before.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", s.Host, s.Port))
	if err != nil {
		t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	s.mu.Lock()
	s.listener = listener
	s.mu.Unlock()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
}

// Down makes it away: who connects is refused, and who is connected is cut off.
func (s *Server) Down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		_ = s.listener.Close()
	}
	for conn := range s.open {
		_ = conn.Close()
	}
}

// Now makes it do something wrong from now on, and every step take so long.
func (s *Server) Now(fault Fault, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.delay = fault, delay
}

// Received gives what it has, oldest first.
func (s *Server) Received() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.received...)
}

// Talks is how many conversations there were, and how many at once at most.
func (s *Server) Talks() (all, atOnce int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.talks, s.most
}

func (s *Server) behaviour() (Fault, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault, s.delay
}

func (s *Server) serve(conn net.Conn) {
	s.mu.Lock()
	s.talks++
	s.current++
	s.most = max(s.most, s.current)
	s.open[conn] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.current--
		delete(s.open, conn)
		s.mu.Unlock()
		_ = conn.Close()
	}()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	t := &talk{server: s, raw: conn, conn: conn}
	if s.Implicit {
		t.secure()
	}
	t.reader = bufio.NewReader(t.conn)
	t.run()
}

// talk is one conversation.
type talk struct {
	server    *Server
	raw, conn net.Conn
	reader    *bufio.Reader
	isSecure  bool
	user      string
	from, to  string
	signedIn  bool
}

func (t *talk) secure() {
	t.conn, t.isSecure = tls.Server(t.raw, t.server.config), true
	t.reader = bufio.NewReader(t.conn)
}

func (t *talk) say(line string) bool {
	_, delay := t.server.behaviour()
	time.Sleep(delay)
	_, err := fmt.Fprint(t.conn, line+"\r\n")
	return err == nil
}

func (t *talk) run() {
	switch fault, _ := t.server.behaviour(); fault {
	case NoGreeting:
		_, _ = t.reader.ReadByte() // until it is cut off
		return
	case BusyGreeting:
		t.say("421 4.3.2 too busy")
		return
	}
	if !t.say("220 mail.test ESMTP") {
		return
	}
	for {
		line, err := t.reader.ReadString('\n')
		if err != nil {
			return
		}
		if !t.answer(strings.TrimSpace(line)) {
			return
		}
	}
}

func (t *talk) answer(line string) bool {
	fault, _ := t.server.behaviour()
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		lines := []string{"mail.test", "8BITMIME"}
		if t.server.TLS && !t.isSecure {
			lines = append(lines, "STARTTLS")
		}
		if t.server.Password != "" {
			lines = append(lines, "AUTH PLAIN LOGIN")
		}
		for i, l := range lines {
			mark := "-"
			if i == len(lines)-1 {
				mark = " "
			}
			if !t.say("250" + mark + l) {
				return false
			}
		}
		return true
	case "STARTTLS":
		if !t.say("220 go ahead") {
			return false
		}
		t.secure()
		return true
	case "AUTH":
		_, secret, _ := strings.Cut(rest, " ")
		plain, _ := base64.StdEncoding.DecodeString(secret)
		if string(plain) != "\x00hm\x00"+t.server.Password {
			return t.say("535 5.7.8 no")
		}
		t.user, t.signedIn = "hm", true
		return t.say("235 2.7.0 welcome")
	case "MAIL":
		if fault == RefuseSender || t.server.Password != "" && !t.signedIn {
			return t.say("550 5.7.1 not you")
		}
		t.from = between(rest)
		return t.say("250 2.1.0 ok")
	case "RCPT":
		t.to = between(rest)
		switch fault {
		case DeferAddress:
			return t.say("450 4.2.1 mailbox " + t.to + " is busy")
		case RefuseAddress:
			return t.say("550 5.1.1 <" + t.to + "> is nobody")
		}
		return t.say("250 2.1.5 ok")
	case "DATA":
		return t.data(fault)
	case "QUIT":
		t.say("221 bye")
		return false
	case "NOOP", "RSET":
		return t.say("250 ok")
	}
	return t.say("500 5.5.2 what?")
}

func (t *talk) data(fault Fault) bool {
	if fault == DeferData {
		return t.say("451 4.3.0 not now")
	}
	if !t.say("354 go on") {
		return false
	}
	var raw strings.Builder
	for lines := 0; ; lines++ {
		line, err := t.reader.ReadString('\n')
		if err != nil {
			return false
		}
		if fault == DropInData && lines == 2 {
			return false
		}
		if line == ".\r\n" {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, "."))
	}
	switch fault {
	case DeferMessage:
		return t.say("452 4.3.1 no room")
	case RefuseMessage:
		return t.say("554 5.6.0 not this one")
	}
	message, err := mail.ReadMessage(strings.NewReader(raw.String()))
	if err != nil {
		return t.say("554 5.6.0 no message")
	}
	t.server.mu.Lock()
	t.server.received = append(t.server.received, Received{From: t.from, To: t.to, Raw: raw.String(), Message: message, Secure: t.isSecure, User: t.user})
	t.server.mu.Unlock()
	switch fault {
	case DropAfterTaking:
		return false
	case SilentAfterTaking:
		_, _ = t.reader.ReadByte()
		return false
	}
	return t.say("250 2.0.0 taken")
}

func between(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
