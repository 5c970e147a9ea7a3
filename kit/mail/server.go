package mail

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Server is an SMTP server and how to speak with it.
type Server struct {
	Host string
	Port int
	// Implicit begins with TLS, as port 465 does. Otherwise the conversation turns to TLS by STARTTLS; on this machine
	// alone it may go on without.
	Implicit       bool
	User, Password string
}

// ParseServer reads smtp://user:password@host:587 or smtps://user:password@host:465. Its errors never quote the URL, which
// holds a password.
func ParseServer(text string) (Server, error) {
	address, err := url.Parse(text)
	if err != nil {
		return Server{}, errors.New("the mail server's URL cannot be read; it should look like smtp://user:password@host:587, with every special character of the password written as %40 and the like")
	}
	s := Server{Host: address.Hostname(), Port: 587}
	switch address.Scheme {
	case "smtp":
	case "smtps":
		s.Port, s.Implicit = 465, true
	default:
		return Server{}, errors.New("the mail server's URL begins with neither smtp:// nor smtps://")
	}
	if s.Host == "" || strings.Trim(address.Path, "/") != "" || address.RawQuery != "" || address.Fragment != "" {
		return Server{}, errors.New("the mail server's URL should be smtp://user:password@host:587 and nothing more")
	}
	if port := address.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, errors.New("the port of the mail server's URL is not a number from 1 to 65535")
		}
	}
	if address.User != nil {
		s.User = address.User.Username()
		s.Password, _ = address.User.Password()
		if s.User == "" || s.Password == "" {
			return Server{}, errors.New("the mail server's URL has a user without a password, or a password without a user")
		}
	}
	return s, nil
}

// String names the server without its password.
func (s Server) String() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// GoString keeps the password out of %#v.
func (s Server) GoString() string { return fmt.Sprintf("mail.Server(%s)", s) }

// isLocal tells whether the server is this machine: nobody reads on the way to it.
func (s Server) isLocal() bool {
	if s.Host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(s.Host)
	return err == nil && address.IsLoopback()
}
