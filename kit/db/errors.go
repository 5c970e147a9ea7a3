package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
)

// IsNoRows tells that a single-row read found nothing.
func IsNoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// Violates tells that err is a breach of the named constraint or unique index.
func Violates(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && strings.HasPrefix(pg.Code, "23") && pg.ConstraintName == constraint
}

// IsUnavailable tells that the database did not answer, or cannot now, and that the same request may succeed
// later: no connection, shutting down, out of connections or disk, a timeout, a deadlock.
func IsUnavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "55P03", "57014", "25006", "0A000":
			return pg.Code != "0A000" || strings.Contains(pg.Message, "cached plan")
		}
		switch pg.Code[:2] {
		case "08", "53", "57", "58":
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, puddle.ErrClosedPool) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF")
}

func isForbidden(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42501"
}

// connectError is why there is no connection, in one sentence. The driver tells it once for each attempt, with TLS
// and without, of which the first hides what matters.
type connectError struct {
	sentence string
	cause    error
}

func (e *connectError) Error() string { return e.sentence }
func (e *connectError) Unwrap() error { return e.cause }

// explainConnect gives the sentence for a connection that config did not lead to.
func explainConnect(config *pgconn.Config, err error) error {
	var server *pgconn.PgError
	var name *net.DNSError
	// In a URL an "@" of the password that is not written %40 makes the rest of it a part of the host.
	host := config.Host[strings.LastIndexByte(config.Host, '@')+1:]
	where := net.JoinHostPort(host, strconv.Itoa(int(config.Port)))
	reason := withoutPassword(err).Error()
	// Of the attempts the last one tells most: the first tried TLS, which a server may not have.
	if lines := strings.Split(strings.TrimSpace(reason), "\n"); len(lines) > 1 {
		reason = strings.TrimSpace(lines[len(lines)-1])
	}
	switch {
	case host != config.Host:
		reason = "its password has an @, which is written %40 in a URL"
	case errors.As(err, &server) && server.Code == "42501":
		reason = fmt.Sprintf("%s; the owner says GRANT CONNECT ON DATABASE %s TO %s", server.Message, config.Database, config.User)
	case errors.As(err, &server):
		reason = server.Message
	case errors.As(err, &name) && name.IsNotFound:
		reason = "the host is not known"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		reason = "no PostgreSQL listens there"
	case pgconn.Timeout(err):
		reason = "there is no answer"
	}
	return &connectError{fmt.Sprintf("the database %s at %s does not accept the connection: %s", config.Database, where, reason), err}
}

var password = regexp.MustCompile(`(://[^:/@\s]*:)\S*@|(password=)('[^']*'|\S+)`)

// withoutPassword keeps the database URL's password out of every message.
func withoutPassword(err error) error {
	clean := password.ReplaceAllString(err.Error(), "${1}${2}***@")
	if clean == err.Error() {
		return err
	}
	return errors.New(clean)
}

// Describe gives an error's text for the log without what PostgreSQL adds to it: the details of a violated
// constraint quote the row, and a row may hold a patient.
func Describe(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		text := pg.Severity + " " + pg.Code + " on " + pg.SchemaName + "." + pg.TableName + " " + pg.ConstraintName + pg.ColumnName
		if !strings.HasPrefix(pg.Code, "22") && !strings.HasPrefix(pg.Code, "23") {
			text += ": " + pg.Message
		}
		return text
	}
	return withoutPassword(err).Error()
}
