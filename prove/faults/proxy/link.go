package proxy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// link is one connection of HM's, and the one to PostgreSQL that it stands for.
type link struct {
	proxy          *Proxy
	client, server net.Conn

	end     sync.Once
	ended   chan struct{}
	silence sync.Once
	silent  chan struct{}

	mu         sync.Mutex
	statements map[string]string // prepared statements by name
	status     byte              // of the transaction, as ReadyForQuery tells it
	cutNext    bool              // at HM's next message
}

// parcel is a message under way, and when it may arrive.
type parcel struct {
	due  time.Time
	text []byte
}

func (l *link) run() {
	defer l.cut()
	l.statements, l.status = map[string]string{}, 'I'
	up, down := make(chan parcel, 1024), make(chan parcel, 1024)
	var delivering sync.WaitGroup
	delivering.Go(func() { l.deliver(l.server, up) })
	delivering.Go(func() { l.deliver(l.client, down) })
	go func() {
		defer close(down)
		l.read(l.server, down, l.fromServer)
	}()
	if l.greet(up) == nil {
		l.read(l.client, up, l.fromClient)
	}
	// What one side said before it left still reaches the other.
	close(up)
	delivering.Wait()
}

// cut resets the connection, as seen by HM; PostgreSQL sees its client gone.
func (l *link) cut() {
	l.end.Do(func() {
		if tcp, ok := l.client.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = l.client.Close()
		if l.server != nil {
			_ = l.server.Close()
		}
		close(l.ended)
	})
}

// deliver passes parcels on when they are due and the line is open. The end of what comes ends the other side as well.
func (l *link) deliver(to net.Conn, parcels <-chan parcel) {
	for p := range parcels {
		select {
		case <-l.silent:
			continue // and nobody is told
		default:
		}
		if wait := time.Until(p.due); wait > 0 {
			select {
			case <-time.After(wait):
			case <-l.ended:
				return
			}
		}
		select {
		case <-l.proxy.gate():
		case <-l.silent:
			continue
		case <-l.ended:
			return
		}
		if _, err := to.Write(p.text); err != nil {
			break
		}
	}
	select {
	case <-l.silent:
		<-l.ended
	case <-l.ended:
	default:
		_ = l.client.Close()
		_ = l.server.Close()
	}
}

var errCut = errors.New("proxy: cut")

// read takes messages, each with its type in front, until the connection ends or a rule cuts it.
func (l *link) read(from io.Reader, into chan<- parcel, look func(kind byte, body []byte) error) {
	for {
		header := make([]byte, 5)
		if _, err := io.ReadFull(from, header); err != nil {
			return
		}
		message, err := rest(from, header, 1)
		if err != nil {
			return
		}
		if look(header[0], message[5:]) != nil {
			l.cut()
			return
		}
		if !l.send(into, message) {
			return
		}
	}
}

func (l *link) send(into chan<- parcel, message []byte) bool {
	select {
	case into <- parcel{time.Now().Add(l.proxy.passage()), message}:
		return true
	case <-l.ended:
		return false
	}
}

// rest reads what a header of length at announces.
func rest(from io.Reader, header []byte, at int) ([]byte, error) {
	length := binary.BigEndian.Uint32(header[at:])
	if length < 4 || length > 1<<28 {
		return nil, errors.New("proxy: this is not PostgreSQL's protocol")
	}
	message := make([]byte, at+int(length))
	copy(message, header)
	_, err := io.ReadFull(from, message[len(header):])
	return message, err
}

// encryptionRequest is what a client sends to ask for TLS.
const encryptionRequest = 80877103

// greet passes on the first message, which has no type. TLS is refused: this reads what is said.
func (l *link) greet(up chan<- parcel) error {
	for {
		header := make([]byte, 8)
		if _, err := io.ReadFull(l.client, header); err != nil {
			return err
		}
		message, err := rest(l.client, header, 0)
		if err != nil {
			return err
		}
		if binary.BigEndian.Uint32(header[4:]) == encryptionRequest {
			if _, err := l.client.Write([]byte{'N'}); err != nil {
				return err
			}
			continue
		}
		if !l.send(up, message) {
			return errCut
		}
		return nil
	}
}

func (l *link) fromClient(kind byte, body []byte) error {
	l.mu.Lock()
	cut, sql := l.cutNext, ""
	switch kind {
	case 'Q':
		sql = text(body)
	case 'P':
		name := text(body)
		l.statements[name] = text(body[len(name)+1:])
	case 'B':
		portal := text(body)
		sql = l.statements[text(body[len(portal)+1:])]
	}
	l.mu.Unlock()
	if cut || l.proxy.reached(Message) || strings.EqualFold(sql, "COMMIT") && l.proxy.reached(CommitAsked) {
		return errCut
	}
	return nil
}

func (l *link) fromServer(kind byte, body []byte) error {
	switch kind {
	case 'C':
		if text(body) == "COMMIT" && l.proxy.reached(CommitDone) {
			return errCut
		}
	case 'Z':
		l.mu.Lock()
		defer l.mu.Unlock()
		before := l.status
		l.status = body[0]
		if before == 'I' && l.status == 'T' && l.proxy.reached(Begun) {
			l.cutNext = true
		}
	}
	return nil
}

// text is what comes before the first zero byte.
func text(body []byte) string {
	if end := bytes.IndexByte(body, 0); end >= 0 {
		return string(body[:end])
	}
	return string(body)
}
