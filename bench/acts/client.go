package acts

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Conn is one kept-alive HTTP connection, for one goroutine. It is leaner than http.Client, whose pool and goroutines
// would take a fifth of the two cores that client, HM and PostgreSQL share; request and answer are net/http's.
type Conn struct {
	address string
	// Timeout of one request; 30 s when zero.
	Timeout time.Duration

	conn   net.Conn
	reader *bufio.Reader
	out    bytes.Buffer
	body   bytes.Buffer
}

// Dial gives a connection to HOST:PORT. It connects at its first request, and again after a failure.
func Dial(address string) *Conn { return &Conn{address: address} }

// Close ends the connection.
func (c *Conn) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// Answer of the server. Body is valid until the connection's next request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Is tells whether the answer has this status; otherwise the error names what came instead, without the body, which
// may hold a patient.
func (a Answer) Is(status int) error {
	if a.Status == status {
		return nil
	}
	return &StatusError{Status: a.Status, Want: status, Code: a.Code(), RetryAfter: a.Header.Get("Retry-After")}
}

// Code of the problem that the answer is, "" for none.
func (a Answer) Code() string {
	var problem struct{ Code string }
	_ = json.Unmarshal(a.Body, &problem)
	return problem.Code
}

// Into reads the body.
func (a Answer) Into(into any) error { return json.Unmarshal(a.Body, into) }

// StatusError is an answer that was not the wanted one.
type StatusError struct {
	Status, Want int
	Code         string
	RetryAfter   string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("answered %d %s, want %d", e.Status, e.Code, e.Want)
}

// Shed tells that the server refused for now because it has too much to do: 429 or 503 with Retry-After.
func (e *StatusError) Shed() bool {
	return (e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable) && e.RetryAfter != ""
}

// IsShed tells whether err is such a refusal.
func IsShed(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Shed()
}

// Do sends a request as the session's user in its facility; session may be nil, body too. Header pairs are added.
func (c *Conn) Do(ctx context.Context, s *Session, method, path string, body any, headers ...string) (Answer, error) {
	c.body.Reset()
	if body != nil {
		if err := json.NewEncoder(&c.body).Encode(body); err != nil {
			return Answer{}, err
		}
	}
	c.out.Reset()
	out := &c.out
	out.WriteString(method + " " + path + " HTTP/1.1\r\nHost: " + c.address + "\r\n")
	if s != nil {
		access, err := s.token(ctx)
		if err != nil {
			return Answer{}, err
		}
		out.WriteString("Authorization: Bearer " + access + "\r\n")
		if s.TenantID != "" {
			out.WriteString("X-Tenant-ID: " + s.TenantID + "\r\nX-Facility-ID: " + s.FacilityID + "\r\n")
		}
	}
	for i := 0; i+1 < len(headers); i += 2 {
		out.WriteString(headers[i] + ": " + headers[i+1] + "\r\n")
	}
	if body != nil {
		out.WriteString("Content-Type: application/json\r\n")
	}
	if body != nil || method != http.MethodGet {
		out.WriteString("Content-Length: " + strconv.Itoa(c.body.Len()) + "\r\n")
	}
	out.WriteString("\r\n")
	_, _ = out.Write(c.body.Bytes())
	answer, err := c.exchange(ctx, method)
	if err != nil {
		c.Close()
		return Answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	return answer, nil
}

func (c *Conn) exchange(ctx context.Context, method string) (Answer, error) {
	if c.conn == nil {
		conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", c.address)
		if err != nil {
			return Answer{}, err
		}
		c.conn, c.reader = conn, bufio.NewReaderSize(conn, 32<<10)
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	if err := c.conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		return Answer{}, err
	}
	if _, err := c.conn.Write(c.out.Bytes()); err != nil {
		return Answer{}, err
	}
	response, err := http.ReadResponse(c.reader, &http.Request{Method: method})
	if err != nil {
		return Answer{}, err
	}
	c.body.Reset()
	if _, err := io.Copy(&c.body, response.Body); err != nil {
		return Answer{}, err
	}
	if response.Close {
		c.Close()
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: c.body.Bytes()}, nil
}

// Kind says in a few words what went wrong, the same words for the same thing, so that failures can be counted: no id,
// no address, no name.
func Kind(err error) string {
	var status *StatusError
	var network net.Error
	switch {
	case errors.As(err, &status):
		return fmt.Sprintf("%d %s", status.Status, status.Code)
	case errors.Is(err, ErrWrong):
		return ErrWrong.Error()
	case errors.As(err, &network) && network.Timeout():
		return "no answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network):
		return "connection lost"
	}
	return "other"
}
