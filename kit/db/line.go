package db

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// longestSilence is how long PostgreSQL may say nothing while an answer is awaited, whoever waits: longer than any
	// statement may take (statement_timeout of the application's login). A machine or a router that goes away tells
	// nobody, and the kernel notices only after many minutes.
	longestSilence = 25 * time.Second
	// pingTime is how long a connection that was idle may take to show that it is still there.
	pingTime = 2 * time.Second
	// suspicious is how long a wait that was given up must have lasted to tell something about the line, rather than
	// about a client that left.
	suspicious = 1500 * time.Millisecond
	// suspectEvery bounds how often the pool begins anew.
	suspectEvery = 5 * time.Second
)

// lines makes the pool's connections. When one of them fell silent, the others to the same place did so most likely too:
// the pool then begins anew, so that each request need not find out about one of them by waiting in vain.
type lines struct {
	pool      atomic.Pointer[pgxpool.Pool]
	mu        sync.Mutex
	suspected time.Time
}

// watch makes config's connections lines.
func (l *lines) watch(config *pgxpool.Config) {
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &line{Conn: conn, lines: l}, nil
	}
	config.PingTimeout = pingTime
}

// suspect closes the connections that are idle, and each that is lent out when it comes back.
func (l *lines) suspect() {
	pool := l.pool.Load()
	if pool == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.suspected) > suspectEvery {
		l.suspected = time.Now()
		go pool.Reset() // it waits for idle connections to close; who reads must not
	}
}

// line is a connection that does not wait for ever.
type line struct {
	net.Conn
	lines *lines

	mu    sync.Mutex
	given time.Time // the deadline that its user set; zero for none
}

// Read gives up after longestSilence, or at the user's deadline if that comes first.
func (l *line) Read(b []byte) (int, error) {
	began := time.Now()
	l.mu.Lock()
	until := began.Add(longestSilence)
	if !l.given.IsZero() && l.given.Before(until) {
		until = l.given
	}
	err := l.Conn.SetReadDeadline(until)
	l.mu.Unlock()
	if err != nil {
		return 0, err
	}
	n, err := l.Conn.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) && time.Since(began) > suspicious {
		l.lines.suspect()
	}
	return n, err
}

// SetDeadline is how the driver ends a wait whose context has ended; Read must not undo that.
func (l *line) SetDeadline(t time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.given = t
	return l.Conn.SetDeadline(t)
}

// SetReadDeadline is SetDeadline for reading.
func (l *line) SetReadDeadline(t time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.given = t
	return l.Conn.SetReadDeadline(t)
}
