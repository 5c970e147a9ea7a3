package db

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

func TestALineEndsAtItsUsersDeadline(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	defer there.Close()
	l := &line{Conn: here, lines: &lines{}}
	// The driver's way to end a wait: a deadline in the past, set while another goroutine is about to read.
	if err := l.SetDeadline(time.Unix(0, 1)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		began := time.Now()
		if _, err := l.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) > time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	}
	if !l.lines.suspected.IsZero() {
		t.Error("a client that left casts suspicion on the line")
	}
	// Without a deadline again, what comes is read.
	if err := l.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = there.Write([]byte("x")) }()
	if n, err := l.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("read %d %v", n, err)
	}
}
